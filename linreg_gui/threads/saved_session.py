"""The session of a window, taken as it is at one moment, and put back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.run import KeptRun, Run
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SavedGuesses, SavedKeptRun, SavedRun, SessionState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import KeptRuns

if TYPE_CHECKING:
    from linreg_gui.sessions.restoring import RestoredSession
    from linreg_gui.threads.guesses import Guesses
    from linreg_gui.threads.predict_first import PredictFirst
    from linreg_gui.threads.sweeper import Sweeper

_AT_REST = {RunState.RUNNING: RunState.PAUSED, RunState.FAILED: RunState.PAUSED}
"""Where a run stands once it is opened again."""


def capture(
    controller: TrainingController,
    kept_runs: KeptRuns,
    guesses: "Guesses | None",
    predictions: "PredictFirst | None",
    sweeper: "Sweeper | None",
    view: Mapping[str, Any],
) -> SessionState:
    """Return everything a person has made, at this moment.

    Takes a few milliseconds on the GUI thread: no step is copied, and the run may go on. Of the
    ``view`` nothing may change later.
    """
    run = controller.current_run
    saved = None
    if run is not None:
        applied = controller.applied_settings
        saved = _saved(run, applied, controller.state, controller.outcome)
    return SessionState(
        settings=controller.settings,
        run=saved,
        drawn=_drawn(run) if run is not None and run.config.data is None else (),
        kept=tuple(
            _kept(kept, is_on_screen=kept_runs.is_on_screen(kept)) for kept in kept_runs.runs
        ),
        guesses=None if guesses is None else guesses.saved(),
        predictions=None if predictions is None else predictions.saved(),
        sweep=None if sweeper is None else sweeper.saved(),
        view=view,
    )


def put_back(
    session: "RestoredSession",
    kept_runs: KeptRuns,
    guesses: "Guesses | None",
    predictions: "PredictFirst | None",
    sweeper: "Sweeper | None",
) -> None:
    """Put back what does not belong to the controller. To be called at its signal `restored`.

    An owner that has nothing yet, and gets nothing, may be None.
    """
    kept_runs.put_back(session.kept)
    if guesses is not None:
        guesses.put_back(session.state.guesses or SavedGuesses())
    if predictions is not None:
        predictions.put_back(session.state.predictions)
    if sweeper is not None:
        sweeper.put_back(session.state.sweep)


def _saved(run: Run, config: TrainingConfig, state: RunState, outcome: str) -> SavedRun:
    at_rest = _AT_REST.get(state, state)
    return SavedRun(
        config=config,
        state=at_rest,
        outcome=outcome if at_rest is state else "",
        trajectory=run.history.trajectory(),
        drawn_start=run.problem.drawn_start,
        planned_epochs=run.planned_epochs,
        messages=tuple(run.messages),
        diverged_at=run.diverged_at,
        stopped_at=run.stopped_at,
        limits=run.limits,
    )


def _kept(kept: KeptRun, *, is_on_screen: bool) -> SavedKeptRun:
    run = kept.run
    return SavedKeptRun(
        run=_saved(run, run.config, kept.state, ""),
        is_on_screen=is_on_screen,
        example=replace(run.dataset, edited=None),
        moments=run.problem.moments,
        held_out=run.problem.held_out,
        number=kept.number,
        name=kept.name,
        color_index=kept.color_index,
        is_shown=kept.is_shown,
        is_pinned=kept.is_pinned,
    )


def _drawn(run: Run) -> tuple[Dataset, ...]:
    parts = run.problem.dataset, run.problem.held_out_examples
    return tuple(replace(part, places=None) for part in parts if part is not None)
