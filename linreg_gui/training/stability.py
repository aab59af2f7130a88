"""Which learning rates train: three limits and the fastest rate. Derived in docs/learning-rates.md.

A minibatch's step maps the distance e from the optimum to (I − ηH_b)e, plus noise that does not
depend on e; H_b = (2/m)·Z_bᵀZ_b is the minibatch's Hessian, h = 2zzᵀ one example's, H their mean.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import Dataset

Matrix = npt.NDArray[np.float64]

_ROWS_AT_ONCE = 2**15
_FLAT = 1e-12
_GRIDS, _GRID_POINTS = 6, 33


@dataclass(frozen=True)
class LearningRateLimits:
    """Learning rates for one dataset and batch size.

    Attributes
    ----------
    full_batch : float
        Gradient descent on all the examples at once diverges above it: 2/λmax(H).
    mean_square : float
        Below it the expected square of the error contracts: training is reliable.
    typical : float or None
        A typical run diverges above it; None while it is not known.
    fastest : float
        The expected square of the error shrinks fastest.
    """

    full_batch: float
    mean_square: float
    fastest: float
    typical: float | None = None


class Curvature:
    """The second and fourth moments of the data. What is asked of them costs no pass over it.

    Attributes
    ----------
    moments : ndarray, shape (d + 1, d + 1)
        ZᵀZ/n with Z = [X 1].

    Matrices over parameters act on symmetric matrices here, which are written as vectors of
    D(D + 1)/2 numbers, those off the diagonal times √2, so that scalar products stay the same.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._size = dataset.size
        width = dataset.dimension + 1
        self._pairs = np.triu_indices(width)
        on_diagonal = self._pairs[0] == self._pairs[1]
        self._weights = np.where(on_diagonal, 1.0, np.sqrt(2.0))
        second = np.zeros(len(self._weights))
        fourth = np.zeros((len(second), len(second)))
        for first in range(0, dataset.size, _ROWS_AT_ONCE):
            features = dataset.features[first : first + _ROWS_AT_ONCE]
            columns = np.ones((width, len(features)))
            columns[:-1] = features.T
            products = columns[self._pairs[0]] * columns[self._pairs[1]]
            second += products.sum(axis=1)
            fourth += products @ products.T
        self.moments = np.zeros((width, width))
        self.moments[self._pairs] = self.moments.T[self._pairs] = second / dataset.size
        hessian = 2.0 * self.moments
        self._steepest = float(np.linalg.eigvalsh(hessian)[-1])
        weights = np.outer(self._weights, self._weights)
        self._mean_square = 4.0 / dataset.size * weights * fourth  # E[h⊗h]
        self._square = self._operator(lambda x: hessian @ x @ hessian)
        self._drift = self._operator(lambda x: hessian @ x + x @ hessian)

    def limits(self, batch_size: int) -> LearningRateLimits:
        """Return the limits for minibatches of ``batch_size``.

        E[(I − ηH_b)⊗(I − ηH_b)] = I − ηT + η²Q with T = H⊗I + I⊗H and Q = E[H_b⊗H_b]. Drawn
        without replacement from n examples, Q = H⊗H + (n−m)/(m(n−1))·(E[h⊗h] − H⊗H). The
        spectral radius is below 1 as long as T − ηQ is positive: η < 1/λmax(T⁻¹Q).
        """
        size = self._size
        share = (size - batch_size) / (batch_size * (size - 1)) if size > 1 else 0.0
        square = self._square + share * (self._mean_square - self._square)
        values, vectors = np.linalg.eigh(self._drift)
        steep = values > _FLAT * values[-1]  # nothing ever moves along a flat direction
        whitening = vectors[:, steep] / np.sqrt(values[steep])
        drift = np.diag(values[steep])
        mean_square = 1.0 / float(np.linalg.eigvalsh(whitening.T @ square @ whitening)[-1])
        square = vectors[:, steep].T @ square @ vectors[:, steep]
        return LearningRateLimits(
            full_batch=2.0 / self._steepest,
            mean_square=mean_square,
            fastest=_fastest(drift, square, mean_square),
        )

    def _operator(self, function: Callable[[Matrix], Matrix]) -> Matrix:
        """Return the matrix of a linear map of symmetric matrices."""
        columns = []
        for i, j, weight in zip(*self._pairs, self._weights, strict=True):
            unit = np.zeros_like(self.moments)
            unit[i, j] = unit[j, i] = 1.0 / weight
            columns.append(function(unit)[self._pairs] * self._weights)
        return np.column_stack(columns)


def _fastest(drift: Matrix, square: Matrix, limit: float) -> float:
    """Minimise λmax(I − ηT + η²Q), which is convex in η, on grids that close in on it."""
    identity = np.eye(len(drift))
    low, high = 0.0, limit
    for _ in range(_GRIDS):
        rates = np.linspace(low, high, _GRID_POINTS)
        each = rates[:, np.newaxis, np.newaxis]
        slowest = np.linalg.eigvalsh(identity - each * drift + each**2 * square)[:, -1]
        best = int(slowest.argmin())
        low, high = rates[max(best - 1, 0)], rates[min(best + 1, _GRID_POINTS - 1)]
    return float((low + high) / 2)
