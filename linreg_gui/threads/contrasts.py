"""The two runs that are shown side by side, and the moment of both that is shown."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.guide.contrast_sides import PosedContrast, obstacle, pose
from linreg_gui.guide.contrasts import Contrast, read_contrasts
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.runs.training import NextSteps, trained_in_turn
from linreg_gui.settings import TrainingConfig
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

    def retell(self) -> None:
        """Read the contrasts in the language of now, and begin again with the one on show."""
        vars(self).pop("all", None)
        if self.shown is not None:
            name = self.shown.name
            self.show(next(each for each in self.all if each.name == name))

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
        """Put the two runs of ``contrast`` side by side, instead of any others, once it is posed.

        To search the data for an outlier can take a fifth of a second, so that is not done here.
        """
        controller = self._controller
        self._enter(RunState.RUNNING)
        job = controller.background.start(
            Channel.CONTRAST,
            _train(contrast, controller.applied_settings, controller.settings),
        )
        job.yielded.connect(self._on_yielded)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)

    @Slot()
    def close(self) -> None:
        """Show nothing side by side any more."""
        self._controller.background.cancel(Channel.CONTRAST)
        self._enter(RunState.READY)
        if self.shown is not None:
            self.playhead.pause()
            self.shown = self.posed = None
            self.runs = _NO_RUNS
            self.run_prepared.emit()
            self.changed.emit()

    def _enter(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit()

    @Slot(object)
    def _on_yielded(self, answer: PosedContrast | Run | NextSteps) -> None:
        match answer:
            case NextSteps():
                answer.take()
                self.run_progressed.emit(answer.steps)
            case Run():
                left, right = self.runs
                self.runs = (left, answer) if answer.number else (answer, right)
                self.run_prepared.emit()
            case PosedContrast():
                self.shown, self.posed, self.runs = answer.contrast, answer, _NO_RUNS
                self.run_prepared.emit()
                self.changed.emit()

    @Slot(object)
    def _on_finished(self, obstacle: str) -> None:
        if obstacle:
            self._on_failed(obstacle)
            return
        self._enter(RunState.COMPLETED)
        self.playhead.play()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self.close()
        self._controller.message_posted.emit(sentence)


def _train(contrast: Contrast, applied: TrainingConfig, settings: TrainingConfig) -> Work:
    """Yield the contrast, its runs and their steps; return why there are none."""
    try:
        posed = pose(contrast, applied, settings)
    except ValueError as error:
        return str(error)
    yield posed
    yield from trained_in_turn([side.config for side in posed.sides])
    return ""
