"""How much training slows down while the code of each step is on screen."""

import math
from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile, ratio_of
from benchmarks.processes import alternate, run_module

PACES = (5.0, 50.0, math.inf)
"""Every phase is shown, some steps are shown, and full speed."""

_SECONDS = 4
_NOTE = (
    "Steps a second with the code, its numbers and the highlighted minibatch on screen, and "
    "without, in turn; each sample is one process."
)
_LAG_NOTE = "With that panel on screen, at {pace:g} steps a second."


def measure(effort: Effort) -> Iterator[Figure]:
    for pace in PACES:
        watched = not math.isinf(pace)
        steps = round(pace * _SECONDS) if watched else effort.steps
        warm_up = round(pace) if watched else effort.warm_up
        run = partial(
            run_module, "probes.training_run", "--lag", "--pace", pace, "--steps", steps,
            "--warm-up", warm_up,
        )  # fmt: skip
        inside, outside = alternate(min(effort.repeats, 3), partial(run, "--inside"), run)
        words = f"{pace:g} steps a second" if watched else "as fast as it goes"
        yield ratio_of(
            f"with the code on screen / without, {words}",
            [each["steps_per_second"] for each in inside],
            [each["steps_per_second"] for each in outside],
            Goal(0.99, at_least=True) if watched else None,
            _NOTE,
        )
        if watched:
            p99s = [percentile([1000 * lag for lag in each["lags"]], 99) for each in inside]
            note = _LAG_NOTE.format(pace=pace)
            yield median_of(f"event loop lag, p99, {words}", "ms", p99s, Goal(10), note)
