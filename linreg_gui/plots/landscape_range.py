"""Which part of the plane of two parameters the landscape shows."""

from collections.abc import Iterable

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.plots.ranges import Range, grown, including, round_up, widened

_MARGIN = 0.2
_MOST_SPANS = 2.0
"""The range grows beyond start, optimum and truth by at most this many times their span."""

_EXPLODED = 6.0
"""A path that is this many spans away from the middle explodes: its first turns are shown."""

_FARTHEST_TURN = 15.0
"""The first turns are shown no more spans away from the middle than this."""

_MOST_ELONGATED = 12.0
"""With one scale for both axes, points farther apart along one of them would be a line."""


class PlaneRange:
    """The range around the points of interest, and the way of a run beyond it.

    A path that explodes is shown from farther away, but only its first turns: the last ones would
    be 10³⁰ times as large.
    """

    def __init__(self) -> None:
        self.begin(np.array([[-1.0, 1.0], [-1.0, 1.0]]))

    def begin(self, points: DoubleArray) -> None:
        """Show ``points``, shape (2, k), with a margin, and no path yet."""
        self._first = self._window = self._around(points, _MARGIN)
        self._limits = self._around(points, _MOST_SPANS)

    @property
    def is_readable_square(self) -> bool:
        """Return whether the points can be told apart along both axes if these have one scale."""
        width, height = (high - low for low, high in self._first)
        return 1 / _MOST_ELONGATED <= width / height <= _MOST_ELONGATED

    def follow(self, path: DoubleArray, *, is_complete: bool) -> None:
        """Grow to hold a path, shape (2, k), as far as it stays near; its end if it is complete."""
        if path.size and not self._turns(path):
            x, y = map(grown, self._window, path.min(axis=1), path.max(axis=1), self._limits)
            if is_complete:
                x, y = map(including, (x, y), path[:, -1])
            self._window = x, y

    def holding(
        self, paths: Iterable[DoubleArray], places: Iterable[tuple[float, float]]
    ) -> tuple[Range, Range]:
        """Return the range along x and y; it holds the first turns of those ``paths`` that explode.

        It then keeps the middle and takes few sizes, so that it stands still while a rate moves.
        It holds all ``places``, too, however far away they are.
        """
        spans = max((self._turns(path) for path in paths), default=0.0)
        x, y = self._window
        if spans:
            x, y = (
                ((low + high) / 2 - spans * (high - low), (low + high) / 2 + spans * (high - low))
                for low, high in self._first
            )
        for place in places:
            x, y = map(including, (x, y), place)
        return x, y

    @staticmethod
    def _around(points: DoubleArray, margin: float) -> tuple[Range, Range]:
        x, y = (widened(along, margin) for along in points)
        return x, y

    def _turns(self, path: DoubleArray) -> float:
        """Return how many spans the first turns of an exploding path reach; 0 if it does not."""
        low, high = np.array(self._first).T[:, :, np.newaxis]
        spans = (np.abs(path - (low + high) / 2) / (high - low)).max(axis=0)
        exploded = spans > _EXPLODED
        if not exploded.any():
            return 0.0
        return round_up(min(float(spans[exploded.argmax()]), _FARTHEST_TURN))
