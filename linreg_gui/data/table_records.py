"""A table's beginning as records: lines taken apart into cells, before a library reads it all."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from linreg_gui.data.table_cells import looks_numeric

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
