"""The names of clouds of points, which have no end to be named at, in a corner of the picture."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.plots.layer import Layer, draw_level, draw_marker, x_pixels, y_pixels
from linreg_gui.plots.series import Series

_TEXT_PIXELS = 13
_ROW = 19
_SAMPLE = 22
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

    @property
    def texts(self) -> list[str]:
        """Return the names that are written now."""
        return [series.name for series in self._shown]

    def show_entries(self, entries: Sequence[Series]) -> None:
        """Name exactly ``entries``, as far as they are visible."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.update()

    def avoid(self, x: DoubleArray, y: DoubleArray) -> None:
        """Keep away from these points, in the coordinates of the axes."""
        self._x, self._y = x, y
        self.update()

    @property
    def _shown(self) -> list[Series]:
        return [series for series in self._entries if series.visible]

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the samples and write the names."""
        shown = self._shown
        area = self._place(shown, to_pixels)
        if not shown or not area.intersects(exposed):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self.palette.surface)
        ground.setAlpha(_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, px(4), px(4))
        painter.setFont(base_font(_TEXT_PIXELS))
        for index, series in enumerate(shown):
            top = area.top() + px(_PADDING) + index * px(_ROW)
            left, middle = area.left() + px(_PADDING), top + px(_ROW) / 2
            if series.has_line:
                draw_level(painter, series.stroke, middle, left, left + px(_SAMPLE) - px(6))
            if series.markers:
                center = QPointF(left + (px(_SAMPLE) - px(6)) / 2, middle)
                draw_marker(painter, series.stroke, center, _MARKER_PIXELS, outline=series.outline)
            painter.setPen(QColor(self.palette.text))
            words = QRectF(left + px(_SAMPLE), top, area.width(), px(_ROW))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, series.name)

    def _place(self, shown: list[Series], to_pixels: QTransform) -> QRectF:
        """Return the area in the corner that has the fewest points."""
        metrics = QFontMetricsF(base_font(_TEXT_PIXELS))
        widest = max((metrics.horizontalAdvance(series.name) for series in shown), default=0.0)
        width = px(_SAMPLE) + widest + 2 * px(_PADDING)
        height = len(shown) * px(_ROW) + 2 * px(_PADDING)
        edge = px(_EDGE)
        view = to_pixels.mapRect(self.boundingRect()).adjusted(edge, edge, -edge, -edge)
        x, y = x_pixels(to_pixels, self._x), y_pixels(to_pixels, self._y)
        corners = [
            QRectF(left, top, width, height)
            for top in (view.top(), view.bottom() - height)
            for left in (view.left(), view.right() - width)
        ]
        return min(corners, key=lambda corner: _points_in(corner, x, y))


def _points_in(area: QRectF, x: DoubleArray, y: DoubleArray) -> int:
    across = (x > area.left()) & (x < area.right())
    return int(np.count_nonzero(across & (y > area.top()) & (y < area.bottom())))
