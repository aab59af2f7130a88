"""A field for an explanation in one's own words."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from linreg_gui.guide.prediction_log import LONGEST_EXPLANATION
from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.theme import set_style_property
from linreg_gui.texts import tr

_LINES = 3


class ExplanationField(QWidget):
    """Asks a question, or why it came out this way. The answer is passed on when it is left.

    Attributes
    ----------
    text : QPlainTextEdit
        The answer.

    Signals
    -------
    committed(str)
        A person has written this.
    """

    committed = Signal(str)

    def __init__(self, question: str = "") -> None:
        super().__init__()
        question = question or tr(
            "Why did it come out this way? Say it in your own words, if you like."
        )
        self.text = _Words()
        self.text.setAccessibleName(question)
        self.text.left.connect(self.commit)
        fill(QVBoxLayout(self), text_label("", question), self.text, spacing=4)

    def clear(self) -> None:
        """Ask again."""
        self.text.clear()
        self.text.document().setModified(False)

    @Slot()
    def commit(self) -> None:
        """Pass on what is written, if it is new."""
        if self.text.document().isModified():
            self.text.document().setModified(False)
            self.committed.emit(self.text.toPlainText()[:LONGEST_EXPLANATION])


class _Words(QPlainTextEdit):
    """A few lines of text. The Tab key leaves them.

    Signals
    -------
    left()
        The focus has gone.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_style_property(self, "framed", True)
        self.setTabChangesFocus(True)

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window until something is typed."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if is_space and not self.toPlainText():
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report that the focus has gone."""
        super().focusOutEvent(event)
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the height of a few lines."""
        super().changeEvent(event)
        margins = 2 * (self.frameWidth() + self.document().documentMargin())
        height = _LINES * QFontMetricsF(self.font()).lineSpacing() + margins + 2
        if round(height) != self.height():
            self.setFixedHeight(round(height))
