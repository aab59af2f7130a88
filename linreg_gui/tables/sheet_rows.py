"""The rows of a sheet, as they are found in its file, without what is hidden."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from linreg_gui.number_text import whole
from linreg_gui.tables.bounds import KEPT_LETTERS, MOST_BYTES, MOST_ROWS, MOST_SHEET_COLUMNS
from linreg_gui.tables.package import FlatPackage, Package, XmlReader
from linreg_gui.tables.source import TableError
from linreg_gui.texts import tr

NumberedRow = tuple[int, list[Any]]
"""The number of a row in its sheet, from 1, and its cells; the number of an empty row is 0."""


class Hidden(NamedTuple):
    """Whether to read what is hidden in a workbook."""

    rows: bool = False
    columns: bool = False


class SheetRows:
    """Takes in the cells of a sheet, row by row.

    Attributes
    ----------
    percents : Counter of int
        How many numbers of a column, by its index, are shown as percent.
    empty_formulas : int
        Formulas without a stored result.
    hidden_rows : int
        Hidden rows that were left out and are not empty.
    hidden_columns : set of int
        Hidden columns that were left out and are not empty.
    """

    def __init__(self, wanted: Hidden) -> None:
        self.percents: Counter[int] = Counter()
        self.empty_formulas = 0
        self.hidden_rows = 0
        self.hidden_columns: set[int] = set()
        self._wanted = wanted
        self._is_hidden = bytearray(MOST_SHEET_COLUMNS)
        self._hides_columns = False
        self._done: list[NumberedRow] = []
        self._number = 0
        self._blank = 0
        self._is_left_out = False
        self._row: list[Any] = []

    def hide_columns(self, first: int, last: int) -> None:
        """Note that the columns with these indices are hidden."""
        if not self._wanted.columns:
            columns = range(max(first, 0), min(last, MOST_SHEET_COLUMNS - 1) + 1)
            self._is_hidden[columns.start : columns.stop] = bytes([True]) * len(columns)
            self._hides_columns = True

    def begin(self, number: int, *, is_hidden: bool) -> None:
        """Begin the row with this number, from 1; those before it that did not come are empty."""
        self._blank += number - self._number - 1
        self._number = number
        self._is_left_out = is_hidden and not self._wanted.rows
        self._row = []

    def put(self, column: int, value: Any, *, count: int = 1, is_percent: bool = False) -> None:
        """Put a value into ``count`` cells of the row, which usually come from left to right."""
        if value is None or value == "":
            return
        if column + count > MOST_SHEET_COLUMNS:
            raise TableError(_too_large())
        if self._hides_columns:
            hidden = [i for i in range(column, column + count) if self._is_hidden[i]]
            if not self._is_left_out:
                self.hidden_columns.update(hidden)
            column -= self._is_hidden.count(True, 0, column)
            count -= len(hidden)
        if isinstance(value, str) and len(value) > KEPT_LETTERS:
            value = f"{value[:KEPT_LETTERS]}…"  # which is no number, whatever it was
        self._row += [None] * (column - len(self._row)) if count else []
        self._row[column : column + count] = [value] * count
        if is_percent and not self._is_left_out:
            self.percents.update(range(column, column + count))

    def end(self, count: int = 1) -> None:
        """End the row, which stands there this number of times."""
        first, self._number = self._number, self._number + count - 1
        if self._row and self._number > MOST_ROWS:
            raise TableError(_too_large())
        if self._row and self._is_left_out:
            self.hidden_rows += count
        elif not self._is_left_out and not self._row:
            self._blank += count
        elif self._row:
            self._done += [(0, [])] * self._blank
            self._blank = 0
            self._done += [(number, self._row) for number in range(first, first + count)]

    def take(self) -> list[NumberedRow]:
        """Return the rows that have come since the last call, up to the last that is not empty."""
        done, self._done = self._done, []
        return done


class Sheet:
    """A sheet of a workbook in a part of its file. A subclass knows what the part says.

    Attributes
    ----------
    share : float
        Which share has been read, 0 to 1.
    found : SheetRows
        What was found.
    """

    _reader: XmlReader
    """Passes on what the part says, to `found`."""

    def __init__(self, package: Package | FlatPackage, part: str, wanted: Hidden) -> None:
        self.share = 0.0
        self.found = SheetRows(wanted)
        self._package = package
        self._part = part
        self._is_over = False

    def rows(self) -> Iterator[NumberedRow]:
        """Yield the cells of each row without the empty ones at its end."""
        for share in self._package.parse(self._part, self._reader, MOST_BYTES):
            self.share = share
            yield from self.found.take()
            if self._is_over:
                return


def number_in(text: str) -> float:
    """Return the number, whole if it is written so and has no more digits than a spreadsheet."""
    return int(text) if text.isdecimal() and len(text) < 16 else float(text)


def _too_large() -> str:
    sentence = tr(
        "A sheet has at most {rows} rows and {columns} columns, and this one has more; "
        "save it again as .xlsx or CSV."
    )
    return sentence.format(rows=whole(MOST_ROWS), columns=whole(MOST_SHEET_COLUMNS))
