"""A place for content that may need more height than there is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class Overflow(QScrollArea):
    """Gives its content the whole place, and scrolls it only if it needs more height than that.

    A resizable scroll area would scroll as soon as the content is lower than it prefers to be.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.installEventFilter(self)

    def _fit(self) -> None:
        content, place = self.widget(), self.maximumViewportSize()
        width, height = place.width(), self._least_height(place.width())
        if height > place.height():
            width -= self.verticalScrollBar().sizeHint().width()
            height = self._least_height(width)
        self.setMinimumWidth(content.minimumSizeHint().width())
        content.resize(width, max(place.height(), height))

    def _least_height(self, width: int) -> int:
        layout = self.widget().layout()
        return (
            0
            if layout is None
            else max(layout.minimumSize().height(), layout.minimumHeightForWidth(width))
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the content needs."""
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the place."""
        super().resizeEvent(event)
        self._fit()
