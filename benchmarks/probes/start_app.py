"""Starts the program as ``python -m linreg_gui`` does, and notes when it is painted and ready."""

import gc
import json
import sys
from typing import Any

gc.disable()  # as the program's entry does before its imports

from PySide6.QtCore import QObject, Slot  # noqa: E402

from benchmarks.probes.first_paint import FirstPaints  # noqa: E402
from benchmarks.probes.live import views_of  # noqa: E402
from benchmarks.processes import seconds_since_start  # noqa: E402
from linreg_gui import application  # noqa: E402
from linreg_gui.__main__ import main  # noqa: E402
from linreg_gui.plots import PICTURES  # noqa: E402
from linreg_gui.runs.states import Action  # noqa: E402
from linreg_gui.widgets.window.main_window import MainWindow  # noqa: E402


class Watch(QObject):
    """Closes the window once it is painted and Run is enabled."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._ready = 0.0
        self._paints = FirstPaints(window, len(PICTURES))
        window.stage.arranged.connect(self._watch_pictures)
        self._watch_pictures()
        self._paints.all_painted.connect(self._finish)
        window.controller.state_changed.connect(self._on_state_changed)

    @Slot()
    def _watch_pictures(self) -> None:
        for picture in self._window.stage.pictures:
            self._paints.watch(views_of(picture))

    @Slot()
    def _on_state_changed(self) -> None:
        if not self._ready and self._window.actions_of.run[Action.RUN].isEnabled():
            self._ready = seconds_since_start()
            self._finish()

    @Slot()
    def _finish(self) -> None:
        if self._ready and self._paints.window and self._paints.plots:
            measured = {
                "window": self._paints.window,
                "plots": self._paints.plots,
                "ready": self._ready,
            }
            print(json.dumps(measured), flush=True)
            self._window.close()


def start() -> int:
    create_window = application.create_window
    watches = []

    def create_watched_window(*arguments: Any) -> MainWindow:
        window = create_window(*arguments)
        watches.append(Watch(window))
        return window

    application.create_window = create_watched_window  # type: ignore[assignment]
    return main([])


if __name__ == "__main__":
    sys.exit(start())
