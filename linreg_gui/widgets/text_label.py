"""Words on screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from linreg_gui.widgets.theme import base_font


def text_label(role: str, text: str = "") -> QLabel:
    """Return ``text`` in the look of ``role``, as the style sheet has it; long ones wrap."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


class OneLine(QLabel):
    """One line of text, cut short where it does not fit; the tool tip has the whole of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(base_font(13))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show ``text``, or as much of it as has room."""
        if text != self._whole:
            self._whole = text
            self._fit()

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width()
        )
        self.setText(fitting)
        self.setToolTip("" if fitting == self._whole else self._whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text into the room."""
        super().resizeEvent(event)
        self._fit()
