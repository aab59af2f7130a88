"""A question to predict before its runs: chosen from the list, answered, run and explained."""

from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from linreg_gui.guide.question_bank import BankQuestion
from linreg_gui.look.controls import fill, push_button, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import ChoiceBox
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.texts import clauses, paragraph, tr
from linreg_gui.threads.predict_questions import PredictQuestions
from linreg_gui.widgets.panels.explanation_field import ExplanationField
from linreg_gui.widgets.panels.guide_answers import ChoiceAnswer
from linreg_gui.widgets.panels.stop_page import prose
from linreg_gui.widgets.panels.verdict_card import VerdictCard


class QuestionPage(QWidget):
    """Asks the questions of a bank.

    Parameters
    ----------
    questions : PredictQuestions
        Which question is asked, and what became of it.
    chooses : bool
        Whether a person chooses the question.

    Attributes
    ----------
    chooser : ChoiceBox
        The questions; at first none is chosen.
    field : ChoiceAnswer or None
        The options of the present question.
    lock, run, next, put_back : QPushButton
        Lock the option, make the runs, go on, and give the settings back.
    verdict : VerdictCard
        How the prediction compares.
    evidence : QLabel
        The numbers that the runs gave.
    why : ExplanationField
        Why it came out this way, in the person's own words.
    show_ours : QPushButton
        Shows our explanation.
    refusal : QLabel
        Why the option cannot be locked, or why the runs failed.

    Signals
    -------
    result_shown(QWidget)
        The verdict has come, and should be in sight.
    """

    result_shown = Signal(object)

    def __init__(self, questions: PredictQuestions, *, chooses: bool = True) -> None:
        super().__init__()
        self._questions = questions
        self._chooses = chooses
        self._shown: BankQuestion | None = None
        self.field: ChoiceAnswer | None = None
        self.chooser = ChoiceBox()
        self.chooser.setAccessibleName(tr("Question"))
        self.chooser.setSizeAdjustPolicy(
            ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.chooser.committed.connect(questions.ask)
        self.lock = push_button(
            tr("Lock it in"), self._on_lock_clicked, tr("After this you cannot change it (Enter)")
        )
        self.run = push_button(tr("Run"), self._on_run_clicked)
        self.next = push_button(tr("Next question"), self._on_next_clicked)
        for button in (self.lock, self.run, self.next):
            set_style_property(button, "primary", True)
        self.put_back = push_button(tr("Restore my settings"), questions.put_back)
        self.refusal = text_label("error")
        self._hint = text_label("muted")
        self._settings = text_label("muted")
        self.verdict = VerdictCard()
        self.evidence = text_label("fact")
        self.why = ExplanationField()
        self.why.committed.connect(questions.explain)
        self.show_ours = push_button(tr("Show our explanation"), self._on_ours_wanted)
        self._text: QLabel | None = None
        self._ours = prose("")
        self._place = fill(QVBoxLayout(), spacing=GRID)
        self._place_below = fill(QVBoxLayout(), self._ours)
        self._lay_out()
        self.chooser.setVisible(chooses)
        questions.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        fill(
            QVBoxLayout(self),
            self.chooser,
            self._hint,
            self._place,
            self._settings,
            self.refusal,
            self.verdict,
            self.evidence,
            self.why,
            self.show_ours,
            self._place_below,
            flow(self.lock, self.run, self.next, self.put_back),
            None,
            margins=(16, GRID, 16, GRID),
        )

    @Slot()
    def refresh(self) -> None:
        """Show the question, and what became of it."""
        questions = self._questions
        self._offer()
        if questions.question is not self._shown:
            self._show_question(questions.question)
        asked, said, verdict = questions.question, questions.said, questions.verdict
        show_text(self._hint, self._hint_words())
        show_text(self._settings, self._settings_words())
        if said is not None and self.field is not None:
            self.field.show_locked(said)
        if questions.complaint:
            show_text(self.refusal, questions.complaint)
        self.lock.setVisible(asked is not None and said is None)
        self.run.setVisible(said is not None and verdict is None)
        self.run.setEnabled(questions.can_run)
        is_new = verdict is not None and self.verdict.verdict is not verdict
        self.verdict.show_verdict(verdict)
        show_text(self.evidence, "\n".join(questions.evidence))
        self.why.setVisible(verdict is not None)
        self.show_ours.setVisible(verdict is not None and self._ours.isHidden())
        is_last = asked is not None and asked is questions.bank[-1]
        self.next.setVisible(self._chooses and verdict is not None and not is_last)
        self.put_back.setVisible(questions.has_changed_settings and not questions.is_running)
        if is_new:
            announce(self.verdict, self.verdict.accessibleName())
            QTimer.singleShot(0, self, partial(self.result_shown.emit, self.verdict))

    def _offer(self) -> None:
        """Offer the questions, each with a sign for how it was answered."""
        results = self._questions.results
        signs = {True: " ✓", False: " ✗", None: ""}
        choices: dict[int | None, str] = {None: tr("Choose a question …")}
        for index, each in enumerate(self._questions.bank):
            choices[index] = f"{index + 1}. {each.title}{signs[results.get(each.name)]}"
        self.chooser.set_choices(choices)
        asked = self._questions.question
        self.chooser.set_value(None if asked is None else self._questions.bank.index(asked))

    def _show_question(self, question: BankQuestion | None) -> None:
        self.why.commit()
        self.why.clear()
        self._shown = question
        show_text(self.refusal, "")
        for former in (self._text, self.field, self._ours):
            if former is not None:
                former.hide()  # passes the focus on
                former.deleteLater()
        self.field, self._text = None, None
        self._ours = prose("" if question is None else question.why)
        self._place_below.addWidget(self._ours)
        self._ours.hide()
        if question is not None:
            self._text = prose(question.question.text)
            self.field = ChoiceAnswer(question.question)
            self.field.submitted.connect(self._on_lock_clicked)
            self.field.changed.connect(partial(show_text, self.refusal, ""))
            for each in (self._text, self.field):
                self._place.addWidget(each)
            self.setTabOrder(self.chooser, self.field)

    def _hint_words(self) -> str:
        questions = self._questions
        if questions.question is None:
            return tr(
                "Each question has a typical wrong answer or two. Choose one, predict, lock it in, "
                "and let the program run it."
            )
        return tr("Running on MXNet …") if questions.is_running else ""

    def _settings_words(self) -> str:
        questions = self._questions
        runs = questions.settings_words
        if not runs:
            return ""
        if questions.has_changed_settings:
            words = tr(
                "Settings of the window now: {settings}. Yours come back when you leave this "
                "question."
            )
            return words.format(settings=runs[0])
        words = tr("Run sets: {settings}; all else as in the lesson, with your seed.").format(
            settings=runs[0]
        )
        if runs[1:]:
            words = paragraph(
                words, tr("It is compared with: {settings}.").format(settings=clauses(runs[1:]))
            )
        return paragraph(words, tr("Your own settings come back afterwards."))

    @Slot()
    def _on_lock_clicked(self) -> None:
        if self.field is None or self._questions.said is not None:
            return
        answer = self.field.given(self.refusal)
        assert not isinstance(answer, tuple)
        if answer is not None:
            self._questions.lock(round(answer))
            self.run.setFocus()

    @Slot()
    def _on_run_clicked(self) -> None:
        show_text(self.refusal, "")
        had_focus = self.run.hasFocus()
        self._questions.run()
        if had_focus:
            self.why.text.setFocus()

    @Slot()
    def _on_next_clicked(self) -> None:
        asked = self._questions.question
        if asked is not None:
            self._questions.ask(self._questions.bank.index(asked) + 1)
            if self.field is not None:
                self.field.setFocus()

    @Slot()
    def _on_ours_wanted(self) -> None:
        had_focus = QApplication.focusWidget() is self.show_ours
        self._ours.show()
        self.show_ours.hide()
        if had_focus:
            (self.next if self.next.isVisible() else self.chooser).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is being written."""
        super().hideEvent(event)
        self.why.commit()
