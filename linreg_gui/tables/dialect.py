"""How a table is written, detected from its beginning."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from linreg_gui.tables.bounds import MOST_LETTERS
from linreg_gui.tables.encoding import find_encoding
from linreg_gui.tables.fixed_width import FIXED, find_starts, split_fixed, word_counts
from linreg_gui.tables.formats import ZIP, refuse_other_formats
from linreg_gui.tables.layout import Record, count_preamble, find_header, has_numbers, usual_length
from linreg_gui.tables.number_formats import CellReader, MarkCounts, looks_numeric
from linreg_gui.tables.open_document import is_flat_document
from linreg_gui.tables.source import decode_head

if TYPE_CHECKING:
    import _csv

DELIMITERS = (",", "\t", ";", "|", " ")
"""The usual delimiters; a space stands for any run of spaces and tabs."""

RARE_DELIMITERS = (":", "^", "~")
"""They are detected only in text that none of the usual delimiters splits."""

MAX_RECORDS = 200
"""How many records detection looks at."""

csv.field_size_limit(MOST_LETTERS)

_LINE_END = re.compile(r"\r\n|\r|\n")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?")
_SPACES = re.compile(r"[ \t]+")
_SINGLE_QUOTED = re.compile(r"(?:^|[,;\t| \r\n])'[^'\r\n]*'(?=[,;\t| \r\n]|$)")


@dataclass(frozen=True)
class Dialect:
    """How a table is written; a person may correct each field.

    Attributes
    ----------
    is_workbook : bool
        Whether it is a workbook, of Excel or OpenDocument; if not, it is text.
    encoding : str
        Python's name.
    delimiter : str
        One character between cells, see `DELIMITERS`, or `FIXED`.
    starts : tuple of int
        Where the columns of a fixed width begin.
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
    hidden_rows : bool
        Whether to read a workbook's hidden rows too.
    hidden_columns : bool
        Whether to read its hidden columns too.
    missing : tuple of str
        Numbers and texts that stand for a missing value in this table.
    sums : bool
        Whether to read rows of sums or means at the end too.
    doubts : frozenset of str
        The fields that were detected without certainty.
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
    hidden_rows: bool = False
    hidden_columns: bool = False
    missing: tuple[str, ...] = ()
    sums: bool = True
    starts: tuple[int, ...] = ()
    doubts: frozenset[str] = field(default=frozenset(), compare=False)


def detect(head: bytes, name: str = "", **chosen: Any) -> Dialect:
    """Return the dialect of a file that begins with ``head``, its first `HEAD_BYTES` unpacked.

    ``chosen`` holds the fields that a person has corrected; the others follow from them. The
    rules are in `find_encoding`, `_find_delimiter` and `describe_rows`. A first line ``sep=;``
    decides the delimiter. For a workbook only `describe_rows` can tell, once its rows are read, and
    for a text only its last letter beyond ASCII, whether its encoding is certain.

    Raises
    ------
    TableError
        If this cannot be a table.
    """
    refuse_other_formats(head, name)
    if head.startswith(ZIP) or is_flat_document(head):
        return Dialect(is_workbook=True, **chosen)
    encoding = chosen.get("encoding") or find_encoding(head)
    text = decode_head(head, encoding)
    lines = lines_of(text)
    declared = _declared_delimiter(lines[0])
    skip = chosen.get("skip", 1 if declared else 0)
    quote = chosen.get("quote", _find_quote(text))
    delimiter = chosen.get("delimiter") or declared or _find_delimiter(lines[skip:], quote)
    written = Dialect(delimiter=delimiter, quote=quote)
    if delimiter == FIXED:
        starts = find_starts(lines[skip:][:MAX_RECORDS], is_sure=True)
        written = replace(written, starts=starts or (0,))  # without a gap it is one column
    elif delimiter == " " and "delimiter" not in chosen:
        written = _with_columns(lines[skip:], written)
    found = list(split_records(lines[skip:], written))
    records = [record for record, _ in found]
    ends = [0, *(end for _, end in found)]
    cells = [cell for record in records for cell in record]
    described, above = describe_rows(records, cells, delimiter, chosen)
    body = [(record, lines[skip + end - 1]) for record, end in found[above:]]
    doubts = {
        "delimiter": written.delimiter == FIXED
        or delimiter in RARE_DELIMITERS
        or (not declared and _may_be_single_numbers(body, delimiter)),
    }
    described["doubts"] |= {name for name, is_one in doubts.items() if is_one} - chosen.keys()
    return replace(
        written,
        encoding=encoding,
        skip=skip + ends[above],
        missing=chosen.get("missing", ()),
        sums=chosen.get("sums", True),
        **described,
    )


def describe_rows(
    records: Sequence[Record], texts: Iterable[str], delimiter: str, chosen: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Return ``decimal``, ``thousands``, ``has_header``, ``doubts``, and how many records to skip.

    ``records`` begin after the lines that a person has chosen to skip; ``texts`` are their cells
    that may be numbers. What is ``chosen`` stays, and the rest follows from it by the rules in
    `MarkCounts`, `count_preamble` and `find_header`.
    """
    marks = MarkCounts()
    marks.add(texts)
    decimal, thousands = marks.decide(delimiter, chosen.get("decimal"), chosen.get("thousands"))
    reader = CellReader(decimal, thousands)
    above = 0 if "skip" in chosen else count_preamble(records, reader)
    has_header, is_certain = find_header(list(filter(None, records[above:])), reader)
    doubts = {
        "has_header": not is_certain,
        "decimal": marks.leaves_doubt and "thousands" not in chosen,
        "skip": has_numbers(records[:above], reader),
    }
    return {
        "decimal": decimal,
        "thousands": thousands,
        "has_header": chosen.get("has_header", has_header),
        "doubts": frozenset(
            name for name, is_one in doubts.items() if is_one and name not in chosen
        ),
    }, above


def lines_of(text: str) -> list[str]:
    """Return the lines, with any of the three line ends."""
    return _LINE_END.split(text)


def split_records(lines: Sequence[str], dialect: Dialect) -> Iterator[tuple[Record, int]]:
    """Yield the first `MAX_RECORDS` that are not blank, each with the number of lines so far."""
    if dialect.delimiter == FIXED:
        cells = split_fixed(lines, dialect.starts)
        numbered = ((record, number) for number, record in enumerate(cells, start=1))
    else:
        reader = record_reader((line + "\n" for line in lines), dialect)
        numbered = ((record, reader.line_num) for record in reader)
    with suppress(csv.Error):  # a quote that is never closed: the records before it are enough
        for record, number in itertools.islice(
            (each for each in numbered if any(each[0])), MAX_RECORDS
        ):
            yield [cell.strip() for cell in record], number


def record_reader(lines: Iterable[str], dialect: Dialect) -> "_csv.Reader":
    """Return an iterator that splits lines, which have their ends, into cells.

    It raises ``csv.Error``.
    """
    if dialect.delimiter == " ":
        lines = (_SPACES.sub(" ", line).strip(" ").replace(" \n", "\n") for line in lines)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=True,
    )


def _declared_delimiter(line: str) -> str:
    declared = line.strip('"').removesuffix("\r")
    is_declaration = declared[:4].lower() == "sep=" and len(declared) == 5
    return declared[4] if is_declaration else ""


def _find_quote(text: str) -> str:
    """Return the double quote, unless the text has none and has cells in single quotes."""
    return "'" if '"' not in text and _SINGLE_QUOTED.search(text) else '"'


def _with_columns(lines: Sequence[str], dialect: Dialect) -> Dialect:
    """Return the dialect with columns of a fixed width if lines differ in their number of words.

    As few lines as possible stand above the table: a column may have cells in its first rows only.
    """
    found = list(split_records(lines, dialect))
    above = count_preamble([record for record, _ in found], CellReader(".", ","))
    ends = [0, *(end for _, end in found[:above])]
    if len(word_counts(lines[ends[-1] :][:MAX_RECORDS])) < 2:
        return dialect
    for end in ends:
        if starts := find_starts(lines[end:][:MAX_RECORDS]):
            return replace(dialect, delimiter=FIXED, starts=starts)
    return dialect


def _find_delimiter(lines: Sequence[str], quote: str) -> str:
    """Return the delimiter.

    It is the one that gives the most numbers, and the fewest texts that another delimiter would
    split, in records of the usual length. On a tie, one wins that splits the header as it splits
    the numbers: ``x`` above ``1,5`` is a single column. Then one that splits at all, then one
    that is not a space (``1 000<tab>2``), then one that makes more columns. Blanks would move
    values to the left where cells are empty, so they never split text that has a tab in most lines.
    """
    filled = [line for line in lines[:MAX_RECORDS] if line.strip()]
    has_tabs = sum("\t" in line.lstrip(" ") for line in filled) * 2 > len(filled)
    usual = [each for each in DELIMITERS if not (has_tabs and each == " ")]
    best = max(usual, key=lambda delimiter: _score(lines, delimiter, quote))
    if _splits(lines, best, quote):
        return best
    return next((each for each in RARE_DELIMITERS if _splits(lines, each, quote)), best)


def _splits(lines: Sequence[str], delimiter: str, quote: str) -> bool:
    """Return whether most lines have the same number of cells, more than one, and numbers."""
    records = [
        record for record, _ in split_records(lines, Dialect(delimiter=delimiter, quote=quote))
    ]
    length = usual_length(records)
    fitting = [record for record in records if len(record) == length]
    has_number = any(looks_numeric(cell) for record in fitting for cell in record)
    is_time = any(_TIME.fullmatch(line.strip()) for line in lines[:MAX_RECORDS])
    return (
        length > 1
        and len(fitting) * 2 > len(records)
        and has_number
        and not (delimiter == ":" and is_time)
    )


def _may_be_single_numbers(rows: Sequence[tuple[Record, str]], delimiter: str) -> bool:
    """Return whether the delimiter may be a mark within numbers: ``0,5`` or ``1 234`` in each row.

    Each row is given as a record and as its line. Only those of the usual length count.
    """
    length = usual_length([record for record, _ in rows])
    written = [line for record, line in rows if len(record) == length]
    return delimiter in ", " and length > 1 and all(map(looks_numeric, written))


def _score(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float | bool, ...]:
    dialect = Dialect(delimiter=delimiter, quote=quote)
    records = [record for record, _ in split_records(lines, dialect)]
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
