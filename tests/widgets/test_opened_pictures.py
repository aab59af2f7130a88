"""A session opens to the same pictures, pixel for pixel."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from linreg_gui.runs.states import RunState
from linreg_gui.widgets.window.main_window import MainWindow
from tests.saved_sessions import write
from tests.support import settle


@pytest.mark.usefixtures("painted")
def test_a_session_opens_to_the_same_pictures(
    trained: MainWindow, wait_for: Callable[..., None], tmp_path: Path
) -> None:
    controller, document = trained.controller, trained.document
    trained.session.kept_runs.begin_comparing()
    controller.change_setting("seed", 2)
    controller.reset()
    wait_for(lambda: controller.current_run is not None)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    file = write(tmp_path / "a.linreg", document.capture())
    before = pictures(trained)
    controller.change_settings(seed=7, learning_rate=0.01)
    controller.reset()
    wait_for(lambda: controller.current_run is not None)
    trained.session.kept_runs.clear_over()
    opened: list[None] = []
    controller.session_opened.connect(lambda: opened.append(None))
    document.exchange.open(file)
    wait_for(lambda: bool(opened))
    after = pictures(trained)
    assert len(before) > 2
    assert [name for name in before if before[name] != after[name]] == []


def pictures(window: MainWindow) -> dict[str, QImage]:
    settle(window.controller)
    for _ in range(40):  # until each picture has had its turn
        QApplication.processEvents()
        time.sleep(0.01)
    return {plot.name: plot.grab().toImage() for plot in window.stage.visible_pictures}
