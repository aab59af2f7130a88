"""The axes of a picture, with few round numbers, and the grid at them."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QWidget

from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import decade, tick
from linreg_gui.plots.layer import Layer, is_vector

Ticks = list[tuple[float, list[float]]]

_LABEL_ROOM = 22
_OVERHANG = {"left": 10, "bottom": 24}
"""Pixels that a number may stand out beyond the end of its axis. With more, Qt keeps parts of old
images of the axis."""
_SLACK = 20
_USUAL_TICKS = 8


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with few, round numbers, written out without multipliers.

    Attributes
    ----------
    logarithmic : bool
        Whether its positions are logarithms.
    whole : bool
        Whether it counts things, so that fractions get no tick.
    grouped : bool
        Whether its numbers are grouped by thousands. Years are not.
    last : float
        No tick is beyond it.
    """

    def __init__(self, orientation: str) -> None:
        self.logarithmic = self.whole = False
        self.grouped = True
        self._is_cached = True
        self.last = math.inf
        self._spacing = 1.0
        super().__init__(orientation, maxTickLength=0)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setStyle(autoExpandTextSpace=False)

    def restyle(self, palette: Palette) -> None:
        """Use the colors of ``palette``, and the present scale."""
        self.setTickFont(base_font(13))
        self.label.setFont(base_font(13))
        self.label.setDefaultTextColor(QColor(palette.muted))
        self.setStyle(
            tickTextOffset=px(7),
            tickTextHeight=px(18),
            hideOverlappingLabels=px(_OVERHANG[self.orientation]),  # room beyond the ends
        )
        self.setPen(QPen(QColor(palette.border)))  # not pyqtgraph's, of one pixel on any paper
        self.setTextPen(palette.muted)
        if self.orientation == "left":
            self.fit_width()
        self.resizeEvent()

    def setLabel(self, text: str | None = None, **options: Any) -> None:
        """Change the words along the axis, and put them in its middle, unlike pyqtgraph."""
        super().setLabel(text, **options)
        self.resizeEvent()

    def _updateLabel(self) -> None:
        """Show the words as they are. pyqtgraph would take a name like “<b>” for markup."""
        if self.label.toPlainText() != self.labelText:  # to lay the same out again takes longer
            self.label.setPlainText(self.labelText or "")
        self._adjustSize()
        self.picture = None
        self.update()

    def show_label(self, *labels: str, room: float) -> None:
        """Show the first of ``labels`` that is less than ``room`` pixels long, or none."""
        width_of = QFontMetricsF(base_font(13)).horizontalAdvance
        fitting = next((words for words in labels if width_of(words) < room), None)
        if fitting is not None and fitting != self.labelText:
            self.setLabel(fitting)
        self.showLabel(fitting is not None)

    def show_numbers(self, *, shown: bool) -> None:
        """Show the numbers, or only the line."""
        if shown != self.style["showValues"]:
            self.setStyle(showValues=shown)
            if self.orientation == "left":
                self.fit_width()
            else:
                self.setHeight(None if shown else px(4))  # of its own it would have none

    def fit_width(self) -> None:
        """Make the axis as wide as its numbers; make it narrower only if that gains much."""
        if not self.style["showValues"]:
            self.setWidth(px(4))
            return
        positions, spacing = self.positions(), self._spacing
        metrics = QFontMetricsF(self.style["tickFont"])
        numbers = [
            metrics.horizontalAdvance(text) for text in self.tickStrings(positions, 1, spacing)
        ]
        needed = math.ceil(max(numbers, default=0.0)) + self.style["tickTextOffset"][0]
        needed += px(_LABEL_ROOM if self.label.isVisible() else 4)
        if not needed <= self.width() <= needed + px(_SLACK):
            self.setWidth(needed)

    def resizeEvent(self, event: Any = None) -> None:
        """Draw all of the axis again: Qt would keep a part of the image of the former size."""
        super().resizeEvent(event)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        if self._is_cached:
            self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def keep_image(self, *, wanted: bool) -> None:
        """Keep an image of numbers and words from now on, or draw them each time."""
        self._is_cached = wanted
        self.resizeEvent()

    def paint(self, p: QPainter, opt: Any, widget: QWidget | None) -> None:
        """Paint the axis; in a file that others may edit, as it is and not as a recording."""
        if not is_vector(p):
            super().paint(p, opt, widget)
        elif (specs := self.generateDrawSpecs(p)) is not None:
            p.save()
            self.drawPicture(p, *specs)
            p.restore()

    def positions(self) -> list[float]:
        """Return where the ticks are now."""
        low, high = self.range
        pixels = self.height() if self.orientation == "left" else self.width()
        ((self._spacing, positions),) = self.tickValues(low, high, pixels)
        return positions

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:
        """Return one level of ticks, each with a number."""
        fine = 1.0 if self.logarithmic else _round_tick((maxVal - minVal) / _USUAL_TICKS)
        widest = max(len(self._written(value, fine)) for value in (minVal, maxVal))
        room = px(32 if self.orientation == "left" else 36 + 8 * widest)
        least = (maxVal - minVal) / max(2.0, size / room)
        if self.logarithmic:
            spacing = float(max(1, math.ceil(least)))
        else:
            spacing = max(_round_tick(least), 1.0 if self.whole else 0.0)
        first, last = (
            math.ceil(minVal / spacing - 1e-9),
            math.floor(min(maxVal, self.last) / spacing + 1e-9),
        )
        return [(spacing, [index * spacing for index in range(first, last + 1)])]

    def generateDrawSpecs(self, p: QPainter) -> Any:
        """Leave out a number that the canvas would cut, or that would lie on the one before."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        line, ticks, numbers = specs
        room = self.getViewWidget().sceneRect().adjusted(-1, -1, 1, 1)
        fitting: list[Any] = []
        for number in numbers:
            place = number[0].adjusted(-px(2), 0, px(2), 0)
            is_free = not fitting or not fitting[-1][0].intersects(place)
            if is_free and room.contains(self.mapRectToScene(number[0])):
                fitting.append(number)
        return line, ticks, fitting

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks' numbers."""
        if not self.logarithmic:
            return [self._written(value, spacing) for value in values]
        if all(-4 <= value <= 4 for value in values):
            return [tick(10.0**value, 10.0 ** min(0.0, value)) for value in values]
        return [decade(round(value)) for value in values]

    def _written(self, value: float, spacing: float) -> str:
        return tick(value, spacing, grouped=self.grouped)


class Grid(Layer):
    """Hairlines at the ticks."""

    def __init__(self, x_axis: NumberAxis, y_axis: NumberAxis) -> None:
        super().__init__()
        self._x_axis, self._y_axis = x_axis, y_axis

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the lines inside ``exposed``."""
        painter.setPen(QColor(self.palette.grid))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        # The last pixel of a line is drawn, too. Beyond the view, nothing would repaint it.
        right, bottom = math.ceil(exposed.right()) - 1, math.ceil(exposed.bottom()) - 1
        for position in self._x_axis.positions():
            x = round(position * to_pixels.m11() + to_pixels.dx())
            painter.drawLine(QLineF(x, exposed.top(), x, bottom))
        for position in self._y_axis.positions():
            y = round(position * to_pixels.m22() + to_pixels.dy())
            painter.drawLine(QLineF(exposed.left(), y, right, y))


def _round_tick(least: float) -> float:
    """Return the next of 1, 2, 5, 10, …; it may be a little less than ``least``."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-300)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.8 * least)
