"""The moment of the run that is shown: the newest, or any past one."""

import math
import time
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance, Slot

from linreg_gui.data.dataset import FloatArray
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState

_TICK_MILLISECONDS = 16
_NOTHING = np.empty(0)


_REPLAY_SECONDS = 10
"""At full speed a whole run is played again in this time."""


class Watched(Protocol):
    """What a playhead travels through: the run of the controller, or one like it.

    Attributes
    ----------
    run : Run or None
    state : RunState
        Whether it goes on.
    pace : float
        The watch speed in steps a second; infinite for full speed.
    run_prepared, run_progressed, state_changed : SignalInstance
        As those of `TrainingController`.
    """

    state: RunState
    run_prepared: SignalInstance
    run_progressed: SignalInstance
    state_changed: SignalInstance

    @property
    def run(self) -> Run | None:
        """Return the run."""

    @property
    def pace(self) -> float:
        """Return the watch speed."""


class Playhead(QObject):
    """Travels through the current run. Lives in the GUI thread.

    Traveling to the newest step of a run that stands still means to follow the newest step. So the
    run is seen as soon as it goes on.

    Attributes
    ----------
    step : int or None
        The kept step that is shown, 0 for the start; None while the newest step is followed.

    Signals
    -------
    moved()
        `step` has changed. New steps change nothing while the newest is followed.
    traveled()
        Somebody has asked for a step, or for the newest, even if it is shown already.
    playing_changed()
        It has begun to play, or stopped.
    """

    moved = Signal()
    traveled = Signal()
    playing_changed = Signal()

    def __init__(self, controller: Watched, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.step: int | None = None
        self._controller = controller
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MILLISECONDS)
        self._timer.timeout.connect(self._on_tick)
        self._place = 0.0
        self._ticked = 0.0
        controller.run_prepared.connect(self._follow)
        controller.run_progressed.connect(self._on_run_progressed)

    @property
    def is_live(self) -> bool:
        """Return whether the newest step is followed."""
        return self.step is None

    @property
    def is_playing(self) -> bool:
        """Return whether it moves on by itself."""
        return self._timer.isActive()

    @property
    def shown_step(self) -> int:
        """Return the step that is shown; 0 for the start."""
        return self._newest if self.step is None else self.step

    @property
    def record(self) -> StepRecord | None:
        """Return the numbers of that step; None for the start."""
        history, step = self._history, self.shown_step
        return history.nearest(step) if history is not None and step else None

    @property
    def parameters(self) -> FloatArray:
        """Return weights and bias after that step in the data's units, (d + 1,); or nothing."""
        run = self._controller.run
        return _NOTHING if run is None else run.parameters_at(self.shown_step)

    def kept_step(self, step: float) -> int:
        """Return the kept step nearest to ``step``, or 0 for the start."""
        history = self._history
        record = history.nearest(step) if history is not None and step >= 0.5 else None
        return record.step if record else 0

    def go_to(self, step: float) -> None:
        """Show the kept step nearest to ``step``, or the start for 0."""
        self.pause()
        self._show(step)
        self.traveled.emit()

    @Slot()
    def go_live(self) -> None:
        """Follow the newest step."""
        self._follow()
        self.traveled.emit()

    def to_end(self) -> None:
        """Show the newest step, and stay there if the run goes on."""
        self.go_to(self._newest)

    def step_by(self, count: int) -> None:
        """Go ``count`` kept steps forward, or back if it is negative."""
        history, here = self._history, self.shown_step
        if history is not None:
            # Rounded up: the newest step may lie between two rows.
            row = -(-(here - 1) // history.stride) if here else -1
            self.go_to(1 + (row + count) * history.stride)

    def epoch_by(self, count: int) -> None:
        """Go to the end of an epoch ``count`` epochs forward, or back if it is negative."""
        history, here = self._history, self.shown_step
        if history is not None:
            # The kept step nearest to the end of an epoch counts as its end.
            length, slack = history.steps_per_epoch, history.stride // 2
            border = (here + slack) // length if count > 0 else -((slack - here) // length)
            self.go_to((border + count) * length)

    def play(self) -> None:
        """Play at the watch speed from the step on show, or from the start if it is the newest."""
        if self._newest and not self.is_playing:
            at_end = self.shown_step == self._newest
            self._show(0 if at_end else self.shown_step)
            self._place = float(self.shown_step)
            self._ticked = time.perf_counter()
            self._timer.start()
            self.playing_changed.emit()

    def pause(self) -> None:
        """Stop playing."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit()

    @Slot()
    def toggle_play(self) -> None:
        """Play, or stop playing."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    @property
    def _history(self) -> History | None:
        return self._controller.run.history if self._controller.run else None

    @property
    def _newest(self) -> int:
        return 0 if self._history is None else self._history.step

    def _show(self, step: float) -> None:
        kept_step = self.kept_step(step)
        goes_on = self._controller.state is RunState.RUNNING
        self._set(kept_step if kept_step < self._newest or goes_on else None)

    def _set(self, step: int | None) -> None:
        if step != self.step:
            self.step = step
            self.moved.emit()

    @Slot()
    def _follow(self) -> None:
        self.pause()
        self._set(None)

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        pace = self._controller.pace
        pace = self._newest / _REPLAY_SECONDS if math.isinf(pace) else pace
        self._place += (now - self._ticked) * pace
        self._ticked = now
        if self.kept_step(self._place) == self._newest:
            self.go_live()
        else:
            self._show(self._place)

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        """Go to the nearest kept step after the history has been thinned."""
        if self.step:
            self._show(self.step)
