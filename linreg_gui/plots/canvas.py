"""The area that a picture is drawn on: axes, grid, mouse and ranges."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QTransform
from PySide6.QtWidgets import QWidget

from linreg_gui.look.palette import Palette
from linreg_gui.plots.axis import NumberAxis
from linreg_gui.plots.layer import Layer

Range = tuple[float, float]

FARTHEST = 1e30
"""No picture reaches beyond it, from 0: near the largest single-precision number Qt's own fail."""


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """A view with two axes that shows the automatic range until the user zooms.

    Attributes
    ----------
    view : ViewBox
        Holds the layers.
    x_axis, y_axis : NumberAxis
        Along the bottom and the left edge.
    is_zoomed : bool
        Whether the user has taken over the range.

    Signals
    -------
    zoomed(bool)
        The user has taken over the range, or given it back.
    hovered(object)
        The mouse is over this x; None once it has left.
    picked(float, float)
        The left button is pressed here, clicked or dragged; only where the canvas ``picks``.
    view_changed()
        The visible range or the size is another.
    """

    zoomed = Signal(bool)
    hovered = Signal(object)
    picked = Signal(float, float)
    view_changed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, whole_x: bool = False, picks: bool = False
    ) -> None:
        self.x_axis = NumberAxis("bottom", whole=whole_x)
        self.y_axis = NumberAxis("left")
        self.is_zoomed = False
        self._automatic: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        super().__init__(parent)
        # pyqtgraph's PlotItem would bring menus, buttons and a form that no one sees.
        self.view = _View(picks=picks)
        self.x_axis.linkToView(self.view)
        self.y_axis.linkToView(self.view)
        self._grid = _Grid(self.x_axis, self.y_axis)
        layout = self.centralLayout
        layout.setContentsMargins(0, 9, 12, 0)
        layout.setSpacing(0)
        layout.addItem(self.y_axis, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.x_axis, 1, 1)
        self.view.setDefaultPadding(0)
        self.view.disableAutoRange()
        self.add_layer(self._grid)
        self.view.sigRangeChangedManually.connect(self._on_range_changed_manually)
        self.view.sigRangeChanged.connect(self._on_view_changed)
        self.view.sigResized.connect(self._on_view_changed)
        self.view.double_clicked.connect(self.fit)
        self.view.picked.connect(self.picked)

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

    def add_layer(self, layer: Layer) -> None:
        """Put ``layer`` on top of the others."""
        self.view.addItem(layer, ignoreBounds=True)

    def set_automatic_range(self, x: Range, y: Range) -> None:
        """Show this range, unless the user has zoomed; then `fit` does."""
        x, y = _within_reach(x), _within_reach(y)
        if (x, y) != self._automatic:
            self._automatic = x, y
            if not self.is_zoomed:
                self.view.setRange(xRange=x, yRange=y, padding=0)

    @Slot()
    def fit(self) -> None:
        """Give the range back to the picture."""
        x, y = self._automatic
        self.view.setRange(xRange=x, yRange=y, padding=0)
        if self.is_zoomed:
            self.is_zoomed = False
            self.zoomed.emit(False)

    def set_palette(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        self.setBackground(palette.surface)
        self._grid.color = palette.grid
        for axis in (self.x_axis, self.y_axis):
            axis.setPen(palette.border)
            axis.setTextPen(palette.muted)

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
        """Tell where the mouse is."""
        super().mouseMoveEvent(event)
        position = self.mapToScene(event.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(position)
        self.hovered.emit(self.view.mapSceneToView(position).x() if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse has left."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window; pyqtgraph's own would change the range unasked."""
        event.ignore()


def _within_reach(wanted: Range) -> Range:
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in wanted)
    return (low, high) if low < high else (-1.0, 1.0)


class _View(pg.ViewBox):  # type: ignore[misc]
    """A view box that tells of double clicks, or of every place that the left button picks."""

    double_clicked = Signal()
    picked = Signal(float, float)

    def __init__(self, *, picks: bool) -> None:
        super().__init__(enableMenu=False)
        self._picks = picks
        self.setLimits(xMin=-FARTHEST, xMax=FARTHEST, yMin=-FARTHEST, yMax=FARTHEST)

    def _pick(self, event: Any) -> None:
        event.accept()
        place = self.mapToView(event.pos())
        self.picked.emit(place.x(), place.y())

    def mouseClickEvent(self, event: Any) -> None:
        if self._picks and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event)  # before the range may become another
        if event.double():
            event.accept()
            self.double_clicked.emit()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if self._picks and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event)
        else:
            super().mouseDragEvent(event, axis)


class _Grid(Layer):
    """Hairlines at the ticks."""

    def __init__(self, x_axis: NumberAxis, y_axis: NumberAxis) -> None:
        super().__init__()
        self.color = "#808080"
        self._x_axis, self._y_axis = x_axis, y_axis

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        painter.setPen(QColor(self.color))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        lines = []
        for position in self._x_axis.positions():
            x = round(position * to_pixels.m11() + to_pixels.dx())
            if exposed.left() - 1 <= x <= exposed.right() + 1:
                lines.append(QLineF(x, exposed.top(), x, exposed.bottom()))
        for position in self._y_axis.positions():
            y = round(position * to_pixels.m22() + to_pixels.dy())
            if exposed.top() - 1 <= y <= exposed.bottom() + 1:
                lines.append(QLineF(exposed.left(), y, exposed.right(), y))
        painter.drawLines(lines)
