"""Saves and opens a large session in the real window, and measures how late its event loop is."""

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.probes.lag import LagMeter
from benchmarks.probes.live import open_window, wait, wait_until, wait_until_prepared
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.threads.jobs import Channel

SETTLE_SECONDS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linreg-benchmark-") as folder:
        file = Path(folder, "large.linreg")
        print(json.dumps(save_and_open(file, options.examples, options.steps)))


def save_and_open(file: Path, examples: int, steps: int) -> dict[str, object]:
    epochs = 4 * steps // examples + 1
    config = TrainingConfig(examples=examples, epochs=epochs, engine=Engine.INSTANT)
    application, window = open_window(config)
    controller, document, meter = window.controller, window.document, LagMeter()
    wait_until_prepared(controller)
    controller.start()
    run = controller.current_run
    assert run is not None
    wait_until(controller.run_progressed, lambda: run.history.step >= steps)
    controller.pause()
    wait(SETTLE_SECONDS)
    _ = document.files, document.capture()  # what a copy in case of a crash has loaded by now

    meter.start()
    start = time.perf_counter()
    job = document.files.write(file, document.capture(), Channel.SAVE)
    saved: list[object] = []
    job.finished.connect(saved.append)
    wait_until(job.finished, lambda: bool(saved))
    save_seconds = time.perf_counter() - start
    meter.stop()
    saving = list(meter.lags)

    meter.start()
    start = time.perf_counter()
    document.exchange.open(file)
    restored: list[object] = []
    controller.restored.connect(restored.append)

    def note() -> None:
        meter.stop()
        opening.extend(meter.lags)
        meter.start()

    controller.restored.connect(note)
    opening: list[float] = []
    wait_until(controller.session_opened, lambda: bool(restored))
    open_seconds = time.perf_counter() - start
    wait(SETTLE_SECONDS)
    meter.stop()
    size = file.stat().st_size
    window.close()
    application.processEvents()
    return {
        "save_seconds": save_seconds,
        "open_seconds": open_seconds,
        "saving": saving,
        "opening": opening,
        "showing": list(meter.lags),
        "size_mb": size / 1e6,
    }


if __name__ == "__main__":
    main()
