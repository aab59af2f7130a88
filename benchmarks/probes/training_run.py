"""Trains in the real window and prints how fast, how smoothly and in how much memory."""

import argparse
import json
import math
import sys
import time
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent

from benchmarks.probes.lag import LagMeter
from benchmarks.probes.live import (
    EventCounter,
    open_window,
    views_of,
    wait_until,
    wait_until_prepared,
)
from benchmarks.probes.trajectory import fill
from linreg_gui.engines.steps import TrainingEngine
from linreg_gui.runs.run import Run
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import STEP
from linreg_gui.widgets.window.main_window import MainWindow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=DEFAULTS.examples)
    parser.add_argument("--steps", type=int, default=4500, help="how many are measured")
    parser.add_argument("--warm-up", type=int, default=500)
    parser.add_argument("--from-step", type=int, default=0, help="begin the warm-up there")
    parser.add_argument("--train-there", action="store_true", help="instead of making it up")
    parser.add_argument("--epochs", type=int, default=DEFAULTS.epochs)
    parser.add_argument("--pace", type=float, default=math.inf, help="steps a second to watch")
    parser.add_argument("--inside", action="store_true", help="with the step's code on screen")
    parser.add_argument("--lag", action="store_true", help="also measure the event loop's lag")
    options = parser.parse_args()

    settings = replace(DEFAULTS, examples=options.examples, epochs=options.epochs)
    application, window = open_window(settings)
    controller = window.controller
    wait_until_prepared(controller)
    if options.from_step and not options.train_there:
        take_to(controller, options.from_step)
    controller.set_pace(options.pace)
    window.session.switches[STEP].setChecked(options.inside)
    first = options.from_step + options.warm_up
    measured = measure(window, first, first + options.steps, lag=options.lag)
    controller.pause()
    window.close()
    application.processEvents()
    print(json.dumps({**measured, "peak_mb": peak_memory() / 1e6}))


def take_to(controller: TrainingController, step: int) -> None:
    """Fill the run's history up to ``step`` and make the engine go on from there."""
    from linreg_gui.runs import preparation  # imported on MXNet's thread by now

    prepare_run = preparation.prepare_run

    def prepare_far_on(number: int, config: TrainingConfig) -> tuple[Run, TrainingEngine]:
        run, engine = prepare_run(number, config)
        engine.step = step
        return run, engine

    preparation.prepare_run = prepare_far_on  # type: ignore[assignment]
    controller.reset()
    wait_until(controller.run_prepared, lambda: controller.current_run is not None)
    preparation.prepare_run = prepare_run
    assert controller.run is not None
    fill(controller.run.history, step)


def measure(window: MainWindow, first: int, last: int, *, lag: bool) -> dict[str, Any]:
    """Train, and measure from the arrival of step ``first`` until that of step ``last``."""
    controller = window.controller
    assert controller.run is not None
    history = controller.run.history
    if last > controller.run.planned_steps:
        raise ValueError(f"the run ends at step {controller.run.planned_steps}, before {last}")
    paints = {
        picture.name: EventCounter(QEvent.Type.Paint, views_of(picture))
        for picture in window.stage.visible_pictures
    }
    paints["window"] = EventCounter(QEvent.Type.UpdateRequest, [window])
    meter = LagMeter()
    controller.start()
    wait_until(controller.run_progressed, lambda: history.step >= first)

    start, first_step = time.perf_counter(), history.step
    before = {name: counter.count for name, counter in paints.items()}
    cpu = time.process_time()
    if lag:
        meter.start()
    wait_until(controller.run_progressed, lambda: history.step >= last)
    if lag:
        meter.stop()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "steps_per_second": (history.step - first_step) / seconds,
        "processor_share": (time.process_time() - cpu) / seconds,
        "paints_per_second": {
            name: (counter.count - before[name]) / seconds for name, counter in paints.items()
        },
        "lags": meter.lags,
    }


def peak_memory() -> int:
    """Return the most bytes that this process has had in memory."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else math.ceil(peak * 1024)


if __name__ == "__main__":
    main()
