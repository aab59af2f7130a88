"""What training is measured against: least squares and the noise floor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import whole
from linreg_gui.texts import tr

_SMALLEST = 1e-10
"""Below this share of the largest singular value a direction is not determined."""
_ROUNDING = 1e-13
"""A residual below this share of the largest target is no more than rounding."""
_ROWS_AT_ONCE = 2**12


@dataclass(frozen=True)
class References:
    """The dataset's exact answers, computed in float64.

    Attributes
    ----------
    weights, bias : tuple of float, float
        A least-squares solution; of several the one whose weights are shortest for standardized
        features.
    loss : float
        Mean squared error there: no line does better on these examples.
    undetermined : str
        A sentence on what the examples do not determine; empty where there is only one solution.
    noise_floor : float or None
        Variance of the recipe's noise; None for measured data.
    """

    weights: tuple[float, ...]
    bias: float
    loss: float
    undetermined: str = ""
    noise_floor: float | None = None

    @property
    def parameters(self) -> tuple[float, ...]:
        """Return the least-squares weights, then the bias."""
        return (*self.weights, self.bias)

    def in_units(self, units: DoubleArray) -> "References":
        """Return them for features in other units, which ``units`` maps parameters into."""
        *weights, bias = (units @ np.array(self.parameters)).tolist()
        return replace(self, weights=tuple(weights), bias=bias)


def compute_references(
    standardized: DoubleArray,
    target: DoubleArray,
    feature_names: Sequence[str],
    noise_std: float | None = None,
) -> References:
    """Solve the least-squares problem for standardized features, shape (n, d).

    Their mean is 0 and their scales are alike, so that the solution and its rank do not depend on
    the units in which they were measured.
    """
    bias = float(target.mean())
    triangle = _triangle(np.column_stack([standardized, target - bias]))
    features = triangle[:, :-1]
    weights, _, rank, _ = np.linalg.lstsq(features, triangle[:, -1], rcond=_SMALLEST)
    residuals = target - standardized @ weights - bias
    residuals[np.abs(residuals) < _ROUNDING * np.abs(target).max()] = 0.0
    return References(
        weights=tuple(weights.tolist()),
        bias=bias,
        loss=float(residuals @ residuals / len(target)),
        undetermined=_undetermined(len(target), features, rank, feature_names),
        noise_floor=None if noise_std is None else noise_std**2,
    )


def _triangle(table: DoubleArray) -> DoubleArray:
    """Return R of the QR decomposition of ``table``: as few rows, with the same scalar products.

    Taken in pieces, as each keeps the interpreter from other threads.
    """
    triangle = table[:0]
    for first in range(0, len(table), _ROWS_AT_ONCE):
        piece = table[first : first + _ROWS_AT_ONCE]
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, piece]), mode="r"))
    return triangle


def _undetermined(size: int, features: DoubleArray, rank: int, names: Sequence[str]) -> str:
    """Say what is not determined by examples whose `_triangle` has these ``features``."""
    dimension = len(names)
    if size == 1:
        return tr("One example does not determine a line: infinitely many go through it.")
    if size <= dimension:
        return tr(
            "{size} examples do not determine {count} parameters: infinitely many fit them exactly."
        ).format(size=whole(size), count=dimension + 1)
    if rank == dimension:
        return ""
    spread = features.any(axis=0)
    constant = [name for name, varies in zip(names, spread, strict=True) if not varies]
    tangled = [name for name, is_in in zip(names, _tangled(features), strict=True) if is_in]
    clauses = []
    if constant:
        has = tr("{names} has no spread") if len(constant) == 1 else tr("{names} have no spread")
        clauses.append(has.format(names=_listed(constant)))
    if tangled:
        clauses.append(
            tr("{names} determine one another (they are collinear)").format(names=_listed(tangled))
        )
    if len(constant) == 1 and not tangled:
        return tr("{clause}, so its weight is not determined.").format(clause=clauses[0])
    return tr("{clause}, so their weights are not determined.").format(
        clause=tr(" and ").join(clauses)
    )


def _tangled(features: DoubleArray) -> list[bool]:
    """Tell which features have a part in a direction along which all the others follow."""
    spread = np.flatnonzero(features.any(axis=0))
    _, singular, directions = np.linalg.svd(features[:, spread], full_matrices=False)
    null = directions[singular <= _SMALLEST * singular.max(initial=0.0)]
    is_in = np.zeros(features.shape[1], bool)
    is_in[spread] = np.any(np.abs(null) > np.sqrt(_SMALLEST), axis=0)
    return [bool(each) for each in is_in]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + tr(" and ") + names[-1] if len(names) > 1 else names[0]
