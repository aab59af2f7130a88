"""The area that a picture is drawn on: axes, grid, mouse and ranges."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QWidget

from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import decade, tick
from linreg_gui.plots.layer import Layer

Range = tuple[float, float]
Ticks = list[tuple[float, list[float]]]

FARTHEST = 1e30
"""Nothing farther from 0 is shown: Qt fails near the largest single-precision number."""

FIRST_STEPS = 50

_LABEL_ROOM = 22
_SLACK = 20
_USUAL_TICKS = 8
_MARGIN = 0.06
_ROUNDING = 1e-6
"""Values that differ by a smaller share than this are equal in single precision."""


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """A view with two axes that shows the automatic range until the user zooms.

    Parameters
    ----------
    parent : QWidget
        The card around it. It calls `restyle` before the first painting.

    Attributes
    ----------
    colors : Palette
        The colors of all layers.
    view : PlotView
        Holds the layers.
    x_axis, y_axis : NumberAxis
        Along the bottom and the left edge.
    is_zoomed : bool
        Whether the user has changed the range.

    Signals
    -------
    zoomed(bool)
        The user has changed the range (True), or the automatic range is back (False).
    hovered(object)
        The mouse is over this x; None once it has left.
    view_changed()
        The visible range or the size has changed.
    focused()
        The canvas has got the focus.
    """

    zoomed = Signal(bool)
    hovered = Signal(object)
    view_changed = Signal()
    focused = Signal()
    colors: Palette

    def __init__(self, parent: QWidget) -> None:
        self.x_axis = NumberAxis("bottom")
        self.y_axis = NumberAxis("left")
        self.is_zoomed = False
        self._automatic: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        super().__init__(parent)
        # pyqtgraph's PlotItem would create menus, buttons and a form that nobody sees.
        self.view = PlotView()
        self.x_axis.linkToView(self.view)
        self.y_axis.linkToView(self.view)
        self._grid = _Grid(self.x_axis, self.y_axis)
        layout = self.centralLayout
        layout.setSpacing(0)
        layout.addItem(self.y_axis, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.x_axis, 1, 1)
        self.view.setDefaultPadding(0)
        self.view.disableAutoRange()
        self.add_layers(self._grid)
        self.view.sigRangeChangedManually.connect(self._on_range_changed_manually)
        self.view.sigRangeChanged.connect(self._on_view_changed)
        self.view.sigResized.connect(self._on_view_changed)
        self.view.double_clicked.connect(self.fit)

    @property
    def pixels(self) -> tuple[float, float]:
        """Return the view's width and height in pixels."""
        return max(1.0, self.view.width()), max(1.0, self.view.height())

    @property
    def x_range(self) -> Range:
        """Return the visible range along x."""
        low, high = self.view.viewRange()[0]
        return low, high

    @property
    def y_range(self) -> Range:
        """Return the visible range along y."""
        low, high = self.view.viewRange()[1]
        return low, high

    @property
    def pixel(self) -> tuple[float, float]:
        """Return the width and height of a pixel in the coordinates of the axes."""
        width, height = self.pixels
        (left, right), (low, high) = self.x_range, self.y_range
        return (right - left) / width, (high - low) / height

    def add_layers(self, *layers: Layer) -> None:
        """Put ``layers`` on top, the last one above the others."""
        for layer in layers:
            self.view.addItem(layer, ignoreBounds=True)

    def set_automatic_range(self, x: Range, y: Range) -> None:
        """Show this range now, or with the next `fit` if the user has zoomed."""
        x, y = _within_reach(x), _within_reach(y)
        if (x, y) != self._automatic:
            self._automatic = x, y
            if not self.is_zoomed:
                self.view.setRange(xRange=x, yRange=y, padding=0)

    @Slot()
    def fit(self) -> None:
        """Show the automatic range again."""
        x, y = self._automatic
        self.view.setRange(xRange=x, yRange=y, padding=0)
        if self.is_zoomed:
            self.is_zoomed = False
            self.zoomed.emit(False)

    def restyle(self, palette: Palette) -> None:
        """Use the colors of ``palette`` in all layers."""
        self.colors = palette
        self.setBackground(palette.surface)
        self.centralLayout.setContentsMargins(0, px(9), px(12), 0)
        for axis in (self.x_axis, self.y_axis):
            axis.restyle(palette)
        self.viewport().update()

    @Slot()
    def _on_range_changed_manually(self) -> None:
        if not self.is_zoomed:
            self.is_zoomed = True
            self.zoomed.emit(True)

    @Slot()
    def _on_view_changed(self) -> None:
        self.y_axis.fit_width()
        self._grid.update()
        self.view_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report where the mouse is."""
        super().mouseMoveEvent(event)
        position = self.mapToScene(event.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(position)
        self.hovered.emit(self.view.mapSceneToView(position).x() if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the mouse has left."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Report the focus."""
        super().focusInEvent(event)
        self.focused.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window: pyqtgraph would change the range."""
        event.ignore()


def _within_reach(wanted: Range) -> Range:
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in wanted)
    return (low, high) if low < high else (-1.0, 1.0)


class PlotView(pg.ViewBox):  # type: ignore[misc]
    """A view box that reports double clicks, or every place that the left button picks.

    Attributes
    ----------
    picks : bool
        Whether the left button picks a place instead of moving the picture.

    Signals
    -------
    double_clicked()
        A person double-clicked.
    menu_wanted(QPoint)
        The right button was clicked, not dragged, at this place on the screen.
    picked(float, float)
        The left button was pressed, clicked or dragged here; only if the view ``picks``.
    """

    double_clicked = Signal()
    menu_wanted = Signal(object)
    picked = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.picks = False
        self.setLimits(xMin=-FARTHEST, xMax=FARTHEST, yMin=-FARTHEST, yMax=FARTHEST)

    def _pick(self, event: Any) -> None:
        event.accept()
        place = self.mapToView(event.pos())
        self.picked.emit(place.x(), place.y())

    def mouseClickEvent(self, event: Any) -> None:
        """Pick the place, or report a double click."""
        if self.picks and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event)  # before a double click changes the range
        if event.button() == Qt.MouseButton.RightButton:
            event.accept()
            self.menu_wanted.emit(event.screenPos().toPoint())
        elif event.double():
            event.accept()
            self.double_clicked.emit()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Pick the place, or move the picture."""
        if self.picks and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event)
        else:
            super().mouseDragEvent(event, axis)


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with few, round numbers, written out without multipliers.

    Attributes
    ----------
    logarithmic : bool
        Whether its positions are logarithms.
    whole : bool
        Whether it counts things, so that fractions get no tick.
    """

    def __init__(self, orientation: str) -> None:
        self.logarithmic = self.whole = False
        self._spacing = 1.0
        super().__init__(orientation, maxTickLength=0)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setStyle(autoExpandTextSpace=False, hideOverlappingLabels=False)

    def restyle(self, palette: Palette) -> None:
        """Use the colors of ``palette``, and the present scale."""
        self.setTickFont(base_font(13))
        self.labelStyle = {"font-size": f"{px(13)}px"}  # `setTextPen` adds the color
        self.setStyle(tickTextOffset=px(7 if self.orientation == "left" else 5))
        self.setPen(palette.border)
        self.setTextPen(palette.muted)
        if self.orientation == "left":
            self.fit_width()

    def fit_width(self) -> None:
        """Make the axis as wide as its numbers; make it narrower only if that gains much."""
        positions, spacing = self.positions(), self._spacing
        metrics = QFontMetricsF(self.style["tickFont"])
        numbers = [
            metrics.horizontalAdvance(text) for text in self.tickStrings(positions, 1, spacing)
        ]
        needed = math.ceil(max(numbers, default=0.0)) + self.style["tickTextOffset"][0]
        needed += px(_LABEL_ROOM if self.label.isVisible() else 4)
        if not needed <= self.width() <= needed + px(_SLACK):
            self.setWidth(needed)

    def positions(self) -> list[float]:
        """Return where the ticks are now."""
        low, high = self.range
        pixels = self.height() if self.orientation == "left" else self.width()
        ((self._spacing, positions),) = self.tickValues(low, high, pixels)
        return positions

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:
        """Return one level of ticks, each with a number."""
        fine = 1.0 if self.logarithmic else _round_tick((maxVal - minVal) / _USUAL_TICKS)
        widest = max(len(tick(value, fine)) for value in (minVal, maxVal))
        room = px(32 if self.orientation == "left" else 36 + 8 * widest)
        least = (maxVal - minVal) / max(2.0, size / room)
        if self.logarithmic:
            spacing = float(max(1, math.ceil(least)))
        else:
            spacing = max(_round_tick(least), 1.0 if self.whole else 0.0)
        first, last = math.ceil(minVal / spacing - 1e-9), math.floor(maxVal / spacing + 1e-9)
        return [(spacing, [index * spacing for index in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks' numbers."""
        if not self.logarithmic:
            return [tick(value, spacing) for value in values]
        if all(-4 <= value <= 4 for value in values):
            return [tick(10.0**value, 10.0 ** min(0.0, value)) for value in values]
        return [decade(round(value)) for value in values]


class _Grid(Layer):
    """Hairlines at the ticks."""

    def __init__(self, x_axis: NumberAxis, y_axis: NumberAxis) -> None:
        super().__init__()
        self._x_axis, self._y_axis = x_axis, y_axis

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        painter.setPen(QColor(self.palette.grid))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for position in self._x_axis.positions():
            x = round(position * to_pixels.m11() + to_pixels.dx())
            painter.drawLine(QLineF(x, exposed.top(), x, exposed.bottom()))
        for position in self._y_axis.positions():
            y = round(position * to_pixels.m22() + to_pixels.dy())
            painter.drawLine(QLineF(exposed.left(), y, exposed.right(), y))


def _round_tick(least: float) -> float:
    """Return the next of 1, 2, 5, 10, …; it may be a little less than ``least``."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-300)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.8 * least)


def step_limit(step: int, planned_steps: int) -> int:
    """Return the last step to show: 50, 100, 200, … up to the planned steps."""
    limit = FIRST_STEPS
    while limit < step:
        limit *= 2
    return min(limit, planned_steps) if step <= planned_steps else limit


def grown(window: Range, low: float, high: float, limits: Range) -> Range:
    """Return ``window``, widened in generous steps to include ``low`` and ``high``.

    It is never wider than ``limits``, so the picture stays readable when a run diverges.
    """
    bottom, top = window
    margin = (top - bottom) / 4
    if low < bottom:
        bottom = max(limits[0], low - margin)
    if high > top:
        top = min(limits[1], high + margin)
    return min(bottom, window[0]), max(top, window[1])


def round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 1.5, 2, 3, 5, 7, 10) if factor * power >= value)


def widened(values: npt.ArrayLike, share: float) -> Range:
    """Return the range of ``values``, widened at both ends by this share of its span."""
    low, high = float(np.min(values)), float(np.max(values))
    is_spread = high - low > _ROUNDING * max(abs(low), abs(high))
    margin = share * (high - low) if is_spread else max(1.0, abs(high))
    return low - margin, high + margin


def including(window: Range, value: float) -> Range:
    """Return ``window``, widened with a margin if ``value`` is outside."""
    low, high = window
    margin = _MARGIN * (max(high, value) - min(low, value))
    if value < low:
        return value - margin, high
    return (low, value + margin) if value > high else window


def equal_scale(window: tuple[Range, Range], pixels: tuple[float, float]) -> tuple[Range, Range]:
    """Return ``window``, widened along one axis so that both axes have the same scale."""
    spans = zip(window, pixels, strict=True)
    per_pixel = max((high - low) / size for (low, high), size in spans)
    x, y = (
        ((low + high - size * per_pixel) / 2, (low + high + size * per_pixel) / 2)
        for (low, high), size in zip(window, pixels, strict=True)
    )
    return x, y
