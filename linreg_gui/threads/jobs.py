"""Work on the training thread besides the run, a slice at a time."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from linreg_gui.texts import reason_of, tr

_USUAL_SECONDS = sys.getswitchinterval()
_SHORT_SECONDS = 0.0001

_lock = threading.Lock()
_yielding = 0


@contextmanager
def yielding_to_the_window() -> Iterator[None]:
    """Let the GUI thread have the interpreter lock as soon as it asks; several threads may.

    What gives the lock up often and takes it back at once, as an import full of short foreign calls
    does, wakes the waiting thread each time without ever letting it in: only a wait that ends
    undisturbed asks for the lock. A short interval makes such waits.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _yielding  # noqa: PLW0603 - the interpreter has one interval for all threads
    with _lock:
        _yielding += change
        sys.setswitchinterval(_SHORT_SECONDS if _yielding else _USUAL_SECONDS)


Job = Callable[[], Iterator[Any]]

_logger = logging.getLogger(__name__)


class Channel(Enum):
    """What the work is for; what comes first here goes first."""

    STEP = auto()
    WHAT_IF = auto()
    LIMITS = auto()
    PROPOSAL = auto()
    GUIDE = auto()
    SWEEP = auto()


class Background(QObject):
    """Has jobs done on the training thread, between the slices of the run.

    Lives in the GUI thread. Each channel has one job at a time: a new one takes the place of the
    former, whose answers are dropped.

    Signals
    -------
    answered(Channel, object)
        The channel's job has yielded this; None is not sent.
    finished(Channel)
        It has come to its end.
    failed(Channel, str)
        It has not; a sentence says why.
    """

    answered = Signal(object, object)
    finished = Signal(object)
    failed = Signal(object, str)

    _asked = Signal()
    _shutdown_asked = Signal()

    def __init__(self, thread: QThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets = dict.fromkeys(Channel, 0)
        self._runner = _JobRunner()
        self._runner.moveToThread(thread)
        self._asked.connect(self._runner.take_up)
        self._shutdown_asked.connect(self._runner.shut_down)
        self._runner.yielded.connect(self._on_yielded)
        self._runner.ended.connect(self._on_ended)

    def start(self, channel: Channel, job: Job) -> None:
        """Begin a job: ``job()`` is called on the training thread, and so is each ``next``.

        A ``next`` should take 8 ms at most, for as long the run waits.
        """
        self._tickets[channel] += 1
        self._runner.wanted[channel] = self._tickets[channel], job
        self._asked.emit()

    def cancel(self, channel: Channel) -> None:
        """Drop the channel's job."""
        self.start(channel, lambda: iter(()))
        self._tickets[channel] += 1

    def shut_down(self) -> None:
        """Drop every job, on the thread where they are done."""
        self._shutdown_asked.emit()

    @Slot(object, int, object)
    def _on_yielded(self, channel: Channel, ticket: int, answer: Any) -> None:
        if ticket == self._tickets[channel]:
            self.answered.emit(channel, answer)

    @Slot(object, int, str)
    def _on_ended(self, channel: Channel, ticket: int, complaint: str) -> None:
        if ticket != self._tickets[channel]:
            return
        if complaint:
            self.failed.emit(channel, complaint)
        else:
            self.finished.emit(channel)


class _JobRunner(QObject):
    """Does the jobs, in the training thread.

    Attributes
    ----------
    wanted : dict
        Written by the GUI thread: each channel's newest job. What it replaces was never begun.
    """

    yielded = Signal(object, int, object)
    ended = Signal(object, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: dict[Channel, tuple[int, Job]] = {}
        self._jobs: dict[Channel, tuple[int, Iterator[Any]]] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._work)

    @Slot()
    def take_up(self) -> None:
        """Begin what is wanted."""
        for channel in Channel:
            if channel in self.wanted:
                ticket, job = self.wanted.pop(channel)
                self._jobs[channel] = ticket, _begun(job)
        self._timer.start(0)

    @Slot()
    def shut_down(self) -> None:
        """Drop every job, and what they have kept for the next."""
        self._timer.stop()
        self.wanted.clear()
        self._jobs.clear()
        if "linreg_gui.runs.what_if" in sys.modules:
            from linreg_gui.engines import scan  # noqa: PLC0415 - imports MXNet
            from linreg_gui.runs import what_if  # noqa: PLC0415

            what_if.forget()
            scan.forget_graphs()

    @Slot()
    def _work(self) -> None:
        channel = next((channel for channel in Channel if channel in self._jobs), None)
        if channel is None:
            self._timer.stop()
            return
        ticket, job = self._jobs[channel]
        try:
            answer = next(job)
        except StopIteration:
            self._end(channel, ticket, "")
        except Exception as error:
            _logger.debug("a job failed", exc_info=True)
            complaint = tr("This could not be computed: {reason}.").format(reason=reason_of(error))
            self._end(channel, ticket, complaint)
        else:
            if answer is not None:
                self.yielded.emit(channel, ticket, answer)

    def _end(self, channel: Channel, ticket: int, complaint: str) -> None:
        del self._jobs[channel]
        self.ended.emit(channel, ticket, complaint)


def _begun(job: Job) -> Iterator[Any]:
    yield from job()
