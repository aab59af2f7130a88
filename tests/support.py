"""What tests of several parts share."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from linreg_gui.analysis.moments import moments_of
from linreg_gui.analysis.problem import Problem
from linreg_gui.anatomy.step_trace import StepRequest, StepTrace
from linreg_gui.data.dataset import Dataset, FloatArray, Skipped
from linreg_gui.engines.minibatch_order import MinibatchOrder
from linreg_gui.engines.steps import StepBatch, TrainingEngine
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Init, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Background, Channel, Job, Work

ROOT = Path(__file__).resolve().parent.parent

PATIENCE = 60_000
"""Milliseconds after which a test gives up waiting; far more than a busy machine needs."""

UNLIMITED = 1e9
"""Seconds of a slice that only its number of steps ends."""


def needs_posix(what: str) -> pytest.MarkDecorator:
    """Skip a test on Windows, which has no ``what``."""
    return pytest.mark.skipif(sys.platform == "win32", reason=f"Windows has no {what}")


needs_full_disk = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")

Ready = Callable[[TrainingConfig], TrainingController]
"""What the fixture ``ready`` returns."""

Bring = Callable[..., None]
"""What the fixture ``bring`` returns."""

LoggedErrors = Callable[[], list[str]]
"""What the fixture ``logged_errors`` returns."""


def made_data(features: npt.ArrayLike, target: npt.ArrayLike) -> Dataset:
    """Return measured data: ``features`` holds a column, or a row of numbers for each example."""
    y = np.array(target, np.float64)
    X = np.array(features, np.float64).reshape(len(y), -1)
    names = tuple(f"x{index}" for index in range(X.shape[1]))
    return Dataset(X, y, names, name="made", skipped=Skipped(len(y)))


def problem_posed_by(dataset: Dataset) -> Problem:
    """Return the problem that ``dataset`` poses, nothing held out and nothing standardized."""
    from linreg_gui.data.shuffling import ShuffleState

    return Problem(
        dataset=dataset,
        moments=moments_of(dataset),
        held_out=None,
        is_standardized=False,
        drawn_start=np.zeros(dataset.dimension + 1, np.float32),
        shuffling=ShuffleState(),
    )


def line_data(first: int, last: int) -> Dataset:
    """Return x = first..last with y = 2x + 1."""
    x = np.arange(first, last + 1)
    return made_data(x, 2 * x + 1)


def from_zeros(**values: object) -> TrainingConfig:
    """Return settings whose run starts at 0."""
    return TrainingConfig(init=Init.ZEROS, **values)  # type: ignore[arg-type]


def train(engine: TrainingEngine, steps: int) -> StepBatch:
    """Train ``steps`` further steps in one slice."""
    return engine.advance(steps, UNLIMITED)


def order_of(run: Run) -> MinibatchOrder:
    """Return what finds the rows of the run's minibatches."""
    return MinibatchOrder(run.dataset.size, run.config, run.problem.shuffling)


def looked_into(
    run: Run,
    step: int,
    *,
    known_step: int | None = None,
    order: MinibatchOrder | None = None,
    module: ModuleType | None = None,
) -> StepTrace:
    """Return the inside of a step that the run has made, found from an earlier one."""
    from linreg_gui import lesson
    from linreg_gui.anatomy.line_tracing import trace_step

    history = run.history
    known = history.up_to(step - 1 if known_step is None else known_step)
    rates = [history.learning_rate_at(each) for each in range(known.step + 1, step + 1)]
    request = StepRequest(
        run.number,
        run.problem.trained,
        run.config.batch_size,
        known.step,
        known.parameters,
        known.moving_loss,
        tuple(rates),
    )
    *_, trace = trace_step(request, order or order_of(run), module or lesson)
    assert trace is not None
    return trace


def fingerprint(config: TrainingConfig, steps: int) -> dict[str, str]:
    """Train and return a digest of the bits of everything that a seed decides."""
    from linreg_gui.runs.preparation import prepare_run

    run, engine = prepare_run(1, config)
    batch = train(engine, steps)
    return {"start": _digest(run.history.start), **data_digests(run), **batch_digests(batch)}


def data_digests(run: Run) -> dict[str, str]:
    return {"features": _digest(run.dataset.features), "target": _digest(run.dataset.target)}


def batch_digests(batch: StepBatch) -> dict[str, str]:
    return {
        "losses": _digest(batch.losses),
        "moving_losses": _digest(batch.moving_losses),
        "parameters": _digest(batch.parameters),
    }


def history_digests(run: Run) -> dict[str, str]:
    """Return what `batch_digests` returns of the batch that has all the steps of ``run``."""
    history = run.history
    return {
        "losses": _digest(history.losses),
        "moving_losses": _digest(history.moving_losses),
        "parameters": _digest(np.ascontiguousarray(history.parameters.T)),
    }


def _digest(array: FloatArray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def at_home_in(folder: Path) -> dict[str, str]:
    """Return the variables that let a process keep its settings and logs in ``folder``."""
    names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")
    return dict.fromkeys(names, str(folder))


def run_python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own, in the project's folder."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE / 1000,
        check=False,
    )


def is_prepared(controller: TrainingController) -> bool:
    """Return whether its run is the one of the present settings."""
    is_applied = controller.settings == controller.applied_settings
    return controller.current_run is not None and is_applied


def wait_until_ready(qtbot: QtBot, controller: TrainingController) -> Run:
    """Wait until the run of the present settings is prepared; return it."""

    def ready() -> bool:
        return controller.state is RunState.READY and is_prepared(controller)

    qtbot.waitUntil(ready, timeout=PATIENCE)
    assert controller.run is not None
    return controller.run


def wait_until(condition: Callable[[], object], why: Callable[[], object] = str) -> None:
    """Let the program work until ``condition`` holds; if it never does, fail and say ``why``."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < deadline, why()
        QCoreApplication.processEvents()
        time.sleep(0.001)


def wait_for_state(qtbot: QtBot, controller: TrainingController, *states: RunState) -> None:
    """Wait until the controller is in one of ``states``."""
    qtbot.waitUntil(lambda: controller.state in states, timeout=PATIENCE)


def wait_for_step(qtbot: QtBot, controller: TrainingController, step: int) -> None:
    """Wait until the run has got to ``step``."""

    def arrived() -> bool:
        return controller.run is not None and controller.run.history.step >= step

    qtbot.waitUntil(arrived, timeout=PATIENCE)


class _Barrier(QObject):
    asked = Signal()

    def __init__(self, background: Background, doomed: Iterable[QObject] = ()) -> None:
        super().__init__()
        self.passed = threading.Event()
        self._doomed = [*doomed]
        background.adopt(self)
        self.asked.connect(self._pass)

    @Slot()
    def _pass(self) -> None:
        # Not by `deleteLater`: Qt would hold a lock of its connections, and wait for Python's.
        while self._doomed:
            shiboken6.delete(self._doomed.pop())
        self.passed.set()


def let_the_worker_pass(controller: TrainingController) -> None:
    """Wait until the training thread has done all it was asked; its answers are still to come."""
    assert _pass_through(controller.background)


def _pass_through(background: Background, doomed: Iterable[QObject] = ()) -> bool:
    barrier = _Barrier(background, doomed)
    barrier.asked.emit()
    return barrier.passed.wait(PATIENCE / 1000)


class LastingThread(Background):
    """A training thread that goes on when a window closes, for the windows of other tests."""

    def __init__(self) -> None:
        self._workers: list[QObject] = []
        super().__init__("training")
        self._workers.clear()  # what does the jobs stays

    def adopt(self, worker: QObject) -> None:
        super().adopt(worker)
        self._workers.append(worker)

    def shut_down(self) -> bool:
        for channel in Channel:
            self.cancel(channel)
        doomed, self._workers = self._workers, []
        return _pass_through(self, doomed)

    def end(self) -> bool:
        return super().shut_down()


def settle(controller: TrainingController) -> None:
    """Wait until all that the training thread was asked is done, and all answers are taken in.

    Steps of a run that goes on do not end, and are not waited for.
    """
    let_the_worker_pass(controller)
    QCoreApplication.sendPostedEvents()


def note_jobs(controller: TrainingController, monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    """Return a list that fills with the channels of all jobs started from now on."""
    noted: list[Channel] = []
    start = controller.background.start

    def note(channel: Channel, work: Work) -> Job:
        noted.append(channel)
        return start(channel, work)

    monkeypatch.setattr(controller.background, "start", note)
    return noted


def steps_of(batches: Sequence[StepBatch]) -> list[int]:
    """Return the numbers of all the steps in ``batches``."""
    return [step for batch in batches for step in range(batch.first_step, batch.last_step + 1)]
