"""Reads a table in whatever form a spreadsheet or an instrument gave it."""

from collections.abc import Generator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from linreg_gui.number_text import whole
from linreg_gui.tables.cells import CellReader
from linreg_gui.tables.columns import Column, ColumnBuilder, Kind
from linreg_gui.tables.dialect import Dialect, detect
from linreg_gui.tables.encoding import FALLBACK, TableError, WrongEncodingError
from linreg_gui.tables.layout import Record
from linreg_gui.tables.source import Reading, TableSource
from linreg_gui.tables.text import read_text
from linreg_gui.tables.workbook import candidate_sheets, opened_workbook, read_sheet
from linreg_gui.texts import tr

MAX_VALUES = 50_000_000
"""Cells that are kept at most: 400 MB."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was read.

    Attributes
    ----------
    dialect : Dialect
        How it was read, with nothing left open.
    row_count : int
        Rows below the header that hold anything and are not too long.
    too_long : int
        Rows that were left out, because they have more cells than the table has columns.
    sheets : tuple of str
        A workbook's sheets, to choose from; empty for text.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    row_count: int
    too_long: int
    sheets: tuple[str, ...]
    _sample: tuple[Record, ...]

    def preview(self, rows: int = 8) -> list[Record]:
        """Return the first rows, at most 200, cell by cell as they are written."""
        return list(self._sample[:rows])


class UnusableTableError(TableError):
    """A table that was read, but holds nothing to learn from.

    Attributes
    ----------
    table : Table
        To be looked at, so that a person can correct how it was read.
    """

    def __init__(self, sentence: str, table: Table) -> None:
        super().__init__(sentence)
        self.table = table


def read_table(source: Path | bytes | str, **chosen: Any) -> Table:
    """Read a table at once; see `reading`."""
    steps = reading(source, **chosen)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            table: Table = end.value
            return table


def reading(source: Path | bytes | str, **chosen: Any) -> Generator[Dialect | float, None, Table]:
    """Read a file, its bytes or pasted text, chunk by chunk. Close it to stop reading.

    Yields the `Dialect` as soon as it is detected, and then, after each chunk of
    `CELLS_PER_CHUNK`, the share that has been read, 0 to 1. It goes back to 0 for another sheet,
    and if the file turns out to be in another encoding. Returns the table.

    May run in any thread; imports pandas or openpyxl. ``chosen`` holds the fields of the
    `Dialect` that a person has corrected; the others follow from them. If no sheet is chosen and
    there is nothing to learn from in the first, the next with something to learn from is read.

    Raises
    ------
    TableError
        With a sentence for a person. `UnusableTableError` has what was read nonetheless.
    """
    opened = TableSource(source)
    head = opened.head()
    dialect = detect(head, opened.name, **chosen)
    yield dialect
    if dialect.is_workbook:
        table = yield from _read_workbook(opened, chosen)
    else:
        try:
            table = yield from _gather(read_text(opened, head, dialect))
        except WrongEncodingError:
            if "encoding" in chosen or dialect.encoding != "utf-8":
                raise
            # The beginning was plain ASCII, and a letter of a code page came later.
            dialect = replace(dialect, encoding=FALLBACK)
            table = yield from _gather(read_text(opened, head, dialect))
    if complaint := _complaint(table):
        raise UnusableTableError(complaint, table)
    return table


def _read_workbook(source: TableSource, chosen: Mapping[str, Any]) -> Generator[float, None, Table]:
    with opened_workbook(source) as workbook:
        first, *others = candidate_sheets(workbook, chosen.get("sheet", ""))
        table = yield from _gather(read_sheet(workbook, first, chosen))
        for name in others if _complaint(table) else []:
            with suppress(TableError):
                other = yield from _gather(read_sheet(workbook, name, chosen))
                if not _complaint(other):
                    return other
        return table


def _gather(reading: Reading) -> Generator[float, None, Table]:
    names = reading.layout.names
    cells = CellReader(reading.dialect.decimal, reading.dialect.thousands)
    builders = [ColumnBuilder(name, cells) for name in names]
    rows = too_long = 0
    with closing(reading.chunks):
        for chunk in reading.chunks:
            for builder, column in zip(builders, chunk.columns, strict=True):
                builder.add(column)
            rows += len(chunk.columns[0])
            too_long += chunk.too_long
            if rows * len(names) > MAX_VALUES:
                raise TableError(
                    tr("The table is too large: more than {most} cells; take a part of it.").format(
                        most=whole(MAX_VALUES)
                    )
                )
            yield chunk.done
    sample = reading.layout.sample
    columns = tuple(
        builder.finish(row[index] for row in sample if index < len(row))
        for index, builder in enumerate(builders)
    )
    return Table(reading.dialect, columns, rows, too_long, reading.sheets, sample)


def _complaint(table: Table) -> str:
    """Return why there is nothing to learn from in the table; empty if there is."""
    numeric = sum(column.kind is Kind.NUMBER for column in table.columns)
    if not table.row_count:
        return tr("There are no data rows; the table needs numbers below its header.")
    if numeric < 2:
        found = tr("only one numeric column") if numeric else tr("no numeric column")
        sentence = tr("There is {found}; two numeric columns are needed, a feature and the target.")
        return sentence.format(found=found)
    return ""
