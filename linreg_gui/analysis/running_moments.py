"""The moments of examples that change a few at a time: sums are updated, not computed again."""

import numpy as np

from linreg_gui.analysis.least_squares import solve
from linreg_gui.analysis.moments import Moments, moments_of, product_map, products_of
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.point_edits import Change, Points
from linreg_gui.data.scaling import FeatureRange, Scaling

_MOST_CANCELED = 1e-5
"""A sum that falls below this share of its largest value so far has lost five digits or more."""

_FLAT = 1e-5
"""Features that have lost all but this share of their spread, or cancel each other to it, are left
to `moments_of`, which keeps digits."""


class RunningMoments:
    """Knows the moments of a dataset whose examples are changed one after another.

    The sums are those of the features, standardized by the dataset that it began with, and of the
    residuals at that dataset's least-squares solution. Around these fixed centers all terms are of
    the size of the numbers that come out, so that neither a feature far from 0 nor noise far
    smaller than the target loses digits. Where a change takes away most of a sum, as when a far
    outlier comes home, all sums are computed again.

    A change of k examples costs k rank-one updates, of d + 2 and (d + 2)(d + 3)/2 numbers each,
    whatever the number of examples.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.begin(dataset)

    def begin(self, dataset: Dataset) -> None:
        """Compute all sums from ``dataset``, which must have at least two examples."""
        moments = moments_of(dataset)
        self._scaling, self._mean = moments.scaling, moments.target_mean
        self._slope, _ = solve(moments)
        whole = Points(dataset.features.astype(np.float64), dataset.target.astype(np.float64))
        self._sums, self._fourth = self._summed(whole)
        self._largest = np.diag(self._sums).copy()
        self._has_lost = False

    def follow(self, change: Change) -> None:
        """Update the sums."""
        for points, sign in ((change.after, 1.0), (change.before, -1.0)):
            if points is not None:
                sums, fourth = self._summed(points)
                self._sums += sign * sums
                self._fourth += sign * fourth
                self._largest = np.maximum(self._largest, np.diag(self._sums))
        self._has_lost |= bool(np.any(np.diag(self._sums) < _MOST_CANCELED * self._largest))

    def moments(self, dataset: Dataset) -> Moments:
        """Return the moments of ``dataset``, to which all the changes have led."""
        if self._has_lost:
            self.begin(dataset)
        dimension = dataset.dimension
        means = self._sums[:, dimension] / dataset.size
        covariance = self._sums / dataset.size - np.outer(means, means)
        bias = [dimension]  # its mean is 1, and it has no spread
        covariance = np.delete(np.delete(covariance, bias, axis=0), bias, axis=1)
        deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        scales, lengths = deviations[:-1], np.where(deviations > 0, deviations, 1.0)
        root = _root(covariance / np.outer(lengths, lengths))
        if root is None or scales.min() <= _FLAT:
            return moments_of(dataset)
        scaling = Scaling(
            self._scaling.center + means[:dimension] * self._scaling.scale,
            scales * self._scaling.scale,
        )
        features = root[:, :-1]
        target = root[:, -1] * lengths[-1] + features @ (scales * self._slope)
        mean = self._mean + float(means[-1] + means[:dimension] @ self._slope)
        return Moments(
            size=dataset.size,
            scaling=scaling,
            ranges=FeatureRange.of(dataset.features, scaling),
            target_mean=mean,
            largest_target=float(np.abs(dataset.target).max()),
            root=np.column_stack([features, target]),
            fourth=self._fourth_around(means[:dimension], scales, mean, dataset.size),
        )

    def _summed(self, points: Points) -> tuple[DoubleArray, DoubleArray]:
        """Return the sums that some examples add, of second and of fourth products."""
        features = self._scaling.standardize(points.features)
        target = points.target - self._mean
        ones = np.ones(len(target))
        columns = np.column_stack([features, ones, target - features @ self._slope])
        products = products_of(np.column_stack([features, ones, target]))
        return columns.T @ columns, products.T @ products

    def _fourth_around(
        self, means: DoubleArray, scales: DoubleArray, mean: float, size: int
    ) -> DoubleArray:
        """Return `Moments.fourth` from the sums around the fixed centers."""
        dimension = len(means)
        columns = np.eye(dimension + 2)
        columns[:dimension, :dimension] = np.diag(1.0 / scales)
        columns[:dimension, dimension] = -means / scales
        columns[-1, dimension] = self._mean - mean
        products = product_map(columns)
        fourth: DoubleArray = products @ self._fourth @ products.T / size
        return fourth


def _root(gram: DoubleArray) -> DoubleArray | None:
    """Return the triangular root of ``gram``; None if columns nearly cancel."""
    try:
        root: DoubleArray = np.linalg.cholesky(gram).T
    except np.linalg.LinAlgError:
        return None
    return root if np.diag(root)[:-1].min() > _FLAT else None
