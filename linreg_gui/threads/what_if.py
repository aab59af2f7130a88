"""What the present settings would give: the whole run, and which learning rates train it."""

import dataclasses
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig, differing_settings
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits
    from linreg_gui.runs.what_if import WhatIfSteps


class WhatIf(QObject):
    """Computes the whole run of the settings whenever one of them moves. Lives in the GUI thread.

    Attributes
    ----------
    run : Run or None
        What the settings would give; None while they are those of the run on screen. The run of
        former settings stays until the first steps of the new one are there.
    diverged_at : int or None
        The step at which it diverges, once that is known.

    Signals
    -------
    changed()
        `run` has changed, or has more steps.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.diverged_at: int | None = None
        self._controller = controller
        self._asked: TrainingConfig | None = None
        controller.settings_changed.connect(self._on_settings_changed)
        controller.state_changed.connect(self._on_state_changed)

    def sentence(self) -> str:
        """Say which settings differ, and how much of the run is shown; empty without a run."""
        if self.run is None:
            return ""
        applied = _without_engine(self._controller.applied_settings)
        words = "; ".join(differing_settings(self.run.config, applied))
        sentence = (
            tr("What if (dashed): {settings}.").format(settings=words)
            if words
            else tr("Dashed: the steps to come.")
        )
        if self.diverged_at is not None:
            return f"{sentence} " + tr("Diverges at step {step}.").format(
                step=whole(self.diverged_at)
            )
        step, planned = self.run.history.step, self.run.planned_steps
        if step < planned:
            return f"{sentence} " + tr("Shown: the first {step} of {planned} steps.").format(
                step=whole(step), planned=whole(planned)
            )
        return sentence

    @Slot()
    def _on_settings_changed(self) -> None:
        settings = _without_engine(self._controller.settings)
        if settings == self._asked:
            return
        if settings == _without_engine(self._controller.applied_settings):
            self._withdraw()
        elif self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE):
            self._asked = settings
            job = self._controller.background.start(Channel.WHAT_IF, _what_if(settings))
            job.yielded.connect(self._on_yielded)
            job.failed.connect(self._on_failed)

    @Slot()
    def _on_state_changed(self) -> None:
        """Withdraw once the run itself begins with these settings."""
        if (
            self._controller.state is not RunState.READY
            and _without_engine(self._controller.applied_settings) == self._asked
        ):
            self._withdraw()

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._controller.background.cancel(Channel.WHAT_IF)
            self._asked = None
            self.run, self.diverged_at = None, None
            self.changed.emit()

    @Slot(object)
    def _on_yielded(self, answer: "WhatIfSteps") -> None:
        self.run = answer.run
        self.run.history.append(answer.steps)
        self.diverged_at = answer.steps.last_step + 1 if answer.diverged else None
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._withdraw()
        self._controller.message_posted.emit(sentence)


def _without_engine(settings: TrainingConfig) -> TrainingConfig:
    return settings.with_value("engine", Engine.INSTANT)


def _what_if(settings: TrainingConfig) -> Work:
    from linreg_gui.runs.what_if import what_if  # noqa: PLC0415 - imports MXNet

    yield from what_if(settings)


SETTLE_MILLISECONDS = 150
"""The typical limit takes some frames. It is computed once no setting has changed for this time."""


class RateLimits(QObject):
    """Knows which learning rates train, with the present settings. Lives in the GUI thread.

    Signals
    -------
    changed()
        `limits` have changed.
    """

    changed = Signal()

    def __init__(
        self, controller: TrainingController, what_if: WhatIf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._what_if = what_if
        self._shown: LearningRateLimits | None = None
        self._asked: Run | None = None
        self._refused: Run | None = None
        self._known: dict[tuple[object, ...], float] = {}
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(self._compute_typical)
        controller.run_prepared.connect(self._on_subject_changed)
        what_if.changed.connect(self._on_subject_changed)

    @property
    def limits(self) -> "LearningRateLimits | None":
        """Return the limits; None before the first run. The typical one may still be None."""
        run = self._subject
        return run.limits if run else None

    @property
    def is_complete(self) -> bool:
        """Return whether the current run has all its limits, or cannot get them."""
        run = self._controller.run
        return run is not None and (run.limits.typical is not None or run is self._refused)

    @property
    def _subject(self) -> Run | None:
        return self._what_if.run or self._controller.run

    @Slot()
    def _on_subject_changed(self) -> None:
        for run in (self._what_if.run, self._controller.run):
            if run is not None and (typical := self._known.get(_features_of(run))):
                run.limits = dataclasses.replace(run.limits, typical=typical)
        if self.limits != self._shown:
            self._shown = self.limits
            self.changed.emit()
        run = self._subject
        self._settled.stop()
        if run is not None and run.limits.typical is None and run is not self._asked:
            self._settled.start(0 if run is self._controller.run else SETTLE_MILLISECONDS)

    @Slot()
    def _compute_typical(self) -> None:
        run = self._asked = self._subject
        assert run is not None
        work = _typical_rate(run.config, run.limits)
        job = self._controller.background.start(Channel.LIMITS, work)
        job.yielded.connect(self._on_yielded)
        job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_yielded(self, typical: float) -> None:
        assert self._asked is not None
        self._known[_features_of(self._asked)] = typical
        self._on_subject_changed()

    @Slot()
    def _on_failed(self) -> None:
        self._refused = self._asked
        self.changed.emit()


def _features_of(run: Run) -> tuple[object, ...]:
    """Return a key that two runs share if the features of their minibatches are the same."""
    data = run.config.data
    # A weak reference keeps no data alive, and equals no other after its data are gone.
    identity = weakref.ref(data) if data else None
    return identity, run.config.minibatch_settings.with_value("data", None)


def _typical_rate(config: TrainingConfig, limits: "LearningRateLimits") -> Work:
    from linreg_gui.runs.what_if import typical_rate  # noqa: PLC0415 - imports MXNet

    yield from typical_rate(config, limits)
