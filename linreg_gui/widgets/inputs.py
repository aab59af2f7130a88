"""What every control of the window has in common, wherever it stands."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox


class FocusedWheel:
    """A mixin: the wheel scrolls what is around the control unless the control has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the wheel on unless focused."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class DropDown(FocusedWheel, QComboBox):
    """A choice of a few values."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the space bar to the window; Enter and the arrow keys choose."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron, which a style sheet can only take from a file of one colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.5))
        centre = QPointF(self.width() - 15.0, self.height() / 2.0 + 2.0)
        painter.drawPolyline([centre + QPointF(-4, -4), centre, centre + QPointF(4, -4)])
