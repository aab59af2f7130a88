"""In each state the controller does just the actions that make sense."""

from collections.abc import Callable

import pytest

from linreg_gui.runs.states import ALLOWED, Action, RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from tests.conftest import MakeController
from tests.support import Bring, settle

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

Reach = Callable[[RunState], TrainingController]


@pytest.fixture
def reach(make_controller: MakeController, bring: Bring) -> Reach:
    """Return a function that makes a controller and brings it to a state."""

    def reach(state: RunState) -> TrainingController:
        controller = make_controller(TrainingConfig(examples=1_000, epochs=10_000))
        bring(controller, state, controller.load)
        return controller

    return reach


def test_every_action_has_its_call() -> None:
    assert set(CALLS) == set(Action)


@pytest.mark.parametrize("state", RunState)
def test_what_makes_no_sense_does_nothing(reach: Reach, state: RunState) -> None:
    controller = reach(state)
    assert controller.state is state
    announced: list[str] = []
    controller.state_changed.connect(lambda: announced.append("state"))
    controller.settings_changed.connect(lambda: announced.append("settings"))
    controller.message_posted.connect(announced.append)
    run, settings = controller.run, controller.settings
    step = run.history.step if run else 0
    for action in set(Action) - ALLOWED[state]:
        assert not controller.allows(action)
        CALLS[action](controller)
        if state is not RunState.LOADING:
            settle(controller)
    assert (controller.state, announced) == (state, [])
    assert controller.settings is settings
    assert controller.run is run
    if run is not None and state is not RunState.RUNNING:
        assert run.history.step == step


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state in RunState for action in sorted(ALLOWED[state])],
)
def test_what_makes_sense_is_done(reach: Reach, state: RunState, action: Action) -> None:
    controller = reach(state)
    assert controller.allows(action)
    CALLS[action](controller)
    assert controller.state is LEADS_TO[action]
    settle(controller)
    run = controller.current_run
    assert run is not None
    if action in (Action.STEP, Action.EPOCH):
        assert run.history.step > 0
    elif action in (Action.RESET, Action.NEW_SEED):
        assert run.history.step == 0
