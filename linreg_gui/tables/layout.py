"""Lines split into records, and where the header and the examples are among them."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linreg_gui.number_text import whole
from linreg_gui.tables.cells import CellReader, Meaning, looks_numeric, shortened
from linreg_gui.tables.encoding import TableError
from linreg_gui.texts import tr

if TYPE_CHECKING:
    import _csv


DELIMITERS = (",", "\t", ";", "|", " ")
"""What may part the cells; a blank stands for any run of blanks and tabs."""

MOST_RECORDS = 200
"""How many records detection looks at."""

Record = list[str]

_LINE_END = re.compile(r"\r\n|\r|\n")
_RUN_OF_BLANKS = re.compile(r"[ \t]+")
_SINGLE_QUOTED = re.compile(r"(?:^|[,;\t| \r\n])'[^'\r\n]*'(?=[,;\t| \r\n]|$)")


def lines_of(text: str) -> list[str]:
    """Return the lines, whichever of the three line ends they have."""
    return _LINE_END.split(text)


def split_records(
    lines: Sequence[str], delimiter: str, quote: str, most: int = MOST_RECORDS
) -> Iterator[tuple[Record, int]]:
    """Yield records that are not blank, each with the number of lines up to its end."""
    reader = record_reader((line + "\n" for line in lines), delimiter, quote)
    with suppress(csv.Error):  # a quote that is never closed: what came before will do
        for record in reader:
            if any(record):
                yield [cell.strip() for cell in record], reader.line_num
                most -= 1
            if not most:
                return


def record_reader(lines: Iterable[str], delimiter: str, quote: str) -> "_csv.Reader":
    """Return what takes lines with their ends apart; raises ``csv.Error``."""
    if delimiter == " ":
        lines = (_RUN_OF_BLANKS.sub(" ", line).strip(" ").replace(" \n", "\n") for line in lines)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=True,
    )


def find_quote(text: str) -> str:
    """Return the double quote, unless there is none and cells stand in single ones."""
    return "'" if '"' not in text and _SINGLE_QUOTED.search(text) else '"'


def find_delimiter(lines: Sequence[str], quote: str) -> str:
    """Return what parts the cells.

    The delimiter wins that leaves the most numbers and the fewest texts which another one would
    part, in records of the usual length. Of equals, one that parts the header as it parts the
    numbers wins: ``x`` above ``1,5`` is a single column. Then one that parts at all, one that is
    no blank (``1 000<tab>2``), and one that makes more columns.
    """
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter, quote))


def usual_length(records: Sequence[Record]) -> int:
    """Return how many cells most records have; of equals, the more."""
    lengths = Counter(map(len, records))
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


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
        # "1,50 100,25" is rather two decimal commas than three cells, one of them 50 100.
        return 0.5 if delimiter == "," and " " in cell else 1.0
    return (
        -1.0 if any(other in cell for other in DELIMITERS if other not in {delimiter, " "}) else 0
    )


MAX_COLUMNS = 1000
"""More than anyone can choose from."""

_LONGEST_NAME = 80


@dataclass(frozen=True)
class Layout:
    """What the first records tell of a table.

    Attributes
    ----------
    names : tuple of str
        One for each column, no two the same.
    sample : tuple of list of str
        The first rows, cell by cell as they are written.
    """

    names: tuple[str, ...]
    sample: tuple[Record, ...]


def count_preamble(records: Sequence[Record], cells: CellReader) -> int:
    """Return how many records stand above the table: titles, notes, comments.

    They have text or no numbers, and another length than most, or fill fewer cells, as
    spreadsheets make all rows equally long. A line of text right above the numbers is a header
    even if it is one cell short, as programs leave out the name of row numbers or end rows with a
    comma, or if it is longer, or fills but two cells.
    """
    length = usual_length([record for record in records if record])
    usually_filled = usual_length([record[: _filled(record)] for record in records if record])
    for index, record in enumerate(records):
        if not record:
            continue
        is_above_numbers = any(
            Meaning.NUMBER in _meanings(below, cells) for below in records[index + 1 : index + 2]
        )
        filled = _filled(record)
        if is_above_numbers:
            fits = len(record) >= length - 1 and filled >= min(usually_filled - 1, 2)
        else:
            fits = len(_without_hash(record, length)) == length and filled >= usually_filled
        is_comment = record[0].startswith("#") and not is_above_numbers
        meanings = _meanings(record, cells)
        is_data = Meaning.NUMBER in meanings and Meaning.TEXT not in meanings
        if (fits and not is_comment) or is_data:
            return index
    return 0


def is_header(records: Sequence[Record], cells: CellReader) -> bool:
    """Return whether the first record names the columns.

    It does if it has a text where there are numbers below, or text and no numbers anywhere below.
    """
    if not records:
        return False
    first = [cells.read(cell).meaning for cell in records[0]]
    below = [[cells.read(cell).meaning for cell in record] for record in records[1:]]
    numeric = {
        column
        for record in below
        for column, meaning in enumerate(record)
        if meaning is Meaning.NUMBER
    }
    named = {
        column for column, meaning in enumerate(first) if meaning in {Meaning.TEXT, Meaning.DATE}
    }
    return bool(named & numeric) or (not numeric and Meaning.TEXT in first)


def lay_out(records: Sequence[Record], *, has_header: bool, may_lack_first: bool) -> Layout:
    """Return the columns of a table that begins with ``records``.

    A header that is a cell short lacks its last or, if that may be, its first one: many programs
    write no name above row numbers.

    Raises
    ------
    TableError
        If it has more than `MAX_COLUMNS`.
    """
    rows = records[has_header:]
    length = usual_length(rows)
    header = _without_hash(records[0], length) if has_header and records else []
    width = max(length, len(header), 1)
    if width > MAX_COLUMNS:
        raise TableError(
            tr("The table has {count} columns; at most {most} can be read.").format(
                count=whole(width), most=whole(MAX_COLUMNS)
            )
        )
    is_short = len(header) == length - 1 and any(row[-1] for row in rows if len(row) == length)
    if may_lack_first and is_short:
        header = ["", *header]
    return Layout(_distinct_names(header, width), tuple(rows))


def _filled(record: Record) -> int:
    """Return the number of cells up to the last that is not empty."""
    return max((index + 1 for index, cell in enumerate(record) if cell), default=0)


def _meanings(record: Record, cells: CellReader) -> set[Meaning]:
    return {cells.read(cell).meaning for cell in record}


def _without_hash(record: Record, length: int) -> Record:
    """Return a header without the ``#`` that some programs begin it with."""
    if not record or not record[0].startswith("#"):
        return record
    first = record[0].lstrip("# ")
    return record[1:] if not first and len(record) > length else [first, *record[1:]]


def _distinct_names(header: Record, width: int) -> tuple[str, ...]:
    names: list[str] = []
    given_names = [shortened(name, _LONGEST_NAME) for name in header]
    for index in range(width):
        given = given_names[index] if index < len(header) else ""
        base = given or tr("column {number}").format(number=index + 1)
        name, copy = base, 1
        while name in names or (name in given_names and name != given):
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return tuple(names)
