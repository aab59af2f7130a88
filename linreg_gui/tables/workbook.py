"""Reads tables from Excel and OpenDocument workbooks."""

import itertools
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import numpy as np

from linreg_gui.number_text import round_to, whole
from linreg_gui.tables.bounds import MOST_COLUMNS, MOST_SMALL_BYTES, too_many_bytes
from linreg_gui.tables.columns import Column, Remark, mixed_percents
from linreg_gui.tables.dialect import MAX_RECORDS, Dialect, describe_rows
from linreg_gui.tables.formats import ZIP
from linreg_gui.tables.number_formats import MarkCounts
from linreg_gui.tables.open_document import CONTENT, OpenDocument
from linreg_gui.tables.package import DamagedError, FlatPackage, Package
from linreg_gui.tables.sheet_rows import Hidden, SheetRows
from linreg_gui.tables.source import StoppedError, TableError, TableSource
from linreg_gui.tables.table import Table, TableBuilder
from linreg_gui.tables.workbook_parts import WorkbookFile
from linreg_gui.texts import tr, trn

_KEPT = ("hidden_rows", "hidden_columns", "missing", "sums")

_DIGITS = 15
"""Spreadsheets show no more digits of a number, because further ones are rounding errors."""

Workbook = WorkbookFile | OpenDocument


@contextmanager
def opened_workbook(source: TableSource) -> Iterator[Workbook]:
    """Open a workbook; raise `TableError` if it is damaged, then and later."""
    with source.open() as content:
        packed = content if content.seekable() else BytesIO(content.read(MOST_SMALL_BYTES + 1))
        if isinstance(packed, BytesIO) and packed.getbuffer().nbytes > MOST_SMALL_BYTES:
            raise StoppedError(too_many_bytes(MOST_SMALL_BYTES))
        is_zip = packed.read(len(ZIP)) == ZIP
        is_open = not is_zip
        try:
            package = Package(packed, source.check) if is_zip else None
            is_open = package is None or CONTENT in package
            if package is None:
                yield OpenDocument(FlatPackage(packed, source.check))
            else:
                yield OpenDocument(package) if is_open else WorkbookFile(package)
        except DamagedError as error:
            sentence = (
                tr("This OpenDocument table cannot be read; save it again, without a password.")
                if is_open
                else tr("This Excel workbook cannot be read; save it again as .xlsx or CSV.")
            )
            raise TableError(sentence) from error


def candidate_sheets(workbook: Workbook, chosen: str) -> list[str]:
    """Return the sheets to try: the chosen one, or those that are not hidden, or all.

    Raises
    ------
    TableError
        If there is none.
    """
    names = list(workbook.sheets)
    shown = [name for name, is_shown in workbook.sheets.items() if is_shown]
    candidates = [name for name in names if name == chosen] if chosen else shown or names
    if not candidates:
        raise TableError(tr("The workbook does not have this sheet; choose another."))
    return candidates


def read_sheet(
    source: TableSource, workbook: Workbook, name: str, chosen: Mapping[str, Any]
) -> Generator[float, None, tuple[Table, MarkCounts]]:
    """Yield the share that has been read after each chunk; raise `TableError`.

    Returns the table, and what all its texts tell about the number marks. ``chosen`` holds the
    fields of the `Dialect` that a person has corrected.
    """
    wanted = Hidden(chosen.get("hidden_rows", False), chosen.get("hidden_columns", False))
    sheet = workbook.sheet(name, wanted)
    found = sheet.found
    rows = sheet.rows()
    skip = chosen.get("skip", 0)
    first = list(itertools.islice(rows, skip + MAX_RECORDS))[skip:]
    looked_at = [row[: MOST_COLUMNS + 1] for _, row in first]
    records = [[_text(cell) for cell in row] for row in looked_at]
    texts = [cell for row in looked_at for cell in row if isinstance(cell, str)]
    described, above = describe_rows(records, texts, Dialect.delimiter, chosen)
    kept = {field: chosen[field] for field in _KEPT if field in chosen}
    dialect = Dialect(is_workbook=True, skip=skip + above, sheet=name, **kept, **described)
    builder = TableBuilder(dialect, list(filter(None, records[above:])), tuple(workbook.sheets))
    if dialect.has_header:
        header = next((index for index in range(above, len(first)) if first[index][1]), above)
        above = header + 1
        if builder.has_units:
            above = next(index for index in range(above, len(first)) if first[index][1]) + 1
    data = itertools.chain(first[above:], rows)
    counts = MarkCounts()
    while chunk := list(itertools.islice(data, builder.chunk_rows)):
        builder.add_rows(chunk)
        counts.add(dict.fromkeys(each for _, row in chunk for each in row if isinstance(each, str)))
        source.note_progress(builder.number_count)
        yield sheet.share
    table = builder.finish()
    columns = [
        column.refused(mixed_percents()) if _mixes(column, found.percents[index]) else column
        for index, column in enumerate(table.columns)
    ]
    table = replace(table, columns=tuple(columns))
    if table.complaint and found.empty_formulas:
        raise TableError(_no_results())
    remarks = [*table.remarks]
    remarks += _remarks_on_hidden(found)
    if found.empty_formulas:
        remarks.append(Remark(_no_results()))
    return replace(table, remarks=tuple(remarks)), counts


def _remarks_on_hidden(found: SheetRows) -> Iterator[Remark]:
    if count := found.hidden_rows:
        sentence = trn(
            "{count} hidden row is left out.", "{count} hidden rows are left out.", count
        ).format(count=whole(count))
        yield Remark(sentence, tr("Read hidden rows too"), {"hidden_rows": True})
    if count := len(found.hidden_columns):
        sentence = trn(
            "{count} hidden column is left out.", "{count} hidden columns are left out.", count
        ).format(count=whole(count))
        yield Remark(sentence, tr("Read hidden columns too"), {"hidden_columns": True})


def _mixes(column: Column, percents: int) -> bool:
    return 0 < percents < np.count_nonzero(~np.isnan(column.values))


def _text(cell: object) -> str:
    """Return a cell as a spreadsheet shows it: numbers have 15 digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return repr(round_to(cell, _DIGITS)).removesuffix(".0")
    return str(cell) if isinstance(cell, str | int | date | time | timedelta) else ""


def _no_results() -> str:
    return tr(
        "Formulas in this workbook have no stored results; open it in a spreadsheet and save it."
    )
