"""How a table is written, detected from its beginning."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linreg_gui.tables.number_formats import CellReader, DataType, find_number_marks, looks_numeric
from linreg_gui.tables.source import TableError, decode_head, find_encoding, not_a_table
from linreg_gui.texts import tr

if TYPE_CHECKING:
    import _csv

DELIMITERS = (",", "\t", ";", "|", " ")
"""The delimiters that are detected; a space stands for any run of spaces and tabs."""

MAX_RECORDS = 200
"""How many records detection looks at."""

Record = list[str]

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")

_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile(r"[ \t]+")
_SINGLE_QUOTED = re.compile(r"(?:^|[,;\t| \r\n])'[^'\r\n]*'(?=[,;\t| \r\n]|$)")


@dataclass(frozen=True)
class Dialect:
    """How a table is written; a person may correct each field.

    Attributes
    ----------
    is_workbook : bool
        Whether it is an Excel workbook; if not, it is text.
    encoding : str
        Python's name.
    delimiter : str
        One character between cells, see `DELIMITERS`.
    quote : str
        The character around cells that contain a delimiter; empty if there is none.
    decimal, thousands : str
        The decimal mark, and the thousands separator, which may be empty. A space stands for all
        kinds of spaces.
    skip : int
        Lines (rows of a workbook) above the table.
    has_header : bool
        Whether the first row of the table names the columns.
    sheet : str
        Name of the workbook's sheet; empty for the first that can be used and is not hidden.
    """

    is_workbook: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    thousands: str = ""
    skip: int = 0
    has_header: bool = True
    sheet: str = ""


def detect(head: bytes, name: str = "", **chosen: Any) -> Dialect:
    """Return the dialect of a file that begins with ``head``, its first `HEAD_BYTES` unpacked.

    ``chosen`` holds the fields that a person has corrected; the others follow from them. The
    rules are in `find_encoding`, `_find_delimiter` and `describe_rows`. A first line ``sep=;``
    decides the delimiter. For a workbook only `describe_rows` can tell, once its rows are read.

    Raises
    ------
    TableError
        If this cannot be a table.
    """
    _refuse_other_formats(head, name)
    if head.startswith(_ZIP):
        return Dialect(is_workbook=True, **chosen)
    encoding = chosen.get("encoding") or find_encoding(head)
    text = decode_head(head, encoding)
    lines = lines_of(text)
    declared = _declared_delimiter(lines[0])
    skip = chosen.get("skip", 1 if declared else 0)
    quote = chosen.get("quote", _find_quote(text))
    delimiter = chosen.get("delimiter") or declared or _find_delimiter(lines[skip:], quote)
    found = list(split_records(lines[skip:], delimiter, quote))
    records = [record for record, _ in found]
    ends = [0, *(end for _, end in found)]
    cells = [cell for record in records for cell in record]
    described, above = describe_rows(records, cells, delimiter, chosen)
    return Dialect(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        skip=skip + ends[above],
        **described,
    )


def describe_rows(
    records: Sequence[Record], texts: Iterable[str], delimiter: str, chosen: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Return ``decimal``, ``thousands``, ``has_header``, and how many records to skip.

    ``records`` begin after the lines that a person has chosen to skip; ``texts`` are their cells
    that may be numbers. What is ``chosen`` stays, and the rest follows from it by the rules in
    `find_number_marks`, `_count_preamble` and `_is_header`.
    """
    decimal, thousands = find_number_marks(
        texts, delimiter, chosen.get("decimal"), chosen.get("thousands")
    )
    reader = CellReader(decimal, thousands)
    above = 0 if "skip" in chosen else _count_preamble(records, reader)
    has_header = chosen.get("has_header", _is_header(list(filter(None, records[above:])), reader))
    return {"decimal": decimal, "thousands": thousands, "has_header": has_header}, above


def lines_of(text: str) -> list[str]:
    """Return the lines, with any of the three line ends."""
    return _LINE_END.split(text)


def split_records(lines: Sequence[str], delimiter: str, quote: str) -> Iterator[tuple[Record, int]]:
    """Yield the first `MAX_RECORDS` that are not blank, each with the number of lines so far."""
    reader = record_reader((line + "\n" for line in lines), delimiter, quote)
    with suppress(csv.Error):  # a quote that is never closed: the records before it are enough
        for record in itertools.islice(filter(any, reader), MAX_RECORDS):
            yield [cell.strip() for cell in record], reader.line_num


def record_reader(lines: Iterable[str], delimiter: str, quote: str) -> "_csv.Reader":
    """Return an iterator that splits lines, which have their ends, into cells.

    It raises ``csv.Error``.
    """
    if delimiter == " ":
        lines = (_SPACES.sub(" ", line).strip(" ").replace(" \n", "\n") for line in lines)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=True,
    )


def usual_length(records: Sequence[Record]) -> int:
    """Return how many cells most records have; the larger number if there is a tie."""
    lengths = Counter(map(len, records))
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def without_hash(record: Record, length: int) -> Record:
    """Return a header without the ``#`` that some programs write before it."""
    if not record or not record[0].startswith("#"):
        return record
    first = record[0].lstrip("# ")
    return record[1:] if not first and len(record) > length else [first, *record[1:]]


def _refuse_other_formats(head: bytes, name: str) -> None:
    if head.startswith(_OLD_EXCEL):
        raise TableError(
            tr(
                "This workbook has a password or is in the old .xls format; save it without a "
                "password, as .xlsx or CSV."
            )
        )
    if head.startswith(_ZIP) and name.lower().endswith((".ods", ".zip", ".numbers", ".docx")):
        raise TableError(
            tr("“{name}” is not an Excel workbook; save the table as .xlsx or CSV.").format(
                name=name
            )
        )
    if head.startswith(_NO_TABLES):
        raise TableError(not_a_table())


def _declared_delimiter(line: str) -> str:
    declared = line.strip('"').removesuffix("\r")
    is_declaration = declared[:4].lower() == "sep=" and len(declared) == 5
    return declared[4] if is_declaration else ""


def _find_quote(text: str) -> str:
    """Return the double quote, unless the text has none and has cells in single quotes."""
    return "'" if '"' not in text and _SINGLE_QUOTED.search(text) else '"'


def _find_delimiter(lines: Sequence[str], quote: str) -> str:
    """Return the delimiter.

    It is the one that gives the most numbers, and the fewest texts that another delimiter would
    split, in records of the usual length. On a tie, one wins that splits the header as it splits
    the numbers: ``x`` above ``1,5`` is a single column. Then one that splits at all, then one
    that is not a space (``1 000<tab>2``), then one that makes more columns.
    """
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter, quote))


def _score(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float | bool, ...]:
    records = [record for record, _ in split_records(lines, delimiter, quote)]
    length = usual_length(records)
    if not length:
        return (0.0,)
    points = sum(
        _points(cell, delimiter) for record in records if len(record) == length for cell in record
    )
    numeric = next((i for i, each in enumerate(records) if any(map(looks_numeric, each))), 0)
    header_fits = numeric == 0 or len(records[numeric - 1]) == length
    share = round(points / (length * len(records)), 6)
    return share, header_fits, length > 1, delimiter != " ", length


def _points(cell: str, delimiter: str) -> float:
    if looks_numeric(cell):
        # "1,50 100,25" is more likely two decimal commas than three cells, one of them 50 100.
        return 0.5 if delimiter == "," and " " in cell else 1.0
    return (
        -1.0 if any(other in cell for other in DELIMITERS if other not in {delimiter, " "}) else 0
    )


def _count_preamble(records: Sequence[Record], cells: CellReader) -> int:
    """Return how many records stand above the table: titles, notes, comments.

    They have text or no numbers, and a different length than most. In spreadsheets, where all
    rows have the same length, they fill fewer cells. A line of text right above the numbers is a
    header even if it is one cell short, because some programs leave out the name of the row
    numbers or end rows with a comma. It is a header too if it is longer, or fills only two cells.
    """
    length = usual_length([record for record in records if record])
    usually_filled = usual_length([record[: _filled(record)] for record in records if record])
    for index, record in enumerate(records):
        if not record:
            continue
        data_types = _data_types(record, cells)
        is_above_numbers = any(
            DataType.NUMBER in _data_types(below, cells) for below in records[index + 1 : index + 2]
        )
        filled = _filled(record)
        if is_above_numbers:
            fits = len(record) >= length - 1 and filled >= min(usually_filled - 1, 2)
        else:
            fits = len(without_hash(record, length)) == length and filled >= usually_filled
        is_comment = record[0].startswith("#") and not is_above_numbers
        is_data = DataType.NUMBER in data_types and DataType.TEXT not in data_types
        if (fits and not is_comment) or is_data:
            return index
    return 0


def _is_header(records: Sequence[Record], cells: CellReader) -> bool:
    """Return whether the first record names the columns.

    It does if it has a text above numbers, or if it has text and there are no numbers below.
    """
    if not records:
        return False
    first, *below = [_data_types(record, cells) for record in records]
    numeric = {index for row in below for index, each in enumerate(row) if each is DataType.NUMBER}
    named = {index for index, each in enumerate(first) if each in {DataType.TEXT, DataType.DATE}}
    return bool(named & numeric) or (not numeric and DataType.TEXT in first)


def _filled(record: Record) -> int:
    """Return the number of cells up to the last that is not empty."""
    return max((index + 1 for index, cell in enumerate(record) if cell), default=0)


def _data_types(record: Record, cells: CellReader) -> list[DataType]:
    return [cells.read(cell).data_type for cell in record]
