"""How fast the program trains, beside the plain lesson."""

from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, ratio_of
from benchmarks.processes import alternate, run_module

STEPS_PER_EPOCH = 2500

_NOTE = (
    "The lesson's settings, from step {first:,} to {last:,}: in the real window at full speed,"
    " by the plain lesson (on MXNet's default engine), and by the engine without Qt."
)
_PAINTS_NOTE = "Paints of the window, and of the slowest of the three plots that always change."


def measure(effort: Effort) -> Iterator[Figure]:
    last = effort.warm_up + effort.steps
    epochs = -(-last // STEPS_PER_EPOCH)
    span = ("--warm-up", effort.warm_up, "--steps", effort.steps)
    window, plain, engine = alternate(
        effort.repeats,
        partial(run_module, "probes.training_run", *span, "--epochs", epochs),
        partial(run_module, "plain_lesson", *span),
        partial(run_module, "probes.engine_alone", *span),
    )
    paces = [[run["steps_per_second"] for run in runs] for runs in (window, plain, engine)]
    note = _NOTE.format(first=effort.warm_up, last=last)
    yield ratio_of(
        "training in the live window / plain lesson", paces[0], paces[1], Goal(1.5, True), note
    )
    yield median_of("training in the live window", "steps/s", paces[0], None, note)
    yield median_of("plain lesson", "steps/s", paces[1], None, note)
    yield median_of("engine alone", "steps/s", paces[2], None, note)
    yield ratio_of("engine alone / plain lesson", paces[2], paces[1], None, note)
    paints = [run["paints_per_second"] for run in window]
    plots = ("DataPlot", "LossPlot", "ParametersPlot")
    yield median_of(
        "frames of each plot meanwhile",
        "1/s",
        [min(each[plot] for plot in plots) for each in paints],
        Goal(58, True),
        _PAINTS_NOTE,
    )
    yield median_of(
        "paints of the window meanwhile",
        "1/s",
        [each["window"] for each in paints],
        None,
        _PAINTS_NOTE,
    )
