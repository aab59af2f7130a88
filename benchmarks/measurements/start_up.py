"""How soon the window appears, beside a bare one."""

from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, ratio_of
from benchmarks.processes import alternate, run_module

_PAINT_NOTE = (
    "From the start of the process until the first frame is painted: `python -m linreg_gui` beside "
    "a QMainWindow of the same size with one PlotWidget and a curve."
)
_READY_NOTE = "Until Run is enabled, beside the bare window that then imports MXNet."


def measure(effort: Effort) -> Iterator[Figure]:
    runs = (
        partial(run_module, "probes.start_app"),
        partial(run_module, "probes.start_bare"),
        partial(run_module, "probes.start_bare", "--mxnet"),
    )
    for run in runs:
        run()  # the first start reads from disk and compiles, for one side only
    app, bare, bare_mxnet = alternate(effort.start_repeats, *runs)
    app_paints = [run["window"] for run in app]
    bare_paints = [run["window"] for run in bare]
    yield ratio_of("first paint / bare window", app_paints, bare_paints, Goal(1.15), _PAINT_NOTE)
    yield median_of("first paint", "s", app_paints, None, _PAINT_NOTE)
    yield median_of("first paint of a bare window", "s", bare_paints, None, _PAINT_NOTE)
    yield median_of("every plot painted", "s", [run["plots"] for run in app], None, _PAINT_NOTE)
    ready = [run["ready"] for run in app]
    bare_ready = [run["ready"] for run in bare_mxnet]
    yield median_of("Run is enabled", "s", ready, None, _READY_NOTE)
    yield ratio_of("Run is enabled / bare window and MXNet", ready, bare_ready, None, _READY_NOTE)
