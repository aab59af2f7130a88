"""How long the data picture takes with very many examples."""

from collections.abc import Iterator

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of
from benchmarks.processes import run_module

_NOTE = (
    "In the GUI thread at {examples:,} examples: for a new run the picture shows it, refreshes"
    " and paints everything; for the next step it refreshes and paints everything."
)


def measure(effort: Effort) -> Iterator[Figure]:
    note = _NOTE.format(examples=effort.many_examples)
    runs = [
        run_module("probes.data_picture", "--examples", effort.many_examples)
        for _ in range(min(effort.repeats, 3))
    ]
    views = runs[0]["new_run"]
    for view in views:
        yield median_of(
            f"data picture of a new run, {view}",
            "ms",
            [1000 * seconds for run in runs for seconds in run["new_run"][view]],
            Goal(100),
            note,
        )
    for view in views:
        yield median_of(
            f"data picture of another step, {view}",
            "ms",
            [1000 * seconds for run in runs for seconds in run["next_step"][view]],
            None,
            note,
        )
