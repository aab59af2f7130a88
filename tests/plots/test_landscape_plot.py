"""The landscape shows where the loss is low, and the path of the training."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QTransform
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.palette import DARK, Palette, Stroke
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.number_text import significant
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.landscape_slice import Held
from linreg_gui.plots.plane_series import Marker
from linreg_gui.plots.ranges import Range
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.plots.thinning import MOST_POINTS, PathThinner, pieces_within
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.history import History
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, Init, TrainingConfig
from tests.support import made_data, train

Show = Callable[[Run], LandscapePlot]


@pytest.fixture
def shown(shown: Callable[[type[LandscapePlot], Run], LandscapePlot]) -> Show:
    return partial(shown, LandscapePlot)


def trained(steps: int, dataset: Dataset | None = None, **values: Any) -> Run:
    config = TrainingConfig(examples=400, engine=Engine.INSTANT, **values)
    run, engine = prepare_run(1, config.with_value("data", dataset))
    if steps:
        run.history.append(train(engine, steps))
    return run


def markers_of(plot: LandscapePlot) -> list[tuple[float, float]]:
    """Return the places of optimum, truth, start and current parameters."""
    return [(marker.x, marker.y) for marker in (plot.optimum, plot.truth, plot.start, plot.now)]


def test_optimum_truth_start_and_newest_place_are_marked(shown: Show) -> None:
    run = trained(150, learning_rate=0.05)
    assert markers_of(shown(run)) == [
        tuple(run.references.parameters[:2]),
        (2.0, -3.4),
        tuple(run.history.start[:2].tolist()),
        tuple(run.history.current_parameters[:2].tolist()),
    ]


def test_the_path_goes_from_the_start_to_now_through_recorded_places(shown: Show) -> None:
    run = trained(300, learning_rate=0.05)
    points = shown(run).path.points
    assert points[:, 0].tolist() == run.history.start[:2].tolist()
    assert points[:, -1].tolist() == run.history.current_parameters[:2].tolist()
    recorded = {tuple(place) for place in run.history.parameters[:2].T.tolist()}
    assert {tuple(place) for place in points[:, 1:].T.tolist()} <= recorded


def test_it_grows_with_the_run(shown: Show) -> None:
    run, engine = prepare_run(
        1, TrainingConfig(examples=400, learning_rate=0.02, engine=Engine.INSTANT)
    )
    plot = shown(run)
    for _ in range(6):
        run.history.append(train(engine, 10))
        plot.refresh()
        assert plot.path.points[:, -1].tolist() == run.history.current_parameters[:2].tolist()


@pytest.mark.parametrize(("rate", "steps"), [(0.001, 1_000_000), (0.5, 200_000)])
def test_a_path_of_any_length_has_few_points(rate: float, steps: int) -> None:
    run = trained(steps, learning_rate=rate, batch_size=1)
    points = PathThinner().points(run.history, None, (0, 1), (0.01, 0.01))
    assert 2 <= points.shape[1] <= MOST_POINTS + 1


def test_it_shows_the_chosen_step(shown: Show) -> None:
    run = trained(200, learning_rate=0.02)
    plot = shown(run)
    plot.show_step(50)
    assert markers_of(plot)[-1] == tuple(run.history.parameters[:2, 49].tolist())
    plot.show_step(0)
    assert markers_of(plot)[-1] == tuple(run.history.start[:2].tolist())
    plot.show_step(None)
    assert markers_of(plot)[-1] == tuple(run.history.current_parameters[:2].tolist())


def test_the_path_grows_while_a_past_step_is_on_show(shown: Show) -> None:
    run, engine = prepare_run(
        1, TrainingConfig(examples=400, learning_rate=0.02, engine=Engine.INSTANT)
    )
    run.history.append(train(engine, 20))
    plot = shown(run)
    plot.show_step(5)
    run.history.append(train(engine, 100))
    plot.refresh()
    assert plot.path.points[:, -1].tolist() == run.history.current_parameters[:2].tolist()
    assert markers_of(plot)[-1] == tuple(run.history.parameters[:2, 4].tolist())


def test_the_note_gives_the_third_parameter_and_says_that_it_changes(shown: Show) -> None:
    run = trained(50, learning_rate=0.02)
    plot = shown(run)
    optimum = run.references.parameters[-1]
    assert plot.note == f"Drawn for b = {optimum:.4f} (optimum); the run changes that, too."
    plot.set_held(Held.NOW)
    now = float(run.history.current_parameters[2])
    assert plot.note == f"Drawn for b = {now:.4f} (now); earlier steps had other values."
    plot.set_held(Held.TYPED, 1.5)
    assert plot.note == "Drawn for b = 1.5000 (typed); the run changes that, too."
    shown_slice = plot.contours.slice
    assert shown_slice is not None
    assert shown_slice.lowest == pytest.approx(
        run.problem.original.landscape.loss([*shown_slice.center, 1.5]), rel=1e-9
    )


def test_without_a_third_parameter_a_late_choice_of_its_value_changes_nothing(
    shown: Show,
) -> None:
    plot = shown(trained(20, true_weights=(2.0,)))
    note = plot.note
    plot.holds.committed.emit(Held.TYPED)
    assert plot.note == note


def test_a_line_in_hand_is_held_no_longer_once_it_is_gone(shown: Show) -> None:
    run = trained(20)
    plot = shown(run)
    plot.show_guesses(ShownGuesses(mine=np.array([1.0, 2.0, 3.0])))
    assert plot.held is Held.MINE
    assert "3.0000" in plot.note
    plot.guesses = ShownGuesses()
    plot.redraw()  # as a change of its size does, before another value is held
    assert f"{run.references.parameters[-1]:.4f}" in plot.note


def test_held_at_now_the_contours_follow_the_run(shown: Show) -> None:
    run, engine = prepare_run(
        1, TrainingConfig(examples=400, learning_rate=0.02, engine=Engine.INSTANT)
    )
    plot = shown(run)
    plot.set_held(Held.NOW)
    before = plot.contours.slice
    run.history.append(train(engine, 20))
    plot.refresh()
    after = plot.contours.slice
    assert before is not None
    assert after is not None
    assert after.lowest < before.lowest


@pytest.mark.parametrize(
    ("weights", "pairs"),
    [((2.0,), 1), ((2.0, -3.4), 3)],
)
def test_any_pair_of_parameters_can_be_shown(
    shown: Show, weights: tuple[float, ...], pairs: int
) -> None:
    run = trained(20, true_weights=weights)
    plot = shown(run)
    assert plot.pairs.count() == pairs
    assert plot.holds.isHidden() == (pairs == 1)
    for index in range(pairs):
        plot.pairs.setCurrentIndex(index)
        plot.pairs.activated.emit(index)
        now = run.history.current_parameters
        assert markers_of(plot)[-1] == (now[plot.pair[0]], now[plot.pair[1]])


def test_six_features_have_twenty_one_pairs(shown: Show) -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(100, 6))
    plot = shown(trained(20, made_data(features, features @ np.arange(6) + 1), batch_size=5))
    assert plot.pairs.count() == 21
    plot.set_pair((2, 5))
    assert "w0 = " in plot.note
    assert "w2" not in plot.note


def seen_at(plot: LandscapePlot, marker: Marker) -> QPoint:
    """Return where a marker is on the canvas."""
    canvas = plot.canvas
    place: QPoint = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(marker.x, marker.y)))
    return place


def coordinates_of(plot: LandscapePlot, place: QPoint) -> tuple[float, float]:
    """Return the parameters at a place on the canvas."""
    point = plot.canvas.view.mapSceneToView(plot.canvas.mapToScene(place))
    return point.x(), point.y()


def chosen_by(plot: LandscapePlot) -> list[dict[int, float]]:
    """Return a list that grows by each start that is chosen."""
    chosen: list[dict[int, float]] = []
    plot.start_chosen.connect(chosen.append)
    return chosen


def drag(plot: LandscapePlot, qtbot: QtBot, start: QPoint, *places: QPoint) -> None:
    """Drag from ``start`` over some places to the last one, and let go there."""
    viewport = plot.canvas.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for place in places:
        send_move(plot, place, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=places[-1])


def send_move(plot: LandscapePlot, place: QPoint, held: Qt.MouseButton) -> None:
    viewport = plot.canvas.viewport()
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        viewport.mapToGlobal(QPointF(place)),
        Qt.MouseButton.NoButton,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, move)


def ranges_of(plot: LandscapePlot) -> tuple[Range, Range]:
    return plot.canvas.x_range, plot.canvas.y_range


def is_square(plot: LandscapePlot) -> bool:
    width, height = plot.canvas.pixels
    (left, right), (low, high) = ranges_of(plot)
    return (right - left) / width == pytest.approx((high - low) / height, rel=1e-6)


def test_the_start_is_dragged_and_the_range_holds_still(shown: Show, qtbot: QtBot) -> None:
    plot = shown(trained(20))
    chosen, before = chosen_by(plot), ranges_of(plot)
    press = seen_at(plot, plot.start)
    held, aim = QPoint(3, -2), press + QPoint(60, 40)
    drag(plot, qtbot, press + held, press + QPoint(25, 10), aim + held)
    assert len(chosen) == 2
    assert set(chosen[-1]) == {0, 1}
    x, y = coordinates_of(plot, aim)
    pixel, _ = plot.canvas.pixel
    assert chosen[-1][0] == pytest.approx(x, abs=1.5 * pixel)
    assert chosen[-1][1] == pytest.approx(y, abs=1.5 * pixel)
    assert ranges_of(plot) == before


def test_the_last_place_of_a_quick_drag_is_taken_even_without_a_move(
    shown: Show, qtbot: QtBot
) -> None:
    plot = shown(trained(20))
    chosen = chosen_by(plot)
    press = seen_at(plot, plot.start)
    viewport = plot.canvas.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=press)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=press + QPoint(4, 50))
    (place,) = chosen
    _, y = coordinates_of(plot, press + QPoint(4, 50))
    assert place[1] == pytest.approx(y, abs=1.5 * plot.canvas.pixel[1])


def test_a_drag_elsewhere_moves_the_picture_and_a_click_nothing(shown: Show, qtbot: QtBot) -> None:
    plot = shown(trained(20))
    chosen, before = chosen_by(plot), ranges_of(plot)
    away = seen_at(plot, plot.start) + QPoint(90, 60)
    viewport = plot.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=away)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=seen_at(plot, plot.start))
    assert ranges_of(plot) == before
    drag(plot, qtbot, away, away + QPoint(20, 0), away + QPoint(50, 0))
    assert plot.canvas.x_range[0] < before[0][0]
    assert plot.canvas.is_zoomed
    assert chosen == []


def test_a_double_click_shows_the_whole_picture_and_never_moves_the_start(
    shown: Show, qtbot: QtBot
) -> None:
    plot = shown(trained(20))
    chosen, whole = chosen_by(plot), ranges_of(plot)
    canvas = plot.canvas
    for place in (seen_at(plot, plot.start) + QPoint(80, 30), seen_at(plot, plot.start)):
        canvas.view.scaleBy((0.9, 0.9))
        canvas.view.sigRangeChangedManually.emit([True, True])
        assert ranges_of(plot) != whole
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert ranges_of(plot) == whole
        assert not canvas.is_zoomed
    assert chosen == []


def test_the_hand_opens_over_the_start_and_closes_around_it(shown: Show, qtbot: QtBot) -> None:
    plot = shown(trained(20))
    viewport, place = plot.canvas.viewport(), seen_at(plot, plot.start)
    send_move(plot, place + QPoint(11, 0), Qt.MouseButton.NoButton)
    assert viewport.cursor().shape() is Qt.CursorShape.OpenHandCursor
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert viewport.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    send_move(plot, place + QPoint(40, 0), Qt.MouseButton.NoButton)
    assert viewport.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_shift_and_the_arrow_keys_move_the_start_but_plain_ones_do_not(
    shown: Show, qtbot: QtBot
) -> None:
    plot = shown(trained(20))
    chosen = chosen_by(plot)
    plot.window().activateWindow()
    plot.canvas.setFocus()
    qtbot.waitUntil(plot.canvas.hasFocus)
    (left, right), (low, high) = ranges_of(plot)
    x, y = plot.start.x, plot.start.y
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Right)
    assert chosen == []
    shift = Qt.KeyboardModifier.ShiftModifier
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(plot.canvas, key, shift)
    step = (right - left) / 500
    assert chosen[-1][0] == pytest.approx(x + 2 * (right - left) / 50, abs=step)
    assert chosen[-1][1] == pytest.approx(y - (high - low) / 50, abs=step)


def test_the_hint_stands_at_the_start_until_it_was_moved_once(shown: Show, qtbot: QtBot) -> None:
    plot = shown(trained(0))
    hint = "drag ■ to move the start"
    assert hint in plot.names.texts
    drag(plot, qtbot, seen_at(plot, plot.start), seen_at(plot, plot.start) + QPoint(20, 20))
    assert hint not in plot.names.texts
    assert "start" in plot.names.texts


def test_a_start_dragged_out_of_the_picture_stays_at_its_edge(shown: Show, qtbot: QtBot) -> None:
    plot = shown(trained(20))
    chosen = chosen_by(plot)
    drag(plot, qtbot, seen_at(plot, plot.start), QPoint(5000, -3000))
    (_, right), (_, high) = ranges_of(plot)
    assert right - 20 * plot.canvas.pixel[0] < chosen[-1][0] < right
    assert high - 20 * plot.canvas.pixel[1] < chosen[-1][1] < high


def test_before_the_first_step_the_start_itself_follows_the_mouse(
    shown: Show, qtbot: QtBot
) -> None:
    plot = shown(trained(0))
    aim = seen_at(plot, plot.start) + QPoint(30, 30)
    drag(plot, qtbot, seen_at(plot, plot.start), aim)
    assert (seen_at(plot, plot.start) - aim).manhattanLength() <= 2
    assert np.isnan(plot.new_start.x)


def test_a_run_that_has_begun_keeps_its_start_and_shows_the_new_one_beside_it(
    shown: Show, qtbot: QtBot
) -> None:
    run = trained(20)
    plot = shown(run)
    aim = seen_at(plot, plot.start) + QPoint(60, 30)
    drag(plot, qtbot, seen_at(plot, plot.start), aim)
    assert (plot.start.x, plot.start.y) == tuple(run.history.start[:2].tolist())
    assert (seen_at(plot, plot.new_start) - aim).manhattanLength() <= 2
    assert {"start", "new start"} <= set(plot.names.texts)
    drag(plot, qtbot, aim, aim + QPoint(-20, 10))
    assert (seen_at(plot, plot.new_start) - aim - QPoint(-20, 10)).manhattanLength() <= 2
    start = np.array([1.0, -1.0, 0.0], np.float32)
    other = trained(20, init=Init.TYPED, start_weights=(1.0, -1.0), start_bias=0.0)
    plot.show_overlays([Overlay(other, dashed, is_what_if=True)], "")
    assert (plot.new_start.x, plot.new_start.y) == tuple(start[:2])
    plot.show_overlays([], "")
    assert np.isnan(plot.new_start.x)


def test_a_start_far_outside_is_limited_to_the_settings(shown: Show) -> None:
    plot = shown(trained(20))
    chosen = chosen_by(plot)
    plot.place_start(5e34, -5e34)
    plot.place_start(1e-40, -1e-40)
    assert chosen == [{0: 1e30, 1: -1e30}, {0: 0.0, 1: 0.0}]


def test_both_axes_have_one_scale_after_a_resize_and_a_zoom_too(
    shown: Show, qapp: QApplication
) -> None:
    plot = shown(trained(20))
    assert is_square(plot)
    for size in ((900, 420), (500, 520), (320, 200)):
        plot.resize(*size)
        qapp.processEvents()
        assert is_square(plot)
    plot.canvas.view.scaleBy((0.5, 0.5))
    plot.canvas.view.sigRangeChangedManually.emit([True, True])
    plot.resize(700, 400)
    qapp.processEvents()
    assert is_square(plot)


def test_the_scales_differ_where_one_would_hide_everything_or_a_person_wants_it(
    shown: Show,
) -> None:
    dataset = made_data([[4000, 1], [4500, 2], [5200, 1], [3900, 3]], [50, 60, 61, 40])
    plot = shown(trained(0, dataset, batch_size=4, standardize=True))
    assert not plot.equal.isChecked()
    assert not is_square(plot)
    plot.show_run(trained(0))
    assert is_square(plot)
    plot.equal.click()
    assert not is_square(plot)
    plot.show_run(trained(0, true_weights=(1.0, 2.0, 3.0)))
    assert not is_square(plot)


def test_the_marks_are_named_and_those_at_one_place_share_their_words(shown: Show) -> None:
    plot = shown(trained(60, learning_rate=0.01))
    assert set(plot.names.texts) == {
        "drag ■ to move the start",
        "now",
        "least squares ≈ true",
    }
    plot.show_step(0)
    assert "now" not in plot.names.texts
    plot.entry_of(plot.truth).click()
    plot.grab()
    assert "least squares" in plot.names.texts


def test_a_thumbnail_has_the_marks_but_no_names(shown: Show, qapp: QApplication) -> None:
    plot = shown(trained(60, learning_rate=0.01))
    plot.resize(300, 176)
    qapp.processEvents()
    assert plot.names.texts == []
    assert np.isfinite([plot.now.x, plot.start.x]).all()


def test_other_runs_carry_their_names_at_their_ends(shown: Show) -> None:
    plot = shown(trained(60, learning_rate=0.01))
    other = trained(40, learning_rate=0.02)
    plot.show_overlays([Overlay(other, dashed, name="Run 3")], "")
    assert "Run 3" in plot.names.texts


def test_a_summary_says_with_numbers_what_is_shown(shown: Show) -> None:
    run = trained(60, learning_rate=0.01)
    plot = shown(run)
    x, y = run.history.parameters_at(20)[:2].tolist()
    plot.show_step(20)
    summary = plot.summary()
    assert summary.startswith("Landscape of w0 and w1 at step 20: now ")
    assert f"now {significant(x, 4)}, {significant(y, 4)};" in summary
    assert "; true 2, −3.4; loss now " in summary


def test_where_every_minibatch_is_all_the_examples_no_sentence_tells_of_one(shown: Show) -> None:
    whole = trained(20, made_data([1, 2, 3], [2, 3, 5]), batch_size=3, learning_rate=0.01)
    assert shown(whole).note == "Each step goes straight down the gradient of all the examples."
    parts = trained(20, made_data([1, 2, 3], [2, 3, 5]), batch_size=2, learning_rate=0.01)
    assert "one minibatch" in shown(parts).note
    scaled = trained(
        20, made_data([1, 2, 3], [2, 3, 5]), batch_size=2, learning_rate=0.01, standardize=True
    )
    assert "standardized" in shown(scaled).note


def test_the_first_turns_of_a_divergence_are_in_the_picture(shown: Show) -> None:
    near, far = trained(60, learning_rate=0.01), trained(5000, learning_rate=1.2)
    far.diverged_at = far.history.step + 1
    plot = shown(near)
    assert plot.announcement.text == ""
    (left, right), _ = before = ranges_of(plot)
    plot.show_overlays([Overlay(far, dashed, is_what_if=True)], "")
    assert plot.announcement.text == f"what if: diverges at step {far.diverged_at}"
    (wide_left, wide_right), _ = ranges_of(plot)
    assert wide_right - wide_left > 8 * (right - left)
    assert wide_right - wide_left < 100 * (right - left)
    (path,) = plot.others.series
    turns = (path.x > wide_left) & (path.x < wide_right)
    assert 3 <= int(turns.sum()) < len(path.x)
    assert len(plot.contours.levels(plot.contours.to_pixels())) >= 4
    plot.show_overlays([], "")
    assert ranges_of(plot) == before
    assert plot.announcement.text == ""
    plot.show_run(far)
    plot.refresh()
    assert plot.announcement.text == f"diverged at step {far.diverged_at}"
    assert plot.canvas.x_range[1] - plot.canvas.x_range[0] > 8 * (right - left)


def test_no_name_is_under_what_is_announced(shown: Show) -> None:
    plot, far = shown(trained(60, learning_rate=0.01)), trained(2, learning_rate=1.2)
    overlay = Overlay(far, dashed, is_what_if=True, name="what if")
    plot.show_overlays([overlay], "")
    (_, before) = next(each for each in plot.names.written() if each[0] == "what if")
    far.diverged_at = 3
    plot.redraw()
    ((_, plate),) = plot.announcement.written()
    assert plate.intersects(before)
    assert [text for text, rect in plot.names.written() if rect.intersects(plate)] == []


def test_a_diverged_run_leaves_the_picture_readable(shown: Show) -> None:
    run = trained(5000, learning_rate=1.2)
    plot = shown(run)
    assert plot.note == "The path is outside the picture now."
    for low, high in (plot.canvas.x_range, plot.canvas.y_range):
        assert np.isfinite([low, high]).all()
        assert high - low < 500


def test_a_line_is_cut_far_outside_and_its_visible_part_keeps_its_direction() -> None:
    area = QRectF(-10, -10, 20, 20)
    line = np.array([[-1e6, 1e6, 1e6, 2.0, 3.0, 1e9], [-2e6, 2e6, 9.0, 9.0, 0.0, 0.0]])
    across, rest = pieces_within(area, line)
    assert across == pytest.approx(np.array([[-5, 5], [-10, 10]]))
    assert rest == pytest.approx(np.array([[10, 2, 3, 10], [9, 9, 0, 0]]))
    assert pieces_within(area, np.array([[20.0, 20.0, 1e9], [0.0, 0.0, 5.0]])) == []


@pytest.mark.parametrize(
    "dataset",
    [
        made_data([3, 3, 3, 3], [1, 2, 3, 4]),
        made_data([2], [1]),
        made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 13]),
        made_data([[0, 0], [0, 0]], [1, 2]),
    ],
    ids=["constant", "one example", "collinear", "all zero"],
)
def test_data_without_a_unique_optimum_gives_no_warning(shown: Show, dataset: Dataset) -> None:
    plot = shown(trained(10, dataset, batch_size=1, learning_rate=0.01))
    for held in Held:
        plot.set_held(held, 0.5)
        assert not plot.grab().isNull()


def dashed(_palette: Palette) -> Stroke:
    return Stroke("#ff0000", Qt.PenStyle.DashLine)


def test_overlays_are_drawn_and_removed(shown: Show) -> None:
    run, other = trained(100, learning_rate=0.02), trained(150, learning_rate=0.05)
    plot = shown(run)
    plot.show_overlays([Overlay(other, dashed)], "")
    (over,) = plot.others.series
    assert over.points[:, -1].tolist() == other.history.current_parameters[:2].tolist()
    plot.show_overlays([], "")
    assert plot.others.series == []


def test_the_path_of_a_run_with_other_parameters_is_not_drawn(shown: Show) -> None:
    plot = shown(trained(20))
    plot.show_overlays([Overlay(trained(20), dashed)], "")
    plot.show_run(trained(20, true_weights=(2.0,)))
    assert [path.points.size for path in plot.others.series] == [0]


def test_nothing_is_repainted_when_nothing_has_changed(
    shown: Show, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = shown(trained(100, learning_rate=0.02))
    overlays = [Overlay(trained(100), dashed)]
    plot.show_overlays(overlays, "")
    qapp.processEvents()
    painted: list[object] = []
    for layer in (plot.contours, plot.others, plot.path.layer, plot.now.layer):
        monkeypatch.setattr(layer, "draw", lambda *_, layer=layer: painted.append(layer))
    plot.refresh()
    plot.show_step(None)
    plot.show_overlays(overlays, "")
    qapp.processEvents()
    assert painted == []


def test_it_follows_the_theme(shown: Show, theme: Theme) -> None:
    plot = shown(trained(20))
    plot.grab()
    theme.set_mode(Mode.DARK)
    assert plot.path.stroke == DARK.path
    assert {marker.stroke.color for marker in (plot.optimum, plot.truth, plot.start, plot.now)} == {
        DARK.least_squares.color,
        DARK.truth.color,
        DARK.muted,
        DARK.prediction.color,
    }
    corner = plot.canvas.viewport().grab().toImage().pixelColor(1, 1)
    assert corner.name() == DARK.surface


def test_the_contours_are_painted_once(shown: Show) -> None:
    run, engine = prepare_run(1, TrainingConfig(examples=400, engine=Engine.INSTANT))
    plot = shown(run)
    plot.grab()
    pixmap = plot.contours.pixmap
    assert pixmap is not None
    run.history.append(train(engine, 30))
    plot.refresh()
    plot.grab()
    assert plot.contours.pixmap is pixmap


def test_contours_reach_from_the_edge_down_to_the_minimum(shown: Show) -> None:
    plot = shown(trained(20))
    width, height = plot.canvas.pixels
    (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
    to_pixels = QTransform.fromScale(width / (right - left), height / (high - low))
    levels = plot.contours.levels(to_pixels)
    assert len(levels) >= 4
    assert np.diff(np.log10(levels)) == pytest.approx(-0.5)


def test_the_labels_of_contours_differ_even_if_the_minimum_is_high(shown: Show) -> None:
    plot = shown(trained(20, noise_std=50.0))
    plot.grab()
    written = [text for _, text in plot.contours.labels]
    assert len(written) >= 2
    assert len(set(written)) == len(written)


def test_parallel_contours_are_labeled_too(shown: Show) -> None:
    dataset = made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 13])
    plot = shown(trained(10, dataset, batch_size=1, learning_rate=0.01))
    plot.grab()
    written = [text for _, text in plot.contours.labels]
    assert len(written) >= 2


def test_a_thinned_history_is_drawn_from_the_steps_it_kept() -> None:
    history = History(np.zeros(3), 400, 4, 0.01, memory_limit=4000)
    run, engine = prepare_run(1, TrainingConfig(examples=400, engine=Engine.INSTANT))
    thinner = PathThinner()
    for _ in range(20):
        history.append(train(engine, 100))
        points = thinner.points(history, None, (0, 1), (1e-9, 1e-9))
        assert points.shape[1] == len(history) + 2
    assert run.history.step == 0


def test_the_range_holds_still_while_the_start_is_dragged(shown: Show) -> None:
    plot = shown(trained(0))
    before = plot.canvas.x_range, plot.canvas.y_range
    plot.show_run(trained(0, init=Init.TYPED, start_weights=(1.9, -3.3), start_bias=4.0))
    assert (plot.canvas.x_range, plot.canvas.y_range) == before
    plot.show_run(trained(0, init=Init.TYPED, start_weights=(50.0, -3.3), start_bias=4.0))
    assert plot.canvas.x_range[1] > 50


def test_another_run_brings_its_own_path(shown: Show) -> None:
    plot = shown(trained(200, learning_rate=0.02))
    other = trained(0, learning_rate=0.02)
    plot.show_run(other)
    start = other.history.start[:2]
    assert (plot.path.points == start[:, np.newaxis]).all()
    other = trained(200, learning_rate=0.05)
    plot.show_run(other)
    recorded = {tuple(place) for place in other.history.parameters[:2].T.tolist()}
    assert {tuple(place) for place in plot.path.points[:, 1:].T.tolist()} <= recorded


def test_the_run_after_a_divergence_is_shown_close_up_again(shown: Show) -> None:
    plot = shown(trained(0))
    near = plot.canvas.x_range
    plot.show_run(trained(5000, learning_rate=1.2))
    assert plot.canvas.x_range != near
    plot.show_run(trained(0))
    assert plot.canvas.x_range == near


def test_a_click_in_the_legend_hides_the_path_at_once(shown: Show) -> None:
    plot = shown(trained(100, learning_rate=0.02))
    whole = plot.canvas.grab().toImage()
    plot.entry_of(plot.path).click()
    assert plot.canvas.grab().toImage() != whole
    plot.entry_of(plot.path).click()
    assert plot.canvas.grab().toImage() == whole


def test_far_along_a_flat_valley_its_contours_still_cross_the_picture(shown: Show) -> None:
    plot = shown(trained(0, made_data([1], [0]), batch_size=1))
    plot.canvas.view.setRange(xRange=(49, 51), yRange=(-51, -49), padding=0)
    shown_slice = plot.contours.slice
    assert shown_slice is not None
    plot.grab()
    image = plot.contours.pixmap.toImage()  # type: ignore[union-attr]
    diagonal = [
        image.pixelColor(x, x * image.height() // image.width()).alpha()
        for x in range(0, image.width(), 3)
    ]
    assert max(diagonal) > 100


@pytest.mark.parametrize("far", [1.0, 1e25])
def test_a_path_that_crosses_the_picture_a_thousand_times_is_drawn_with_few_pieces(
    shown: Show, far: float
) -> None:
    plot = shown(trained(0))
    (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
    x, y = np.random.default_rng(0).uniform(-far, far, (2, MOST_POINTS))
    overlay = Overlay(trained(0), lambda palette: palette.what_if, is_what_if=True)
    plot.show_overlays([overlay], "")
    (path,) = plot.others.series
    path.set_points((left + right) / 2 + x * (right - left), (low + high) / 2 + y * (high - low))
    plot.grab()
    assert path._painted is not None
    assert path._painted[2].elementCount() <= 2 * MOST_POINTS
