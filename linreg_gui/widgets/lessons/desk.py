"""Opens lessons, and saves what students answered."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from linreg_gui.files import write_whole
from linreg_gui.lessons.answers import (
    SUFFIX as ANSWERS_SUFFIX,
)
from linreg_gui.lessons.answers import (
    AnswersError,
    class_table,
    read_answers,
    to_bytes,
)
from linreg_gui.lessons.lesson_files import SUFFIX, LessonFileError, lesson_file, read_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.texts import quoted, reason_of, tr
from linreg_gui.threads.jobs import Channel
from linreg_gui.widgets.panels.registry import LESSON

if TYPE_CHECKING:
    from linreg_gui.widgets.session import Session


class LessonDesk(QObject):
    """Opens lessons and saves answers, with dialogs. Lives in the GUI thread."""

    def __init__(self, session: "Session", window: QWidget) -> None:
        super().__init__(session)
        self._session = session
        self._window = window

    def open(self, name: str | Path) -> None:
        """Open a lesson: a bundled one by its name, or a file."""
        file = lesson_file(name) if isinstance(name, str) else name
        job = self._session.controller.background.start(Channel.LESSON, _reading(file))
        job.finished.connect(self._on_read)
        job.failed.connect(self._session.controller.message_posted)

    @Slot()
    def choose_file(self) -> None:
        """Let a person choose a lesson, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open a lesson"),
            "",
            tr("Lessons") + f" (*{SUFFIX} *.md);;" + tr("All files") + " (*)",
        )
        if name:
            self.open(Path(name))

    @Slot()
    def leave(self) -> None:
        """Close the lesson, and put everything back."""
        self._session.lesson_run.leave()
        self._session.switches[LESSON].setChecked(False)

    @Slot()
    def export_answers(self) -> None:
        """Save the answers of the open lesson in a file for the teacher."""
        run = self._session.lesson_run
        if run.lesson is None or not run.has_answers:
            self._say(tr("There are no answers yet; open a lesson and answer its questions first."))
            return
        if not run.person:
            self._session.switches[LESSON].setChecked(True)
            self._say(tr("Type your name above the page first, so that your teacher knows it."))
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("Export my answers"),
            f"{run.person.replace('/', ' ')}{ANSWERS_SUFFIX}",
            tr("Answers") + f" (*{ANSWERS_SUFFIX})",
        )
        if name:
            self._write(Path(name), ANSWERS_SUFFIX, to_bytes(run.sheet()))

    @Slot()
    def make_class_table(self) -> None:
        """Let a person choose files of answers, and save the table of the class."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            tr("Choose the answers of the class"),
            "",
            tr("Answers") + f" (*{ANSWERS_SUFFIX});;" + tr("All files") + " (*)",
        )
        sheets, complaints = [], []
        for name in names:
            try:
                sheets.append(read_answers(Path(name)))
            except AnswersError as error:
                complaints.append(str(error))
        if complaints:
            self._say(complaints[0])  # the others may have the same reason
        if not sheets or complaints:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save the class table"), "class.csv", tr("Tables") + " (*.csv)"
        )
        if not name:
            return
        table, others = class_table(sheets)
        more = ""
        if others:
            words = tr("{count} of another lesson are left out.")
            more = words.format(count=others)
        self._write(Path(name), ".csv", table.encode("utf-8-sig"), more)

    def _write(self, file: Path, suffix: str, content: bytes, more: str = "") -> None:
        if not file.name.lower().endswith(suffix):
            file = file.with_name(f"{file.name}{suffix}")
        try:
            write_whole(file, content)
        except OSError as error:
            words = tr("{file} could not be written ({reason}); choose another folder.")
            self._say(words.format(file=quoted(file.name), reason=reason_of(error)))
            return
        written = tr("{file} is written.").format(file=quoted(file.name))
        self._say(f"{written} {more}".rstrip())

    def _say(self, sentence: str) -> None:
        self._session.controller.message_posted.emit(sentence)

    @Slot(object)
    def _on_read(self, lesson: Lesson | str) -> None:
        if isinstance(lesson, str):
            self._say(lesson)
            return
        self._session.lesson_run.begin(lesson)
        self._session.switches[LESSON].setChecked(True)


def _reading(file: Path) -> Generator[None, None, Lesson | str]:
    """Return the lesson in ``file``, or a sentence on why it cannot be opened."""
    yield
    try:
        return read_lesson(file)
    except LessonFileError as error:
        return str(error)
