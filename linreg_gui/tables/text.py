"""Reads tables written as text: a block of lines at a time, with pandas if no row is too long."""

import csv
import io
import itertools
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from linreg_gui.tables.dialect import Dialect, head_text
from linreg_gui.tables.encoding import TableError
from linreg_gui.tables.layout import Record, lay_out, lines_of, record_reader, split_records
from linreg_gui.tables.source import (
    Chunk,
    Reading,
    TableSource,
    as_chunk,
    chunk_of_rows,
    opened_text,
    rows_per_chunk,
)
from linreg_gui.texts import tr

if TYPE_CHECKING:
    import pandas as pd


def read_text(source: TableSource, head: bytes, dialect: Dialect) -> Reading:
    """Return the table that ``source`` holds; its chunks raise `TableError`."""
    lines = lines_of(head_text(head, dialect))[dialect.skip :]
    found = list(split_records(lines, dialect.delimiter, dialect.quote))
    layout = lay_out(
        [record for record, _ in found], has_header=dialect.has_header, may_lack_first=True
    )
    above = dialect.skip + (found[0][1] if found and dialect.has_header else 0)
    return Reading(dialect, layout, (), _chunks(source, dialect, above, len(layout.names)))


def _chunks(source: TableSource, dialect: Dialect, above: int, width: int) -> Generator[Chunk]:
    with source.open() as raw, opened_text(raw, dialect) as text:
        for _ in range(above):
            text.readline()
        for block in _blocks(text, dialect, rows_per_chunk(width)):
            done = min(raw.tell() / source.size(), 1.0)
            yield _chunk(block, dialect, width, done)


def _blocks(text: Iterator[str], dialect: Dialect, size: int) -> Iterator[list[str]]:
    """Yield ``size`` lines at a time, and more where the last would end within a quoted cell."""
    while block := list(itertools.islice(text, size)):
        while _ends_within_quotes(block, dialect):
            more = list(itertools.islice(text, size))
            if not more:
                raise TableError(_open_quote())
            block += more
        yield block


def _ends_within_quotes(block: list[str], dialect: Dialect) -> bool:
    if not dialect.quote or not any(dialect.quote in line for line in block):
        return False
    # One more quote closes the cell, or else is a row of its own.
    last = deque(_records([*block, dialect.quote], dialect), maxlen=1).pop()
    return last != [""]


def _chunk(block: list[str], dialect: Dialect, width: int, done: float) -> Chunk:
    frame = _frame("".join(block), dialect, width)
    if frame is None:
        return chunk_of_rows(list(_records(block, dialect)), width, done)
    columns = [frame[column].to_numpy() for column in range(width)]
    return as_chunk(columns, frame.isna().to_numpy().all(axis=1), too_long=0, done=done)


def _frame(text: str, dialect: Dialect, width: int) -> "pd.DataFrame | None":
    """Return the rows; None if pandas would lose some of a row. It is five times as fast."""
    import pandas as pd  # noqa: PLC0415 - takes a moment, which only who has data waits

    if "\0" in text:  # it would end the cell there
        return None
    with suppress(pd.errors.ParserError):  # a row is too long
        frame = pd.read_csv(
            io.StringIO(text),
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            quotechar=dialect.quote or '"',
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            decimal=dialect.decimal,
            skipinitialspace=True,
            header=None,
            names=range(width),
            na_values=[""],  # other marks are told apart, and named
            keep_default_na=False,
            float_precision="round_trip",  # pandas' own is faster, and wrong in the last digits
            low_memory=False,
        )
        # Of a first row that is too long the first cells become an index.
        return frame if isinstance(frame.index, pd.RangeIndex) else None
    return None


def _records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    try:
        yield from record_reader(lines, dialect.delimiter, dialect.quote)
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise TableError(_open_quote()) from error


def _open_quote() -> str:
    return tr("A quote is opened and never closed; close it, or choose to read without quotes.")
