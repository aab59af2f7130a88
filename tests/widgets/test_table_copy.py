"""Every table on screen can be copied, by its key and from its menu, as other programs read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLayoutItem, QMenu, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.export.csv_file import Cell, Verbatim, copied_cell
from linreg_gui.look.table_copy import LabelGrid
from linreg_gui.runs.states import RunState
from linreg_gui.settings import format_setting
from linreg_gui.widgets.panels.registry import (
    MY_LINE,
    NUMBERS,
    POINTS,
    PREDICT,
    RUNS,
    SWEEP,
    PanelSpec,
)
from linreg_gui.widgets.window.main_window import MainWindow
from tests.pseudo_languages import spoken

WaitFor = Callable[[Callable[[], object]], None]
Cells = list[list[str]]

pytestmark = [
    pytest.mark.usefixtures("shared_window"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

SEVERAL = "name;size;price\nA;1,234;-2\nB;2,5;4\nC;3,500;7\n"


def clipboard() -> Cells:
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def copied_with_key(widget: QWidget, qtbot: QtBot) -> Cells:
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return clipboard()


def copied_from_menu(widget: QWidget, words: str = "Copy the table") -> Cells:
    QGuiApplication.clipboard().clear()
    reason, place = QContextMenuEvent.Reason.Mouse, QPoint(5, 5)
    QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    QApplication.processEvents()
    return clipboard()


def opened(window: MainWindow, spec: PanelSpec[Any]) -> Any:
    window.session.switches[spec].setChecked(True)
    QApplication.processEvents()
    return window.side.panel(spec)


@pytest.mark.parametrize(
    ("shown", "copied"),
    [
        ("−3.4001", "-3,4001"),
        ("10,000", "10000"),
        ("+0.00012", "0,00012"),
        ("1.23e−7", "1,23e-7"),
        ("1.5\N{FIGURE SPACE}", "1,5"),
        ("–", ""),
        (0.1, "0,1"),
        (None, ""),
        ("1,5 cm", "1,5 cm"),
        ("=SUM(A1)", "'=SUM(A1)"),
        ("-x", "'-x"),
        ("two\nlines", "two lines"),
        (Verbatim("1,234"), "1,234"),
        (Verbatim("-1.234,5"), "-1.234,5"),
        (Verbatim("-1+cmd"), "'-1+cmd"),
    ],
)
def test_a_cell_is_copied_for_the_country_of_its_reader(shown: Cell, copied: str) -> None:
    assert copied_cell(shown, ",") == copied


@pytest.mark.parametrize(
    ("shown", "copied"),
    [
        ("−3,4001", "-3.4001"),
        ("10\u202f000", "10000"),
        ("1,23e−7", "1.23e-7"),
        ("10,000", "10.000"),
        ("1.5", "1.5"),
        ("1; 2", "1; 2"),
        (0.1, "0.1"),
    ],
)
def test_a_cell_of_a_window_with_decimal_commas_is_copied(shown: Cell, copied: str) -> None:
    with spoken("de"):
        assert copied_cell(shown, ".") == copied


def test_the_numbers_are_copied_as_they_are_shown(trained: MainWindow, qtbot: QtBot) -> None:
    panel = opened(trained, NUMBERS)
    for cells in (copied_with_key(panel._numbers, qtbot), copied_from_menu(panel.table)):
        assert cells[0][:4] == ["", "now", "true", "least squares"]
        assert [row[0] for row in cells[1:4]] == ["w0", "w1", "b"]
        assert cells[2][1] == panel.table.cell(1, 0).replace("−", "-")
        facts = {row[0]: row[1] for row in cells[5:]}
        assert facts["RMSE, all examples"] == panel.facts.number("RMSE, all examples")


def test_the_decimal_mark_is_that_of_the_user(
    trained: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(trained, NUMBERS)
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_DE"))
    assert copied_with_key(panel._numbers, qtbot)[1][1] == panel.table.cell(0, 0).replace(".", ",")


def test_kept_runs_are_copied_with_all_their_settings(trained: MainWindow, qtbot: QtBot) -> None:
    panel = opened(trained, RUNS)
    for cells in (copied_with_key(panel.show_all, qtbot), copied_from_menu(panel.hint)):
        headings, row = cells
        facts = dict(zip(headings, row, strict=True))
        run = trained.controller.run
        assert run is not None
        assert float(facts["b"]) == run.current_parameters[-1]
        assert facts["true_weights"] == format_setting(run.config.true_weights)


def test_a_sweep_is_copied(trained: MainWindow, qtbot: QtBot, wait_for: WaitFor) -> None:
    panel = opened(trained, SWEEP)
    assert copied_with_key(panel.run, qtbot) != [["learning_rate"]]
    panel.values.setText("0.01, 0.1")
    panel.run.click()
    wait_for(lambda: len(panel.sweeper.points) == 2)
    for cells in (copied_with_key(panel.run, qtbot), copied_from_menu(panel.words)):
        assert [row[0] for row in cells] == ["learning_rate", "0.01", "0.1"]
        assert float(cells[1][3]) == panel.sweeper.points[0].loss


def test_points_are_copied_cell_by_cell_or_all(
    trained: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    trained.controller.change_settings(examples=20)
    trained.controller.reset()
    wait_for(lambda: trained.controller.state is RunState.READY)
    panel = opened(trained, POINTS)
    wait_for(lambda: panel.table.model().rowCount() == 20)
    data = trained.session.points.dataset
    assert data is not None
    panel.table.setCurrentIndex(panel.table.model().index(2, 1))
    assert copied_with_key(panel.table, qtbot) == [[repr(float(data.features[2, 0]))]]
    cells = copied_from_menu(panel.table.viewport())
    assert cells[0] == ["row", "x0", "x1", "y"]
    assert [float(row[3]) for row in cells[1:]] == data.target.tolist()
    assert copied_from_menu(panel.table.viewport(), "Copy the selected cells") == [
        [repr(float(data.features[2, 0]))]
    ]
    assert copied_with_key(panel.add, qtbot)[0] == ["", "least squares", "before", "fit now"]


@pytest.mark.usefixtures("own_window")
def test_the_tables_of_an_import_are_copied_as_they_are_in_the_file(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, wait_for: WaitFor
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(SEVERAL, encoding="utf-8")
    window.session.tables.open(file)
    dialog = window.session.tables.dialog
    wait_for(lambda: dialog.chooser.model().rowCount() == 3)
    assert copied_with_key(dialog.preview, qtbot) == [
        line.split(";") for line in SEVERAL.splitlines()
    ]
    columns = copied_from_menu(dialog.chooser.viewport())
    assert columns[0] == ["Feature", "Target", "Column", "Missing", "Contents"]
    assert [row[:3] for row in columns[2:]] == [["yes", "no", "size"], ["no", "yes", "price"]]
    dialog.reject()


@pytest.mark.parametrize(
    ("spec", "first"),
    [(PREDICT, ["ŷ"]), (MY_LINE, ["", "my line", "least squares"])],
)
def test_other_panels_copy_their_table(
    trained: MainWindow, qtbot: QtBot, spec: PanelSpec[Any], first: list[str]
) -> None:
    panel = opened(trained, spec)
    assert copied_with_key(panel, qtbot)[0][: len(first)] == first


def test_python_keeps_no_item_of_a_layout_that_was_read(qapp: QApplication) -> None:
    # PySide would take a widget that comes into its place of the memory for the item.
    grid = LabelGrid(0, 0)
    for column, words in enumerate("ab"):
        grid.grid.addWidget(QLabel(words), 0, column)
    before = items_of_layouts()
    assert grid.rows() == [["a", "b"]]
    assert items_of_layouts() == before
    shiboken6.delete(grid)


def items_of_layouts() -> int:
    return sum(isinstance(each, QLayoutItem) for each in shiboken6.getAllValidWrappers())


def test_elsewhere_the_key_still_copies_the_picture(trained: MainWindow, qtbot: QtBot) -> None:
    opened(trained, NUMBERS)
    QGuiApplication.clipboard().clear()
    trained.setFocus()
    qtbot.keyClick(trained, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not QGuiApplication.clipboard().pixmap().isNull()
