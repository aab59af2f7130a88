"""Every picture gives its numbers as a table, and a key shows it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from linreg_gui.number_text import whole
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.examples import MOST_POINTS
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.picture_table import PictureTable, counts, numbers
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.panels.picture_table_page import PictureTablePage, PictureTableView
from linreg_gui.widgets.panels.registry import NUMBERS
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.picture_menu import picture_menu

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]

MOST_ROWS = 10_000


def column(table: PictureTable, heading: str) -> npt.NDArray[Any]:
    return np.array(next(each.cells for each in table.columns if each.heading == heading))


def on_stage(window: MainWindow, kind: type[RunPlot]) -> PictureTable:
    window.stage.show_picture(window.picture(kind))
    return window.picture(kind).table()


def test_the_table_of_the_data_holds_the_drawn_examples(trained: MainWindow) -> None:
    run = trained.controller.run
    assert run is not None
    table = on_stage(trained, DataPlot)
    assert table.headings == ["row", "x0", "x1", "y", "prediction ŷ", "y − ŷ"]
    assert table.size == MOST_POINTS
    assert "2,000 of 10,000 examples" in table.note
    rows = column(table, "row").astype(int)
    np.testing.assert_array_equal(column(table, "y"), run.dataset.target[rows])
    w0, w1, b = run.current_parameters
    x0, x1 = run.dataset.features[rows].T
    np.testing.assert_allclose(
        column(table, "y − ŷ"), column(table, "y") - (w0 * x0 + w1 * x1 + b), atol=1e-5
    )


def test_its_predictions_are_those_of_the_step_on_show(trained: MainWindow) -> None:
    trained.stage.show_picture(trained.picture(DataPlot))
    trained.session.playhead.go_to(0)
    trained.refresher.refresh_all()
    table = trained.picture(DataPlot).table()
    assert "after step 0" in table.note
    assert np.abs(column(table, "y − ŷ")).max() > 1


def test_held_out_examples_come_last_and_are_marked(window: MainWindow, wait_for: WaitFor) -> None:
    window.controller.change_settings(examples=100, test_share=0.2)
    wait_for(lambda: window.controller.run.dataset.size == 80)  # type: ignore[union-attr]
    table = window.picture(DataPlot).table()
    assert column(table, "used for").tolist() == ["training"] * 80 + ["held out"] * 20
    assert sorted(column(table, "row").astype(int)) == list(range(100))
    held_out = window.controller.run.problem.held_out_examples  # type: ignore[union-attr]
    np.testing.assert_array_equal(column(table, "y")[80:], held_out.target)  # type: ignore[union-attr]


def test_the_table_of_the_loss_has_the_drawn_steps_with_their_numbers(trained: MainWindow) -> None:
    run = trained.controller.run
    assert run is not None
    table = on_stage(trained, LossPlot)
    steps = column(table, "step")
    assert 500 < table.size <= MOST_ROWS
    assert (steps[0], steps[-1]) == (1, 5000)
    np.testing.assert_array_equal(column(table, "batch loss"), run.history.losses[steps - 1])
    means = column(table, "last epoch's mean")
    assert np.isnan(means[steps < 2500]).all()
    np.testing.assert_array_equal(means[steps >= 2500][[0, -1]], run.history.epoch_means)


def test_a_picture_that_shows_fewer_steps_has_each_of_them_in_its_table(
    trained: MainWindow,
) -> None:
    on_stage(trained, LossPlot)
    plot = trained.picture(LossPlot)
    plot.canvas.view.setXRange(100, 200, padding=0)
    steps = column(plot.table(), "step")
    assert steps.tolist() == [*range(100, 201)]


def test_the_table_of_the_parameters_begins_with_the_start(trained: MainWindow) -> None:
    run = trained.controller.run
    assert run is not None
    table = on_stage(trained, ParametersPlot)
    assert table.headings == ["step", "w0", "w1", "b"]
    assert table.columns[0].shown(0) == "0"
    assert table.size <= MOST_ROWS
    last = run.history.up_to(int(column(table, "step")[-1]))  # the newest may have no point yet
    for index, heading in enumerate(table.headings[1:]):
        values = column(table, heading)
        assert values[0] == run.history.start[index]
        assert values[-1] == last.parameters[index]


def test_the_table_of_the_landscape_has_the_marked_points_and_the_path(trained: MainWindow) -> None:
    run = trained.controller.run
    assert run is not None
    table = on_stage(trained, LandscapePlot)
    assert table.headings == ["point", "step", "w0", "w1", "loss, all examples"]
    points = [table.columns[0].shown(row) for row in range(5)]
    assert points == ["start", "now", "least squares", "true", ""]
    assert [table.columns[1].shown(row) for row in range(5)] == ["0", "5,000", "–", "–", "1"]
    losses = column(table, "loss, all examples")
    assert losses[2] == pytest.approx(run.references.loss)
    assert losses[-1] == pytest.approx(run.problem.training.loss(run.history.current_parameters))


@pytest.mark.parametrize("kind", [DataPlot, LossPlot, ParametersPlot, LandscapePlot])
def test_before_a_run_and_before_its_first_step_there_is_a_table_too(
    window: MainWindow, kind: type[RunPlot]
) -> None:
    table = on_stage(window, kind)
    assert len({len(each.cells) for each in table.columns}) == 1
    window.picture(kind).show_run(None)
    assert window.picture(kind).table().size == 0


def test_standardized_units_are_in_the_headings(trained: MainWindow) -> None:
    trained.actions_of.standardized.setChecked(True)
    assert "x0 (standardized)" in on_stage(trained, DataPlot).headings
    assert "w0 (standardized)" in on_stage(trained, ParametersPlot).headings


def test_numbers_are_written_for_people_and_copied_for_programs() -> None:
    column = numbers("x", np.array([1234.5, -0.25]))
    assert [column.shown(row) for row in range(2)] == ["1234.500", "−0.250"]
    assert [column.copied(row) for row in range(2)] == ["1234.5", "-0.25"]
    exploded = numbers("x", np.array([0.29112, -4.9e17]))
    assert [exploded.shown(row) for row in range(2)] == ["0.29112", "−4.9e17"]
    people = numbers("population", np.array([3929214.0, -5.0]))
    assert [people.shown(row) for row in range(2)] == ["3929214", "−5"]
    unknown = counts("step", np.array([7, np.nan]))
    assert [unknown.shown(row) for row in range(2)] == ["7", "–"]
    assert [unknown.copied(row) for row in range(2)] == ["7", ""]
    years = numbers("year", np.array([1990.0, 2004.0]))
    assert [years.shown(0), years.copied(1)] == ["1990", "2004"]
    steps = counts("step", np.array([1000, 2000]))
    assert [steps.shown(0), steps.copied(1)] == ["1,000", "2000"]


@pytest.fixture
def page(trained: MainWindow, qtbot: QtBot) -> PictureTablePage:
    """Return the table of the picture on the stage, opened by its key."""
    qtbot.keyClick(trained, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    return trained.side.panel(NUMBERS).picture


def shown(view: PictureTableView, row: int, heading: str) -> str:
    model = view.model()
    headings = [
        model.headerData(each, Qt.Orientation.Horizontal) for each in range(model.columnCount())
    ]
    return str(model.index(row, headings.index(heading)).data())


def test_a_key_opens_the_table_and_the_next_keys_are_for_it(
    trained: MainWindow, page: PictureTablePage, qtbot: QtBot
) -> None:
    assert page.isVisible()
    assert page.view.hasFocus()
    assert page.view.model().rowCount() == MOST_POINTS
    assert page.view.accessibleName() == "Table of the picture: Data"


def test_the_table_follows_the_stage_and_the_playhead(
    trained: MainWindow, page: PictureTablePage
) -> None:
    run = trained.controller.run
    assert run is not None
    trained.stage.show_picture(trained.picture(LandscapePlot))
    assert shown(page.view, 0, "point") == "start"
    trained.session.playhead.go_to(17)
    trained.refresher.refresh_all()
    assert (shown(page.view, 1, "point"), shown(page.view, 1, "step")) == ("now", "17")


def test_it_follows_a_zoom(trained: MainWindow, page: PictureTablePage, qtbot: QtBot) -> None:
    plot = trained.picture(LossPlot)
    trained.stage.show_picture(plot)
    assert plot.run is not None
    plot.canvas.zoom(0.1)
    (low, high), _ = plot.canvas.view.viewRange()
    steps = [step for step in range(1, plot.run.history.step + 1) if low <= step <= high]
    qtbot.waitUntil(lambda: page.view.model().rowCount() == len(steps))
    assert shown(page.view, 0, "step") == whole(steps[0])


def test_it_is_up_to_date_once_the_run_halts(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    window.stage.show_picture(window.picture(ParametersPlot))
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    view = window.side.panel(NUMBERS).picture.view
    assert view.model().rowCount() == 1
    window.controller.step()
    wait_for(lambda: view.model().rowCount() == 2)


def test_what_is_selected_stays_while_rows_are_added(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    window.stage.show_picture(window.picture(ParametersPlot))
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    view = window.side.panel(NUMBERS).picture.view
    view.setCurrentIndex(view.model().index(0, 2))
    window.controller.step()
    wait_for(lambda: view.model().rowCount() == 2)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (0, 2)


def test_the_selection_is_copied_with_its_headings_for_other_programs(
    trained: MainWindow, page: PictureTablePage, qtbot: QtBot
) -> None:
    trained.stage.show_picture(trained.picture(ParametersPlot))
    view, model = page.view, page.view.model()
    view.setFocus()
    view.setCurrentIndex(model.index(0, 0))
    flag = QItemSelectionModel.SelectionFlag.Select
    for row, column in ((0, 2), (1, 0), (1, 2)):
        view.selectionModel().select(model.index(row, column), flag)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    run = trained.controller.run
    assert run is not None
    assert lines[0] == ["step", "w1"]
    assert [line[0] for line in lines[1:]] == ["0", "1"]
    values = [run.history.start[1], run.history.parameters[1, 0]]
    assert [float(line[1]) for line in lines[1:]] == pytest.approx(values, rel=1e-8)


def test_the_space_bar_still_belongs_to_the_run(
    trained: MainWindow, page: PictureTablePage, qtbot: QtBot, wait_for: WaitFor
) -> None:
    former = trained.controller.run
    qtbot.keyClick(page.view, Qt.Key.Key_Space)
    wait_for(lambda: trained.controller.run is not former)


def test_a_table_that_nobody_sees_costs_nothing(
    trained: MainWindow, page: PictureTablePage
) -> None:
    trained.side.shut()
    trained.stage.show_picture(trained.picture(ParametersPlot))
    assert page.view.model().rowCount() == MOST_POINTS
    trained.session.switches[NUMBERS].setChecked(True)
    assert shown(page.view, 0, "step") == "0"


def test_the_menu_of_any_picture_offers_its_table(trained: MainWindow) -> None:
    plot = trained.picture(LossPlot)
    menu = picture_menu(plot, trained)
    next(each for each in menu.actions() if each.text().endswith("\tShift+B")).trigger()
    assert trained.stage.current is plot
    assert shown(trained.side.panel(NUMBERS).picture.view, 0, "step") == "1"


def test_the_tables_of_a_diverged_run_have_finite_numbers_only(
    window: MainWindow, wait_for: WaitFor
) -> None:
    window.controller.change_setting("learning_rate", 1.2)
    window.controller.start()
    wait_for(lambda: window.controller.state is RunState.DIVERGED)
    for kind in (DataPlot, LossPlot, ParametersPlot, LandscapePlot):
        for each in on_stage(window, kind).columns:
            texts = [each.shown(row) for row in range(len(each.cells))]
            assert not any(word in text for text in texts for word in ("nan", "inf", "large"))
