"""The first paint shows the stage; the rest follows, and nobody meets a window without it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.plots import PICTURES
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.window.main_window import MainWindow


@pytest.fixture
def begun(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """Return a window on screen with its thumbnails, but not yet all of the rest."""
    window = create_window(qapp)
    loop = QEventLoop()

    def look() -> None:
        if len(window.pictures) > 1:
            loop.quit()

    window.stage.arranged.connect(look)
    window.show()
    loop.exec()
    assert not window.completion.has_ended
    yield window
    window.close()
    window.controller.deleteLater()
    window.deleteLater()


def press(window: MainWindow, key: Qt.Key) -> None:
    """Press a key as the screen's system does: it comes to the window first."""
    QTest.keyClick(window.windowHandle(), key)


def is_whole(window: MainWindow) -> bool:
    return len(window.pictures) == len(PICTURES) and window.completion.has_ended


def test_at_the_first_paint_the_picture_on_the_stage_has_its_place(
    begun: MainWindow, qtbot: QtBot
) -> None:
    first, second, *_ = begun.pictures
    places = first.geometry(), second.geometry()
    assert not first.is_thumbnail
    assert second.is_thumbnail
    qtbot.waitUntil(lambda: is_whole(begun))
    assert (first.geometry(), second.geometry()) == places
    bottom = max(each.geometry().bottom() for each in begun.pictures)
    assert bottom == begun.stage.rect().bottom()


@pytest.mark.parametrize("key", [Qt.Key.Key_5, Qt.Key.Key_Return, Qt.Key.Key_K])
def test_a_key_finds_the_window_complete(begun: MainWindow, key: Qt.Key) -> None:
    press(begun, key)
    assert is_whole(begun)
    assert (begun.stage.current is begun.pictures[4]) == (key == Qt.Key.Key_5)
    assert begun.stage.is_grid == (key == Qt.Key.Key_Return)
    assert begun.actions_of.legend.isChecked() == (key == Qt.Key.Key_K)


def test_a_click_finds_a_thumbnail_that_was_not_there_yet(begun: MainWindow) -> None:
    stage = begun.stage
    place = stage.mapTo(begun, stage.rect().bottomRight() - QPoint(40, 40))
    QTest.mouseClick(begun.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert is_whole(begun)
    assert stage.current is begun.pictures[-1]


def test_mxnet_loads_once_and_after_it(begun: MainWindow, qtbot: QtBot) -> None:
    states = []
    begun.controller.state_changed.connect(lambda: states.append(begun.controller.state))
    assert begun.controller.run is None
    press(begun, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: begun.controller.run is not None, timeout=30_000)
    assert states.count(RunState.READY) == 1
    assert begun.picture(LossPlot).run is begun.controller.run


def test_a_window_that_closes_before_makes_no_more(begun: MainWindow) -> None:
    count = len(begun.pictures)
    begun.close()
    for _ in range(5):
        QApplication.processEvents()
    assert len(begun.pictures) == count
    assert not begun.completion.has_ended
