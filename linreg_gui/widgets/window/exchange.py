"""Puts another session in the place of the one in the window, and brings it back after a lesson."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Slot

from linreg_gui.files import Stamp, stamp_of
from linreg_gui.widgets.window.session_content import Made

if TYPE_CHECKING:
    from linreg_gui.sessions.archive import ArchiveError
    from linreg_gui.sessions.restoring import RestoredSession
    from linreg_gui.sessions.state import SavedLesson, SessionState
    from linreg_gui.widgets.window.document import Document
    from linreg_gui.widgets.window.main_window import MainWindow


class _Aside(NamedTuple):
    """The session as it was when a lesson began."""

    state: "SessionState"
    made: Made


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
    lesson : SavedLesson or None
        The lesson in which it is what the window has; then it takes no other session's place.
    """

    state: "SessionState"
    file: Path | None = None
    stamp: Stamp | None = None
    is_saved: bool = True
    kept: Path | None = None
    was_aside: bool = False
    lesson: "SavedLesson | None" = None

    @property
    def belongs_to_lesson(self) -> bool:
        """Return whether it comes or goes with a lesson, whatever else happens."""
        return self.was_aside or self.lesson is not None


class Exchange(QObject):
    """Opens sessions, and sets the one in the window aside for a lesson. GUI thread.

    A session is read, then a person is asked about the present one, then its runs are prepared, and
    only then it takes the place of the present one.

    Attributes
    ----------
    aside : _Aside or None
        The session that a lesson has set aside.
    """

    def __init__(self, document: "Document", window: "MainWindow") -> None:
        super().__init__(document)
        self._document = document
        self._window = window
        self._session = window.session
        self.aside: _Aside | None = None
        self._reading: Path | None = None
        self._opening: _Opening | None = None
        self._opened: _Opening | None = None
        controller = window.controller
        controller.run_prepared.connect(self._on_run_prepared)
        controller.restored.connect(self._on_restored)
        controller.session_opened.connect(self._on_session_opened)
        controller.restore_failed.connect(self._on_restore_failed)

    @Slot()
    def begin_anew(self) -> None:
        """Begin with the lesson's settings and nothing else, as at the start of the program."""
        from linreg_gui.sessions.state import SessionState  # noqa: PLC0415 - seldom
        from linreg_gui.widgets.window.view_state import FIRST_VIEW  # noqa: PLC0415

        state = SessionState(view=FIRST_VIEW)
        self._document.ask_first(partial(self._show, _Opening(state)))

    @Slot()
    def open_last(self) -> None:
        """Open the last session."""
        if (file := self._document.last_session.file()) is not None:
            self.open(file)

    def open(self, file: Path) -> None:
        """Open a session, once it is read and the present one need not be kept."""
        self._reading = file
        job = self._document.files.read(file)
        for end in (job.finished, job.failed):
            end.connect(partial(self._on_read, file))

    def set_aside(self) -> None:
        """Leave the window to a lesson; `put_back` brings the session back as it is now."""
        self._opening = None
        if self.aside is None:
            self._document.refresh()
            self.aside = _Aside(self._document.capture(), self._document.made())

    def put_back(self) -> None:
        """Bring the session back that was set aside, once its run is prepared."""
        if self.aside is not None:
            self._opening = _Opening(self.aside.state, was_aside=True)
            self._session.controller.restore(self.aside.state)

    def bring_lesson(self, saved: "SavedLesson") -> None:
        """Set the session aside, and go on with a lesson once its run is prepared."""
        self.set_aside()
        self._opening = _Opening(saved.window, lesson=saved)
        self._session.controller.restore(saved.window)

    @property
    def lesson(self) -> "SavedLesson | None":
        """Return the lesson that is about to go on."""
        return None if self._opening is None else self._opening.lesson

    def stay(self) -> None:
        """Let what is there be a session of its own, without a file, and forget the one aside."""
        self.aside = None
        self._document.take_as(None, None, None)

    def take_over(self, former: "Exchange") -> None:
        """Go on with what ``former`` does, whose window goes."""
        for name in ("aside", "_reading", "_opening"):
            vars(self)[name] = vars(former)[name]
        if self._reading is not None:
            self.open(self._reading)
        elif self._opening is not None and self._session.controller.is_restoring:
            if self._opening.belongs_to_lesson:
                self._session.controller.restore(self._opening.state)
            else:
                self._show(self._opening)

    def _on_read(
        self, file: Path, result: "tuple[SessionState, Stamp | None] | ArchiveError | str"
    ) -> None:
        self._reading, document = None, self._document
        if isinstance(result, tuple):
            is_kept = document.last_session.has_kept(file)
            opening = _kept(result[0], file) if is_kept else _Opening(result[0], file, result[1])
            document.ask_first(partial(self._show, opening))
        else:
            if stamp_of(file) is None:
                document.recent.remove(file)
            self._window.messages.show_message(str(result))

    def _show(self, opening: _Opening) -> None:
        self._opening = opening
        may_replace = partial(self._may_replace, opening, self._document.made())
        self._session.controller.restore(opening.state, may_replace)

    def _may_replace(self, opening: _Opening, before: Made) -> bool:
        """Return whether all is as it was when a person was asked; else ask once more."""
        made = self._document.made()
        is_same = (made.settings, made.by_hand) == (before.settings, before.by_hand)
        if is_same and not self._document.is_saving:
            return True
        self._put_back_if_left()  # a person may cancel
        ask = partial(self._document.ask_first, partial(self._show, opening))
        QTimer.singleShot(0, self, ask)  # once the controls are those of what is there
        return False

    def _put_back_if_left(self) -> None:
        """Bring the session back that is aside for no lesson any more."""
        if self.aside is not None and not self._session.is_in_lesson:
            self.put_back()

    @Slot(object)
    def _on_restored(self, restored: "RestoredSession") -> None:
        from linreg_gui.threads.saved_session import put_back  # noqa: PLC0415 - seldom

        session, state, made = self._session, restored.state, vars(self._session)
        self._opened, self._opening = self._opening, None
        if self._opened is None or self._opened.lesson is None:
            self.aside = None
            session.end_lesson()
        put_back(
            restored,
            session.kept_runs,
            session.guesses if state.guesses or "guesses" in made else None,
            session.predict_first if state.predictions or session.is_predicting else None,
            session.sweeper if state.sweep or "sweeper" in made else None,
        )

    @Slot()
    def _on_run_prepared(self) -> None:
        """Bring it all the same if another run came in between."""
        opening, controller = self._opening, self._session.controller
        if self._opened is not None or controller.is_restoring:
            return
        if opening is not None and opening.belongs_to_lesson:
            controller.restore(opening.state)
        else:
            self._put_back_if_left()

    @Slot(object)
    def _on_restore_failed(self, sentence: str) -> None:
        from linreg_gui.sessions.state import SessionState  # noqa: PLC0415 - seldom

        self._window.messages.show_message(sentence)
        opening, self._opening = self._opening, None
        lesson = None if opening is None else opening.lesson
        if opening is None or not opening.belongs_to_lesson:
            self._put_back_if_left()
        elif lesson is None:
            self.stay()
        elif opening.state is lesson.window:  # its run may be at fault
            self._opening = _Opening(SessionState(lesson.window.settings), lesson=lesson)
            self._session.controller.restore(self._opening.state)
        else:
            self.aside = None  # it is still there
            self._session.lessons.keep_answers(lesson)

    @Slot()
    def _on_session_opened(self) -> None:
        from linreg_gui.widgets.window.view_state import show_view_state  # noqa: PLC0415 - seldom

        opening, self._opened = self._opened, None
        if opening is None:  # batch mode opens it, which shows nothing
            return
        if opening.lesson is not None:
            self._session.lessons.enter(opening.lesson)
        show_view_state(self._window, opening.state.view)
        if opening.was_aside:
            self._document.note_return()
        elif opening.lesson is None:
            self._take(opening)

    def _take(self, opening: _Opening) -> None:
        """Let the session that is there now be the one of its file, and go on with its lessons."""
        document, state, session = self._document, opening.state, self._session
        made = document.made() if opening.is_saved else None
        document.take_as(opening.file, opening.stamp, made)
        if opening.kept is not None:
            document.last_session.put_by(opening.kept)
        if state.lesson is not None:  # after what is said of the run
            QTimer.singleShot(0, partial(session.lessons.go_on, state.lesson))
        if state.draft is not None:
            QTimer.singleShot(0, partial(session.lessons.go_on_making, state.draft))


def _kept(state: "SessionState", kept: Path) -> _Opening:
    """Return how to open what a session has left: it goes on in the file that it had."""
    match state.view.get("document"):
        case [str(name), [int(time), int(size), int(node)], bool(is_modified)]:
            return _Opening(state, Path(name), (time, size, node), not is_modified, kept)
    return _Opening(state, is_saved=False, kept=kept)
