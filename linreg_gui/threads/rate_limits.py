"""Which learning rates train, for the settings as the controls have them."""

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.threads.background import Channel
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.what_if import WhatIf
from linreg_gui.training.config import TrainingConfig
from linreg_gui.training.run import Run

if TYPE_CHECKING:
    from linreg_gui.training.stability import LearningRateLimits

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
        self._controller.background.start(Channel.LIMITS, lambda: _job(config, limits))

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


def _job(config: TrainingConfig, limits: "LearningRateLimits") -> Iterator[float | None]:
    from linreg_gui.training.what_if import typical_rate  # noqa: PLC0415 - imports MXNet

    return typical_rate(config, limits)
