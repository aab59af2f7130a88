"""One setting over several values: what does the loss end at? Runs on MXNet's thread."""

import math
from collections.abc import Iterator, Sequence

from linreg_gui.training.config import Engine, TrainingConfig
from linreg_gui.training.preparation import prepare_run
from linreg_gui.training.steps import JOB_SECONDS
from linreg_gui.training.sweep_values import SweepPoint

_HISTORY_BYTES = 2_000


def sweep(configs: Sequence[TrainingConfig]) -> Iterator[SweepPoint | None]:
    """Train each of ``configs`` with the instant engine, and yield None between the slices."""
    for index, config in enumerate(configs):
        run, engine = prepare_run(
            index, config.with_value("engine", Engine.INSTANT), memory_limit=_HISTORY_BYTES
        )
        history = run.history
        while history.step < run.planned_steps and not engine.diverged:
            history.append(engine.advance(run.planned_steps - history.step, JOB_SECONDS))
            yield None
        yield SweepPoint(
            index=index,
            steps=history.step,
            loss=math.inf if history.recent_epoch_loss is None else history.recent_epoch_loss,
            distance=run.distance,
            least_squares_loss=run.references.loss,
            diverged=engine.diverged,
            messages=tuple(run.messages),
        )
