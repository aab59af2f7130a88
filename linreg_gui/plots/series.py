"""What a picture shows: each series is declared once, and knows its look, its words and its points.

The legend, the theme, the visibility and the crosshair all work on these declarations.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.scale import scale_factor
from linreg_gui.plots.layer import (
    MARKER_PIXELS,
    Layer,
    cut_off,
    dashes,
    draw_level,
    draw_line,
    draw_marker,
    draw_path,
    x_pixels,
    y_pixels,
)
from linreg_gui.plots.thinning import Envelope, PathThinner, pieces_within

Look = Callable[[Palette], Stroke]
AnySeries = TypeVar("AnySeries", bound="Series")

BOTTOM_EDGE = -math.inf
"""A curve's y that is drawn at the bottom edge: a loss of exactly 0 on a log axis."""

NOT_DRAWN = math.inf
"""A curve's y that is not drawn: a parameter far outside the picture."""

_LONE_POINT_PIXELS = 5.0
_MARKER_SPACING = 14.0
_NAMED_MARKER_PIXELS = 11.0
_HALO_PIXELS = 4.0
_VISIBLE_PIXELS = 0.25


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
        """Change the points, and repaint from the first one that differs."""
        common = min(len(x), len(self.x))
        differs = (x[:common] != self.x[:common]) | (y[:common] != self.y[:common])
        first = int(differs.argmax()) if differs.any() else common
        if first < max(len(x), len(self.x)):
            since = slice(max(first - 1, 0), None)
            changed_x = np.concatenate([self.x[since], x[since]])
            changed_y = np.concatenate([self.y[since], y[since]])
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
class Cloud(Points):
    """Points that all look the same, stamped from one small image.

    pyqtgraph's scatter item allows a separate look for each point, which costs five times as much.

    Attributes
    ----------
    pixels : float
        The size of a marker.
    opacity : float
        Below 1, crowded places look denser.
    halo : bool
        Whether a ring in the color of the surface separates each point from its neighbors.
    """

    has_line = False

    pixels: float = field(default=6.0, kw_only=True)
    opacity: float = field(default=1.0, kw_only=True)
    halo: bool = field(default=False, kw_only=True)
    markers: bool = field(default=True, kw_only=True)
    _stamps: dict[object, QPixmap] = field(default_factory=dict, init=False)
    _fragments: Any = field(
        default_factory=lambda: internals.PrimitiveArray(QPainter.PixmapFragment, 10), init=False
    )

    def set_size(self, pixels: float) -> None:
        """Change the size of the markers."""
        if pixels != self.pixels:
            self.pixels = pixels
            self.layer.update()

    def set_opacity(self, opacity: float) -> None:
        """Change the opacity of the markers."""
        if opacity != self.opacity:
            self.opacity = opacity
            self.layer.update()

    def follow(self, x: DoubleArray, y: DoubleArray) -> None:
        """Change the points, unless nobody could see the difference."""
        if np.array_equal(x, self.x):
            moved = np.abs(y - self.y).max(initial=0.0)
            view, viewed = self.layer.getViewBox(), self.layer.boundingRect()
            if moved * view.height() < _VISIBLE_PIXELS * viewed.height():
                return
        self.set_points(x, y)

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Stamp the points."""
        if not len(self.x):
            return
        ratio = painter.device().devicePixelRatio()
        look = self.stroke, self.pixels, self.opacity, self.palette.surface
        key = (look, self.palette.scale, ratio)
        if key not in self._stamps:
            self._stamps[key] = self._make_stamp(ratio)
        stamp = self._stamps[key]
        side = stamp.width()
        self._fragments.resize(len(self.x))
        memory = self._fragments.ndarray()
        memory[:, 0] = x_pixels(to_pixels, self.x)
        memory[:, 1] = y_pixels(to_pixels, self.y)
        memory[:, 2:6] = 0, 0, side, side
        memory[:, 6:10] = 1 / ratio, 1 / ratio, 0, 1
        arguments: Any = (*self._fragments.drawargs(), stamp)
        painter.drawPixmapFragments(*arguments)

    def _make_stamp(self, ratio: float) -> QPixmap:
        widest = self.pixels + (_HALO_PIXELS if self.halo else 0.0)
        side = int(np.ceil((widest * scale_factor() + 2) * ratio))
        stamp = QPixmap(side, side)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self.opacity)
        middle = QPointF(side / 2, side / 2)
        if self.halo:
            ring = Stroke(self.palette.surface, symbol=self.stroke.symbol)
            draw_marker(painter, ring, middle, widest * ratio)
        outline = self.outline * ratio
        draw_marker(painter, self.stroke, middle, self.pixels * ratio, outline=outline)
        painter.end()
        return stamp


@dataclass(eq=False)
class Marker(Series):
    """A named place in the plane, with a halo; NaN draws nothing.

    Attributes
    ----------
    pixels : float
        The size of the marker.
    x, y : float
        The place in the coordinates of the axes.
    """

    has_line = False

    pixels: float = field(default=_NAMED_MARKER_PIXELS, kw_only=True)
    markers: bool = field(default=True, kw_only=True)
    x: float = field(default=math.nan, init=False)
    y: float = field(default=math.nan, init=False)

    def move(self, x: float, y: float) -> None:
        """Move to this place."""
        if (x, y) != (self.x, self.y):
            former, self.x, self.y = (self.x, self.y), x, y
            reach = (self.pixels + _HALO_PIXELS) / 2 + 2
            for place in (former, (x, y)):
                if math.isfinite(place[0]):
                    columns, rows = ((each, each) for each in place)
                    self.layer.repaint_around(
                        columns, rows, left=reach, right=reach, above_below=reach
                    )

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw halo and marker."""
        if math.isfinite(self.x):
            place = to_pixels.map(QPointF(self.x, self.y))
            halo = Stroke(self.palette.surface, symbol=self.stroke.symbol)
            draw_marker(painter, halo, place, self.pixels + _HALO_PIXELS)
            draw_marker(painter, self.stroke, place, self.pixels, outline=self.outline)


@dataclass(eq=False)
class Path(Points):
    """A line through the plane, in the order of its points.

    Attributes
    ----------
    thinner : PathThinner
        Selects its points from a history.
    """

    thinner: PathThinner = field(default_factory=PathThinner, init=False)
    _painted: tuple[DoubleArray, QTransform, QPainterPath] | None = field(default=None, init=False)

    @property
    def points(self) -> DoubleArray:
        """Return its points in the coordinates of the axes, shape (2, k)."""
        return np.array([self.x, self.y])

    def visible_end(
        self, x_range: tuple[float, float], y_range: tuple[float, float]
    ) -> tuple[float, float]:
        """Return the last of its points within these ranges; NaN if there is none."""
        (left, right), (low, high) = x_range, y_range
        inside = (self.x > left) & (self.x < right) & (self.y > low) & (self.y < high)
        if not inside.any():
            return math.nan, math.nan
        last = np.flatnonzero(inside)[-1]
        return float(self.x[last]), float(self.y[last])

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the line if it meets ``exposed``."""
        if self._painted is None or self._painted[0] is not self.x or self._painted[1] != to_pixels:
            self._painted = self.x, to_pixels, self._line(to_pixels, view)
        line = self._painted[2]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = exposed.adjusted(-2, -2, 2, 2)
        if around.intersects(line.controlPointRect().adjusted(-1, -1, 1, 1)):
            draw_path(painter, self.stroke, line)

    def _line(self, to_pixels: QTransform, view: QRectF) -> QPainterPath:
        scale = np.array([[to_pixels.m11()], [to_pixels.m22()]])
        origin = np.array([[to_pixels.dx()], [to_pixels.dy()]])
        # The area is larger than the view: many short pieces cost more than a few extra dashes.
        width, height = view.width() / 2, view.height() / 2
        area = view.adjusted(-width, -height, width, height)
        style, line = self.stroke.line, QPainterPath()
        for x, y in pieces_within(area, self.points * scale + origin):
            if style is Qt.PenStyle.SolidLine:
                line.addPath(pg.functions.arrayToQPath(x, y))
            else:
                length = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
                line.addPath(dashes(style, x, y, length, (0.0, length[-1])))
        return line


def _range_of(values: DoubleArray) -> tuple[float, float]:
    return float(values.min()), float(values.max())
