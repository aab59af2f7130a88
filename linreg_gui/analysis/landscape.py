"""The loss over the parameters, and gradient descent on all the examples at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linreg_gui.analysis.least_squares import FLAT, Axes, References
from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.number_text import NOTHING, decimals_for, fixed

_CONTOUR_PLACES = 181
"""A contour is found at this number of places along it, on both of its sides."""


class Landscape:
    """The loss over all the examples, as a function of the parameters.

    Parameters
    ----------
    moments : Moments
        Of the examples.
    references : References
        Their least-squares solution in the landscape's units, and the loss there.
    to_standardized : ndarray, shape (d + 1, d + 1), or None
        It maps parameters in the landscape's units to those for the features that the moments
        standardize; None if these are the landscape's units.

    Attributes
    ----------
    size : int
        The number of examples.
    variance : float
        Of their target: the loss of the best constant.
    optimum : ndarray, shape (d + 1,)
        The least-squares solution: weights, then bias.
    lowest : float
        The loss there.
    root : ndarray, shape (k, d + 1)
        The loss is ``lowest + |root·(θ − optimum)|²``.
    """

    def __init__(
        self,
        moments: Moments,
        references: References,
        to_standardized: DoubleArray | None = None,
    ) -> None:
        self.size = moments.size
        self.variance = moments.target_variance
        self.optimum = np.array(references.parameters)
        self.lowest = references.loss
        self.root = moments.loss_root
        if to_standardized is not None:
            self.root = self.root @ to_standardized

    def loss(self, parameters: Sequence[float] | FloatArray) -> float:
        """Return the loss at ``parameters``, shape (d + 1,)."""
        return float(self.losses(np.asarray(parameters)[:, np.newaxis])[0])

    def losses(self, parameters: FloatArray) -> DoubleArray:
        """Return the loss at each column of ``parameters``, shape (d + 1, k)."""
        distances = parameters - self.optimum[:, np.newaxis]
        losses: DoubleArray = self.lowest + np.sum((self.root @ distances) ** 2, axis=0)
        return losses

    def rmse(self, parameters: FloatArray) -> float:
        """Return the root of the loss, in units of the target."""
        return math.sqrt(self.loss(parameters))

    def r_squared(self, parameters: FloatArray) -> float | None:
        """Return 1 − loss/variance; None where the target has no spread."""
        return 1.0 - self.loss(parameters) / self.variance if self.variance else None

    def fit_texts(self, parameters: FloatArray) -> tuple[str, str]:
        """Return RMSE and R² for people to read."""
        r_squared = self.r_squared(parameters)
        return (
            fixed(self.rmse(parameters), decimals_for(math.sqrt(self.variance))),
            NOTHING if r_squared is None else fixed(r_squared),
        )

    @property
    def hessian(self) -> DoubleArray:
        """Return the loss's second derivatives, shape (d + 1, d + 1); the same everywhere."""
        return 2 * self.root.T @ self.root

    @property
    def stable_rate(self) -> float:
        """Return the learning rate above which full batches diverge: 2/λmax of the Hessian."""
        return 1.0 / float(np.linalg.norm(self.root, ord=2)) ** 2

    def gradient(self, parameters: Sequence[float] | DoubleArray) -> DoubleArray:
        """Return the loss's gradient at ``parameters``, shape (d + 1,) both."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        gradient: DoubleArray = 2 * self.root.T @ (self.root @ distance)
        return gradient

    def slice(self, pair: tuple[int, int], parameters: Sequence[float] | DoubleArray) -> "Slice":
        """Return the loss over two parameters; the others are held at those of ``parameters``."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        distance[list(pair)] = 0.0
        root, pull = self.root[:, pair], self.root @ distance
        # Where the others are not at their optimum, the bottom of the slice is elsewhere.
        shift = Axes.of(root).solve(-pull)
        raised = pull + root @ shift
        return Slice(self.optimum[list(pair)] + shift, self.lowest + float(raised @ raised), root)


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss over two parameters: a paraboloid.

    Attributes
    ----------
    center : ndarray, shape (2,)
        Where it is lowest.
    lowest : float
        The loss there.
    root : ndarray, shape (k, 2)
        The loss is ``lowest + |root·u|²`` at a distance u from the center.
    """

    center: DoubleArray
    lowest: float
    root: DoubleArray

    def excess(self, points: DoubleArray) -> DoubleArray:
        """Return how far the loss is above ``lowest`` at ``points``, shape (k, 2)."""
        excess: DoubleArray = np.sum(((points - self.center) @ self.root.T) ** 2, axis=1)
        return excess

    def extent(self, excess: float) -> DoubleArray:
        """Return how far the contour extends along each parameter, shape (2,)."""
        extent: DoubleArray = np.sqrt(excess) * self._reach
        return extent

    @cached_property
    def _reach(self) -> DoubleArray:
        reach: DoubleArray = np.linalg.norm(Axes.of(self.root).half_axes, axis=1)
        return reach

    def contour(self, excess: float, low: DoubleArray, high: DoubleArray) -> DoubleArray:
        """Return the outline of where the loss is below ``lowest + excess``, shape (k, 2).

        Only the part between the corners ``low`` and ``high`` is returned, so that the number of
        points is limited, and each is as exact as a corner: the rest may be 10³⁰ times as long.
        There are no points if nothing is there, or if the loss is the same everywhere.
        """
        size = high - low
        columns = (self.root * size).T  # from here on the rectangle is the unit square
        steep = int(np.linalg.norm(columns[1]) > np.linalg.norm(columns[0]))
        across, along = columns[steep], columns[1 - steep]
        slope = float(np.linalg.norm(across))
        if slope == 0:
            return np.empty((0, 2))
        lean = float(across / slope @ along) / slope
        rest = float(np.linalg.norm(along - lean * across))
        end = math.sqrt(excess) / rest if rest > FLAT * np.linalg.norm(along) else math.inf
        bottom = (self.center - low) / size
        first, last = -bottom[1 - steep], 1 - bottom[1 - steep]
        places = np.linspace(max(first, -end), min(last, end), _CONTOUR_PLACES)
        if places[0] > places[-1]:
            return np.empty((0, 2))
        if end < math.inf:  # near its ends the outline is round
            round_ends = end * np.sin(np.linspace(-np.pi / 2, np.pi / 2, _CONTOUR_PLACES))
            inside = (round_ends > places[0]) & (round_ends < places[-1])
            places = np.sort(np.append(places, round_ends[inside]))
        share = np.clip(places / end, -1, 1)
        half = math.sqrt(excess) / slope * np.sqrt((1 - share) * (1 + share))
        middle = bottom[steep] - lean * places
        outline = np.column_stack(
            [
                np.append(middle - half, (middle + half)[::-1]),
                np.append(places, places[::-1]) + bottom[1 - steep],
            ]
        )
        outline = _cut(_cut(outline, 0.0, 1), 1.0, -1)
        points: DoubleArray = low + size * (outline[:, ::-1] if steep else outline)
        return points


def _cut(outline: DoubleArray, edge: float, side: int) -> DoubleArray:
    """Return the part of a convex ``outline`` whose x is on one ``side`` of ``edge``: 1 or -1."""
    beyond = side * (outline[:, 0] - edge)
    following, next_points = np.roll(beyond, -1), np.roll(outline, -1, axis=0)
    crosses = (beyond >= 0) != (following >= 0)
    share = np.divide(beyond, beyond - following, out=np.zeros_like(beyond), where=crosses)
    crossings = outline + share[:, np.newaxis] * (next_points - outline)
    both = np.stack([outline, crossings], axis=1).reshape(-1, 2)
    kept: DoubleArray = both[np.column_stack([beyond >= 0, crosses]).ravel()]
    return kept


class Descent:
    """Gradient descent at the best fixed rate, in closed form.

    Directions in which the loss does not change, as a constant or collinear feature makes them,
    do not count here: no step moves along them.

    Parameters
    ----------
    landscape : Landscape
        The bowl.
    start : ndarray, shape (d + 1,)
        Where the first step starts, in the landscape's units.

    Attributes
    ----------
    flat : int
        The number of directions in which the loss does not change.
    condition : float
        κ: how many times as steep the steepest direction is as the least steep one.
    largest_rate : float
        The rate above which the steps diverge: 2/λmax.
    best_rate : float
        The rate that is used: 2/(λmin + λmax).
    """

    def __init__(self, landscape: Landscape, start: Sequence[float] | FloatArray) -> None:
        self._start = np.array(start, np.float64)
        self._curvatures, self._directions = Axes.of(landscape.root).curvatures()
        highest, lowest = float(self._curvatures[0]), float(self._curvatures[-1])
        self.flat = len(self._start) - len(self._curvatures)
        self.condition = highest / lowest
        self.largest_rate = 2 / highest
        self.best_rate = 2 / (lowest + highest)
        self._distances = self._directions @ (self._start - landscape.optimum)
        # 1 − |1 − ηλ| would drown in rounding in a steep valley; the nearer end tells it exactly.
        to_ends = np.minimum(self._curvatures, (highest - self._curvatures) + lowest)
        self._shrinks_by = np.minimum(to_ends * self.best_rate, 1.0)

    def steps(self, share: float = 0.01) -> int:
        """Return the steps that bring the loss to within ``share`` of its excess at the start."""
        excesses = self._curvatures * self._distances**2
        allowed = share * float(excesses.sum())
        if not allowed:
            return 0
        with np.errstate(divide="ignore"):
            logarithms = 2 * np.log1p(-self._shrinks_by)

        too_few, enough = 0, max(1, math.ceil(math.log(share) / float(logarithms.max())))
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if float(excesses @ np.exp(float(middle) * logarithms)) <= allowed:
                enough = middle
            else:
                too_few = middle
        return enough

    def path(self, steps: int) -> DoubleArray:
        """Return the start and where each of ``steps`` steps leads, shape (d + 1, steps + 1)."""
        factors = 1 - self.best_rate * self._curvatures
        left = factors[:, np.newaxis] ** np.arange(steps + 1)
        moved = self._directions.T @ (self._distances[:, np.newaxis] * (left - 1))
        path: DoubleArray = self._start[:, np.newaxis] + moved
        return path


def elongation(landscape: Landscape, pair: tuple[int, int]) -> float:
    """Return κ in the plane of two parameters; 1 where at most one direction is not flat."""
    curvatures, _ = Axes.of(landscape.root[:, pair]).curvatures()
    return float(curvatures[0] / curvatures[-1]) if len(curvatures) else 1.0
