"""What every control of the window has in common, wherever it stands."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton, QWidget


class FocusedWheel:
    """A mixin: the wheel scrolls what is around the control unless the control has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the wheel on unless focused."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class SpaceKeeper:
    """A mixin: a focused control keeps the space bar, which elsewhere runs and pauses."""

    def event(self, event: QEvent) -> bool:
        """Claim the space bar before it becomes a shortcut."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.accept()
            return True
        return bool(super().event(event))  # type: ignore[misc]


class ToolButton(SpaceKeeper, QToolButton):
    """A button that can be reached and pressed by keyboard."""


class PushButton(SpaceKeeper, QPushButton):
    """The same, with a frame."""


class DropDown(FocusedWheel, SpaceKeeper, QComboBox):
    """A choice of a few values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron, which a style sheet can only take from a file of one colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.5))
        centre = QPointF(self.width() - 15.0, self.height() / 2.0 + 2.0)
        painter.drawPolyline([centre + QPointF(-4, -4), centre, centre + QPointF(4, -4)])
