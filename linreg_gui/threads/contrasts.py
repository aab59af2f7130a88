"""The two runs that are shown side by side, and the moment of both that is shown."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.guide.contrast_sides import PosedContrast, obstacle, pose
from linreg_gui.guide.contrasts import Contrast, read_contrasts
from linreg_gui.runs.pair import SideSteps, train_sides
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work
from linreg_gui.threads.playhead import Playhead

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_RUNS: tuple[Run | None, Run | None] = (None, None)


class Contrasts(QObject):
    """Trains the two runs of a contrast beside the run on screen, which goes on. GUI thread.

    To a `Playhead` and a `Timeline` it is what the controller is: it has a run, that with more
    steps, and a state.

    Attributes
    ----------
    shown : Contrast or None
        What is side by side.
    posed : PosedContrast or None
        The settings of its two runs.
    runs : tuple of Run or None
        The left run and the right one, as far as they are.
    state : RunState
        Whether the runs are still being trained.
    playhead : Playhead
        Travels through both.

    Signals
    -------
    changed()
        `shown` has changed.
    run_prepared()
        `runs` have changed.
    run_progressed(StepBatch)
        One of them has more steps.
    state_changed()
        `state` has changed.
    """

    changed = Signal()
    run_prepared = Signal()
    run_progressed = Signal(object)
    state_changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Contrast | None = None
        self.posed: PosedContrast | None = None
        self.runs = _NO_RUNS
        self.state = RunState.READY
        self._controller = controller
        self.playhead = Playhead(self, self)

    @cached_property
    def all(self) -> "Sequence[Contrast]":
        """Return what can be compared.

        Raises
        ------
        ValueError
            As `read_contrasts` does.
        """
        return read_contrasts()

    @property
    def run(self) -> Run | None:
        """Return the run with more steps."""
        runs = [run for run in self.runs if run is not None]
        return max(runs, key=lambda run: run.history.step, default=None)

    @property
    def pace(self) -> float:
        """Return the watch speed in steps a second."""
        return self._controller.pace

    def obstacle(self, contrast: Contrast) -> str:
        """Say why ``contrast`` cannot be shown; empty if it can."""
        controller = self._controller
        if controller.state is RunState.UNAVAILABLE:
            return controller.outcome
        return obstacle(contrast, controller.applied_settings, controller.settings)

    def show(self, contrast: Contrast) -> None:
        """Put the two runs of ``contrast`` side by side, instead of any others."""
        controller = self._controller
        try:
            self.posed = pose(contrast, controller.applied_settings, controller.settings)
        except ValueError as error:
            controller.message_posted.emit(str(error))
            return
        self.shown, self.runs = contrast, _NO_RUNS
        self._enter(RunState.RUNNING)
        self.run_prepared.emit()
        self.changed.emit()
        job = controller.background.start(Channel.CONTRAST, _train(self.posed))
        job.yielded.connect(self._on_yielded)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)

    @Slot()
    def close(self) -> None:
        """Show nothing side by side any more."""
        if self.shown is not None:
            self._controller.background.cancel(Channel.CONTRAST)
            self.playhead.pause()
            self.shown = self.posed = None
            self.runs = _NO_RUNS
            self._enter(RunState.READY)
            self.run_prepared.emit()
            self.changed.emit()

    def _enter(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit()

    @Slot(object)
    def _on_yielded(self, answer: SideSteps) -> None:
        run = answer.run
        if answer.steps is None:
            left, right = self.runs
            self.runs = (run, right) if answer.side == 0 else (left, run)
            self.run_prepared.emit()
            return
        run.history.append(answer.steps)
        run.diverged_at = run.history.step + 1 if answer.diverged else None
        run.stopped_at = run.history.step if answer.stopped else None
        self.run_progressed.emit(answer.steps)

    @Slot()
    def _on_finished(self) -> None:
        self._enter(RunState.COMPLETED)
        self.playhead.play()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.close()
        self._controller.message_posted.emit(sentence)


def _train(posed: PosedContrast) -> Work:
    yield from train_sides([side.config for side in posed.sides])
