"""Reads a table in whatever form a spreadsheet or an instrument gave it."""

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from linreg_gui.tables.cells import CellReader
from linreg_gui.tables.columns import Column, ColumnBuilder, Kind
from linreg_gui.tables.dialect import Dialect, Format, detect
from linreg_gui.tables.encoding import FALLBACK, Canceled, TableError, WrongEncodingError
from linreg_gui.tables.layout import Record
from linreg_gui.tables.source import Reading, TableSource
from linreg_gui.tables.text import read_text
from linreg_gui.tables.workbook import read_workbook, shown_sheets
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


def read_table(
    source: Path | bytes | str,
    dialect: Dialect | None = None,
    progress: Callable[[float], None] = lambda _: None,
    is_canceled: Callable[[], bool] = lambda: False,
) -> Table:
    """Read a file, its bytes or pasted text. May run in any thread; imports pandas or openpyxl.

    Without a ``dialect`` it is detected. To correct some choices and have the others follow from
    them, pass ``detect(read_head(source), name, delimiter=";")``. Where no sheet is
    chosen and the first holds nothing to learn from, the next that does is read. Both callables
    are called after each chunk of `CELLS_PER_CHUNK`: ``progress`` with the share that has been
    read, 0 to 1. It goes back to 0 for another sheet, and where the file turns out to be in
    another encoding.

    Raises
    ------
    TableError
        With a sentence for a person. `UnusableTableError` has what was read nonetheless.
    Canceled
        Once ``is_canceled`` returns true.
    """
    opened = TableSource(source, is_canceled)
    head = opened.head()
    known = dialect or detect(head, opened.name)

    def read(known: Dialect) -> Table:
        is_workbook = known.format is Format.XLSX
        reading = read_workbook(opened, known) if is_workbook else read_text(opened, head, known)
        return _gather(reading, progress, is_canceled)

    try:
        table = read(known)
    except WrongEncodingError:
        if dialect or known.encoding != "utf-8":
            raise
        # The beginning was plain ASCII, and a letter of a code page came later.
        table = read(replace(known, encoding=FALLBACK))
    complaint = _complaint(table)
    if complaint and table.sheets and not known.sheet:
        others = [name for name in shown_sheets(opened) if name != table.dialect.sheet]
        if usable := _first_usable(read, [replace(known, sheet=name) for name in others]):
            return usable
    if complaint:
        raise UnusableTableError(complaint, table)
    return table


def read_head(source: Path | bytes | str) -> bytes:
    """Return the beginning that `detect` looks at; raise `TableError` if there is none."""
    return TableSource(source).head()


def _first_usable(read: Callable[[Dialect], Table], dialects: Iterable[Dialect]) -> Table | None:
    for dialect in dialects:
        with suppress(TableError):
            table = read(dialect)
            if not _complaint(table):
                return table
    return None


def _gather(
    reading: Reading, progress: Callable[[float], None], is_canceled: Callable[[], bool]
) -> Table:
    names = reading.layout.names
    cells = CellReader(reading.dialect.decimal, reading.dialect.thousands)
    builders = [ColumnBuilder(name, cells) for name in names]
    rows = too_long = 0
    with closing(reading.chunks):
        for chunk in reading.chunks:
            if is_canceled():
                raise Canceled
            for builder, column in zip(builders, chunk.columns, strict=True):
                builder.add(column)
            rows += len(chunk.columns[0])
            too_long += chunk.too_long
            if rows * len(names) > MAX_VALUES:
                raise TableError(
                    tr(
                        "The table is too large: more than {most:,} cells; take a part of it."
                    ).format(most=MAX_VALUES)
                )
            progress(chunk.done)
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
