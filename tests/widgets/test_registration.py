"""A picture and a panel that only join their lists are complete parts of the window."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.look.theme import Theme
from linreg_gui.plots import PICTURES
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.series import Series, SeriesLayer
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.panels.registry import LOG, PANELS, PanelKey, PanelSpec
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import LastingThread

WaitFor = Callable[[Callable[[], bool]], None]


class StepCounter(RunPlot):
    name = "counter"

    def __init__(self, theme: Theme) -> None:
        super().__init__("Counter", "step", "count", theme)
        self.count = Series(lambda palette: palette.what_if, "steps so far", "steps")
        self.canvas.add_layers(SeriesLayer(self.count))
        self.add_to_legend(self.count)
        self.counted = 0

    def refresh(self) -> None:
        self.counted = self.run.history.step if self.run else 0


class Notes(QLabel):
    def add_note(self) -> None:
        self.setText(self.text() + "a note ")


def make_notes(session: Session) -> Notes:
    notes = Notes()
    session.numbers_due.connect(notes.add_note)
    return notes


def choose_seven_epochs(session: Session) -> None:
    session.controller.change_setting("epochs", 7)


NOTES = PanelSpec(
    "notes",
    lambda: "Notes",
    lambda: "Notes: your own",
    "F7",
    300,
    make_notes,
    keys=(PanelKey("Shift+F7", lambda: "Notes: seven epochs", choose_seven_epochs),),
)


@pytest.fixture
def window(
    qapp: QApplication, wait_for: WaitFor, lasting_thread: LastingThread
) -> Iterator[MainWindow]:
    PICTURES.append(StepCounter)
    PANELS.append(NOTES)
    try:
        window = create_window(qapp, background=lasting_thread)
    finally:
        PICTURES.remove(StepCounter)
        PANELS.remove(NOTES)
    window.show()
    wait_for(lambda: window.controller.state is RunState.READY)
    yield window
    assert window.close()
    window.deleteLater()


def entry_of_menu(window: MainWindow, title: str, words: str) -> QAction:
    (menu,) = [each for each in window.menuBar().findChildren(QMenu) if each.title() == title]
    (entry,) = [each for each in menu.actions() if each.text() == words]
    return entry


def test_a_picture_is_laid_out_and_follows_the_run(window: MainWindow, wait_for: WaitFor) -> None:
    picture = window.picture(StepCounter)
    assert picture.isVisible()
    assert picture.run is window.controller.run
    window.controller.step()
    wait_for(lambda: picture.counted == 1)


def test_its_key_and_its_entry_in_the_menu_put_it_on_the_stage(
    window: MainWindow, qtbot: QtBot
) -> None:
    picture = window.picture(StepCounter)
    assert picture.is_thumbnail
    qtbot.keyClick(window, Qt.Key.Key_6)
    assert window.stage.current is picture
    assert not picture.is_thumbnail
    window.stage.show_picture(window.pictures[0])
    entry_of_menu(window, "&View", "Counter").trigger()
    assert window.stage.current is picture


def test_its_series_is_in_its_legend(window: MainWindow, qtbot: QtBot) -> None:
    picture = window.picture(StepCounter)
    entry = picture.entry_of(picture.count)
    window.stage.show_picture(picture)
    assert not entry.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert entry.isVisible()
    assert entry.text() == picture.count.name
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert not picture.count.visible


def test_a_panel_has_a_tab_and_an_entry_in_the_menu_with_its_words(window: MainWindow) -> None:
    switch = entry_of_menu(window, "Panels", "Notes: your own")
    assert switch is window.session.switches[NOTES]
    tab = window.run_bar.tabs[switch]
    assert (tab.text(), tab.toolTip()) == ("Notes", "Notes: your own (F7)")


def test_its_further_keys_are_in_the_menu(window: MainWindow) -> None:
    entry = entry_of_menu(window, "Panels", "Notes: seven epochs")
    assert entry.shortcut().toString() == "Shift+F7"


def test_its_key_opens_it_and_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    window.session.switches[LOG].setChecked(True)
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert window.side.panel(NOTES).isVisible()
    assert not window.session.switches[LOG].isChecked()
    assert window.side.wanted_width == 300
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert not window.side.isVisible()


def test_it_opens_at_the_same_width_again_in_a_wide_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1920, 1000)
    widths = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F7)
        QCoreApplication.processEvents()
        widths.append(window.side.width())
        qtbot.keyClick(window, Qt.Key.Key_F7)
    assert widths == [pytest.approx(450, abs=2)] * 3


def test_its_further_keys_open_it_first_and_then_act(window: MainWindow, qtbot: QtBot) -> None:
    settings = window.controller.settings
    qtbot.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert window.side.panel(NOTES).isVisible()
    assert window.controller.settings == settings
    qtbot.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert window.controller.settings.epochs == 7


def test_it_gets_what_it_asks_the_session_for(window: MainWindow) -> None:
    notes = window.side.panel(NOTES)
    window.refresher.refresh_all()
    assert notes.text() == "a note "
