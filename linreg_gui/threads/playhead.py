"""The moment that is looked at: the newest, or any past one."""

import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from linreg_gui.data.dataset import FloatArray
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.history import History, StepRecord
from linreg_gui.training.run_state import RunState

PLAY_SECONDS = (2, 5, 10, 20, 60, 300)
"""How long the whole run may take to play."""

_TICK_MILLISECONDS = 16
_NOTHING = np.empty(0)


class Playhead(QObject):
    """Travels through the current run. Lives in the GUI thread.

    Attributes
    ----------
    step : int or None
        The kept step that is looked at, 0 for the start; None while the newest is followed.
    seconds : float
        How long the whole run takes to play.

    Signals
    -------
    moved()
        `step` is another.
    playing_changed()
        It plays, or no longer.
    """

    moved = Signal()
    playing_changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.step: int | None = None
        self.seconds = 10.0
        self._controller = controller
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MILLISECONDS)
        self._timer.timeout.connect(self._on_tick)
        self._place = 0.0
        self._ticked = 0.0
        controller.run_prepared.connect(self._on_run_prepared)
        controller.run_progressed.connect(self._on_run_progressed)

    @property
    def is_playing(self) -> bool:
        """Return whether it moves on by itself."""
        return self._timer.isActive()

    @property
    def shown_step(self) -> int:
        """Return the step that is looked at or followed; 0 before any."""
        return self._newest if self.step is None else self.step

    @property
    def record(self) -> StepRecord | None:
        """Return the numbers of that step; None for the start."""
        history, step = self._history, self.shown_step
        return history.nearest(step) if history is not None and step else None

    @property
    def parameters(self) -> FloatArray:
        """Return the weights and the bias after that step, shape (d + 1,); empty without a run."""
        history = self._history
        return _NOTHING if history is None else history.parameters_at(self.shown_step)

    def go_to(self, step: float) -> None:
        """Look at the kept step nearest to ``step``, or at the start for 0."""
        self.pause()
        self._show(step)

    def go_live(self) -> None:
        """Follow the newest step."""
        self.pause()
        self._set(None)

    def step_by(self, count: int) -> None:
        """Go ``count`` kept steps on, or back."""
        history = self._history
        if history is not None:
            here = self.shown_step or 1 - history.stride
            self.go_to(here + count * history.stride)

    def epoch_by(self, count: int) -> None:
        """Go to the next border of an epoch, or the one before."""
        history = self._history
        if history is not None:
            length = history.steps_per_epoch
            here = self.shown_step
            borders = here // length + count if count > 0 else -(-here // length) + count
            self.go_to(borders * length)

    def to_start(self) -> None:
        """Look at the start."""
        self.go_to(0)

    def to_end(self) -> None:
        """Look at the newest step; once nothing follows, that is to follow it."""
        if self._controller.state is RunState.RUNNING:
            self.go_to(self._newest)
        else:
            self.go_live()

    def toggle_play(self) -> None:
        """Play from here, or from the start where there is nothing left to play; or pause."""
        if self.is_playing:
            self.pause()
        elif self._newest:
            at_end = self.step is None or self.step >= self._newest
            self._show(0 if at_end else self.shown_step)
            self._place = float(self.shown_step)
            self._ticked = time.perf_counter()
            self._timer.start()
            self.playing_changed.emit()

    def pause(self) -> None:
        """Stay where it is."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit()

    @property
    def _history(self) -> History | None:
        return self._controller.run.history if self._controller.run else None

    @property
    def _newest(self) -> int:
        return 0 if self._history is None else self._history.step

    def _show(self, step: float) -> None:
        history = self._history
        if history is None:
            return
        record = history.nearest(step) if step >= 0.5 else None
        self._set(record.step if record else 0)

    def _set(self, step: int | None) -> None:
        if step != self.step:
            self.step = step
            self.moved.emit()

    @Slot()
    def _on_tick(self) -> None:
        history = self._history
        if history is None:
            self.pause()
            return
        now = time.perf_counter()
        self._place += (now - self._ticked) * history.step / self.seconds
        self._ticked = now
        if self._place >= history.step:
            self.go_live()
        else:
            self._show(self._place)

    @Slot()
    def _on_run_prepared(self) -> None:
        self.go_live()

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        """Keep to a step that is kept, when the history has been thinned."""
        if self.step and not self.is_playing:
            self._show(self.step)
