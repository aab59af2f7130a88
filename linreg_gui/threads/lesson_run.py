"""The lesson that is open: the present page, what it waits for, and the answers."""

import datetime as dt
import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.guide.questions import Kind, Question, Verdict
from linreg_gui.guide.run_prediction import said_words
from linreg_gui.lessons.answers import (
    LONGEST_ANSWER,
    AnswerSheet,
    PageAnswer,
    Result,
    lesson_id,
)
from linreg_gui.lessons.lesson_files import in_english, in_language_of_now
from linreg_gui.lessons.markdown import own_tables, write_lesson
from linreg_gui.lessons.pages import FromBank, Lesson, Page, WaitFor, WordsQuestion
from linreg_gui.lessons.progress import PageProgress, Progress
from linreg_gui.number_text import parse_real, significant
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SavedLesson, SessionState
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import clauses, cleaned, retold, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.predict_first import PredictFirst
from linreg_gui.threads.predict_questions import PredictQuestions

if TYPE_CHECKING:
    from linreg_gui.guide.questions import Answer


class LessonRun(QObject):
    """Owns the progress through a lesson and its answers. Lives in the GUI thread.

    The window has the settings of the lesson meanwhile. Whoever opens it puts the session that was
    there back afterwards, unless a person has opened data of their own.

    Attributes
    ----------
    lesson : Lesson or None
        The one that is open.
    index, reached : int
        The present page, and the farthest one.
    is_teacher : bool
        Whether notes and answers are shown, nothing is hidden and nothing waits.
    is_trial : bool
        Whether its author only tries it, and wants no answers.
    questions : PredictQuestions
        Asks the questions of the bank.

    Signals
    -------
    changed()
        Any of these, an answer, or what is waited for has changed.
    page_entered(Page or None)
        Another page is present, or no lesson any more.
    """

    changed = Signal()
    page_entered = Signal(object)

    def __init__(
        self,
        controller: TrainingController,
        predict_first: PredictFirst,
        questions: PredictQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.lesson: Lesson | None = None
        self._answered: Lesson | None = None
        self.index = self.reached = 0
        self.is_teacher = False
        self.questions = questions
        self._controller = controller
        self._predict_first = predict_first
        self._pages: list[PageProgress] = []
        self._exported: AnswerSheet | None = None
        self.is_trial = False
        self._predicted_at: int | None = None
        self._applied: TrainingConfig | None = None
        self._is_applying = False
        self._began, self._clock = "", 0.0
        self._state = controller.state
        controller.state_changed.connect(self._on_state_changed)
        controller.settings_changed.connect(self._on_settings_changed)
        predict_first.changed.connect(self._on_prediction_changed)
        questions.changed.connect(self._on_question_changed)

    def retell(self) -> None:
        """Have the lesson in the language of now, if it is one of the program's."""
        if self.lesson is not None:
            self.lesson = self._answered = in_language_of_now(self.lesson)
            self._pages = list(map(self._judged_again, self.lesson.pages, self._pages))
            self.changed.emit()

    def _judged_again(self, page: Page, here: PageProgress) -> PageProgress:
        if here.said is None or here.verdict is None:
            return here
        verdict = here.verdict
        if isinstance(page.asks, Question) and page.asks.fits(here.said):
            verdict = page.asks.judge(here.said, right_answer(page.asks))
        elif isinstance(page.asks, FromBank):
            asked = self.questions.named(page.asks.name)
            if asked.question.fits(here.said):  # not so in a session that was edited by hand
                verdict = asked.question.judge(here.said, asked.right)
        return replace(here, verdict=verdict)

    @property
    def page(self) -> Page | None:
        """Return the present page; None while no lesson is open."""
        return None if self.lesson is None else self.lesson.pages[self.index]

    @property
    def _here(self) -> PageProgress:
        return self._pages[self.index] if self._pages else PageProgress()

    def _note(self, index: int, **values: Any) -> None:
        """Take note of what has happened on a page; the fields are those of `PageProgress`."""
        self._pages[index] = replace(self._pages[index], **values)

    @property
    def controls(self) -> tuple[str, ...] | None:
        """Return the settings that can be changed now; None for all of them."""
        return None if self.page is None or self.is_teacher else self.page.controls

    @property
    def can_go_on(self) -> bool:
        """Return whether the present page waits for nothing any more."""
        page = self.page
        return page is not None and (
            self.is_teacher
            or page.wait.kind is WaitFor.NOTHING
            or self._here.is_met
            or self.index < self.reached
        )

    @property
    def is_asking(self) -> bool:
        """Return whether the present page asks a student who has not answered yet."""
        page = self.page
        return page is not None and page.is_asking and self.answer is None and not self.is_teacher

    @property
    def is_last(self) -> bool:
        """Return whether the present page is the last one."""
        return self.lesson is not None and self.index == len(self.lesson.pages) - 1

    @property
    def is_finished(self) -> bool:
        """Return whether the last page waits for nothing any more."""
        return self.is_last and self.can_go_on

    @property
    def answer(self) -> PageAnswer | None:
        """Return the answer that was given on the present page; None before."""
        return self._here.answer

    @property
    def said(self) -> float | None:
        """Return the number that was given here, or that of the option; None if none was."""
        return self._here.said

    @property
    def said_words(self) -> str:
        """Return the answer of the present page in the language of now; empty if there is none."""
        here, asks = self._here, None if self.page is None else self.page.asks
        if here.answer is None:
            return ""
        if isinstance(asks, FromBank) and here.said is not None:
            question = self.questions.named(asks.name).question
            if question.fits(here.said):  # not so in a session that was edited by hand
                return question.options[round(here.said) - 1]
        return retold(here.answer.said)

    @property
    def right_words(self) -> str:
        """Return the right answer of the present page in words, for the teacher; empty for none."""
        asks = None if self.page is None else self.page.asks
        words, right = tr("Right answer: {answer}"), ""
        if isinstance(asks, WordsQuestion):
            words, right = tr("A good answer: {answer}"), asks.model
        elif isinstance(asks, FromBank):
            found = self.questions.named(asks.name)
            right = found.question.options[found.right - 1]
        elif isinstance(asks, Question):
            right = asks.write(right_answer(asks))
            if asks.kind is not Kind.CHOICE and asks.tolerance:
                off = tr("{number}, or off by at most {percent} %")
                right = off.format(number=right, percent=significant(100 * asks.tolerance, 6))
        return words.format(answer=right) if right else ""

    @property
    def person(self) -> str:
        """Return the name of the student; empty if none is given."""
        return self._predict_first.person

    def set_person(self, name: str) -> None:
        """Say who answers."""
        self._predict_first.set_person(name)
        self.changed.emit()

    def is_done(self, index: int) -> bool:
        """Return whether the page of this index waits for nothing any more."""
        page = self._pages[index]
        return index < self.reached or page.is_met or page.answer is not None

    @property
    def verdict(self) -> Verdict | None:
        """Return how the answer of the present page was judged; None before, or if it is open."""
        return self._here.verdict

    @property
    def has_answers(self) -> bool:
        """Return whether a person has answered anything."""
        return any(page.answer is not None for page in self._pages)

    @property
    def is_exported(self) -> bool:
        """Return whether all answers are in a file, or nobody wants them."""
        return self.is_trial or not self.has_answers or self._exported == self.sheet()

    def note_export(self, sheet: AnswerSheet) -> None:
        """Take note that ``sheet`` is in a file now."""
        self._exported = sheet

    def begin(self, lesson: Lesson, *, is_trial: bool = False) -> None:
        """Open ``lesson`` at its first page; the one before it is left."""
        self.leave()
        self.is_trial = is_trial
        self.lesson = self._answered = lesson
        self.index = self.reached = 0
        self._pages = [PageProgress() for _ in lesson.pages]
        self._exported = self._predicted_at = None
        self.set_person("")  # computers are shared
        self._clock = time.monotonic()
        self._began = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        self._apply(lesson.config(0))
        self._note(0, has_changed=True)
        self._enter()

    @property
    def progress(self) -> Progress | None:
        """Return what a crash must not lose: a lesson that is open, or answers without a file."""
        if self._answered is None or self.is_trial or (self.lesson is None and self.is_exported):
            return None
        return Progress(
            is_open=self.lesson is not None,
            index=self.index,
            reached=self.reached,
            person=self.person,
            began=self._began,
            has_own_data=self.has_own_data,
            is_exported=self.is_exported,
            pages=tuple(self._pages),
            bundled=self._answered.bundled,
            seconds=time.monotonic() - self._clock,
        )

    def saved(self, window: SessionState) -> SavedLesson | None:
        """Return `progress` with all that it takes to go on from there; None if there is none.

        ``window`` is what the window has now. The settings and the run of a question of the bank
        are left out: it is asked again, unless it is answered.
        """
        progress, lesson = self.progress, self._answered
        if progress is None or lesson is None:
            return None
        before = self.questions.settings_before
        if before is not None:
            kept = tuple(replace(each, is_on_screen=False) for each in window.kept)
            window = replace(window, settings=before, run=None, drawn=(), kept=kept)
        elif not progress.is_open:
            window = SessionState(self._controller.settings)
        return SavedLesson(
            text=write_lesson(lesson),
            tables=tuple(own_tables(lesson)),
            window=window,
            progress=progress.values(),
        )

    def go_on(self, lesson: Lesson, progress: Progress) -> None:
        """Open ``lesson`` again where `saved` has left it; the one before it is left.

        If it was open, the window has already what it had then.
        """
        self.leave()
        self._answered, self.is_trial = lesson, False
        self.index, self.reached = progress.index, progress.reached
        self._pages, self._began = list(progress.pages), progress.began
        self._clock = time.monotonic() - progress.seconds
        self.set_person(progress.person)
        self._exported = self.sheet() if progress.is_exported else None
        self._predicted_at = self._still_predicted() if progress.is_open else None
        if progress.is_open:
            self.lesson = lesson
            own = progress.has_own_data
            self._applied = lesson.config(self.index) if own else self._controller.settings
            self._enter()
        self.changed.emit()

    def _still_predicted(self) -> int | None:
        """Return the page whose prediction the run on screen has yet to judge, if any."""
        if self._answered is None or not self._predict_first.is_locked:
            return None
        answers = {
            index: here.answer
            for index, (page, here) in enumerate(
                zip(self._answered.pages, self._pages, strict=True)
            )
            if page.predicts and here.answer is not None
        }
        last = max(answers, default=None)  # an earlier one was of another run
        return last if last is not None and answers[last].result is Result.OPEN else None

    def leave(self) -> None:
        """Close the lesson, and put nothing back. Its answers are kept."""
        if self.lesson is None:
            return
        self.questions.end()
        self.lesson = None
        self.is_teacher = False
        self.page_entered.emit(None)
        self.changed.emit()

    def go_to(self, index: int) -> None:
        """Go to a page that has been reached, or to the next one if nothing is waited for."""
        if self.lesson is None or index not in range(len(self.lesson.pages)):
            return
        may_go = self.is_teacher or index <= self.reached + self.can_go_on
        if not may_go or index == self.index:
            return
        self.questions.leave()
        self.index = index
        self.reached = max(self.reached, index)
        passed = range(index + 1)
        new = [each for each in passed if not self._pages[each].has_changed]  # a teacher may skip
        if any(self.lesson.pages[each].changes for each in new):
            self._apply(self.lesson.config(index))
        for each in new:
            self._note(each, has_changed=True)
        self._enter()

    def go_by(self, pages: int) -> None:
        """Go to the page that comes this many later."""
        self.go_to(self.index + pages)

    def show_as_teacher(self, wanted: bool) -> None:
        """Show the lesson with notes and answers, and without waiting; or as a student sees it."""
        if wanted != self.is_teacher and self.lesson is not None:
            self.is_teacher = wanted
            self.changed.emit()

    def say(self, said: "Answer") -> None:
        """Answer the question of the present page. This cannot be changed."""
        page = self.page
        question = page.asks if page is not None else None
        if not isinstance(question, Question) or self.answer is not None:
            return
        if not question.fits(said) or isinstance(said, tuple):
            return
        verdict = question.judge(said, right_answer(question))
        self._note(self.index, said=said, verdict=verdict)
        is_choice = question.kind is Kind.CHOICE
        words = question.options[round(said) - 1] if is_choice else question.write(said)
        self._keep(words, Result.RIGHT if verdict.is_right else Result.WRONG)

    def say_in_words(self, text: str) -> None:
        """Answer in words; they can be changed until the lesson is left."""
        page, words = self.page, cleaned(text)[:LONGEST_ANSWER]
        if page is not None and isinstance(page.asks, WordsQuestion) and words:
            self._keep(words, Result.OPEN)

    def sheet(self) -> AnswerSheet:
        """Return the answers to the last lesson, each page that asks with its own."""
        assert self._answered is not None
        lesson = in_english(self._answered)
        return AnswerSheet(
            self.person,
            lesson.title,
            lesson_id(lesson),
            self._began,
            tuple(
                replace(progress.answer or PageAnswer(""), page=page.title)
                for page, progress in zip(lesson.pages, self._pages, strict=True)
                if page.is_asking
            ),
        )

    def _enter(self) -> None:
        page = self.page
        if page is not None and isinstance(page.asks, FromBank) and self.answer is None:
            names = [question.name for question in self.questions.bank]
            self.questions.ask(names.index(page.asks.name))
        if page is not None and page.predicts and self.answer is None:
            self._predicted_at = None
            if self._predict_first.is_locked:  # that was of another run
                self._predict_first.again()
        self._look_at_settings()
        self.page_entered.emit(page)
        self.changed.emit()

    def _keep(self, said: str, result: Result) -> None:
        page = self.page
        assert page is not None
        seconds = round(time.monotonic() - self._clock)
        is_met = self._here.is_met or page.wait.kind is WaitFor.ANSWER
        answer = PageAnswer(page.title, said, result, seconds)
        self._note(self.index, answer=answer, is_met=is_met)
        self.changed.emit()

    def _apply(self, config: TrainingConfig) -> None:
        values = {field.name: getattr(config, field.name) for field in fields(config)}
        self._applied, self._is_applying = config, True
        self._controller.use_data(values.pop("data"), **values)
        self._is_applying = False

    @property
    def has_own_data(self) -> bool:
        """Return whether a person has opened other data than the lesson's, edited or not."""
        applied, config = self._applied, self._controller.settings
        if self.questions.has_changed_settings:  # its data are there
            return False
        return applied is not None and config.origin is not applied.origin

    def _meet(self, kind: WaitFor) -> None:
        page = self.page
        if page is not None and page.wait.kind is kind and not self._here.is_met:
            self._note(self.index, is_met=True)
            self.changed.emit()

    @Slot()
    def _on_state_changed(self) -> None:
        former, self._state = self._state, self._controller.state
        if self._state != former and self._state in {RunState.COMPLETED, RunState.DIVERGED}:
            self._meet(WaitFor.RUN)  # else only the words have changed

    @Slot()
    def _on_settings_changed(self) -> None:
        if not self._is_applying:
            self._look_at_settings()

    def _look_at_settings(self) -> None:
        page, config = self.page, self._controller.settings
        if page is None:
            return
        if page.wait.kind is WaitFor.SETTING and page.wait.is_met_by(config):
            self._meet(WaitFor.SETTING)
        if self.has_own_data and config.data is not None and not config.data.sample:
            self._meet(WaitFor.DATA)

    @Slot()
    def _on_prediction_changed(self) -> None:
        """Keep the prediction as the answer of its page, and later how the run has judged it."""
        page, predict_first = self.page, self._predict_first
        if page is None or not predict_first.is_locked:
            return
        if page.predicts and self.answer is None:
            self._predicted_at = self.index
            self._keep(self._predicted_words(), Result.OPEN)
            self._meet(WaitFor.PREDICTION)
        place, results = (
            self._predicted_at,
            [verdict.is_right for verdict in predict_first.verdicts.values()],
        )
        if place is not None and results and None not in results:
            self._predicted_at = None
            result = Result.RIGHT if all(results) else Result.WRONG
            answer = self._pages[place].answer
            assert answer is not None
            self._note(place, answer=replace(answer, result=result))
            self.changed.emit()

    def _predicted_words(self) -> str:
        prediction, run = self._predict_first.prediction, self._predict_first.run
        planned = 0 if run is None else run.configured_steps
        return clauses(said_words(topic, prediction, planned) for topic in prediction.topics)

    @Slot()
    def _on_question_changed(self) -> None:
        questions, page = self.questions, self.page
        if page is None or not isinstance(page.asks, FromBank) or self.answer is not None:
            return
        if questions.verdict is not None and questions.question is not None:
            assert questions.said is not None
            self._note(self.index, said=questions.said, verdict=questions.verdict)
            said = questions.question.question.options[questions.said - 1]
            self._keep(said, Result.RIGHT if questions.verdict.is_right else Result.WRONG)


def right_answer(question: Question) -> float:
    """Return the right answer to a question of a lesson."""
    return parse_real(question.value)


def wait_words(kind: WaitFor, *, is_last: bool) -> str:
    """Say what a page waits for; empty if for nothing."""
    match kind:
        case WaitFor.RUN:
            before, last = (
                tr("Next comes when a run has gone to its end."),
                tr("This page is done when a run has gone to its end."),
            )
        case WaitFor.PREDICTION:
            before, last = (
                tr("Next comes when your prediction is locked."),
                tr("This page is done when your prediction is locked."),
            )
        case WaitFor.ANSWER:
            before, last = (
                tr("Next comes when you have answered."),
                tr("This page is done when you have answered."),
            )
        case WaitFor.DATA:
            before, last = (
                tr("Next comes when a table of your own is open."),
                tr("This page is done when a table of your own is open."),
            )
        case WaitFor.SETTING:
            before, last = (
                tr("Next comes when you have changed the setting."),
                tr("This page is done when you have changed the setting."),
            )
        case WaitFor.NOTHING:
            before = last = ""
    return last if is_last else before
