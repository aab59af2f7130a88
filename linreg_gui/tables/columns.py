"""A table's columns: what each holds, gathered chunk by chunk, and why some cannot be chosen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import exact, round_to, whole
from linreg_gui.tables.cells import Cell, CellReader, Meaning, Notation, is_doubtful, shortened
from linreg_gui.tables.source import Cells
from linreg_gui.texts import tr

_MOST_EXAMPLES = 3
_MOST_LETTERS = 30

_NO_EXAMPLES = {"", "nan", "None"}  # how an empty cell arrives


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    EMPTY = "empty"


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    values : ndarray, shape (rows,), float64
        NaN where there is no value; read-only. Of shape (0,) unless the column holds numbers.
    missing : int
        Cells without a value; in a column of numbers also those that are no number.
    infinite : int
        Infinite values.
    low, high : float
        Limits of the finite values; NaN if there are none.
    refusal : str
        Why the column cannot be a feature or the target; empty if it can.
    notes : tuple of str
        What was understood, or not, of its cells beyond plain numbers.
    """

    name: str
    kind: Kind
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


class ColumnBuilder:
    """Takes in a column's cells; keeps numbers, and of other cells only counts and examples."""

    def __init__(self, name: str, reader: CellReader) -> None:
        self._name = name
        self._reader = reader
        self._parts: list[DoubleArray] = []
        self._counts: Counter[Meaning] = Counter()
        self._readings: dict[Notation, str] = {}
        self._unit = ""
        self._currencies: set[str] = set()
        self._examples: dict[Meaning, dict[str, None]] = {}
        self._infinite = 0
        self._low = np.inf
        self._high = -np.inf

    def add(self, cells: Cells) -> None:
        """Take in the next rows."""
        if cells.dtype == object:
            values = self._understand(cells)
        else:
            values = cells.astype(np.float64)
            missing = int(np.count_nonzero(np.isnan(values)))
            self._counts[Meaning.MISSING] += missing
            self._counts[Meaning.NUMBER] += len(values) - missing
            if cells.dtype == bool and len(cells):
                self._readings.setdefault(Notation.TRUTH, _reading("true", 1.0))
        finite = values[np.isfinite(values)]
        if finite.size:
            self._low = min(self._low, finite.min())
            self._high = max(self._high, finite.max())
        self._infinite += int(np.count_nonzero(np.isinf(values)))
        is_empty = not finite.size and not np.isinf(values).any()
        self._parts.append(np.broadcast_to(np.nan, values.shape) if is_empty else values)

    def finish(self, sample: Iterable[str] = ()) -> Column:
        """Return the column; the builder is used up.

        The first cell of ``sample`` whose marks might be read in another way tells how they were.
        """
        for written in sample:
            cell = self._reader.read(written)
            if cell.notation is Notation.THOUSANDS or (
                self._reader.decimal == "," and is_doubtful(written)
            ):
                self._readings.setdefault(Notation.THOUSANDS, _reading(written, cell.value))
        kind = self._kind()
        is_number = kind is Kind.NUMBER
        values = np.concatenate([np.empty(0), *self._parts]) if is_number else np.empty(0)
        self._parts.clear()
        values.setflags(write=False)
        others = self._counts[Meaning.TEXT] + self._counts[Meaning.DATE]
        has_range = is_number and self._low <= self._high
        return Column(
            self._name,
            kind,
            values,
            missing=self._counts[Meaning.MISSING] + (others if is_number else 0),
            infinite=self._infinite if is_number else 0,
            low=float(self._low) if has_range else np.nan,
            high=float(self._high) if has_range else np.nan,
            refusal=self._refusal(kind),
            notes=self._notes(others) if is_number else (),
        )

    def _understand(self, cells: Cells) -> DoubleArray:
        """Return the numbers, found by the short way where a cell is a number and no more."""
        values = np.fromiter(map(self._plain, cells.tolist()), np.float64, len(cells))
        others = np.flatnonzero(np.isnan(values))
        self._counts[Meaning.NUMBER] += len(cells) - len(others)
        written = cells[others].tolist()
        meanings = {cell: self._meaning(cell) for cell in dict.fromkeys(written)}
        for cell, understood in meanings.items():
            self._remember(shortened(str(cell), _MOST_LETTERS), understood)
        for index, cell in zip(others.tolist(), written, strict=True):
            values[index] = meanings[cell].value
            self._counts[meanings[cell].meaning] += 1
        return values

    def _plain(self, cell: object) -> float:
        if isinstance(cell, str):
            return self._reader.plain(cell)
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return float(cell) if is_number else np.nan  # type: ignore[arg-type]

    def _remember(self, written: str, cell: Cell) -> None:
        self._currencies.update(cell.currency)
        if cell.notation is Notation.UNIT:
            self._unit = self._unit or written
        elif cell.notation and cell.notation not in self._readings:
            self._readings[cell.notation] = _reading(written, cell.value)
        if cell.meaning is not Meaning.NUMBER and written not in _NO_EXAMPLES:
            examples = self._examples.setdefault(cell.meaning, {})
            if len(examples) < _MOST_EXAMPLES:
                examples[written] = None

    def _meaning(self, cell: object) -> Cell:
        if isinstance(cell, str):
            return self._reader.read(cell)
        if isinstance(cell, bool):
            return Cell(Meaning.NUMBER, float(cell), Notation.TRUTH)
        return Cell(Meaning.MISSING if cell is None or isinstance(cell, float) else Meaning.DATE)

    def _kind(self) -> Kind:
        numbers, dates, texts = (
            self._counts[meaning] for meaning in (Meaning.NUMBER, Meaning.DATE, Meaning.TEXT)
        )
        if numbers and numbers >= dates + texts and len(self._currencies) < 2:
            return Kind.NUMBER
        if dates > texts:
            return Kind.DATE
        return Kind.TEXT if numbers or texts or dates else Kind.EMPTY

    def _refusal(self, kind: Kind) -> str:
        if kind is Kind.NUMBER:
            return ""
        if kind is Kind.EMPTY:
            sentence = tr("“{name}” has no values.")
        elif kind is Kind.DATE:
            sentence = tr("“{name}” holds dates, and only numbers can be computed with.")
        elif len(self._currencies) > 1:
            sentence = tr("“{name}” mixes currencies; convert them into one.")
        elif self._unit:
            sentence = tr("“{name}” holds units, e.g. “{unit}”; leave them out to use the numbers.")
        else:
            sentence = tr("“{name}” holds text, e.g. “{example}”.")
        return sentence.format(
            name=self._name,
            unit=self._unit,
            example=next(iter(self._examples.get(Meaning.TEXT, {})), ""),
        )

    def _notes(self, others: int) -> tuple[str, ...]:
        notes = list(self._readings.values())
        if marks := self._quoted(Meaning.MISSING):
            notes.append(tr("Counted as missing: {marks}.").format(marks=marks))
        if others:
            odd = ", ".join(filter(None, map(self._quoted, (Meaning.TEXT, Meaning.DATE))))
            notes.append(
                tr("Not a number, counted as missing ({count}): {odd}.").format(
                    count=whole(others), odd=odd
                )
            )
        return tuple(notes)

    def _quoted(self, meaning: Meaning) -> str:
        return ", ".join(f"“{each}”" for each in self._examples.get(meaning, ()))


def _reading(written: str, value: float) -> str:
    return tr("“{written}” is read as {value}.").format(
        written=written, value=exact(round_to(value, 15))
    )
