"""From a session to runs that go on. Runs on MXNet's thread."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from linreg_gui.analysis.problem import Problem
from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.steps import Place, TrainingEngine
from linreg_gui.runs.forecast import forecast
from linreg_gui.runs.history import History
from linreg_gui.runs.preparation import limit_batch_size, prepare_run, problem_of
from linreg_gui.runs.run import KEPT_BYTES, KeptRun, Run
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SavedKeptRun, SavedRun, SessionState
from linreg_gui.settings import STEP_SETTINGS, Init, TrainingConfig, setting_of
from linreg_gui.texts import tr

_AFTER_DRAWING = (*STEP_SETTINGS, "batch_size", "shuffle", "standardize", "test_share")
"""The settings on which what the seed draws does not depend."""


@dataclass(frozen=True, eq=False)
class RestoredSession:
    """A session whose runs can go on.

    Attributes
    ----------
    state : SessionState
        As it was saved, but with other settings if a seed draws other numbers here.
    run : Run
        The run on screen.
    run_state : RunState
        Where it stands.
    outcome : str
        How it ended; empty while it has not.
    applied : TrainingConfig
        The settings with which it began.
    kept : list of KeptRun
        The newest last.
    """

    state: SessionState
    run: Run
    run_state: RunState
    outcome: str
    applied: TrainingConfig
    kept: list[KeptRun]


def restoring(
    state: SessionState, number: int
) -> Generator[None, None, tuple[RestoredSession, TrainingEngine]]:
    """Prepare the runs of a session, of which that on screen gets ``number``; yield between slices.

    Returns the session, and the engine of the run on screen.

    A seed draws other numbers on another platform. Then a run takes the examples and the start that
    were saved with it, and a message says so.
    """
    note = ""
    if state.run is not None and not _draws_the_same(state, state.run):
        note = tr(
            "This computer draws other numbers from seed {seed} than the one on which the session "
            "was saved. The run has the examples and the start that were saved."
        ).format(seed=state.run.config.seed)
        state = _with_drawn_data(state, state.run)
    yield
    saved = state.run
    run, engine = prepare_run(number, state.settings if saved is None else saved.config)
    run.forecast = forecast(run)
    yield
    if saved is None:
        run.messages += [run.forecast.sentence] if run.forecast else []
    else:
        is_at_start = not saved.trajectory.step
        is_at_start = is_at_start and np.array_equal(run.history.start, saved.trajectory.start)
        yield from run.history.taking_up(saved.trajectory)
        if not is_at_start:
            yield from engine.taking_up(_place_of(run.history))
        engine.learning_rate = state.settings.learning_rate
        _complete(run, saved)
        run.messages += [note] if note else []
    kept = []
    numbers = count(-1, -1)  # no run on screen ever has these
    for each in state.kept:
        run_number = number if each.is_on_screen else next(numbers)
        kept.append((yield from _kept_run(each, run_number)))
    restored = RestoredSession(
        state=state,
        run=run,
        run_state=RunState.READY if saved is None else saved.state,
        outcome="" if saved is None else saved.outcome,
        applied=state.settings if saved is None else saved.config,
        kept=kept,
    )
    return restored, engine


def _draws_the_same(state: SessionState, saved: SavedRun) -> bool:
    """Return whether the seed draws here what it has drawn when the session was saved."""
    problem = problem_of(saved.config)
    for here, drawn in zip(_parts(problem), state.drawn, strict=False):
        same = np.array_equal(here.features, drawn.features)
        if not same or not np.array_equal(here.target, drawn.target):
            return False
    is_drawn = saved.config.init is Init.NORMAL
    return not is_drawn or np.array_equal(problem.drawn_start, saved.drawn_start)


def _parts(problem: Problem) -> list[Dataset]:
    """Return the examples that are trained on, and those that are held out."""
    return [part for part in (problem.dataset, problem.held_out_examples) if part is not None]


def _put_together(problem: Problem, drawn: Sequence[Dataset]) -> Dataset:
    """Return examples that were divided as those of ``problem`` are, in the order as drawn."""
    places = [part.places_of(np.arange(part.size)) for part in _parts(problem)]
    order = np.argsort(np.concatenate(places))
    return replace(
        drawn[0],
        name=tr("drawn on another computer"),
        features=np.concatenate([part.features for part in drawn])[order],
        target=np.concatenate([part.target for part in drawn])[order],
    )


def _with_drawn_data(state: SessionState, saved: SavedRun) -> SessionState:
    """Return the session with the saved examples and start wherever the same were drawn."""
    data = saved.config.data
    if state.drawn:
        data = _put_together(problem_of(saved.config), state.drawn)
    former = saved.config.with_defaults(*_AFTER_DRAWING)
    problem = problem_of(saved.config.with_value("data", data))
    limits = setting_of("start_bias")  # the weights' too
    measured = problem.original.parameters(saved.drawn_start).tolist()
    *weights, bias = (limits.nearest(value) for value in measured)

    def redrawn(config: TrainingConfig) -> TrainingConfig:
        if config.with_defaults(*_AFTER_DRAWING) != former:
            return config
        config = config.with_value("data", data)
        if config.init is not Init.NORMAL:
            return config
        return replace(config, init=Init.TYPED, start_weights=tuple(weights), start_bias=bias)

    guesses, predictions = state.guesses, state.predictions
    return replace(
        state,
        settings=redrawn(state.settings),
        run=replace(saved, config=redrawn(saved.config)),
        kept=tuple(
            replace(kept, run=replace(kept.run, config=redrawn(kept.run.config)))
            for kept in state.kept
        ),
        guesses=guesses
        and replace(
            guesses,
            kept=tuple(replace(kept, config=redrawn(kept.config)) for kept in guesses.kept),
        ),
        predictions=predictions
        and replace(predictions, locked=predictions.locked and redrawn(predictions.locked)),
    )


def _place_of(history: History) -> Place:
    last = history.last
    return Place(
        step=history.step,
        parameters=history.current_parameters,
        moving_loss=last.moving_loss if last else 0.0,
        learning_rate=history.learning_rate_at(history.step),
        origin=history.origin,
    )


def _complete(run: Run, saved: SavedRun) -> None:
    """Give ``run`` all that was saved beside its steps."""
    run.planned_epochs = saved.planned_epochs
    run.messages = [*saved.messages]
    run.diverged_at, run.stopped_at = saved.diverged_at, saved.stopped_at
    run.limits = saved.limits


def _kept_run(saved: SavedKeptRun, number: int) -> Generator[None, None, KeptRun]:
    config, _ = limit_batch_size(saved.run.config)
    seed_generators(config.seed)
    problem = Problem(
        dataset=saved.example,
        moments=saved.moments,
        held_out=saved.held_out,
        is_standardized=config.standardize,
        drawn_start=saved.run.drawn_start,
        shuffling=ShuffleState(),
    )
    steps = saved.run.trajectory
    history = History(
        steps.start, config.trained_on, config.batch_size, config.learning_rate, KEPT_BYTES
    )
    yield from history.taking_up(steps)
    run = Run(number, config, problem, saved.run.limits, history, saved.run.planned_epochs)
    _complete(run, saved.run)
    return KeptRun(
        run=run,
        number=saved.number,
        state=saved.run.state,
        color_index=saved.color_index,
        name=saved.name,
        is_shown=saved.is_shown,
        is_pinned=saved.is_pinned,
    )
