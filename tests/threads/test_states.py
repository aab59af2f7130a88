"""Whatever is asked in whatever state, only what makes sense is done."""

from collections.abc import Callable

import pytest

from linreg_gui.runs.states import ALLOWED, Action, RunState
from linreg_gui.threads.controller import TrainingController
from tests.conftest import MakeController

CALLS: dict[Action, Callable[[TrainingController], None]] = {
    Action.RUN: TrainingController.start,
    Action.PAUSE: TrainingController.pause,
    Action.STEP: TrainingController.step,
    Action.EPOCH: TrainingController.finish_epoch,
    Action.STOP: TrainingController.stop,
    Action.RESET: TrainingController.reset,
    Action.NEW_SEED: TrainingController.draw_new_seed,
}

LEADS_TO = {
    Action.RUN: RunState.RUNNING,
    Action.PAUSE: RunState.PAUSED,
    Action.STEP: RunState.PAUSED,
    Action.EPOCH: RunState.RUNNING,
    Action.STOP: RunState.STOPPED,
    Action.RESET: RunState.READY,
    Action.NEW_SEED: RunState.READY,
}

PAIRS = [(state, action) for state in RunState for action in Action]


def requests_of(controller: TrainingController) -> list[str]:
    """Return a list that fills with all that the controller asks of its thread or announces."""
    requests: list[str] = []
    for name in (
        "_load_asked", "_prepare_asked", "_command_given", "_pause_asked", "_learning_rate_set",
        "state_changed", "settings_changed", "message_posted",
    ):  # fmt: skip
        getattr(controller, name).connect(lambda *_, name=name: requests.append(name))
    return requests


def test_every_action_has_its_call() -> None:
    assert set(CALLS) == set(Action)


@pytest.mark.parametrize(
    ("state", "action"), [pair for pair in PAIRS if pair[1] not in ALLOWED[pair[0]]]
)
def test_what_makes_no_sense_does_nothing(
    make_controller: MakeController, state: RunState, action: Action
) -> None:
    controller = make_controller()
    controller.state = state
    settings, requests = controller.settings, requests_of(controller)
    assert not controller.allows(action)
    CALLS[action](controller)
    assert (controller.state, requests) == (state, [])
    assert controller.settings is settings


@pytest.mark.parametrize(
    ("state", "action"), [pair for pair in PAIRS if pair[1] in ALLOWED[pair[0]]]
)
def test_what_makes_sense_is_done(
    make_controller: MakeController, state: RunState, action: Action
) -> None:
    controller = make_controller()
    controller.state = state
    requests = requests_of(controller)
    assert controller.allows(action)
    CALLS[action](controller)
    assert controller.state is LEADS_TO[action]
    assert {"_command_given", "_pause_asked", "_prepare_asked"} & set(requests)
