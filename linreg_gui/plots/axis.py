"""Axes with plain numbers: no multipliers, powers of ten only where zeros would not be read."""

import math

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QGraphicsItem

from linreg_gui.look.theme import base_font
from linreg_gui.number_text import decade, tick

_LABEL_ROOM = 22
_SLACK = 20
_USUAL_TICKS = 8

Ticks = list[tuple[float, list[float]]]


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose ticks are few, round and written out.

    Attributes
    ----------
    logarithmic : bool
        Whether its positions are the logarithms of what it shows.
    whole : bool
        Whether it counts things, so that fractions get no tick.
    """

    def __init__(self, orientation: str, *, whole: bool = False) -> None:
        self.logarithmic = False
        self.whole = whole
        self._spacing = 1.0
        super().__init__(orientation, maxTickLength=0)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setTickFont(base_font(13))
        self.setStyle(
            tickTextOffset=7 if orientation == "left" else 5,
            autoExpandTextSpace=False,
            hideOverlappingLabels=False,
        )

    def fit_width(self) -> None:
        """Make the axis as wide as its numbers need; narrower only where that gains much."""
        positions, spacing = self.positions(), self._spacing
        metrics = QFontMetricsF(self.style["tickFont"])
        numbers = [
            metrics.horizontalAdvance(text) for text in self.tickStrings(positions, 1, spacing)
        ]
        needed = math.ceil(max(numbers, default=0.0)) + self.style["tickTextOffset"][0]
        needed += _LABEL_ROOM if self.label.isVisible() else 4
        if not needed <= self.width() <= needed + _SLACK:
            self.setWidth(needed)

    def positions(self) -> list[float]:
        """Return where the ticks are now, for a grid."""
        low, high = self.range
        pixels = self.height() if self.orientation == "left" else self.width()
        ((self._spacing, positions),) = self.tickValues(low, high, pixels)
        return positions

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:
        """Return one level of ticks, each with a number."""
        fine = 1.0 if self.logarithmic else _round_up((maxVal - minVal) / _USUAL_TICKS)
        widest = max(len(tick(value, fine)) for value in (minVal, maxVal))
        room = 32 if self.orientation == "left" else 36 + 8 * widest
        least = (maxVal - minVal) / max(2.0, size / room)
        if self.logarithmic:
            spacing = float(max(1, math.ceil(least)))
        else:
            spacing = max(_round_up(least), 1.0 if self.whole else 0.0)
        first, last = math.ceil(minVal / spacing - 1e-9), math.floor(maxVal / spacing + 1e-9)
        return [(spacing, [index * spacing for index in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks' numbers."""
        if not self.logarithmic:
            return [tick(value, spacing) for value in values]
        if all(-4 <= value <= 4 for value in values):
            return [tick(10.0**value, 10.0 ** min(0.0, value)) for value in values]
        return [decade(round(value)) for value in values]


def _round_up(least: float) -> float:
    """Return the next of 1, 2, 5, 10, …; the room that ``least`` asks for is generous."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-300)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.8 * least)
