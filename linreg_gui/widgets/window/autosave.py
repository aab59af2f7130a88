"""Keeps the last state of the session in case of a crash, and offers what a crash has left."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from linreg_gui.number_text import whole
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.archive import ArchiveError
from linreg_gui.sessions.recovery import RecoveryFolder
from linreg_gui.texts import paragraph, reason_of, tr
from linreg_gui.threads.jobs import Channel
from linreg_gui.widgets.window.document import Document
from linreg_gui.widgets.window.session_content import made_in

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_REST_MILLISECONDS = 2000
"""Nothing is kept before so long nothing has changed."""

_MOST_SECONDS_AT_THE_END = 2.0
"""A state that takes longer to write is not kept once more when the window closes."""


class Autosave(QObject):
    """Writes the state at rest: never while steps arrive or a mouse button is down. GUI thread.

    Parameters
    ----------
    window : MainWindow
        Its session is kept.
    recovery : RecoveryFolder
        Where the last states are, which is an attribute, too.
    """

    def __init__(self, window: "MainWindow", recovery: RecoveryFolder) -> None:
        super().__init__(window)
        self._window = window
        self._document: Document = window.document
        self.recovery = recovery
        self._kept: tuple[object, ...] | None = None
        self._has_failed = self._is_keeping = self._is_draft_lost = False
        self._timer = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._timer.timeout.connect(self.keep)
        self._document.touched.connect(self._timer.start)
        window.controller.state_changed.connect(self._timer.start)

    def moved_to(self, window: "MainWindow") -> "Autosave":
        """Return what keeps the session of ``window`` from now on, instead of this one."""
        self._timer.stop()
        self._document.touched.disconnect(self._timer.start)
        self._window.controller.state_changed.disconnect(self._timer.start)
        return Autosave(window, self.recovery)

    def end(self) -> None:
        """Leave the last state for the next start; a person may have discarded it."""
        self._timer.stop()
        document = self._document
        is_lost = document.is_precious or document.has_lesson or document.draft is not None
        if document.is_ordered_to_end and is_lost:
            self._write_at_once()
            return  # the file is offered at the next start: nobody was asked
        is_wanted = document.is_modified and not document.is_discarded
        if is_wanted:
            self._write_at_once()
        self.recovery.end(is_kept=is_wanted)

    @property
    def is_needed(self) -> bool:
        """Return whether there is anything that a crash would lose."""
        document = self._document
        return document.is_modified or document.has_lesson or document.draft is not None

    @Slot()
    def keep(self) -> None:
        """Write the state, if it is at rest and is not kept yet; else look again later."""
        is_busy = self._window.controller.state in {RunState.RUNNING, RunState.LOADING}
        if is_busy or QApplication.mouseButtons():
            self._timer.start()
            return
        document = self._document
        if not self.is_needed:  # what was kept is older than what is saved
            self._kept = None
            document.files.cancel(Channel.KEEP)
            self._is_keeping = False
            self.recovery.forget()
            return
        if self._is_keeping:  # a long one would never end if each change began it again
            self._timer.start()
            return
        to_keep = self._to_keep()
        if to_keep == self._kept:
            return
        try:
            file = self.recovery.own
        except OSError as error:
            self._complain(error)
            return
        self._is_keeping = True
        state = document.capture_to_keep()
        self._look_at_draft(is_lost=document.draft is not None and state.draft is None)
        job = document.files.write(file, state, Channel.KEEP)
        job.finished.connect(partial(self._on_written, to_keep))
        job.failed.connect(partial(self._on_written, to_keep))

    def _to_keep(self) -> tuple[object, ...]:
        """Return what is another one as soon as a crash would lose something else."""
        document, session = self._document, self._window.session
        progress = session.lesson_progress if document.has_lesson else None
        return document.made(), progress, progress and made_in(session), document.draft

    def _on_written(self, to_keep: tuple[object, ...], result: Any) -> None:
        self._is_keeping = False
        if isinstance(result, tuple):
            self._kept, self._has_failed = to_keep, False
        else:
            self._complain(result)

    def _write_at_once(self) -> None:
        """Keep the state once more, unless it is kept already or would take too long."""
        from linreg_gui.threads.session_files import write_at_once  # noqa: PLC0415 - seldom

        document = self._document
        if self._to_keep() == self._kept:
            return
        with suppress(OSError, ArchiveError):
            write_at_once(self.recovery.own, document.capture_to_keep(), _MOST_SECONDS_AT_THE_END)

    def _look_at_draft(self, *, is_lost: bool) -> None:
        """Say once that a lesson is too large to be kept; the rest is."""
        from linreg_gui.lessons.saved_drafts import MOST_BYTES  # noqa: PLC0415 - seldom

        if is_lost and not self._is_draft_lost:
            words = tr("There is too much to save: more than {most} MB.")
            reason = words.format(most=whole(MOST_BYTES // 1_000_000))
            sentence = paragraph(tr("The lesson that you are making is not saved."), reason)
            self._window.messages.show_message(sentence)
        self._is_draft_lost = is_lost

    def _complain(self, reason: OSError | str | object) -> None:
        """Say once that nothing can be kept; the session itself goes on."""
        if not self._has_failed:
            self._has_failed = True
            words = tr("A crash would lose this session: it cannot be kept ({reason}).")
            reason = reason_of(reason) if isinstance(reason, BaseException) else str(reason)
            self._window.messages.show_message(words.format(reason=reason))
