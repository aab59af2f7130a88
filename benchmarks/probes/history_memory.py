"""Measures the memory of a history of many steps with Python's allocation tracer."""

import argparse
import json
import tracemalloc

import numpy as np

from benchmarks.probes.trajectory import fill
from linreg_gui.runs.history import History

PORTION = 4096


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()

    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    history = History(np.zeros(3, np.float32), examples=10_000, batch_size=4, learning_rate=0.001)
    fill(history, options.steps, PORTION)
    held, peak = tracemalloc.get_traced_memory()
    print(json.dumps({"held_mb": (held - before) / 1e6, "peak_mb": (peak - before) / 1e6}))


if __name__ == "__main__":
    main()
