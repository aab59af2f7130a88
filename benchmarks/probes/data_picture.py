"""Times the data picture in the GUI thread: showing a run, following a step, painting."""

import argparse
import json
import time
from collections.abc import Callable

from benchmarks.probes.live import open_window, views_of, wait_until_prepared
from benchmarks.probes.trajectory import fill
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.settings import DEFAULTS

REPEATS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, required=True)
    options = parser.parse_args()

    application, window = open_window(DEFAULTS.with_value("examples", options.examples))
    wait_until_prepared(window.controller)
    application.processEvents()
    plot, run = window.picture(DataPlot), window.controller.run
    assert run is not None
    history = run.history

    def paint() -> None:
        for view in views_of(plot):
            view.repaint()

    def take_over() -> None:
        plot.show_run(run)
        plot.refresh()
        paint()

    def follow() -> None:
        plot.refresh()
        paint()

    new_run: dict[str, list[float]] = {}
    next_step: dict[str, list[float]] = {}
    for view in View:
        name = view.name.lower()
        plot.set_view(view)
        new_run[name] = [_seconds(take_over) for _ in range(REPEATS)]
        next_step[name] = []
        for _ in range(REPEATS):
            fill(history, history.step + 1)
            next_step[name].append(_seconds(follow))
    window.close()
    application.processEvents()
    print(json.dumps({"new_run": new_run, "next_step": next_step}))


def _seconds(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
