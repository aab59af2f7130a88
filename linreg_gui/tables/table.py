"""A table that was read: its columns, and why some cannot be chosen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import exact, round_to, whole
from linreg_gui.tables.dialect import Dialect, Record, usual_length, without_hash
from linreg_gui.tables.number_formats import Cell, CellReader, DataType, Notation, is_ambiguous
from linreg_gui.tables.source import TableError
from linreg_gui.texts import shortened, tr

MAX_COLUMNS = 1000
"""More than anyone can choose from."""

MAX_VALUES = 50_000_000
"""The largest number of cells that are kept: 400 MB."""

CELLS_PER_CHUNK = 40_000
"""A chunk takes some 15 ms. A larger one would hold Python's lock for longer."""

_LONGEST_NAME = 80
_LONGEST_EXAMPLE = 30
_MAX_EXAMPLES = 3
_NO_EXAMPLES = {"", "nan", "None"}  # empty cells

Cells = npt.NDArray[Any]
"""The cells of one column: numbers, truth values, or objects, some of them missing."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    data_type : DataType
        ``MISSING`` if no cell has a value.
    values : ndarray, shape (rows,), float64
        NaN where there is no value; read-only. Of shape (0,) unless the column holds numbers.
    missing : int
        Cells without a value; in a column of numbers also those that are not numbers.
    infinite : int
        Infinite values.
    low, high : float
        Limits of the finite values; NaN if there are none.
    refusal : str
        Why the column cannot be a feature or the target; empty if it can.
    notes : tuple of str
        How cells were read that are not plain numbers.
    """

    name: str
    data_type: DataType
    values: DoubleArray
    missing: int
    infinite: int
    low: float
    high: float
    refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Return whether its finite values are all the same."""
        return self.low == self.high


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read.

    Attributes
    ----------
    dialect : Dialect
        How it was read.
    columns : tuple of Column
        No two have the same name.
    row_count : int
        Rows below the header that are not blank and not too long.
    too_long : int
        Rows that were left out because they have more cells than the table has columns.
    sheets : tuple of str
        A workbook's sheets; empty for text.
    sample : list of Record
        The text of the cells in the first rows, at most 200.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    row_count: int
    too_long: int
    sheets: tuple[str, ...]
    sample: list[Record]

    @property
    def complaint(self) -> str:
        """Return why there is nothing to learn from; empty if there is something."""
        numeric = sum(column.data_type is DataType.NUMBER for column in self.columns)
        if not self.row_count:
            return tr("There are no data rows; the table needs numbers below its header.")
        if not numeric:
            return tr("There is no numeric column; two are needed, a feature and the target.")
        if numeric == 1:
            return tr("There is only one numeric column; two are needed, a feature and the target.")
        return ""


class TableBuilder:
    """Takes in a table's rows, chunk by chunk.

    Parameters
    ----------
    records : sequence of Record
        The first records of the table, with the header if the dialect has one.

    Attributes
    ----------
    width : int
        The number of columns.
    chunk_rows : int
        How many rows make a chunk.

    Raises
    ------
    TableError
        If there are more than `MAX_COLUMNS`, or later more than `MAX_VALUES` cells.
    """

    def __init__(
        self, dialect: Dialect, records: Sequence[Record], sheets: tuple[str, ...] = ()
    ) -> None:
        self._dialect = dialect
        self._sheets = sheets
        self._sample = list(records[dialect.has_header :])
        names = _column_names(
            records[0] if dialect.has_header and records else [],
            self._sample,
            may_lack_first=not dialect.is_workbook,
        )
        self.width = len(names)
        self.chunk_rows = max(1, CELLS_PER_CHUNK // self.width)
        reader = CellReader(dialect.decimal, dialect.thousands)
        self._columns = [_ColumnBuilder(name, reader) for name in names]
        self._row_count = 0
        self._too_long = 0

    def add_rows(self, rows: Iterable[Sequence[object]]) -> None:
        """Take in rows of cells; leave out those that are blank or too long."""
        fitting = []
        for row in rows:
            if not _is_blank(row[self.width :]):
                self._too_long += 1
            elif not _is_blank(row):
                fitting.append(row[: self.width])
        cells = np.full((len(fitting), self.width), None, dtype=object)
        for index, row in enumerate(fitting):
            cells[index, : len(row)] = row
        self.add_columns(list(cells.T))

    def add_columns(self, columns: Sequence[Cells]) -> None:
        """Take in the cells of each column, in rows that are not blank."""
        for column, cells in zip(self._columns, columns, strict=True):
            column.add(cells)
        self._row_count += len(columns[0])
        if self._row_count * self.width > MAX_VALUES:
            raise TableError(
                tr("The table is too large: more than {most} cells; use only a part of it.").format(
                    most=whole(MAX_VALUES)
                )
            )

    def finish(self) -> Table:
        """Return the table; the builder is used up."""
        columns = tuple(
            column.finish(row[index] for row in self._sample if index < len(row))
            for index, column in enumerate(self._columns)
        )
        return Table(
            self._dialect, columns, self._row_count, self._too_long, self._sheets, self._sample
        )


class _ColumnBuilder:
    """Takes in a column's cells; keeps numbers, and of other cells only counts and examples."""

    def __init__(self, name: str, reader: CellReader) -> None:
        self._name = name
        self._reader = reader
        self._parts: list[DoubleArray] = [np.empty(0)]
        self._counts: Counter[DataType] = Counter()
        self._readings: dict[Notation, str] = {}
        self._unit = ""
        self._currencies: set[str] = set()
        self._examples: dict[DataType, dict[str, None]] = {}

    def add(self, cells: Cells) -> None:
        if cells.dtype == object:
            values = self._read(cells)
        else:
            values = cells.astype(np.float64)
            missing = int(np.count_nonzero(np.isnan(values)))
            self._counts[DataType.MISSING] += missing
            self._counts[DataType.NUMBER] += len(values) - missing
            if cells.dtype == bool and len(cells):
                self._readings.setdefault(Notation.TRUTH, _reading("true", 1.0))
        if np.isnan(values).all():  # as in a column of texts: take up no memory
            values = np.broadcast_to(np.nan, values.shape)
        self._parts.append(values)

    def finish(self, sample: Iterable[str]) -> Column:
        """Return the column. A note tells how the first ambiguous number in ``sample`` was read."""
        for written in sample:
            cell = self._reader.read(written)
            if cell.notation is Notation.THOUSANDS or (
                self._reader.decimal == "," and is_ambiguous(written)
            ):
                self._readings.setdefault(Notation.THOUSANDS, _reading(written, cell.value))
        data_type = self._data_type()
        missing = self._counts[DataType.MISSING]
        if data_type is not DataType.NUMBER:
            refusal = self._refusal(data_type)
            return Column(self._name, data_type, np.empty(0), missing, 0, np.nan, np.nan, refusal)
        values = np.concatenate(self._parts)
        self._parts.clear()
        values.setflags(write=False)
        finite = values[np.isfinite(values)]
        others = self._counts[DataType.TEXT] + self._counts[DataType.DATE]
        return Column(
            self._name,
            data_type,
            values,
            missing=missing + others,
            infinite=int(np.count_nonzero(np.isinf(values))),
            low=float(finite.min()) if finite.size else np.nan,
            high=float(finite.max()) if finite.size else np.nan,
            notes=self._notes(others),
        )

    def _read(self, cells: Cells) -> DoubleArray:
        """Return the numbers; most cells are plain numbers, for which there is a fast way."""
        values = np.fromiter(map(self._plain, cells.tolist()), np.float64, len(cells))
        others = np.flatnonzero(np.isnan(values))
        self._counts[DataType.NUMBER] += len(cells) - len(others)
        written = cells[others].tolist()
        read = {cell: self._read_cell(cell) for cell in dict.fromkeys(written)}
        for cell, result in read.items():
            self._remember(shortened(str(cell), _LONGEST_EXAMPLE), result)
        for index, cell in zip(others.tolist(), written, strict=True):
            values[index] = read[cell].value
            self._counts[read[cell].data_type] += 1
        return values

    def _plain(self, cell: object) -> float:
        if isinstance(cell, str):
            return self._reader.plain(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell)
        return np.nan

    def _read_cell(self, cell: object) -> Cell:
        if isinstance(cell, str):
            return self._reader.read(cell)
        if isinstance(cell, bool):
            return Cell(DataType.NUMBER, float(cell), Notation.TRUTH)
        is_missing = cell is None or isinstance(cell, float)
        return Cell(DataType.MISSING if is_missing else DataType.DATE)

    def _remember(self, written: str, cell: Cell) -> None:
        self._currencies.update(cell.currency)
        if cell.notation is Notation.UNIT:
            self._unit = self._unit or written
        elif cell.notation:
            self._readings.setdefault(cell.notation, _reading(written, cell.value))
        if cell.data_type is not DataType.NUMBER and written not in _NO_EXAMPLES:
            examples = self._examples.setdefault(cell.data_type, {})
            if len(examples) < _MAX_EXAMPLES:
                examples[written] = None

    def _data_type(self) -> DataType:
        """Return the type of most cells; different currencies must not become numbers."""
        numbers, dates, texts = (
            self._counts[each] for each in (DataType.NUMBER, DataType.DATE, DataType.TEXT)
        )
        if numbers and numbers >= dates + texts and len(self._currencies) < 2:
            return DataType.NUMBER
        if dates > texts:
            return DataType.DATE
        return DataType.TEXT if numbers or texts or dates else DataType.MISSING

    def _refusal(self, data_type: DataType) -> str:
        if data_type is DataType.MISSING:
            sentence = tr("“{name}” has no values.")
        elif data_type is DataType.DATE:
            sentence = tr("“{name}” holds dates; only columns of numbers can be used.")
        elif len(self._currencies) > 1:
            sentence = tr("“{name}” mixes currencies; convert them into one.")
        elif self._unit:
            sentence = tr("“{name}” holds units, e.g. “{unit}”; leave them out to use the numbers.")
        else:
            sentence = tr("“{name}” holds text, e.g. “{example}”.")
        return sentence.format(
            name=self._name,
            unit=self._unit,
            example=next(iter(self._examples.get(DataType.TEXT, {})), ""),
        )

    def _notes(self, others: int) -> tuple[str, ...]:
        notes = list(self._readings.values())
        if missing := self._quoted(DataType.MISSING):
            notes.append(tr("Counted as missing: {cells}.").format(cells=missing))
        if others:
            odd = ", ".join(filter(None, map(self._quoted, (DataType.TEXT, DataType.DATE))))
            notes.append(
                tr("Not a number, counted as missing ({count}): {odd}.").format(
                    count=whole(others), odd=odd
                )
            )
        return tuple(notes)

    def _quoted(self, data_type: DataType) -> str:
        return ", ".join(f"“{each}”" for each in self._examples.get(data_type, ()))


def _column_names(header: Record, rows: Sequence[Record], *, may_lack_first: bool) -> list[str]:
    """Return the names, no two the same.

    A header that is a cell short lacks its last name or, if that is possible, its first: many
    programs write no name above row numbers.
    """
    length = usual_length(rows)
    header = without_hash(header, length)
    width = max(length, len(header), 1)
    if width > MAX_COLUMNS:
        raise TableError(
            tr("The table has {count} columns; at most {most} can be read.").format(
                count=whole(width), most=whole(MAX_COLUMNS)
            )
        )
    is_short = len(header) == length - 1 and any(row[-1] for row in rows if len(row) == length)
    if may_lack_first and is_short:
        header = ["", *header]
    given_names = [shortened(name, _LONGEST_NAME) for name in header]
    names: list[str] = []
    for index in range(width):
        given = given_names[index] if index < len(header) else ""
        base = given or tr("column {number}").format(number=index + 1)
        name, copy = base, 1
        while name in names or (name in given_names and name != given):
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return names


def _is_blank(row: Sequence[object]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _reading(written: str, value: float) -> str:
    return tr("“{written}” is read as {value}.").format(
        written=written, value=exact(round_to(value, 15))
    )
