"""The area that a picture is drawn on: its range and the mouse."""

from collections.abc import Callable
from typing import Any, Self

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import px
from linreg_gui.plots.axes import Grid, NumberAxis
from linreg_gui.plots.layer import Layer
from linreg_gui.plots.ranges import Range, within_reach

_FOR_A_MOMENT = {
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
}
"""A menu or another window takes the focus, and gives it back."""


_BAND_OPACITY = 40

MOST_ROUNDS = 4
"""A picture that wants another range in each that it gets, gets no more than these at once."""


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
    grips : callable
        Returns whether a press of the left button at this place of the scene takes hold of
        something there. Elsewhere it moves the picture.
    grip_cursor : Qt.CursorShape
        What the mouse looks like where it can take hold of something.
    is_gripping : bool
        Whether the mouse holds something.
    takes_bands : bool
        Whether a drag with Shift draws a band around something, and a click is of use.
    wanted_range : tuple of Range
        The range along x and y that the picture itself wants.
    shares : callable or None
        Shows the range that several pictures agree on, after `wanted_range` has changed.
    page : QTransform
        From pixels of the scene to those of the page that it is printed on.

    Signals
    -------
    gripped(float, float)
        The mouse has taken hold of something at this place, in the coordinates of the axes.
    dragged(float, float)
        It is here now, and still holds what it took hold of.
    released()
        It has let go.
    clicked(float, float, bool)
        A click at this place, where nothing could be taken hold of; True with Shift.
    click_doubled()
        The last click was the first half of a double click, which fits the range and no more.
    banded(QRectF)
        A person has drawn a band around this part, in the coordinates of the axes.
    zoomed(bool)
        The user has changed the range (True), or the automatic range is back (False).
    range_chosen()
        The user has changed the range, here.
    hovered(object)
        The mouse is over this x; None once it has left.
    view_changed()
        The visible range or the size has changed.
    focused()
        The canvas has got the focus.
    """

    zoomed = Signal(bool)
    range_chosen = Signal()
    hovered = Signal(object)
    view_changed = Signal()
    focused = Signal()
    gripped = Signal(float, float)
    dragged = Signal(float, float)
    released = Signal()
    clicked = Signal(float, float, bool)
    click_doubled = Signal()
    banded = Signal(object)
    colors: Palette

    def __init__(self, parent: QWidget) -> None:
        self.x_axis = NumberAxis("bottom")
        self.y_axis = NumberAxis("left")
        self.is_zoomed = self.is_gripping = self._shows_focus = False
        self.grips: Callable[[QPointF], bool] = lambda _place: False
        self.grip_cursor = Qt.CursorShape.PointingHandCursor
        self._mouse = QPointF()
        self._has_clicked = False  # since the button was pressed last
        self.takes_bands = False
        self._band: QRectF | None = None  # between its first corner and the mouse, in the scene
        self._automatic: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        self.wanted_range = self._automatic
        self.shares: Callable[[], None] | None = None
        self._rounds = 0
        self.page = QTransform()
        super().__init__(parent)
        # pyqtgraph's PlotItem would create menus, buttons and a form that nobody sees.
        self.view = PlotView()
        self.x_axis.linkToView(self.view)
        self.y_axis.linkToView(self.view)
        self._grid = Grid(self.x_axis, self.y_axis)
        for part in (self, self.centralWidget):
            part.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # axes are the same everywhere
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
        self.y_axis.geometryChanged.connect(self.y_axis.fit_width)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.clicked.connect(self._on_clicked)

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
        """Show this range now, or with the next `fit` if the user has zoomed.

        A picture that shares its range shows what all of them agree on. One that wants another in
        each that it gets, because a path has other points then, does not get it for ever.
        """
        if (x, y) != self.wanted_range:
            self.wanted_range = x, y
            if self._rounds < MOST_ROUNDS:
                self._rounds += 1
                try:
                    if self.shares is None:
                        self.show_automatic_range(x, y)
                    else:
                        self.shares()
                finally:
                    self._rounds -= 1

    def show_automatic_range(self, x: Range, y: Range) -> None:
        """Show this range now, or with the next `fit`, whatever the picture itself wants."""
        if (x, y) != self._automatic:
            self._automatic = x, y
            if not self.is_zoomed:
                self.view.setRange(xRange=x, yRange=y, padding=0)

    def look_like(self, other: Self) -> None:
        """Show what ``other`` shows, from now on whatever the picture itself wants."""
        self.view.setAspectLocked(other.view.state["aspectLocked"] is not False)
        if other.is_zoomed:
            self.show_chosen_range(other.x_range, other.y_range)
        else:
            self.show_automatic_range(*other._automatic)

    def show_chosen_range(self, x: Range, y: Range) -> None:
        """Show a range that the user has chosen in another picture."""
        self.view.setRange(xRange=x, yRange=y, padding=0)
        self._note_zoom()

    @Slot()
    def fit(self) -> None:
        """Show the automatic range again."""
        x, y = self._automatic
        self.view.setRange(xRange=x, yRange=y, padding=0)
        if self.is_zoomed:
            self.is_zoomed = False
            self.zoomed.emit(False)

    def keep_square(self, *, square: bool) -> None:
        """Give both axes the same scale from now on, whatever the range and the size."""
        self.view.setAspectLocked(square)

    def zoom(self, times: float) -> None:
        """Show ``times`` as much along both axes, around the middle."""
        self.view.scaleBy((times, times))
        self._on_range_changed_manually()

    def pan(self, right: float, up: float) -> None:
        """Look further to the right and further up, by these shares of what is visible."""
        (left, end), (low, high) = self.x_range, self.y_range
        self.view.translateBy(x=right * (end - left), y=up * (high - low))
        self._on_range_changed_manually()

    def show_numbers(self, *, shown: bool) -> None:
        """Show the numbers of both axes, or only their lines."""
        for axis in (self.x_axis, self.y_axis):
            axis.show_numbers(shown=shown)
        if self.centralLayout.geometry() != self.range:
            # In a low canvas the numbers have kept the layout higher than it is.
            self.centralLayout.setGeometry(self.range)

    def keep_images(self, *, wanted: bool) -> None:
        """Keep images of the axes from now on, or draw them each time."""
        for axis in (self.x_axis, self.y_axis):
            axis.keep_image(wanted=wanted)

    def show_grid(self, *, shown: bool) -> None:
        """Show the lines at the numbers, or leave them out."""
        self._grid.setVisible(shown)

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
        self._note_zoom()
        self.range_chosen.emit()

    def _note_zoom(self) -> None:
        if not self.is_zoomed:
            self.is_zoomed = True
            self.zoomed.emit(True)

    @Slot()
    def _on_view_changed(self) -> None:
        self.y_axis.fit_width()
        self._grid.update()
        self.view_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what is at this place, begin a band, or move the picture."""
        place = self._scene_place(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._has_clicked = False
        if is_left and self.takes_bands and _has_shift(event):
            self._band = QRectF(place, place)
        elif is_left and self.grips(place):
            self.is_gripping, self._mouse = True, place
            self._show_cursor(place)
            self.gripped.emit(*self._coordinates(place))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, and report where the mouse is."""
        place = self._scene_place(event)
        if self._band is not None:
            self._band.setBottomRight(place)
            self.viewport().update()
        elif self.is_gripping:
            self._drag_to(place)
        else:
            super().mouseMoveEvent(event)
        self._show_cursor(place)
        inside = self.view.sceneBoundingRect().contains(place)
        self.hovered.emit(self._coordinates(place)[0] if inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, at the very place where the button comes up."""
        if self._band is not None and event.button() is Qt.MouseButton.LeftButton:
            self._end_band(self._scene_place(event))
        elif self.is_gripping and event.button() is Qt.MouseButton.LeftButton:
            place = self._scene_place(event)
            self._drag_to(place)
            self.is_gripping = False
            self._show_cursor(place)
            self.released.emit()
        else:
            super().mouseReleaseEvent(event)

    def _scene_place(self, event: QMouseEvent) -> QPointF:
        place: QPointF = self.mapToScene(event.position().toPoint())
        return place

    def _coordinates(self, place: QPointF) -> tuple[float, float]:
        point = self.view.mapSceneToView(place)
        return point.x(), point.y()

    def _drag_to(self, place: QPointF) -> None:
        if place != self._mouse:
            self._mouse = place
            self.dragged.emit(*self._coordinates(place))

    def _end_band(self, place: QPointF) -> None:
        """Report the band that ends at ``place``; a small one is a click."""
        assert self._band is not None
        corner, self._band = self._band.topLeft(), None
        self.viewport().update()
        first, last = (QPointF(*self._coordinates(each)) for each in (corner, place))
        if (place - corner).manhattanLength() < QApplication.startDragDistance():
            self.clicked.emit(last.x(), last.y(), True)
        else:
            self.banded.emit(QRectF(first, last).normalized())

    @Slot(object)
    def _on_clicked(self, place: QPointF) -> None:
        self._has_clicked = True
        self.clicked.emit(*self._coordinates(place), False)

    @Slot()
    def _on_double_clicked(self) -> None:
        if self._has_clicked:
            self._has_clicked = False
            self.click_doubled.emit()
        self.fit()

    def _show_cursor(self, place: QPointF) -> None:
        viewport = self.viewport()
        if self.is_gripping and self.grip_cursor is Qt.CursorShape.OpenHandCursor:
            viewport.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.is_gripping or self.grips(place):
            viewport.setCursor(self.grip_cursor)
        else:
            viewport.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the mouse has left."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window: pyqtgraph would change the range."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Report the focus, and show it unless it came by a click."""
        super().focusInEvent(event)
        self.focused.emit()
        if event.reason() not in _FOR_A_MOMENT:
            self._show_focus(shown=event.reason() is not Qt.FocusReason.MouseFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the focus no longer."""
        super().focusOutEvent(event)
        if event.reason() not in _FOR_A_MOMENT:
            self._show_focus(shown=False)

    def _show_focus(self, *, shown: bool) -> None:
        if shown != self._shows_focus:
            self._shows_focus = shown
            self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        """Frame the picture while it has the focus, and draw the band."""
        if self._band is not None:
            ground = QColor(self.colors.accent)
            painter.setPen(QPen(ground, px(1), Qt.PenStyle.DashLine))
            ground.setAlpha(_BAND_OPACITY)
            painter.setBrush(ground)
            painter.drawRect(self._band.normalized())
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._shows_focus:
            width = px(2)
            painter.setPen(QPen(QColor(self.colors.accent), width))
            frame = self.mapToScene(self.viewport().rect()).boundingRect()
            painter.drawRect(frame.adjusted(width / 2, width / 2, -width / 2, -width / 2))


def _has_shift(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


class PlotView(pg.ViewBox):  # type: ignore[misc]
    """A view box whose range can always be drawn. It reports what a person clicks.

    Signals
    -------
    clicked(QPointF)
        The left button was clicked, not dragged, at this place of the scene.
    double_clicked()
        A person double-clicked.
    menu_wanted(QPoint)
        The right button was clicked, not dragged, at this place on the screen.
    """

    clicked = Signal(object)
    double_clicked = Signal()
    menu_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)

    def setRange(
        self,
        rect: QRectF | None = None,
        xRange: Range | None = None,
        yRange: Range | None = None,
        **options: Any,
    ) -> None:
        """Show this range, or the nearest one that can be drawn. All changes come through here."""
        if rect is not None:
            xRange, yRange = (rect.left(), rect.right()), (rect.top(), rect.bottom())
        super().setRange(
            xRange=None if xRange is None else within_reach(xRange),
            yRange=None if yRange is None else within_reach(yRange),
            **options,
        )

    def mouseClickEvent(self, event: Any) -> None:
        """Report a click or a double click, or a click of the right button."""
        if event.button() == Qt.MouseButton.RightButton:
            event.accept()
            self.menu_wanted.emit(event.screenPos().toPoint())
        elif event.double():
            event.accept()
            self.double_clicked.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked.emit(event.scenePos())
