"""Controllers whose first run is prepared."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from tests.conftest import MakeController
from tests.support import (
    PATIENCE,
    Bring,
    LoggedErrors,
    Ready,
    is_prepared,
    settle,
    wait_for_state,
    wait_until_ready,
)


@pytest.fixture
def ready(qtbot: QtBot, make_controller: MakeController) -> Ready:
    """Return a function that makes a loaded controller with a prepared run of these settings."""

    def make(config: TrainingConfig) -> TrainingController:
        controller = make_controller(config)
        controller.load()
        wait_until_ready(qtbot, controller)
        return controller

    return make


WAYS: dict[RunState, tuple[dict[str, Any], list[Callable[[TrainingController], None]]]] = {
    RunState.READY: ({}, []),
    RunState.RUNNING: ({}, [TrainingController.start]),
    RunState.PAUSED: ({}, [TrainingController.step]),
    RunState.STOPPED: ({}, [TrainingController.step, TrainingController.stop]),
    RunState.COMPLETED: ({"examples": 8, "epochs": 1}, [TrainingController.start]),
    RunState.DIVERGED: ({"examples": 100, "learning_rate": 1e3}, [TrainingController.start]),
    RunState.FAILED: ({}, [TrainingController.reset]),
}
"""The settings and the actions that lead to a state."""


@pytest.fixture
def bring(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, logged_errors: LoggedErrors) -> Bring:
    """Return a function that brings a controller from the start of loading to a state.

    It calls ``load``, unless something else loads MXNet.
    """

    def fail(*_: object) -> None:
        raise ValueError("on purpose")

    def bring(
        controller: TrainingController, state: RunState, load: Callable[[], None] = lambda: None
    ) -> None:
        if state is RunState.LOADING:
            return
        with monkeypatch.context() as patched:
            if state is RunState.UNAVAILABLE:
                patched.setitem(sys.modules, "linreg_gui.backend", None)
            load()
            if state in WAYS:
                settings, actions = WAYS[state]
                qtbot.waitUntil(lambda: is_prepared(controller), timeout=PATIENCE)
                controller.change_settings(**settings)
                wait_until_ready(qtbot, controller)
                if state is RunState.FAILED:
                    patched.setattr("linreg_gui.runs.preparation.prepare_run", fail)
                for action in actions:
                    action(controller)
                settle(controller)
            wait_for_state(qtbot, controller, state)
        if state in (RunState.FAILED, RunState.UNAVAILABLE):
            assert logged_errors() == [controller.outcome]

    return bring
