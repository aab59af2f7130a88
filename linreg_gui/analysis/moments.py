"""The moments of a dataset's examples: all that its analysis needs, computed once."""

from dataclasses import dataclass, replace
from typing import Self
from weakref import WeakKeyDictionary

import numpy as np

from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.scaling import FeatureRange, Scaling

_ROWS_AT_ONCE = 2**12
"""Each piece keeps the interpreter from the other threads, so it is kept short."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The second and fourth moments of the examples, in double precision.

    They are those of the standardized features, so that a feature far from 0, such as a year, loses
    no digits.

    Attributes
    ----------
    size : int
        The number of examples.
    scaling : Scaling
        It standardizes the features.
    ranges : tuple of FeatureRange
        The values of each feature.
    target_mean, largest_target : float
        The target's mean, and a bound of its absolute value.
    root : ndarray, shape (k, d + 1)
        rootᵀ·root are the mean products of the standardized features, and the target less its mean,
        with one another; k is at most d + 1.
    fourth : ndarray, shape (p, p)
        The mean of products·productsᵀ, where `products_of` the standardized features, 1, and the
        target less its mean has shape (p,).
    """

    size: int
    scaling: Scaling
    ranges: tuple[FeatureRange, ...]
    target_mean: float
    largest_target: float
    root: DoubleArray
    fourth: DoubleArray

    @property
    def loss_root(self) -> DoubleArray:
        """Return a root of the loss's quadratic form for standardized features, (k + 1, d + 1)."""
        rows, columns = self.root.shape
        root = np.zeros((rows + 1, columns))
        root[:-1, :-1] = self.root[:, :-1]
        root[-1, -1] = 1.0  # the features' means are 0, so the bias stands by itself
        return root

    @property
    def target_variance(self) -> float:
        """Return the target's variance: the loss of the best constant."""
        return float(self.root[:, -1] @ self.root[:, -1])

    def with_target(self, true_parameters: tuple[float, ...], noise_std: float) -> Self:
        """Return the moments for the target X·w + b + noise_std·y, where y is the one so far.

        Parameters
        ----------
        true_parameters : tuple of float
            The weights w, then the bias b, for the features as they were measured.
        noise_std : float
            The factor of the target so far.
        """
        weights, bias = np.array(true_parameters[:-1]), true_parameters[-1]
        along = self.root[:, :-1] @ (self.scaling.scale * weights)
        target = along + noise_std * self.root[:, -1]
        magnitudes = np.array([values.magnitude for values in self.ranges])
        columns = np.eye(len(weights) + 2)
        columns[-1] = [*(self.scaling.scale * weights), 0.0, noise_std]
        products = product_map(columns)
        return replace(
            self,
            target_mean=float(self.scaling.center @ weights) + bias + noise_std * self.target_mean,
            largest_target=float(magnitudes @ np.abs(weights))
            + abs(bias)
            + noise_std * self.largest_target,
            root=np.column_stack([self.root[:, :-1], target]),
            fourth=products @ self.fourth @ products.T,
        )


_known: WeakKeyDictionary[Dataset, Moments] = WeakKeyDictionary()


def moments_of(dataset: Dataset) -> Moments:
    """Return the moments of ``dataset``. They are computed once and kept as long as it is."""
    moments = _known.get(dataset)
    if moments is None:
        moments = _known[dataset] = _compute(dataset)
    return moments


def remember(dataset: Dataset, moments: Moments) -> None:
    """Take ``moments`` for those of ``dataset`` from now on."""
    _known[dataset] = moments


def products_of(columns: DoubleArray) -> DoubleArray:
    """Return zzᵀ of each row z of ``columns``, shape (n, k), as a row of k(k + 1)/2 numbers.

    Those off the diagonal are multiplied by √2, which keeps the scalar products of the matrices.
    """
    first, second = np.triu_indices(columns.shape[1])
    products: DoubleArray = columns[:, first] * columns[:, second]
    products *= np.where(first == second, 1.0, np.sqrt(2.0))
    return products


def product_map(matrix: DoubleArray) -> DoubleArray:
    """Return the matrix that maps `products_of` z to those of ``matrix`` @ z."""
    first, second = np.triu_indices(matrix.shape[0])
    left, right = matrix[first], matrix[second]
    i, j = np.triu_indices(matrix.shape[1])
    pairs = left[:, i] * right[:, j] + left[:, j] * right[:, i]
    rows = np.where(first == second, 1.0, np.sqrt(2.0))[:, np.newaxis]
    result: DoubleArray = rows * pairs / np.where(i == j, 2.0, np.sqrt(2.0))
    return result


def _compute(dataset: Dataset) -> Moments:
    scaling = Scaling.of(dataset.features)
    target_mean = float(Scaling.of(dataset.target[:, np.newaxis]).center[0])
    width = dataset.dimension + 1
    triangle = np.empty((0, width))
    fourth = np.zeros(((width + 1) * (width + 2) // 2,) * 2)
    for first in range(0, dataset.size, _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        table = np.column_stack([scaling.standardize(dataset.features[rows]), dataset.target[rows]])
        table[:, -1] -= target_mean
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, table]), mode="r"))
        products = products_of(np.insert(table, -1, 1.0, axis=1))
        fourth += products.T @ products
    return Moments(
        size=dataset.size,
        scaling=scaling,
        ranges=FeatureRange.of(dataset.features, scaling),
        target_mean=target_mean,
        largest_target=float(np.abs(dataset.target).max()),
        root=triangle / np.sqrt(dataset.size),
        fourth=fourth / dataset.size,
    )
