"""Nothing in a panel is cut: not at its narrowest, not with large text."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.panels.registry import (
    CONTRASTS,
    DATA,
    LOG,
    MY_LINE,
    PREDICT,
    PREDICT_FIRST,
    RUNS,
    SCALING,
    SWEEP,
    PanelSpec,
)
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import settle, wait_for_state, wait_until_ready

pytestmark = pytest.mark.usefixtures("shared_window")

PANELS: tuple[PanelSpec[Any], ...] = (
    RUNS,
    SWEEP,
    PREDICT,
    PREDICT_FIRST,
    MY_LINE,
    CONTRASTS,
    DATA,
    LOG,
    SCALING,
)
LONG = "a_table_of_temperatures-and-their-averages_since_1880_second_edition_corrected.csv"

Show = Callable[[PanelSpec[QWidget], int, float], QWidget]


@pytest.fixture
def show(window: MainWindow) -> Iterator[Show]:
    """Return a function that shows a panel alone, this wide and at this scale."""
    host = QWidget()  # without a layout: offscreen windows complain when their least size changes

    def show(spec: PanelSpec[QWidget], width: int, scale: float) -> QWidget:
        window.session.theme.set_scale(scale)
        panel = window.side.panel(spec)
        panel.setParent(host)
        panel.setFixedSize(width, 640)
        panel.show()
        host.show()
        for _ in range(20):  # words are broken once a layout has given its widths, and so on
            QApplication.processEvents()
        return panel

    yield show
    host.close()
    host.deleteLater()


def cut(parent: QWidget) -> list[str]:
    """Return the visible words that do not fit into their label or button, or into ``parent``."""
    found = []
    for label in parent.findChildren(QLabel):
        if label.isVisible() and label.text():
            size = label.minimumSizeHint()
            if label.wordWrap():
                size.setHeight(label.heightForWidth(label.width()))
            if label.height() < size.height() or label.width() < size.width():
                found.append(f"label {label.text()!r}: {label.size()}")
            if beside(label, parent):
                found.append(f"beside the edge: {label.text()!r}")
    for button in parent.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            words = button.fontMetrics().size(0, button.text())
            if button.size().expandedTo(words) != button.size() or beside(button, parent):
                found.append(f"button {button.text()!r}: {button.size()}")
    return found


def beside(widget: QWidget, parent: QWidget) -> bool:
    """Return whether a part of ``widget`` lies left or right of where it can be scrolled to."""
    area = next(
        (
            each.viewport()
            for each in parent.findChildren(QScrollArea)
            if each.widget().isAncestorOf(widget)
        ),
        parent,
    )
    place = QRect(widget.mapTo(area, widget.rect().topLeft()), widget.size())
    return place.left() < 0 or place.right() >= area.width()


def finish(qtbot: QtBot, window: MainWindow, **values: object) -> None:
    controller = window.controller
    controller.change_settings(examples=100, engine=Engine.INSTANT, **values)
    controller.reset()
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED, RunState.DIVERGED)
    settle(controller)


@pytest.mark.usefixtures("own_window")  # its panels go
def test_nothing_is_cut(window: MainWindow, qtbot: QtBot, show: Show) -> None:
    finish(qtbot, window, learning_rate=0.1)
    finish(qtbot, window, learning_rate=3.0)
    finish(qtbot, window, learning_rate=0.05, true_weights=(1.0, 2.0))
    window.session.kept_runs.rename(window.session.kept_runs.runs[0], "one with a long name")
    panel = window.side.panel(SWEEP)
    panel.values.setText("0.1, 3")
    panel.run.click()
    qtbot.waitUntil(lambda: not panel.sweeper.is_running, timeout=30_000)
    for scale, spec, width in itertools.product((1.0, 1.75), PANELS, (320, 400)):
        assert cut(show(spec, width, scale)) == [], (spec.title(), width, scale)


@pytest.mark.usefixtures("own_window")  # its panels go
def test_long_names_of_files_and_columns_are_not_cut(
    window: MainWindow, qtbot: QtBot, show: Show
) -> None:
    values = np.arange(30.0)
    data = Dataset(
        np.column_stack([values, values**2 % 17]),
        values * 2 + 1,
        ("annual_average_temperature_in_degrees", "a rather long name of a column, with blanks"),
        target_name="another_rather_long_name_without_any_blank",
        name=LONG,
    )
    window.controller.use_data(data)
    wait_until_ready(qtbot, window.controller)
    window.controller.start()
    wait_for_state(qtbot, window.controller, RunState.COMPLETED, RunState.DIVERGED)
    specs: tuple[PanelSpec[Any], ...] = (DATA, PREDICT, RUNS, SCALING)
    for spec in specs:
        assert cut(show(spec, 320, 1.0)) == [], spec.title()


def test_only_the_name_of_a_file_of_more_than_60_letters_is_shortened(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_of.settings.setChecked(True)
    button = window.panel.row("data").editor
    assert isinstance(button, QAbstractButton)
    values = np.arange(9.0)
    for name, shown in ((LONG[:60], LONG[:60]), (LONG, f"{LONG[:29]}…{LONG[-30:]}")):
        window.controller.use_data(Dataset(values[:, None], values, ("x",), name=name))
        wait_until_ready(qtbot, window.controller)
        qtbot.waitUntil(lambda: not cut(window.panel))
        assert button.text().replace("\n", "") == shown
        assert name in button.toolTip()


def test_a_panel_has_its_width_again_after_a_small_window_and_follows_the_text(
    window: MainWindow,
) -> None:
    side, switch = window.side, window.session.switches[PREDICT]

    def open_at(width: int) -> int:
        window.resize(width, 800)
        switch.setChecked(True)
        QApplication.processEvents()
        return side.width()

    wide = open_at(1600)
    switch.setChecked(False)
    assert open_at(700) < wide
    window.session.theme.set_scale(1.25)
    window.session.theme.set_scale(1.0)
    switch.setChecked(False)
    assert open_at(1600) == wide
    window.session.theme.set_scale(1.5)
    QApplication.processEvents()
    assert side.width() > wide
