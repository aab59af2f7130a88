"""How much memory the program takes."""

from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of
from benchmarks.processes import alternate, run_module

FEW_STEPS = 10_000

_NOTE = (
    "Peak resident memory of the whole process, with the live window (1 MB is 10⁶ bytes). "
    "The long run's history was {how}."
)
_HISTORY_NOTE = "The bytes of such a history, by Python's allocation tracer."


def measure(effort: Effort) -> Iterator[Figure]:
    epochs = effort.many_steps // 2500 + 4
    there = ["--train-there"] if effort.train_there else []
    span = ("--warm-up", effort.warm_up, "--steps", effort.steps, "--epochs", epochs)
    run = partial(run_module, "probes.training_run", *span)
    default, large, few_steps, many_steps = alternate(
        min(effort.repeats, 3),
        run,
        partial(run, "--examples", effort.many_examples),
        partial(run, "--from-step", FEW_STEPS, *there),
        partial(run, "--from-step", effort.many_steps, *there),
    )
    how = "trained" if effort.train_there else "filled through History.append (--full trains it)"
    note = _NOTE.format(how=how)
    for name, runs in (
        ("10,000 examples", default),
        (f"{effort.many_examples:,} examples", large),
        (f"after {FEW_STEPS:,} steps", few_steps),
        (f"after {effort.many_steps:,} steps", many_steps),
    ):
        yield median_of(f"peak memory, {name}", "MB", [run["peak_mb"] for run in runs], None, note)

    history = run_module("probes.history_memory", "--steps", effort.endless_steps)
    name = f"history of {effort.endless_steps:,} steps"
    yield median_of(name, "MB", [history["held_mb"]], Goal(64), _HISTORY_NOTE)
    yield median_of(f"{name}, peak", "MB", [history["peak_mb"]], None, _HISTORY_NOTE)
