"""Standardising: each feature measured in standard deviations from its mean."""

from dataclasses import dataclass

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray


@dataclass(frozen=True, eq=False)
class Scaling:
    """Between features as they were measured and standardised ones, and the parameters of both.

    With z = (x − centre)/scale the prediction w·x + b is v·z + c for v = scale·w and
    c = b + w·centre: a linear map of the parameters. The target is left as it is.

    Attributes
    ----------
    centre : ndarray, shape (d,), float64
        Each feature's mean.
    scale : ndarray, shape (d,), float64
        Its standard deviation, or 1 where it has no spread.
    """

    centre: DoubleArray
    scale: DoubleArray

    @classmethod
    def of(cls, features: FloatArray) -> "Scaling":
        """Return the scaling that standardises ``features``, shape (n, d)."""
        centre = features.mean(axis=0, dtype=np.float64)
        constant = features.min(axis=0) == features.max(axis=0)
        centre[constant] = features[0, constant]
        scale = np.sqrt(np.mean((features - centre) ** 2, axis=0))
        scale[constant | (scale == 0)] = 1.0
        return cls(centre, scale)

    def standardise(self, features: FloatArray) -> DoubleArray:
        """Return ``features``, shape (n, d), in standard deviations from the mean."""
        standardised: DoubleArray = (features - self.centre) / self.scale
        return standardised

    @property
    def to_standardised(self) -> DoubleArray:
        """Return the matrix that maps parameters for measured features, shape (d + 1, d + 1)."""
        matrix = np.diag(np.append(self.scale, 1.0))
        matrix[-1, :-1] = self.centre
        return matrix

    @property
    def to_measured(self) -> DoubleArray:
        """Return the matrix that maps parameters for standardised features, its inverse."""
        matrix = np.diag(np.append(1.0 / self.scale, 1.0))
        matrix[-1, :-1] = -self.centre / self.scale
        return matrix
