"""A session that is saved and opened again is the same, to the last bit."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linreg_gui.runs.history import History
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.session_file import reading_session, writing_session
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.guesses import Guesses
from linreg_gui.threads.kept_runs import KeptRuns
from linreg_gui.threads.predict_first import PredictFirst
from linreg_gui.threads.saved_session import capture, put_back
from tests.support import Ready

Wait = Callable[[Callable[[], bool]], None]


class Owners:
    """A controller, and the objects that follow its run."""

    def __init__(self, controller: TrainingController) -> None:
        self.controller = controller
        self.kept_runs = KeptRuns(controller, controller)
        self.guesses = Guesses(controller, controller)
        self.predictions = PredictFirst(controller, None, controller)
        controller.restored.connect(
            lambda session: put_back(session, self.kept_runs, self.guesses, self.predictions)
        )

    def capture(self, **view: Any) -> SessionState:
        return capture(self.controller, self.kept_runs, self.guesses, self.predictions, view)

    def restore(self, state: SessionState, wait_for: Wait) -> None:
        opened: list[None] = []
        self.controller.session_opened.connect(lambda: opened.append(None))
        self.controller.restore(state)
        wait_for(lambda: bool(opened))


def history(controller: TrainingController) -> History:
    assert controller.run is not None
    return controller.run.history


def step(controller: TrainingController, count: int, wait_for: Wait) -> None:
    for _ in range(count):
        wanted = history(controller).step + 1
        controller.step()
        wait_for(partial(_is_at, controller, wanted))


def _is_at(controller: TrainingController, step: int) -> bool:
    return history(controller).step == step


def write(file: Path, state: SessionState) -> Path:
    for share in writing_session(file, state):
        assert 0 <= share <= 1
    return file


def read(file: Path) -> SessionState:
    reading = reading_session(file)
    while True:
        try:
            assert 0 <= next(reading) <= 1
        except StopIteration as end:
            state: SessionState = end.value
            return state


@pytest.mark.parametrize("engine", [*Engine])
def test_a_run_goes_on_bit_for_bit(
    engine: Engine, ready: Ready, wait_for: Wait, tmp_path: Path
) -> None:
    config = TrainingConfig(engine=engine, examples=500, learning_rate=0.01, epochs=3)
    owners = Owners(ready(config))
    controller = owners.controller
    step(controller, 3, wait_for)
    controller.change_setting("learning_rate", 0.02)
    controller.finish_epoch()
    wait_for(lambda: controller.state is RunState.PAUSED)
    step(controller, 7, wait_for)
    file = write(tmp_path / "a.linreg", owners.capture(page=3))
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    expected = history(controller).trajectory()

    state = read(file)
    assert state.view == {"page": 3}
    other = Owners(ready(TrainingConfig(examples=20)))
    other.restore(state, wait_for)
    controller = other.controller
    assert controller.state is RunState.PAUSED
    assert controller.settings == owners.controller.settings
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    got = history(controller).trajectory()
    for name in ("start", "losses", "moving_losses", "parameters", "epoch_means"):
        np.testing.assert_array_equal(getattr(got, name), getattr(expected, name), name)
    assert got.rate_changes == expected.rate_changes
    assert len(other.kept_runs.runs) == 1
