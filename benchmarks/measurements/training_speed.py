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
_PAINTS_NOTE = (
    "Paints of the data picture on the stage, of the slower one of the loss and the parameters, "
    "which are thumbnails that always change, and of the window."
)


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
    thumbnails = [min(each["loss"], each["parameters"]) for each in paints]
    for words, frames, goal in (
        ("frames of the stage meanwhile", [each["data"] for each in paints], Goal(58, True)),
        ("frames of each thumbnail meanwhile", thumbnails, Goal(15, True)),
        ("paints of the window meanwhile", [each["window"] for each in paints], None),
    ):
        yield median_of(words, "1/s", frames, goal, _PAINTS_NOTE)
