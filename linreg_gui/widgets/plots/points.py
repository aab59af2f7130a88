"""A cloud of points, stamped from one small picture."""

from typing import Any

import numpy as np
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from linreg_gui.widgets.plots.curve import FloatColumn, draw_marker
from linreg_gui.widgets.plots.layer import Layer, x_pixels, y_pixels
from linreg_gui.widgets.theme import Stroke

_SEEN_PIXELS = 0.25


class PointLayer(Layer):
    """Draws points that all look the same.

    pyqtgraph's scatter item allows each point a look of its own, which costs five times as much.

    Parameters
    ----------
    stroke : Stroke
        Colour and marker.
    pixels : float
        Size of a marker.
    opacity : float
        Below 1, crowded places look denser.
    """

    def __init__(self, stroke: Stroke, pixels: float, opacity: float = 1.0) -> None:
        super().__init__()
        self.x: FloatColumn = np.empty(0)
        self.y: FloatColumn = np.empty(0)
        self._stroke = stroke
        self._pixels = pixels
        self._opacity = opacity
        self._stamps: dict[float, QPixmap] = {}
        self._fragments: Any = internals.PrimitiveArray(QPainter.PixmapFragment, 10)

    def set_stroke(self, stroke: Stroke) -> None:
        """Draw the points with another look."""
        self._stroke = stroke
        self._stamps.clear()
        self.update()

    def set_points(self, x: FloatColumn, y: FloatColumn) -> None:
        """Draw other points, unless no one could see the difference."""
        view, viewed = self.getViewBox(), self.boundingRect()
        if x is self.x and len(y) == len(self.y):
            moved = np.abs(y - self.y).max(initial=0.0)
            if moved * view.height() < _SEEN_PIXELS * viewed.height():
                return
        self.x, self.y = x, y
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Stamp the points."""
        if not len(self.x):
            return
        ratio = painter.device().devicePixelRatio()
        stamp = self._stamps.get(ratio) or self._make_stamp(ratio)
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
        side = int(np.ceil((self._pixels + 2) * ratio))
        stamp = QPixmap(side, side)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._opacity)
        draw_marker(painter, self._stroke, QPointF(side / 2, side / 2), self._pixels * ratio)
        painter.end()
        self._stamps[ratio] = stamp
        return stamp
