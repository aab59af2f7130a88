"""Read-only text in the typeface of code."""

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPlainTextEdit

from linreg_gui.widgets.theme import mono_font


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
