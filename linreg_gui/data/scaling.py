"""Standardizing, and the range of each feature's values."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray


@dataclass(frozen=True, eq=False)
class Scaling:
    """Maps features as they were measured to standardized ones, and the parameters of both.

    With z = (x − center)/scale the prediction w·x + b is v·z + c for v = scale·w and
    c = b + w·center: a linear map of the parameters. The target is left as it is.

    Attributes
    ----------
    center : ndarray, shape (d,), float64
        Each feature's mean.
    scale : ndarray, shape (d,), float64
        Its standard deviation, or 1 where it has no spread.
    """

    center: DoubleArray
    scale: DoubleArray

    @classmethod
    def of(cls, features: FloatArray) -> "Scaling":
        """Return the scaling that standardizes ``features``, shape (n, d)."""
        center = features.mean(axis=0, dtype=np.float64)
        constant = features.min(axis=0) == features.max(axis=0)
        center[constant] = features[0, constant]
        scale = np.sqrt(np.mean((features - center) ** 2, axis=0))
        scale[constant | (scale == 0)] = 1.0
        return cls(center, scale)

    def standardize(self, features: FloatArray) -> DoubleArray:
        """Return ``features``, shape (n, d), in standard deviations from the mean."""
        standardized: DoubleArray = (features - self.center) / self.scale
        return standardized

    @property
    def to_standardized(self) -> DoubleArray:
        """Return the matrix that maps parameters for measured features, shape (d + 1, d + 1)."""
        matrix = np.diag(np.append(self.scale, 1.0))
        matrix[-1, :-1] = self.center
        return matrix

    @property
    def to_measured(self) -> DoubleArray:
        """Return the matrix that maps parameters for standardized features, its inverse."""
        matrix = np.diag(np.append(1.0 / self.scale, 1.0))
        matrix[-1, :-1] = -self.center / self.scale
        return matrix


@dataclass(frozen=True)
class FeatureRange:
    """The values of one feature.

    Attributes
    ----------
    smallest, largest : float
        Of all its values.
    mean, deviation : float
        Of all its values; the deviation is 1 where they are all the same.
    """

    smallest: float
    largest: float
    mean: float
    deviation: float

    @classmethod
    def of(cls, features: FloatArray, scaling: Scaling) -> tuple[Self, ...]:
        """Return the range of each column of ``features``, shape (n, d), and of its ``scaling``."""
        # Along a column NumPy is twenty times as fast as over many short rows.
        ends = [(float(column.min()), float(column.max())) for column in features.T]
        scales = zip(scaling.center.tolist(), scaling.scale.tolist(), strict=True)
        return tuple(cls(*end, *scale) for end, scale in zip(ends, scales, strict=True))

    @property
    def magnitude(self) -> float:
        """Return the largest absolute value."""
        return max(-self.smallest, self.largest)

    @property
    def low(self) -> float:
        """Return the smallest value, rounded to three digits of the deviation."""
        return self._rounded(self.smallest, 3)

    @property
    def high(self) -> float:
        """Return the largest value, rounded likewise."""
        return self._rounded(self.largest, 3)

    @property
    def typical(self) -> float:
        """Return the mean, rounded to two digits of the deviation."""
        return self._rounded(self.mean, 2)

    def holds(self, value: float) -> bool:
        """Return whether ``value`` is within the range, either exact or as it is shown."""
        low, high = min(self.smallest, self.low), max(self.largest, self.high)
        return low <= value <= high

    def step(self, value: float, direction: int) -> float:
        """Return ``value`` moved by about a tenth of the deviation."""
        return round(value + direction * 10.0 ** (self._power - 1), 2 - self._power)

    @cached_property
    def _power(self) -> int:
        return math.floor(math.log10(self.deviation))

    def _rounded(self, value: float, digits: int) -> float:
        is_constant = self.smallest == self.largest
        return value if is_constant else round(value, digits - 1 - self._power)
