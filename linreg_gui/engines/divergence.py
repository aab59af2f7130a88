"""When a run counts as diverged. Both engines decide by this rule.

A step is sound if its loss is finite and every example's residual after it has a finite square, in
single precision. The parameters bound the residuals, see `Problem.residual_bounds`.
"""

import math
import operator
from collections.abc import Sequence

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.data.single_precision import LARGEST

LARGEST_RESIDUAL = math.sqrt(LARGEST)
"""The square of this residual is the largest loss."""


def is_sound(loss: float, parameters: Sequence[float], residual_bounds: Sequence[float]) -> bool:
    """Return whether one step is sound. For a few numbers, Python's floats are faster than NumPy.

    Parameters
    ----------
    loss : float
        Before the step.
    parameters : sequence of float, shape (d + 1,)
        After the step.
    residual_bounds : sequence of float, shape (d + 2,)
        From `Problem.residual_bounds`.
    """
    sizes = (*map(abs, parameters), 1.0)
    residual = sum(map(operator.mul, sizes, residual_bounds))
    return math.isfinite(loss) and residual < LARGEST_RESIDUAL


def count_sound(losses: DoubleArray, parameters: DoubleArray, residual_bounds: DoubleArray) -> int:
    """Return how many steps are sound before the first that is not.

    Parameters
    ----------
    losses : ndarray, shape (k,)
        Before each step.
    parameters : ndarray, shape (k, d + 1)
        After each step.
    residual_bounds : ndarray, shape (d + 2,)
        From `Problem.residual_bounds`.
    """
    with np.errstate(all="ignore"):  # a diverging run goes on to ∞ − ∞
        residuals = np.abs(parameters) @ residual_bounds[:-1] + residual_bounds[-1]
        sound = (residuals < LARGEST_RESIDUAL) & (losses <= LARGEST)
    return len(sound) if sound.all() else int(sound.argmin())
