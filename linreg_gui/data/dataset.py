"""The examples a run trains on."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
DoubleArray = npt.NDArray[np.float64]

MAX_FEATURES = 10
"""A model may have so many."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples, with what is known of their origin.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        Read-only, so that threads may share it. In single precision, as MXNet trains on it, or in
        double as it was measured.
    target : ndarray, shape (n,)
        Likewise.
    feature_names : tuple of str
        One name for each column of ``features``.
    target_name : str
        Name of the target.
    true_weights, true_bias : tuple of float, float or None
        The recipe's parameters; None for measured data.
    noise_std : float or None
        Standard deviation of the recipe's noise; None for measured data.
    """

    features: FloatArray
    target: FloatArray
    feature_names: tuple[str, ...]
    target_name: str = "y"
    true_weights: tuple[float, ...] | None = None
    true_bias: float | None = None
    noise_std: float | None = None

    def __post_init__(self) -> None:
        self.features.setflags(write=False)
        self.target.setflags(write=False)

    def rows(self, rows: npt.NDArray[np.int64]) -> Self:
        """Return some of the examples."""
        return replace(self, features=self.features[rows], target=self.target[rows])

    def in_single_precision(self) -> Self:
        """Return the examples as MXNet trains on them."""
        return replace(
            self,
            features=self.features.astype(np.float32, copy=False),
            target=self.target.astype(np.float32, copy=False),
        )

    @property
    def true_parameters(self) -> tuple[float, ...] | None:
        """Return the recipe's weights, then its bias; None for measured data."""
        if self.true_weights is None or self.true_bias is None:
            return None
        return (*self.true_weights, self.true_bias)

    @property
    def size(self) -> int:
        """Return the number of examples, n."""
        return len(self.target)

    @property
    def dimension(self) -> int:
        """Return the number of features, d."""
        return self.features.shape[1]
