"""What a picture with the step along x marks: changes of the rate, the stop rule, and a step."""

import math
from collections.abc import Sequence
from operator import itemgetter

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import exact, round_to
from linreg_gui.plots.layer import Layer, x_pixels
from linreg_gui.plots.series import Series
from linreg_gui.runs.history import RateChange
from linreg_gui.texts import tr

_MERGE_PIXELS = 5
_LABEL_GAP = 10
_LABEL_INDENT = 4
_DOT_PIXELS = 7


class RateMarkLayer(Layer):
    """Marks changes of the learning rate, with the new rate on top, and the end by the stop rule.

    Marks within a few pixels are one. Words without room are left out; the last ones have room.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changes: list[RateChange] = []
        self._stopped_at: int | None = None

    def set_changes(self, changes: Sequence[RateChange], stopped_at: int | None = None) -> None:
        """Mark ``changes``; within a run only the last one may be another one than before."""
        is_other = len(changes) != len(self._changes) or changes[-1:] != self._changes[-1:]
        if is_other or stopped_at != self._stopped_at:
            self._changes, self._stopped_at = list(changes), stopped_at
            self.update()

    def _places(self) -> list[tuple[int, RateChange | None]]:
        """Return the step of each mark, and its change; None for the stop rule."""
        # A change at step s affects the update of step s, which lies between s - 1 and s.
        places: list[tuple[int, RateChange | None]] = [
            (change.step - 1, change) for change in self._changes
        ]
        if self._stopped_at is not None:
            places.append((self._stopped_at, None))
        return sorted(places, key=itemgetter(0))

    def marks(self, to_pixels: QTransform) -> tuple[list[float], list[tuple[float, str]]]:
        """Return the columns of the lines, and the left ends and texts of the words."""
        places = self._places()
        columns = x_pixels(to_pixels, np.array([step for step, _ in places], np.float64))
        view = to_pixels.mapRect(self.boundingRect())
        cells = np.floor(columns / _MERGE_PIXELS)
        last_in_cell = np.append(cells[1:] != cells[:-1], True) if len(cells) else np.empty(0, bool)
        inside = (columns >= view.left()) & (columns <= view.right())
        kept = np.flatnonzero(last_in_cell & inside)
        metrics = QFontMetricsF(base_font(13))
        labels: list[tuple[float, str]] = []
        free_until = view.right()
        for index in reversed(kept):
            change = places[index][1]
            text = exact(round_to(change.learning_rate, 3)) if change else tr("stop rule")
            width = metrics.horizontalAdvance(text)
            left = columns[index] + px(_LABEL_INDENT)
            before = columns[index] - px(_LABEL_INDENT) - width
            # The curves end where the stop rule is met, and their names are to the right.
            has_room_before = change is None and before >= view.left()
            if not labels and (has_room_before or left + width > free_until):
                left = before
            if left + width <= free_until:
                labels.append((float(left), text))
                free_until = min(left, columns[index]) - px(_LABEL_GAP)
        return columns[kept].tolist(), labels[::-1]

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw lines and words."""
        if not self._changes and self._stopped_at is None:
            return
        view = to_pixels.mapRect(self.boundingRect())
        lines, labels = self.marks(to_pixels)
        pen = QPen(QColor(self.palette.muted), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLines([QLineF(round(x), view.top(), round(x), view.bottom()) for x in lines])
        painter.setFont(base_font(13))
        painter.setPen(QColor(self.palette.muted))
        for left, text in labels:
            painter.drawText(QPointF(left, view.top() + px(13)), text)


class CrosshairLayer(Layer):
    """A hairline at one step, with a dot on each curve.

    Attributes
    ----------
    x : float or None
        The step; None hides the hairline.
    points : list of tuple
        The height of each dot and its series.
    """

    def __init__(self) -> None:
        super().__init__()
        self.x: float | None = None
        self.points: list[tuple[float, Series]] = []

    def show_at(self, x: float | None, points: list[tuple[float, Series]]) -> None:
        """Move to ``x`` and draw a dot for each of ``points``; None hides the hairline."""
        if (x, points) == (self.x, self.points):
            return
        self._update_column()
        self.x, self.points = x, points
        self._update_column()

    def _update_column(self) -> None:
        if self.x is not None:
            self.repaint_around((self.x, self.x), (-math.inf, math.inf))

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw hairline and dots."""
        if self.x is None:
            return
        view = to_pixels.mapRect(self.boundingRect())
        x = self.x * to_pixels.m11() + to_pixels.dx()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(self.palette.accent))
        painter.drawLine(QLineF(round(x), view.top(), round(x), view.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = px(_DOT_PIXELS) / 2
        for height, series in self.points:
            if series.visible and math.isfinite(height):
                y = height * to_pixels.m22() + to_pixels.dy()
                painter.setPen(QPen(QColor(self.palette.surface), 1.5))
                painter.setBrush(QColor(series.stroke.color))
                painter.drawEllipse(QPointF(x, y), radius, radius)
