"""How fast the instant engine trains, beside the plain lesson and others."""

from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, ratio_of
from benchmarks.processes import alternate, run_module

_NOTE = (
    "The default run, 5,000 steps, from its start to its end, shuffles included: the median of "
    "{runs} runs in each process, with the data drawn beforehand. The plain lesson as above."
)
_OTHERS_NOTE = (
    "The same steps as a NumPy loop in single precision; and SGDRegressor's fit, one example a "
    "step, in examples a second."
)


def measure(effort: Effort) -> Iterator[Figure]:
    span = ("--warm-up", effort.warm_up, "--steps", effort.steps)
    instant, plain = alternate(
        effort.repeats,
        partial(run_module, "probes.instant_engine", "--runs", effort.clicks),
        partial(run_module, "plain_lesson", *span),
    )
    paces = [run["steps_per_second"] for run in instant]
    note = _NOTE.format(runs=effort.clicks)
    yield ratio_of(
        "instant engine / plain lesson",
        paces,
        [run["steps_per_second"] for run in plain],
        Goal(1000, True),
        note,
    )
    yield median_of("instant engine", "steps/s", paces, None, note)
    loop = [run["numpy_steps_per_second"] for run in instant]
    yield ratio_of("instant engine / NumPy loop", paces, loop, None, _OTHERS_NOTE)
    sklearn = [pace for run in instant if (pace := run["sklearn_examples_per_second"])]
    if sklearn:
        yield median_of("scikit-learn's SGDRegressor", "examples/s", sklearn, None, _OTHERS_NOTE)
        yield ratio_of(
            "instant engine / SGDRegressor, by examples",
            [4 * pace for pace in paces],
            sklearn,
            None,
            _OTHERS_NOTE,
        )
