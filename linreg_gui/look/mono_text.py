"""Lines of code, and marks over whole lines of a text."""

import math

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import BASE_PIXELS, mono_font


class MonoText(QPlainTextEdit):
    """Read-only lines of code. Mouse and keys select and scroll; a line without room is broken."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self._most_lines = 0
        self.setFont(mono_font())
        keep_scaled(self, setFont=BASE_PIXELS)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # A broken line may still be a rounded pixel too wide.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit_height(self, most_lines: int = 1000) -> None:
        """Keep the height at that of the text, or of its first ``most_lines`` lines."""
        self._most_lines = most_lines
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        line = math.ceil(QFontMetricsF(self.font()).lineSpacing())
        block, lines = self.document().begin(), 0
        while block.isValid() and lines <= self._most_lines:
            lines += round(self.blockBoundingRect(block).height() / line)
            block = block.next()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if lines <= self._most_lines else on)
        self.setFixedHeight(min(lines, self._most_lines) * line + 1 + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height at that of the lines in the new width."""
        super().resizeEvent(event)
        if self._most_lines:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the height at that of the lines in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._most_lines:
            self._fit()


def line_bands(block: QTextBlock, color: str) -> list[QTextEdit.ExtraSelection]:
    """Return marks over the whole width of a line, and of the lines that it is broken into."""
    layout, bands = block.layout(), []
    for index in range(max(1, layout.lineCount())):
        cursor = QTextCursor(block)
        if index:
            cursor.setPosition(block.position() + layout.lineAt(index).textStart())
        band = QTextEdit.ExtraSelection()
        # The type stubs of PySide6 lack these attributes.
        band.cursor = cursor  # type: ignore[attr-defined]
        band.format.setBackground(QColor(color))  # type: ignore[attr-defined]
        band.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
        bands.append(band)
    return bands
