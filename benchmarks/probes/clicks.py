"""Clicks at random moments, and measures how long the window takes to react."""

import argparse
import json
import random
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QWidget

from benchmarks.probes.lag import LagMeter
from benchmarks.probes.live import open_window, wait, wait_until, wait_until_prepared
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.window.main_window import MainWindow

EPOCHS = 10_000
PREPARATIONS = 5


class Mouse:
    """Presses in the middle of a widget, from any thread. Make it in the GUI thread."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._place = QPointF(widget.rect().center())
        self._place_on_screen = widget.mapToGlobal(self._place)
        self._device = QPointingDevice.primaryPointingDevice()

    def click(self) -> None:
        self.press()
        self._post(QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton)

    def press(self) -> None:
        self._post(QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)

    def _post(self, kind: QEvent.Type, held: Qt.MouseButton) -> None:
        event = QMouseEvent(
            kind,
            self._place,
            self._place_on_screen,
            Qt.MouseButton.LeftButton,
            held,
            Qt.KeyboardModifier.NoModifier,
            self._device,
        )
        QCoreApplication.postEvent(self._widget, event)


class ClickWatch(QObject):
    """Sends clicks from another thread, and notes how long each waits to be handled.

    A click counts from its planned moment: if the sender is held up, a person's click would be too.

    Attributes
    ----------
    waits : list of float
        In seconds.
    """

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._controller = controller
        self._due = 0.0
        controller.state_changed.connect(self._on_state_changed)

    def click(self, button: QWidget, delay: float) -> None:
        """Press and release ``button`` in ``delay`` seconds and wait until the run is paused."""
        self._due = time.perf_counter() + delay
        mouse = Mouse(button)
        sender = _send_later(self._due, mouse.click)
        wait_until(self._controller.state_changed, lambda: not self._due)
        sender.join()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._due and self._controller.state is not RunState.RUNNING:
            self.waits.append(time.perf_counter() - self._due)
            self._due = 0.0


class PressWatch(QObject):
    """Presses on the window until it is stopped, and notes how long each press waits."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._window = window
        self._mouse = Mouse(window)
        self._due: list[float] = []
        self._is_over = threading.Event()
        self._sender = threading.Thread(target=self._send)
        window.installEventFilter(self)

    def start(self) -> None:
        self._sender.start()

    def stop(self) -> None:
        self._is_over.set()
        self._sender.join()
        QCoreApplication.sendPostedEvents(self._window)

    def _send(self) -> None:
        due = time.perf_counter()
        while not self._is_over.is_set():
            due += random.uniform(0.005, 0.03)
            time.sleep(max(0.0, due - time.perf_counter()))
            self._due.append(due)
            self._mouse.press()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and self._due:
            self.waits.append(time.perf_counter() - self._due.pop(0))
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clicks", type=int, required=True)
    parser.add_argument("--examples", type=int, required=True)
    options = parser.parse_args()

    application, window = open_window(DEFAULTS.with_value("epochs", EPOCHS))
    controller = window.controller
    loading = PressWatch(window)
    loading.start()
    wait_until_prepared(controller)
    loading.stop()

    training = ClickWatch(controller)
    for _ in range(options.clicks):
        controller.start()
        training.click(window.run_bar.run_button, random.uniform(0.05, 0.3))
        wait(0.02)

    preparing = ClickWatch(controller)
    meter = LagMeter()
    lags = []
    controller.reset()
    wait_until_prepared(controller)
    controller.change_setting("examples", options.examples)
    for _ in range(PREPARATIONS):
        controller.reset()
        meter.start()
        controller.start()
        preparing.click(window.run_bar.run_button, random.uniform(0.0, 0.5))
        wait_until_prepared(controller)
        wait(0.2)
        meter.stop()
        lags.append(max(meter.lags))
    window.close()
    application.processEvents()
    print(
        json.dumps(
            {
                "loading": loading.waits,
                "training": training.waits,
                "preparing": preparing.waits,
                "lag_preparing": lags,
            }
        )
    )


def _send_later(due: float, send: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        time.sleep(max(0.0, due - time.perf_counter()))
        send()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


if __name__ == "__main__":
    main()
