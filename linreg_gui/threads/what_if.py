"""The run that the present settings would give."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig, differing_settings
from linreg_gui.texts import clauses, paragraph, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work

if TYPE_CHECKING:
    from linreg_gui.runs.training import NextSteps


class WhatIf(QObject):
    """Computes the whole run of the settings whenever one of them moves. Lives in the GUI thread.

    Attributes
    ----------
    run : Run or None
        What the settings would give; None while they are those of the run on screen. The run of
        former settings stays until the first steps of the new one are there.

    Signals
    -------
    changed()
        `run` has changed, or has more steps.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self._controller = controller
        self._asked: TrainingConfig | None = None
        controller.settings_changed.connect(self._on_settings_changed)
        controller.state_changed.connect(self._on_state_changed)

    def sentence(self) -> str:
        """Say which settings differ, and how much of the run is shown; empty without a run."""
        if self.run is None:
            return ""
        applied = self._controller.applied_settings.with_value("engine", self.run.config.engine)
        words = clauses(differing_settings(self.run.config, applied))
        sentence = (
            tr("What if (dashed): {settings}.").format(settings=words)
            if words
            else tr("Dashed: the steps to come.")
        )
        if self.run.diverged_at is not None:
            words = tr("Diverges at step {step}.")
            return paragraph(sentence, words.format(step=whole(self.run.diverged_at)))
        if self.run.stopped_at is not None:
            words = tr("Stops by your rule at step {step}.")
            return paragraph(sentence, words.format(step=whole(self.run.stopped_at)))
        step, planned = self.run.history.step, self.run.planned_steps
        if step < planned:
            words = tr("Shown: the first {step} of {planned} steps.")
            return paragraph(sentence, words.format(step=whole(step), planned=whole(planned)))
        return sentence

    @Slot()
    def _on_settings_changed(self) -> None:
        settings = self._controller.settings.with_defaults("engine")
        if settings == self._asked:
            return
        if settings == self._controller.applied_settings.with_defaults("engine"):
            self._withdraw()
        elif self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE):
            self._asked = settings
            job = self._controller.background.start(Channel.WHAT_IF, _what_if(settings))
            job.yielded.connect(self._on_yielded)
            job.failed.connect(self._on_failed)

    @Slot()
    def _on_state_changed(self) -> None:
        """Withdraw once the run itself begins with these settings, or diverges with this rate."""
        state = self._controller.state
        applied = self._controller.applied_settings.with_defaults("engine")
        if state is RunState.DIVERGED:
            rate = self._controller.settings.learning_rate
            applied = applied.with_value("learning_rate", rate)
        if state is not RunState.READY and applied == self._asked:
            self._withdraw()

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._controller.background.cancel(Channel.WHAT_IF)
            self._asked = None
            self.run = None
            self.changed.emit()

    @Slot(object)
    def _on_yielded(self, answer: "NextSteps") -> None:
        self.run = answer.run
        answer.take()
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self._withdraw()
        self._controller.message_posted.emit(sentence)


def _what_if(settings: TrainingConfig) -> Work:
    from linreg_gui.runs.what_if import what_if  # noqa: PLC0415 - imports MXNet

    yield from what_if(settings)
