"""The state of the current run, and the actions that it allows."""

from enum import StrEnum

from linreg_gui.texts import tr


class RunState(StrEnum):
    """The state of the current run."""

    LOADING = "loading"
    UNAVAILABLE = "unavailable"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


class Action(StrEnum):
    """A command for the run."""

    RUN = "run"
    PAUSE = "pause"
    STEP = "step"
    EPOCH = "epoch"
    STOP = "stop"
    RESET = "reset"
    NEW_SEED = "new_seed"


_RENEW = {Action.RESET, Action.NEW_SEED}
_ADVANCE = {Action.RUN, Action.STEP, Action.EPOCH}

ALLOWED: dict[RunState, frozenset[Action]] = {
    RunState.LOADING: frozenset(),
    RunState.UNAVAILABLE: frozenset(),
    RunState.READY: frozenset(_ADVANCE | _RENEW),
    RunState.RUNNING: frozenset({Action.PAUSE, Action.STOP} | _RENEW),
    RunState.PAUSED: frozenset(_ADVANCE | {Action.STOP} | _RENEW),
    # A completed run can be taken further, a batch or an epoch at a time; Run trains it again.
    RunState.COMPLETED: frozenset(_ADVANCE | _RENEW),
    RunState.STOPPED: frozenset({Action.RUN} | _RENEW),
    RunState.DIVERGED: frozenset({Action.RUN} | _RENEW),
    RunState.FAILED: frozenset({Action.RUN} | _RENEW),
}
"""The actions that make sense in each state; all others are disabled."""

FINISHED = frozenset({RunState.COMPLETED, RunState.STOPPED, RunState.DIVERGED, RunState.FAILED})
"""The states in which Run trains again from the start."""


def state_words(state: RunState) -> str:
    """Return the state as the window shows it."""
    return {
        RunState.LOADING: tr("Loading MXNet"),
        RunState.UNAVAILABLE: tr("Cannot train"),
        RunState.READY: tr("Ready"),
        RunState.RUNNING: tr("Running"),
        RunState.PAUSED: tr("Paused"),
        RunState.COMPLETED: tr("Completed"),
        RunState.STOPPED: tr("Stopped"),
        RunState.DIVERGED: tr("Diverged"),
        RunState.FAILED: tr("Failed"),
    }[state]
