"""Where a feature's values lie, in numbers of few digits."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from linreg_gui.data.dataset import FloatArray
from linreg_gui.data.scaling import Scaling


@dataclass(frozen=True)
class FeatureRange:
    """The values of one feature.

    Attributes
    ----------
    smallest, largest : float
        Of all its values.
    mean, deviation : float
        Likewise; the latter is 1 where all are the same.
    """

    smallest: float
    largest: float
    mean: float
    deviation: float

    @classmethod
    def of(cls, features: FloatArray, scaling: Scaling) -> list[Self]:
        """Return one for each column of ``features``, shape (n, d), which ``scaling`` is of."""
        columns = (features.min(axis=0), features.max(axis=0), scaling.centre, scaling.scale)
        return [cls(*each) for each in zip(*(column.tolist() for column in columns), strict=True)]

    @property
    def magnitude(self) -> float:
        """Return the largest size of a value."""
        return max(-self.smallest, self.largest)

    @property
    def low(self) -> float:
        """Return the smallest value, with three digits of the deviation."""
        return self._rounded(self.smallest, 3)

    @property
    def high(self) -> float:
        """Return the largest value, likewise."""
        return self._rounded(self.largest, 3)

    @property
    def typical(self) -> float:
        """Return the mean, with two digits of the deviation."""
        return self._rounded(self.mean, 2)

    def holds(self, value: float) -> bool:
        """Return whether ``value`` lies among the data, as they are or as they are shown."""
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
