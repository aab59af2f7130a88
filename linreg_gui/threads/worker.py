"""The object that trains, in the training thread: there alone MXNet is used."""

import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from linreg_gui.engines.steps import StepBatch, TrainingEngine, joined
from linreg_gui.error_log import log_error
from linreg_gui.installation import how_to_repair
from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import paragraph, reason_of, tr
from linreg_gui.threads.jobs import yielding_to_the_window

SLICE_SECONDS = 0.008
"""How long the worker trains before it looks for new commands."""

FRAME_SECONDS = 0.015
"""Results leave at most this often: a little less than a frame, so that each frame has one."""

MOST_UNTAKEN = 4
"""Most results that may be on their way; then the training waits until they are taken."""


class Goal(Enum):
    """How far a command trains."""

    ONE_STEP = auto()
    END_OF_EPOCH = auto()
    END_OF_RUN = auto()


@dataclass(frozen=True, eq=False)
class Command:
    """Asks for further steps of the run.

    Attributes
    ----------
    goal : Goal
        Halt there.
    planned_epochs : int
        The run ends after these.
    goes_past_stop : bool
        Train on although the stop rule was met; it is not checked again.
    """

    goal: Goal
    planned_epochs: int
    goes_past_stop: bool = False


@dataclass(frozen=True)
class Halt:
    """Why a command has ended; at its goal unless one of these is set.

    Attributes
    ----------
    diverged_at_rate : float or None
        The next step diverged, at this learning rate.
    by_rule : bool
        The stop rule is met.
    """

    diverged_at_rate: float | None = None
    by_rule: bool = False


class TrainingWorker(QObject):
    """Trains in slices, so that commands arrive in between as ordinary queued signals.

    Lives in the training thread and has no parent. Its methods are called there, by `do`.

    Signals
    -------
    loaded()
        MXNet is there.
    load_failed(str)
        It is not; a sentence says why.
    prepared(Run)
        A run's data is drawn and its parameters are at the start.
    progressed(StepBatch)
        Steps that the run has made. Whoever takes them calls `note_taken`.
    halted(Command, Halt)
        The command makes no further steps.
    failed(int, str)
        The run of this number cannot go on; a sentence says why.
    """

    loaded = Signal()
    load_failed = Signal(object)
    prepared = Signal(object)
    progressed = Signal(object)
    halted = Signal(object, object)
    failed = Signal(object, object)  # an int of Qt's has 32 bits

    def __init__(self) -> None:
        super().__init__()
        self._clear_caches: Callable[[], None] = lambda: None
        self._run_number = 0
        self._untaken = 0
        self._engine: TrainingEngine | None = None
        self._offered: tuple[Run, TrainingEngine] | None = None
        self._steps_per_epoch = 1
        self._command: Command | None = None
        self._last_step = 0
        self._pending: list[StepBatch] = []
        self._last_emit = 0.0
        self._pace = math.inf
        self._paced = 0.0
        self._owed = 0.0
        self._quit = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    def request_quit(self) -> None:
        """Make the slice that is under way the last one. The GUI thread may call this."""
        self._quit.set()

    @Slot(object)
    def do(self, call: Callable[[], None]) -> None:
        """Call one of the methods below. If it raises an error, the run cannot go on."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must be told
            self._fail(error)

    def load(self) -> None:
        """Import MXNet."""
        if self._quit.is_set():
            return
        try:
            with yielding_to_the_window():
                from linreg_gui.backend import clear_caches  # noqa: PLC0415 - after first paint
        except Exception as error:  # noqa: BLE001 - a broken library can raise anything
            sentence = tr("MXNet could not be loaded ({reason}).").format(reason=reason_of(error))
            self.load_failed.emit(log_error(error, paragraph(sentence, how_to_repair())))
        else:
            self._clear_caches = clear_caches
            self.loaded.emit()

    def prepare(self, run_number: int, config: TrainingConfig) -> None:
        """Drop the present run and make a new one ready."""
        self._abandon()
        if self._quit.is_set():
            return
        self._run_number = run_number
        from linreg_gui.runs.forecast import forecast  # noqa: PLC0415
        from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

        with yielding_to_the_window():
            run, self._engine = prepare_run(run_number, config)
            run.forecast = forecast(run)
        if run.forecast:
            run.messages.append(run.forecast.sentence)
        self._steps_per_epoch = run.history.steps_per_epoch
        self.prepared.emit(run)

    def offer(self, run: Run, engine: TrainingEngine) -> None:
        """Have ``run`` ready for `take_over`."""
        self._offered = run, engine

    def take_over(self, run: Run) -> None:
        """Go on with the offered ``run`` instead of the present one."""
        offered, self._offered = self._offered, None
        if offered is None or offered[0] is not run:  # a newer one is offered
            return
        self._emit_pending()
        self._abandon()
        self._run_number, self._engine = run.number, offered[1]
        self._steps_per_epoch = run.history.steps_per_epoch

    def carry_out(self, command: Command) -> None:
        """Train as ``command`` says; it replaces the one under way."""
        if self._engine is not None:
            self._command = command
            if command.goes_past_stop:
                self._engine.stop_check, self._engine.stopped = None, False
            self._last_step = self._goal_step(command, self._engine)
            self._owed = 1.0  # the first step comes at once, so that a slow pace answers the click
            self._start_timer()
            self.advance()

    def set_pace(self, steps_per_second: float) -> None:
        """Set the watch speed, also of the command under way; infinite for full speed."""
        self._pace = steps_per_second
        if self._command is not None:
            self._owed = 0.0
            self._start_timer()

    def pause(self) -> None:
        """Make no further steps until the next command."""
        self._timer.stop()
        self._command = None
        self._emit_pending()

    def set_learning_rate(self, learning_rate: float) -> None:
        """Use another rate from the next minibatch on."""
        if self._engine is not None:
            self._emit_pending()
            self._engine.learning_rate = learning_rate

    def note_taken(self) -> None:
        """Count a result as taken."""
        self._untaken -= 1

    def shut_down(self) -> None:
        """Drop the run and all that MXNet holds, on the thread that owns it."""
        self._abandon()
        self._clear_caches()

    def advance(self) -> None:
        """Train for a slice, if the command wants steps now."""
        command, engine = self._command, self._engine
        if command is None or engine is None or self._quit.is_set():
            return
        if self._untaken >= MOST_UNTAKEN:
            QThread.msleep(1)
            return
        due = self._last_step - engine.step
        if not math.isinf(self._pace):
            due = min(due, self._steps_owed())
        if due > 0:
            rest_of_frame = self._last_emit + FRAME_SECONDS - time.perf_counter()
            batch = engine.advance(due, min(SLICE_SECONDS, max(rest_of_frame, 0.001)))
            self._owed -= len(batch)
            if len(batch):
                self._pending.append(batch)
        if engine.diverged:
            self._halt(command, Halt(diverged_at_rate=engine.learning_rate))
        elif engine.stopped or engine.step >= self._last_step:
            self._halt(command, Halt(by_rule=engine.stopped))
        elif time.perf_counter() - self._last_emit >= FRAME_SECONDS:
            self._emit_pending()

    def _fail(self, error: Exception) -> None:
        """Report the steps that were made, drop the run and say why."""
        with suppress(Exception):  # to report may be what failed
            self._emit_pending()
        self._abandon()
        sentence = tr("Training failed: {reason}. Change a setting or press Reset.")
        sentence = sentence.format(reason=reason_of(error))
        self.failed.emit(self._run_number, log_error(error, sentence))

    def _abandon(self) -> None:
        """Drop the run, with the steps it has not reported yet."""
        self._timer.stop()
        self._command = None
        self._pending.clear()
        self._engine = self._offered = None

    def _goal_step(self, command: Command, engine: TrainingEngine) -> int:
        step, per_epoch = engine.step, self._steps_per_epoch
        end_of_run = command.planned_epochs * per_epoch
        goal_step = {
            Goal.ONE_STEP: step + 1,
            Goal.END_OF_EPOCH: (step // per_epoch + 1) * per_epoch,
            Goal.END_OF_RUN: end_of_run,
        }[command.goal]
        # A second command may come before the answer to the first is there.
        return min(goal_step, end_of_run)

    def _halt(self, command: Command, halt: Halt) -> None:
        self.pause()
        self.halted.emit(command, halt)

    def _start_timer(self) -> None:
        self._paced = time.perf_counter()
        interval = 0
        if not math.isinf(self._pace):
            # Rounded up: a timer that fires just before its step is due would miss it.
            interval = max(math.floor(FRAME_SECONDS * 1000), math.ceil(1000 / self._pace))
        self._timer.start(interval)

    def _steps_owed(self) -> int:
        """Return how many steps the watch speed wants by now."""
        now = time.perf_counter()
        self._owed += (now - self._paced) * self._pace
        self._paced = now
        if self._owed > 1 + self._pace:  # training is slower than asked: it need not catch up later
            self._owed = 1.0
        return math.floor(self._owed)

    @Slot()
    def _on_timeout(self) -> None:
        self.do(self.advance)

    def _emit_pending(self) -> None:
        if self._pending:
            self._last_emit = time.perf_counter()
            batch = joined(self._pending)
            self._pending.clear()
            self._untaken += 1
            self.progressed.emit(batch)
