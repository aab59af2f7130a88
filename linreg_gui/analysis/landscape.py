"""The loss over the parameters, and gradient descent on all the examples at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.analysis.least_squares import References
from linreg_gui.data.dataset import DoubleArray, FloatArray

_FLAT = 1e-12
"""Below this curvature a direction is flat, where each parameter alone has one of 1."""
_CONTOUR_POINTS = 361


class Landscape:
    """The loss over all the examples, as a function of the parameters.

    Parameters
    ----------
    moments : ndarray, shape (d + 1, d + 1)
        S = ZᵀZ/n.
    references : References
        The least-squares solution and the loss there.

    Attributes
    ----------
    optimum : ndarray, shape (d + 1,)
        The least-squares solution: weights, then bias.
    lowest : float
        The loss there.
    """

    def __init__(self, moments: DoubleArray, references: References) -> None:
        self.optimum = np.array(references.parameters)
        self.lowest = references.loss
        self._moments = moments

    def loss(self, parameters: Sequence[float] | DoubleArray) -> float:
        """Return the loss at ``parameters``, shape (d + 1,)."""
        return float(self.losses(np.asarray(parameters)[:, np.newaxis])[0])

    def losses(self, parameters: FloatArray) -> DoubleArray:
        """Return the loss at each column of ``parameters``, shape (d + 1, k)."""
        distances = parameters - self.optimum[:, np.newaxis]
        excess = np.sum(distances * (self._moments @ distances), axis=0)
        losses: DoubleArray = self.lowest + np.maximum(excess, 0.0)  # rounding may leave less
        return losses

    @property
    def hessian(self) -> DoubleArray:
        """Return the loss's second derivatives 2·S, shape (d + 1, d + 1); the same everywhere."""
        return 2 * self._moments

    @property
    def stable_rate(self) -> float:
        """Return the learning rate above which full batches diverge: 2/λmax of the Hessian 2·S."""
        return 1.0 / float(np.linalg.eigvalsh(self._moments)[-1])

    def gradient(self, parameters: Sequence[float] | DoubleArray) -> DoubleArray:
        """Return the loss's gradient 2·S·(θ − θ*) at ``parameters``, shape (d + 1,) both."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        gradient: DoubleArray = 2 * self._moments @ distance
        return gradient

    def slice(self, pair: tuple[int, int], parameters: Sequence[float] | DoubleArray) -> "Slice":
        """Return the plane of two parameters, the others held at those of ``parameters``."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        distance[list(pair)] = 0.0
        matrix = self._moments[np.ix_(pair, pair)]
        # Where the others are off their optimum, the bottom of the slice is moved.
        pull = (self._moments @ distance)[list(pair)]
        steep, _ = _half_axes(matrix)
        shift = -steep @ steep.T @ pull
        raised = float(distance @ self._moments @ distance + shift @ pull)
        return Slice(self.optimum[list(pair)] + shift, self.lowest + max(0.0, raised), matrix)


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss over two parameters: a paraboloid.

    Attributes
    ----------
    center : ndarray, shape (2,)
        Where it is lowest.
    lowest : float
        The loss there.
    matrix : ndarray, shape (2, 2)
        The loss is ``lowest + uᵀ·matrix·u`` at a distance u from the center.
    """

    center: DoubleArray
    lowest: float
    matrix: DoubleArray

    def excess(self, points: DoubleArray) -> DoubleArray:
        """Return how far the loss is above ``lowest`` at ``points``, shape (k, 2)."""
        distance = points - self.center
        excess: DoubleArray = np.einsum("ki,ij,kj->k", distance, self.matrix, distance)
        return excess

    def extent(self, excess: float) -> DoubleArray:
        """Return how far the contour's steep axes reach along each parameter, shape (2,)."""
        extent: DoubleArray = np.sqrt(excess) * np.linalg.norm(_half_axes(self.matrix)[0], axis=1)
        return extent

    def contour(self, excess: float, reach: float) -> list[DoubleArray]:
        """Return the lines on which the loss is ``lowest + excess``, each of shape (k, 2).

        They are an ellipse; or two parallel lines, drawn as far as ``reach`` from the center,
        where one direction is flat; or none, where both are.
        """
        steep, flat = _half_axes(self.matrix)
        steep = np.sqrt(excess) * steep.T
        if len(steep) == 0:
            return []
        if len(steep) == 1:
            along = np.linspace(-reach, reach, _CONTOUR_POINTS)
            line = np.outer(along, flat / np.linalg.norm(flat))
            return [self.center + side * steep + line for side in (1, -1)]
        angles = np.linspace(0.0, 2 * np.pi, _CONTOUR_POINTS)
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        return [self.center + circle @ steep]


def balanced_axes(matrix: DoubleArray) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Return the eigenvalues and eigenvectors where every parameter alone has a curvature of 1.

    In such steps neither a large nor a small feature drowns in the other's rounding, and one far
    from 0, such as a year, is not taken for a constant. Flat directions have an eigenvalue of 0.

    Parameters
    ----------
    matrix : ndarray, shape (k, k)
        Second moments, or a Hessian.

    Returns
    -------
    steps : ndarray, shape (k,)
        How long a step of 1 is, in each parameter's own units.
    curvatures : ndarray, shape (k,)
        The smallest first.
    axes : ndarray, shape (k, k)
        In columns, in these steps.
    """
    costs = np.diag(matrix)
    steps = 1 / np.sqrt(np.where(costs > 0, costs, 1.0))
    curvatures, axes = np.linalg.eigh(matrix * np.outer(steps, steps))
    return steps, np.where(curvatures > _FLAT, curvatures, 0.0), axes


def _half_axes(matrix: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Return those of the contour with an excess of 1, and the flat directions, in columns."""
    steps, curvatures, axes = balanced_axes(matrix)
    axes *= steps[:, np.newaxis]
    steep = curvatures > 0
    return axes[:, steep] / np.sqrt(curvatures[steep]), axes[:, ~steep]


class Descent:
    """Gradient descent at the best fixed rate, in closed form.

    Directions in which the loss does not change, as a constant or collinear feature makes them,
    count for nothing here: no step moves along them.

    The smallest curvature is as accurate as the moments are: for one feature with a mean of m
    standard deviations, to some 1e-16·m². That is 1e-11 for the years 2001 to 2020; from m = 1e6 on
    the feature counts as constant.

    Parameters
    ----------
    landscape : Landscape
        The bowl.
    start : ndarray, shape (d + 1,)
        Where the first step is made from, in the landscape's units.

    Attributes
    ----------
    flat : int
        How many directions the loss does not change in.
    condition : float
        κ, how many times as steep the steepest direction is as the least steep one.
    largest_rate : float
        The rate above which the steps diverge: 2/λmax.
    best_rate : float
        The rate that is used: 2/(λmin + λmax).
    """

    def __init__(self, landscape: Landscape, start: Sequence[float] | FloatArray) -> None:
        self._start = np.array(start, np.float64)
        self._curvatures, self._directions = _curvatures(landscape.hessian)
        highest, lowest = float(self._curvatures[0]), float(self._curvatures[-1])
        self.flat = len(self._start) - len(self._curvatures)
        self.condition = highest / lowest
        self.largest_rate = 2 / highest
        self.best_rate = 2 / (lowest + highest)
        self._distances = self._directions @ (self._start - landscape.optimum)
        # 1 − |1 − ηλ| is lost in rounding for a steep valley; so it is told from its nearer end.
        to_ends = np.minimum(self._curvatures, (highest - self._curvatures) + lowest)
        self._shrinks_by = np.minimum(to_ends * self.best_rate, 1.0)

    def steps(self, share: float = 0.01) -> int:
        """Return how many steps bring the loss to within ``share`` of its excess at the start."""
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
    """Return κ in the plane of two parameters; 1 where at most one direction there is not flat."""
    curvatures, _ = _curvatures(landscape.hessian[np.ix_(pair, pair)])
    return float(curvatures[0] / curvatures[-1]) if len(curvatures) else 1.0


def _curvatures(hessian: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Return the eigenvalues that are not 0, the largest first, and their eigenvectors in rows.

    A square root of the Hessian is decomposed: its singular values span half as many powers of ten.
    """
    steps, shares, axes = balanced_axes(hessian)
    steep = shares > 0
    root = np.sqrt(shares[steep])[:, np.newaxis] * axes[:, steep].T / steps
    _, singular, directions = np.linalg.svd(root, full_matrices=False)
    return singular**2, directions
