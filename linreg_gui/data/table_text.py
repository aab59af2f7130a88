"""Reads tables written as text, with pandas."""

import csv
import io
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from linreg_gui.data.dialect import Dialect, head_text
from linreg_gui.data.table_chunks import Chunk, Reading, as_chunk, rows_per_chunk
from linreg_gui.data.table_errors import TableError
from linreg_gui.data.table_layout import lay_out
from linreg_gui.data.table_records import lines_of, split_records
from linreg_gui.data.table_source import TableSource, opened_text
from linreg_gui.texts import reason_of, tr

if TYPE_CHECKING:
    import pandas as pd

_SPARE = 2
"""Columns beyond the table's, in which rows that are too long are seen."""

_MOST_SPARE = 100
"""So many more cells than columns are a broken file: room for them would slow down all of it."""

_TOO_LONG = re.compile(r"Expected \d+ fields in line (\d+), saw (\d+)")


def read_text(source: TableSource, head: bytes, dialect: Dialect) -> Reading:
    """Return the table that ``source`` holds; its chunks raise `TableError`."""
    lines = lines_of(head_text(head, dialect))[dialect.skip :]
    found = list(split_records(lines, dialect.delimiter, dialect.quote))
    records = [record for record, _ in found]
    layout = lay_out(records, has_header=bool(dialect.has_header))
    header_lines = found[0][1] if found and dialect.has_header else 0
    chunks = _chunks(source, dialect, len(layout.names), dialect.skip + header_lines)
    return Reading(dialect, layout, (), chunks)


def _chunks(source: TableSource, dialect: Dialect, width: int, above: int) -> Generator[Chunk]:
    """Yield the rows; begin anew, with more room, at a row that is longer than was thought."""
    spare = _SPARE
    delivered = 0
    while spare:
        passed = 0
        try:
            for frame, done in _parsed(source, dialect, above, width + spare):
                passed += len(frame)
                if passed > delivered:
                    yield _chunk(frame[delivered - passed :], width, done)
                    delivered = passed
            spare = 0
        except TableError:
            raise
        except ValueError as error:
            spare = _wider(error, width, above)


def _parsed(
    source: TableSource, dialect: Dialect, above: int, room: int
) -> Iterator[tuple["pd.DataFrame", float]]:
    """Yield rows, each as ``room`` cells, and the share of the file that has been read."""
    with source.open() as raw, opened_text(raw, dialect) as text:
        for _ in range(above):
            text.readline()
        for frame in _frames(text, dialect, room):
            yield frame, min(raw.tell() / source.size(), 1.0)


def _frames(text: io.TextIOWrapper, dialect: Dialect, room: int) -> Iterator["pd.DataFrame"]:
    import pandas as pd  # noqa: PLC0415 - takes a moment, which only who has data waits

    try:
        reader = pd.read_csv(
            text,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            quotechar=dialect.quote or '"',
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            decimal=dialect.decimal,
            skipinitialspace=True,
            header=None,
            names=range(room),
            index_col=False,
            na_values=[""],  # other marks are told apart, and named
            keep_default_na=False,
            float_precision="round_trip",  # pandas' own is faster, and wrong in the last digits
            low_memory=False,
            chunksize=rows_per_chunk(room),
        )
    except pd.errors.EmptyDataError:
        return
    with reader:
        yield from reader


def _chunk(frame: "pd.DataFrame", width: int, done: float) -> Chunk:
    is_missing = frame.isna().to_numpy()
    return as_chunk(
        [frame[column].to_numpy() for column in range(width)],
        ~is_missing[:, width:].all(axis=1),
        is_missing.all(axis=1),
        done,
    )


def _wider(error: ValueError, width: int, above: int) -> int:
    """Return how many spare columns the row needs that did not fit, or raise `TableError`."""
    match = _TOO_LONG.search(str(error))
    if match is None:
        raise TableError(_why_not_read(error)) from error
    spare = int(match[2]) - width
    if spare > _MOST_SPARE:
        raise TableError(
            tr(
                "Line {line:,} has {count:,} cells; correct it, or choose another delimiter."
            ).format(line=above + int(match[1]), count=int(match[2]))
        ) from error
    return min(2 * spare, _MOST_SPARE)


def _why_not_read(error: ValueError) -> str:
    if "EOF inside string" in str(error):
        return tr("A quote is opened and never closed; close it, or choose to read without quotes.")
    return tr("The table cannot be read: {reason}.").format(reason=reason_of(error))
