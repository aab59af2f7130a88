"""Drags settings one after another in the real window, and sweeps; prints the seconds of each."""

import argparse
import json
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.probes.lag import LagMeter
from benchmarks.probes.live import open_window, views_of, wait, wait_until, wait_until_prepared
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.settings import DEFAULTS, Init
from linreg_gui.widgets.panels.registry import POINTS, SWEEP
from linreg_gui.widgets.window.main_window import MainWindow

PAUSE_AT = 1_000
TIMEOUT_SECONDS = 10.0
NO_KEYS = Qt.KeyboardModifier.NoModifier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--sweeps", type=int, default=20)
    options = parser.parse_args()
    application, window = open_window()
    controller = window.controller
    wait_until_prepared(controller)
    window.stage.show_picture(window.picture(LossPlot))
    controller.start()
    wait_until(
        controller.run_progressed,
        lambda: controller.run is not None and controller.run.history.step >= PAUSE_AT,
    )
    controller.pause()
    wait(0.5)
    answers = {name: drag(window, changes) for name, changes in drags(options.moves).items()}
    answers["point"] = drag_point(window, options.moves)
    lags = sweep(window, options.sweeps)
    window.close()
    application.processEvents()
    print(json.dumps({**answers, "lags": lags}))


def drags(moves: int) -> dict[str, list[dict[str, Any]]]:
    """Return the changes of the settings that each drag makes."""
    values = np.linspace(-5, 5, moves).tolist()
    return {
        "learning_rate": [
            {"learning_rate": rate} for rate in np.geomspace(1e-4, 0.3, moves).tolist()
        ],
        "noise": [{"noise_std": noise} for noise in np.geomspace(1e-3, 1.0, moves).tolist()],
        "true_weight": [{"true_weights": (value, -3.4)} for value in values],
        "true_bias": [{"true_bias": value} for value in values],
        "start": [{"init": Init.TYPED, "start_weights": (value, 0.0)} for value in values],
        "batch_size": [{"batch_size": size} for size in range(5, 5 + moves)],
    }


def drag_point(window: MainWindow, moves: int) -> list[float]:
    """Drag one of the lesson's 10,000 points with the mouse, in the picture on the stage.

    Return the seconds from each move until the run that the points give is painted over the data.
    """
    window.controller.change_settings(**vars(DEFAULTS))
    window.session.switches[POINTS].setChecked(True)
    wait(0.5)
    plot = window.picture(DataPlot)
    viewport = plot.canvas.viewport()
    drawn = plot.drawn()
    middle = int(np.argsort(drawn.y)[len(drawn.y) // 2])
    place = QPointF(float(drawn.x[middle]), float(drawn.y[middle]))
    at = QPointF(plot.canvas.mapFromScene(plot.canvas.view.mapViewToScene(place)))
    way = QPointF(0.25, 0.5) * min(1.0, 150 / moves)
    button = Qt.MouseButton.LeftButton

    def send(kind: QEvent.Type, at: QPointF) -> None:
        mouse = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, button, NO_KEYS)
        QApplication.sendEvent(viewport, mouse)

    send(QEvent.Type.MouseButtonPress, at)
    painted = _Painted([plot], [viewport])
    seconds = []
    for index in range(1, moves + 1):
        target = at + way * index
        if target.toPoint() == (at + way * (index - 1)).toPoint():
            continue
        start = time.perf_counter()
        painted.begin()
        window.session.what_if.changed.connect(painted.on_answered)
        send(QEvent.Type.MouseMove, target)
        painted.wait()
        seconds.append(painted.at - start)
        window.session.what_if.changed.disconnect(painted.on_answered)
    send(QEvent.Type.MouseButtonRelease, at + way * moves)
    return seconds


def drag(window: MainWindow, changes: Sequence[dict[str, Any]]) -> list[float]:
    """Make the changes; return the seconds from each until all overlays are painted."""
    plots = (
        window.picture(LossPlot),
        window.picture(ParametersPlot),
        window.picture(LandscapePlot),
    )
    painted = _Painted(plots, [view for plot in plots for view in views_of(plot)])
    seconds = []
    for change in changes:
        start = time.perf_counter()
        painted.begin()
        window.session.what_if.changed.connect(painted.on_answered)
        window.controller.change_settings(**change)
        painted.wait()
        seconds.append(painted.at - start)
        window.session.what_if.changed.disconnect(painted.on_answered)
    return seconds


def sweep(window: MainWindow, count: int) -> list[float]:
    """Sweep over eight rates again and again; return the event loop's lags meanwhile."""
    sweeper = window.side.panel(SWEEP).sweeper
    meter = LagMeter()
    meter.start()
    for _ in range(count):
        sweeper.start("learning_rate", np.geomspace(1e-3, 1.0, 8).tolist())
        wait_until(sweeper.changed, lambda: not sweeper.is_running)
    meter.stop()
    return meter.lags


class _Painted(QObject):
    """Tells when every plot has got the overlays of an answer, and every view has been painted."""

    def __init__(self, plots: Sequence[RunPlot], views: Sequence[QWidget]) -> None:
        super().__init__()
        self.at = 0.0
        self._plots = plots
        self._drawn: set[RunPlot] = set()
        self._views = views
        self._missing: set[QObject] = set()
        self._answered = False
        self._loop = QEventLoop()
        for plot in plots:
            self._note_overlays(plot)
        for view in views:
            view.installEventFilter(self)

    def begin(self) -> None:
        self._answered = False
        self._missing = set(self._views)

    def on_answered(self) -> None:
        self._answered = True
        self._drawn.clear()

    def wait(self) -> None:
        guard = QTimer()
        guard.setSingleShot(True)
        guard.timeout.connect(lambda: self._loop.exit(1))
        guard.start(round(TIMEOUT_SECONDS * 1000))
        if self._loop.exec():
            raise TimeoutError("the overlays were not painted")

    def _note_overlays(self, plot: RunPlot) -> None:
        show = plot.show_overlays

        def note(overlays: Sequence[Overlay], note: str) -> None:
            show(overlays, note)
            self._drawn.add(plot)
            for view in self._views:  # painted before it, and maybe not again
                if view not in self._missing and plot.isAncestorOf(view):
                    self._missing.add(view)
                    view.update()

        plot.show_overlays = note  # type: ignore[method-assign]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._answered:
            # The filter comes before the paint: what is noted here is looked at after it.
            QTimer.singleShot(0, self, lambda: self._note(watched))
        return False

    def _note(self, view: QObject) -> None:
        self._missing.discard(view)
        if not self._missing and self._drawn.issuperset(self._plots):
            self.at = time.perf_counter()
            self._loop.quit()


if __name__ == "__main__":
    main()
