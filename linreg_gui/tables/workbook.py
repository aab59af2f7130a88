"""Reads tables from Excel workbooks, with openpyxl."""

import itertools
import warnings
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np

from linreg_gui.number_text import whole
from linreg_gui.tables.columns import Column, Remark, mixed_percents
from linreg_gui.tables.dialect import MAX_RECORDS, Dialect, describe_rows
from linreg_gui.tables.sheet_facts import MOST_ROWS, SheetFacts, facts_of
from linreg_gui.tables.source import TableError, TableSource
from linreg_gui.tables.table import Table, TableBuilder
from linreg_gui.texts import tr

Row = tuple[Any, ...]

_BROKEN = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, RuntimeError),
    *(TypeError, ValueError, BadZipFile, ParseError, zlib.error),
)
"""What openpyxl and the modules it unpacks with raise for a damaged file."""


@contextmanager
def opened_workbook(source: TableSource) -> Iterator[Any]:
    """Open a workbook; raise `TableError` if it is damaged."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it

    # Styles and other things that openpyxl does not know do not matter here. It has no option to
    # ignore them, and `warnings.catch_warnings` is not safe with threads.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    with source.open() as content:
        try:
            workbook = load_workbook(content, read_only=True, data_only=True)
        except _BROKEN as error:
            raise TableError(_damaged()) from error
        with closing(workbook):
            yield workbook


def candidate_sheets(workbook: Any, chosen: str) -> list[str]:
    """Return the sheets to try: the chosen one, or those that are not hidden, or all.

    Raises
    ------
    TableError
        If there is none.
    """
    names = [sheet.title for sheet in workbook.worksheets]
    shown = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    candidates = [name for name in names if name == chosen] if chosen else shown or names
    if not candidates:
        raise TableError(tr("The workbook does not have this sheet; choose another."))
    return candidates


def read_sheet(
    workbook: Any, name: str, chosen: Mapping[str, Any]
) -> Generator[float, None, Table]:
    """Yield the share that has been read after each chunk; raise `TableError`.

    ``chosen`` holds the fields of the `Dialect` that a person has corrected.
    """
    sheet = workbook[name]
    length = sheet.max_row or 0
    sheet.reset_dimensions()  # some programs write wrong ones, and rows would be lost
    facts = _facts(sheet)
    left_out: list[Row] = []
    rows = _rows(sheet, set() if chosen.get("hidden_rows") else facts.hidden, left_out)
    skip = chosen.get("skip", 0)
    first = list(itertools.islice(rows, skip + MAX_RECORDS))[skip:]
    records = [[_text(cell) for cell in row] for row in first]
    texts = [cell for row in first for cell in row if isinstance(cell, str)]
    described, above = describe_rows(records, texts, Dialect.delimiter, chosen)
    kept = {field: chosen[field] for field in ("hidden_rows", "missing") if field in chosen}
    dialect = Dialect(is_workbook=True, skip=skip + above, sheet=name, **kept, **described)
    sheets = tuple(sheet.title for sheet in workbook.worksheets)
    builder = TableBuilder(dialect, list(filter(None, records[above:])), sheets)
    if dialect.has_header:
        header = next((index for index in range(above, len(first)) if first[index]), above)
        above = header + 1
        if builder.has_units:
            above = next(index for index in range(above, len(first)) if first[index]) + 1
    data = itertools.chain(first[above:], rows)
    done = 0
    while chunk := list(itertools.islice(data, builder.chunk_rows)):
        builder.add_rows(chunk)
        done += len(chunk)
        yield done / max(done, length)
    table = builder.finish()
    columns = [
        column.refused(mixed_percents()) if _mixes_percents(column, index, facts) else column
        for index, column in enumerate(table.columns, start=1)
    ]
    table = replace(table, columns=tuple(columns))
    if table.complaint and facts.empty_formulas:
        raise TableError(_no_results())
    remarks = [*table.remarks]
    if left_out:
        sentence = (
            tr("1 hidden row is left out.")
            if len(left_out) == 1
            else tr("{count} hidden rows are left out.").format(count=whole(len(left_out)))
        )
        remarks.append(Remark(sentence, tr("Read hidden rows too"), {"hidden_rows": True}))
    if facts.empty_formulas:
        remarks.append(Remark(_no_results()))
    return replace(table, remarks=tuple(remarks))


def _mixes_percents(column: Column, index: int, facts: SheetFacts) -> bool:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see `opened_workbook`

    shown = facts.percents[get_column_letter(index)]
    return 0 < shown < np.count_nonzero(~np.isnan(column.values))


def _facts(sheet: Any) -> SheetFacts:
    try:
        facts = facts_of(sheet)
    except _BROKEN as error:
        raise TableError(_damaged()) from error
    if facts.last_row > MOST_ROWS:
        raise TableError(_damaged())
    return facts


def _rows(sheet: Any, hidden: Collection[int], left_out: list[Row]) -> Iterator[Row]:
    """Yield the rows without the empty cells at their end; ``left_out`` gets the hidden ones."""
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            length = len(row)
            while length and row[length - 1] in {None, ""}:
                length -= 1
            if number not in hidden:
                yield row[:length]
            elif length:
                left_out.append(())
    except _BROKEN as error:
        raise TableError(_damaged()) from error


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


def _damaged() -> str:
    return tr("This Excel workbook cannot be read; save it again as .xlsx or CSV.")
