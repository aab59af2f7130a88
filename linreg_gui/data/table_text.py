"""Reads tables written as text: with pandas or, if some rows are too long for it, row by row."""

import csv
import io
import itertools
import warnings
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, BinaryIO

from linreg_gui.data.dialect import Dialect, head_text
from linreg_gui.data.table_chunks import Chunk, Reading, as_chunk, chunk_of_rows, rows_per_chunk
from linreg_gui.data.table_errors import TableError
from linreg_gui.data.table_layout import lay_out
from linreg_gui.data.table_records import Record, lines_of, record_reader, split_records
from linreg_gui.data.table_source import TableSource, opened_text
from linreg_gui.texts import tr

if TYPE_CHECKING:
    import pandas as pd


class IrregularError(Exception):
    """Rows that pandas cannot read; `read_text` row by row can."""


def read_text(
    source: TableSource, head: bytes, dialect: Dialect, *, by_rows: bool = False
) -> Reading:
    """Return the table that ``source`` holds. By rows it takes five times as long.

    Its chunks raise `TableError` or, unless read by rows, `IrregularError`.
    """
    lines = lines_of(head_text(head, dialect))[dialect.skip :]
    found = list(split_records(lines, dialect.delimiter, dialect.quote))
    layout = lay_out([record for record, _ in found], has_header=dialect.has_header)
    above = dialect.skip + (found[0][1] if found and dialect.has_header else 0)
    read = _chunks_by_rows if by_rows else _chunks
    return Reading(dialect, layout, (), read(source, dialect, above, len(layout.names)))


def _chunks(source: TableSource, dialect: Dialect, above: int, width: int) -> Generator[Chunk]:
    with source.open() as raw, opened_text(raw, dialect) as text:
        _skip(text, above)
        for frame in _frames(text, dialect, width):
            is_missing = frame.isna().to_numpy()
            if not is_missing[:, width].all():
                raise IrregularError
            yield as_chunk(
                [frame[column].to_numpy() for column in range(width)],
                is_missing.all(axis=1),
                too_long=0,
                done=_share(raw, source),
            )


def _chunks_by_rows(
    source: TableSource, dialect: Dialect, above: int, width: int
) -> Generator[Chunk]:
    with source.open() as raw, opened_text(raw, dialect) as text:
        _skip(text, above)
        records = record_reader(text, dialect.delimiter, dialect.quote)
        while rows := _next_rows(records, rows_per_chunk(width)):
            yield chunk_of_rows(rows, width, _share(raw, source))


def _frames(text: io.TextIOWrapper, dialect: Dialect, width: int) -> Iterator["pd.DataFrame"]:
    import pandas as pd  # noqa: PLC0415 - takes a moment, which only who has data waits

    # Warns only that a first row is too long, and would drop what is too much.
    warnings.filterwarnings("error", category=pd.errors.ParserWarning)
    try:
        with pd.read_csv(
            text,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            quotechar=dialect.quote or '"',
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            decimal=dialect.decimal,
            skipinitialspace=True,
            header=None,
            names=range(width + 1),  # it does not see that a chunk's first row is too long
            index_col=False,
            na_values=[""],  # other marks are told apart, and named
            keep_default_na=False,
            float_precision="round_trip",  # pandas' own is faster, and wrong in the last digits
            low_memory=False,
            chunksize=rows_per_chunk(width),
        ) as reader:
            yield from reader
    except pd.errors.EmptyDataError:
        return
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        if "EOF inside string" in str(error):
            raise TableError(_open_quote()) from error
        raise IrregularError from error


def _next_rows(records: Iterator[Record], count: int) -> list[Record]:
    try:
        return list(itertools.islice(records, count))
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise TableError(_open_quote()) from error


def _skip(text: io.TextIOWrapper, lines: int) -> None:
    for _ in range(lines):
        text.readline()


def _share(raw: BinaryIO, source: TableSource) -> float:
    return min(raw.tell() / source.size(), 1.0)


def _open_quote() -> str:
    return tr("A quote is opened and never closed; close it, or choose to read without quotes.")
