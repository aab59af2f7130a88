"""Runs beside the one on screen: those of other settings, single or swept, and finished runs."""

import dataclasses
import weakref
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.number_text import whole
from linreg_gui.runs.run import KeptRun, Run
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import SweepPoint, sweep
from linreg_gui.settings import Engine, TrainingConfig, differing_settings
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Job, Work

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
        self._job: Job | None = None
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
            self._job = self._controller.background.start(Channel.WHAT_IF, _what_if(settings))
            self._job.yielded.connect(self._on_yielded)
            self._job.failed.connect(self._on_failed)

    @Slot()
    def _on_state_changed(self) -> None:
        """Withdraw once the run itself begins with these settings."""
        if (
            self._controller.state is not RunState.READY
            and _without_engine(self._controller.applied_settings) == self._asked
        ):
            self._withdraw()

    def _withdraw(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = self._asked = None
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

MOST_KNOWN = 32
"""Typical limits that are remembered."""


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
        while len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
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


class Sweeper(QObject):
    """Trains once for each of several values of a setting. Lives in the GUI thread.

    Attributes
    ----------
    name : str
        The setting that is swept; empty before the first sweep.
    values : tuple of float
        Its values, ascending.
    points : list of SweepPoint
        How the runs ended so far, in the order of the values.

    Signals
    -------
    changed()
        Any of these has changed.
    failed(str)
        The sweep cannot go on; a sentence says why.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.values: tuple[float, ...] = ()
        self.points: list[SweepPoint] = []
        self._controller = controller
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Return whether there are more points to come."""
        return self._job is not None

    def start(self, name: str, values: Sequence[float]) -> None:
        """Train with each of ``values`` for the setting ``name``, and the other present settings.

        Raises
        ------
        SettingError
            If one of the values is out of its limits. Then the former sweep stays.
        """
        settings = self._controller.settings
        configs = [settings.with_value(name, value) for value in values]
        self.name, self.values = name, tuple(values)
        self.points = []
        self._job = self._controller.background.start(Channel.SWEEP, sweep(configs))
        self._job.yielded.connect(self._on_yielded)
        self._job.finished.connect(self._end)
        self._job.failed.connect(self._on_failed)
        self.changed.emit()

    def cancel(self) -> None:
        """End the sweep, and keep the points it has."""
        if self._job is not None:
            self._job.cancel()
            self._end()

    @Slot(object)
    def _on_yielded(self, point: SweepPoint) -> None:
        self.points.append(point)
        self.changed.emit()

    @Slot()
    def _end(self) -> None:
        self._job = None
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence)


MOST_RUNS = 24
"""Nobody could tell more runs apart. A new one replaces the oldest that is not pinned."""

_KEPT = frozenset({RunState.COMPLETED, RunState.STOPPED, RunState.DIVERGED})


class KeptRuns(QObject):
    """Keeps each run that was completed, was stopped or diverged. Lives in the GUI thread.

    Attributes
    ----------
    runs : list of KeptRun
        The newest last.
    is_comparing : bool
        Whether new runs will be drawn over later ones.

    Signals
    -------
    changed()
        The list has changed, or a run in it.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[KeptRun] = []
        self.is_comparing = False
        self._count = 0
        self._deleted: tuple[int, KeptRun] | None = None
        self._controller = controller
        controller.state_changed.connect(self._on_state_changed)
        controller.run_prepared.connect(self.changed)

    def over(self) -> list[KeptRun]:
        """Return the runs to draw over the current one."""
        current = self._controller.run
        return [
            kept
            for kept in self.runs
            if kept.is_shown and (current is None or kept.run.number != current.number)
        ]

    def rename(self, kept: KeptRun, name: str) -> None:
        """Rename ``kept``; an empty name changes nothing."""
        if name.strip():
            kept.name = name.strip()
        self.changed.emit()

    def set_shown(self, kept: KeptRun, *, shown: bool) -> None:
        """Draw ``kept`` over the current run, or stop drawing it."""
        kept.is_shown = shown
        self.changed.emit()

    def begin_comparing(self) -> None:
        """Draw all runs, and each new one from now on."""
        self.is_comparing = True
        self.set_all_shown(shown=True)

    def set_all_shown(self, *, shown: bool) -> None:
        """Draw every run over the current one, or none."""
        for kept in self.runs:
            kept.is_shown = shown
        self.changed.emit()

    def set_pinned(self, kept: KeptRun, *, pinned: bool) -> None:
        """Keep ``kept`` even when room is needed, or let it go then."""
        kept.is_pinned = pinned
        self.changed.emit()

    def delete(self, kept: KeptRun) -> None:
        """Delete ``kept``; `restore` brings it back."""
        self._deleted = self.runs.index(kept), kept
        self.runs.remove(kept)
        self.changed.emit()

    @property
    def is_full(self) -> bool:
        """Return whether there is no room for a new run, because all are pinned."""
        return len(self.runs) >= MOST_RUNS and all(kept.is_pinned for kept in self.runs)

    @property
    def can_restore(self) -> bool:
        """Return whether there is a deleted run to bring back."""
        return self._deleted is not None

    def restore(self) -> None:
        """Bring back the last deleted run."""
        if self._deleted is not None:
            self.runs.insert(*self._deleted)
            self._deleted = None
            self.changed.emit()

    @Slot()
    def _on_state_changed(self) -> None:
        run, state = self._controller.current_run, self._controller.state
        if state not in _KEPT or run is None or not run.history.step:
            return
        if self._deleted is not None and self._deleted[1].run.number == run.number:
            self.restore()
        for kept in self.runs:
            if kept.run.number == run.number:  # it was trained further
                kept.run, kept.state = run.reduced(), state
                break
        else:
            self._add(run, state)
        self.changed.emit()

    def _add(self, run: Run, state: RunState) -> None:
        while len(self.runs) >= MOST_RUNS and not self.is_full:
            self.runs.remove(next(kept for kept in self.runs if not kept.is_pinned))
        if not self.is_full:
            self._count += 1
            name = tr("Run {number}").format(number=self._count)
            color, shown = self._free_color(), self.is_comparing
            self.runs.append(KeptRun(run.reduced(), name, state, color, is_shown=shown))

    def _free_color(self) -> int:
        taken = {kept.color_index for kept in self.runs}
        if self._deleted is not None:
            taken.add(self._deleted[1].color_index)
        return next(index for index in count() if index not in taken)
