"""Series without a direction along x: clouds of points, single places, and paths in the plane."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import scale_factor
from linreg_gui.plots.layer import (
    dashes,
    draw_marker,
    draw_markers,
    draw_path,
    is_vector,
    x_pixels,
    y_pixels,
)
from linreg_gui.plots.series import Points, Series
from linreg_gui.plots.thinning import PathThinner, pieces_within

_NAMED_MARKER_PIXELS = 11.0
_HALO_PIXELS = 4.0
_VISIBLE_PIXELS = 0.25
_LONGEST = 100_000.0
"""A path with more pixels than this covers itself again and again. It is drawn thin and without
dashes, which would take longer than a frame."""


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
    _stamp: tuple[object, QPixmap] | None = field(default=None, init=False)
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
        """Stamp the points; in a file that others may edit, draw each one."""
        if not len(self.x):
            return
        x, y = x_pixels(to_pixels, self.x), y_pixels(to_pixels, self.y)
        if is_vector(painter):
            painter.save()
            painter.setOpacity(self.opacity)
            places = map(QPointF, x.tolist(), y.tolist())
            self._draw_shapes(painter, [place for place in places if view.contains(place)])
            painter.restore()
            return
        ratio = painter.device().devicePixelRatio()
        look = self.stroke, self.pixels, self.opacity, self.palette.surface
        key = (look, self.palette.scale, ratio)
        if self._stamp is None or self._stamp[0] != key:
            self._stamp = key, self._make_stamp(ratio)
        stamp = self._stamp[1]
        side = stamp.width()
        self._fragments.resize(len(self.x))
        memory = self._fragments.ndarray()
        memory[:, 0] = x
        memory[:, 1] = y
        memory[:, 2:6] = 0, 0, side, side
        memory[:, 6:10] = 1 / ratio, 1 / ratio, 0, 1
        arguments: Any = (*self._fragments.drawargs(), stamp)
        painter.drawPixmapFragments(*arguments)

    def _make_stamp(self, ratio: float) -> QPixmap:
        side = int(np.ceil((self._widest * scale_factor() + 2) * ratio))
        stamp = QPixmap(side, side)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setOpacity(self.opacity)
        painter.scale(ratio, ratio)
        middle = side / (2 * ratio)
        self._draw_shapes(painter, [QPointF(middle, middle)])
        painter.end()
        return stamp

    @property
    def _widest(self) -> float:
        return self.pixels + (_HALO_PIXELS if self.halo else 0.0)

    def _draw_shapes(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        if not self.halo:
            draw_markers(painter, self.stroke, places, self.pixels, outline=self.outline)
            return
        ring = Stroke(self.palette.surface, symbol=self.stroke.symbol)
        for place in places:
            draw_marker(painter, ring, place, self._widest)
            draw_marker(painter, self.stroke, place, self.pixels, outline=self.outline)


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
    _is_long: bool = field(default=False, init=False)

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
            draw_path(painter, self.stroke, line, thin=self._is_long)

    def _line(self, to_pixels: QTransform, view: QRectF) -> QPainterPath:
        scale = np.array([[to_pixels.m11()], [to_pixels.m22()]])
        origin = np.array([[to_pixels.dx()], [to_pixels.dy()]])
        # The area is larger than the view: many short pieces cost more than a few extra dashes.
        width, height = view.width() / 2, view.height() / 2
        area = view.adjusted(-width, -height, width, height)
        style, line = self.stroke.line, QPainterPath()
        pieces = pieces_within(area, self.points * scale + origin)
        lengths = [np.append(0.0, np.cumsum(np.hypot(*np.diff(piece)))) for piece in pieces]
        self._is_long = sum(length[-1] for length in lengths) > _LONGEST
        for (x, y), length in zip(pieces, lengths, strict=True):
            if self._is_long or style is Qt.PenStyle.SolidLine:
                line.addPath(pg.functions.arrayToQPath(x, y))
            else:
                line.addPath(dashes(style, x, y, length, (0.0, length[-1])))
        return line
