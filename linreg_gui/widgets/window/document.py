"""The session as a file: its name, whether it is saved, and what is asked before it is lost."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from linreg_gui import interruption
from linreg_gui.file_kinds import FileKind
from linreg_gui.files import Stamp, stamp_of
from linreg_gui.look.asking import ask, file_to_write
from linreg_gui.texts import cleaned, quoted, tr
from linreg_gui.threads.jobs import Channel
from linreg_gui.widgets.window.exchange import Exchange
from linreg_gui.widgets.window.last_session import LastSession, RecentFiles
from linreg_gui.widgets.window.session_content import Made, captured, made_in

if TYPE_CHECKING:
    from linreg_gui.lessons.drafts import LessonDraft
    from linreg_gui.sessions.state import SavedLesson, SessionState
    from linreg_gui.threads.session_files import SessionFiles
    from linreg_gui.widgets.window.autosave import Autosave
    from linreg_gui.widgets.window.main_window import MainWindow

_SUFFIX = FileKind.SESSION.value
_NOTE_MILLISECONDS = 200
"""The mark in the title may be so late."""

Then = Callable[[], object]

_SAVE, _DISCARD = 0, 1


def _nothing() -> None:
    """Do no more."""


class Document(QObject):
    """Owns the name of the session's file, and knows what of it is not saved. GUI thread.

    While a lesson is open, the session is set aside: what is saved, and asked for, is the session
    as it was before, with the lesson beside it.

    Attributes
    ----------
    file : Path or None
        Where the session is saved; None before it was.
    is_modified, is_discarded : bool
        Whether it has changed since it was saved or opened, and whether a person discards that.
    is_saving : bool
        Whether it is being saved now.
    autosave : Autosave or None
        Keeps the last state, if that is wanted.
    asks : bool
        Whether a person is asked before what they made is lost: there may be nobody to ask.
    recent : RecentFiles
        The last files.
    last_session : LastSession
        What a person may go on with.
    exchange : Exchange
        Opens other sessions, and sets this one aside.
    keeps_lessons : bool
        Whether lessons are in what is written: no person has left them.

    Signals
    -------
    touched()
        Something may have changed.
    """

    touched = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session = session = window.session
        self.file: Path | None = None
        self.is_modified = self.asks = False
        self.recent = RecentFiles(session.store)
        self._stamp: Stamp | None = None
        self.is_saving = self.is_discarded = False
        self._then: Then = _nothing
        self.autosave: Autosave | None = None
        self.last_session = LastSession(self)
        self.keeps_lessons = True
        self.exchange = Exchange(self, window)
        self._saved: Made | None = self.made()
        self._timer = QTimer(self, singleShot=True, interval=_NOTE_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        controller = session.controller
        for signal in (
            controller.settings_changed,
            controller.run_prepared,
            controller.run_progressed,
            session.kept_runs.changed,
            session.guesses_changed,
            session.swept,
            session.lesson_changed,
            session.prediction_changed,
        ):
            signal.connect(self.note)
        self._show_title()

    @cached_property
    def files(self) -> "SessionFiles":
        """Return what writes and reads, made when it is first wanted."""
        from linreg_gui.threads.session_files import SessionFiles  # noqa: PLC0415 - seldom

        return SessionFiles(self)

    def made(self) -> Made:
        """Return what the session consists of now."""
        return made_in(self._session) if self.exchange.aside is None else self.exchange.aside.made

    @property
    def is_precious(self) -> bool:
        """Return whether something is not saved that a person would have to make again."""
        saved = self._saved
        is_named = self.file is not None or saved is None
        return self.is_modified and (is_named or self.made().by_hand != saved.by_hand)  # type: ignore[union-attr]

    @property
    def is_ordered_to_end(self) -> bool:
        """Return whether a signal, or the desktop, ends the program, and nobody waits to answer."""
        return bool(interruption.asked_exit_code()) or _is_logging_out()

    @property
    def has_lesson(self) -> bool:
        """Return whether a lesson is open, or its answers would be lost."""
        is_there = self.exchange.lesson is not None or self._session.lesson_progress is not None
        return self.keeps_lessons and is_there

    @property
    def draft(self) -> "LessonDraft | None":
        """Return the lesson that a teacher is making, if it would be lost."""
        return self._session.lesson_draft if self.keeps_lessons else None

    def capture(self, **more: Any) -> "SessionState":
        """Return the session as it is now; ``more`` goes beside what is on screen."""
        aside = self.exchange.aside
        state = captured(self._window) if aside is None else aside.state
        return replace(state, view={**state.view, **more}, lesson=self._lesson())

    def _lesson(self) -> "SavedLesson | None":
        if not self.has_lesson:
            return None
        brought = self.exchange.lesson
        return brought or self._session.lesson_run.saved(captured(self._window))

    def capture_to_keep(self) -> "SessionState":
        """Return the session as a crash must leave it: with the name of its file, and a draft."""
        from linreg_gui.lessons.saved_drafts import saved_draft  # noqa: PLC0415 - not at the start

        name = None if self.file is None else str(self.file.absolute())
        stamp = self._stamp and [*self._stamp]
        state = self.capture(document=[name, stamp, self.is_modified])
        return replace(state, draft=saved_draft(self.draft) if self.draft else None)

    def begin(self, folder: Path) -> None:
        """Ask a person before anything is lost, and keep the last states in ``folder``."""
        from linreg_gui.sessions.recovery import RecoveryFolder  # noqa: PLC0415 - after first paint
        from linreg_gui.widgets.window.autosave import Autosave  # noqa: PLC0415

        self.asks, self.autosave = True, Autosave(self._window, RecoveryFolder(folder))

    def take_over(self, former: "Document") -> None:
        """Be what ``former`` is, whose window goes; nothing of it may be read or written now."""
        former.rest()
        for name in ("asks", "keeps_lessons", "file", "_stamp", "_saved"):
            vars(self)[name] = vars(former)[name]
        if former.autosave is not None:
            self.autosave = former.autosave.moved_to(self._window)
        self.exchange.take_over(former.exchange)
        self._show_title()
        self.refresh()

    def rest(self) -> bool:
        """Note, read and write nothing any more; return whether the thread ended."""
        self._timer.stop()
        return "files" not in vars(self) or self.files.shut_down()

    @Slot()
    def save(self, then: Then = _nothing) -> None:
        """Save the session in its file, and go on with ``then`` if that went well."""
        file = self.file
        if file is None:
            self.save_as(then)
            return
        if stamp_of(file) not in {None, self._stamp}:
            words = tr(
                "{file} has changed since you opened or saved it: someone else has saved it."
            )
            answers = (tr("Save as…"), tr("Save anyway"), tr("Cancel"))
            answer = ask(self._window, words.format(file=quoted(file.name)), *answers)
            if answer == 0:
                self.save_as(then)
            if answer != 1:
                return
        self.save_in(file, then)

    @Slot()
    def save_as(self, then: Then = _nothing) -> None:
        """Let a person choose a file, save the session there, and go on as `save` does."""
        proposed = self.file or Path(tr("session") + _SUFFIX)
        file = file_to_write(self._window, tr("Save the session"), proposed, (_SUFFIX,))
        if file is not None:
            self.save_in(file, then)

    def ask_first(self, then: Then) -> None:
        """Go on with ``then``, unless a person wants to keep what would be lost.

        A save that is under way comes first.
        """
        if self.is_saving:
            self._then = partial(self.ask_first, then)
            return
        self.refresh()
        answer = self._answer() if self.asks and self.is_precious else _DISCARD
        if answer == _SAVE:
            self.save(partial(self.ask_first, then))  # what was changed meanwhile is asked for
        elif answer == _DISCARD:
            then()

    def may_close(self) -> bool:
        """Return whether the window may close now. If a person saves first, it closes then."""
        self.refresh()
        if self.is_ordered_to_end:
            return True  # the last state is kept
        if self.is_saving:
            self._then = self._window.close
            return False
        if not (self.asks and self.is_precious):
            return True
        answer = self._answer()
        if answer == _SAVE:
            self.save(self._window.close)
        self.is_discarded = answer == _DISCARD
        return self.is_discarded

    def shut_down(self) -> bool:
        """End the thread, and leave the last state behind; return whether the thread ended."""
        has_ended = self.rest()
        self.keeps_lessons = self.is_ordered_to_end  # else a person was asked, and has left them
        if self.autosave is not None:
            self.autosave.end()
            self.autosave = None
        return has_ended

    @Slot()
    def refresh(self) -> None:
        """Compare the session with what is saved."""
        self._timer.stop()
        is_modified = self._saved is None or self.made() != self._saved
        if is_modified != self.is_modified:
            self.is_modified = is_modified
            self._window.setWindowModified(is_modified)
        self.touched.emit()

    @Slot()
    def note(self) -> None:
        """Look soon whether something has changed."""
        if not self._timer.isActive():
            self._timer.start()

    def _answer(self) -> int:
        name = tr("This session") if self.file is None else quoted(self.file.name)
        words = tr("{name} has changes that are not saved.").format(name=name)
        return ask(self._window, words, tr("Save"), tr("Discard"), tr("Cancel"))

    def save_in(self, file: Path, then: Then = _nothing) -> None:
        """Save the session in ``file``, as `save` does, without a question."""
        self.is_saving = True
        if then is not _nothing:  # else what waits for a save goes on waiting
            self._then = then
        job = self.files.write(file, self.capture(), Channel.SAVE)
        job.finished.connect(partial(self._on_written, file, self.made()))
        job.failed.connect(partial(self._on_written, file, None))

    def _on_written(self, file: Path, made: Made | None, result: Any) -> None:
        self.is_saving = False
        then, self._then = self._then, _nothing
        if isinstance(result, tuple):
            self.take_as(file, result, made)
            if self.exchange.aside is not None:
                self._say(
                    tr("Saved: the session as it was before the lesson, and how far you have come.")
                    if self.has_lesson
                    else tr("Saved: the session as it was before the lesson.")
                )
            then()
        else:
            from linreg_gui.widgets.exports.exporter import sentence_on  # noqa: PLC0415 - seldom

            self._say(sentence_on(result, file) if isinstance(result, OSError) else str(result))

    def take_as(self, file: Path | None, stamp: "Stamp | None", made: Made | None) -> None:
        """Take the session for the one in ``file``; None for ``made`` says that it is not."""
        self.file, self._stamp, self._saved = file, stamp, made
        if file is not None:
            self.recent.add(file)
        self._show_title()
        self.refresh()

    def note_return(self) -> None:
        """Take note that the session is back which was set aside."""
        self._saved = self._saved if self.is_modified else self.made()
        self.refresh()

    def _show_title(self) -> None:
        name = "" if self.file is None else cleaned(self.file.stem).replace("[*]", "[*][*]")
        self._window.setWindowTitle(f"{name}[*] — LinReg" if name else "LinReg[*]")

    def _say(self, sentence: str) -> None:
        self._window.messages.show_message(sentence)


def _is_logging_out() -> bool:
    """Return whether the desktop's session ends, which waits for no answer."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()
