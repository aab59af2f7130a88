"""The start page offers four ways to begin, and is never in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from linreg_gui.runs.states import RunState
from linreg_gui.sessions.recovery import RecoveryFolder
from linreg_gui.widgets.panels.registry import DATA, LESSON, LOG
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.start_page import StartPage, is_wanted

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]
Key = Qt.Key


@pytest.fixture
def page(window: MainWindow, tmp_path: Path) -> StartPage:
    """Return the page of a first start."""
    window.session.store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.activateWindow()
    window.welcome.begin(tmp_path / "state", greets=True)
    window.document.asks = False
    assert window.welcome.is_shown
    return window.welcome.start_page


def press(key: Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)
    QApplication.processEvents()


def test_the_space_bar_runs_at_once(window: MainWindow, page: StartPage) -> None:
    press(Key.Key_Space)
    assert window.controller.state is RunState.RUNNING
    assert page.isHidden()


def test_escape_puts_it_away_and_changes_nothing(window: MainWindow, page: StartPage) -> None:
    press(Key.Key_Escape)
    assert page.isHidden()
    assert window.controller.state is RunState.READY
    assert window.hasFocus()


def test_keys_go_through_the_ways_and_begin(window: MainWindow, page: StartPage) -> None:
    assert page.explore.hasFocus()
    press(Key.Key_Down)
    assert page.lesson.hasFocus()
    press(Key.Key_Tab)
    assert page.data.hasFocus()
    press(Key.Key_Tab)
    assert page.at_start.hasFocus(), "there is no last session"
    press(Key.Key_Up)
    press(Key.Key_Return)
    assert page.isHidden()
    assert window.side.open_panel is DATA


@pytest.mark.parametrize(("way", "panel"), [("explore", None), ("lesson", LESSON), ("data", DATA)])
def test_each_way_leads_where_it_says(
    window: MainWindow, page: StartPage, way: str, panel: object
) -> None:
    getattr(page, way).click()
    assert page.isHidden()
    assert window.side.open_panel is panel


def test_after_a_crash_it_proposes_what_was_left(window: MainWindow, tmp_path: Path) -> None:
    dead = RecoveryFolder(tmp_path / "state")
    dead.own.write_bytes(b"a state")
    for lock in dead._locks.values():
        lock.close()
    window.session.store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.activateWindow()
    window.welcome.begin(tmp_path / "state", greets=True)
    window.document.asks = False
    assert window.welcome.start_page.last.hasFocus()


def test_the_menu_offers_a_last_session_only_if_there_is_one(
    window: MainWindow, page: StartPage, tmp_path: Path
) -> None:
    menu = window._menus[0]
    menu.aboutToShow.emit()
    assert not window.actions_of.last_session.isEnabled()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "last.linreg").touch()
    menu.aboutToShow.emit()
    assert window.actions_of.last_session.isEnabled()


def test_without_a_last_session_it_says_so(page: StartPage) -> None:
    assert not page.last.isEnabled()
    assert page.last.accessibleDescription() == "There is none yet."


def test_the_last_session_is_named_and_opened(
    window: MainWindow, page: StartPage, wait_for: Wait, tmp_path: Path
) -> None:
    window.controller.change_setting("epochs", 7)
    window.document.save_in(tmp_path / "lecture.linreg")
    wait_for(lambda: window.document.file is not None)
    window.document.exchange.begin_anew()
    wait_for(lambda: window.document.file is None)
    assert page.isHidden(), "other settings than those of the start"
    window.welcome.greet()
    assert "lecture.linreg" in page.last.accessibleDescription()
    page.last.click()
    wait_for(lambda: window.document.file is not None)
    assert window.controller.settings.epochs == 7
    assert page.isHidden()


def test_it_can_be_switched_off_and_brought_back(window: MainWindow, page: StartPage) -> None:
    page.at_start.setChecked(False)
    store = window.session.store
    assert store is not None
    store.sync()
    assert not is_wanted(QSettings(store.fileName(), QSettings.Format.IniFormat))
    page.leave()
    menus = {action.text(): action for action in window.actions_of.all_actions()}
    menus["Start page"].trigger()
    assert window.welcome.is_shown


def test_whatever_else_begins_puts_it_away(window: MainWindow, page: StartPage) -> None:
    beginnings: list[Callable[[], object]] = [
        lambda: window.session.switches[LOG].setChecked(True),
        window.actions_of.grid.trigger,
        window.actions_of.pictures[window.pictures[1]].trigger,
    ]
    for begin in beginnings:
        window.welcome.greet()
        begin()
        assert page.isHidden()
        window.side.shut()


def test_it_is_seen_where_a_panel_has_the_place_of_the_stage(
    window: MainWindow, page: StartPage
) -> None:
    page.leave()
    window.session.theme.set_scale(1.75)
    window.resize(960, 500)
    window.session.switches[LOG].setChecked(True)
    assert window.body.is_panel_alone
    window.welcome.greet()
    assert page.isVisible()
    assert page.explore.hasFocus()
    window.session.theme.set_scale(1.0)


def test_nobody_who_asked_for_a_file_is_greeted(window: MainWindow, tmp_path: Path) -> None:
    window.session.store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.welcome.begin(tmp_path / "state", greets=False)
    window.document.asks = False
    assert not window.welcome.is_shown
