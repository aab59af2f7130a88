"""Reads tables written as text: a block of lines at a time, with pandas if no row is too long."""

import csv
import io
import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.number_text import whole
from linreg_gui.tables.bounds import MOST_LETTERS, MOST_LINES, too_long_line, too_many_lines
from linreg_gui.tables.columns import Cells, Remark
from linreg_gui.tables.dialect import Dialect, lines_of, record_reader, split_records
from linreg_gui.tables.encoding import (
    count_replaced,
    encodings,
    has_utf8_letters,
    other_encodings,
    words_in,
)
from linreg_gui.tables.exact_numbers import is_exact, plain_numbers
from linreg_gui.tables.fixed_width import FIXED, split_fixed
from linreg_gui.tables.layout import Record
from linreg_gui.tables.number_formats import MarkCounts
from linreg_gui.tables.recoding import Letters
from linreg_gui.tables.source import END_OF_FILE, StoppedError, TableError, TableSource, decode_head
from linreg_gui.tables.table import Table, TableBuilder
from linreg_gui.tables.thousands import without_thousands
from linreg_gui.texts import tr, trn

if TYPE_CHECKING:
    import pandas as pd


_CELLS_IN_BLOCK = 2_000_000
"""They take 16 MB. An ordinary block has a tenth of them."""


def read_text(
    source: TableSource, head: bytes, dialect: Dialect, *, finds_encoding: bool
) -> Generator[float, None, Table]:
    """Yield the share that has been read after each block; raise `TableError`.

    If ``finds_encoding``, the encoding is not certain unless it is Unicode, and letters after the
    ``head`` may still tell another one if there are none in it.
    """
    beginning = lines_of(decode_head(head, dialect.encoding))[dialect.skip :]
    found = list(split_records(beginning, dialect))
    builder = TableBuilder(dialect, [record for record, _ in found])
    named = dialect.has_header + builder.has_units
    above = dialect.skip + (found[named - 1][1] if found and named else 0)
    letters = Letters()
    with _opened(source, head, dialect.encoding, letters if finds_encoding else None) as text:
        replaced = sum(map(count_replaced, _first_lines(text, above)))
        blocks = _blocks(text, dialect, builder.width, partial(_frame, builder, dialect))
        for lines, block, frame in blocks:
            places = range(above + lines.start + 1, above + lines.stop + 1)
            replaced += 0 if block.isascii() else count_replaced(block)
            if frame is None:
                fitting = _fitting_rows(builder, dialect, block, places.start)
            else:
                fitting = _with_places(frame, block, dialect, places)
            if fitting is None:
                builder.add_rows(_numbered(block, dialect, places.start))
            else:
                builder.add_columns(*_filled(*fitting, block, places.start, dialect))
            source.note_progress(builder.number_count)
            yield source.share_read()
    return _with_encoding(builder.finish(), letters, replaced)


def _opened(
    source: TableSource, head: bytes, encoding: str, letters: Letters | None
) -> AbstractContextManager[io.TextIOWrapper]:
    """Open a text. What ``letters`` tell decides on the encoding, unless they are None."""
    if letters is not None and encoding == "utf-8" and head.isascii():
        return source.open_text("utf-8", "replace", letters.recoded)
    if letters is not None and not encoding.startswith("utf"):
        letters.encoding = encoding
        return source.open_text("utf-8", "replace", letters.recoded)
    may_have_stray_bytes = encoding in {"utf-8", "utf-8-sig"} and has_utf8_letters(head)
    return source.open_text(encoding, "replace" if may_have_stray_bytes else "strict")


def _with_encoding(table: Table, letters: Letters, replaced: int) -> Table:
    """Return the table with its encoding, and what is not certain about it."""
    dialect, remarks = table.dialect, [*table.remarks]
    if letters.encoding:
        dialect = replace(dialect, encoding=letters.encoding)
    if others := other_encodings(letters.lines, dialect.encoding):
        dialect = replace(dialect, doubts=dialect.doubts | {"encoding"})
        remarks.insert(0, _remark_on_encoding(letters.lines, dialect.encoding, others))
    if replaced:
        sentence = trn(
            "{count} letter is not valid in {encoding} and is shown as “\ufffd”.",
            "{count} letters are not valid in {encoding} and are shown as “\ufffd”.",
            replaced,
        )
        name = encodings().get(dialect.encoding, dialect.encoding)
        remarks.append(Remark(sentence.format(count=whole(replaced), encoding=name)))
    return replace(table, dialect=dialect, remarks=tuple(remarks))


def _remark_on_encoding(lines: bytes, encoding: str, others: Sequence[str]) -> Remark:
    known = encodings()
    sentence = tr("Letters are read as {encoding}: “{words}”; check the names.")
    offers = [(f"{words_in(lines, each)}: {known[each]}", {"encoding": each}) for each in others]
    (words, correction), *more = offers
    return Remark(
        sentence.format(encoding=known[encoding], words=words_in(lines, encoding)),
        words,
        correction,
        tuple(more),
    )


def counting_marks(source: TableSource, dialect: Dialect) -> Generator[float, None, MarkCounts]:
    """Yield the share that has been read; return what all cells tell about the number marks."""
    counts = MarkCounts()
    with source.open_text(dialect.encoding, "replace") as text:
        deque(_first_lines(text, dialect.skip), maxlen=0)
        for lines, block, _ in _blocks(text, dialect, 1):
            source.note_progress(lines.start)
            counts.add(dict.fromkeys(itertools.chain.from_iterable(_records(block, dialect))))
            yield source.share_read()
    return counts


def _first_lines(text: io.TextIOWrapper, count: int) -> Iterator[str]:
    """Yield the lines above the table."""
    for line in itertools.islice(iter(partial(text.readline, MOST_LETTERS + 1), ""), count):
        _check_length(line)
        yield line


def _blocks(
    text: io.TextIOWrapper,
    dialect: Dialect,
    width: int,
    read_fast: Callable[[str], "pd.DataFrame | None"] = lambda _: None,
) -> Iterator[tuple[range, str, "pd.DataFrame | None"]]:
    """Yield whole lines of a table with ``width`` columns, and what ``read_fast`` makes of them.

    Before them come their numbers, from 0. No block ends within a quoted cell, which ``read_fast``
    must find out, too.
    """
    lines = 0
    rest = ""
    for piece in _whole_lines(text, width):
        if piece.isspace() and not rest:
            lines += piece.count("\n")
            continue
        block, rest = rest + piece, ""
        frame = read_fast(block)
        if frame is None:
            block, rest = _parted_at_open_quote(block, dialect)
            _check_length(rest)
            frame = read_fast(block) if rest else None
        count = block.count("\n")
        yield range(lines, lines + count + (not block.endswith("\n"))), block, frame
        lines += count
    if rest:
        raise TableError(_open_quote())


def letters_in_block(width: int) -> int:
    """Return how much of a table with ``width`` columns is read at a time, in some 10 ms.

    Python's lock is held while a column of the block is looked at. The more columns there are, the
    shorter that is.
    """
    return min(512 + 8 * width, 4096) * 1024


def _whole_lines(text: io.TextIOWrapper, width: int) -> Iterator[str]:
    """Yield some lines at a time, with no more cells than fit into memory."""
    lines = 0
    while letters := text.read(letters_in_block(width)):
        end = text.readline(MOST_LETTERS + 1)
        _check_length(end)
        block = (letters + end).rstrip(END_OF_FILE)
        count = block.count("\n") + 1
        lines += count
        if lines > MOST_LINES:
            raise StoppedError(too_many_lines(MOST_LINES))
        if count * width <= _CELLS_IN_BLOCK:
            yield block
        else:  # most rows lack most of their cells
            each = iter(io.StringIO(block))
            while part := "".join(itertools.islice(each, max(_CELLS_IN_BLOCK // width, 1))):
                yield part


def _check_length(line: str) -> None:
    """Raise `StoppedError` if a line or a row is so long that it may never end."""
    if len(line) > MOST_LETTERS:
        raise StoppedError(too_long_line(MOST_LETTERS))


def _parted_at_open_quote(block: str, dialect: Dialect) -> tuple[str, str]:
    """Return the whole rows, and the beginning of a row that goes on in the next block."""
    if dialect.delimiter == FIXED or not dialect.quote or dialect.quote not in block:
        return block, ""
    # One more quote closes the open cell. If no cell is open, it becomes a row.
    end = dialect.quote if block.endswith("\n") else f"\n{dialect.quote}"
    before, last = deque(_numbered(block + end, dialect, 0), maxlen=1).pop()
    if last == [""]:
        return block, ""
    lines = io.StringIO(block)
    return "".join(itertools.islice(lines, before)), lines.read()


def _frame(builder: TableBuilder, dialect: Dialect, block: str) -> "pd.DataFrame | None":
    """Return the rows, five times as fast as `_records`; None if pandas would lose some cells."""
    # A zero would end its cell there. pandas splits fast only at letters of ASCII.
    if dialect.delimiter == FIXED or "\0" in block or not dialect.delimiter.isascii():
        return None
    if dialect.thousands and dialect.delimiter != " ":
        finds_columns = not builder.knows_thousands
        if found := without_thousands(block, dialect, finds_columns=finds_columns):
            plain, cells = found
            frame = _split(builder, replace(dialect, quote=""), plain)
            if frame is not None and all(kind.kind in "if" for kind in frame.dtypes):
                builder.note_cells(cells)
                return frame
    return _split(builder, dialect, block)


def _split(builder: TableBuilder, dialect: Dialect, block: str) -> "pd.DataFrame | None":
    import pandas as pd  # noqa: PLC0415 - takes a moment, and only reading a table needs it

    width = builder.width
    if builder.has_long_rows and _has_long_rows(block, dialect, width):
        return None
    if _cells_in(block, dialect) > width:  # the first cells would become an index
        return None
    is_short = is_exact(block, dialect.decimal)
    if not is_short:
        numbers = plain_numbers(block, dialect.delimiter, dialect.decimal, width)
        if numbers is not None:
            return pd.DataFrame(numbers)
    with suppress(pd.errors.ParserError):  # a row is too long, or a quote is open at the end
        frame = pd.read_csv(
            io.StringIO(block),
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            quotechar=dialect.quote or '"',
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            decimal=dialect.decimal,
            skipinitialspace=True,
            header=None,
            names=range(width),
            na_values=builder.missing_words,  # others are found later, and named
            keep_default_na=False,
            # pandas' own is twice as fast, and wrong in the last digit of long numbers
            float_precision="high" if is_short else "round_trip",
            low_memory=False,
        )
        return frame if isinstance(frame.index, pd.RangeIndex) else None
    return None


def _separates_cells(dialect: Dialect, block: str) -> bool:
    """Return whether each delimiter in a block separates two cells."""
    is_quoted = bool(dialect.quote) and dialect.quote in block
    return dialect.delimiter not in {FIXED, " "} and not is_quoted


def _has_long_rows(block: str, dialect: Dialect, width: int) -> bool:
    """Return whether a block has more cells than fit, so that pandas need not try."""
    has_more = block.count(dialect.delimiter) > (width - 1) * (block.count("\n") + 1)
    return has_more and _separates_cells(dialect, block)


def _fitting_rows(
    builder: TableBuilder, dialect: Dialect, block: str, line: int
) -> tuple["pd.DataFrame", Sequence[int]] | None:
    """Return the rows without those that have too many cells, and their lines; None if not sure.

    The first line is ``line``. The builder is told which rows are left out.
    """
    if not _separates_cells(dialect, block):
        return None
    delimiter, width = dialect.delimiter, builder.width
    kept, places, too_long = [], [], []
    for place, text in enumerate(block.split("\n"), line):
        if text.count(delimiter) < width:
            if text and not text.isspace():
                kept.append(text)
                places.append(place)
            continue
        cells = text.split(delimiter)
        if "".join(cells[width:]).strip():
            too_long.append((place, len(cells)))
        elif "".join(cells).strip():
            kept.append(delimiter.join(cells[:width]))
            places.append(place)
    frame = _frame(builder, dialect, "\n".join([*kept, ""])) if kept else None
    if frame is None or len(frame) != len(places):
        return None
    for place, count in too_long:
        builder.leave_out_long(place, count)
    return frame, places


def _with_places(
    frame: "pd.DataFrame", block: str, dialect: Dialect, lines: range
) -> tuple["pd.DataFrame", Sequence[int]] | None:
    """Return the rows, and in which of the block's ``lines`` they are; None if that is not certain.

    pandas has left out blank lines.
    """
    if len(frame) == len(lines):
        return frame, lines
    filled = [
        place
        for place, record in _numbered(block, dialect, lines.start)
        if len(record) > 1 or "".join(record).strip()
    ]
    return (frame, filled) if len(filled) == len(frame) else None


def _filled(
    frame: "pd.DataFrame", places: Sequence[int], block: str, first: int, dialect: Dialect
) -> tuple[list[Cells], Sequence[int]]:
    """Return the cells of each column, and the lines, without rows of empty cells.

    Rows of words for a missing value are kept. The block begins with the line ``first``.
    """
    if frame[frame.columns[-1]].isna().any():
        empty = np.flatnonzero(frame.isna().all(axis=1))
        if len(empty):
            lines = block.split("\n")
            nothing = f"{dialect.delimiter}{dialect.quote} \t"
            left_out = [row for row in empty if not lines[places[row] - first].strip(nothing)]
            frame = frame.drop(index=left_out)
            places = np.delete(np.array(places), left_out).tolist()
    if all(kind.kind in "if" for kind in frame.dtypes):  # all at once, which is faster
        return list(frame.to_numpy(np.float64).T), places
    return [frame[column].to_numpy() for column in frame], places


def _cells_in(block: str, dialect: Dialect) -> int:
    """Return how many cells the first row has that is not a blank line."""
    records = _records(block, dialect)
    return next((len(record) for record in records if len(record) > 1 or any(record)), 0)


def _records(block: str, dialect: Dialect) -> Iterator[Record]:
    return (record for _, record in _numbered(block, dialect, 1))


def _numbered(block: str, dialect: Dialect, line: int) -> Iterator[tuple[int, Record]]:
    """Yield each record with the number of its first line, if ``line`` is that of the block's."""
    lines = io.StringIO(block)
    if dialect.delimiter == FIXED:
        yield from enumerate(split_fixed(lines, dialect.starts), line)
        return
    reader = record_reader(lines, dialect)
    place = line
    try:
        for record in reader:
            yield place, record
            place = line + reader.line_num
    except csv.Error as error:  # a cell of more than `MOST_LETTERS`
        sentence = tr(
            "A cell has more than {most} letters; if a quote is opened and never closed, close it, "
            "or choose to read without quotes."
        )
        raise StoppedError(sentence.format(most=whole(MOST_LETTERS))) from error


def _open_quote() -> str:
    return tr("A quote is opened and never closed; close it, or choose to read without quotes.")
