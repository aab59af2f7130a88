"""A column of a table: its numbers, or why it has none, and what is to be said about it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.number_text import exact, round_to, whole
from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.number_formats import (
    Cell,
    CellReader,
    DataType,
    Notation,
    is_ambiguous,
    looks_numeric,
)
from linreg_gui.texts import in_a_row, in_quotes, quoted, shortened, tr, trn

_UNIT = re.compile(r" \([^()]*\)$")
_LONGEST_EXAMPLE = 30
_MAX_EXAMPLES = 3
_MAX_WORDS = 20
_MAX_CODES = 4
_CODE = re.compile(r"-?9{2,}(\.9+|\.0|\.25)?|-(7{2,}|8{2,})(\.0)?|-32768\.0|-2147483648\.0")
_HUGE = 1e19
"""Programs mark missing values with 1e20, −1e30, or the largest number that there is."""

_NO_EXAMPLES = {"", "nan", "None"}  # empty cells
_PLAIN = {int, float, type(None)}
_TEXTS = {str, float, type(None)}
"""Kinds of cells that are read alike whenever they are equal."""

Cells = npt.NDArray[Any]
"""The cells of one column: numbers, truth values, or objects, some of them missing."""


@dataclass(frozen=True)
class Remark:
    """What is not certain about a table.

    Attributes
    ----------
    sentence : str
        How it was read.
    offer : str
        Words for the other way to read it; empty if there is none.
    correction : mapping
        The fields of the `Dialect` that the other way needs.
    more : tuple of (str, mapping)
        Words and fields of still other ways.
    row : int
        The row of the table that it is about. It holds only if that is an example; −1 if it is
        about none.
    """

    sentence: str
    offer: str = ""
    correction: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    row: int = -1

    @property
    def offers(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the words and fields of all other ways."""
        return [(self.offer, self.correction), *self.more] if self.offer else []


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        With the unit, if the table has a row of units.
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
    remarks : tuple of Remark
        What is not certain about its numbers.
    has_odd_numbers : bool
        Whether it is refused because of how its numbers are written.
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
    remarks: tuple[Remark, ...] = ()
    has_odd_numbers: bool = False

    @property
    def is_constant(self) -> bool:
        """Return whether its finite values are all the same."""
        return self.low == self.high

    def refused(self, sentence: str) -> "Column":
        """Return the column without its numbers, refused with a sentence about ``{name}``."""
        none: DoubleArray = np.empty(0)
        refusal = sentence.format(name=self.name)
        kind = DataType.TEXT
        return Column(self.name, kind, none, 0, 0, np.nan, np.nan, refusal, has_odd_numbers=True)

    @property
    def bare_name(self) -> str:
        """Return the name without a unit in brackets at its end."""
        return _UNIT.sub("", self.name)


class ColumnBuilder:
    """Takes in a column's cells; keeps numbers, and of other cells only counts and examples.

    ``sample`` are the texts of its first cells.

    Attributes
    ----------
    has_foreign_numbers : bool
        Whether a text would be a number with other marks.
    missing_words : list of str
        The empty text, and others that were found to mean “missing”, as they are written.
    """

    def __init__(
        self, name: str, dialect: Dialect, reader: CellReader, sample: Iterable[str]
    ) -> None:
        self.has_foreign_numbers = False
        self.missing_words = [""]
        self._name = name
        self._declared = dialect.missing
        self._reader = reader
        self._parts: list[DoubleArray] = [np.empty(0)]
        self._counts: Counter[DataType] = Counter()
        self._percents = 0
        self._readings: dict[Notation, str] = {}
        self._unit = ""
        self._currencies: set[str] = set()
        self._examples: dict[DataType, dict[str, None]] = {}
        self._sample = {
            written: self._read_cell(written)
            for written in sample
            if written in dialect.missing or not reader.is_bare(written)
        }
        for written, cell in self._sample.items():
            if cell.data_type is DataType.MISSING:
                self._remember(written, cell)

    @property
    def number_count(self) -> int:
        """Return how many cells hold a number."""
        return self._counts[DataType.NUMBER]

    @property
    def has_thousands(self) -> bool:
        """Return whether a number with a thousands separator was found."""
        return Notation.THOUSANDS in self._readings or any(
            cell.notation is Notation.THOUSANDS for cell in self._sample.values()
        )

    def note(self, cell: str) -> None:
        """Note how a cell is read, which is one of those that are added."""
        self._remember(cell, self._read_cell(cell))

    def is_sum(self, cell: object) -> bool | None:
        """Return whether a cell is the sum of all numbers until now; None if that means nothing.

        It does not if the cell is no number, or if there are less than two that are not 0.
        """
        value = self._read_cell(cell).value
        if math.isnan(value):
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            total = sum(float(np.nansum(part)) for part in self._parts)
        if math.isclose(total, value, rel_tol=1e-9):
            return True if sum(map(np.count_nonzero, self._parts)) > 1 else None
        return False

    def add(self, cells: Cells) -> None:
        """Take in the next cells."""
        if cells.dtype == object:
            values = self._read(cells)
        else:
            values = self._count(cells.astype(np.float64, copy=False))
            if cells.dtype == bool and len(cells):
                self._readings.setdefault(Notation.TRUTH, reading_of("true", 1.0))
        if np.isnan(values).all():  # as in a column of texts: take up no memory
            values = np.broadcast_to(np.nan, values.shape)
        self._parts.append(values)

    def finish(self) -> Column:
        """Return the column. A note tells how the first ambiguous number in the sample was read."""
        for written, cell in self._sample.items():
            is_number, is_noted = not math.isnan(cell.value), Notation.THOUSANDS in self._readings
            if (
                is_number
                and not is_noted
                and (
                    cell.notation is Notation.THOUSANDS
                    or (self._reader.decimal == "," and is_ambiguous(written))
                )
            ):
                self._readings[Notation.THOUSANDS] = reading_of(written, cell.value)
        data_type = self._data_type()
        missing = self._counts[DataType.MISSING]
        if data_type is not DataType.NUMBER or self._mixes_percents():
            data_type = DataType.TEXT if data_type is DataType.NUMBER else data_type
            refusal = self._refusal(data_type)
            is_odd = len(self._currencies) > 1 or self._mixes_percents() or bool(self._unit)
            return Column(
                self._name,
                data_type,
                np.empty(0),
                missing,
                infinite=0,
                low=np.nan,
                high=np.nan,
                refusal=refusal,
                has_odd_numbers=is_odd,
            )
        values = np.concatenate(self._parts)
        self._parts.clear()
        declared = self._drop_declared(values)
        values.setflags(write=False)
        finite = values[np.isfinite(values)]
        others = self._counts[DataType.TEXT] + self._counts[DataType.DATE]
        low = float(finite.min()) if finite.size else np.nan
        high = float(finite.max()) if finite.size else np.nan
        refusal = ""
        if 0 < max(-low, high) < SMALLEST:
            refusal = tr(
                "“{name}” has only numbers that are too small for single precision; write them in "
                "a smaller unit."
            ).format(name=self._name)
        return Column(
            self._name,
            data_type,
            values,
            missing=missing + others + declared,
            infinite=int(np.count_nonzero(np.isinf(values))),
            low=low,
            high=high,
            refusal=refusal,
            notes=self._notes(others),
            remarks=tuple(
                self._remark(code, int(np.count_nonzero(finite == code)))
                for code in _missing_codes(finite)
            ),
        )

    def _read(self, cells: Cells) -> DoubleArray:
        """Return the numbers. What most tables have is read fast: all cells alike, or repeated."""
        written = cells.tolist()
        kinds = {*map(type, written)}
        if kinds <= _PLAIN:
            return self._count(np.array(written, np.float64))
        if kinds == {str} and (alike := self._reader.read_alike(written)):
            data_type, numbers = alike
            if data_type is DataType.NUMBER:
                return self._count(np.array(numbers))
            if not self._declared:
                self._counts[data_type] += len(written)
                self._add_examples(data_type, dict.fromkeys(written))
                return np.full(len(written), np.nan)
        # True and 1 are equal, and must be told apart.
        keys = written if kinds <= _TEXTS else [*zip(map(type, written), written, strict=True)]
        counts = Counter(keys)
        values = self._read_plain(counts)
        for key in [key for key in counts if key not in values]:
            count, cell = counts[key], key if keys is written else key[1]
            result = self._read_cell(cell)
            values[key] = result.value
            self._counts[result.data_type] += count
            self._percents += count * (result.notation is Notation.PERCENT)
            self._remember(cell, result)
        return np.fromiter(map(values.__getitem__, keys), np.float64, len(keys))

    def _read_plain(self, counts: Counter[Any]) -> dict[Any, float]:
        """Return the numbers of those texts that are plainly numbers, all at once."""
        plain = [key for key in counts if isinstance(key, str) and self._reader.is_plain(key)]
        alike = self._reader.read_alike(plain) if plain else None
        if alike is None:
            return {}
        self._counts[DataType.NUMBER] += sum(map(counts.__getitem__, plain))
        return dict(zip(plain, alike[1], strict=True))

    def _count(self, values: DoubleArray) -> DoubleArray:
        missing = int(np.count_nonzero(np.isnan(values)))
        self._counts[DataType.MISSING] += missing
        self._counts[DataType.NUMBER] += len(values) - missing
        return values

    def _read_cell(self, cell: object) -> Cell:
        if isinstance(cell, str):
            is_declared = cell.strip() in self._declared
            return Cell(DataType.MISSING) if is_declared else self._reader.read(cell)
        if isinstance(cell, bool):
            return Cell(DataType.NUMBER, float(cell), Notation.TRUTH)
        if cell is None or cell != cell:  # noqa: PLR0124 - NaN
            return Cell(DataType.MISSING)
        if isinstance(cell, int | float):
            return Cell(DataType.NUMBER, float(cell))
        return Cell(DataType.DATE)

    def _remember(self, cell: object, read: Cell) -> None:
        if read.data_type is DataType.TEXT and not self.has_foreign_numbers:
            self.has_foreign_numbers = looks_numeric(str(cell))
        if read.currency:
            self._currencies.add(read.currency)
        if read.notation is Notation.UNIT:
            self._unit = self._unit or _shortened(cell)
        elif read.notation and read.notation not in self._readings:
            self._readings[read.notation] = reading_of(_shortened(cell), read.value)
        if read.data_type is not DataType.NUMBER:
            self._add_examples(read.data_type, [cell])
        if read.data_type is DataType.MISSING and isinstance(cell, str):
            self._add_missing_word(cell)

    def _add_missing_word(self, word: str) -> None:
        if word not in self.missing_words and len(self.missing_words) < _MAX_WORDS:
            self.missing_words.append(word)

    def _add_examples(self, data_type: DataType, cells: Iterable[object]) -> None:
        examples = self._examples.setdefault(data_type, {})
        for cell in cells:
            if len(examples) == _MAX_EXAMPLES:
                break
            if (written := _shortened(cell)) not in _NO_EXAMPLES:
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

    def _mixes_percents(self) -> bool:
        """Return whether 12 % stands beside a plain 13, which may be 13 % or 1300 %."""
        return 0 < self._percents < self._counts[DataType.NUMBER]

    def _drop_declared(self, values: DoubleArray) -> int:
        """Make the numbers that stand for a missing value NaN; return how many there are."""
        codes = []
        for text in self._declared:
            with suppress(ValueError):
                plain = self._reader.plain(text)
                codes.append(float(text) if np.isnan(plain) else plain)
        is_code = np.isin(values, codes) if codes else np.zeros(0, bool)
        count = int(np.count_nonzero(is_code))
        if count:
            values[is_code] = np.nan
            missing = self._examples.setdefault(DataType.MISSING, {})
            missing.update(dict.fromkeys(self._declared))
        return count

    def _remark(self, code: float, count: int) -> Remark:
        value = exact(round_to(code, 15))
        sentence = tr(
            "“{name}” has the number {value}, far from all others; it may mean “missing”."
        )
        if count > 1:
            sentence = trn(
                "“{name}” has the number {value} {count} time, far from all others; it may mean "
                "“missing”.",
                "“{name}” has the number {value} {count} times, far from all others; it may mean "
                "“missing”.",
                count,
            )
        return Remark(
            sentence.format(name=self._name, value=value, count=whole(count)),
            tr("Read {value} as missing").format(value=value),
            {"missing": (*self._declared, repr(code).removesuffix(".0"))},
        )

    def _refusal(self, data_type: DataType) -> str:
        if data_type is DataType.MISSING:
            sentence = tr("“{name}” has no values.")
        elif data_type is DataType.DATE:
            sentence = tr("“{name}” holds dates; only columns of numbers can be used.")
        elif len(self._currencies) > 1:
            sentence = tr("“{name}” mixes currencies; convert them into one.")
        elif self._mixes_percents():
            sentence = mixed_percents()
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
            odd = in_a_row(filter(None, map(self._quoted, (DataType.TEXT, DataType.DATE))))
            notes.append(
                tr("Not a number, counted as missing ({count}): {odd}.").format(
                    count=whole(others), odd=odd
                )
            )
        return tuple(notes)

    def _quoted(self, data_type: DataType) -> str:
        return in_a_row(in_quotes(quoted(each)) for each in self._examples.get(data_type, ()))


def _shortened(cell: object) -> str:
    return shortened(str(cell), _LONGEST_EXAMPLE)


def mixed_percents() -> str:
    """Return why a column cannot be used in which only some numbers are percent."""
    return tr("“{name}” has percent signs in some cells only; write all in one way.")


def reading_of(written: str, value: float) -> str:
    """Return the sentence that says how a cell was read."""
    return tr("“{written}” is read as {value}.").format(
        written=quoted(written), value=exact(round_to(value, 15))
    )


def _missing_codes(values: DoubleArray) -> list[float]:
    """Return the numbers at the edge of a column that look like codes and are far from the rest.

    Far is another sign than that of all others, or a distance of half of what they span.
    """
    rest = values
    found: list[float] = []
    while rest.size and len(found) < _MAX_CODES:
        edges = [float(edge) for edge in (rest.min(), rest.max()) if _is_code(float(edge))]
        if not edges:
            break
        found.append(edges[0])
        rest = rest[rest != edges[0]]
    return [code for code in found if rest.size > 1 and _is_far(code, rest)]


def _is_code(value: float) -> bool:
    return abs(value) >= _HUGE or _CODE.fullmatch(repr(value)) is not None


def _is_far(code: float, rest: DoubleArray) -> bool:
    low, high = float(rest.min()), float(rest.max())
    gap = low - code if code < low else code - high
    return (code < 0 <= low) or gap > 0.5 * (high - low)
