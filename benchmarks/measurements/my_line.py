"""How soon a line that is dragged by hand is painted, with all its numbers."""

import statistics
from collections.abc import Iterator

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile
from benchmarks.processes import run_module

_NOTE = (
    "From a move of the mouse until line, residuals, point and the panel's numbers are painted, at "
    "the lesson's 10,000 examples and the window's default size; each sample is one process."
)


def measure(effort: Effort) -> Iterator[Figure]:
    counts = ("--moves", 5 * effort.clicks)
    runs = [run_module("probes.my_line", *counts) for _ in range(effort.repeats)]
    for key, words in (
        ("line", "a dragged line"),
        ("squares", "a dragged line with 100 squares"),
        ("point", "a dragged point of the landscape"),
    ):
        times = [sorted(1000 * seconds for seconds in run[key]) for run in runs]
        medians = [statistics.median(each) for each in times]
        last = [percentile(each, 95) for each in times]
        yield median_of(f"{words}, p50", "ms", medians, None, _NOTE)
        yield median_of(f"{words}, p95", "ms", last, Goal(16.7), _NOTE)
