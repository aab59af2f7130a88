"""How soon what-if answers a moving knob, and how responsive the window is during a sweep."""

import statistics
from collections.abc import Iterator

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile
from benchmarks.processes import run_module

_NOTE = (
    "From a change of a setting until its steps, 5,000 unless the batch size changes, are trained "
    "and painted over the loss on the stage and both thumbnails that show runs, at the window's "
    "default size; each sample is one process."
)
_POINT_NOTE = (
    "From a move of the mouse until least squares and the 5,000 steps that the points give are "
    "computed and painted in the data picture on the stage, with the panel of points beside it."
)
_SWEEP_NOTE = "Sweeps over eight learning rates, one after another, while nothing else happens."


def measure(effort: Effort) -> Iterator[Figure]:
    counts = ("--moves", 5 * effort.clicks, "--sweeps", effort.clicks)
    runs = [run_module("probes.what_if", *counts) for _ in range(effort.repeats)]
    for key, words, goal in (
        ("learning_rate", "a learning rate's whole run redrawn", Goal(16.7)),
        ("noise", "a noise's whole run redrawn", Goal(16.7)),
        ("true_weight", "a true weight's whole run redrawn", Goal(16.7)),
        ("true_bias", "a true bias's whole run redrawn", Goal(16.7)),
        ("start", "a start's whole run redrawn", Goal(16.7)),
        ("batch_size", "a batch size's whole run redrawn", None),
    ):
        times = [sorted(1000 * seconds for seconds in run[key]) for run in runs]
        medians = [statistics.median(each) for each in times]
        yield median_of(f"{words}, p50", "ms", medians, None, _NOTE)
        yield median_of(
            f"{words}, p95", "ms", [percentile(each, 95) for each in times], goal, _NOTE
        )
    times = [sorted(1000 * seconds for seconds in run["point"]) for run in runs]
    words = "one of 10,000 points dragged, and the whole run redrawn"
    medians = [statistics.median(each) for each in times]
    yield median_of(f"{words}, p50", "ms", medians, None, _POINT_NOTE)
    slow = [percentile(each, 95) for each in times]
    yield median_of(f"{words}, p95", "ms", slow, Goal(16.7), _POINT_NOTE)
    lags = [percentile([1000 * lag for lag in run["lags"]], 99) for run in runs]
    yield median_of("event loop lag during a sweep, p99", "ms", lags, Goal(10), _SWEEP_NOTE)
