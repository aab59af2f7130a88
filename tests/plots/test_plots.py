"""The pictures show the right numbers, admit what they leave out, and stay fast and readable."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.guide.run_prediction import DrawnPrediction, RunPrediction
from linreg_gui.look.palette import DARK
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.plots import PICTURES
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.label_layout import moved_apart
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.history import RateChange
from linreg_gui.runs.run import Run
from tests.plots.made_runs import append, make_run
from tests.widgets.controls import turn_wheel

Show = Callable[[type[Any], Run], Any]


class PaintCounter(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


PLOTS = [LossPlot, ParametersPlot, DataPlot]


def move_mouse_to(plot: Any, step: float) -> None:
    canvas = plot.canvas
    view = canvas.view
    position = canvas.mapFromScene(view.mapViewToScene(QPointF(step, np.mean(canvas.y_range))))
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(position),
        canvas.viewport().mapToGlobal(QPointF(position)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    canvas.mouseMoveEvent(move)


def numbers_in(note: str) -> list[str]:
    return note.replace("\u2007", " ").split()


@pytest.mark.parametrize("picture", PICTURES)
def test_an_empty_picture_has_no_numbers(shown: Show, picture: type[RunPlot]) -> None:
    plot = shown(picture, made := make_run())
    axes = plot.canvas.x_axis, plot.canvas.y_axis
    for run in (made, None, made):
        plot.show_run(run)
        for axis in axes:
            assert axis.style["showValues"] is (run is not None)
            assert run is not None or not axis.label.isVisible()


@pytest.mark.parametrize("picture", PICTURES)
def test_a_legend_or_a_title_that_makes_room_draws_no_run_with_a_part_of_another(
    shown: Show, picture: type[RunPlot], monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = shown(picture, make_run((2.0, -3.4, 1.0)))
    drawn: list[Run] = []
    monkeypatch.setattr(plot, "redraw", lambda: drawn.append(plot.run))
    for change in ("offer", "mark_title", "set_axis_labels"):
        monkeypatch.setattr(plot, change, lambda *_, **__: plot.canvas.view_changed.emit())
    plot.show_run(run := make_run((2.0,)))
    assert drawn == [run]


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("height", range(90, 260, 10))
def test_no_word_stands_at_an_axis_without_numbers(
    shown: Show, picture: type[RunPlot], height: int
) -> None:
    plot = shown(picture, make_run())
    plot.resize(900, height)
    for axis in (plot.canvas.x_axis, plot.canvas.y_axis):
        assert axis.style["showValues"] or not axis.label.isVisible()


def test_the_loss_plot_shows_the_losses_and_their_averages(shown: Show) -> None:
    run = make_run()
    plot = shown(LossPlot, run)
    append(run, np.linspace(40, 0.02, 120))
    plot.refresh()
    history = run.history
    for curve, values in (
        (plot.batch, history.losses),
        (plot.moving, history.moving_losses),
        (plot.corrected, history.moving_losses / (1 - 0.99**history.steps)),
    ):
        assert np.array_equal(curve.x, history.steps)
        np.testing.assert_allclose(10**curve.y, values, rtol=1e-6)
    assert plot.epochs.x.tolist() == [100]
    assert 10 ** plot.epochs.y[0] == pytest.approx(history.epoch_means[0])
    assert 10**plot.noise_floor.y == pytest.approx(0.01)
    assert 10**plot.least_squares.y == pytest.approx(run.references.loss)


def test_a_linear_axis_shows_the_same_losses(shown: Show) -> None:
    run = make_run()
    append(run, [3.0, 2.0, 0.0])
    plot = shown(LossPlot, run)
    plot.set_logarithmic(logarithmic=False)
    assert plot.batch.y.tolist() == [3, 2, 0]
    assert plot.canvas.y_range[0] <= 0


def test_a_loss_of_exactly_0_is_reported_and_drawn_at_the_bottom_of_a_log_axis(
    shown: Show,
) -> None:
    run = make_run()
    append(run, [3.0, 0.0, 1.0, 0.0])
    plot = shown(LossPlot, run)
    assert plot.note == "A loss of exactly 0 is drawn at the bottom."
    assert np.array_equal(plot.batch.y == -np.inf, [False, True, False, True])
    pixels = plot.canvas.grab().toImage()
    plot.batch.set_visible(False)
    assert pixels != plot.canvas.grab().toImage()
    plot.set_logarithmic(logarithmic=False)
    assert "exactly 0" not in plot.note


def test_the_parameters_start_at_step_0_and_have_their_levels(shown: Show) -> None:
    run = make_run()
    path = np.linspace([0.6, 0.4, 0.7], [2, -3, 4], 30)
    append(run, np.ones(30), path)
    plot = shown(ParametersPlot, run)
    for index, curve in enumerate(plot.curves.series):
        assert np.array_equal(curve.x, np.arange(31))
        assert np.array_equal(curve.y[1:], run.history.parameters[index])
        assert curve.y[0] == 0.5
    assert [level.y for level in plot.truth.parts] == [2.0, -3.4, 4.2]
    assert tuple(level.y for level in plot.optimum.parts) == run.references.parameters
    colors = {curve.stroke.color for curve in plot.curves.series}
    assert len(colors) == 3
    assert [level.stroke.color for level in plot.truth.parts] == [
        curve.stroke.color for curve in plot.curves.series
    ]


def test_a_prediction_about_a_parameter_that_the_run_lacks_is_not_drawn(shown: Show) -> None:
    run = make_run()
    plot = shown(ParametersPlot, run)
    for parameter, count in ((2, 1), (3, 0)):
        prediction = DrawnPrediction(RunPrediction(parameter=parameter), is_open=True)
        assert len(plot.prediction_marks(prediction, run)) == count


def test_measured_data_has_no_true_values(shown: Show) -> None:
    plot = shown(ParametersPlot, make_run(measured=True))
    assert plot.truth.parts == []
    assert len(plot.optimum.parts) == 3
    note = shown(LossPlot, make_run(measured=True)).note
    assert note.startswith("No line beats least squares, ")
    assert note.endswith(" The moving average starts at 0.")  # and so it is below them at first


def test_the_raw_view_shows_targets_and_predictions(shown: Show) -> None:
    run = make_run()
    plot = shown(DataPlot, run)
    plot.set_view(View.RAW)
    plot.set_feature(1)
    append(run, [1.0], [[1.0, -2.0, 3.0]])
    plot.refresh()
    features = run.dataset.features
    assert np.array_equal(plot.examples.x, features[:, 1])
    assert np.array_equal(plot.examples.y, run.dataset.target)
    np.testing.assert_allclose(plot.predictions.y, features @ [1, -2] + 3, atol=1e-5)


def test_the_adjusted_view_collapses_onto_the_fitted_line(shown: Show) -> None:
    run = make_run(noise=0.0)
    plot = shown(DataPlot, run)
    assert plot.view is View.ADJUSTED
    x0, x1 = run.dataset.features.T
    np.testing.assert_allclose(plot.examples.y, run.dataset.target - 0.5 - 0.5 * x1, atol=1e-5)
    append(run, [0.0], [[2.0, -3.4, 4.2]])
    plot.refresh()
    np.testing.assert_allclose(plot.examples.y, 2 * x0, atol=1e-5)
    np.testing.assert_allclose(plot.fit.y, 2 * plot.fit.x)


def test_the_predicted_view_lies_on_the_diagonal_when_the_fit_is_perfect(shown: Show) -> None:
    run = make_run(noise=0.0)
    append(run, [0.0], [[2.0, -3.4, 4.2]])
    plot = shown(DataPlot, run)
    plot.set_view(View.PREDICTED)
    np.testing.assert_allclose(plot.examples.y, plot.examples.x, atol=1e-5)
    assert np.array_equal(plot.diagonal.x, plot.diagonal.y)


def test_one_feature_starts_with_the_raw_view_and_both_lines(shown: Show) -> None:
    run = make_run(weights=(2.0,))
    plot = shown(DataPlot, run)
    assert plot.view is View.RAW
    np.testing.assert_allclose(plot.fit.y, 0.5 * plot.fit.x + 0.5)
    np.testing.assert_allclose(plot.truth.y, 2.0 * plot.truth.x + 4.2)


def test_a_sample_is_drawn_and_reported_without_numpys_global_generator(shown: Show) -> None:
    run = make_run(size=10_000)
    np.random.seed(5)
    before = np.random.get_state(legacy=False)["state"]["key"].copy()
    plot = shown(DataPlot, run)
    assert np.array_equal(before, np.random.get_state(legacy=False)["state"]["key"])
    assert plot.entry_of(plot.examples).accessibleName() == "2,000 of 10,000 examples"
    assert len(plot.examples.x) == 2_000
    assert np.array_equal(plot.examples.x, run.dataset.features[plot.sample, 0])
    small = shown(DataPlot, make_run())
    assert small.entry_of(small.examples).accessibleName() == "examples"


@pytest.mark.parametrize("kind", PLOTS)
def test_a_diverging_run_leaves_the_picture_readable_and_says_so(
    shown: Show, kind: type[Any]
) -> None:
    run = make_run()
    plot = shown(kind, run)
    sizes = 10.0 ** np.linspace(0, 38, 80)
    append(run, sizes, np.outer(sizes * (-1) ** np.arange(80), [1, 1, 1]))
    plot.refresh()
    plot.grab()
    low, high = plot.canvas.y_range
    assert np.isfinite([low, high]).all()
    assert high - low < 50
    assert "picture" in plot.note
    assert "nan" not in plot.note.lower()
    plot.show_run(make_run())
    assert "picture" not in plot.note
    assert plot.canvas.x_range[1] < 100


def test_a_linear_loss_is_limited_too(shown: Show) -> None:
    run = make_run()
    plot = shown(LossPlot, run)
    plot.set_logarithmic(logarithmic=False)
    append(run, 10.0 ** np.arange(38))
    plot.refresh()
    assert plot.canvas.y_range[1] < 1_000


def mean_lightness(plot: QWidget) -> int:
    pixel = plot.grab().scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).toImage()
    return pixel.pixelColor(0, 0).lightness()


@pytest.mark.parametrize("kind", PLOTS)
def test_the_theme_recolors_a_running_plot(shown: Show, theme: Theme, kind: type[Any]) -> None:
    run = make_run()
    plot = shown(kind, run)
    append(run, np.ones(30))
    plot.refresh()
    light = mean_lightness(plot)
    theme.set_mode(Mode.DARK)
    append(run, np.ones(3))
    plot.refresh()
    assert light > 200
    assert mean_lightness(plot) < 60
    if kind is ParametersPlot:
        assert plot.curves.series[0].stroke == DARK.parameters[0]
    if kind is LossPlot:
        assert plot.moving.stroke == DARK.moving_loss


def test_a_series_is_hidden_by_its_legend_entry(shown: Show, qtbot: QtBot) -> None:
    run = make_run()
    append(run, np.linspace(40, 1, 40))
    plot = shown(LossPlot, run)
    whole = plot.canvas.grab().toImage()
    entry = plot.entry_of(plot.moving)
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert not plot.moving.visible
    assert plot.canvas.grab().toImage() != whole
    entry.setFocus()
    qtbot.keyClick(entry, Qt.Key.Key_Space)
    assert plot.moving.visible
    assert plot.canvas.grab().toImage() == whole


def test_the_crosshair_reads_exact_values(shown: Show) -> None:
    run = make_run()
    append(run, np.linspace(40, 1, 40), np.linspace([0, 0, 0], [2, -3, 4], 40))
    loss, parameters = shown(LossPlot, run), shown(ParametersPlot, run)
    loss.more.setChecked(True)
    record = run.history.nearest(17)
    assert record is not None
    move_mouse_to(loss, 17.2)
    assert numbers_in(loss.note) == [
        *("step", "17"),
        *("batch", f"{record.loss:#.6g}"),
        *("average", f"{record.moving_loss:#.6g}"),
        *("corrected", f"{record.corrected_loss:#.6g}"),
    ]
    move_mouse_to(parameters, 17.2)
    w0, w1, b = record.parameters
    assert numbers_in(parameters.note) == [
        *("step", "17"),
        *("w0", f"{w0:#.6g}"),
        *("w1", f"−{-w1:#.6g}"),
        *("b", f"{b:#.6g}"),
    ]


def test_the_crosshair_leaves_with_the_mouse(shown: Show) -> None:
    run = make_run()
    append(run, np.ones(40))
    plot = shown(LossPlot, run)
    move_mouse_to(plot, 20)
    assert numbers_in(plot.note)[1] == "20"
    plot.canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    assert plot.note.startswith("Noise floor")


def test_five_hundred_rate_changes_add_no_items_and_merge_their_marks(shown: Show) -> None:
    run = make_run(planned_epochs=20)
    plot = shown(LossPlot, run)
    items = len(plot.canvas.scene().items())
    for index in range(500):
        append(run, [1.0, 1.0], learning_rate=0.01 + index / 1e4)
        plot.refresh()
    assert len(run.history.rate_changes) == 499
    assert len(plot.canvas.scene().items()) == items
    view = plot.canvas.view
    view.updateMatrix()
    lines, labels = plot.rate_marks.marks(view.childGroup.transform())
    assert 10 < len(lines) <= plot.canvas.pixels[0] / 5 + 1
    assert 1 < len(labels) < 15
    assert min(np.diff([x for x, _ in labels])) > 20


def test_a_rate_change_is_marked_with_its_rate(shown: Show) -> None:
    run = make_run()
    append(run, np.ones(10))
    append(run, np.ones(10), learning_rate=0.25)
    assert run.history.rate_changes == [RateChange(11, 0.25)]
    plot = shown(ParametersPlot, run)
    view = plot.canvas.view
    view.updateMatrix()
    transform = view.childGroup.transform()
    (line,), ((left, text),) = plot.rate_marks.marks(transform)
    assert line == pytest.approx(10 * transform.m11() + transform.dx())
    assert text == "0.25"
    assert line < left < line + 10


@pytest.mark.parametrize("kind", PLOTS)
def test_nothing_is_painted_without_change(
    shown: Show, qapp: QApplication, kind: type[Any]
) -> None:
    run = make_run()
    append(run, np.ones(10))
    plot = shown(kind, run)
    for _ in range(5):
        qapp.processEvents()
    paints = PaintCounter(plot.canvas.viewport())
    for _ in range(20):
        plot.refresh()
        qapp.processEvents()
    assert paints.count == 0
    plot.canvas.viewport().update()
    qapp.processEvents()
    assert paints.count == 1


def test_steps_too_small_to_see_are_not_drawn(shown: Show) -> None:
    run = make_run(size=400_000)
    append(run, np.ones(60_000))
    plot = shown(LossPlot, run)
    append(run, np.ones(20))
    plot.refresh()
    assert plot.batch.x[-1] == 60_000
    append(run, np.ones(200))
    plot.refresh()
    assert plot.batch.x[-1] == 60_220


@pytest.mark.parametrize("kind", [LossPlot, ParametersPlot])
def test_the_range_changes_in_steps(shown: Show, kind: type[Any]) -> None:
    run = make_run(planned_epochs=20)
    plot = shown(kind, run)
    changes: list[int] = []
    plot.canvas.view.sigRangeChanged.connect(lambda *_: changes.append(1))
    for _ in range(200):
        append(run, np.ones(5))
        plot.refresh()
    assert len(changes) <= 8


@pytest.mark.parametrize("kind", PLOTS)
def test_without_a_run_the_picture_is_empty(shown: Show, kind: type[Any]) -> None:
    run = make_run()
    append(run, np.ones(10))
    plot = shown(kind, run)
    plot.show_run(None)
    plot.refresh()
    plot.grab()
    assert plot.note == ""


@pytest.mark.parametrize("kind", PLOTS)
def test_a_picture_grown_frame_by_frame_is_the_one_painted_at_once(
    shown: Show, qapp: QApplication, kind: type[Any]
) -> None:
    """Only the new part is painted: nothing old may stay, and nothing may be missing."""
    run = make_run()
    plot = shown(kind, run)
    generator = np.random.default_rng(7)
    for frame in range(20):
        decay = np.exp(-np.arange(9 * frame, 9 * frame + 9) / 50)
        losses = 30 * decay * generator.exponential(size=9) + 0.01
        path = np.array([2, -3.4, 4.2]) + np.outer(decay, [-1.5, 3.9, -3.7])
        append(run, losses, path, learning_rate=0.01 if frame < 9 else 0.02)
        plot.refresh()
        if kind is not DataPlot and frame in (5, 12):
            move_mouse_to(plot, 8 * frame)
        qapp.processEvents()
    grown = qapp.primaryScreen().grabWindow(plot.window().winId()).toImage()
    plot.canvas.viewport().update()
    qapp.processEvents()
    assert qapp.primaryScreen().grabWindow(plot.window().winId()).toImage() == grown


@pytest.mark.parametrize("kind", PLOTS)
def test_the_wheel_zooms_and_a_double_click_shows_everything_again(
    shown: Show, qtbot: QtBot, qapp: QApplication, kind: type[Any]
) -> None:
    run = make_run()
    append(run, np.ones(40))
    plot = shown(kind, run)
    viewport = plot.canvas.viewport()
    whole = plot.canvas.x_range
    center = viewport.rect().center()
    turn_wheel(viewport, 240)
    zoomed = plot.canvas.x_range
    assert zoomed[1] - zoomed[0] < whole[1] - whole[0]
    append(run, np.ones(100))
    plot.refresh()
    assert plot.canvas.x_range == zoomed
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=center)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=center)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=center)
    assert not plot.canvas.is_zoomed
    assert plot.canvas.x_range[1] >= whole[1]


def test_the_first_step_is_visible_although_a_line_needs_two_points(shown: Show) -> None:
    run = make_run()
    plot = shown(LossPlot, run)
    before = plot.canvas.grab().toImage()
    append(run, [3.0])
    plot.refresh()
    assert plot.canvas.grab().toImage() != before


@pytest.mark.parametrize("count", [2, 5, 11, 40])
def test_the_names_at_the_ends_of_curves_neither_collide_nor_leave_the_picture(count: int) -> None:
    heights = [50.0 + (37 * index) % 61 for index in range(count)]
    placed = sorted(height for height in moved_apart(heights, 8, 152, 17) if height is not None)
    assert len(placed) == count if count < 9 else 3 <= len(placed) < count
    assert placed[0] >= 8
    assert placed[-1] <= 152
    assert min(np.diff(placed)) >= 17
