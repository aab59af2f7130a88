"""Each state allows just the actions that make sense in it."""

import pytest

from linreg_gui.runs.states import ALLOWED, FINISHED, Action, RunState, state_words

CANNOT_TRAIN = {RunState.LOADING, RunState.UNAVAILABLE}


def states_that_allow(action: Action) -> set[RunState]:
    return {state for state, actions in ALLOWED.items() if action in actions}


def test_only_a_running_run_can_be_paused() -> None:
    assert states_that_allow(Action.PAUSE) == {RunState.RUNNING}


def test_only_a_run_between_start_and_end_can_be_stopped() -> None:
    assert states_that_allow(Action.STOP) == {RunState.RUNNING, RunState.PAUSED}


@pytest.mark.parametrize("action", [Action.STEP, Action.EPOCH])
def test_a_ready_paused_or_completed_run_can_make_single_steps(action: Action) -> None:
    assert states_that_allow(action) == {RunState.READY, RunState.PAUSED, RunState.COMPLETED}


def test_any_run_that_is_not_running_can_be_run() -> None:
    assert states_that_allow(Action.RUN) == set(RunState) - CANNOT_TRAIN - {RunState.RUNNING}


@pytest.mark.parametrize("action", [Action.RESET, Action.NEW_SEED])
def test_any_run_can_be_reset(action: Action) -> None:
    assert states_that_allow(action) == set(RunState) - CANNOT_TRAIN


def test_run_starts_again_in_every_state_that_can_run_but_not_continue() -> None:
    assert all(Action.RUN in ALLOWED[state] for state in FINISHED)
    assert not FINISHED & {RunState.READY, RunState.RUNNING, RunState.PAUSED}


def test_every_state_has_different_words() -> None:
    words = [state_words(state) for state in RunState]
    assert all(words)
    assert len(set(words)) == len(words)
    assert state_words(RunState.LOADING) == "Loading MXNet"
