"""Each state allows just the actions that make sense in it."""

import pytest

from linreg_gui.runs.states import ALLOWED, FINISHED, Action, RunState, state_words

ADVANCE = {Action.RUN, Action.STEP, Action.EPOCH}
RENEW = {Action.RESET, Action.NEW_SEED}

PROMISED = {
    RunState.LOADING: set(),
    RunState.UNAVAILABLE: set(),
    RunState.READY: ADVANCE | RENEW,
    RunState.RUNNING: {Action.PAUSE, Action.STOP} | RENEW,
    RunState.PAUSED: ADVANCE | {Action.STOP} | RENEW,
    RunState.COMPLETED: ADVANCE | RENEW,
    RunState.STOPPED: {Action.RUN} | RENEW,
    RunState.DIVERGED: {Action.RUN} | RENEW,
    RunState.FAILED: {Action.RUN} | RENEW,
}


def test_the_table_has_every_state() -> None:
    assert set(ALLOWED) == set(PROMISED) == set(RunState)


@pytest.mark.parametrize("state", RunState)
@pytest.mark.parametrize("action", Action)
def test_an_action_is_allowed_where_it_makes_sense(state: RunState, action: Action) -> None:
    assert (action in ALLOWED[state]) == (action in PROMISED[state])


def test_run_begins_anew_in_every_state_that_has_run_but_cannot_go_on() -> None:
    assert all(Action.RUN in ALLOWED[state] for state in FINISHED)
    assert not FINISHED & {RunState.READY, RunState.RUNNING, RunState.PAUSED}


def test_every_state_has_words_of_its_own() -> None:
    words = [state_words(state) for state in RunState]
    assert all(words)
    assert len(set(words)) == len(words)
    assert state_words(RunState.LOADING) == "Loading MXNet"
