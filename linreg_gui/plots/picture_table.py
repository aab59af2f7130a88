"""The numbers of a picture in a table, for everyone who wants to read or copy them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import FloatArray
from linreg_gui.number_text import (
    LARGEST,
    NOTHING,
    decimals_for,
    exact,
    fixed,
    round_to,
    significant,
    typed,
    whole,
)
from linreg_gui.texts import spreadsheet_cell, trn

_EXACT = 1e15
"""Below this, every whole number has a number in double precision."""

_COPIED_DIGITS = 9
"""Enough to tell any two numbers in single precision apart."""


@dataclass(frozen=True, eq=False)
class TableColumn:
    """A column of words or numbers. NaN stands for no number.

    Attributes
    ----------
    heading : str
        What its cells are.
    cells : sequence of str, or ndarray, shape (n,)
        From the first row to the last.
    write : callable
        Returns a number for people to read.
    """

    heading: str
    cells: Sequence[str] | npt.NDArray[Any]
    write: Callable[[float], str] = significant

    @property
    def is_numeric(self) -> bool:
        """Return whether the cells are numbers."""
        return isinstance(self.cells, np.ndarray)

    def shown(self, row: int) -> str:
        """Return a cell as it is read."""
        cell = self.cells[row]
        if isinstance(cell, str):
            return cell
        return NOTHING if math.isnan(cell) else self.write(float(cell))

    def copied(self, row: int) -> str:
        """Return a cell with the digits to copy, and with the marks of the program's language."""
        cell = self.cells[row]
        if isinstance(cell, str):
            return spreadsheet_cell(cell)
        return "" if math.isnan(cell) else typed(round_to(float(cell), _COPIED_DIGITS))


@dataclass(frozen=True, eq=False)
class PictureTable:
    """What a picture shows, as rows of words and numbers.

    Attributes
    ----------
    note : str
        What the rows are, and which are left out.
    columns : tuple of TableColumn
        All have the same number of cells.
    places : ndarray of int or None
        Where the examples in the rows stand among all of them; None if the rows are no examples.
    picked : ndarray of bool or None
        Which rows have picked examples.
    """

    note: str = ""
    columns: tuple[TableColumn, ...] = ()
    places: npt.NDArray[np.int64] | None = None
    picked: npt.NDArray[np.bool_] | None = None

    def with_columns(self, *columns: TableColumn) -> "PictureTable":
        """Return the table with ``columns`` after its own."""
        return replace(self, columns=(*self.columns, *columns))

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0].cells) if self.columns else 0

    @property
    def headings(self) -> list[str]:
        """Return what each column is."""
        return [column.heading for column in self.columns]


def counts(heading: str, values: npt.NDArray[Any]) -> TableColumn:
    """Return a column of whole numbers with grouped digits."""
    return TableColumn(heading, values, lambda count: whole(int(count)))


def numbers(heading: str, values: FloatArray) -> TableColumn:
    """Return a column of numbers: whole ones, or all with the decimals that suit the largest.

    If the largest is too large for that, as after a divergence, each has significant digits.
    """
    largest = float(np.max(np.abs(values), initial=0.0))
    if largest < _EXACT and not np.any(values % 1):
        return TableColumn(heading, values, exact)
    if largest >= LARGEST:
        return TableColumn(heading, values, lambda value: significant(value, 6))
    decimals = decimals_for(largest)
    return TableColumn(heading, values, lambda value: fixed(value, decimals))


def losses(heading: str, values: FloatArray) -> TableColumn:
    """Return a column of numbers of very different sizes."""
    return TableColumn(heading, values, lambda loss: significant(loss, 4))


def step_note(shown: int, total: int) -> str:
    """Say how many of the steps have a row."""
    if shown == total:
        return trn("All {total} step.", "All {total} steps.", total).format(total=whole(total))
    words = trn("{shown} of {total} step.", "{shown} of {total} steps.", total)
    return words.format(shown=whole(shown), total=whole(total))
