"""Writes and reads sessions on a thread of its own, so that the run and the window go on."""

import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from linreg_gui.files import Stamp, replacing, stamp_of
from linreg_gui.pieces import at_once
from linreg_gui.sessions.archive import ArchiveError
from linreg_gui.sessions.session_file import reading_session, writing_session
from linreg_gui.sessions.state import SessionState
from linreg_gui.threads.jobs import Background, Channel, Job


class SessionFiles(QObject):
    """Saves for a person (`Channel.SAVE`) or in case of a crash (`Channel.KEEP`), and opens.

    Lives in the GUI thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background("sessions", self)

    def write(self, file: Path, state: SessionState, channel: Channel) -> Job:
        """Write a session; the job ends with the `Stamp` of the file, or with an error.

        The error is an `OSError` or `ArchiveError`; then the file is as it was before.
        """
        return self._start(channel, _writing(file, state))

    def read(self, file: Path) -> Job:
        """Read a session; the job ends with it and its `Stamp`, or with an `ArchiveError`."""
        return self._start(Channel.OPEN, _reading(file))

    def cancel(self, channel: Channel) -> None:
        """Give up what is done for ``channel``; a file stays as it was."""
        self._background.cancel(channel)

    def shut_down(self) -> bool:
        """End the thread; return whether it ended."""
        return self._background.shut_down()

    def _start(self, channel: Channel, work: Generator[None, None, Any]) -> Job:
        self._background.begin()
        return self._background.start(channel, work)


def write_at_once(file: Path, state: SessionState, most_seconds: float) -> None:
    """Write a session in this thread, unless that takes longer; then ``file`` is as it was.

    Raises
    ------
    OSError, ArchiveError
        If it cannot be written; likewise.
    """
    end = time.monotonic() + most_seconds
    with replacing(file) as draft:
        for _ in writing_session(draft, state):
            if time.monotonic() > end:
                raise TimeoutError


def read_at_once(file: Path) -> SessionState:
    """Read a session in this thread.

    Raises
    ------
    ArchiveError
        If it cannot be read, with a sentence for people.
    """
    return at_once(reading_session(file))


def _writing(
    file: Path, state: SessionState
) -> Generator[None, None, Stamp | OSError | ArchiveError | None]:
    try:
        with replacing(file) as draft:
            yield from writing_session(draft, state)
    except (OSError, ArchiveError) as error:
        return error
    return stamp_of(file)


def _reading(
    file: Path,
) -> Generator[None, None, tuple[SessionState, Stamp | None] | ArchiveError]:
    stamp = stamp_of(file)
    try:
        return (yield from reading_session(file)), stamp
    except ArchiveError as error:
        return error
