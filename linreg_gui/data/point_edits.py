"""Examples that a person moves, adds and removes; every change can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import Dataset, DoubleArray, Edited
from linreg_gui.data.single_precision import LARGEST, SMALLEST
from linreg_gui.number_text import exact, whole
from linreg_gui.texts import tr

MOST_EXAMPLES = 10_000
MOST_FEATURES = 2
FEWEST_EXAMPLES = 2
"""A run needs as many."""

Places = npt.NDArray[np.int64]


class Points(NamedTuple):
    """Some examples: features, shape (k, d), and target, shape (k,)."""

    features: DoubleArray
    target: DoubleArray


@dataclass(frozen=True, eq=False)
class Change:
    """The examples at ``places`` before and after a change; None where there are none.

    Undone, it is the change from ``after`` to ``before``.
    """

    places: Places
    before: Points | None
    after: Points | None

    @property
    def undone(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(self.places, self.after, self.before)


class PointEdits:
    """The examples of a dataset, and what a person has changed of them.

    Each example keeps its place, whatever happens to others: that of an example that was added is
    the next one after all there ever were. A change is kept as the examples that it concerns, so
    any number of them can be undone, and undoing all of them gives back the very same dataset.

    Attributes
    ----------
    original : Dataset
        The examples before the first change; it may have none.
    places : ndarray of int, shape (n,)
        Where the present examples stand, ascending.
    """

    def __init__(self, original: Dataset) -> None:
        self.original = original
        self.places: Places = original.places_of(np.arange(original.size, dtype=np.int64))
        self._features = original.features.astype(np.float64)
        self._target = original.target.astype(np.float64)
        self._next = int(self.places.max(initial=-1)) + 1
        self._done: list[list[Change]] = []  # those in a list are undone together
        self._undone: list[list[Change]] = []
        self._touched: set[int] = set()

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Return the edits that have made ``dataset``, none of which can be undone by itself."""
        assert dataset.edited is not None
        edits = cls(dataset.edited.original)
        edits._features, edits._target = dataset.features, dataset.target
        edits.places = dataset.places_of(np.arange(dataset.size, dtype=np.int64))
        edits._next = max(edits._next, int(edits.places.max(initial=-1)) + 1)
        changes = (dataset.edited.moved, dataset.edited.added, dataset.edited.removed)
        edits._touched.update(*(places.tolist() for places in changes))
        return edits

    @property
    def size(self) -> int:
        """Return the number of examples now."""
        return len(self.places)

    @property
    def can_undo(self) -> bool:
        """Return whether there is a change to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Return whether there is a change to do again."""
        return bool(self._undone)

    def at(self, places: Places) -> Points:
        """Return the examples at ``places``, which must be there."""
        rows = np.searchsorted(self.places, places)
        return Points(self._features[rows], self._target[rows])

    def move(self, places: Places, points: Points, *, joins: bool = False) -> Change:
        """Move the examples at ``places``, ascending; return what has changed.

        If it ``joins`` the last change, which moved the same ones, both are undone together.
        """
        change = Change(places, self.at(places), points)
        last = self._last_move_of(places)
        if joins and last is not None:
            self._done[-1] = [replace(last, after=points)]
            self._undone.clear()
            self._put(change)
            return change
        return self._do(change)

    def add(self, points: Points) -> Change:
        """Add examples; return what has changed."""
        places = np.arange(self._next, self._next + len(points.target), dtype=np.int64)
        self._next += len(places)
        return self._do(Change(places, None, points))

    def remove(self, places: Places) -> Change:
        """Remove the examples at ``places``, ascending; return what has changed."""
        return self._do(Change(places, self.at(places), None))

    def undo(self) -> list[Change]:
        """Undo the last change; return what has changed."""
        self._undone.append(self._done.pop())
        changes = [change.undone for change in reversed(self._undone[-1])]
        for change in changes:
            self._put(change)
        return changes

    def withdraw(self) -> list[Change]:
        """Undo the last change, which cannot be done again; return what has changed."""
        changes = self.undo()
        self._undone.pop()
        return changes

    def redo(self) -> list[Change]:
        """Do the last change that was undone again; return what has changed."""
        self._done.append(self._undone.pop())
        for change in self._done[-1]:
            self._put(change)
        return self._done[-1]

    def restore(self) -> list[Change]:
        """Go back to the original, which can be undone like any change; return what has changed."""
        original = PointEdits(self.original)
        added = np.setdiff1d(self.places, original.places)
        removed = np.setdiff1d(original.places, self.places)
        moved = self._moved(original.places)
        changes = [
            Change(added, self.at(added), None),
            Change(removed, None, original.at(removed)),
            Change(moved, self.at(moved), original.at(moved)),
        ]
        for change in changes:
            self._put(change)
        self._done.append(changes)
        self._undone.clear()
        return changes

    def dataset(self) -> Dataset:
        """Return the present examples: the original dataset itself, if they are the same.

        Others are measured data: nobody knows parameters that they were drawn with.
        """
        original = self.original
        first = original.places_of(np.arange(original.size, dtype=np.int64))
        edited = Edited(
            original=original,
            moved=self._moved(first),
            added=self.places[~_among(self.places, first)],
            removed=first[~_among(first, self.places)],
        )
        if not edited.count:
            return original
        name = original.name or tr("synthetic")
        if original.size:
            name = tr("{name}, edited: {changes}").format(name=name, changes=edited.words)
        return Dataset(
            features=self._features,
            target=self._target,
            feature_names=original.feature_names,
            target_name=original.target_name,
            name=name,
            skipped=original.skipped,
            remarks=original.remarks,
            places=self.places,
            edited=edited,
        )

    def _moved(self, first: Places) -> Places:
        """Return those of the places ``first``, of the original, whose examples are elsewhere now.

        Only examples that some change was about can be.
        """
        touched = np.array(sorted(self._touched), np.int64)
        touched = touched[_among(touched, first) & _among(touched, self.places)]
        before, now = self.original.rows_at(touched), np.searchsorted(self.places, touched)
        differ = (self._features[now] != self.original.features[before]).any(axis=1)
        differ |= self._target[now] != self.original.target[before]
        moved: Places = touched[differ]
        return moved

    def _last_move_of(self, places: Places) -> Change | None:
        """Return the last change, if it moved exactly the examples at ``places``."""
        match self._done[-1:]:
            case [[Change(moved, Points(), Points()) as last]] if np.array_equal(moved, places):
                return last
        return None

    def _do(self, change: Change) -> Change:
        self._put(change)
        self._done.append([change])
        self._undone.clear()
        return change

    def _put(self, change: Change) -> None:
        """Make the arrays new: others may hold those so far."""
        self._touched.update(change.places.tolist())
        if change.before is not None and change.after is not None:
            rows = np.searchsorted(self.places, change.places)
            self._features, self._target = self._features.copy(), self._target.copy()
            self._features[rows], self._target[rows] = change.after
            return
        if change.before is not None:
            kept = ~np.isin(self.places, change.places)
            self.places, self._features = self.places[kept], self._features[kept]
            self._target = self._target[kept]
        if change.after is not None:
            rows = np.searchsorted(self.places, change.places)
            self.places = np.insert(self.places, rows, change.places)
            self._features = np.insert(self._features, rows, change.after.features, axis=0)
            self._target = np.insert(self._target, rows, change.after.target)


def _among(places: Places, others: Places) -> npt.NDArray[np.bool_]:
    """Return which of ``places`` are among ``others``; both ascend. Mostly these have no gap."""
    found: npt.NDArray[np.bool_]
    if len(others) and others[-1] - others[0] == len(others) - 1:
        found = (places >= others[0]) & (places <= others[-1])
    else:
        found = np.isin(places, others, assume_unique=True)
    return found


def refusal(examples: int, features: int) -> str:
    """Say why data of this size cannot be edited point by point; empty if it can."""
    if features > MOST_FEATURES:
        return tr(
            "Points can be edited with 1 or 2 features. This data has {count}; choose fewer."
        ).format(count=whole(features))
    if examples > MOST_EXAMPLES:
        return tr(
            "Points can be edited in data of up to {most} examples. This has {count}; use fewer."
        ).format(most=whole(MOST_EXAMPLES), count=whole(examples))
    return ""


def check(numbers: Iterable[float]) -> None:
    """Raise ``ValueError`` with a sentence if a coordinate cannot be trained on."""
    for number in numbers:
        if not abs(number) <= LARGEST or 0 < abs(number) < SMALLEST:
            raise ValueError(
                tr(
                    "{value} does not fit into single precision; type a number of usual size."
                ).format(value=exact(number))
            )
