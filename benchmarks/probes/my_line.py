"""Drags a line by hand in the real window, and prints the seconds until each move is painted."""

import argparse
import json
import time

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.probes.live import open_window, wait, wait_until_prepared
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.grip import Grip
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.widgets.panels.registry import MY_LINE

_REACH = 40
"""The number of moves of the hand up, then down."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=200)
    options = parser.parse_args()
    application, window = open_window()
    wait_until_prepared(window.controller)
    window.session.switches[MY_LINE].setChecked(True)
    guesses = window.session.guesses
    wait(0.5)
    seconds: dict[str, list[float]] = {}
    seconds["line"] = drag(application, _grips(window.picture(DataPlot))[1], options.moves)
    guesses.show_residuals(lines=True, squares=True)
    wait(0.2)
    seconds["squares"] = drag(application, _grips(window.picture(DataPlot))[1], options.moves)
    guesses.reveal(revealed=True)
    window.stage.show_picture(window.picture(LandscapePlot))
    wait(0.2)
    seconds["point"] = drag(application, _grips(window.picture(LandscapePlot))[0], options.moves)
    window.close()
    application.processEvents()
    print(json.dumps(seconds))


def drag(application: QApplication, grip: Grip, moves: int) -> list[float]:
    """Drag ``grip`` up and down; return the seconds from each move until all is painted."""
    button, middle = Qt.MouseButton.LeftButton, grip.rect().center()
    place = grip.mapToParent(middle)
    QTest.mousePress(grip, button, pos=middle)
    seconds = []
    for move in range(moves):
        place += QPoint(0, 3 if move // _REACH % 2 else -3)
        start = time.perf_counter()
        QTest.mouseMove(grip, grip.mapFromParent(place))
        application.processEvents()
        seconds.append(time.perf_counter() - start)
    QTest.mouseRelease(grip, button, pos=middle)
    return seconds


def _grips(picture: DataPlot | LandscapePlot) -> list[Grip]:
    return [grip for grip in picture.findChildren(Grip) if grip.isVisible()]


if __name__ == "__main__":
    main()
