"""One setting over several values: what does the loss end at? Runs on MXNet's thread."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from linreg_gui.training.config import Engine, TrainingConfig
from linreg_gui.training.kept_run import distance_to_least_squares
from linreg_gui.training.preparation import (
    deal_sums_of,
    fitted,
    instant_engine,
    make_run,
    problem_of,
)
from linreg_gui.training.sweep_values import SweepPoint

_SLICE_SECONDS = 0.006
_HISTORY_BYTES = 2_000


def sweep(configs: Sequence[TrainingConfig]) -> Iterator[SweepPoint | None]:
    """Train each of ``configs`` with the instant engine, and yield None between the slices."""
    for index, asked in enumerate(configs):
        problem = problem_of(asked)
        config, messages = fitted(replace(asked, engine=Engine.INSTANT), problem.dataset.size)
        engine = instant_engine(problem, config, deal_sums_of(problem, config))
        run = make_run(0, config, problem, engine, messages, _HISTORY_BYTES)
        history = run.history
        while history.step < run.planned_steps and not engine.diverged:
            history.append(engine.advance(run.planned_steps - history.step, _SLICE_SECONDS))
            yield None
        yield SweepPoint(
            index=index,
            steps=history.step,
            loss=math.inf if history.recent_epoch_loss is None else history.recent_epoch_loss,
            distance=distance_to_least_squares(run),
            least_squares_loss=run.references.loss,
            diverged=engine.diverged,
            messages=tuple(messages),
        )
