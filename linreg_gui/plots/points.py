"""A cloud of points, stamped from one small picture."""

from typing import Any

import numpy as np
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from linreg_gui.look.palette import Stroke
from linreg_gui.plots.curve import FloatColumn, draw_marker
from linreg_gui.plots.layer import Layer, x_pixels, y_pixels

_SEEN_PIXELS = 0.25
_HALO_PIXELS = 4.0


class PointLayer(Layer):
    """Draws points that all look the same.

    pyqtgraph's scatter item allows each point a look of its own, which costs five times as much.

    Parameters
    ----------
    stroke : Stroke
        Color and marker.
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
        self._halo: Stroke | None = None
        self._stamps: dict[float, QPixmap] = {}
        self._fragments: Any = internals.PrimitiveArray(QPainter.PixmapFragment, 10)

    def set_stroke(self, stroke: Stroke, halo: str = "") -> None:
        """Draw the points with another look; ``halo`` is the color of a ring around each."""
        self._stroke = stroke
        self._halo = Stroke(halo, symbol=stroke.symbol) if halo else None
        self._stamps.clear()
        self.update()

    def set_size(self, pixels: float) -> None:
        """Draw the points larger or smaller."""
        if pixels != self._pixels:
            self._pixels = pixels
            self._stamps.clear()
            self.update()

    def set_points(self, x: FloatColumn, y: FloatColumn) -> None:
        """Draw other points, unless no one could see the difference."""
        view, viewed = self.getViewBox(), self.boundingRect()
        if np.array_equal(x, self.x):
            moved = np.abs(y - self.y).max(initial=0.0)
            if moved * view.height() < _SEEN_PIXELS * viewed.height():
                return
        changed_x, changed_y = np.append(self.x, x), np.append(self.y, y)
        self.x, self.y = x, y
        self.repaint_around(
            (float(changed_x.min()), float(changed_x.max())),
            (float(changed_y.min()), float(changed_y.max())),
        )

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
        widest = self._pixels + (_HALO_PIXELS if self._halo else 0.0)
        side = int(np.ceil((widest + 2) * ratio))
        stamp = QPixmap(side, side)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._opacity)
        middle = QPointF(side / 2, side / 2)
        if self._halo:
            draw_marker(painter, self._halo, middle, widest * ratio)
        draw_marker(painter, self._stroke, middle, self._pixels * ratio)
        painter.end()
        self._stamps[ratio] = stamp
        return stamp
