"""A place of a picture that a hand moves: with the mouse, a finger, or the arrow keys."""

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from linreg_gui.look.keys import ARROWS
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.layer import draw_marker
from linreg_gui.plots.series import Look
from linreg_gui.texts import tr

_SIDE = 44
"""In pixels: a finger can hit this, and a mouse at a projector."""
_DISC = 26
RADIUS = _DISC / 2
"""Of what can be seen, in pixels."""
_DOT = 11.0
_RING = 2
_GROUND_ALPHA, _TINT = 170, 56
_KEYS_ACROSS = 50
"""Presses of a key from one edge of the picture to the other; with Shift, ten times as many."""
_FINER = 10


class Grip(QWidget):
    """A disc over a canvas. It moves nothing by itself: it says where the hand wants it.

    Parameters
    ----------
    canvas : Canvas
        The picture.
    name : str
        What it is, for people who cannot see it.
    look : callable
        Returns its color and its symbol in a palette.
    is_free : bool
        Whether it moves in both directions. If not, it moves up and down, and the keys to the left
        and right stay with the window.

    Attributes
    ----------
    is_held : bool
        Whether a hand holds it now.

    Signals
    -------
    moved(float, float)
        The hand wants it here, in the coordinates of the axes.
    released()
        The hand has moved it, and let go.
    """

    moved = Signal(float, float)
    released = Signal()

    def __init__(self, canvas: Canvas, name: str, look: Look, *, is_free: bool) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self._look = look
        self._is_free = is_free
        self._place = QPointF()
        self._offset = QPointF()
        self._stamp: tuple[object, QPixmap] | None = None
        self.is_held = False
        self.setAccessibleName(name)
        self.setAccessibleDescription(tr("The arrow keys move it, with Shift in smaller steps"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        keep_scaled(self, setFixedSize=(_SIDE, _SIDE))

    @property
    def place(self) -> tuple[float, float]:
        """Return where it is, in the coordinates of the axes."""
        return self._place.x(), self._place.y()

    def put(self, x: float, y: float) -> None:
        """Put it at this place, in the coordinates of the axes."""
        self._place = QPointF(x, y)
        center = self._canvas.mapFromScene(self._canvas.view.mapViewToScene(self._place))
        self.move(center - QPoint(self.width() // 2, self.height() // 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold; other buttons are for the picture."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.is_held = True
        self._offset = event.position() - QPointF(self.width() / 2, self.height() / 2)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say where the hand is, unless it has not moved yet."""
        if self.is_held:
            middle = QPointF(self.mapToParent(QPoint())) + event.position() - self._offset
            scene = self._canvas.mapToScene(middle.toPoint())
            wanted = self._canvas.view.mapSceneToView(QPointF(scene))
            self.moved.emit(wanted.x(), wanted.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self.is_held and event.button() is Qt.MouseButton.LeftButton:
            self.is_held = False
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.released.emit()
            self.update()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take hold again: the picture would show its whole range."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, with Shift in smaller steps."""
        direction = ARROWS.get(Qt.Key(event.key()))
        if direction is None or (direction[0] and not self._is_free):
            super().keyPressEvent(event)
            return
        finer = _FINER if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        (left, right), (low, high) = self._canvas.x_range, self._canvas.y_range
        across, up = (each / (_KEYS_ACROSS * finer) for each in (right - left, high - low))
        x, y = self.place
        self.moved.emit(x + direction[0] * across, y + direction[1] * up)
        self.released.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go: a key may close the panel while a hand holds the line."""
        super().hideEvent(event)
        self.is_held = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the disc. It is painted once: this is slow, and a hand moves fast."""
        stroke, ratio = self._look(self._canvas.colors), self.devicePixelRatio()
        key = (stroke, self._canvas.colors.accent, self.size(), self._is_marked, ratio)
        if self._stamp is None or self._stamp[0] != key:
            self._stamp = key, self._painted(stroke, ratio)
        QPainter(self).drawPixmap(0, 0, self._stamp[1])

    @property
    def _is_marked(self) -> bool:
        return self.hasFocus() or self.is_held

    def _painted(self, stroke: Stroke, ratio: float) -> QPixmap:
        """Return the disc with the marker in it, and a ring around it while it has the focus."""
        stamp = QPixmap(self.size() * ratio)
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(QPen(QColor(stroke.color), px(1)))
        for color, alpha in ((self._canvas.colors.surface, _GROUND_ALPHA), (stroke.color, _TINT)):
            disc = QColor(color)
            disc.setAlpha(alpha)
            painter.setBrush(disc)
            painter.drawEllipse(middle, px(_DISC) / 2, px(_DISC) / 2)
        draw_marker(painter, stroke, middle, _DOT)
        if self._is_marked:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._canvas.colors.accent), px(_RING)))
            radius = px(_SIDE) / 2 - px(_RING)
            painter.drawEllipse(middle, radius, radius)
        painter.end()
        return stamp
