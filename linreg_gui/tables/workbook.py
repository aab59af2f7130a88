"""Reads tables from Excel workbooks."""

import itertools
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import numpy as np

from linreg_gui.number_text import whole
from linreg_gui.tables.bounds import MOST_SMALL_BYTES
from linreg_gui.tables.columns import Column, Remark, mixed_percents
from linreg_gui.tables.dialect import MAX_RECORDS, Dialect, describe_rows
from linreg_gui.tables.package import DamagedError, Package
from linreg_gui.tables.source import StoppedError, TableError, TableSource, too_many_bytes
from linreg_gui.tables.table import Table, TableBuilder
from linreg_gui.tables.workbook_parts import SheetReader, WorkbookFile
from linreg_gui.texts import tr


@contextmanager
def opened_workbook(source: TableSource) -> Iterator[WorkbookFile]:
    """Open a workbook; raise `TableError` if it is damaged, then and later."""
    with source.open() as content:
        zipped = content if content.seekable() else BytesIO(content.read(MOST_SMALL_BYTES + 1))
        if isinstance(zipped, BytesIO) and zipped.getbuffer().nbytes > MOST_SMALL_BYTES:
            raise StoppedError(too_many_bytes(MOST_SMALL_BYTES))
        try:
            yield WorkbookFile(Package(zipped, source.check))
        except DamagedError as error:
            sentence = tr("This Excel workbook cannot be read; save it again as .xlsx or CSV.")
            raise TableError(sentence) from error


def candidate_sheets(workbook: WorkbookFile, chosen: str) -> list[str]:
    """Return the sheets to try: the chosen one, or those that are not hidden, or all.

    Raises
    ------
    TableError
        If there is none.
    """
    names = list(workbook.sheets)
    shown = [name for name, sheet in workbook.sheets.items() if sheet.is_shown]
    candidates = [name for name in names if name == chosen] if chosen else shown or names
    if not candidates:
        raise TableError(tr("The workbook does not have this sheet; choose another."))
    return candidates


def read_sheet(
    source: TableSource, workbook: WorkbookFile, name: str, chosen: Mapping[str, Any]
) -> Generator[float, None, Table]:
    """Yield the share that has been read after each chunk; raise `TableError`.

    ``chosen`` holds the fields of the `Dialect` that a person has corrected.
    """
    sheet = SheetReader(workbook, workbook.sheets[name].part)
    rows = sheet.rows(with_hidden=chosen.get("hidden_rows", False))
    skip = chosen.get("skip", 0)
    first = list(itertools.islice(rows, skip + MAX_RECORDS))[skip:]
    records = [[_text(cell) for cell in row] for row in first]
    texts = [cell for row in first for cell in row if isinstance(cell, str)]
    described, above = describe_rows(records, texts, Dialect.delimiter, chosen)
    kept = {field: chosen[field] for field in ("hidden_rows", "missing") if field in chosen}
    dialect = Dialect(is_workbook=True, skip=skip + above, sheet=name, **kept, **described)
    builder = TableBuilder(dialect, list(filter(None, records[above:])), tuple(workbook.sheets))
    if dialect.has_header:
        header = next((index for index in range(above, len(first)) if first[index]), above)
        above = header + 1
        if builder.has_units:
            above = next(index for index in range(above, len(first)) if first[index]) + 1
    data = itertools.chain(first[above:], rows)
    while chunk := list(itertools.islice(data, builder.chunk_rows)):
        builder.add_rows(chunk)
        source.note_progress(builder.number_count)
        yield sheet.share
    table = builder.finish()
    columns = [
        column.refused(mixed_percents()) if _mixes(column, sheet.percents[index]) else column
        for index, column in enumerate(table.columns)
    ]
    table = replace(table, columns=tuple(columns))
    if table.complaint and sheet.empty_formulas:
        raise TableError(_no_results())
    remarks = [*table.remarks]
    if sheet.hidden_rows:
        sentence = (
            tr("1 hidden row is left out.")
            if sheet.hidden_rows == 1
            else tr("{count} hidden rows are left out.").format(count=whole(sheet.hidden_rows))
        )
        remarks.append(Remark(sentence, tr("Read hidden rows too"), {"hidden_rows": True}))
    if sheet.empty_formulas:
        remarks.append(Remark(_no_results()))
    return replace(table, remarks=tuple(remarks))


def _mixes(column: Column, percents: int) -> bool:
    return 0 < percents < np.count_nonzero(~np.isnan(column.values))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return str(cell) if isinstance(cell, str | int | date | time | timedelta) else ""


def _no_results() -> str:
    return tr(
        "Formulas in this workbook have no stored results; open it in a spreadsheet and save it."
    )
