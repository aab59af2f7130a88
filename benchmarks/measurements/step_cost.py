"""The cost of a step with much data, and late in a long run."""

from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, ratio_of
from benchmarks.processes import alternate, run_module

FEW_EXAMPLES = 10_000
EARLY_STEP = 1000

_SIZE_NOTE = "Time for a step in the live window, {many:,} examples beside {few:,}."
_LENGTH_NOTE = (
    "Time for a step in the live window around step {late:,} beside around step {early:,}; the long"
    " run's history was {how}."
)


def measure(effort: Effort) -> Iterator[Figure]:
    few, many = alternate(
        effort.repeats,
        partial(_run, effort, "--examples", FEW_EXAMPLES),
        partial(_run, effort, "--examples", effort.many_examples),
    )
    note = _SIZE_NOTE.format(many=effort.many_examples, few=FEW_EXAMPLES)
    yield from _cost(f"{effort.many_examples:,} examples", many, f"{FEW_EXAMPLES:,}", few, note)

    there = ["--train-there"] if effort.train_there else []
    early, late = alternate(
        effort.repeats,
        partial(_run, effort, "--from-step", EARLY_STEP),
        partial(_run, effort, "--from-step", effort.many_steps, *there),
    )
    how = "trained" if effort.train_there else "filled through History.append (--full trains it)"
    note = _LENGTH_NOTE.format(late=effort.many_steps, early=EARLY_STEP, how=how)
    yield from _cost(f"at step {effort.many_steps:,}", late, f"at {EARLY_STEP:,}", early, note)


def _run(effort: Effort, *arguments: object) -> dict[str, float]:
    epochs = 2 * (effort.many_steps + effort.steps) // (FEW_EXAMPLES // 4)
    span = ("--warm-up", effort.warm_up, "--steps", effort.steps, "--epochs", epochs)
    return run_module("probes.training_run", *span, *arguments)


def _cost(
    name: str,
    runs: list[dict[str, float]],
    other_name: str,
    others: list[dict[str, float]],
    note: str,
) -> Iterator[Figure]:
    costs = [1e6 / run["steps_per_second"] for run in runs]
    other_costs = [1e6 / run["steps_per_second"] for run in others]
    yield ratio_of(f"step {name} / {other_name}", costs, other_costs, Goal(1.1), note)
    yield median_of(f"step {name}", "µs", costs, None, note)
