"""Two runs, trained at the same time to be seen side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linreg_gui.engines.steps import JOB_SECONDS, StepBatch, TrainingEngine
from linreg_gui.runs.run import KEPT_BYTES, Run
from linreg_gui.settings import TrainingConfig


@dataclass(frozen=True, eq=False)
class SideSteps:
    """The next steps of one side.

    Attributes
    ----------
    side : int
        0 for the left one, 1 for the right one.
    run : Run
        Its history holds the steps before these.
    steps : StepBatch or None
        To append to the history; None if the run has just been prepared.
    diverged, stopped : bool
        Whether the step after them is not finite, and whether the last of them meets the stop rule.
    """

    side: int
    run: Run
    steps: StepBatch | None = None
    diverged: bool = False
    stopped: bool = False


def train_sides(configs: Sequence[TrainingConfig]) -> Iterator[SideSteps]:
    """Train with each of ``configs``, in turn. Runs on MXNet's thread."""
    from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

    under_way: list[tuple[int, Run, TrainingEngine]] = []
    for side, config in enumerate(configs):
        run, engine = prepare_run(-1 - side, config, memory_limit=KEPT_BYTES)
        under_way.append((side, run, engine))
        yield SideSteps(side, run)
    while under_way:
        for each in list(under_way):
            side, run, engine = each
            steps = engine.advance(run.planned_steps - engine.step, JOB_SECONDS)
            if engine.diverged or engine.stopped or engine.step >= run.planned_steps:
                under_way.remove(each)
            yield SideSteps(side, run, steps, engine.diverged, engine.stopped)
