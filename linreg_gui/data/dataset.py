"""Examples to train on, with what is known of their origin."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from linreg_gui.texts import tr

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


@dataclass(frozen=True)
class Skipped:
    """Rows that are not trained on, each counted with the first reason that holds.

    Attributes
    ----------
    total : int
        All rows below the header.
    too_long : int
        They have more cells than the table has columns.
    missing, infinite, too_large : int
        A chosen column has no number there, an infinite one, or one beyond single precision.
    """

    total: int
    too_long: int = 0
    missing: int = 0
    infinite: int = 0
    too_large: int = 0

    @property
    def rows(self) -> int:
        """Return how many there are."""
        return self.too_long + self.missing + self.infinite + self.too_large

    @property
    def sentence(self) -> str:
        """Return how many of how many and why; empty if there are none."""
        if not self.rows:
            return ""
        reasons = (
            (self.missing, tr("1 has no number"), tr("{count:,} have no number")),
            (self.infinite, tr("1 is not finite"), tr("{count:,} are not finite")),
            (
                self.too_large,
                tr("1 is too large for single precision"),
                tr("{count:,} are too large for single precision"),
            ),
            (
                self.too_long,
                tr("1 has more cells than there are columns"),
                tr("{count:,} have more cells than there are columns"),
            ),
        )
        return tr("{rows:,} of {total:,} rows skipped: {reasons}.").format(
            rows=self.rows,
            total=self.total,
            reasons=", ".join(
                (one if count == 1 else many).format(count=count)
                for count, one, many in reasons
                if count
            ),
        )


@dataclass(frozen=True, eq=False)
class Measured:
    """Measured examples. Equal only to itself, so that settings may hold it and be compared.

    Attributes
    ----------
    name : str
        Where they come from, in few words: a file's name.
    features : ndarray, shape (n, d), float64
    target : ndarray, shape (n,), float64
        Finite, and not too large for single precision; read-only, so that threads may share them.
    feature_names : tuple of str
        One name for each column of ``features``.
    target_name : str
        Name of the target.
    skipped : Skipped
        The rows of the table that are not among them.
    """

    name: str
    features: DoubleArray
    target: DoubleArray
    feature_names: tuple[str, ...]
    target_name: str
    skipped: Skipped

    def __post_init__(self) -> None:
        self.features.setflags(write=False)
        self.target.setflags(write=False)

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Return the number of examples, n."""
        return len(self.target)

    @property
    def dimension(self) -> int:
        """Return the number of features, d."""
        return self.features.shape[1]
