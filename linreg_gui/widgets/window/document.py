"""The session as a file: its name, whether it is saved, and what is asked before it is lost."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from linreg_gui import interruption
from linreg_gui.file_kinds import FileKind
from linreg_gui.files import Stamp, stamp_of
from linreg_gui.look.asking import ask, file_to_write
from linreg_gui.texts import cleaned, quoted, tr
from linreg_gui.threads.jobs import Channel
from linreg_gui.widgets.window.last_session import LastSession
from linreg_gui.widgets.window.recent_files import RecentFiles
from linreg_gui.widgets.window.session_content import Made, captured, made_in

if TYPE_CHECKING:
    from linreg_gui.sessions.archive import ArchiveError
    from linreg_gui.sessions.restoring import RestoredSession
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


class _Opening(NamedTuple):
    """What is being opened.

    Attributes
    ----------
    state : SessionState
        All of it.
    file, stamp : Path or None, Stamp or None
        Where it was saved, if it was, and how that file was then.
    is_saved : bool
        Whether it is as it is in that file.
    kept : Path or None
        What it was left in by a session that has ended.
    was_aside : bool
        Whether it is the one that was set aside, whose file is known.
    """

    state: "SessionState"
    file: Path | None = None
    stamp: "Stamp | None" = None
    is_saved: bool = True
    kept: Path | None = None
    was_aside: bool = False


class _Aside(NamedTuple):
    """The session as it was when a lesson began."""

    state: "SessionState"
    made: Made


class Document(QObject):
    """Owns the name of the session's file, and knows what of it is not saved. GUI thread.

    While a lesson is open, the session is set aside: what is saved, kept in case of a crash, and
    asked for is the session as it was before, with the lesson beside it.

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
        self._reading: Path | None = None
        self._opening: _Opening | None = None
        self._aside: _Aside | None = None
        self._keeps_lesson = True
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
            signal.connect(self._note)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.restored.connect(self._on_restored)
        controller.session_opened.connect(self._on_session_opened)
        controller.restore_failed.connect(self._on_restore_failed)
        self._show_title()

    @cached_property
    def files(self) -> "SessionFiles":
        """Return what writes and reads, made when it is first wanted."""
        from linreg_gui.threads.session_files import SessionFiles  # noqa: PLC0415 - seldom

        return SessionFiles(self)

    def made(self) -> Made:
        """Return what the session consists of now."""
        return made_in(self._session) if self._aside is None else self._aside.made

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

    def capture(self, **more: Any) -> "SessionState":
        """Return the session as it is now; ``more`` goes beside what is on screen."""
        state = captured(self._window) if self._aside is None else self._aside.state
        return replace(state, view={**state.view, **more}, lesson=self._lesson())

    def _lesson(self) -> "SavedLesson | None":
        return self._session.lesson_run.saved() if self.has_lesson else None

    @property
    def has_lesson(self) -> bool:
        """Return whether a lesson is open, or its answers would be lost."""
        return self._keeps_lesson and self._session.lesson_progress is not None

    @property
    def is_worth_keeping(self) -> bool:
        """Return whether there is anything that a crash would lose."""
        return self.is_modified or self.has_lesson

    def to_keep(self) -> tuple[object, ...]:
        """Return what is another one as soon as a crash would lose something else."""
        progress = self._session.lesson_progress if self._keeps_lesson else None
        return self.made(), progress, progress and self._session.controller.settings

    def capture_with_name(self) -> "SessionState":
        """Return the session with the name of its file, for a copy that is kept elsewhere."""
        name = None if self.file is None else str(self.file.absolute())
        return self.capture(document=[name, self._stamp and [*self._stamp], self.is_modified])

    def set_aside(self) -> None:
        """Leave the window to a lesson; `put_back` brings the session back as it is now."""
        self._opening = None
        if self._aside is None:
            self.refresh()
            self._aside = _Aside(replace(self.capture(), lesson=None), self.made())

    def put_back(self) -> None:
        """Bring the session back that was set aside, once its run is prepared."""
        if self._aside is not None:
            self._opening = _Opening(self._aside.state, was_aside=True)
            self._session.controller.restore(self._aside.state)

    @Slot()
    def begin_here(self) -> None:
        """Let what is there be a session of its own, without a file, and forget the one aside."""
        self._aside = None
        self._take_as(None, None, None)

    def begin(self, folder: Path) -> None:
        """Ask a person before anything is lost, and keep the last states in ``folder``."""
        from linreg_gui.sessions.recovery import RecoveryFolder  # noqa: PLC0415 - after first paint
        from linreg_gui.widgets.window.autosave import Autosave  # noqa: PLC0415

        self.asks, self.autosave = True, Autosave(self._window, RecoveryFolder(folder))

    def take_over(self, former: "Document") -> None:
        """Be what ``former`` is, whose window goes; nothing of it may be read or written now."""
        former.rest()
        for name in (
            "asks", "_aside", "_keeps_lesson", "file", "_stamp", "_saved", "_reading", "_opening",
        ):  # fmt: skip
            vars(self)[name] = vars(former)[name]
        if former.autosave is not None:
            self.autosave = former.autosave.moved_to(self._window)
        self._show_title()
        self.refresh()
        if self._reading is not None:
            self.open(self._reading)
        elif self._opening is not None and self._session.controller.is_restoring:
            self.put_back() if self._opening.was_aside else self._show(self._opening)

    def rest(self) -> bool:
        """Note, read and write nothing any more; return whether the thread ended."""
        self._timer.stop()
        return "files" not in vars(self) or self.files.shut_down()

    @Slot()
    def open_last(self) -> None:
        """Open the last session."""
        if (file := self.last_session.file()) is not None:
            self.open(file)

    @Slot()
    def begin_anew(self) -> None:
        """Begin with the lesson's settings and nothing else, as at the start of the program."""
        from linreg_gui.sessions.state import SessionState  # noqa: PLC0415 - seldom
        from linreg_gui.widgets.window.view_state import FIRST_VIEW  # noqa: PLC0415

        state = SessionState(view=FIRST_VIEW)
        self.ask_first(partial(self._show, _Opening(state)))

    def open(self, file: Path) -> None:
        """Open a session, once it is read and the present one need not be kept."""
        self._reading = file
        job = self.files.read(file)
        for end in (job.finished, job.failed):
            end.connect(partial(self._on_read, file))

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
        self._keeps_lesson = self.is_ordered_to_end  # else a person was asked, and has left it
        if self.autosave is not None:
            self.autosave.end()
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
    def _note(self) -> None:
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
            self._take_as(file, result, made)
            if self._aside is not None:
                words = tr(
                    "Saved: the session as it was before the lesson, and how far you have come."
                )
                self._say(words)
            then()
        else:
            from linreg_gui.widgets.exports.exporter import sentence_on  # noqa: PLC0415 - seldom

            self._say(sentence_on(result, file) if isinstance(result, OSError) else str(result))

    def _on_read(
        self, file: Path, result: "tuple[SessionState, Stamp | None] | ArchiveError | str"
    ) -> None:
        self._reading = None
        if isinstance(result, tuple):
            state, stamp = result
            is_kept = self.autosave and file in {
                self.autosave.last,
                self.last_session.left_behind(),
            }
            opening = _kept(state, file) if is_kept else _Opening(state, file, stamp)
            self.ask_first(partial(self._show, opening))
        else:
            if stamp_of(file) is None:
                self.recent.remove(file)
            self._say(str(result))

    def _show(self, opening: _Opening) -> None:
        self._opening = opening
        may_replace = partial(self._may_replace, opening, self.made())
        self._session.controller.restore(opening.state, may_replace)

    def _may_replace(self, opening: _Opening, before: Made) -> bool:
        """Return whether all is as it was when a person was asked; else ask once more."""
        made = self.made()
        is_same = (made.settings, made.by_hand) == (before.settings, before.by_hand)
        if is_same and not self.is_saving:
            return True
        self.ask_first(partial(self._show, opening))
        return False

    @Slot(object)
    def _on_restored(self, restored: "RestoredSession") -> None:
        from linreg_gui.threads.saved_session import put_back  # noqa: PLC0415 - seldom

        session, self._aside = self._session, None
        session.end_lesson()
        made, state = vars(session), restored.state
        put_back(
            restored,
            session.kept_runs,
            session.guesses if state.guesses or "guesses" in made else None,
            session.predict_first if state.predictions or session.is_predicting else None,
            session.sweeper if state.sweep or "sweeper" in made else None,
        )

    @Slot()
    def _on_run_prepared(self) -> None:
        """Bring the session back all the same if another run came in between."""
        session = self._session
        if self._aside and not session.is_in_lesson and not session.controller.is_restoring:
            self.put_back()

    @Slot(str)
    def _on_restore_failed(self, sentence: str) -> None:
        self._say(sentence)
        if self._aside is not None and not self._session.is_in_lesson:
            self.begin_here()

    @Slot()
    def _on_session_opened(self) -> None:
        from linreg_gui.widgets.window.view_state import show_view_state  # noqa: PLC0415 - seldom

        opening, self._opening = self._opening, None
        if opening is None:  # batch mode opens it, which shows nothing
            return
        show_view_state(self._window, opening.state.view)
        if opening.was_aside:
            self._saved = self._saved if self.is_modified else self.made()
            self.refresh()
            return
        self._take_as(opening.file, opening.stamp, self.made() if opening.is_saved else None)
        if opening.kept is not None:
            self.last_session.put_by(opening.kept)
        if opening.state.lesson is not None:
            go_on = partial(self._session.lessons.go_on, opening.state.lesson)
            QTimer.singleShot(0, go_on)  # after what is said of the run

    def _take_as(self, file: Path | None, stamp: "Stamp | None", made: Made | None) -> None:
        """Take the session for the one in ``file``; None for ``made`` says that it is not."""
        self.file, self._stamp, self._saved = file, stamp, made
        if file is not None:
            self.recent.add(file)
        self._show_title()
        self.refresh()

    def _show_title(self) -> None:
        name = "" if self.file is None else cleaned(self.file.stem).replace("[*]", "[*][*]")
        self._window.setWindowTitle(f"{name}[*] — LinReg" if name else "LinReg[*]")

    def _say(self, sentence: str) -> None:
        self._window.messages.show_message(sentence)


def _kept(state: "SessionState", kept: Path) -> _Opening:
    """Return how to open what a session has left: it goes on in the file that it had."""
    match state.view.get("document"):
        case [str(name), [int(time), int(size), int(node)], bool(is_modified)]:
            return _Opening(state, Path(name), (time, size, node), not is_modified, kept)
    return _Opening(state, is_saved=False, kept=kept)


def _is_logging_out() -> bool:
    """Return whether the desktop's session ends, which waits for no answer."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()
