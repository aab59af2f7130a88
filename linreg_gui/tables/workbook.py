"""Reads tables from Excel workbooks, with openpyxl."""

import itertools
import warnings
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from linreg_gui.tables.cells import CellReader, find_marks
from linreg_gui.tables.dialect import TOLD_BY_ROWS, Dialect
from linreg_gui.tables.encoding import TableError
from linreg_gui.tables.layout import MOST_RECORDS, Record, count_preamble, is_header, lay_out
from linreg_gui.tables.source import Chunk, Reading, TableSource, chunk_of_rows, rows_per_chunk
from linreg_gui.texts import tr

Row = tuple[Any, ...]

_BROKEN = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, RuntimeError),
    *(TypeError, ValueError, BadZipFile, ParseError, zlib.error),
)
"""What openpyxl, and what unpacks for it, raise over a damaged file."""


def read_workbook(source: TableSource, dialect: Dialect) -> Reading:
    """Return the table in one sheet of a workbook; its chunks raise `TableError`."""
    with ExitStack() as stack:
        workbook = _open(source, stack)
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        sheet = sheets.get(dialect.sheet or next(iter([*_shown(workbook), *sheets]), ""))
        if sheet is None:
            raise TableError(tr("The workbook has no such sheet; choose another."))
        length = sheet.max_row or 0
        sheet.reset_dimensions()  # some programs write wrong ones, and rows would be lost
        rows = _rows(sheet)
        first = list(itertools.islice(rows, dialect.skip + MOST_RECORDS))
        dialect = _settled(replace(dialect, sheet=sheet.title), first)
        records = [_record(row) for row in first[dialect.skip :]]
        layout = lay_out(
            list(filter(None, records)), has_header=dialect.has_header, may_lack_first=False
        )
        above = dialect.skip + (1 + _leading_blanks(records) if dialect.has_header else 0)
        data = itertools.islice(itertools.chain(first, rows), above, None)
        chunks = _chunks(data, len(layout.names), length, stack.pop_all())
        return Reading(dialect, layout, tuple(sheets), chunks)


def shown_sheets(source: TableSource) -> list[str]:
    """Return the names of the sheets that are not hidden."""
    with ExitStack() as stack:
        return _shown(_open(source, stack))


def _shown(workbook: Any) -> list[str]:
    return [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _open(source: TableSource, stack: ExitStack) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - only who has a workbook waits for it

    # What it does not know of a workbook, styles and such, is of no concern here. It has no option
    # for that, and `warnings.catch_warnings` must not be used beside other threads.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    raw = stack.enter_context(source.open())
    try:
        workbook = load_workbook(raw, read_only=True, data_only=True)
    except _BROKEN as error:
        raise TableError(_damaged()) from error
    stack.callback(workbook.close)
    return workbook


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows without the empty cells at their end."""
    try:
        for row in sheet.iter_rows(values_only=True):
            length = len(row)
            while length and row[length - 1] in {None, ""}:
                length -= 1
            yield row[:length]
    except _BROKEN as error:
        raise TableError(_damaged()) from error


def _chunks(rows: Iterator[Row], width: int, length: int, stack: ExitStack) -> Generator[Chunk]:
    with stack:
        size = rows_per_chunk(width)
        done = 0
        while chunk := list(itertools.islice(rows, size)):
            done += len(chunk)
            yield chunk_of_rows(chunk, width, done / max(done, length))


def _settled(dialect: Dialect, rows: Sequence[Row]) -> Dialect:
    """Decide by the first rows what the file's beginning could not tell."""
    chosen = {field: getattr(dialect, field) for field in TOLD_BY_ROWS - dialect.undecided}
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    decimal, thousands = find_marks(
        texts, dialect.delimiter, chosen.get("decimal"), chosen.get("thousands")
    )
    cells = CellReader(decimal, thousands)
    records = [_record(row) for row in rows]
    skip = chosen.get("skip", count_preamble(records, cells))
    table = list(filter(None, records[skip:]))
    return replace(
        dialect,
        decimal=decimal,
        thousands=thousands,
        skip=skip,
        has_header=chosen.get("has_header", is_header(table, cells)),
        undecided=frozenset(),
    )


def _record(row: Row) -> Record:
    return [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return str(cell) if isinstance(cell, str | int | date | time | timedelta) else ""


def _leading_blanks(records: Sequence[Record]) -> int:
    return next((index for index, record in enumerate(records) if record), 0)


def _damaged() -> str:
    return tr("This is not an Excel workbook that can be read; save it anew as .xlsx or CSV.")
