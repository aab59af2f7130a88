"""How long a person waits for the window while it trains, loads and prepares."""

import statistics
from collections.abc import Iterator

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile, worst_of
from benchmarks.processes import run_module

_LAG_NOTE = (
    "How late the GUI thread is at moments fixed beforehand, 4 ms apart; "
    "each sample is one process."
)
_CLICK_NOTE = (
    "From a click at a random moment until its effect is handled: Pause while training and"
    " while a new run of {examples:,} examples is prepared; while MXNet loads, on the window."
)


def measure(effort: Effort) -> Iterator[Figure]:
    span = ("--steps", effort.steps)
    runs = [
        run_module("probes.training_run", "--lag", "--warm-up", effort.warm_up, *span)
        for _ in range(effort.repeats)
    ]
    lags = [sorted(1000 * lag for lag in run["lags"]) for run in runs]
    p99s = [percentile(each, 99) for each in lags]
    yield median_of(
        "event loop lag while training, p50", "ms", [*map(statistics.median, lags)], None, _LAG_NOTE
    )
    yield median_of("event loop lag while training, p99", "ms", p99s, Goal(10), _LAG_NOTE)
    yield worst_of("event loop lag while training, max", "ms", [*map(max, lags)], None, _LAG_NOTE)

    waits = run_module(
        "probes.clicks", "--clicks", effort.clicks, "--examples", effort.many_examples
    )
    note = _CLICK_NOTE.format(examples=effort.many_examples)
    for when, words in (
        ("training", "click on Pause while training, max"),
        ("preparing", "click on Pause while a large run is prepared, max"),
        ("loading", "click while MXNet loads, max"),
    ):
        yield worst_of(words, "ms", [1000 * wait for wait in waits[when]], Goal(50), note)
    yield worst_of(
        "event loop lag while a large run is prepared and first shown, max",
        "ms",
        [1000 * wait for wait in waits["lag_preparing"]],
        Goal(50),
        note,
    )
