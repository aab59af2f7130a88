"""The names of clouds of points, which have no end to be named at, in a corner of the picture."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.scale import px, scale_factor
from linreg_gui.look.theme import base_font
from linreg_gui.plots.layer import (
    Layer,
    draw_level,
    draw_marker,
    is_vector,
    x_pixels,
    y_pixels,
)
from linreg_gui.plots.series import Series

_TEXT_PIXELS = 13
_ROW = 19
_SAMPLE = 22
_GAP = 6
_MARKER_PIXELS = 9.0
_PADDING = 6
_EDGE = 8
_OPACITY = 225


class CornerKeyLayer(Layer):
    """A sample and the name of each visible series, in the corner with the fewest points."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Series, ...] = ()
        self._x, self._y = np.empty(0), np.empty(0)
        self._stamp: QPixmap | None = None
        self._stamp_key: tuple[object, ...] = ()
        self._area = QRectF()
        self._place_key: tuple[object, ...] = ()

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the names, each with the area of the whole key."""
        shown = self._shown
        self._keep_placed(shown, self.to_pixels())
        return [(series.name, self._area) for series in shown]

    def show_entries(self, entries: Sequence[Series]) -> None:
        """Name exactly ``entries``, as far as they are visible."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.update()

    def avoid(self, x: DoubleArray, y: DoubleArray) -> None:
        """Keep away from these points, in the coordinates of the axes."""
        if not (np.array_equal(x, self._x) and np.array_equal(y, self._y)):
            self._x, self._y = x, y
            self._place_key = ()
            self.update()

    @property
    def _shown(self) -> list[Series]:
        return [series for series in self._entries if series.visible]

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the samples and write the names."""
        shown = self._shown
        if not shown:
            return
        ratio = painter.device().devicePixelRatio()
        looks = [(series.name, series.stroke) for series in shown]
        key = (looks, self.palette.text, ratio, scale_factor())
        if self._stamp is None or key != self._stamp_key:
            self._stamp, self._stamp_key = self._painted(shown, ratio), key
        self._keep_placed(shown, to_pixels)
        if is_vector(painter):
            painter.save()
            painter.translate(self._area.topLeft())
            self._paint(painter, shown, self._area.size())
            painter.restore()
        elif self._area.intersects(exposed):
            painter.drawPixmap(self._area.topLeft(), self._stamp)

    def _keep_placed(self, shown: list[Series], to_pixels: QTransform) -> None:
        size = _size(shown)
        place = (to_pixels, self.boundingRect(), size)
        if place != self._place_key:
            self._area, self._place_key = self._free_corner(size, to_pixels), place

    def _painted(self, shown: list[Series], ratio: float) -> QPixmap:
        """Return the picture of the key. It is painted once, because text is slow to draw."""
        size = _size(shown)
        stamp = QPixmap(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        self._paint(painter, shown, size)
        painter.end()
        return stamp

    def _paint(self, painter: QPainter, shown: list[Series], size: QSizeF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self.palette.surface)
        ground.setAlpha(_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(QPointF(), size), px(4), px(4))
        painter.setFont(base_font(_TEXT_PIXELS))
        for index, series in enumerate(shown):
            left, top = px(_PADDING), px(_PADDING) + index * px(_ROW)
            middle, sample = top + px(_ROW) / 2, px(_SAMPLE) - px(_GAP)
            if series.has_line:
                draw_level(painter, series.stroke, middle, left, left + sample)
            if series.markers:
                center = QPointF(left + sample / 2, middle)
                draw_marker(painter, series.stroke, center, _MARKER_PIXELS, outline=series.outline)
            painter.setPen(QColor(self.palette.text))
            words = QRectF(left + px(_SAMPLE), top, size.width(), px(_ROW))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, series.name)

    def _free_corner(self, size: QSizeF, to_pixels: QTransform) -> QRectF:
        """Return the area in the corner that has the fewest points."""
        edge = px(_EDGE)
        view = to_pixels.mapRect(self.boundingRect()).adjusted(edge, edge, -edge, -edge)
        x, y = x_pixels(to_pixels, self._x), y_pixels(to_pixels, self._y)
        corners = [
            QRectF(QPointF(left, top).toPoint(), size)
            for top in (view.top(), view.bottom() - size.height())
            for left in (view.left(), view.right() - size.width())
        ]
        return min(corners, key=lambda corner: _points_in(corner, x, y))


def _size(shown: list[Series]) -> QSizeF:
    """Return how large a key for ``shown`` is."""
    metrics = QFontMetricsF(base_font(_TEXT_PIXELS))
    widest = max((metrics.horizontalAdvance(series.name) for series in shown), default=0.0)
    width = math.ceil(px(_SAMPLE) + widest) + 2 * px(_PADDING)
    return QSizeF(width, len(shown) * px(_ROW) + 2 * px(_PADDING))


def _points_in(area: QRectF, x: DoubleArray, y: DoubleArray) -> int:
    across = (x > area.left()) & (x < area.right())
    return int(np.count_nonzero(across & (y > area.top()) & (y < area.bottom())))
