"""Words with a halo that keeps them apart from what is under them, each painted once."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.plots.layer import is_vector, write_with_halo

HALO = 2
"""Pixels of the halo on each side."""
_PIXELS = 14
"""The height of the text."""
_MOST_STAMPS = 100


class HaloText:
    """Paints words into images: to draw one takes much less time than to write the words.

    Parameters
    ----------
    weight : QFont.Weight
        Of the letters.
    plate : bool
        Whether the words cover what is under them.
    """

    def __init__(self, weight: QFont.Weight = QFont.Weight.Normal, *, plate: bool = False) -> None:
        self._weight = weight
        self._plate = plate
        self._sizes: dict[tuple[str, int], QSize] = {}
        self._stamps: dict[tuple[object, ...], QPixmap] = {}

    def size(self, text: str) -> QSize:
        """Return the size of ``text`` in whole pixels, without the halo."""
        key = text, px(_PIXELS)
        if key not in self._sizes:
            if len(self._sizes) >= _MOST_STAMPS:
                self._sizes.clear()
            metrics = QFontMetricsF(self._font)
            width, height = metrics.horizontalAdvance(text), metrics.height()
            self._sizes[key] = QSize(math.ceil(width), math.ceil(height))
        return self._sizes[key]

    def write(self, painter: QPainter, corner: QPointF, text: str, color: str, ground: str) -> None:
        """Write ``text`` in ``color`` with its halo in the color ``ground``.

        ``corner`` is that of the halo, `HALO` around the words.
        """
        if is_vector(painter):
            painter.save()
            painter.translate(corner)
            self._paint(painter, text, color, ground)
            painter.restore()
        else:
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(corner, self._stamp(text, color, ground, ratio))

    def _stamp(self, text: str, color: str, ground: str, ratio: float) -> QPixmap:
        halo = px(HALO)
        key = text, color, ground, halo, px(_PIXELS), ratio
        if key not in self._stamps:
            if len(self._stamps) >= _MOST_STAMPS:
                self._stamps.clear()
            self._stamps[key] = self._painted(text, color, ground, ratio)
        return self._stamps[key]

    @property
    def _font(self) -> QFont:
        return base_font(_PIXELS, self._weight)

    def _painted(self, text: str, color: str, ground: str, ratio: float) -> QPixmap:
        halo, size = px(HALO), self.size(text)
        width, height = size.width() + 2 * halo, size.height() + 2 * halo
        stamp = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        self._paint(painter, text, color, ground)
        painter.end()
        return stamp

    def _paint(self, painter: QPainter, text: str, color: str, ground: str) -> None:
        halo, size, font = px(HALO), self.size(text), self._font
        if self._plate:
            plate = QRectF(0, halo, size.width() + 2 * halo, size.height())
            painter.fillRect(plate, QColor(ground))
        baseline = QPointF(halo, halo + QFontMetricsF(font).ascent())
        write_with_halo(painter, baseline, text, font, color, ground, halo)
