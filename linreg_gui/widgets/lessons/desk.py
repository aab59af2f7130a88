"""Opens lessons, and saves what students answered."""

from collections.abc import Callable, Collection, Generator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from linreg_gui.export.csv_file import write_table
from linreg_gui.lessons.answers import (
    SUFFIX as ANSWERS_SUFFIX,
)
from linreg_gui.lessons.answers import (
    AnswersError,
    AnswerSheet,
    class_table,
    read_answers,
    to_bytes,
)
from linreg_gui.lessons.bundled import lesson_file
from linreg_gui.lessons.drafts import LessonDraft
from linreg_gui.lessons.lesson_files import SUFFIX, LessonFileError, reading_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.lessons.progress import read_lesson
from linreg_gui.lessons.saved_drafts import read_draft
from linreg_gui.look.asking import ask, ask_for_text
from linreg_gui.sessions.state import SavedDraft, SavedLesson
from linreg_gui.texts import in_a_row, paragraph, quoted, shortened, tr
from linreg_gui.threads.jobs import Channel
from linreg_gui.widgets.exports.kinds import ExportKind, Writing
from linreg_gui.widgets.exports.numbers import ask_dialect
from linreg_gui.widgets.panels.registry import LESSON

if TYPE_CHECKING:
    from linreg_gui.export.csv_file import CsvDialect
    from linreg_gui.widgets.lessons.composer import Composer
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow


_EXPORT, _DISCARD = 0, 1
_MOST_NAMES = 4
_LONGEST_REASON = 200


def _nothing() -> None:
    """Do no more."""


class LessonDesk(QObject):
    """Opens lessons and saves answers, with dialogs. Lives in the GUI thread."""

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(session)
        self._session = session
        self._window = window
        self._use: Callable[[Lesson], None] = self.begin

    @cached_property
    def composer(self) -> "Composer":
        """Return the dialog in which a teacher writes a lesson, made when it is first wanted."""
        from linreg_gui.widgets.lessons.composer import Composer  # noqa: PLC0415 - seldom

        composer = Composer(self._window)
        composer.changed.connect(self._window.document.note)
        return composer

    @Slot()
    def compose(self) -> None:
        """Let a teacher write a lesson."""
        self.composer.begin()

    def take_over(self, former: "LessonDesk") -> None:
        """Go on with the lesson that is being made in ``former``, whose window goes."""
        if "composer" in vars(former):
            self.composer.take_over(former.composer)

    def go_on_making(self, saved: SavedDraft) -> None:
        """Go on with a lesson that was being made when the program ended."""
        try:
            draft = read_draft(saved)
        except ValueError as error:
            self._say_why_not(error)
        else:
            self.composer.take(draft)
            self.compose()

    @property
    def draft(self) -> LessonDraft | None:
        """Return what a teacher has written of a lesson that is not saved; None if nothing."""
        is_lost = "composer" in vars(self) and not self.composer.is_saved
        return self.composer.draft.copy() if is_lost else None

    def may_close(self) -> bool:
        """Return whether the window may close: nothing is lost, or a person wants that."""
        window = self._window
        if not window.document.asks or window.document.is_ordered_to_end:
            return True
        discard, cancel = tr("Discard"), tr("Cancel")
        if self.draft is not None:
            sentence = tr("The lesson that you are making is not saved.")
            if ask(window, sentence, tr("Go on with it"), discard, cancel) != _DISCARD:
                self.compose()
                return False
        answer = self._answer()
        if answer == _EXPORT:
            self.export_answers()
        return answer == _DISCARD

    def _answer(self) -> int:
        """Return what a person wants with answers that would be lost; to discard none, if none."""
        window = self._window
        if self._session.lesson_run.is_exported or not window.document.asks:
            return _DISCARD
        sentence = tr("Your answers are not exported yet.")
        return ask(window, sentence, tr("Export my answers…"), tr("Discard"), tr("Cancel"))

    def _ask_first(self, then: Callable[[], object]) -> None:
        """Go on with ``then`` once no answers would be lost, or a person wants that."""
        answer = self._answer()
        if answer == _EXPORT:
            self._export_answers(then)
        elif answer == _DISCARD:
            then()

    def open(self, name: str | Path, use: Callable[[Lesson], None] | None = None) -> None:
        """Open a lesson: a bundled one by its name, or a file; or ``use`` it otherwise."""
        file = lesson_file(name) if isinstance(name, str) else name
        self._use = use or self.begin
        job = self._session.controller.background.start(Channel.LESSON, _reading(file))
        job.finished.connect(self._on_read)
        job.failed.connect(self._session.controller.message_posted)

    def choose_file(self, use: Callable[[Lesson], None] | None = None) -> None:
        """Let a person choose a lesson, and open it, or ``use`` it otherwise."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open a lesson"),
            "",
            tr("Lessons") + f" (*{SUFFIX} *.md);;" + tr("All files") + " (*)",
        )
        if name:
            self.open(Path(name), use)

    @Slot()
    def leave(self) -> None:
        """Close the lesson, and put everything back, unless a person goes on with own data."""
        document = self._window.document
        if self._session.lesson_run.has_own_data:
            document.ask_first(self._go_on_with_own_data)
        else:
            self._close()
            document.exchange.put_back()

    @Slot()
    def export_answers(self) -> None:
        """Save the answers of the last lesson in a file for the teacher."""
        self._export_answers(_nothing)

    def _export_answers(self, then: Callable[[], object]) -> None:
        run = self._session.lesson_run
        if not run.has_answers:
            self._say(tr("There are no answers yet; open a lesson and answer its questions first."))
            return
        if not run.person:
            question = tr("Your name, so that your teacher knows it:")
            run.set_person(ask_for_text(self._window, question) or "")
        if not run.person:
            return
        sheet = run.sheet()

        def write(_window: "MainWindow", file: Path, _options: object, _suffix: str) -> Writing:
            yield 0.0
            file.write_bytes(to_bytes(sheet))
            return None

        def exported() -> None:
            run.note_export(sheet)
            then()

        words = tr("Export my answers")
        self._window.exporter.choose(
            ExportKind(run.person, lambda: words, (ANSWERS_SUFFIX,), write),
            then=exported,
        )

    @Slot()
    def make_class_table(self) -> None:
        """Let a person choose files of answers, and save the table of the class."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            tr("Choose the answers of the class"),
            "",
            tr("Answers") + f" (*{ANSWERS_SUFFIX});;" + tr("All files") + " (*)",
        )
        sheets: dict[str, AnswerSheet] = {}
        complaints: dict[str, str] = {}
        for name in names:
            try:
                sheets[name] = read_answers(Path(name))
            except AnswersError as error:
                complaints[name] = str(error)
        notes = list(complaints.values())
        if len(complaints) > 1:
            words = tr("Left out, because no answers could be read from them: {files}.")
            notes = [words.format(files=_names_of(complaints))]
        if not sheets:
            if notes:
                self._say(*notes)
            return
        table, others = class_table(sheets)
        if others:
            words = tr("Left out, because they are of another lesson: {files}.")
            notes.append(words.format(files=_names_of(others)))

        def write(
            _window: "MainWindow", file: Path, dialect: "CsvDialect", _suffix: str
        ) -> Writing:
            yield 0.0
            write_table(file, table, dialect)
            return paragraph(*notes)

        words = tr("Save the class table")
        kind = ExportKind("class", lambda: words, (".csv",), write, ask=ask_dialect)
        self._window.exporter.choose(kind)

    def _say_why_not(self, error: ValueError) -> None:
        words = tr("The lesson in this session cannot be opened: {reason}.")
        self._say(words.format(reason=shortened(str(error), _LONGEST_REASON)))

    def _say(self, sentence: str) -> None:
        self._session.controller.message_posted.emit(sentence)

    @Slot(object)
    def _on_read(self, lesson: Lesson | str) -> None:
        if isinstance(lesson, str):
            self._say(lesson)
        else:
            self._use(lesson)

    def _go_on_with_own_data(self) -> None:
        self._close()
        self._window.document.exchange.stay()

    def _close(self) -> None:
        run = self._session.lesson_run
        run.leave()
        self._session.switches[LESSON].setChecked(False)
        if run.is_trial:
            self.compose()

    def begin(self, lesson: Lesson, *, is_trial: bool = False) -> None:
        """Open a lesson, and its panel; `leave` brings back what is there now."""
        begin = partial(self._session.lesson_run.begin, lesson, is_trial=is_trial)
        self._ask_first(partial(self._open, begin))

    def go_on(self, saved: SavedLesson) -> None:
        """Go on with a lesson of the session that has just been opened."""
        run = self._session.lesson_run
        try:
            lesson, progress = read_lesson(saved)
        except ValueError as error:
            self._say_why_not(error)
            return
        exchange = self._window.document.exchange
        bring = partial(exchange.bring_lesson, saved)
        self._ask_first(bring if progress.is_open else partial(run.go_on, lesson, progress))

    def keep_answers(self, saved: SavedLesson) -> None:
        """Have the answers of ``saved``, which `go_on` has read, but not open it."""
        lesson, progress = read_lesson(saved)
        self._session.lesson_run.go_on(lesson, replace(progress, is_open=False))

    def enter(self, saved: SavedLesson) -> None:
        """Go on with ``saved``, which `go_on` has read: the window has what it had in it."""
        self._session.lesson_run.go_on(*read_lesson(saved))
        self._session.switches[LESSON].setChecked(True)

    def _open(self, begin: Callable[[], object]) -> None:
        self._window.document.exchange.set_aside()
        self._session.kept_runs.clear_over()
        begin()
        self._session.switches[LESSON].setChecked(True)


def _reading(file: Path) -> Generator[None, None, Lesson | str]:
    """Return the lesson in ``file``, or a sentence on why it cannot be opened."""
    try:
        return (yield from reading_lesson(file))
    except LessonFileError as error:
        return str(error)


def _names_of(files: Collection[str]) -> str:
    """Return the names of some files, separated by commas, and how many more there are."""
    names = [quoted(Path(file).name) for file in files]
    words, more = in_a_row(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    if more > 0:
        return tr("{files} and {count} more").format(files=words, count=more)
    return words
