"""What the readers of every kind of file hand on: a table's layout, then its rows in chunks."""

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dialect import Dialect
from linreg_gui.data.table_layout import Layout

CELLS_PER_CHUNK = 40_000
"""A chunk takes some 15 ms. The more, the longer Python's lock is held for its texts."""

Cells = npt.NDArray[Any]
"""Of one column: numbers, truth values, or objects of which some are missing."""


class Chunk(NamedTuple):
    """Consecutive rows.

    Attributes
    ----------
    columns : list of ndarray, shape (rows,)
    too_long : int
        Rows that were left out, because they have more cells than the table has columns.
    done : float
        The share of the file that has been read, 0 to 1.
    """

    columns: list[Cells]
    too_long: int
    done: float


class Reading(NamedTuple):
    """A table that is being read.

    Attributes
    ----------
    dialect : Dialect
        With nothing left open.
    sheets : tuple of str
        What a workbook has.
    chunks : generator of Chunk
        To be closed.
    """

    dialect: Dialect
    layout: Layout
    sheets: tuple[str, ...]
    chunks: Generator[Chunk]


def rows_per_chunk(columns: int) -> int:
    """Return how many rows make a chunk."""
    return max(1, CELLS_PER_CHUNK // max(columns, 1))


def as_chunk(columns: list[Cells], is_blank: Cells, too_long: int, done: float) -> Chunk:
    """Return the chunk without the rows that hold nothing."""
    if is_blank.any():
        columns = [cells[~is_blank] for cells in columns]
    return Chunk(columns, too_long, done)


def chunk_of_rows(rows: Sequence[Sequence[object]], width: int, done: float) -> Chunk:
    """Return rows of cells as columns, and leave out those that are too long."""
    fitting = [row[:width] for row in rows if _is_blank(row[width:])]
    cells = np.full((len(fitting), width), None, dtype=object)
    for index, row in enumerate(fitting):
        cells[index, : len(row)] = row
    is_blank = np.array([_is_blank(row) for row in fitting], dtype=bool)
    return as_chunk(list(cells.T), is_blank, len(rows) - len(fitting), done)


def _is_blank(row: Sequence[object]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)
