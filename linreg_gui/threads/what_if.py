"""What the settings would give: the whole run, and the learning rates that train."""

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig, differing_settings
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits
    from linreg_gui.runs.what_if import WhatIfSteps


class WhatIf(QObject):
    """Asks the training thread for the whole run whenever a setting moves; the newest ask wins.

    Lives in the GUI thread.

    Attributes
    ----------
    run : Run or None
        What would be; None while the settings are those of the run on screen. What belongs to
        former settings stays until the first steps of the new ones are there.
    diverged_at : int or None
        The step at which it diverges, once that is known.

    Signals
    -------
    changed()
        `run` is another, or goes further.
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
        controller.background.answered.connect(self._on_answered)
        controller.background.failed.connect(self._on_failed)

    def sentence(self) -> str:
        """Say what is different, and how much of it is shown; empty while there is nothing."""
        if self.run is None:
            return ""
        applied = _but_for_engine(self._controller.applied_settings)
        words = "; ".join(differing_settings(self.run.config, applied))
        sentence = (
            tr("What if (dashed): {settings}.").format(settings=words)
            if words
            else tr("Dashed: what is to come.")
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
        settings = _but_for_engine(self._controller.settings)
        if settings == self._asked:
            return
        if settings == _but_for_engine(self._controller.applied_settings):
            self._withdraw()
        elif self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE):
            self._asked = settings
            self._controller.background.start(Channel.WHAT_IF, lambda: _job(settings))

    @Slot()
    def _on_state_changed(self) -> None:
        """Make way for the run itself once it sets out with these settings."""
        if (
            self._controller.state is not RunState.READY
            and _but_for_engine(self._controller.applied_settings) == self._asked
        ):
            self._withdraw()

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._controller.background.cancel(Channel.WHAT_IF)
            self.run, self.diverged_at = None, None
            self.changed.emit()

    @Slot(object, object)
    def _on_answered(self, channel: Channel, answer: "WhatIfSteps") -> None:
        if channel is not Channel.WHAT_IF:
            return
        self.run = answer.run
        self.run.history.append(answer.steps)
        self.diverged_at = answer.steps.last_step + 1 if answer.diverged else None
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.WHAT_IF:
            self._withdraw()
            self._controller.message_posted.emit(sentence)


def _but_for_engine(settings: TrainingConfig) -> TrainingConfig:
    return settings.with_value("engine", Engine.INSTANT)


def _job(settings: TrainingConfig) -> Iterator["WhatIfSteps"]:
    from linreg_gui.runs.what_if import what_if  # noqa: PLC0415 - imports MXNet

    return what_if(settings)


SETTLE_MILLISECONDS = 150
"""The typical limit takes some frames: it is asked for once the settings have stood still."""


class RateLimits(QObject):
    """Follows the run that the settings would give, or the one on screen. GUI thread.

    Signals
    -------
    changed()
        `limits` are other ones.
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
        self._settled.timeout.connect(self._ask_for_typical)
        controller.run_prepared.connect(self._on_subject_changed)
        what_if.changed.connect(self._on_subject_changed)
        controller.background.answered.connect(self._on_answered)
        controller.background.failed.connect(self._on_failed)

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
            if run is not None and (typical := self._known.get(_minibatches_of(run))):
                run.limits = dataclasses.replace(run.limits, typical=typical)
        if self.limits != self._shown:
            self._shown = self.limits
            self.changed.emit()
        run = self._subject
        self._settled.stop()
        if run is not None and run.limits.typical is None and run is not self._asked:
            self._settled.start(0 if run is self._controller.run else SETTLE_MILLISECONDS)

    @Slot()
    def _ask_for_typical(self) -> None:
        run = self._asked = self._subject
        assert run is not None
        config, limits = run.config, run.limits
        self._controller.background.start(Channel.LIMITS, lambda: _typical_rate(config, limits))

    @Slot(object, object)
    def _on_answered(self, channel: Channel, typical: float) -> None:
        if channel is Channel.LIMITS and self._asked is not None:
            self._known[_minibatches_of(self._asked)] = typical
            self._on_subject_changed()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, _sentence: str) -> None:
        if channel is Channel.LIMITS:
            self._refused = self._asked
            self.changed.emit()


def _minibatches_of(run: Run) -> tuple[object, ...]:
    """Return what tells one sequence of minibatches from another: the data by their limits."""
    config = run.config
    return dataclasses.replace(run.limits, typical=None), config.seed, config.shuffle


def _typical_rate(config: TrainingConfig, limits: "LearningRateLimits") -> Iterator[float | None]:
    from linreg_gui.runs.what_if import typical_rate  # noqa: PLC0415 - imports MXNet

    return typical_rate(config, limits)
