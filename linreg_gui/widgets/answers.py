"""What a question of the guide is answered in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
)

from linreg_gui.texts import tr
from linreg_gui.training.guide_stops import Answer, Kind, Question
from linreg_gui.widgets.answer_field import AnswerField
from linreg_gui.widgets.sketch import Sketch
from linreg_gui.widgets.text_label import text_label
from linreg_gui.widgets.theme import GRID, Theme


def answer_field(question: Question, theme: Theme) -> AnswerField:
    """Return what a question is answered in."""
    if question.kind is Kind.SKETCH:
        return Sketch(question.across, question.up, theme)
    return (ChoiceAnswer if question.kind is Kind.CHOICE else NumberAnswer)(question)


class NumberAnswer(AnswerField):
    """A field for a number."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question
        self.text = QLineEdit()
        self.text.setAccessibleName(tr("Your prediction"))
        self.text.setMaximumWidth(160)
        self.text.returnPressed.connect(self.submitted)
        self.text.textEdited.connect(self.changed)
        self.setFocusProxy(self.text)
        unit = text_label("muted", question.unit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.text)
        row.addWidget(unit, 1)

    def answer(self) -> Answer:
        """Return the number; raise ``ValueError`` with a sentence where it is none."""
        return self._question.read(self.text.text())

    def show_locked(self, prediction: Answer) -> None:
        """Show the number, or the option, and keep it."""
        assert not isinstance(prediction, tuple)
        self.text.setText(self._question.write(prediction))
        self.text.setReadOnly(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Escape what is being typed; else it is the window's."""
        if event.key() == Qt.Key.Key_Escape and self.text.text() and not self.text.isReadOnly():
            self.text.clear()
        else:
            super().keyPressEvent(event)


class ChoiceAnswer(AnswerField):
    """A few options, one of which can be chosen."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for number, option in enumerate(question.options, 1):
            button = QRadioButton(option)
            self.group.addButton(button, number)
            column.addWidget(button)
        self.group.idClicked.connect(self.changed)
        self.setFocusProxy(self.group.button(1))

    def answer(self) -> Answer:
        """Return the number of the option; raise ``ValueError`` while none is chosen."""
        if self.group.checkedId() < 1:
            raise ValueError(tr("Choose one of these first."))
        return self.group.checkedId()

    def show_locked(self, prediction: Answer) -> None:
        """Show the number, or the option, and keep it."""
        for button in self.group.buttons():
            button.setChecked(self.group.id(button) == prediction)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Submit with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)
