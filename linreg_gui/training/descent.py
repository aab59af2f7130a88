"""Gradient descent on all the examples at once: how far the bowl's shape lets it come.

Along an eigenvector of the Hessian with eigenvalue λ, each step multiplies the distance to the
optimum by 1 − ηλ. So any number of steps is known without making one. The best rate for all
directions is η = 2/(λmin + λmax); with it none shrinks more slowly than by (κ − 1)/(κ + 1) for
κ = λmax/λmin (Nesterov, Introductory Lectures on Convex Optimization, 2004, theorem 2.1.14).
"""

import math
from collections.abc import Sequence

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.training.landscape import Landscape, balanced_axes


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
