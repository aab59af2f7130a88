"""The gradient of a minibatch's loss, found in three ways."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.anatomy.step_trace import Table
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.number_text import as_typed, fixed, significant, whole
from linreg_gui.texts import tr

_SINGLE = np.finfo(np.float32)


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The gradient of one minibatch's loss, found in three ways. Arrays have the shape (d + 1,).

    Attributes
    ----------
    size : int
        The number of examples in the minibatch, m.
    autograd, by_hand, central : ndarray
        The gradient by the weights, then by the bias.
    step_sizes : ndarray
        The h of each central difference.
    roundings : ndarray
        What one rounding in single precision can change, at the size of the numbers added up.
    """

    size: int
    autograd: DoubleArray
    by_hand: DoubleArray
    central: DoubleArray
    step_sizes: DoubleArray
    roundings: DoubleArray

    @property
    def spreads(self) -> DoubleArray:
        """Return the largest difference between any two of the three, shape (d + 1,)."""
        with np.errstate(invalid="ignore"):
            spreads: DoubleArray = np.ptp([self.autograd, self.by_hand, self.central], axis=0)
        return spreads

    @property
    def spreads_in_roundings(self) -> DoubleArray:
        """Return `spreads` in units of `roundings`."""
        with np.errstate(invalid="ignore"):
            return self.spreads / self.roundings

    @property
    def allowed(self) -> int:
        """Return how many roundings apart still count as agreement.

        Most sums lose less than one. If all examples are alike, every addition rounds the same
        way. Measured then: up to 5 for m = 64, 15 for 10,000 and 720 for a million.
        """
        return 8 + self.size // 500

    @property
    def agrees(self) -> bool | None:
        """Return whether the three agree; None if numbers are too large to tell."""
        spreads = self.spreads_in_roundings
        return bool((spreads <= self.allowed).all()) if np.isfinite(spreads).all() else None

    def verdict(self, names: Sequence[str]) -> str:
        """Return a sentence with a sign; ``names`` are those of the parameters."""
        spreads = self.spreads_in_roundings
        worst = int(spreads.argmax())
        if self.agrees is None:
            return "⚠ " + tr("The numbers are too large to check.")
        if self.agrees:
            return "✓ " + tr("They agree: at most {count} roundings apart.").format(
                count=as_typed(str(math.ceil(spreads[worst] * 10) / 10))
            )
        return "✗ " + tr("They do not agree: for {name} they are {difference} apart.").format(
            name=names[worst], difference=fixed(float(self.spreads[worst]), 4)
        )

    def explanations(self) -> tuple[str, str]:
        """Return sentences about the central difference and about a rounding."""
        smallest, largest = map(significant, (self.step_sizes.min(), self.step_sizes.max()))
        return (
            tr(
                "Central difference: (loss(w + h) − loss(w − h))/2h in double precision, "
                "h\u00a0=\u00a0{h}. The loss is quadratic, so this is exact for every h."
            ).format(h=smallest if smallest == largest else f"{smallest} … {largest}"),
            tr(
                "One rounding is the most that single precision loses when it rounds once, at the "
                "size of the numbers that are added up. Up to {allowed} count as agreement."
            ).format(allowed=whole(self.allowed)),
        )


def gradient_table(report: GradientReport | None, names: Sequence[str]) -> Table:
    """Return a row for each parameter; dashes until there is a report."""
    columns = [["–"] * len(names)] * 4
    if report is not None:
        ways = np.stack([report.autograd, report.by_hand, report.central])
        decimals = _decimals(ways)
        columns = [
            *([fixed(number, decimals) for number in way] for way in ways.tolist()),
            [_spread_text(each, report.allowed) for each in report.spreads_in_roundings.tolist()],
        ]
    way, spread = tr("central\ndifference"), tr("apart, in\nroundings")
    header = ("", tr("autograd"), tr("by hand"), way, spread)
    return Table(header, tuple(zip(names, *columns, strict=True)))


def formulas(size: str) -> str:
    """Return the derivatives for a minibatch of ``size`` examples."""
    return tr(
        "By hand: ∂loss/∂wⱼ = 2/{m} · Σ (ŷ − y) · xⱼ\nand ∂loss/∂b = 2/{m} · Σ (ŷ − y)"
    ).format(m=size)


def _decimals(numbers: DoubleArray) -> int:
    """Return the decimals that give the largest finite one about five digits."""
    largest = np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0)
    magnitude = math.floor(math.log10(largest)) if largest else 0
    return min(max(4 - magnitude, 0), 5) if magnitude >= -4 else 4


def _spread_text(roundings: float, allowed: int) -> str:
    if not math.isfinite(roundings):
        return "–"
    if roundings > allowed:
        return f"{significant(roundings, 2)} ✗"
    return as_typed(f"{roundings:.1f}")


def check_gradient(
    features: FloatArray, target: FloatArray, parameters: FloatArray, gradient: FloatArray
) -> GradientReport:
    """Compare autograd's ``gradient`` with one derived by hand and with central differences.

    The minibatch has ``features`` of shape (m, d) and a ``target`` of shape (m,). ``parameters``
    and ``gradient`` have the shape (d + 1,), the bias last. Runs on MXNet's thread.
    """
    m = len(target)
    Z = np.column_stack([features, np.ones(m)]).astype(np.float64)
    y, theta = target.astype(np.float64), parameters.astype(np.float64)
    sizes = np.abs(Z) @ np.abs(theta) + np.abs(y)
    rounding = float(_SINGLE.eps) * 2 / m * np.abs(Z).T @ sizes
    step_sizes = _step_sizes(Z, sizes)
    return GradientReport(
        size=m,
        autograd=gradient.astype(np.float64),
        by_hand=2 / m * Z.T @ (Z @ theta - y),
        central=_central_differences(Z[:, :-1], y, theta, step_sizes),
        step_sizes=step_sizes,
        # Below the smallest normal number single precision loses more digits.
        roundings=np.maximum(rounding, float(_SINGLE.tiny)),
    )


def _step_sizes(Z: DoubleArray, sizes: DoubleArray) -> DoubleArray:
    """Return for each parameter the power of ten that moves predictions by about their size.

    The loss is quadratic, so its central difference is exact for any h, however large. So h only
    has to be large enough for the two losses to differ in many of their digits.
    """
    moved = np.abs(Z).mean(axis=0)
    wanted = np.divide(sizes.mean(), moved, out=np.zeros_like(moved), where=moved > 0)
    powers: DoubleArray = 10.0 ** np.floor(np.log10(np.where(wanted > 0, wanted, 1.0)))
    return powers


def _central_differences(
    X: DoubleArray, y: DoubleArray, theta: DoubleArray, step_sizes: DoubleArray
) -> DoubleArray:
    """Return (loss(θ + h) − loss(θ − h)) / 2h for each parameter, with the lesson's loss."""
    from linreg_gui import lesson  # noqa: PLC0415 - imports MXNet
    from linreg_gui.backend import nd  # noqa: PLC0415

    features = nd.array(X, dtype="float64")
    column = nd.array(y.reshape(-1, 1), dtype="float64")

    def loss_at(parameters: DoubleArray) -> float:
        w = nd.array(parameters[:-1].reshape(-1, 1), dtype="float64")
        b = nd.array(parameters[-1:], dtype="float64")
        loss: float = lesson.loss_of(features, column, w, b).asnumpy().item()
        return loss

    return np.array(
        [
            (loss_at(theta + step) - loss_at(theta - step)) / (2 * h)
            for h, step in zip(step_sizes, np.diag(step_sizes), strict=True)
        ]
    )
