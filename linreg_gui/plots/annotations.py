"""What lies over and under the curves: level lines, learning rates, names, crosshair."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import round_to, shortest
from linreg_gui.plots.curve import draw_marker
from linreg_gui.plots.layer import Layer, draw_level, x_pixels
from linreg_gui.runs.history import RateChange

_MERGE_PIXELS = 5
_LABEL_GAP = 10.0
_LINE_HEIGHT = 17.0


@dataclass(eq=False)
class Level:
    """A horizontal line at ``y``."""

    stroke: Stroke
    y: float
    visible: bool = True


class LevelLayer(Layer):
    """Draws level lines from edge to edge."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[Level] = []

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the lines that meet ``exposed``."""
        for level in self.levels:
            if level.visible and math.isfinite(level.y):
                y = level.y * to_pixels.m22() + to_pixels.dy()
                if exposed.top() - 2 <= y <= exposed.bottom() + 2:
                    draw_level(painter, level.stroke, y, exposed.left(), exposed.right())


class RateMarkLayer(Layer):
    """Marks where the learning rate changed, with the new rate on top.

    Changes nearer to each other than a few pixels share a mark; a rate without room is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette | None = None
        self._steps = np.empty(0)
        self._rates: list[float] = []
        self._font = base_font(13)

    def set_changes(self, changes: Sequence[RateChange]) -> None:
        """Mark ``changes``; they only ever grow in number within a run."""
        if len(changes) != len(self._rates):
            # A change at step s acts on that step's update: it lies between s - 1 and s.
            self._steps = np.array([change.step - 1 for change in changes], np.float64)
            self._rates = [change.learning_rate for change in changes]
            self.update()

    def marks(self, to_pixels: QTransform) -> tuple[list[float], list[tuple[float, str]]]:
        """Return the columns of the lines, and of the rates with their text."""
        columns = x_pixels(to_pixels, self._steps)
        view = to_pixels.mapRect(self.boundingRect())
        cells = np.floor(columns / _MERGE_PIXELS)
        last_in_cell = np.append(cells[1:] != cells[:-1], True) if len(cells) else np.empty(0, bool)
        inside = (columns >= view.left()) & (columns <= view.right())
        kept = np.flatnonzero(last_in_cell & inside)
        metrics = QFontMetricsF(self._font)
        labels = []
        free_from = -math.inf
        for index in kept:
            text = shortest(round_to(self._rates[index], 3))
            if columns[index] >= free_from:
                labels.append((float(columns[index]), text))
                free_from = columns[index] + metrics.horizontalAdvance(text) + _LABEL_GAP
        return columns[kept].tolist(), labels

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw lines and rates."""
        if self.palette is None or not self._rates:
            return
        view = to_pixels.mapRect(self.boundingRect())
        lines, labels = self.marks(to_pixels)
        pen = QPen(QColor(self.palette.muted), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLines([QLineF(round(x), view.top(), round(x), view.bottom()) for x in lines])
        painter.setFont(self._font)
        painter.setPen(QColor(self.palette.muted))
        for x, text in labels:
            painter.drawText(QPointF(x + 4, view.top() + 13), text)


@dataclass(frozen=True)
class EndLabel:
    """The name of a curve at its newest point."""

    x: float
    y: float
    stroke: Stroke
    name: str


class EndLabelLayer(Layer):
    """Writes each curve's name to the right of its end, moved apart where they would collide.

    Where not all have room, the names that are in the way of others are left out.
    """

    WIDTH = 44.0

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette | None = None
        self._labels: list[EndLabel] = []
        self._font = base_font(14)

    def set_labels(self, labels: list[EndLabel]) -> None:
        """Write ``labels`` instead of the former ones."""
        if labels == self._labels:
            return
        former, self._labels = self._labels, labels
        height = max(len(former), len(labels)) * _LINE_HEIGHT
        for index in range(max(len(former), len(labels))):
            both = (*former[index : index + 1], *labels[index : index + 1])
            x, y = [label.x for label in both], [label.y for label in both]
            self.repaint_around(
                (min(x), max(x)), (min(y), max(y)), right=self.WIDTH, above_below=height
            )

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Write the names."""
        if self.palette is None or not self._labels:
            return
        view = to_pixels.mapRect(self.boundingRect())
        ends = [to_pixels.map(QPointF(label.x, label.y)) for label in self._labels]
        heights = _moved_apart([end.y() for end in ends], view.top() + 8, view.bottom() - 8)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        for label, end, height in zip(self._labels, ends, heights, strict=True):
            if height is not None:
                width = metrics.horizontalAdvance(label.name)
                rect = QRectF(end.x() + 9, height - 9, width, 18)
                painter.fillRect(rect.adjusted(-2, 0, 3, 0), QColor(self.palette.surface))
                painter.setPen(QColor(self.palette.text))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, label.name)
            if view.adjusted(-1, -1, 1, 1).contains(end):
                draw_marker(painter, label.stroke, end, 8)


def _moved_apart(heights: list[float], top: float, bottom: float) -> Sequence[float | None]:
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = [min(max(height, top), bottom) for height in heights]
    if (len(heights) - 1) * _LINE_HEIGHT > bottom - top:
        return _thinned(placed, order)
    for above, below in itertools.pairwise(order):
        placed[below] = max(placed[below], placed[above] + _LINE_HEIGHT)
    limit = bottom
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - _LINE_HEIGHT
    return placed


def _thinned(heights: list[float], order: list[int]) -> list[float | None]:
    """Leave out what is less than a line below the last one that is kept."""
    kept: list[float | None] = [None] * len(heights)
    last = -math.inf
    for index in order:
        if heights[index] >= last + _LINE_HEIGHT:
            kept[index] = last = heights[index]
    return kept


class CrosshairLayer(Layer):
    """A hairline at one step, with a dot on each curve."""

    _DOT = 7.0

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette | None = None
        self._x: float | None = None
        self._points: list[tuple[float, Stroke]] = []

    @property
    def is_shown(self) -> bool:
        """Return whether it is at a step now."""
        return self._x is not None

    def show_at(self, x: float | None, points: list[tuple[float, Stroke]]) -> None:
        """Move to ``x`` and dot ``points``, heights and looks; None hides it."""
        if (x, points) == (self._x, self._points):
            return
        self._update_column()
        self._x, self._points = x, points
        self._update_column()

    def _update_column(self) -> None:
        if self._x is not None:
            self.repaint_around((self._x, self._x), (-math.inf, math.inf))

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw hairline and dots."""
        if self._x is None or self.palette is None:
            return
        view = to_pixels.mapRect(self.boundingRect())
        x = self._x * to_pixels.m11() + to_pixels.dx()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(self.palette.accent))
        painter.drawLine(QLineF(round(x), view.top(), round(x), view.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for height, stroke in self._points:
            if math.isfinite(height):
                y = height * to_pixels.m22() + to_pixels.dy()
                painter.setPen(QPen(QColor(self.palette.surface), 1.5))
                painter.setBrush(QColor(stroke.color))
                painter.drawEllipse(QPointF(x, y), self._DOT / 2, self._DOT / 2)
