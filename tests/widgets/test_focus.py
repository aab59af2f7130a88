"""The keyboard reaches everything, in the order of reading, and one sees where one is."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractSlider, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Mode
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.widgets.panels.registry import GUIDE, NUMBERS, RUNS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.widgets.controls import controls_in, turn_wheel

pytestmark = pytest.mark.usefixtures("shared_window")

NOTICED = 40
"""Fewer pixels than these nobody notices."""


def stops(window: MainWindow, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_Tab) -> Iterator[QWidget]:
    """Press ``key`` until the first control has the focus again; yield each on the way."""
    window.setFocus()
    found: set[QWidget] = set()
    focused: QWidget | None = window
    while True:
        qtbot.keyClick(focused, key)
        focused = QApplication.focusWidget()
        if focused is None or focused in found:
            return
        found.add(focused)
        yield focused


def place_of(window: MainWindow, widget: QWidget) -> int:
    """Return the index of the part of the window that ``widget`` is in."""
    settings = [window.panel] if window.actions_of.settings.isChecked() else []
    stage, *others = window.stage.visible_pictures
    below = (window.side, window.timeline, window.readout)
    parts = [window.run_bar, *settings, stage, *others, *below]
    return next(
        index for index, part in enumerate(parts) if part is widget or part.isAncestorOf(widget)
    )


def test_tab_goes_from_the_bar_over_settings_stage_and_panel_to_the_numbers(
    trained: MainWindow, qtbot: QtBot
) -> None:
    trained.actions_of.legend.setChecked(True)
    trained.actions_of.settings.setChecked(True)
    found = list(stops(trained, qtbot))
    places = [place_of(trained, each) for each in found]
    assert places == sorted(places)
    assert set(places) == set(range(max(places) + 1)) - {place_of(trained, trained.side)}
    assert list(stops(trained, qtbot, Qt.Key.Key_Backtab)) == found[::-1]
    trained.actions_of.settings.setChecked(False)
    trained.session.switches[RUNS].setChecked(True)
    found = list(stops(trained, qtbot))
    places = [place_of(trained, each) for each in found]
    assert places == sorted(places)
    assert set(places) == set(range(5))


def test_tab_comes_to_the_choices_of_a_picture_before_the_picture(
    trained: MainWindow, qtbot: QtBot
) -> None:
    plot = trained.picture(DataPlot)
    own = [each for each in stops(trained, qtbot) if plot.isAncestorOf(each)]
    assert own[-1] is plot.canvas
    assert [each.text() for each in own if hasattr(each, "text")] == ["adjusted"]


def test_a_control_that_tab_comes_to_is_brought_into_view(
    trained: MainWindow, qtbot: QtBot
) -> None:
    trained.resize(1280, 500)
    trained.actions_of.settings.setChecked(True)
    QApplication.processEvents()
    below = [each for each in controls_in(trained.panel) if each.visibleRegion().isEmpty()]
    assert len(below) > 3
    for key in (Qt.Key.Key_Backtab, Qt.Key.Key_Tab):
        for widget in stops(trained, qtbot, key):
            if trained.panel.isAncestorOf(widget):
                assert not widget.visibleRegion().isEmpty()


def pixels_around(window: MainWindow, widget: QWidget) -> npt.NDArray[np.int64]:
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    image = window.grab(place.adjusted(-2, -2, 2, 2).intersected(window.rect())).toImage()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), :3].astype(np.int64)


def unmarked(window: MainWindow, qtbot: QtBot, looked_at: set[QWidget]) -> Iterator[str]:
    """Yield the controls that look the same with the focus."""
    for widget in stops(window, qtbot):
        if widget in looked_at:
            continue
        looked_at.add(widget)
        QApplication.processEvents()
        marked = pixels_around(window, widget)
        window.setFocus()
        QApplication.processEvents()
        changes = np.abs(marked - pixels_around(window, widget)).sum(axis=2)
        widget.setFocus()
        if np.count_nonzero(changes > 120) < NOTICED:
            yield f"{type(widget).__name__} {widget.accessibleName()}"


@pytest.mark.usefixtures("painted")
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_focus_can_be_seen_on_every_control(
    trained: MainWindow, qtbot: QtBot, mode: Mode
) -> None:
    trained.resize(1400, 900)
    trained.session.theme.set_mode(mode)
    trained.actions_of.legend.setChecked(True)
    QApplication.processEvents()
    seen: set[QWidget] = set()
    assert list(unmarked(trained, qtbot, seen)) == []
    trained.actions_of.settings.setChecked(True)
    QApplication.processEvents()
    assert list(unmarked(trained, qtbot, seen)) == []
    for spec, switch in trained.session.switches.items():
        if mode is Mode.DARK and spec is not GUIDE:  # the same controls, in the same colors
            continue
        switch.setChecked(True)
        for action in trained.side.keys[spec]:
            action.trigger()
        QApplication.processEvents()
        assert list(unmarked(trained, qtbot, seen)) == [], spec.title()


def test_keys_zoom_move_and_fit_the_picture_on_the_stage(trained: MainWindow, qtbot: QtBot) -> None:
    plot = trained.picture(LossPlot)
    trained.stage.show_picture(plot)
    canvas = plot.canvas
    whole = canvas.x_range
    for widget in (trained, canvas):
        qtbot.keyClick(widget, Qt.Key.Key_Plus)
        near = canvas.x_range
        assert near[1] - near[0] == pytest.approx((whole[1] - whole[0]) / 1.25)
        qtbot.keyClick(widget, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert canvas.x_range[0] == pytest.approx(near[0] + 0.1 * (near[1] - near[0]))
        qtbot.keyClick(widget, Qt.Key.Key_Minus)
        assert canvas.x_range[1] - canvas.x_range[0] == pytest.approx(whole[1] - whole[0])
        assert canvas.is_zoomed
        qtbot.keyClick(widget, Qt.Key.Key_Backspace)
        assert canvas.x_range == whole
        assert not canvas.is_zoomed


def test_in_the_grid_they_act_on_the_picture_with_the_focus(
    trained: MainWindow, qtbot: QtBot
) -> None:
    trained.stage.show_grid(wanted=True)
    loss, data = trained.picture(LossPlot).canvas, trained.picture(DataPlot).canvas
    loss.setFocus()
    qtbot.keyClick(loss, Qt.Key.Key_Plus)
    assert (loss.is_zoomed, data.is_zoomed) == (True, False)


def test_home_and_end_still_travel_in_time(trained: MainWindow, qtbot: QtBot) -> None:
    canvas = trained.stage.current.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert trained.session.playhead.step == 0
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert trained.session.playhead.is_live


def test_a_sign_or_a_backspace_that_is_typed_stays_in_its_field(
    trained: MainWindow, qtbot: QtBot
) -> None:
    field = trained.run_bar.rate.field
    field.setFocus()
    field.selectAll()
    for key in "-1+":
        qtbot.keyClicks(field, key)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "-1"
    assert not trained.stage.current.canvas.is_zoomed


def test_the_table_takes_the_focus_when_a_key_opens_it(trained: MainWindow, qtbot: QtBot) -> None:
    trained.stage.current.canvas.setFocus()
    qtbot.keyClick(trained, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert trained.side.panel(NUMBERS).picture.view.hasFocus()


def test_a_small_picture_keeps_the_focus_when_enter_brings_it_to_the_stage(
    trained: MainWindow, qtbot: QtBot
) -> None:
    plot = trained.picture(LossPlot)
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert trained.stage.current is plot
    assert plot.canvas.hasFocus()


def value_of(control: QWidget) -> object:
    match control:
        case QComboBox():
            return control.currentIndex()
        case QAbstractSlider():
            return control.value()
        case QLineEdit():
            return control.text()
    return None


def test_a_wheel_over_a_control_without_the_focus_changes_nothing(trained: MainWindow) -> None:
    trained.actions_of.settings.setChecked(True)
    places = [None, *trained.session.switches.values()]
    for switch in places:
        if switch is not None:
            switch.setChecked(True)
        trained.setFocus()
        for control in controls_in(trained):
            before = value_of(control)
            turn_wheel(control, -120)
            assert value_of(control) == before, control.accessibleName()


def test_a_wheel_over_a_list_that_was_just_chosen_from_changes_nothing(
    trained: MainWindow,
) -> None:
    trained.actions_of.settings.setChecked(True)
    lists = [each for each in controls_in(trained) if isinstance(each, QComboBox)]
    assert lists
    for control in lists:
        control.setFocus()
        before = value_of(control)
        assert not turn_wheel(control, -120), control.accessibleName()
        assert value_of(control) == before
