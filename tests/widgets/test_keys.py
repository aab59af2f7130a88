"""The space bar runs and pauses, whatever has the focus; Enter presses the focused control."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from linreg_gui.look.inputs import NumberField
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.panels.registry import PANELS, RUNS, STEP, SWEEP, PanelSpec
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import settle, wait_for_state

pytestmark = pytest.mark.usefixtures("shared_window")

Key = Qt.Key


def focusable(parent: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in parent.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
    ]


def state_after_space(window: MainWindow, qtbot: QtBot, widget: QWidget) -> RunState:
    widget.setFocus()
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Key.Key_Space)
    return window.controller.state


def panel_name(spec: PanelSpec[QWidget]) -> str:
    return spec.words()


def test_space_belongs_to_the_window_on_every_control(window: MainWindow, qtbot: QtBot) -> None:
    assert_space_belongs_to_the_window(window, qtbot, window)
    for spec in PANELS:
        window.session.switches[spec].setChecked(True)
        settle(window.controller)
        QApplication.processEvents()
        assert_space_belongs_to_the_window(window, qtbot, window.side.panel(spec))


def assert_space_belongs_to_the_window(window: MainWindow, qtbot: QtBot, part: QWidget) -> None:
    controller, controls = window.controller, focusable(part)
    assert controls
    for widget in controls:
        is_text = (
            isinstance(widget, QLineEdit)
            and not isinstance(widget, NumberField)
            and bool(widget.text())
        )
        before = controller.state
        checked = widget.isChecked() if isinstance(widget, QAbstractButton) else None
        after = state_after_space(window, qtbot, widget)
        assert (after is before) is is_text, f"{widget} {widget.accessibleName()}"
        if isinstance(widget, QAbstractButton) and widget.isEnabled():
            assert widget.isChecked() is checked
        if controller.state is RunState.RUNNING:
            controller.pause()


def test_space_works_after_hide_all_and_another_panel(window: MainWindow, qtbot: QtBot) -> None:
    controller = window.controller
    controller.change_settings(examples=40, engine=Engine.INSTANT)
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    window.session.switches[RUNS].setChecked(True)
    qtbot.mouseClick(window.side.panel(RUNS).show_all, Qt.MouseButton.LeftButton)
    qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_D)
    assert window.session.switches[STEP].isChecked()
    qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_Space)
    assert controller.state is RunState.RUNNING


def test_a_text_that_is_typed_gets_its_spaces(window: MainWindow, qtbot: QtBot) -> None:
    window.session.switches[SWEEP].setChecked(True)
    values = window.side.panel(SWEEP).values
    values.setFocus()
    values.clear()
    qtbot.keyClicks(values, "1 2")
    assert values.text() == "1 2"
    field = window.panel.row("seed").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1 0")
    assert field.text() == "1 0"
    assert window.controller.state is RunState.READY


def test_enter_presses_the_focused_control(window: MainWindow, qtbot: QtBot) -> None:
    for key, expected in ((Key.Key_Return, False), (Key.Key_Enter, True)):
        switch = window.panel.row("shuffle").editor
        assert isinstance(switch, QCheckBox)
        switch.setFocus()
        qtbot.keyClick(switch, key)
        assert window.controller.settings.shuffle is expected
    assert window.controller.state is RunState.READY


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_enter_opens_the_focused_list(window: MainWindow, qtbot: QtBot) -> None:
    choices = window.panel.row("init").editor
    assert isinstance(choices, QComboBox)
    choices.setFocus()
    qtbot.keyClick(choices, Key.Key_Return)
    view = choices.view()
    assert view.isVisible()
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_Return)
    assert not view.isVisible()
    assert window.controller.settings.init == "zeros"
    assert window.controller.state is RunState.READY


def test_the_space_bar_of_a_dialog_is_its_own(window: MainWindow, qtbot: QtBot) -> None:
    button = QPushButton("Here", window)
    button.setWindowFlag(Qt.WindowType.Dialog)
    button.show()
    button.activateWindow()
    qtbot.waitUntil(button.isActiveWindow)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Key.Key_Space)
    assert window.controller.state is RunState.READY
    button.close()
