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
_GOLDEN_STEPS = 30
_GOLDEN = (5**0.5 - 1) / 2


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

    Matrices over parameters act on symmetric matrices here, which are written as vectors of
    D(D + 1)/2 numbers, those off the diagonal times √2, so that scalar products stay the same.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._size = dataset.size
        width = dataset.dimension + 1
        self._rows, self._columns = np.triu_indices(width)
        self._weights = np.where(self._rows == self._columns, 1.0, np.sqrt(2.0))
        moments = np.zeros((width, width))
        fourth = np.zeros((len(self._rows), len(self._rows)))
        for first in range(0, dataset.size, _ROWS_AT_ONCE):
            features = dataset.features[first : first + _ROWS_AT_ONCE].astype(np.float64)
            rows = np.column_stack([features, np.ones(len(features))])
            moments += rows.T @ rows
            products = rows[:, self._rows] * rows[:, self._columns] * self._weights
            fourth += products.T @ products
        self.hessian = 2.0 / dataset.size * moments
        self._mean_square = 4.0 / dataset.size * fourth  # E[h⊗h]
        self._square = self._operator(lambda x: self.hessian @ x @ self.hessian)
        self._drift = self._operator(lambda x: self.hessian @ x + x @ self.hessian)

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
            full_batch=2.0 / float(np.linalg.eigvalsh(self.hessian)[-1]),
            mean_square=mean_square,
            fastest=_fastest(drift, square, mean_square),
        )

    def _operator(self, function: Callable[[Matrix], Matrix]) -> Matrix:
        """Return the matrix of a linear map of symmetric matrices."""
        columns = []
        for i, j, weight in zip(self._rows, self._columns, self._weights, strict=True):
            unit = np.zeros_like(self.hessian)
            unit[i, j] = unit[j, i] = 1.0 / weight
            columns.append(function(unit)[self._rows, self._columns] * self._weights)
        return np.column_stack(columns)


def _fastest(drift: Matrix, square: Matrix, limit: float) -> float:
    """Minimise λmax(I − ηT + η²Q), which is convex in η, by golden section."""
    identity = np.eye(len(drift))

    def contraction(rate: float) -> float:
        return float(np.linalg.eigvalsh(identity - rate * drift + rate**2 * square)[-1])

    low, high = 0.0, limit
    for _ in range(_GOLDEN_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if contraction(left) <= contraction(right):
            high = right
        else:
            low = left
    return (low + high) / 2
