"""What a run that its stop rule has ended would have gained by going on. On MXNet's thread."""

from collections.abc import Iterator
from dataclasses import dataclass

from linreg_gui.engines.instant import InstantEngine
from linreg_gui.runs.preparation import grams_of
from linreg_gui.runs.run import Run
from linreg_gui.runs.training import steps_to_end

MOST_STEPS = 5_000_000
"""More steps would keep the training thread busy for too long."""


@dataclass(frozen=True)
class Outlook:
    """Where the planned steps after the stop would have led.

    Attributes
    ----------
    steps : int
        How many there are.
    loss : float
        Of all training examples after them.
    diverged_at : int or None
        The step that would not have been finite; ``loss`` is that before it.
    """

    steps: int
    loss: float
    diverged_at: int | None


def going_on(run: Run) -> Iterator[Outlook | None]:
    """Yield None between slices, and then where ``run`` would have ended.

    The instant engine takes the planned steps that are left, with the minibatches and the rate that
    the run would have had. Nothing is yielded if there are none, or more than `MOST_STEPS`.
    """
    history, problem = run.history, run.problem
    left = run.planned_steps - history.step
    if left <= 0 or run.planned_steps > MOST_STEPS:
        return
    engine = InstantEngine(
        run.config.with_value("learning_rate", history.learning_rate_at(history.step)),
        history.current_parameters,
        problem.residual_bounds,
        problem.coordinates.references.parameters,
        grams_of(problem, run.config),
        skipped=history.step,
    )
    for _ in steps_to_end(run, engine):
        yield None
    diverged_at = engine.step + 1 if engine.diverged else None
    yield Outlook(left, problem.training.loss(engine.parameters), diverged_at)
