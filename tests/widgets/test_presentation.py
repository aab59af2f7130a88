"""Full screen and the presentation, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import LOG
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.presentation import SCALE, PointerHalo

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[[TrainingController, int], None]
Key = Qt.Key


def state_of(window: MainWindow) -> RunState:
    return window.controller.state


def halos(window: MainWindow) -> list[PointerHalo]:
    return [halo for halo in window.findChildren(PointerHalo) if halo.isVisible()]


@pytest.mark.parametrize("key", [Key.Key_F11, Key.Key_F5])
class TestBoth:
    def test_leave_the_picture_the_timeline_and_the_numbers(
        self, window: MainWindow, qtbot: QtBot, key: Qt.Key
    ) -> None:
        window.session.switches[LOG].setChecked(True)
        window.actions_of.settings.setChecked(True)
        qtbot.keyClick(window, key)
        assert window.isFullScreen()
        assert window.stage.visible_pictures == [window.stage.current]
        for shown in (window.stage.current, window.timeline, window.readout):
            assert shown.isVisible()
        for hidden in (window.menuBar(), window.run_bar, window.side, window.panel):
            assert not hidden.isVisible()

    @pytest.mark.parametrize("back", [None, Key.Key_Escape], ids=["the same key", "escape"])
    def test_end_with_the_same_key_or_escape_as_they_began(
        self, window: MainWindow, qtbot: QtBot, key: Qt.Key, back: Qt.Key | None
    ) -> None:
        qtbot.waitUntil(lambda: len(window.stage.visible_pictures) == len(window.pictures))
        shown = window.stage.visible_pictures
        qtbot.keyClick(window, key)
        qtbot.keyClick(window, back or key)
        QApplication.processEvents()
        assert not window.isFullScreen()
        assert window.stage.visible_pictures == shown
        assert window.menuBar().isVisible()
        assert window.run_bar.isVisible()
        assert window.session.theme.scale == 1.0
        assert halos(window) == []
        actions = window.actions_of
        assert not actions.full_screen.isChecked()
        assert not actions.presentation.isChecked()

    def test_bring_back_what_was_open(self, window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
        switches = window.session.switches[LOG], window.actions_of.settings
        for switch in switches:
            switch.setChecked(True)
        QApplication.processEvents()
        width = window.side.wanted_width
        qtbot.keyClick(window, key)
        qtbot.keyClick(window, Key.Key_Escape)
        assert all(switch.isChecked() for switch in switches)
        assert window.side.wanted_width == width

    def test_keep_a_picture_that_was_maximized_before(
        self, window: MainWindow, qtbot: QtBot, key: Qt.Key
    ) -> None:
        for each in (Key.Key_X, key, Key.Key_Escape):
            qtbot.keyClick(window, each)
        assert window.stage.is_maximized

    def test_keep_every_key_although_the_menus_are_gone(
        self, window: MainWindow, qtbot: QtBot, wait_for: WaitFor, key: Qt.Key
    ) -> None:
        qtbot.keyClick(window, key)
        qtbot.keyClick(window, Key.Key_S)
        wait_for(lambda: window.controller.run.history.step == 1)  # type: ignore[union-attr]
        qtbot.keyClick(window, Key.Key_Space)
        assert window.controller.state is RunState.RUNNING
        qtbot.keyClick(window, Key.Key_2)
        assert window.stage.visible_pictures == [window.pictures[1]]

    def test_end_before_escape_stops_the_run(
        self, window: MainWindow, qtbot: QtBot, key: Qt.Key
    ) -> None:
        window.controller.start()
        qtbot.keyClick(window, key)
        qtbot.keyClick(window, Key.Key_Escape)
        assert state_of(window) is RunState.RUNNING
        qtbot.keyClick(window, Key.Key_Escape)
        assert state_of(window) is RunState.STOPPED

    def test_are_not_remembered(
        self, qapp: QApplication, qtbot: QtBot, tmp_path: Path, key: Qt.Key
    ) -> None:
        sizes: list[QSize] = []
        scales = []
        for _ in range(2):
            store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
            window = create_window(qapp, store=store)
            window.show()
            if not sizes:
                window.resize(720, 600)
            sizes.append(window.size())
            scales.append(window.session.theme.scale)
            assert not window.isFullScreen()
            qtbot.keyClick(window, key)
            window.close()
            window.deleteLater()
        assert sizes[0] == sizes[1]
        assert scales == [1.0, 1.0]


class TestThePresentation:
    def test_has_large_text_and_strokes(self, window: MainWindow, qtbot: QtBot) -> None:
        theme = window.session.theme
        before = theme.palette.truth.width
        qtbot.keyClick(window, Key.Key_F5)
        assert theme.scale == SCALE == 1.75
        assert theme.palette.truth.width == pytest.approx(1.75 * before, abs=0.5)

    def test_leaves_text_that_is_larger_already(self, window: MainWindow, qtbot: QtBot) -> None:
        theme = window.session.theme
        theme.set_scale(2.25)
        qtbot.keyClick(window, Key.Key_F5)
        assert theme.scale == 2.25
        qtbot.keyClick(window, Key.Key_Escape)
        assert theme.scale == 2.25

    def test_marks_the_mouse(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Key.Key_F5)
        QApplication.processEvents()
        for place in (QPoint(200, 150), QPoint(301, 252)):
            qtbot.mouseMove(window.stage.current.canvas.viewport(), place)
            (halo,) = halos(window)
            shown = window.stage.current.canvas.viewport().mapTo(window, place)
            assert (halo.geometry().center() - shown).manhattanLength() <= 2
        image = halo.grab().toImage()
        assert image.pixelColor(halo.width() // 2, 4) != image.pixelColor(0, 0)

    def test_the_mark_grows_with_the_text(self, window: MainWindow) -> None:
        theme = window.session.theme
        window.presentation.present(wanted=True)
        halo = window.findChildren(PointerHalo)[-1]
        before = halo.width()
        theme.set_scale(2 * theme.scale)
        assert halo.width() == pytest.approx(2 * before, abs=1)

    def test_the_mark_takes_no_click(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Key.Key_F5)
        QApplication.processEvents()
        live = window.timeline.live
        qtbot.mouseMove(live, live.rect().center())
        assert halos(window)
        place = live.mapTo(window, live.rect().center())
        assert window.childAt(place) is live

    def test_full_screen_within_it_is_part_of_it(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Key.Key_F11)
        qtbot.keyClick(window, Key.Key_F5)
        assert window.isFullScreen()
        qtbot.keyClick(window, Key.Key_Escape)
        assert not window.isFullScreen()
        assert window.session.theme.scale == 1.0


@pytest.mark.parametrize("stops", [False, True], ids=["ready", "stopped"])
def test_all_parameters_are_seen_and_rather_not_where_they_should_go(
    window: MainWindow, pause_at: PauseAt, stops: bool
) -> None:
    if stops:
        pause_at(window.controller, 20)
        window.controller.stop()
    cells = window.readout.parameters
    for scale, width, has_room in ((1.0, 1280, True), (SCALE, 1280, False), (SCALE, 2560, True)):
        window.session.theme.set_scale(scale)
        window.resize(width, 800)
        QApplication.processEvents()
        assert all(cell.isVisible() for cell in cells)
        assert [cell.target.isVisible() for cell in cells] == 3 * [has_room]
