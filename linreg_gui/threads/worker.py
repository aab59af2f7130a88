"""The object that lives in the training thread: the only one that touches MXNet."""

import dataclasses
import math
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import wraps
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from linreg_gui.engines.steps import StepBatch, TrainingEngine, joined
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import reason_of, tr
from linreg_gui.threads.jobs import yielding_to_the_window

SLICE_SECONDS = 0.008
"""How long the worker trains before it looks for new commands."""

FRAME_SECONDS = 0.015
"""Results leave at most this often: a little less than a frame, so that none goes without."""

MOST_UNTAKEN = 4
"""So many results may be on their way; then the training waits for whoever takes them."""


class Goal(Enum):
    """How far a command trains."""

    ONE_STEP = auto()
    END_OF_EPOCH = auto()
    END_OF_RUN = auto()


@dataclass(frozen=True)
class Command:
    """Asks for further steps of a run.

    Attributes
    ----------
    run_number : int
        The run that is meant.
    ticket : int
        Comes back with the answer, so that the answer to an older command can be told from it.
    goal : Goal
        Halt there.
    planned_epochs : int
        Where the run ends.
    steps_per_second : float
        Watch speed; infinite for as fast as it goes.
    """

    run_number: int
    ticket: int
    goal: Goal
    planned_epochs: int
    steps_per_second: float = math.inf


@dataclass(frozen=True, eq=False)
class Progress:
    """Steps that run ``run_number`` has made."""

    run_number: int
    batch: StepBatch


@dataclass(frozen=True)
class Halt:
    """The answer to a `Command`: its goal was reached, or the next step diverged.

    Attributes
    ----------
    ticket : int
        The command's.
    diverged_at, learning_rate : int, float, or None
        The number of the step that diverged, and its rate.
    """

    ticket: int
    diverged_at: int | None = None
    learning_rate: float | None = None


@dataclass(frozen=True)
class Failure:
    """Run ``run_number`` cannot go on; a sentence for the user and the details for the log."""

    run_number: int
    sentence: str
    details: str


def _reporting_failures(slot: Callable[..., None]) -> Callable[..., None]:
    """Send what a slot raises to `TrainingWorker.failed`: nobody else would hear of it."""

    @wraps(slot)
    def guarded(self: "TrainingWorker", *arguments: Any) -> None:
        try:
            slot(self, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must be told
            try:
                self._emit_pending()
            except Exception:  # noqa: BLE001 - it may be what failed, and the user is told below
                self._pending.clear()
            self.abandon()
            reason = reason_of(error)
            if isinstance(error, MemoryError):
                reason = tr("there is not enough memory for this many examples")
            sentence = tr("Training failed: {reason}. Change a setting or press Reset.").format(
                reason=reason
            )
            self.failed.emit(Failure(self.run_number, sentence, traceback.format_exc()))

    return guarded


class TrainingWorker(QObject):
    """Trains in slices, so that commands arrive in between as ordinary queued signals.

    Lives in the training thread and has no parent. Every slot is called through a queued signal.

    Attributes
    ----------
    taken : int
        How many results the GUI thread has taken in; it alone counts them.

    Signals
    -------
    loaded()
        MXNet is there.
    load_failed(str)
        It is not; a sentence says why.
    prepared(Run)
        A run's data is drawn and its parameters are at the start.
    progressed(Progress), halted(Halt), failed(Failure)
        As those classes say.
    """

    loaded = Signal()
    load_failed = Signal(str)
    prepared = Signal(object)
    progressed = Signal(object)
    halted = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.run_number = 0
        self.taken = 0
        self._sent = 0
        self._engine: TrainingEngine | None = None
        self._steps_per_epoch = 1
        self._command: Command | None = None
        self._last_step = 0
        self._pending: list[StepBatch] = []
        self._last_emit = 0.0
        self._pace_start = 0.0
        self._pace_first_step = 0
        self._quit = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)

    def request_quit(self) -> None:
        """Make the slice that is under way the last one. Called from the GUI thread."""
        self._quit.set()

    @Slot()
    def load(self) -> None:
        """Import MXNet."""
        if self._quit.is_set():
            return
        try:
            with yielding_to_the_window():
                import linreg_gui.backend  # noqa: F401, PLC0415 - here, after the first paint
        except Exception as error:  # noqa: BLE001 - a broken library can raise anything
            self.load_failed.emit(
                tr(
                    "MXNet could not be loaded ({reason}). Delete the folder .venv and start "
                    "LinReg again to set it up anew."
                ).format(reason=reason_of(error))
            )
        else:
            self.loaded.emit()

    @Slot(int, object)
    @_reporting_failures
    def prepare(self, run_number: int, config: TrainingConfig) -> None:
        """Drop the run at hand and make a new one ready."""
        self.abandon()
        if self._quit.is_set():
            return
        self.run_number = run_number
        from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

        with yielding_to_the_window():
            run, self._engine = prepare_run(run_number, config)
        self._steps_per_epoch = run.history.steps_per_epoch
        self.prepared.emit(run)

    @Slot(object)
    @_reporting_failures
    def carry_out(self, command: Command) -> None:
        """Train as ``command`` says; it replaces the one under way."""
        if self._engine is None or command.run_number != self.run_number:
            return
        self._command = command
        self._last_step = self._goal_step(command)
        self._restart_pace(command)
        self._advance()

    @Slot(float)
    @_reporting_failures
    def set_pace(self, steps_per_second: float) -> None:
        """Go on at another watch speed with the command under way."""
        if self._command is not None and self._engine is not None:
            self._command = dataclasses.replace(self._command, steps_per_second=steps_per_second)
            self._restart_pace(self._command)
            self._pace_first_step -= 1  # the step that a new command takes at once was taken before

    @Slot()
    @_reporting_failures
    def pause(self) -> None:
        """Make no further steps until the next command."""
        self._hold()

    def _hold(self) -> None:
        self._timer.stop()
        self._command = None
        self._emit_pending()

    @Slot(float)
    @_reporting_failures
    def set_learning_rate(self, learning_rate: float) -> None:
        """Use another rate from the next minibatch on."""
        if self._engine is not None:
            self._emit_pending()
            self._engine.learning_rate = learning_rate

    @Slot()
    def abandon(self) -> None:
        """Drop the run at hand, with what it has not reported yet."""
        self._timer.stop()
        self._command = None
        self._pending.clear()
        self._engine = None

    @Slot()
    def shut_down(self) -> None:
        """Drop the run, here where MXNet lives, and end the thread."""
        self.abandon()
        self.thread().quit()

    @Slot()
    @_reporting_failures
    def _advance(self) -> None:
        command, engine = self._command, self._engine
        if command is None or engine is None or self._quit.is_set():
            return
        if self._sent - self.taken >= MOST_UNTAKEN:
            QThread.msleep(1)
            return
        due = self._last_step - engine.step
        if not math.isinf(command.steps_per_second):
            due = min(due, self._steps_due(command, engine))
        if due > 0:
            rest_of_frame = self._last_emit + FRAME_SECONDS - time.perf_counter()
            batch = engine.advance(due, min(SLICE_SECONDS, max(rest_of_frame, 0.001)))
            if len(batch):
                self._pending.append(batch)
        if engine.diverged:
            self._halt(Halt(command.ticket, engine.step + 1, engine.learning_rate))
        elif engine.step >= self._last_step:
            self._halt(Halt(command.ticket))
        elif time.perf_counter() - self._last_emit >= FRAME_SECONDS:
            self._emit_pending()

    def _goal_step(self, command: Command) -> int:
        assert self._engine is not None
        step, per_epoch = self._engine.step, self._steps_per_epoch
        end_of_run = command.planned_epochs * per_epoch
        goal_step = {
            Goal.ONE_STEP: step + 1,
            Goal.END_OF_EPOCH: (step // per_epoch + 1) * per_epoch,
            Goal.END_OF_RUN: end_of_run,
        }[command.goal]
        # Commands that follow one another quickly are given before the last one's answer is there.
        return min(goal_step, end_of_run)

    def _halt(self, halt: Halt) -> None:
        self._hold()
        self.halted.emit(halt)

    def _restart_pace(self, command: Command) -> None:
        self._restart_pace_clock()
        interval = 0
        if not math.isinf(command.steps_per_second):
            # Rounded up: a timer that fires just before its step is due would miss it.
            interval = max(
                math.floor(FRAME_SECONDS * 1000), math.ceil(1000 / command.steps_per_second)
            )
        self._timer.start(interval)

    def _restart_pace_clock(self) -> None:
        assert self._engine is not None
        self._pace_start = time.perf_counter()
        self._pace_first_step = self._engine.step

    def _steps_due(self, command: Command, engine: TrainingEngine) -> int:
        elapsed = time.perf_counter() - self._pace_start
        # The first step is due at once, so that a slow watch speed answers the click.
        due = 1 + math.floor(elapsed * command.steps_per_second)
        made = engine.step - self._pace_first_step
        if due - made > command.steps_per_second:  # slower than asked: do not run after it later
            self._restart_pace_clock()
            return 1
        return due - made

    def _emit_pending(self) -> None:
        if not self._pending:
            return
        self._last_emit = time.perf_counter()
        batch = joined(self._pending)
        self._pending.clear()
        self._sent += 1
        self.progressed.emit(Progress(self.run_number, batch))
