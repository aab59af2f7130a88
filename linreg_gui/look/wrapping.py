"""Words and buttons that go on in further lines where there is no room, so that nothing is cut."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QResizeEvent, QShowEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy

from linreg_gui.look.plain import without_mnemonics
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import base_font
from linreg_gui.texts import foldable

_ENDLESS = 10_000
"""A height that no text needs, in pixels."""


def in_lines(text: str, font: QFont, width: int) -> str:
    """Return ``text`` in lines of at most ``width`` pixels.

    It is broken at blanks, and inside a word only if the word alone is wider.
    """
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return "\n".join(lines)


class Label(QLabel):
    """Words that are never taken for markup. Even a word without end goes on in further lines."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(foldable(words))


class WrappingButton(QPushButton):
    """A button whose words are broken into lines if it is too narrow for them."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words."""
        if words != self._words:
            if self.accessibleName() == self._words:
                self.setAccessibleName(words)
            self._words = words
            super().setText(without_mnemonics(words))
            self.updateGeometry()
            QTimer.singleShot(0, self, self._fit)  # once the layout has made room

    @Slot()
    def _fit(self) -> None:
        if not self.isVisible():
            return
        words = in_lines(self._words, self.font(), max(1, self.width() - self._frame.width()))
        words = without_mnemonics(words)
        if words != self.text():
            super().setText(words)

    @property
    def _frame(self) -> QSize:
        """Return how much larger the button is than its text."""
        return super().sizeHint() - self._size_of(self.text())

    def _size_of(self, words: str) -> QSize:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, words)

    def sizeHint(self) -> QSize:
        """Return the width of all the words in one line, and the height of the present lines."""
        frame = self._frame
        return QSize(
            self._size_of(without_mnemonics(self._words)).width() + frame.width(),
            self._size_of(self.text()).height() + frame.height(),
        )

    def minimumSizeHint(self) -> QSize:
        """Return the width of the longest word."""
        longest = max(self._size_of(word).width() for word in self._words.split() or [""])
        return QSize(longest + self._frame.width(), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Break the words again in another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        """Break the words for the width that the layout gave."""
        super().showEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words for the new width."""
        super().resizeEvent(event)
        self._fit()


class Note(Label):
    """Words in as many lines as they need.

    The note becomes no lower again while width and font stay, so what is below it keeps its place.
    """

    def __init__(self) -> None:
        super().__init__()
        self._choices = "", ""
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setFont(base_font())
        keep_scaled(self, setFont=13)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def show_text(self, text: str, short: str = "") -> None:
        """Show ``text``, or ``short`` while one line has no room for ``text``."""
        if (text, short) != self._choices:
            self._choices = text, short
            self._fit(self.minimumHeight())

    def _fit(self, least: int = 0) -> None:
        metrics = self.fontMetrics()
        text, short = self._choices
        has_room = not short or metrics.horizontalAdvance(text) <= self.width()
        self.setText(text if has_room else short)
        room = QRect(0, 0, self.width(), _ENDLESS)
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        self.setMinimumHeight(max(least, metrics.lineSpacing(), words.height()))

    def changeEvent(self, event: QEvent) -> None:
        """Fit the words in another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the words into the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()
