"""Reads tables written as text: a block of lines at a time, with pandas if no row is too long."""

import csv
import io
import itertools
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from linreg_gui.number_text import whole
from linreg_gui.tables.columns import Remark
from linreg_gui.tables.dialect import MAX_LETTERS, Dialect, lines_of, record_reader, split_records
from linreg_gui.tables.encoding import count_replaced, has_utf8_letters
from linreg_gui.tables.fixed_width import FIXED, split_fixed
from linreg_gui.tables.layout import Record
from linreg_gui.tables.number_formats import MarkCounts
from linreg_gui.tables.source import END_OF_FILE, TableError, TableSource, decode_head
from linreg_gui.tables.table import Table, TableBuilder
from linreg_gui.texts import tr

if TYPE_CHECKING:
    import pandas as pd


_COUNTED_LINES = 1000
_MOST_BLANK = 5_000_000


def read_text(source: TableSource, head: bytes, dialect: Dialect) -> Generator[float, None, Table]:
    """Yield the share that has been read after each chunk; raise `TableError`."""
    lines = lines_of(decode_head(head, dialect.encoding))[dialect.skip :]
    found = list(split_records(lines, dialect))
    builder = TableBuilder(dialect, [record for record, _ in found])
    named = dialect.has_header + builder.has_units
    above = dialect.skip + (found[named - 1][1] if found and named else 0)
    is_utf8 = dialect.encoding in {"utf-8", "utf-8-sig"} and has_utf8_letters(head)
    with source.open_text(dialect.encoding, "replace" if is_utf8 else "strict") as text:
        header = _lines(text, above)
        replaced = sum(map(count_replaced, header)) if is_utf8 else 0
        for block in _blocks(text, dialect, builder.chunk_rows):
            replaced += sum(map(count_replaced, block)) if is_utf8 else 0
            frame = _frame(block, dialect, builder.width)
            if frame is None:
                builder.add_rows(_records(block, dialect))
            else:
                builder.add_columns([frame[column].to_numpy() for column in frame])
            source.note_progress(builder.number_count)
            yield source.share_read()
    table = builder.finish()
    if not replaced:
        return table
    sentence = (
        tr("1 letter is not valid UTF-8 and is shown as “\ufffd”.")
        if replaced == 1
        else tr("{count} letters are not valid UTF-8 and are shown as “\ufffd”.").format(
            count=whole(replaced)
        )
    )
    return replace(table, remarks=(*table.remarks, Remark(sentence)))


def counting_marks(source: TableSource, dialect: Dialect) -> Generator[float, None, MarkCounts]:
    """Yield the share that has been read; return what all cells tell about the number marks."""
    counts = MarkCounts()
    with source.open_text(dialect.encoding, "replace") as text:
        _lines(text, dialect.skip)
        for number, block in enumerate(_blocks(text, dialect, _COUNTED_LINES)):
            source.note_progress(number)
            counts.add(dict.fromkeys(itertools.chain.from_iterable(_records(block, dialect))))
            yield source.share_read()
    return counts


def _blocks(text: io.TextIOWrapper, dialect: Dialect, size: int) -> Iterator[list[str]]:
    """Yield ``size`` lines at a time, and more if the last would end within a quoted cell."""
    blank = 0
    while block := _lines(text, size):
        blank = blank + len(block) if all(map(str.isspace, block)) else 0
        if blank > _MOST_BLANK:
            raise TableError(
                tr("The file has more than {most} blank lines in a row; remove them.").format(
                    most=whole(_MOST_BLANK)
                )
            )
        block[-1] = block[-1].rstrip(END_OF_FILE)
        while _ends_within_quotes(block, dialect):
            more = _lines(text, size)
            if not more:
                raise TableError(_open_quote())
            block += more
        yield block


def _lines(text: io.TextIOWrapper, size: int) -> list[str]:
    """Return the next lines; raise `TableError` if one is so long that it may never end."""
    limit = MAX_LETTERS + 1
    lines = list(itertools.islice(iter(partial(text.readline, limit), ""), size))
    if max(map(len, lines), default=0) == limit:
        raise TableError(
            tr("A line has more than {most} letters; this is not a table.").format(
                most=whole(MAX_LETTERS)
            )
        )
    return lines


def _ends_within_quotes(block: list[str], dialect: Dialect) -> bool:
    if dialect.delimiter == FIXED or not dialect.quote or dialect.quote not in "".join(block):
        return False
    # One more quote closes the open cell. If no cell is open, it becomes a row.
    last = deque(_records([*block, dialect.quote], dialect), maxlen=1).pop()
    return last != [""]


def _frame(block: list[str], dialect: Dialect, width: int) -> "pd.DataFrame | None":
    """Return the rows, five times as fast as `_records`; None if pandas would lose some cells."""
    import pandas as pd  # noqa: PLC0415 - takes a moment, and only reading a table needs it

    text = "".join(block)
    if dialect.delimiter == FIXED or "\0" in text:  # zero would end the cell there
        return None
    if _cells_in(block, dialect) > width:  # the first cells would become an index
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
            na_values=[""],  # other missing values are found later, and named
            keep_default_na=False,
            float_precision="round_trip",  # pandas' own is faster, and wrong in the last digits
            low_memory=False,
        )
        if not isinstance(frame.index, pd.RangeIndex):
            return None
        may_have_blank_rows = frame[width - 1].isna().any()
        return frame.dropna(how="all") if may_have_blank_rows else frame
    return None


def _cells_in(block: list[str], dialect: Dialect) -> int:
    """Return at least how many cells the first line has that is not blank."""
    first = next((line for line in block if not line.isspace()), "")
    return len(first.split()) if dialect.delimiter == " " else first.count(dialect.delimiter) + 1


def _records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    if dialect.delimiter == FIXED:
        yield from split_fixed(lines, dialect.starts)
        return
    try:
        yield from record_reader(lines, dialect)
    except csv.Error as error:  # a cell of more than `MAX_LETTERS`
        sentence = tr(
            "A cell has more than {most} letters; if a quote is opened and never closed, close it, "
            "or choose to read without quotes."
        )
        raise TableError(sentence.format(most=whole(MAX_LETTERS))) from error


def _open_quote() -> str:
    return tr("A quote is opened and never closed; close it, or choose to read without quotes.")
