"""The real window, with a real controller and real MXNet."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.window.main_window import MainWindow

WAIT_MILLISECONDS = 30_000


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, Mode.LIGHT)
    yield theme
    theme.deleteLater()


@pytest.fixture
def loading_window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    window = create_window(qapp)
    window.show()
    yield window
    assert window.close()
    window.deleteLater()


@pytest.fixture
def window(loading_window: MainWindow, wait_for: Callable[..., None]) -> MainWindow:
    controller = loading_window.controller
    wait_for(lambda: controller.state is RunState.READY and controller.run is not None)
    return loading_window


@pytest.fixture
def trained(window: MainWindow, wait_for: Callable[..., None]) -> MainWindow:
    """Return the window after the lesson's whole run."""
    controller = window.controller
    controller.change_setting("engine", Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    return window


@pytest.fixture
def wait_for(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: qtbot.waitUntil(condition, timeout=WAIT_MILLISECONDS)


@pytest.fixture
def pause_at(wait_for: Callable[..., None]) -> Callable[[TrainingController, int], None]:
    def pause(controller: TrainingController, step: int) -> None:
        controller.start()
        wait_for(lambda: controller.run is not None and controller.run.history.step >= step)
        controller.pause()

    return pause
