"""A bare window with one plot, to compare the program's start with.

``--mxnet`` imports MXNet once the window is painted.
"""

import argparse
import json
import sys

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.probes.first_paint import FirstPaints
from benchmarks.processes import seconds_since_start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mxnet", action="store_true")
    options = parser.parse_args()

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    plot = pg.PlotWidget()
    plot.plot(np.arange(100), np.random.default_rng(1).normal(size=100))
    window.setCentralWidget(plot)
    window.resize(1280, 800)
    paints = FirstPaints(window, 1)
    paints.watch([plot.viewport()])

    def finish() -> None:
        ready = 0.0
        if options.mxnet:
            np.bool = np.bool_  # type: ignore[attr-defined]  # MXNet 1.9.1 needs it
            import mxnet  # noqa: F401

            ready = seconds_since_start()
        print(json.dumps({"window": paints.window, "plots": paints.plots, "ready": ready}))
        window.close()

    paints.all_painted.connect(finish)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
