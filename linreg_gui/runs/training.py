"""Runs that are trained to their end in the background, a slice at a time.

The work is on MXNet's thread. A run that is shown meanwhile belongs to the GUI thread, which takes
the steps into it; else the work takes them itself.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linreg_gui.engines.steps import JOB_SECONDS, StepBatch, TrainingEngine
from linreg_gui.runs.run import KEPT_BYTES, Run
from linreg_gui.settings import Engine, TrainingConfig


@dataclass(frozen=True, eq=False)
class NextSteps:
    """The next steps of a run.

    Attributes
    ----------
    run : Run
        Its history holds the steps before these, once they have been taken.
    steps : StepBatch
        These steps.
    diverged, stopped : bool
        Whether the step after them is not finite, and whether the last of them meets the stop rule.
    """

    run: Run
    steps: StepBatch
    diverged: bool
    stopped: bool

    def take(self) -> None:
        """Add the steps to the run."""
        run, step = self.run, self.steps.last_step
        run.history.append(self.steps)
        run.diverged_at = step + 1 if self.diverged else None
        run.stopped_at = step if self.stopped else None


def steps_to_end(
    run: Run, engine: TrainingEngine, last_step: int | None = None
) -> Iterator[NextSteps]:
    """Train until ``run`` is complete, or at most to ``last_step``; it does not take the steps."""
    last = run.planned_steps if last_step is None else last_step
    while engine.step < last and not (engine.diverged or engine.stopped):
        steps = engine.advance(last - engine.step, JOB_SECONDS)
        yield NextSteps(run, steps, engine.diverged, engine.stopped)


def trained(configs: Mapping[str, TrainingConfig]) -> Generator[None, None, dict[str, Run]]:
    """Train with each of ``configs`` with the instant engine; yield None, and return the runs."""
    from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

    runs = {}
    for number, (name, config) in enumerate(configs.items()):
        runs[name], engine = prepare_run(number, replace(config, engine=Engine.INSTANT))
        for steps in steps_to_end(runs[name], engine):
            steps.take()
            yield
    return runs


def trained_in_turn(configs: Sequence[TrainingConfig]) -> Iterator[Run | NextSteps]:
    """Yield a run for each of ``configs``, which has its index as its number, and then its steps.

    All are trained at the same time.
    """
    from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

    under_way = []
    for index, config in enumerate(configs):
        run, engine = prepare_run(index, config, memory_limit=KEPT_BYTES)
        under_way.append(steps_to_end(run, engine))
        yield run
    while under_way:
        for each in list(under_way):
            if (steps := next(each, None)) is None:
                under_way.remove(each)
            else:
                yield steps
