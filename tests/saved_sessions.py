"""Sessions in tests: taken from real objects, written, read and put back."""

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from linreg_gui.languages import Told
from linreg_gui.pieces import at_once
from linreg_gui.runs.history import History
from linreg_gui.sessions.session_file import reading_session, writing_session
from linreg_gui.sessions.state import SessionState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.guesses import Guesses
from linreg_gui.threads.kept_runs import KeptRuns
from linreg_gui.threads.predict_first import PredictFirst
from linreg_gui.threads.saved_session import capture, put_back
from linreg_gui.threads.sweeper import Sweeper

Wait = Callable[[Callable[[], bool]], None]


class Owners:
    """A controller, and the objects that follow its run."""

    def __init__(self, controller: TrainingController) -> None:
        self.controller = controller
        self.kept_runs = KeptRuns(controller, controller)
        self.guesses = Guesses(controller, controller)
        self.predictions = PredictFirst(controller, None, controller)
        self.sweeper = Sweeper(controller, controller)
        controller.restored.connect(
            lambda session: put_back(
                session, self.kept_runs, self.guesses, self.predictions, self.sweeper
            )
        )

    def capture(self, **view: Any) -> SessionState:
        owners = (self.kept_runs, self.guesses, self.predictions, self.sweeper)
        return capture(self.controller, *owners, view)

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
    at_once(writing_session(file, state))
    return file


def read(file: Path) -> SessionState:
    return at_once(reading_session(file))


def same(one: object, other: object) -> bool:
    """Return whether two objects have the same values to the last bit, however deep."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if dataclasses.is_dataclass(one) and type(one) is type(other):
        fields = [field.name for field in dataclasses.fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in fields)
    own, its = (str if isinstance(each, Told) else type(each) for each in (one, other))
    return own is its and one == other
