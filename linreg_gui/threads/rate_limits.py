"""Which learning rates train, with the present settings."""

import dataclasses
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work
from linreg_gui.threads.what_if import WhatIf

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits

SETTLE_MILLISECONDS = 150
"""The typical limit takes some frames. It is computed once no setting has changed for this time."""

MOST_KNOWN = 32
"""Most typical limits that are remembered, the newest ones."""


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
        self._is_hidden = False
        self._settled = QTimer(self, singleShot=True)
        self._settled.timeout.connect(self._compute_typical)
        controller.run_prepared.connect(self._on_subject_changed)
        what_if.changed.connect(self._on_subject_changed)

    @property
    def limits(self) -> "LearningRateLimits | None":
        """Return the limits; None before the first run, and while they are hidden.

        The typical one may still be None.
        """
        run = self._subject
        return run.limits if run and not self._is_hidden else None

    def hide(self, *, hidden: bool) -> None:
        """Tell nobody the limits for now, or tell them again."""
        self._is_hidden = hidden
        self._on_subject_changed()

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
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._on_subject_changed()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        run = self._refused = self._asked
        assert run is not None
        run.messages.append(sentence)
        self.changed.emit()
        self._controller.message_posted.emit(sentence)


def _features_of(run: Run) -> tuple[object, ...]:
    """Return a key that two runs share if the features of their minibatches are the same."""
    data = run.config.data
    # A weak reference keeps no data alive, and equals no other after its data are gone.
    identity = weakref.ref(data) if data else None
    return identity, run.config.minibatch_settings.with_value("data", None)


def _typical_rate(config: TrainingConfig, limits: "LearningRateLimits") -> Work:
    from linreg_gui.runs.what_if import typical_rate  # noqa: PLC0415 - imports MXNet

    yield from typical_rate(config, limits)
