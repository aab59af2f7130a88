"""Opens and drives the real window for a probe."""

import gc
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from linreg_gui.application import (
    collect_garbage_once_loaded,
    create_application,
    create_window,
)
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.window.main_window import MainWindow

_TIMEOUT_MILLISECONDS = 1_200_000


def open_window(settings: TrainingConfig = DEFAULTS) -> tuple[QApplication, MainWindow]:
    """Show the program's window as its entry does, without stored settings."""
    gc.disable()
    application = create_application()
    window = create_window(application, settings)
    collect_garbage_once_loaded(window)
    window.show()
    return application, window


def wait_until(signal: SignalInstance, is_reached: Callable[[], bool]) -> None:
    """Run the event loop until a condition holds; check it after each ``signal``."""
    if is_reached():
        return
    loop = QEventLoop()

    def look() -> None:
        if is_reached():
            loop.quit()

    signal.connect(look)
    QTimer.singleShot(_TIMEOUT_MILLISECONDS, loop, lambda: loop.exit(1))
    timed_out = loop.exec()
    signal.disconnect(look)
    if timed_out:
        raise TimeoutError("what was waited for did not come")


def wait(seconds: float) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait_until_prepared(controller: TrainingController) -> None:
    """Wait until MXNet is loaded and the newest run is prepared."""
    wait_until(controller.state_changed, lambda: controller.state is not RunState.LOADING)
    if controller.state is RunState.UNAVAILABLE:
        raise RuntimeError(controller.outcome)
    wait_until(
        controller.run_prepared,
        lambda: (
            controller.current_run is not None
            and controller.settings == controller.applied_settings
        ),
    )


def views_of(plot: QWidget) -> list[QWidget]:
    """Return the widgets on which a plot is painted."""
    return [view.viewport() for view in plot.findChildren(QGraphicsView)] or [plot]


class EventCounter(QObject):
    """Counts the events of one kind that some widgets receive."""

    def __init__(self, kind: QEvent.Type, widgets: list[QWidget]) -> None:
        super().__init__()
        self.count = 0
        self._kind = kind
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == self._kind
        return False
