"""A person moves, adds and removes points, and everything follows."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from linreg_gui.analysis.moments import moments_of
from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.point_sets import point_sets
from linreg_gui.export.run_files import write_summary
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Engine
from linreg_gui.widgets.panels.points_panel import PointsPanel
from linreg_gui.widgets.panels.registry import LOG, POINTS
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.notice import Notice
from tests.picture_hands import LEFT, SHIFT, click, drag, pixel_of, pixel_of_example
from tests.support import is_prepared, problem_posed_by

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def galaxies(window: MainWindow, wait_for: WaitFor, qtbot: QtBot) -> MainWindow:
    """Return the window with 24 galaxies, one feature, and the panel open."""
    data = next(each for each in samples() if each.name == "hubble").read()
    window.controller.use_data(data, batch_size=24, learning_rate=0.02, epochs=5)
    wait_for(lambda: is_prepared(window.controller))
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert panel_of(window).isVisible()
    return window


def panel_of(window: MainWindow) -> PointsPanel:
    return window.side.panel(POINTS)


def edited(window: MainWindow) -> Dataset:
    dataset = window.session.points.dataset
    assert dataset is not None
    return dataset


def settled(window: MainWindow, wait_for: WaitFor) -> Dataset:
    """Return the data of the run, which has what the settings ask for."""
    wait_for(lambda: is_prepared(window.controller))
    run = window.controller.run
    assert run is not None
    return run.dataset


def fresh(dataset: Dataset) -> tuple[float, ...]:
    """Return the least squares of a computation that knows nothing of the edits."""
    copied = dataclasses.replace(dataset, edited=None, places=None)
    return problem_posed_by(copied).original.references.parameters


def test_a_dragged_point_moves_and_everything_follows(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    plot, controller = galaxies.picture(DataPlot), galaxies.controller
    original = controller.settings.data
    assert original is not None
    start, way = pixel_of_example(plot, 23), QPoint(-60, 90)
    across, up = plot.canvas.pixel
    drag(plot, start, start + QPoint(1, 5), start + way)
    moved = settled(galaxies, wait_for)
    x, y = moved.features[23, 0], moved.target[23]
    assert x == pytest.approx(original.features[23, 0] - 60 * across, abs=2 * across)
    assert y == pytest.approx(original.target[23] - 90 * up, abs=2 * up)
    rest = np.arange(24) != 23
    np.testing.assert_array_equal(moved.features[rest], original.features[rest])
    assert moved.name == "Hubble’s galaxies, edited: 1 moved"
    assert plot.examples.y[23] == y
    ends = plot._editing.marks.moved if plot._editing else None
    assert ends is not None
    assert ends.y.tolist() == [original.target[23], y]
    best = fresh(moved)
    assert galaxies.session.points.on_show is not None
    assert galaxies.session.points.on_show.references is not None
    assert galaxies.session.points.on_show.references.parameters == pytest.approx(best, rel=1e-9)
    assert galaxies.picture(LandscapePlot).optimum.x == pytest.approx(best[0])
    assert panel_of(galaxies).effect.text(0, 0).startswith(f"{best[0]:.2f}"[:4])
    table = panel_of(galaxies).table
    assert table.text(23, 2) == str(y).replace("-", "−").removesuffix(".0")
    QApplication.processEvents()
    assert "edited" in plot._title.text()
    assert not plot._title.geometry().intersects(plot._views.geometry())
    assert table.horizontalScrollBar().maximum() == 0


def test_a_run_that_has_begun_gets_the_points_at_reset(
    galaxies: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    plot, controller = galaxies.picture(DataPlot), galaxies.controller
    controller.step()
    wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
    start = pixel_of_example(plot, 20)
    drag(plot, start, start + QPoint(0, 40))
    run = controller.run
    assert run is not None
    assert controller.pending_settings == {"data"}
    assert run.dataset.target[20] != plot.examples.y[20]
    assert "next Reset" in panel_of(galaxies).state.text()
    galaxies.stage.toggle_grid()
    residuals = galaxies.picture(ResidualPlot)
    parameters = run.parameters_at(1)
    place = residuals.drawn_places.tolist().index(20)
    expected = plot.examples.y[20] - parameters @ [plot.examples.x[20], 1.0]
    assert residuals.examples.y[place] == pytest.approx(expected)
    wait_for(lambda: galaxies.session.what_if.run is not None)
    galaxies.refresher.refresh_all()
    what_if = galaxies.session.what_if.run
    assert what_if is not None
    assert what_if in galaxies.refresher.overlays
    assert "edited: 1 moved" in galaxies.session.what_if.sentence()
    best = fresh(what_if.dataset)
    landscape = galaxies.picture(LandscapePlot)
    assert landscape._marks.edited.x == pytest.approx(best[0])
    assert landscape.optimum.x == pytest.approx(run.references.parameters[0])
    qtbot.keyClick(galaxies, Qt.Key.Key_R)
    assert settled(galaxies, wait_for).target[20] == what_if.dataset.target[20]
    assert "next Reset" not in panel_of(galaxies).state.text()


def test_points_are_added_by_a_click_and_removed_by_delete(
    galaxies: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    plot = galaxies.picture(DataPlot)
    before = plot.canvas.x_range
    free = pixel_of(plot.canvas, 0.6, 900.0)
    click(plot, free)
    added = settled(galaxies, wait_for)
    assert added.size == 25
    assert galaxies.controller.settings.batch_size == 25  # a batch of all examples stays one
    assert added.features[24, 0] == pytest.approx(0.6, abs=0.01)
    assert added.target[24] == pytest.approx(900.0, abs=4)
    assert galaxies.session.brush.places.tolist() == [24]
    drag(plot, free - QPoint(60, 40), free + QPoint(40, 40), modifiers=SHIFT)
    corner = pixel_of(plot.canvas, 0.85, 0.0)
    drag(plot, corner, pixel_of(plot.canvas, 1.05, 1_000.0), modifiers=SHIFT)
    picked = galaxies.session.brush.places
    assert len(picked) > 3
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Delete)
    removed = settled(galaxies, wait_for)
    assert removed.size == 25 - len(picked)
    assert not len(removed.rows_at(picked))
    assert fresh(removed) == pytest.approx(moments_and_fit(removed), rel=1e-9)
    assert plot.canvas.x_range == before
    qtbot.keyClick(galaxies, Qt.Key.Key_Z, CONTROL)
    assert settled(galaxies, wait_for).size == 25
    qtbot.keyClick(galaxies, Qt.Key.Key_Z, CONTROL)
    assert galaxies.controller.settings.data is galaxies.session.points.dataset
    assert settled(galaxies, wait_for).edited is None
    qtbot.keyClick(galaxies, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert settled(galaxies, wait_for).size == 25


def moments_and_fit(dataset: Dataset) -> tuple[float, ...]:
    problem = problem_posed_by(dataset)
    assert problem.moments is moments_of(dataset)
    return problem.original.references.parameters


def test_the_keys_move_picked_points(galaxies: MainWindow, qtbot: QtBot) -> None:
    plot, points = galaxies.picture(DataPlot), galaxies.session.points
    original = points.dataset
    assert original is not None
    galaxies.session.pick(np.array([2, 5]), extends=False)
    plot.canvas.setFocus()
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Right, SHIFT)
    low, high = plot.canvas.y_range
    assert points.dataset is not None
    way = points.dataset.target - original.target
    assert way[[2, 5]] == pytest.approx((high - low) / 100, rel=0.05)
    assert np.flatnonzero(way).tolist() == [2, 5]
    assert (points.dataset.features[[2, 5]] > original.features[[2, 5]]).all()


def test_a_cell_is_typed_as_numbers_are_everywhere(
    galaxies: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    table = panel_of(galaxies).table
    (notice,) = galaxies.findChildren(Notice)
    wait_for(lambda: table.model().rowCount() == 24)
    table.setFocus()
    last = table.model().index(23, 0)
    galaxies.session.brush.pick(np.array([23]))
    wait_for(lambda: last.data() == "● 23")
    assert table.visualRect(last).width() >= table.sizeHintForIndex(last).width()
    for text, expected in (("0,5", 0.5), ("−2e-1", -0.2)):
        table.setCurrentIndex(table.model().index(4, 1))
        qtbot.keyClick(table, Qt.Key.Key_Return)
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        field.setText(text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        wait_for(lambda: table.findChild(QLineEdit) is None)  # Qt commits and closes it later
        assert edited(galaxies).features[4, 0] == expected
    assert galaxies.session.brush.places.tolist() == [4]
    for text, words in (("a lot", "not a number"), ("1e39", "single precision")):
        table.model().setData(table.model().index(4, 1), text)
        assert words in notice.label.text()
        assert edited(galaxies).features[4, 0] == -0.2
    precise = 0.12345678901
    assert table.model().setData(table.model().index(4, 1), str(precise))
    wait_for(lambda: table.text(4, 1) == "0.12346")
    assert table.model().index(4, 1).data(Qt.ItemDataRole.EditRole) == str(precise)
    galaxies.session.points.add([1e39], 0.0)
    assert "single precision" in notice.label.text()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert edited(galaxies).size == 23
    assert "single precision" not in notice.label.text()


@pytest.mark.usefixtures("own_window")
def test_two_features_are_edited_in_the_view_where_the_fit_is_a_line(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    controller, plot = window.controller, window.picture(DataPlot)
    drawn = controller.run.dataset if controller.run else None
    assert drawn is not None
    plot.set_view(View.PREDICTED)
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert plot.view is View.ADJUSTED
    place = int(plot.drawn_places[plot.examples.y.argsort()[-5]])
    start = pixel_of_example(plot, place)
    up = plot.canvas.pixel[1]
    drag(plot, start, start + QPoint(0, 120))
    moved = settled(window, wait_for)
    row = moved.rows_at(np.array([place]))[0]
    assert moved.target[row] - drawn.target[row] == pytest.approx(-120 * up, abs=2 * up)
    assert moved.features[row, 1] == drawn.features[row, 1]
    assert moved.true_parameters is None
    assert "synthetic, edited: 1 moved" in str(controller.settings.data)
    free = pixel_of(plot.canvas, -3.2, 13.0)
    click(plot, free)
    added = settled(window, wait_for)
    assert added.features[-1] == pytest.approx([-3.2, moved.features[:, 1].mean()], abs=0.01)
    run = controller.run
    assert run is not None
    parameters = run.parameters_at(0)
    adjusted = added.target[-1] - parameters[-1] - parameters[1] * added.features[-1, 1]
    assert adjusted == pytest.approx(13.0, abs=2 * up)
    assert window.session.points.on_show is not None
    references = window.session.points.on_show.references
    assert references is not None
    assert references.parameters == pytest.approx(fresh(added), rel=1e-9)
    window.session.points.restore()
    again = settled(window, wait_for)
    assert controller.settings == DEFAULTS
    np.testing.assert_array_equal(again.features, drawn.features)
    assert again.true_parameters == drawn.true_parameters


def test_numbers_log_and_summary_say_that_a_person_has_edited_the_data(
    galaxies: MainWindow, wait_for: WaitFor, tmp_path: Path
) -> None:
    galaxies.session.switches[LOG].setChecked(True)
    galaxies.session.remove_points(np.array([3]))
    settled(galaxies, wait_for)
    sentence = "The examples were edited by hand: 1 removed."
    galaxies.readout.refresh()
    assert sentence in galaxies.readout.state.toolTip()
    controller, log = galaxies.controller, galaxies.side.panel(LOG)
    assert sentence not in log.text.toPlainText()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert log.text.toPlainText().count(sentence) == 1
    run = controller.run
    assert run is not None
    write_summary(tmp_path / "summary.json", run, controller.state)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["messages"][0] == sentence


def test_a_cloud_of_ones_own_begins_with_nothing(galaxies: MainWindow, wait_for: WaitFor) -> None:
    plot, panel, points = galaxies.picture(DataPlot), panel_of(galaxies), galaxies.session.points
    panel.cloud.click()
    assert "at least 2 points" in plot.note
    assert len(plot.examples.x) == 0
    assert galaxies.controller.settings.data is not points.dataset
    for x, y in ((-2.0, -1.0), (2.0, 2.0), (1.0, -0.5)):
        click(plot, pixel_of(plot.canvas, x, y))
    data = settled(galaxies, wait_for)
    assert data.name == "your own cloud"
    assert data.features[:, 0] == pytest.approx([-2, 2, 1], abs=0.02)
    assert data.target == pytest.approx([-1, 2, -0.5], abs=0.02)
    assert plot.fit.visible
    (left, right), _ = plot.canvas.view.viewRange()
    assert plot.fit.x.min() <= left < right <= plot.fit.x.max()
    for _ in range(2):
        points.undo()
    assert "at least 2 points" in panel.state.text()
    assert settled(galaxies, wait_for).size == 2
    points.redo()
    assert settled(galaxies, wait_for).size == 2


@pytest.mark.parametrize("index", range(len(point_sets())))
def test_each_set_trains_to_least_squares(index: int) -> None:
    from linreg_gui.data.point_sets import EPOCHS, LEARNING_RATE
    from linreg_gui.runs.preparation import prepare_run
    from tests.support import train

    data = point_sets()[index].make()
    config = dataclasses.replace(
        DEFAULTS, data=data, learning_rate=LEARNING_RATE, epochs=EPOCHS, batch_size=data.size,
        engine=Engine.INSTANT,
    )  # fmt: skip
    run, engine = prepare_run(1, config)
    train(engine, run.planned_steps)
    assert engine.parameters == pytest.approx(run.references.parameters, abs=1e-4)
    again = point_sets()[index].make()
    np.testing.assert_array_equal(again.features, data.features)


def test_the_far_point_of_a_set_has_a_small_residual_as_its_words_say() -> None:
    (far,) = [each for each in point_sets() if "its residual is small" in each.look_for]
    data = far.make()
    x, y = data.features[:, 0].astype(float), data.target.astype(float)

    def residuals_of(rows: slice) -> DoubleArray:
        residuals: DoubleArray = y - np.polyval(np.polyfit(x[rows], y[rows], 1), x)
        return np.abs(residuals)

    residuals = residuals_of(slice(None))
    assert residuals[-1] < np.median(residuals)
    assert residuals_of(slice(-1))[-1] > 20 * residuals[-1]  # far from the line of the others


def test_a_set_is_one_click_away_and_other_data_ends_the_edits(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    points, controller = galaxies.session.points, galaxies.controller
    points.use_set(point_sets()[1])
    data = settled(galaxies, wait_for)
    assert data.name == "An outlier at the end"
    before = fresh(data)
    points.remove(np.array([24]))
    without = fresh(settled(galaxies, wait_for))
    assert without[0] - before[0] > 0.15  # it has leverage
    assert points.can_undo
    controller.use_synthetic_data()
    settled(galaxies, wait_for)
    assert not points.can_undo
    assert points.sentence() == "These are the original examples."


def test_undo_gives_back_what_was_drawn_even_if_the_seed_is_another_one_now(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    controller, points = window.controller, window.session.points
    controller.change_settings(examples=50)
    drawn = settled(window, wait_for)
    qtbot.keyClick(window, Qt.Key.Key_J)
    points.move(np.array([7]), (1.0, 0.0, 2.0))
    settled(window, wait_for)
    controller.change_setting("seed", 5)
    assert settled(window, wait_for).edited is not None
    points.undo()
    back = settled(window, wait_for)
    assert back.name == "synthetic, as drawn before"
    np.testing.assert_array_equal(back.features, drawn.features)
    np.testing.assert_array_equal(back.target, drawn.target)


def test_least_squares_is_that_of_the_points_that_are_trained_on(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    points, plot = galaxies.session.points, galaxies.picture(DataPlot)
    points.move(np.array([20]), (0.5, -300.0))
    for share in (0.25, 0.0, 0.5):
        galaxies.controller.change_setting("test_share", share)
        assert ("held out" in points.sentence()) == (share > 0)
        trained = settled(galaxies, wait_for)
        assert trained.size == 24 - round(24 * share)
        shown = points.on_show
        assert shown is not None
        assert shown.references is not None
        assert shown.references.parameters == pytest.approx(fresh(trained), rel=1e-9)
    controller = galaxies.controller
    controller.step()
    wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
    for change, count in (
        (lambda: controller.change_setting("test_share", 0.125), 12),  # as the run has them
        (points.restore, 3),  # as the next run will
        (lambda: controller.change_setting("test_share", 0.25), 6),
    ):
        change()
        shown = points.on_show
        assert shown is not None
        assert shown is points.on_show
        assert shown.references is not None
        assert shown.held_out is not None
        assert plot.held_out.y.tolist() == shown.held_out.target.tolist()
        assert len(plot.held_out.y) == count
        assert shown.references.parameters == pytest.approx(fresh(shown.training), rel=1e-9)
        assert controller.run is not None
        units = controller.run.problem.standardized
        assert shown.landscape_in(units) is shown.landscape_in(units)  # contours cost more


def test_the_start_can_be_moved_while_points_wait_for_reset(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    controller = galaxies.controller
    controller.step()
    wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
    galaxies.session.points.remove(np.array([3]))
    controller.move_start({0: 250.0})
    assert controller.settings.start_weights[0] == 250.0
    controller.reset()
    assert settled(galaxies, wait_for).size == 23


def test_points_are_copied_as_a_table(galaxies: MainWindow) -> None:
    galaxies.session.points.remove(np.arange(22))
    panel_of(galaxies).copy.click()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "distance (Mpc)\tvelocity (km/s)"
    assert len(lines) == 3
    assert lines[2] == "2\t1090"


@pytest.mark.parametrize(
    ("values", "words"),
    [({"examples": 10_001}, "10,000"), ({"true_weights": (1.0, 2.0, 3.0), "examples": 50}, "3")],
)
def test_data_that_is_too_large_says_so(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot, values: dict[str, object], words: str
) -> None:
    window.controller.change_settings(**values)
    settled(window, wait_for)
    qtbot.keyClick(window, Qt.Key.Key_J)
    panel = panel_of(window)
    assert words in panel.state.text()
    assert not panel.add.isEnabled()
    plot = window.picture(DataPlot)
    click(plot, QPoint(200, 200))
    assert window.controller.settings.data is None
    assert window.controller.state is RunState.READY


def test_examples_that_are_drawn_again_end_the_edits_of_those_before(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    controller, points = window.controller, window.session.points
    controller.change_settings(examples=60, noise_std=0.5)
    settled(window, wait_for)
    qtbot.keyClick(window, Qt.Key.Key_J)
    for name, value in (("seed", 5), ("noise_std", 3.0), ("examples", 40), ("true_bias", 9.0)):
        points.move(np.array([7]), (1.0, 0.0, 2.0))
        points.undo()  # the lesson's examples again, and the settings say so
        controller.change_setting(name, value)
        assert points.dataset is None
        drawn = settled(window, wait_for)
        np.testing.assert_array_equal(edited(window).target, drawn.target)
        np.testing.assert_array_equal(window.picture(DataPlot)._sampled.target, drawn.target)
        shown = points.on_show
        assert shown is not None
        assert shown.references is not None
        assert shown.references.loss == pytest.approx(loss_of_least_squares(drawn), rel=1e-9)


def loss_of_least_squares(dataset: Dataset) -> float:
    return problem_posed_by(dataset).original.references.loss


def test_an_empty_picture_can_be_left_again(
    galaxies: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    plot, panel, points = galaxies.picture(DataPlot), panel_of(galaxies), galaxies.session.points
    controller, residuals = galaxies.controller, galaxies.picture(ResidualPlot)
    points.move(np.array([3]), (0.2, 50.0))
    settings, moved = controller.settings, points.dataset
    settled(galaxies, wait_for)
    for leave in (panel.undo.click, panel.restore.click):
        panel.cloud.click()
        assert len(plot.examples.x) == 0
        leave()
        assert points.dataset is moved
        assert len(plot.examples.x) == 24
    panel.cloud.click()
    click(plot, pixel_of(plot.canvas, -2.0, 1.0))
    assert galaxies.session.brush.places.tolist() == []  # row 0 is another example in the run
    click(plot, plot.drawn().places.tolist()[0])
    assert residuals.picked_places.tolist() == []
    qtbot.keyClick(galaxies, Qt.Key.Key_J)
    assert points.on_show is None
    assert len(plot.examples.x) == 24
    assert controller.settings == settings
    qtbot.keyClick(galaxies, Qt.Key.Key_J)
    assert points.dataset is moved
    panel.cloud.click()
    for x in (-2.0, 1.0):
        click(plot, pixel_of(plot.canvas, x, 1.0))
    assert settled(galaxies, wait_for).name == "your own cloud"
    points.undo()
    qtbot.keyClick(galaxies, Qt.Key.Key_J)  # the run has a cloud of two points, so that stays
    assert points.on_show is None
    assert len(plot.examples.x) == 2
    controller.use_data(settings.data, batch_size=24, learning_rate=0.02, epochs=5)
    settled(galaxies, wait_for)
    qtbot.keyClick(galaxies, Qt.Key.Key_J)
    settings = controller.settings
    panel.cloud.click()
    for x in (-2.0, 1.0):
        click(plot, pixel_of(plot.canvas, x, 1.0))
    settled(galaxies, wait_for)
    for _ in range(3):
        points.undo()
    assert controller.settings == settings
    assert settled(galaxies, wait_for).size == 24
    points.remove(np.arange(24))
    qtbot.keyClick(galaxies, Qt.Key.Key_J)
    assert len(plot.examples.x) == 24


def test_undo_ends_a_drag_and_lets_go_of_a_point_that_is_gone(
    galaxies: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    plot, points = galaxies.picture(DataPlot), galaxies.session.points
    start = pixel_of_example(plot, 23)
    drag(plot, start, start + QPoint(-30, 20))
    once = edited(galaxies)
    viewport = plot.canvas.viewport()
    at = pixel_of_example(plot, 23)
    QTest.mousePress(viewport, LEFT, pos=at)
    QTest.mouseMove(viewport, at + QPoint(-20, 40))
    assert edited(galaxies).target[23] != once.target[23]
    qtbot.keyClick(galaxies, Qt.Key.Key_Z, CONTROL)
    QTest.mouseMove(viewport, at + QPoint(-50, 60))
    QTest.mouseRelease(viewport, LEFT, pos=at + QPoint(-50, 60))
    assert edited(galaxies).target[23] == once.target[23]
    points.redo()
    twice = settled(galaxies, wait_for)
    assert moments_of(twice).target_mean == pytest.approx(twice.target.mean(), rel=1e-12)
    points.add([0.5], 100.0)
    assert galaxies.session.brush.places.tolist() == [24]
    points.undo()
    assert galaxies.session.brush.places.tolist() == []


def test_a_double_click_fits_the_picture_and_does_no_more(
    galaxies: MainWindow, qtbot: QtBot
) -> None:
    plot, session = galaxies.picture(DataPlot), galaxies.session
    free = pixel_of(plot.canvas, 0.6, 900.0)
    session.points.move(np.array([3]), (0.2, 50.0))
    before = edited(galaxies)
    for _ in range(2):
        session.pick(np.array([2, 5]), extends=False)
        plot.canvas.zoom(0.9)
        click(plot, free)
        QTest.mouseDClick(plot.canvas.viewport(), LEFT, pos=free)
        QTest.mouseRelease(plot.canvas.viewport(), LEFT, pos=free)
        assert not plot.canvas.is_zoomed
        assert session.brush.places.tolist() == [2, 5]
        assert edited(galaxies).size == 24
        assert not session.points.can_redo
        np.testing.assert_array_equal(edited(galaxies).target, before.target)
        qtbot.keyClick(galaxies, Qt.Key.Key_J)  # then a click only picks
