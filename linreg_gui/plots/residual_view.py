"""Where the residual picture places residuals, and which range it shows."""

import math
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.plots.ranges import Range, grown, round_up, widened
from linreg_gui.texts import tr

_MARGIN = 0.07
_SPARE = 1.05
_TOO_SMALL = 1 / 3
"""The range becomes smaller once the residuals need less than this share of it."""
_ROOMY = 3 / 4
"""The range along x becomes smaller once it needs less than this share of it."""
_CURVE_POINTS = 201
_WIDEST_CURVE = 1.25
"""The noise's curve is shown up to this multiple of the highest bar."""


class View(IntEnum):
    """Ways to look at residuals."""

    PREDICTION = 0
    FEATURE = 1
    ORDER = 2
    HISTOGRAM = 3
    NORMAL = 4

    @property
    def is_scatter(self) -> bool:
        """Return whether each example has its place along x."""
        return self < View.HISTOGRAM


@lru_cache(maxsize=4)
def normal_quantiles(count: int) -> DoubleArray:
    """Return where ``count`` ordered draws of a standard normal variable are, on average.

    Shape (count,). Blom's approximation: the quantiles of (i − 3/8) / (count + 1/4).
    """
    from statistics import NormalDist  # noqa: PLC0415 - after first paint

    inverse = NormalDist().inv_cdf
    ranks = np.arange(1, count + 1)
    return np.array([inverse(share) for share in (ranks - 0.375) / (count + 0.25)])


def bars(residuals: DoubleArray, reach: float) -> tuple[DoubleArray, DoubleArray, float]:
    """Return the middles and heights of the bars from −reach to reach, and their width.

    Their number is odd, so that one is around 0, and grows as in Rice's rule, 2·n^(1/3), with some
    to spare for the part of the range without residuals.
    """
    count = 2 * round(1.6 * len(residuals) ** (1 / 3)) + 1
    heights, edges = np.histogram(residuals, count, (-reach, reach))
    return (edges[:-1] + edges[1:]) / 2, heights.astype(np.float64), 2 * reach / count


def normal_curve(
    deviation: float, count: int, width: float, reach: float
) -> tuple[DoubleArray, DoubleArray]:
    """Return points of the heights that bars of ``count`` normal residuals would have on average.

    It is true to the bars where the normal curve is far narrower than one, too.
    """
    near = min(reach, 5 * deviation + width / 2)
    x = np.linspace(-near, near, _CURVE_POINTS)
    from statistics import NormalDist  # noqa: PLC0415 - after first paint

    below = NormalDist(0.0, deviation).cdf
    return x, np.array([count * (below(at + width / 2) - below(at - width / 2)) for at in x])


def axis_labels(
    view: View, feature: str, target: str, in_words: Callable[[str], str]
) -> tuple[str, str]:
    """Return what is along both axes."""
    residual = tr("residual {target} − ŷ").format(target=target)
    match view:
        case View.PREDICTION:
            return tr("prediction ŷ"), residual
        case View.FEATURE:
            return in_words(feature), residual
        case View.ORDER:
            return tr("row"), residual
        case View.HISTOGRAM:
            return residual, tr("examples")
        case View.NORMAL:
            return tr("normal quantile, in standard deviations"), residual


class ResidualRange:
    """The range that the residual picture shows. It follows the residuals in large steps.

    Attributes
    ----------
    reach : float
        The range of residuals is from −reach to reach.
    """

    def __init__(self) -> None:
        self.reach = 1.0
        self._across: Range = (0.0, 1.0)
        self._usual: Range = (0.0, 1.0)
        self._highest = 1.0

    def begin(self, x: DoubleArray) -> None:
        """Begin with the range of these places along x."""
        self._usual = self._across = widened(x, _MARGIN)
        self.reach = self._highest = 0.0

    def follow(self, x: DoubleArray, residuals: DoubleArray) -> None:
        """Make room for these residuals at these places along x."""
        largest = float(np.abs(residuals).max())
        if not _TOO_SMALL * self.reach <= largest <= self.reach or not self.reach:
            self.reach = round_up(_SPARE * largest) if largest else 1.0
        low, high = float(x.min()), float(x.max())
        wanted = grown(self._usual, low, high, (-math.inf, math.inf))
        is_seen = self._across[0] <= low and high <= self._across[1]
        is_small = wanted[1] - wanted[0] < _ROOMY * (self._across[1] - self._across[0])
        if wanted == self._usual or is_small or not is_seen:
            self._across = wanted

    def follow_bars(self, heights: DoubleArray, curve: DoubleArray) -> None:
        """Make room for these bars, and for the curve unless it is far higher."""
        highest = float(heights.max())
        wanted = max(highest, min(float(curve.max(initial=0.0)), _WIDEST_CURVE * highest))
        if not _TOO_SMALL * self._highest <= wanted <= self._highest or not self._highest:
            self._highest = round_up(_SPARE * max(wanted, 1.0))

    def ranges(self, view: View) -> tuple[Range, Range]:
        """Return the range along x and along y."""
        residuals = -self.reach, self.reach
        if view is View.HISTOGRAM:
            return residuals, (0.0, self._highest)
        return self._across, residuals
