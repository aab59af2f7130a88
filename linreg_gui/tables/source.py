"""Where a table comes from, and its rows in chunks as the readers of every format yield them."""

import gzip
import io
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from linreg_gui.tables.dialect import HEAD_BYTES, Dialect
from linreg_gui.tables.encoding import (
    TableError,
    WrongEncodingError,
    damaged,
    wrong_encoding,
)
from linreg_gui.tables.layout import Layout
from linreg_gui.texts import reason_of, tr


class TableSource:
    """A file, its bytes, or pasted text."""

    def __init__(self, source: Path | bytes | str) -> None:
        self.name = source.name if isinstance(source, Path) else ""
        self._path = source if isinstance(source, Path) else None
        text = source.encode("utf-8", "replace") if isinstance(source, str) else source
        self._content = text if isinstance(text, bytes) else b""
        self._is_pasted = isinstance(source, str)

    def head(self) -> bytes:
        """Return the first `HEAD_BYTES`.

        Raises
        ------
        TableError
            If the file cannot be opened, or is empty.
        """
        with self.open() as raw:
            head = raw.read(HEAD_BYTES)
        if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            what = tr("the clipboard") if self._is_pasted else tr("the file")
            raise TableError(tr("Nothing to read: {what} is empty.").format(what=what))
        return head

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the bytes; raise `TableError` if they cannot be read."""
        try:
            with self._open() as raw:
                yield raw
        except OSError as error:
            raise TableError(self._why_not_read(error)) from error

    def size(self) -> int:
        """Return the number of bytes."""
        return self._path.stat().st_size if self._path else len(self._content)

    def _open(self) -> BinaryIO:
        if self._path is None:
            return io.BytesIO(self._content)
        if self._path.exists() and not self._path.is_file() and not self._path.is_dir():
            raise OSError(tr("it is not a file"))  # a pipe or device may never end
        return self._path.open("rb")

    def _why_not_read(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            sentence = tr("There is no file “{name}”; it may have been moved.")
        elif isinstance(error, IsADirectoryError) or (self._path and self._path.is_dir()):
            sentence = tr("“{name}” is a folder; choose a file in it.")
        elif isinstance(error, PermissionError):
            sentence = tr("“{name}” may not be read by you; ask its owner, or copy it.")
        else:
            sentence = tr("“{name}” cannot be read: {reason}.")
        return sentence.format(name=self.name, reason=error.strerror or reason_of(error))


@contextmanager
def opened_text(raw: BinaryIO, dialect: Dialect) -> Iterator[io.TextIOWrapper]:
    """Decode what ``raw`` holds, whose position tells how far reading has come.

    Raises
    ------
    TableError
        While it is read: if the bytes do not fit the dialect.
    """
    unpacked = gzip.GzipFile(fileobj=raw) if dialect.gzip else raw
    # With line ends of one kind: pandas stumbles over mixed ones.
    text = io.TextIOWrapper(unpacked, _without_mark(dialect.encoding))
    try:
        yield text
    except UnicodeError as error:
        raise WrongEncodingError(wrong_encoding(dialect.encoding)) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TableError(damaged()) from error
    finally:
        text.detach()


def _without_mark(encoding: str) -> str:
    """Return the encoding that drops a byte order mark where there may be one."""
    return "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding


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
        The names of a workbook's sheets.
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
