"""Every action is in a menu, has a key of its own if it has one, and leaves typing alone."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.application import _stored_scale, create_window
from linreg_gui.look import theme as theme_module
from linreg_gui.look.scale import SCALES, px, scale_factor, scale_for, set_scale
from linreg_gui.runs.states import Action, RunState
from linreg_gui.widgets.window.main_window import MainWindow

WaitFor = Callable[[Callable[[], bool]], None]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def actions_in_menus(window: MainWindow) -> list[QAction]:
    """Return what a person finds who opens every menu of the menu bar."""
    menus = {menu.menuAction(): menu for menu in window.menuBar().findChildren(QMenu)}
    found = []
    open_menus = [menus[action] for action in window.menuBar().actions()]
    while open_menus:
        for action in open_menus.pop().actions():
            if action in menus:
                open_menus.append(menus[action])
            elif not action.isSeparator():
                found.append(action)
    return found


def keys_of(action: QAction) -> list[str]:
    written = [action.text().partition("\t")[2]]
    return [key.toString() for key in action.shortcuts()] + [key for key in written if key]


class TestTheSizeOfTextAtTheStart:
    @pytest.mark.parametrize(("height", "text"), [(600, 13), (800, 13), (1080, 18)])
    def test_it_suits_the_screen(self, height: int, text: int) -> None:
        set_scale(scale_for(height))
        assert px(13) == text

    def test_it_grows_with_the_screen_up_to_the_largest(self) -> None:
        scales = [scale_for(height) for height in range(400, 4000, 20)]
        assert scales == sorted(scales)
        assert scales[0] == SCALES[0]
        assert set(scales) <= set(SCALES)

    def test_it_is_the_screens_at_the_first_start_and_then_the_persons(
        self, qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(theme_module, "scale_for", lambda _height: 1.4)
        scales = []
        for chosen in (None, 1.1, None):
            store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
            window = create_window(qapp, store=store)
            scales.append(window.session.theme.scale)
            window.show()
            if chosen is not None:
                window.session.theme.set_scale(chosen)
            window.close()
            window.deleteLater()
        assert scales == [1.4, 1.4, 1.1]

    def test_a_damaged_one_is_ignored(
        self, qapp: QApplication, qtbot: QtBot, tmp_path: Path
    ) -> None:
        store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        for damaged in ("0", "1e9", "nan", "purple"):
            store.setValue("scale", damaged)
            assert _stored_scale(store) is None
        window = create_window(qapp, store=store)
        assert scale_factor() == window.session.theme.default_scale
        window.close()
        window.deleteLater()


@pytest.mark.usefixtures("shared_window")
class TestTheMenus:
    def test_every_action_is_in_them_once(self, window: MainWindow) -> None:
        found = actions_in_menus(window)
        assert max(Counter(map(id, found)).values()) == 1
        buttons = [
            button.defaultAction()
            for part in (window.run_bar, window.readout)
            for button in part.findChildren(QToolButton)
            if button.defaultAction() is not None
        ]
        switches = window.session.switches.values()
        further = [action for keys in window.side.keys.values() for action in keys]
        runs = window.actions_of.run.values()
        for action in (*window.actions(), *buttons, *switches, *further, *runs):
            assert action in found, action.text()

    def test_their_titles_have_a_key_each(self, window: MainWindow) -> None:
        titles = [action.text() for action in window.menuBar().actions()]
        assert titles == ["&File", "&Run", "&View", "&Lesson", "&Help"]

    def test_every_entry_says_what_it_does(self, window: MainWindow) -> None:
        for action in actions_in_menus(window):
            assert action.text().partition("\t")[0]
            assert action.toolTip()

    def test_they_do_what_the_bar_does(self, window: MainWindow, wait_for: WaitFor) -> None:
        entry = next(each for each in actions_in_menus(window) if each.text().startswith("Step"))
        entry.trigger()
        wait_for(lambda: window.controller.run.history.step == 1)  # type: ignore[union-attr]
        assert window.controller.state is RunState.PAUSED


@pytest.mark.usefixtures("shared_window")
class TestTheKeys:
    def test_no_two_actions_share_one(self, window: MainWindow) -> None:
        actions = actions_in_menus(window)
        keys = Counter(key for action in actions for key in keys_of(action))
        assert keys.pop("Space") == 2, "Run and Pause, of which one is enabled"
        assert [key for key, count in keys.items() if count > 1] == []

    def test_usual_ones_do_what_they_do_everywhere(self, window: MainWindow) -> None:
        words = {
            key: action.text() for action in actions_in_menus(window) for key in keys_of(action)
        }
        assert words["Ctrl+O"] == "Open…"
        assert words["Ctrl+Q"] == "Quit"
        assert words["F1"] == "First steps"
        assert words["F11"] == "Full screen"
        assert words["Ctrl++"] == words["Ctrl+="] == "Larger text"

    def test_a_field_keeps_every_key_that_is_typed_into_it(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        triggered: list[str] = []

        def note(words: str, *_: bool) -> None:
            triggered.append(words)

        actions = window.actions_of.all_actions()
        for action in actions:
            action.triggered.connect(partial(note, action.text()))
        letters = "".join(
            key
            for action in actions
            for key in (each.toString() for each in action.shortcuts())
            if len(key) == 1
        ).lower()
        assert {"s", "e", "r", "1", "?", ".", "+"} <= set(letters)
        field = window.run_bar.rate.field
        field.setFocus()
        field.clear()
        qtbot.keyClicks(field, letters)
        assert field.text() == letters
        for key in (Key.Key_Backspace, Key.Key_Left, Key.Key_Home, Key.Key_End):
            qtbot.keyClick(field, key)
        for key in (Key.Key_A, Key.Key_C, Key.Key_V, Key.Key_Left):
            qtbot.keyClick(field, key, CONTROL)
        assert triggered == []
        assert field.text() == letters[:-1]
        qtbot.keyClick(field, Key.Key_Escape)
        window.setFocus()
        qtbot.keyClick(window, Key.Key_S)
        assert triggered == [window.actions_of.run[Action.STEP].text()]

    def test_a_panels_key_opens_and_closes_it(self, window: MainWindow, qtbot: QtBot) -> None:
        for spec, switch in window.session.switches.items():
            for shown in (True, False):
                QTest.keySequence(window, QKeySequence(spec.key))
                assert switch.isChecked() is shown, spec.key
                assert window.side.isVisible() is shown

    def test_those_of_the_speed_go_through_all_speeds(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        controller, speed = window.controller, window.run_bar.speed
        for pace in (1000, 500, 200):
            qtbot.keyClick(window, Key.Key_Comma)
            assert controller.pace == speed.pace == pace
        qtbot.keyClick(window, Key.Key_Period)
        assert controller.pace == speed.pace == 500

    def test_one_chooses_the_learning_rate(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Key.Key_A)
        focused = QApplication.focusWidget()
        assert focused is window.run_bar.rate.field
        qtbot.keyClicks(focused, "0.05")
        qtbot.keyClick(focused, Key.Key_Return)
        assert window.controller.settings.learning_rate == 0.05


@pytest.mark.usefixtures("shared_window")
class TestTheSizeOfText:
    def test_keys_change_it_step_by_step(self, window: MainWindow, qtbot: QtBot) -> None:
        theme = window.session.theme
        height = window.run_bar.run_button.fontMetrics().height()
        for scale in (*SCALES[1:], SCALES[-1]):
            qtbot.keyClick(window, Key.Key_Plus, CONTROL)
            assert theme.scale == scale
        assert window.run_bar.run_button.fontMetrics().height() > 2 * height
        qtbot.keyClick(window, Key.Key_Minus, CONTROL)
        assert theme.scale == SCALES[-2]
        qtbot.keyClick(window, Key.Key_0, CONTROL)
        assert theme.scale == theme.default_scale
        qtbot.keyClick(window, Key.Key_Equal, CONTROL)
        assert theme.scale == SCALES[1]
