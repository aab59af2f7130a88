"""The layers that a picture is painted in, and how lines and markers are painted."""

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.scale import scale_factor

MARKER_PIXELS = 8.0

_FAR = 20_000.0
"""Beyond this many pixels nothing is visible, and the painter may overflow."""

_CROWDED = 60.0
"""A line that goes up and down by more pixels than this in each column is drawn thin. It fills the
place anyway, and would take longer than a frame."""

_MARGIN = 8.0
"""How many pixels the width of a line or a marker may add around its points."""


_DASHES = {
    Qt.PenStyle.DashLine: (8.0, 4.0),
    Qt.PenStyle.DotLine: (2.0, 4.0),
    Qt.PenStyle.DashDotLine: (9.0, 3.0, 2.0, 3.0),
}


class Layer(pg.GraphicsObject):  # type: ignore[misc]
    """One sheet of a picture, as large as the view.

    pyqtgraph's own items repaint the whole picture at each change. A layer repaints only the
    rectangle that has changed, so a frame costs as much as the new part of the picture.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._bounds: QRectF | None = None  # needed twenty times a frame

    @property
    def palette(self) -> Palette:
        """Return the colors of the canvas."""
        palette: Palette = self.getViewWidget().colors
        return palette

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Paint everything inside ``exposed``, in pixels."""
        raise NotImplementedError

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the words that it writes now, and their areas in pixels of the scene."""
        return []

    @property
    def texts(self) -> list[str]:
        """Return the words that it writes now."""
        return [text for text, _ in self.written()]

    def repaint_around(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        left: float = _MARGIN,
        right: float = _MARGIN,
        above_below: float = _MARGIN,
    ) -> None:
        """Repaint the rectangle from ``x[0]`` to ``x[1]`` and ``y[0]`` to ``y[1]``.

        The margins around it are in pixels at 100 %. Heights above or below the view count as its
        edge.
        """
        view = self.getViewBox()
        rect = view.viewRect()
        pixel_x = scale_factor() * rect.width() / max(1.0, view.width())
        pixel_y = scale_factor() * rect.height() / max(1.0, view.height()) * above_below
        bottom, top = rect.top(), rect.bottom()
        low, high = min(max(y[0], bottom), top), min(max(y[1], bottom), top)
        part = QRectF(x[0], low, x[1] - x[0], high - low)
        part.adjust(-left * pixel_x, -pixel_y, right * pixel_x, pixel_y)
        self.update(part & rect)

    def to_pixels(self) -> QTransform:
        """Return the map from the coordinates of the axes to pixels, as it is now."""
        self.getViewBox().updateMatrix()
        return QTransform(self.sceneTransform())

    def boundingRect(self) -> QRectF:
        """Cover the view."""
        if self._bounds is None:
            view = self.getViewBox()
            if view is None:
                return QRectF()
            self._bounds = QRectF(view.viewRect())
        return self._bounds

    def viewRangeChanged(self) -> None:
        """Follow the range of the view."""
        self.prepareGeometryChange()
        self._bounds = None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Pass the painter to `draw`."""
        page = self.getViewWidget().page
        to_pixels = painter.transform() * page.inverted()[0]
        if not (to_pixels.m11() and to_pixels.m22()):  # a picture without room
            return
        # Qt finds the exposed part with the inverse. It has none for ranges beyond some 10¹⁵.
        has_exposed = to_pixels.isInvertible()
        part = option.exposedRect if has_exposed else self.boundingRect()  # type: ignore[attr-defined]
        exposed = to_pixels.mapRect(QRectF(part))
        painter.setTransform(page)
        self.draw(painter, to_pixels, exposed)


def x_pixels(transform: QTransform, x: npt.NDArray[Any]) -> DoubleArray:
    """Map positions along x to pixels."""
    return np.clip(x * transform.m11() + transform.dx(), -_FAR, _FAR)


def y_pixels(transform: QTransform, y: npt.NDArray[Any]) -> DoubleArray:
    """Map positions along y to pixels."""
    return np.clip(y * transform.m22() + transform.dy(), -_FAR, _FAR)


def cut_off(x: DoubleArray, y: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Cut a line where the painter may overflow. The visible part keeps its direction."""
    if x[0] >= -_FAR and x[-1] <= _FAR and not (np.abs(y) > _FAR).any():
        return x, y  # nearly always
    points = np.array([x, y])
    for axis in (0, 1):
        for edge in (-_FAR, _FAR):
            beyond = points[axis] - edge
            before = np.flatnonzero(np.sign(beyond[:-1]) * np.sign(beyond[1:]) < 0)
            share = beyond[before] / (beyond[before] - beyond[before + 1])
            cuts = points[:, before] + share * (points[:, before + 1] - points[:, before])
            points = np.insert(points, before + 1, cuts, axis=1)
    x, y = np.clip(points, -_FAR, _FAR)
    return x, y


def dashes(
    style: Qt.PenStyle, x: DoubleArray, y: DoubleArray, at: DoubleArray, part: tuple[float, float]
) -> QPainterPath:
    """Return the dashes of a line in the line style ``style``.

    They follow ``at``, ascending: the pixel columns, or the length of the line. Dashes that follow
    the columns fit those beside a part that is painted again, and even a noisy line looks dashed.
    Only those within ``part`` of ``at`` are returned.
    """
    first, last = max(part[0], at[0]), min(part[1], at[-1])
    pattern = np.cumsum(_DASHES[style]) * scale_factor()
    starts = np.arange(first // pattern[-1], last // pattern[-1] + 1) * pattern[-1]
    turns = (starts[:, np.newaxis] + np.concatenate([[0.0], pattern[:-1]])).ravel()
    inner = at[(at > first) & (at < last)]
    places = np.concatenate([[first], inner, turns[(turns > first) & (turns < last)], [last]])
    places.sort()
    middles = (places[1:] + places[:-1]) / 2
    down = np.append(np.searchsorted(turns, middles) % 2 == 1, [False]).astype(np.int32)
    x, y = np.interp(places, at, x), np.interp(places, at, y)
    missing = np.isnan(y)
    down[missing | np.append(missing[1:], False)] = 0
    y[missing] = 0.0
    path: QPainterPath = pg.functions.arrayToQPath(x, y, connect=down, finiteCheck=False)
    return path


def is_vector(painter: QPainter) -> bool:
    """Return whether lines and letters stay what they are: in a PDF or SVG, not on a screen."""
    return painter.paintEngine().type() is not QPaintEngine.Type.Raster


@cache
def line_pen(color: str, width: float) -> QPen:
    """Return a solid pen."""
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def draw_line(
    painter: QPainter,
    stroke: Stroke,
    x: DoubleArray,
    y: DoubleArray,
    exposed: QRectF,
    *,
    smooth: bool,
) -> None:
    """Draw a line through points, x ascending, in the style of ``stroke``.

    A solid line has gaps where y is NaN.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    rises = np.abs(np.diff(np.clip(y, exposed.top(), exposed.bottom())))
    way = rises.sum()
    if math.isnan(way):
        way = np.nansum(rises)
    is_crowded = way > _CROWDED * max(1.0, exposed.width())
    if stroke.line is Qt.PenStyle.SolidLine:
        path = pg.functions.arrayToQPath(x, y, connect="finite")
    else:
        path = dashes(stroke.line, x, y, x, (exposed.left(), exposed.right()))
    draw_path(painter, stroke, path, thin=bool(is_crowded))


def draw_path(painter: QPainter, stroke: Stroke, path: QPainterPath, *, thin: bool = False) -> None:
    """Draw ``path``, solid, in color and width of ``stroke``, or ``thin``.

    Qt draws a line of one pixel a hundred times as fast as a wider line. So a wider line is drawn
    as lines of one pixel, shifted around its middle; not in a file that others may edit.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_vector(painter):
        painter.setPen(line_pen(stroke.color, 1.0 if thin else stroke.width))
        painter.drawPath(path)
        return
    pixel = 1 / painter.device().devicePixelRatio()
    painter.setPen(line_pen(stroke.color, pixel))
    for x, y in _around(1.0 if thin else stroke.width, pixel):
        painter.translate(x, y)
        painter.drawPath(path)
        painter.translate(-x, -y)


@cache
def _around(width: float, pixel: float) -> list[tuple[float, float]]:
    """Return the shifts of lines of one ``pixel`` that fill one of ``width``: rings around it."""
    shifts = []
    radius = (width - pixel) / 2
    while radius > 0:
        count = max(3, math.ceil(2 * math.pi * radius / pixel))
        turns = [2 * math.pi * index / count for index in range(count)]
        shifts += [(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]
        radius -= 0.9 * pixel
    return shifts or [(0.0, 0.0)]


def draw_level(painter: QPainter, stroke: Stroke, y: float, left: float, right: float) -> None:
    """Draw a horizontal line in the style of ``stroke``."""
    pen = QPen(line_pen(stroke.color, stroke.width))  # a copy: the dashes are set on it
    if pattern := _DASHES.get(stroke.line):
        scale = scale_factor() / stroke.width
        pen.setDashPattern([pixels * scale for pixels in pattern])
        pen.setDashOffset(left % (sum(pattern) * scale_factor()) / stroke.width)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for shift in {stroke.gap / 2, -stroke.gap / 2}:
        painter.drawLine(QLineF(left, round(y + shift), right, round(y + shift)))


def write_with_halo(
    painter: QPainter,
    place: QPointF,
    text: str,
    font: QFont,
    color: str,
    halo_color: str,
    halo_pixels: float,
) -> None:
    """Write ``text`` from ``place`` on, its baseline, with a halo that keeps lines away from it."""
    outline = QPainterPath()
    outline.addText(place, font, text)
    pen = QPen(QColor(halo_color), 2 * halo_pixels)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(outline, pen)
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(place, text)


def draw_marker(
    painter: QPainter,
    stroke: Stroke,
    center: QPointF,
    pixels: float = MARKER_PIXELS,
    *,
    outline: float = 0.0,
) -> None:
    """Draw the marker of ``stroke``, ``pixels`` wide at 100 %.

    A hollow marker is an ``outline`` of this many pixels at 100 %.
    """
    draw_markers(painter, stroke, [center], pixels, outline=outline)


def draw_markers(
    painter: QPainter,
    stroke: Stroke,
    centers: Iterable[QPointF],
    pixels: float,
    *,
    outline: float = 0.0,
) -> None:
    """Draw the marker of ``stroke`` at each of ``centers``, as `draw_marker` does."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if outline:
        painter.setPen(QPen(QColor(stroke.color), outline * scale_factor()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(stroke.color))
    shape = _marker(stroke.symbol, (pixels - outline) * scale_factor())
    for center in centers:
        painter.drawPath(shape.translated(center))
    painter.restore()


@cache
def _marker(symbol: str, pixels: float) -> QPainterPath:
    shape: QPainterPath = QTransform.fromScale(pixels, pixels).map(Symbols[symbol])
    return shape
