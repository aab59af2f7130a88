"""Work done in slices on another thread, for whoever starts it from the GUI thread."""

import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum, auto
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from linreg_gui.error_log import log_error
from linreg_gui.texts import reason_of, tr

SHUTDOWN_MILLISECONDS = 30_000
"""How long a close waits for a thread. A slice takes 8 ms, loading MXNet takes seconds."""


class Channel(IntEnum):
    """What a job is for. The first channel that has a job gets the next slice."""

    STEP = auto()
    WHAT_IF = auto()
    LIMITS = auto()
    GOING_ON = auto()
    PROPOSAL = auto()
    CONTRAST = auto()
    GUIDE = auto()
    QUESTION = auto()
    LESSON = auto()
    SWEEP = auto()
    TABLE = auto()
    SESSION = auto()
    OPEN = auto()
    SAVE = auto()
    KEEP = auto()


Work = Generator[Any, None, Any]
"""Each ``next`` does a slice of the work. It should take 8 ms at most: the run waits meanwhile."""


@dataclass(eq=False)
class _Task:
    """What both threads know of a job. Its work belongs to the other thread."""

    channel: Channel
    work: Work
    canceled: threading.Event = field(default_factory=threading.Event)


_current = threading.local()


def is_canceled() -> bool:
    """Return whether the job whose work calls this has been canceled."""
    task: _Task = _current.task
    return task.canceled.is_set()


class Job(QObject):
    """Work that has been started. Lives in the GUI thread.

    Signals
    -------
    yielded(object)
        What the work has yielded, unless it is None.
    finished(object)
        What the work has returned.
    failed(str)
        The work has raised an error. A sentence says which.
    """

    yielded = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, task: _Task) -> None:
        super().__init__()
        self._task = task

    def cancel(self) -> None:
        """Close the work on its thread. No signal comes from now on."""
        self._task.canceled.set()


class Background(QObject):
    """A thread, and the jobs that it does one slice at a time. Lives in the GUI thread.

    Each channel has one job: a new one cancels the one before it.

    Parameters
    ----------
    name : str
        The thread's.
    parent : QObject, optional
        The owner.
    waits_for_paint : bool
        Paint first what a request has changed on screen, and give the thread a low priority:
        otherwise painting would have to share the processor, and the interpreter.
    """

    _started = Signal(object)
    _shutdown_asked = Signal()

    def __init__(
        self, name: str, parent: QObject | None = None, *, waits_for_paint: bool = False
    ) -> None:
        super().__init__(parent)
        self._jobs: dict[Channel, Job] = {}
        self._waits_for_paint = waits_for_paint
        self._is_shut_down = False
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._runner = _Runner()
        self.adopt(self._runner)
        self._started.connect(self._runner.take_up)
        self._shutdown_asked.connect(self._runner.shut_down)
        self._runner.told.connect(self._on_told)

    def adopt(self, worker: QObject) -> None:
        """Move ``worker`` to the thread."""
        worker.moveToThread(self._thread)

    def begin(self) -> None:
        """Start the thread, unless it was shut down. Jobs started before wait for it."""
        if not self._is_shut_down:
            low, usual = QThread.Priority.LowPriority, QThread.Priority.InheritPriority
            self._thread.start(low if self._waits_for_paint else usual)

    @property
    def is_running(self) -> bool:
        """Return whether the thread runs."""
        return self._thread.isRunning()

    def start(self, channel: Channel, work: Work) -> Job:
        """Start a job, which runs on the thread from its first ``next`` on."""
        self.cancel(channel)
        task = _Task(channel, work)
        job = self._jobs[channel] = Job(task)
        if self._waits_for_paint:
            QTimer.singleShot(0, self, partial(self._started.emit, task))
        else:
            self._started.emit(task)
        return job

    def cancel(self, channel: Channel) -> None:
        """Cancel the job of ``channel``, if it has one."""
        if job := self._jobs.pop(channel, None):
            job.cancel()

    def shut_down(self) -> bool:
        """Cancel every job, end the thread and wait for it; return whether it ended."""
        self._is_shut_down = True
        for channel in Channel:
            self.cancel(channel)
        self._shutdown_asked.emit()
        return self._thread.wait(SHUTDOWN_MILLISECONDS)

    @Slot(object, object)
    def _on_told(self, task: _Task, tell: Callable[[Job], None]) -> None:
        if not task.canceled.is_set():
            tell(self._jobs[task.channel])


class _Runner(QObject):
    """Does the work, on the other thread.

    Signals
    -------
    told(_Task, callable)
        Call this with the task's job, in the GUI thread.
    """

    told = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._tasks: list[_Task] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._work)

    @Slot(object)
    def take_up(self, task: _Task) -> None:
        """Do this too."""
        self._tasks.append(task)
        self._timer.start(0)

    @Slot()
    def shut_down(self) -> None:
        """Close all work and end the thread."""
        self._timer.stop()
        self.thread().quit()  # once this method returns
        while self._tasks:
            _close(self._tasks.pop())

    @Slot()
    def _work(self) -> None:
        for canceled in [task for task in self._tasks if task.canceled.is_set()]:
            self._tasks.remove(canceled)
            _close(canceled)
        task = min(self._tasks, key=attrgetter("channel"), default=None)
        if task is None:
            self._timer.stop()
            return
        _current.task = task
        try:
            answer = next(task.work)
        except StopIteration as end:
            self._tasks.remove(task)
            result = end.value
            self.told.emit(task, lambda job: job.finished.emit(result))
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must be told
            self._tasks.remove(task)
            sentence = tr("This could not be computed: {reason}.").format(reason=reason_of(error))
            logged = log_error(error, sentence)
            self.told.emit(task, lambda job: job.failed.emit(logged))
        else:
            if answer is not None:
                self.told.emit(task, lambda job: job.yielded.emit(answer))


def _close(task: _Task) -> None:
    """Close the work of a task; nobody waits for it, so an error is only logged."""
    try:
        task.work.close()
    except Exception as error:  # noqa: BLE001 - the other tasks go on, whatever it is
        log_error(error, tr("A canceled calculation failed at its end."))


_USUAL_SECONDS = sys.getswitchinterval()
_SHORT_SECONDS = 0.0001

_lock = threading.Lock()
_yielding = 0


@contextmanager
def yielding_to_the_window() -> Iterator[None]:
    """Give the GUI thread the interpreter lock as soon as it asks. Several threads may do so.

    Some code gives the lock up often and takes it back at once, for example an import full of short
    foreign calls. Each time the waiting thread wakes, but too late: a thread asks for the lock only
    after a wait of the full interval. With a short interval it gets there.
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
