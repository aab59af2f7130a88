"""Watches the program while a random user works: errors, warnings, complaints, freezes, memory."""

import faulthandler
import logging
import resource
import sys
import tempfile
import threading
import time
import traceback
import warnings
from typing import TextIO

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    Slot,
    qInstallMessageHandler,
)

MOST_MEMORY = 1_500_000_000
_FROZEN_SECONDS = 1.0
_BEAT_MILLISECONDS = 20
_LOOK_SECONDS = 0.2
_BYTES_OF_MAXRSS = 1024 if sys.platform == "linux" else 1

_NOT_OURS = ("This plugin does not support", "Mouse event at")
"""Qt says so where there is no screen, and where the mouse is dragged out of a window."""


class Watch(QObject):
    """Notes everything that must not happen, from now until `end`.

    Attributes
    ----------
    faults : list of str
        What has happened: a word for its kind, a colon, and the details.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._handler = _LogHandler(self)
        logging.getLogger().addHandler(self._handler)
        sys.excepthook = lambda _kind, error, _trace: self._note_error("exception", error)
        sys.unraisablehook = lambda args: self._note_error("unraisable", args.exc_value)
        threading.excepthook = lambda args: self._note_error("thread", args.exc_value)
        warnings.simplefilter("always")
        # The reader asks NumPy whether a text is all numbers, and Python hides the answer.
        warnings.filterwarnings("ignore", "string or file could not", DeprecationWarning)
        warnings.showwarning = self._note_warning
        qInstallMessageHandler(self._note_message)
        self._beat = QTimer(self, interval=_BEAT_MILLISECONDS)
        self._beat.timeout.connect(self._on_beat)
        self._wall, self._processor = time.perf_counter(), time.process_time()
        self._beat.start()
        self._stack = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process
        threading.Thread(target=self._look_at_the_stack, name="watch", daemon=True).start()

    def note(self, kind: str, details: str) -> None:
        """Note a fault, unless it is noted already."""
        fault = f"{kind}: {details.strip()}"
        if fault not in self.faults:
            self.faults.append(fault)

    def check_memory(self) -> None:
        """Note it if the process has ever taken too much memory."""
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_OF_MAXRSS
        if taken > MOST_MEMORY:
            self.note("memory", f"{taken / 1e6:.0f} MB")

    def end(self) -> None:
        """Watch the event loop no longer; everything else is watched to the end of the process."""
        self._beat.stop()

    @Slot()
    def _on_beat(self) -> None:
        """Note how long the event loop has not come round. A busy machine is not our fault."""
        wall, processor = time.perf_counter(), time.process_time()
        took, worked = wall - self._wall, processor - self._processor
        self._wall, self._processor = wall, processor
        if min(took, worked) > _FROZEN_SECONDS:
            self._stack.seek(0)
            stack = self._stack.read()
            self.note("freeze", f"{took:.1f} s, {worked:.1f} s of processor time\n{stack}")

    def _look_at_the_stack(self) -> None:
        """Write down what all threads do while the event loop stands still.

        A Python frame must not be taken for that: it would keep the painter of a paint event.
        """
        while True:
            time.sleep(_LOOK_SECONDS)
            if _FROZEN_SECONDS / 2 < time.perf_counter() - self._wall < _FROZEN_SECONDS:
                self._stack.seek(0)
                self._stack.truncate()
                faulthandler.dump_traceback(self._stack)

    def _note_error(self, kind: str, error: BaseException | None) -> None:
        self.note(kind, "".join(traceback.format_exception(error)) if error else "?")

    def _note_warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        stack = "".join(traceback.format_stack(limit=6))
        self.note("warning", f"{category.__name__}: {message} ({filename}:{lineno})\n{stack}")

    def _note_message(self, kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
        is_harmless = kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}
        if not is_harmless and not (text or "").startswith(_NOT_OURS):
            self.note("Qt", text or "")


class _LogHandler(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.WARNING)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.note("log", record.getMessage())
