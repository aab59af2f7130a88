"""Above the pictures stands which kept runs are drawn, and each can be taken away there."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.panels.registry import RUNS, SWEEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import settle, wait_for_state

pytestmark = pytest.mark.usefixtures("shared_window")

Finish = Callable[..., None]


@pytest.fixture
def finish(qtbot: QtBot, window: MainWindow) -> Finish:
    controller = window.controller

    def make(**values: object) -> None:
        controller.change_settings(examples=40, engine=Engine.INSTANT, **values)
        controller.reset()
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        settle(controller)
        QApplication.processEvents()

    return make


@pytest.fixture
def compared(window: MainWindow, finish: Finish) -> MainWindow:
    """Return the window with four runs, three of them drawn over the last."""
    for seed in (1, 2, 3, 4):
        finish(seed=seed)
    window.session.switches[RUNS].setChecked(True)
    QApplication.processEvents()
    return window


def titles(window: MainWindow) -> list[str]:
    QApplication.processEvents()
    return [chip.title.text() for chip in window.contents.chips.chips if chip.isVisible()]


def test_there_are_none_without_a_drawn_run(window: MainWindow, finish: Finish) -> None:
    finish()
    finish(seed=2)
    assert not window.contents.chips.isVisible()


def test_each_drawn_run_has_one_with_its_number_and_name(compared: MainWindow) -> None:
    assert titles(compared) == ["Run 1", "Run 2", "Run 3"]
    kept_runs = compared.session.kept_runs
    kept_runs.rename(kept_runs.runs[1], "fast")
    assert titles(compared) == ["Run 1", "Run 2: fast", "Run 3"]
    kept_runs.set_shown(kept_runs.runs[0], shown=False)
    assert titles(compared) == ["Run 2: fast", "Run 3"]
    kept_runs.set_shown(kept_runs.runs[0], shown=True)
    assert titles(compared) == ["Run 1", "Run 2: fast", "Run 3"]


@pytest.mark.usefixtures("painted")
def test_its_line_has_the_color_of_the_curve_and_of_the_card(compared: MainWindow) -> None:
    palette = compared.session.theme.palette
    panel = compared.side.panel(RUNS)
    for chip in compared.contents.chips.chips:
        color = palette.run(chip.kept.color_index).color
        images = chip.grab().toImage(), panel.cards[chip.kept].grab().toImage()
        for image in images:
            colors = {
                image.pixelColor(x, y).name()
                for x in range(image.width())
                for y in range(min(40, image.height()))
            }
            assert color in colors
        assert compared.refresher.overlays[chip.kept.run].look(palette).color == color


def test_a_cross_takes_one_away_and_a_button_all(compared: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(compared.contents.chips.chips[1].close_button, Qt.MouseButton.LeftButton)
    assert titles(compared) == ["Run 1", "Run 3"]
    assert [kept.title for kept in compared.session.kept_runs.over()] == ["Run 1", "Run 3"]
    qtbot.mouseClick(compared.contents.chips.clear_button, Qt.MouseButton.LeftButton)
    assert compared.session.kept_runs.over() == []
    assert not compared.contents.chips.isVisible()


def test_they_stay_while_other_panels_are_open_and_new_runs_join_only_while_comparing(
    compared: MainWindow, finish: Finish
) -> None:
    compared.session.switches[SWEEP].setChecked(True)
    finish(seed=5)
    finish(seed=6)
    assert titles(compared) == ["Run 1", "Run 2", "Run 3", "Run 4"]
    compared.session.switches[RUNS].setChecked(True)
    finish(seed=7)
    finish(seed=8)
    assert titles(compared) == ["Run 1", "Run 2", "Run 3", "Run 4", "Run 7"]


def test_they_go_through_with_tab_and_the_next_one_gets_the_focus(
    compared: MainWindow, qtbot: QtBot
) -> None:
    chips = compared.contents.chips
    chips.chips[0].close_button.setFocus()
    for chip in chips.chips:
        assert chip.close_button.hasFocus()
        assert chip.close_button.accessibleName() == f"Stop drawing {chip.title.text()}"
        qtbot.keyClick(chip.close_button, Qt.Key.Key_Tab)
    assert chips.clear_button.hasFocus()
    chips.chips[0].close_button.setFocus()
    qtbot.keyClick(chips.chips[0].close_button, Qt.Key.Key_Return)
    assert chips.chips[0].close_button.hasFocus()


def test_they_wrap_in_a_narrow_window(compared: MainWindow, finish: Finish) -> None:
    compared.resize(compared.minimumWidth(), 700)
    kept_runs = compared.session.kept_runs
    for kept in kept_runs.runs:
        kept_runs.rename(kept, "a name that takes a good part of a narrow window")
    for _ in range(4):
        QApplication.processEvents()
    chips = compared.contents.chips
    assert chips.chips[2].y() > chips.chips[0].y()
    for chip in chips.chips:
        assert chip.geometry().right() < chips.width()
        assert chip.geometry().bottom() < chips.height()
        assert chip.title.height() >= chip.title.heightForWidth(chip.title.width())
