"""The autograd engine and its history at the lesson's settings, without Qt."""

import argparse
import json
import time

from linreg_gui.engines.steps import TrainingEngine
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig

SLICE_SECONDS = 0.008


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm-up", type=int, default=500)
    parser.add_argument("--steps", type=int, default=4500)
    options = parser.parse_args()

    run, engine = prepare_run(1, TrainingConfig())
    train_to(options.warm_up, run, engine)
    start = time.perf_counter()
    train_to(options.warm_up + options.steps, run, engine)
    print(json.dumps({"steps_per_second": options.steps / (time.perf_counter() - start)}))


def train_to(step: int, run: Run, engine: TrainingEngine) -> None:
    while engine.step < step:
        run.history.append(engine.advance(step - engine.step, SLICE_SECONDS))


if __name__ == "__main__":
    main()
