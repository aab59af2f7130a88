"""Tables as CSV: exact numbers for programs, or written as the spreadsheets of a country read them.

Words that a spreadsheet would run as a formula are defused in both.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from linreg_gui.number_text import FIGURE_SPACE, NOTHING, with_point
from linreg_gui.texts import spreadsheet_cell

_CELLS_AT_ONCE = 3_000
"""Some milliseconds' worth."""

_WRITTEN_NUMBER = re.compile(r"[-−+]?[\d.,' \u00a0\u202f]*\d(?:[eE][-+]?\d+)?")
_SHOWN_NUMBER = re.compile(r"[-−+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:e[-−]?\d+)?")

Cell = str | int | float | None
"""None and NaN stand for nothing."""


class Verbatim(str):
    """A cell of a file of others: nobody knows yet which mark its numbers have."""


@dataclass(frozen=True)
class CsvDialect:
    """How a table is written. All numbers have the digits that read back as the same numbers.

    Attributes
    ----------
    decimal, delimiter : str
        The decimal mark, and what separates cells.
    encoding : str
        Of the text; spreadsheets need a mark at its beginning to see that it is UTF-8.
    """

    decimal: str = "."
    delimiter: str = ","
    encoding: str = "utf-8"


EXACT = CsvDialect()
"""For programs, in any country."""


def spreadsheet_dialect(decimal: str) -> CsvDialect:
    """Return what spreadsheets read where this is the decimal mark; a comma cannot separate too."""
    return CsvDialect(decimal, ";" if decimal == "," else ",", "utf-8-sig")


class CsvFile:
    """A table that is written column by column, some rows at a time.

    Parameters
    ----------
    file : Path
        Is made, or overwritten.
    headings : iterable of str
        One for each column.
    dialect : CsvDialect
        How it is written.

    Raises
    ------
    OSError
        From every method, if the file cannot be written.
    """

    def __init__(self, file: Path, headings: Iterable[str], dialect: CsvDialect = EXACT) -> None:
        self._dialect = dialect
        self._file = file.open("w", encoding=dialect.encoding, newline="")
        self._table = csv.writer(self._file, delimiter=dialect.delimiter, lineterminator="\n")
        self._table.writerow(map(spreadsheet_cell, headings))

    def write(self, *columns: npt.NDArray[Any] | Sequence[Cell]) -> None:
        """Write the next rows: the cells of each column, equally many."""
        texts = (self._texts(column) for column in columns)
        self._table.writerows(zip(*texts, strict=True))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _texts(self, column: npt.NDArray[Any] | Sequence[Cell]) -> Iterable[str]:
        if not isinstance(column, np.ndarray):
            return [_written(cell, self._dialect.decimal) for cell in column]
        # NumPy's numbers know their precision: this is the shortest text that reads back.
        texts: Iterable[str] = map(str, column)
        if self._dialect.decimal != ".":
            texts = (text.replace(".", self._dialect.decimal) for text in texts)
        if np.isnan(column).any():
            texts = ("" if text == "nan" else text for text in texts)
        return texts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def pieces(rows: int, columns: int) -> Iterator[slice]:
    """Yield slices of ``rows``, one after the other, each written in some milliseconds."""
    at_once = max(1, _CELLS_AT_ONCE // columns)
    for first in range(0, rows, at_once):
        yield slice(first, min(first + at_once, rows))


def write_table(file: Path, rows: Sequence[Sequence[Cell]], dialect: CsvDialect = EXACT) -> None:
    """Write a small table; its first row are the headings.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    headings, *others = rows
    with CsvFile(file, map(str, headings), dialect) as table:
        table.write(*zip(*others, strict=True))


def copied_cell(shown: Cell, decimal: str) -> str:
    """Return a cell, perhaps as it is on screen, as another program reads it.

    Numbers have this decimal mark and no groups, and words are no formula.
    """
    if not isinstance(shown, str):
        return _written(shown, decimal)
    if isinstance(shown, Verbatim) and _WRITTEN_NUMBER.fullmatch(shown):
        return shown
    bare = shown.strip(FIGURE_SPACE)
    if bare == NOTHING:
        return ""
    number = with_point(bare)
    if _SHOWN_NUMBER.fullmatch(number) and not isinstance(shown, Verbatim):
        return number.replace(",", "").replace("−", "-").replace(".", decimal).removeprefix("+")
    return spreadsheet_cell(" ".join(bare.split()))


def _written(cell: Cell, decimal: str) -> str:
    if isinstance(cell, str):
        return spreadsheet_cell(cell)
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    return str(cell).replace(".", decimal)
