"""What a picture shows: each series is declared once, and knows its look, its words and its points.

The legend, the theme, the visibility and the crosshair all work on these declarations.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.scale import scale_factor
from linreg_gui.plots.layer import (
    MARKER_PIXELS,
    Layer,
    cut_off,
    draw_level,
    draw_line,
    draw_marker,
    x_pixels,
)
from linreg_gui.plots.thinning import Envelope

Look = Callable[[Palette], Stroke]
AnySeries = TypeVar("AnySeries", bound="Series")

BOTTOM_EDGE = -math.inf
"""A curve's y that is drawn at the bottom edge: a loss of exactly 0 on a log axis."""

NOT_DRAWN = math.inf
"""A curve's y that is not drawn: a parameter far outside the picture."""

_LONE_POINT_PIXELS = 5.0
_MARKER_SPACING = 14.0


@dataclass(eq=False)
class Series:
    """One quantity in a picture. By itself it draws nothing and stands for its ``parts``.

    Attributes
    ----------
    look : callable
        Returns the stroke of the series in a palette.
    name, short_name : str
        The words in the legend, and the words where there is little room.
    help_text : str
        An explanation for the tool tip in the legend.
    markers : bool
        Whether its points have markers.
    outline : float
        The width of the line around a hollow marker; 0 for filled markers.
    parts : list of Series
        Shown and hidden together with this one.
    visible : bool
        Whether it is drawn.
    layer : SeriesLayer
        The layer that draws it; set by the layer.
    """

    has_line: ClassVar[bool] = True

    look: Look
    name: str = ""
    short_name: str = ""
    help_text: str = ""
    markers: bool = field(default=False, kw_only=True)
    outline: float = field(default=0.0, kw_only=True)
    parts: "list[Series]" = field(default_factory=list, kw_only=True)
    visible: bool = field(default=True, init=False)
    layer: "SeriesLayer[Any]" = field(init=False)

    @property
    def palette(self) -> Palette:
        """Return the colors of the picture."""
        return self.layer.palette

    @property
    def stroke(self) -> Stroke:
        """Return the look of the series in the colors of the picture."""
        return self.look(self.palette)

    def set_visible(self, visible: bool) -> None:
        """Draw the series and its parts, or do not."""
        if visible != self.visible:
            self.visible = visible
            self.layer.update()
        for part in self.parts:
            part.set_visible(visible)

    def set_parts(self, parts: "Sequence[Series]") -> None:
        """Show and hide exactly ``parts`` together with this series."""
        self.parts = list(parts)
        self.set_visible(self.visible)

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw everything inside ``exposed``, a part of ``view``, in pixels."""


class SeriesLayer(Layer, Generic[AnySeries]):
    """Draws series, the last one on top.

    Attributes
    ----------
    series : list of Series
        Change it with `set_series`.
    stop : float
        Nothing is drawn to the right of it.
    """

    def __init__(self, *series: AnySeries) -> None:
        super().__init__()
        self.series: list[AnySeries] = []
        self.stop = math.inf
        self.set_series(series)

    def set_series(self, series: Sequence[AnySeries]) -> None:
        """Draw exactly ``series``."""
        if list(series) != self.series:
            self.series = list(series)
            for each in self.series:
                each.layer = self
            self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the visible series."""
        view = to_pixels.mapRect(self.boundingRect())
        if math.isfinite(self.stop):
            exposed = QRectF(exposed)
            exposed.setRight(min(exposed.right(), self.stop * to_pixels.m11() + to_pixels.dx()))
            if exposed.width() <= 0:
                return
        for series in self.series:
            if series.visible:
                series.draw(painter, to_pixels, exposed, view)


@dataclass(eq=False)
class Points(Series):
    """A quantity that is drawn at points.

    Attributes
    ----------
    x, y : ndarray
        Its points in the coordinates of the axes.
    """

    x: DoubleArray = field(default_factory=lambda: np.empty(0), init=False)
    y: DoubleArray = field(default_factory=lambda: np.empty(0), init=False)

    def clear(self) -> None:
        """Remove all points."""
        self.set_points(np.empty(0), np.empty(0))

    def set_points(self, x: DoubleArray, y: DoubleArray) -> None:
        """Change the points, and repaint from the first one that differs to the last."""
        common = min(len(x), len(self.x))
        differs = (x[:common] != self.x[:common]) | (y[:common] != self.y[:common])
        first = int(differs.argmax()) if differs.any() else common
        if first < max(len(x), len(self.x)):
            stop = None
            if len(x) == len(self.x):
                stop = common - int(differs[::-1].argmax()) + 1  # a line goes on to the next point
            part = slice(max(first - 1, 0), stop)
            changed_x = np.concatenate([self.x[part], x[part]])
            changed_y = np.concatenate([self.y[part], y[part]])
            self.x, self.y = x, y
            if self.visible:
                self.layer.repaint_around(_range_of(changed_x), _range_of(changed_y))


@dataclass(eq=False)
class Curve(Points):
    """A line through points, x ascending, with markers where they have room.

    Attributes
    ----------
    smooth : bool
        Whether its edges are smoothed: for an important line with few points.
    envelope : Envelope
        Reduces a long column of numbers to these points.
    """

    smooth: bool = field(default=True, kw_only=True)
    envelope: Envelope = field(default_factory=Envelope, init=False)

    def clear(self) -> None:
        """Remove all points, and forget the column of numbers."""
        super().clear()
        self.envelope = Envelope()

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the part inside ``exposed``."""
        if not len(self.x):
            return
        x = x_pixels(to_pixels, self.x)
        marker = MARKER_PIXELS * scale_factor()
        around = exposed.adjusted(-marker, 0, marker, 0)
        first = max(0, int(np.searchsorted(x, around.left())) - 1)
        part = slice(first, int(np.searchsorted(x, around.right(), "right")) + 1)
        y = self.y[part] * to_pixels.m22() + to_pixels.dy()
        y[self.y[part] == BOTTOM_EDGE] = view.bottom() - 1
        y[self.y[part] == NOT_DRAWN] = np.nan
        x, y = cut_off(self.x[part] * to_pixels.m11() + to_pixels.dx(), y)
        draw_line(painter, self.stroke, x, y, around, smooth=self.smooth)
        if len(self.x) == 1 and not self.markers:  # a line needs two points
            draw_marker(painter, self.stroke, QPointF(x[0], y[0]), _LONE_POINT_PIXELS)
        if self.markers and x[-1] - x[0] >= _MARKER_SPACING * scale_factor() * (len(x) - 2):
            for center in zip(x, y, strict=True):
                draw_marker(painter, self.stroke, QPointF(*center))


def log_heights(values: DoubleArray) -> DoubleArray:
    """Return where ``values`` are along a log axis; 0 is at the bottom edge."""
    heights = np.full(len(values), BOTTOM_EDGE)
    return np.log10(values, out=heights, where=values > 0)


@dataclass(eq=False)
class Level(Series):
    """A horizontal line from edge to edge at ``y``; NaN draws nothing."""

    y: float = field(default=math.nan, kw_only=True)

    def set_height(self, y: float) -> None:
        """Move the line to ``y``."""
        self.y = y
        self.layer.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the part inside ``exposed``."""
        if math.isfinite(self.y):
            y = self.y * to_pixels.m22() + to_pixels.dy()
            stroke = self.stroke
            reach = stroke.width + stroke.gap
            if exposed.top() - reach <= y <= exposed.bottom() + reach:
                draw_level(painter, stroke, y, exposed.left(), exposed.right())


@dataclass(eq=False)
class MarkedLevel(Level):
    """A horizontal line with a marker, so that more than its color tells it.

    Attributes
    ----------
    marker_place : float
        Where the marker is, as a share of the width of the picture.
    """

    marker_place: float = field(default=0.5, kw_only=True)

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the line, and the marker on it."""
        super().draw(painter, to_pixels, exposed, view)
        if math.isfinite(self.y):
            x = view.left() + self.marker_place * view.width()
            draw_marker(painter, self.stroke, QPointF(x, to_pixels.map(QPointF(0.0, self.y)).y()))


def _range_of(values: DoubleArray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def parameter_look(index: int, dimension: int) -> Look:
    """Return the look of weight ``index``, or of the bias where ``index == dimension``."""
    return lambda palette: palette.parameter(index, dimension)
