"""The examples of a dataset, and what is known about their origin."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from linreg_gui.number_text import joined, whole
from linreg_gui.texts import cleaned, in_a_row, retold, tr, trn

FloatArray = npt.NDArray[np.floating[Any]]
DoubleArray = npt.NDArray[np.float64]

MAX_FEATURES = 10
"""Most features a model can have."""

_SYMBOL = re.compile(r"x_?\d*", re.IGNORECASE)


class Counted(Enum):
    """What the rows of a table are counted by."""

    LINES = auto()
    """Of a text, all of them, from 1."""

    ROWS = auto()
    """Of a sheet, all of them, from 1, or of a list of lists."""

    RECORDS = auto()
    """Of a list of records, from 1."""


@dataclass(frozen=True)
class Skipped:
    """The rows of a table that are left out, each counted under the first reason that applies.

    Attributes
    ----------
    total : int
        All rows below the header, left out or not.
    too_long : int
        They have more cells than the table has columns.
    missing, infinite, too_large : int
        A chosen column has no number there, an infinite one, or one beyond single precision.
    too_short : int
        They have fewer cells than the table has columns, and it is not certain which they lack.
    places : tuple of int
        The numbers of the first ones; empty if they are not known.
    counted : Counted
        What these numbers count.
    """

    total: int = 0
    too_long: int = 0
    missing: int = 0
    infinite: int = 0
    too_large: int = 0
    too_short: int = 0
    places: tuple[int, ...] = ()
    counted: Counted = Counted.LINES

    @property
    def rows(self) -> int:
        """Return the number of rows left out."""
        return self.too_long + self.too_short + self.missing + self.infinite + self.too_large

    @property
    def sentence(self) -> str:
        """Return how many rows were left out, and why; empty if none were."""
        if not self.rows:
            return ""
        reasons = {
            trn("{count} has no number", "{count} have no number", self.missing): self.missing,
            trn("{count} is not finite", "{count} are not finite", self.infinite): self.infinite,
            trn(
                "{count} is too large for single precision",
                "{count} are too large for single precision",
                self.too_large,
            ): self.too_large,
            trn(
                "{count} has more cells than there are columns",
                "{count} have more cells than there are columns",
                self.too_long,
            ): self.too_long,
            trn(
                "{count} has fewer cells than there are columns",
                "{count} have fewer cells than there are columns",
                self.too_short,
            ): self.too_short,
        }
        sentence = trn(
            "{rows} of {total} row skipped: {reasons}.",
            "{rows} of {total} rows skipped: {reasons}.",
            self.total,
        )
        if self.places:
            sentence = trn(
                "{rows} of {total} row skipped: {reasons} ({places}).",
                "{rows} of {total} rows skipped: {reasons} ({places}).",
                self.total,
            )
        return sentence.format(
            rows=whole(self.rows),
            total=whole(self.total),
            reasons=in_a_row(
                words.format(count=whole(count)) for words, count in reasons.items() if count
            ),
            places=self._places_in_words(),
        )

    def _places_in_words(self) -> str:
        words = {
            Counted.LINES: trn("line {places}", "lines {places}", self.rows),
            Counted.ROWS: trn("row {places}", "rows {places}", self.rows),
            Counted.RECORDS: trn("record {places}", "records {places}", self.rows),
        }[self.counted].format(places=joined(map(whole, self.places)))
        if more := self.rows - len(self.places):
            return tr("{places} and {count} more").format(places=words, count=whole(more))
        return words


@dataclass(frozen=True, eq=False)
class Edited:
    """What a person has changed of the examples of a dataset.

    Attributes
    ----------
    original : Dataset
        The examples before.
    moved, added, removed : ndarray of int
        The places of these examples, ascending.
    """

    original: "Dataset"
    moved: npt.NDArray[np.int64]
    added: npt.NDArray[np.int64]
    removed: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """Return the number of examples that differ."""
        return len(self.moved) + len(self.added) + len(self.removed)

    @property
    def counts(self) -> list[tuple[int, str]]:
        """Return how many were moved, added and removed: as numbers, and in words."""
        parts = (
            (len(self.moved), trn("{count} moved", "{count} moved", len(self.moved))),
            (len(self.added), trn("{count} added", "{count} added", len(self.added))),
            (len(self.removed), trn("{count} removed", "{count} removed", len(self.removed))),
        )
        return [(count, words.format(count=whole(count))) for count, words in parts]

    @property
    def words(self) -> str:
        """Return how many were moved, added and removed, in words."""
        return in_a_row(words for count, words in self.counts if count)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples. Equal only to itself, so that settings can hold it and be compared.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        Finite and read-only, so that threads can share it. Drawn data is in single precision, as
        MXNet trains on it; measured data is in double precision, but not too large for single.
    target : ndarray, shape (n,)
        Likewise.
    feature_names : tuple of str
        One name for each column of ``features``. These and the next two become fit for the screen.
    target_name : str
        Name of the target.
    name : str
        Where measured data comes from, in a few words: a file's name.
    sample : str
        Which of the bundled tables it is, by `classics.Sample.name`; empty for all other data.
    skipped : Skipped
        The rows of the table that are not among the examples.
    remarks : tuple of str
        How the table was read where that is not certain, in sentences.
    true_parameters : tuple of float or None
        The weights, then the bias, that the data was drawn with; None for measured data.
    noise_std : float or None
        Standard deviation of the noise that was added; None for measured data.
    places : ndarray of int or None
        Where a part of the examples stood among all of them, from 0; None for all in their order.
    edited : Edited or None
        What a person has changed of other data by hand; None if nothing.
    """

    features: FloatArray
    target: FloatArray
    feature_names: tuple[str, ...]
    target_name: str = "y"
    name: str = ""
    sample: str = ""
    skipped: Skipped = Skipped()
    remarks: tuple[str, ...] = ()
    true_parameters: tuple[float, ...] | None = None
    noise_std: float | None = None
    places: npt.NDArray[np.int64] | None = None
    edited: Edited | None = None

    def __post_init__(self) -> None:
        names = tuple(map(cleaned, self.feature_names))
        object.__setattr__(self, "feature_names", names)  # the class is frozen
        object.__setattr__(self, "target_name", cleaned(self.target_name))
        if self.name != (name := cleaned(self.name)):  # one of ours can be told again
            object.__setattr__(self, "name", name)
        self.features.setflags(write=False)
        self.target.setflags(write=False)

    def __str__(self) -> str:
        return retold(self.name)

    def is_like(self, other: Self) -> bool:
        """Return whether ``other`` has the same examples, even if it was read another time."""
        if self is other:
            return True
        words = (str(self), self.feature_names, self.target_name)
        return (
            words == (str(other), other.feature_names, other.target_name)
            and np.array_equal(self.features, other.features)
            and np.array_equal(self.target, other.target)
        )

    def rows(self, rows: npt.NDArray[np.int64]) -> Self:
        """Return some of the examples."""
        features, target = self.features[rows], self.target[rows]
        return replace(self, features=features, target=target, places=self.places_of(rows))

    def places_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where some of the examples stood among all of them, from 0."""
        return rows if self.places is None else self.places[rows]

    def rows_at(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the rows of those of the examples at ``places``, ascending, that are here.

        The examples must be in their order, as parts of a dataset are.
        """
        if self.places is None:
            return places[(places >= 0) & (places < self.size)]
        rows = np.searchsorted(self.places, places)
        rows = rows[rows < self.size]
        found: npt.NDArray[np.int64] = rows[self.places[rows] == places[: len(rows)]]
        return found

    def divided(self, held_out: int, seed: int) -> tuple[Self, Self | None]:
        """Return the training examples and those held out, in their order; the seed draws them."""
        if not held_out:
            return self, None
        order = np.random.default_rng(seed).permutation(self.size)
        testing, training = np.split(order, [held_out])
        return self.rows(np.sort(training)), self.rows(np.sort(testing))

    def in_single_precision(self) -> Self:
        """Return the examples as MXNet trains on them."""
        return replace(
            self,
            features=self.features.astype(np.float32, copy=False),
            target=self.target.astype(np.float32, copy=False),
        )

    @property
    def size(self) -> int:
        """Return the number of examples, n."""
        return len(self.target)

    @property
    def dimension(self) -> int:
        """Return the number of features, d."""
        return self.features.shape[1]

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return a name for each weight, that of its column, and one for the bias.

        x, x0, x1 and so on say no more than w0, w1 and so on, which the lesson uses.
        """
        names = tuple(
            f"w{index}" if _SYMBOL.fullmatch(name) else name
            for index, name in enumerate(self.feature_names)
        )
        return (*names, tr("bias") if "b" in names else "b")


def are_years(values: FloatArray) -> bool:
    """Return whether numbers are written like years, 1990 and not 1,990.

    They are if all are whole, from 1000 to 2999, and span less than 1000.
    """
    low, high = values.min(), values.max()
    return bool(low >= 1000 and high < 3000 and high - low < 1000 and not np.any(values % 1))


def counted_examples(count: int) -> str:
    """Return a number of examples in words."""
    words = trn("{count} example", "{count} examples", count)
    return words.format(count=whole(count))


def counted_features(count: int) -> str:
    """Return a number of features in words."""
    words = trn("{count} feature", "{count} features", count)
    return words.format(count=whole(count))
