"""Where the data picture places examples and lines, and which range it shows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.scale import px
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.examples import Examples
from linreg_gui.plots.ranges import Range, grown, including, widened
from linreg_gui.plots.series import Curve
from linreg_gui.texts import tr

CANVAS = 3.0
"""An empty canvas, on which a person draws points, is so wide and so high on each side of 0."""

_MARGIN = 0.07
_MOST_SPANS = 0.5
"""Highlighted examples widen the range by at most this multiple of the span of the data."""
_NEAR_SHARE = 1 / 3
"""The picture comes closer if the examples will need at most this share of its height."""
_NEAR_MARGIN = 0.3
_NEAR_ENOUGH = 0.1
"""It does so when the examples are at most so much farther apart than at least squares."""
_END_PIXELS = 14
"""A line is named this far before the edge of the picture."""


class View(IntEnum):
    """Ways to look at the data."""

    RAW = 0
    ADJUSTED = 1
    PREDICTED = 2


@dataclass(frozen=True)
class Projection:
    """How the data is placed in the plane.

    Attributes
    ----------
    view : View
        The way to look at the data.
    feature : int
        The column along x.
    keeps_bias : bool
        Whether the adjusted view takes away the share of the other features alone. A line that
        somebody draws there has an intercept.
    """

    view: View
    feature: int
    keeps_bias: bool = False

    def places(
        self, examples: Examples, parameters: FloatArray
    ) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
        """Return x and y of ``examples``, and the y of their predictions."""
        x = examples.features[:, self.feature]
        predictions = examples.predicted(np.asarray(parameters, np.float64))
        match self.view:
            case View.RAW:
                return x, examples.target, predictions
            case View.ADJUSTED:
                line = self.line(x, parameters)
                return x, examples.target - predictions + line, line
            case View.PREDICTED:
                return examples.target, predictions, examples.target

    def line(self, x: DoubleArray, parameters: Sequence[float] | FloatArray) -> DoubleArray:
        """Return the heights of the fitted line at ``x``."""
        slope = float(parameters[self.feature])
        has_intercept = self.view is View.RAW or self.keeps_bias
        intercept = float(parameters[-1]) if has_intercept else 0.0
        heights: DoubleArray = slope * x + intercept
        return heights

    def prediction(self, features: DoubleArray, parameters: FloatArray) -> tuple[float, float]:
        """Return the place of the prediction for one example; NaN where it has none."""
        nowhere = math.nan, math.nan
        if self.view is View.PREDICTED:
            return nowhere  # without a target
        with np.errstate(over="ignore", invalid="ignore"):
            x, _, y = self.places(Examples(features, np.zeros(1)), parameters)
        place = float(x[0]), float(y[0])
        return place if all(map(math.isfinite, place)) else nowhere

    def axis_labels(
        self, names: Sequence[str], target: str, in_words: Callable[[str], str]
    ) -> tuple[str, str]:
        """Return what is along both axes; ``in_words`` adds the units that need a word."""
        along_x = in_words(names[self.feature])
        match self.view:
            case View.RAW:
                return along_x, target
            case View.ADJUSTED:
                others = [
                    f" − w{index}·{name}"
                    for index, name in enumerate(names)
                    if index != self.feature
                ]
                bias = "" if self.keeps_bias else " − b"
                return along_x, in_words(target + bias + "".join(others))
            case View.PREDICTED:
                return tr("actual {target}").format(target=target), tr("predicted ŷ")


class DataRange:
    """The range that the data picture shows: that of the data, and of what is highlighted.

    Attributes
    ----------
    is_near : bool
        Whether the range along y is that of the examples at least squares, because they are there.
    """

    def __init__(self) -> None:
        self._x: Range = (0.0, 1.0)
        self._y: Range = (0.0, 1.0)
        self._near: Range | None = None
        self._highlighted: tuple[Range, Range] | None = None
        self.is_near = False

    def begin(self) -> None:
        """Forget what was highlighted."""
        self._highlighted = None

    def hold(self, x: Sequence[DoubleArray], y: Sequence[DoubleArray]) -> None:
        """Hold all of these coordinates, with a margin."""
        self._x = widened(np.concatenate(x), _MARGIN)
        self._y = widened(np.concatenate(y), _MARGIN)
        self._near = None

    def hold_near(self, y: DoubleArray) -> None:
        """Hold only these heights, too, once `follow` says that they are reached."""
        low, high = _extent(y)
        is_small = high - low <= _NEAR_SHARE * (self._y[1] - self._y[0])
        self._near = (low, high) if is_small and high > low else None

    def follow(self, y: DoubleArray) -> None:
        """Come closer when the examples, now at heights ``y``, are where they will end."""
        margin = _NEAR_MARGIN if self.is_near else _NEAR_ENOUGH
        self.is_near = self._near is not None and _contains(widened(self._near, margin), _extent(y))

    def include(self, x: float, y: float) -> None:
        """Hold this place, too, however far away it is; NaN changes nothing."""
        self._x, self._y = including(self._x, x), including(self._y, y)

    def highlight(self, x: DoubleArray, y: DoubleArray) -> None:
        """Hold these examples, too, unless they are far away."""
        seen = (_extent(x), _extent(y))
        if self._highlighted is not None:
            seen = tuple(map(_union, seen, self._highlighted))  # type: ignore[assignment]
        self._highlighted = seen

    @property
    def ranges(self) -> tuple[Range, Range]:
        """Return the range along x and along y."""
        near = self._near if self.is_near else None
        y_now = self._y if near is None else widened(near, _NEAR_MARGIN)
        if self._highlighted is None:
            return self._x, y_now
        x, y = (
            grown(own, *seen, widened(own, _MOST_SPANS))
            for own, seen in zip((self._x, y_now), self._highlighted, strict=True)
        )
        return x, y


def line_ends(line: Curve, canvas: Canvas) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two places near the right and the left end of the visible part of a straight line."""
    if len(line.x) < 2 or line.x[0] == line.x[1]:
        return (math.nan, math.nan), (math.nan, math.nan)
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    (left, right), (low, high) = canvas.x_range, canvas.y_range
    across, up = (px(_END_PIXELS) * pixel for pixel in canvas.pixel)

    def end(x: float, *, is_high: bool) -> tuple[float, float]:
        y = line.y[0] + slope * (x - line.x[0])
        if slope and not low + up <= y <= high - up:
            y = high - up if is_high else low + up
            x = line.x[0] + (y - line.y[0]) / slope
        return float(x), float(y)

    return end(right - across, is_high=slope > 0), end(left + across, is_high=slope < 0)


def _extent(values: DoubleArray) -> Range:
    return float(values.min()), float(values.max())


def _contains(outer: Range, inner: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _union(first: Range, second: Range) -> Range:
    return min(first[0], second[0]), max(first[1], second[1])
