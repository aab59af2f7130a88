"""Widgets that show text."""

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy

from linreg_gui.look.theme import base_font, mono_font


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


class MonoText(QPlainTextEdit):
    """Shows lines as they are. Can be selected and scrolled with mouse and keys, not edited."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFont(mono_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._most_lines = 0

    def fit_height(self, most_lines: int = 1000) -> None:
        """From now on be as high as the text, or as so many of its lines."""
        self._most_lines = most_lines
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self.horizontalScrollBar().rangeChanged.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        fits = self.blockCount() <= self._most_lines
        lines = min(self.blockCount(), self._most_lines)
        bar = self.horizontalScrollBar()
        height = lines * math.ceil(QFontMetricsF(self.font()).lineSpacing()) + 1
        if bar.maximum() > 0:
            height += bar.sizeHint().height()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if fits else on)
        self.setFixedHeight(height + 2 * self.frameWidth())
