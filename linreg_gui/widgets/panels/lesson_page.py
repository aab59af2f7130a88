"""A page of a lesson: its text, its question, and for a teacher the answer and the note."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from linreg_gui.guide.questions import Question
from linreg_gui.lessons.pages import FromBank, Page, WordsQuestion
from linreg_gui.look.controls import fill, push_button, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, Theme, set_style_property
from linreg_gui.look.words_of_qt import key_in_words
from linreg_gui.texts import tr
from linreg_gui.threads.lesson_run import LessonRun
from linreg_gui.widgets.panels.explanation_field import ExplanationField
from linreg_gui.widgets.panels.guide_answers import answer_field
from linreg_gui.widgets.panels.question_page import QuestionPage
from linreg_gui.widgets.panels.stop_page import prose
from linreg_gui.widgets.panels.verdict_card import VerdictCard

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class LessonPage(QWidget):
    """Shows a page, and takes the answer.

    Attributes
    ----------
    page : Page
        What is shown.
    field : AnswerField or None
        The field for a number or a choice.
    words : ExplanationField or None
        The field for an answer in words.
    question : QuestionPage or None
        The question of the bank, with the button that runs it.
    lock : QPushButton
        Locks the answer.
    refusal : QLabel
        Why the answer cannot be locked.
    verdict : VerdictCard
        How the answer compares.

    Signals
    -------
    prediction_wanted()
        A person wants to predict the run.
    """

    prediction_wanted = Signal()

    def __init__(
        self, run: LessonRun, page: Page, theme: Theme, opens: "QAction | None" = None
    ) -> None:
        super().__init__()
        self._run = run
        self.page = page
        asks = page.asks
        is_kept = run.answer is not None
        self.field = answer_field(asks, theme) if isinstance(asks, Question) else None
        self.words = (
            ExplanationField(tr("Your answer")) if isinstance(asks, WordsQuestion) else None
        )
        self.question = None
        if isinstance(asks, FromBank) and not is_kept:
            self.question = QuestionPage(run.questions, chooses=False)
        self.lock = push_button(
            tr("Lock it in") if self.words is None else tr("Keep my answer"), self.submit
        )
        set_style_property(self.lock, "primary", True)
        self._lock_row = flow(self.lock)
        self.refusal = text_label("error")
        self.refusal.hide()
        self._kept = text_label("fact")
        self.verdict = VerdictCard()
        self._note = QFrame()
        self._note.setObjectName("verdict")
        self._right = text_label("fact")
        fill(
            QVBoxLayout(self._note),
            text_label("title", tr("For the teacher")),
            self._right,
            prose(page.note),
            margins=(12, GRID, 12, GRID),
            spacing=4,
        )
        self._predict = push_button(tr("Predict the run first (Q)"), self.prediction_wanted)
        self._predict.setVisible(bool(page.predicts))
        buttons: list[QWidget] = [self._predict]
        if opens is not None:
            words = tr("Open “{panel}” ({key})")
            shown = words.format(panel=opens.iconText(), key=key_in_words(opens.shortcut()))
            buttons.append(push_button(shown, lambda: opens.setChecked(True)))
        self._lay_out(buttons)
        self.refresh()

    def _lay_out(self, buttons: list[QWidget]) -> None:
        column = fill(
            QVBoxLayout(self),
            text_label("group", self.page.title),
            prose(self.page.text),
            flow(*buttons),
            margins=(16, GRID, 16, 16),
        )
        for field in (self.field, self.words, self.question):
            if field is not None:
                column.addWidget(field)
        if self.field is not None:
            self.field.submitted.connect(self.submit)
            self.field.changed.connect(partial(show_text, self.refusal, ""))
        fill(column, self.refusal, self._lock_row, self._kept, self.verdict, self._note, None,
             margins=(16, GRID, 16, 16))  # fmt: skip

    @Slot()
    def refresh(self) -> None:
        """Show the answer, and what a teacher sees."""
        run = self._run
        answer, is_new = run.answer, self.verdict.verdict is not run.verdict
        if run.said is not None and self.field is not None:
            self.field.show_locked(run.said)
        asks_here = self.field is not None or self.words is not None
        self._lock_row.setVisible(asks_here and (self.words is not None or answer is None))
        keeps_words = answer is not None and self.field is None and self.question is None
        words = tr("Your answer: {answer}")
        said = "" if answer is None or not keeps_words else words.format(answer=run.said_words)
        show_text(self._kept, said)
        if self.question is None:
            self.verdict.show_verdict(run.verdict)
            if is_new and run.verdict is not None:
                announce(self.verdict, self.verdict.accessibleName())
        right = run.right_words
        show_text(self._right, right)
        self._note.setVisible(run.is_teacher and bool(right or self.page.note))

    @Slot()
    def submit(self) -> None:
        """Lock the answer that is given, or say what it lacks."""
        if self.words is not None:
            self._run.say_in_words(self.words.text.toPlainText())
        elif self.field is not None and self._run.answer is None:
            answer = self.field.given(self.refusal)
            if answer is not None:
                self._run.say(answer)
