"""How long a large session takes to save and to open, and whether the window waits for it."""

from collections.abc import Iterator

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile, worst_of
from benchmarks.processes import run_module

_NOTE = (
    "{steps:,} steps of the instant engine on {examples:,} drawn examples; opened until the run is "
    "on screen and can go on."
)
_LAG_NOTE = "Of the GUI thread, meanwhile, at moments fixed beforehand, 4 ms apart."
_ONCE_NOTE = "Once, whatever the number of steps: everything on screen is drawn anew."


def measure(effort: Effort) -> Iterator[Figure]:
    size = ("--examples", effort.many_examples, "--steps", effort.many_steps)
    runs = [run_module("probes.session_file", *size) for _ in range(min(effort.repeats, 3))]
    note = _NOTE.format(steps=effort.many_steps, examples=effort.many_examples)
    yield median_of("a large session", "MB", [run["size_mb"] for run in runs], None, note)
    for doing, words in (("save", "saving"), ("open", "opening")):
        seconds = [run[f"{doing}_seconds"] for run in runs]
        yield median_of(f"{words} a large session", "s", seconds, None, note)
        lags = [sorted(1000 * lag for lag in run[words]) for run in runs]
        p99s = [percentile(each, 99) for each in lags]
        name = f"event loop lag while {words} a large session"
        yield median_of(f"{name}, p99", "ms", p99s, Goal(10), _LAG_NOTE)
        yield worst_of(f"{name}, max", "ms", [*map(max, lags)], None, _LAG_NOTE)
    most = [1000 * max(run["showing"]) for run in runs]
    yield worst_of("event loop lag as its run is shown, max", "ms", most, None, _ONCE_NOTE)
