"""The parameters that training is measured against, and what the examples leave undetermined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import whole
from linreg_gui.texts import listed, tr, trn

FLAT = 1e-9
"""A length below this share of the longest counts as 0.

Where columns of length 1 cancel to nine digits, they are collinear. The rounding of measured data
leaves 1e-16 of them; a year leaves 1e-3, seconds since 1970 leave 1e-8. In the same way, a
curvature below this share of the steepest one takes 1e9 steps to descend: it does not count for the
learning rates.
"""

_ROUNDING = 1e-13
"""A residual below this share of the largest target is only rounding."""


@dataclass(frozen=True, eq=False)
class Axes:
    """The directions u in which |root·u|² is steep, and those in which it is flat.

    They are found where every column of ``root`` has length 1, so that neither a large nor a small
    feature drowns in the other's rounding, and one far from 0, such as a year, is not taken for a
    constant.

    Attributes
    ----------
    outputs : ndarray, shape (k, r)
        ``root @ half_axes``: orthonormal columns.
    half_axes : ndarray, shape (d, r)
        In columns, the half axes of the ellipsoid |root·u| = 1.
    flat : ndarray, shape (d, d - r)
        The flat directions, in columns.
    steep_root : ndarray, shape (r, d)
        A root without the flat directions.
    """

    outputs: DoubleArray
    half_axes: DoubleArray
    flat: DoubleArray
    steep_root: DoubleArray

    @classmethod
    def of(cls, root: DoubleArray) -> Self:
        """Decompose ``root``, shape (k, d)."""
        lengths = np.linalg.norm(root, axis=0)
        lengths[lengths == 0] = 1.0
        outputs, sizes, axes = np.linalg.svd(root / lengths)
        sizes = sizes[sizes > FLAT]
        rank = len(sizes)
        return cls(
            outputs=outputs[:, :rank],
            half_axes=(axes[:rank] / lengths).T / sizes,
            flat=(axes[rank:] / lengths).T,
            steep_root=sizes[:, np.newaxis] * axes[:rank] * lengths,
        )

    def solve(self, values: DoubleArray) -> DoubleArray:
        """Return the u, shape (d,), for which root·u is nearest to ``values``, shape (k,).

        Of several it is the shortest, where every column of the root has length 1.
        """
        solution: DoubleArray = self.half_axes @ (self.outputs.T @ values)
        return solution

    def curvatures(self) -> tuple[DoubleArray, DoubleArray]:
        """Return those of |root·u|² that are not flat, the largest first, and their directions.

        The directions are the eigenvectors of the Hessian 2·rootᵀ·root, in rows. Singular values of
        the root span half as many powers of ten as its eigenvalues, and keep twice as many digits.
        A direction that is lost in the rounding of the steepest one counts as flat.
        """
        _, sizes, directions = np.linalg.svd(self.steep_root, full_matrices=False)
        kept = sizes > np.finfo(np.float64).eps * sizes.max(initial=0.0)
        curvatures: DoubleArray = 2.0 * sizes[kept] ** 2
        return curvatures, directions[kept]


@dataclass(frozen=True)
class References:
    """The dataset's exact answers, in double precision.

    Attributes
    ----------
    parameters : tuple of float
        The weights, then the bias, of a least-squares solution; of several the one whose weights
        are shortest for standardized features.
    loss : float
        Mean squared error there: no line does better on these examples.
    undetermined : str
        A sentence on what the examples do not determine; empty if there is only one solution.
    noise_floor : float or None
        Variance of the noise the data was drawn with; None for measured data.
    """

    parameters: tuple[float, ...]
    loss: float
    undetermined: str = ""
    noise_floor: float | None = None

    def mapped(self, parameter_map: DoubleArray) -> "References":
        """Return them with their parameters mapped by a matrix, shape (d + 1, d + 1)."""
        return replace(self, parameters=tuple((parameter_map @ np.array(self.parameters)).tolist()))


def solve(moments: Moments) -> tuple[DoubleArray, float]:
    """Return the least-squares weights for standardized features, and the loss there.

    The means of the features are 0 and their scales alike, so that neither the solution nor its
    rank depends on the units of the data.
    """
    features, target = moments.root[:, :-1], moments.root[:, -1]
    weights = Axes.of(features).solve(target)
    residual = float(np.linalg.norm(target - features @ weights))
    if residual < _ROUNDING * moments.largest_target:
        residual = 0.0
    return weights, residual**2


def compute_references(
    moments: Moments, feature_names: Sequence[str], noise_std: float | None
) -> References:
    """Return the exact answers for standardized features."""
    weights, loss = solve(moments)
    return References(
        parameters=(*weights.tolist(), moments.target_mean),
        loss=loss,
        undetermined=_undetermined(moments.size, moments.root[:, :-1], feature_names),
        noise_floor=None if noise_std is None else noise_std**2,
    )


def _undetermined(size: int, features: DoubleArray, names: Sequence[str]) -> str:
    dimension = len(names)
    if size == 1:
        return tr("One example does not determine a line: infinitely many go through it.")
    if size <= dimension:
        return trn(
            "{size} example does not determine {count} parameters: infinitely many fit it exactly.",
            "{size} examples do not determine {count} parameters: infinitely many fit them "
            "exactly.",
            size,
        ).format(size=whole(size), count=dimension + 1)
    if not Axes.of(features).flat.size:
        return ""
    varies = features.any(axis=0)
    constant = [name for name, is_varying in zip(names, varies, strict=True) if not is_varying]
    varying = [name for name, is_varying in zip(names, varies, strict=True) if is_varying]
    # Constant features have flat directions of their own, which must not mix with these.
    parts = np.abs(Axes.of(features[:, varies]).flat).max(axis=1, initial=0.0)
    collinear = [name for name, part in zip(varying, parts, strict=True) if part > np.sqrt(FLAT)]
    clauses = []
    if constant:
        has = trn("{names} has no spread", "{names} have no spread", len(constant))
        clauses.append(has.format(names=listed(constant)))
    if collinear:
        clauses.append(
            tr("{names} determine one another (they are collinear)").format(names=listed(collinear))
        )
    if len(constant) == 1 and not collinear:
        return tr("{clause}, so its weight is not determined.").format(clause=clauses[0])
    return tr("{clause}, so their weights are not determined.").format(clause=listed(clauses))
