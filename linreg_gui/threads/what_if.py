"""The run that the settings would give, while they differ from the run on screen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.texts import tr
from linreg_gui.threads.background import Channel
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.config import Engine, TrainingConfig, differing_settings
from linreg_gui.training.numbers import format_whole
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import RunState

if TYPE_CHECKING:
    from linreg_gui.training.what_if import Foretold


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
                step=format_whole(self.diverged_at)
            )
        step, planned = self.run.history.step, self.run.planned_steps
        if step < planned:
            return f"{sentence} " + tr("Shown: the first {step} of {planned} steps.").format(
                step=format_whole(step), planned=format_whole(planned)
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
    def _on_answered(self, channel: Channel, answer: "Foretold") -> None:
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


def _job(settings: TrainingConfig) -> Iterator["Foretold"]:
    from linreg_gui.training.what_if import what_if  # noqa: PLC0415 - imports MXNet

    return what_if(settings)
