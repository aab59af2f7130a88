"""Curves and levels are named on the picture: readable, apart from each other, at a low cost."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.palette import LIGHT, Palette
from linreg_gui.look.theme import Theme
from linreg_gui.plots.card import Form
from linreg_gui.plots.label_layout import (
    EndLabel,
    LevelLabel,
    PlacedLabel,
    Sized,
    moved_apart,
    placed_labels,
)
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.ranges import step_limit
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.plots.step_plot import StepPlot
from linreg_gui.runs.run import Run
from tests.plots.made_runs import append, make_run

Show = Callable[[type[Any], Run], Any]
KINDS = [LossPlot, ParametersPlot]


def labels(plot: StepPlot) -> dict[str, PlacedLabel]:
    """Return the names that are written, with their places."""
    return {each.label.text: each for each in plot.end_labels.placed if each.box is not None}


def trained(steps: int = 120, *, measured: bool = False, count: int = 2, noise: float = 0.1) -> Run:
    """Return a run whose parameters settle, with losses that jump."""
    weights = (2.0, -3.4, 0.7, 1.5, -2.2, 3.1, -0.4, -1.3, 0.1, 2.6)[:count]
    run = make_run(weights, measured=measured, noise=noise)
    decay = np.exp(-np.arange(steps) / 30)
    jumps = np.random.default_rng(5).exponential(size=steps)
    path = np.array([*weights, 4.2]) * (1 - decay[:, np.newaxis])
    append(run, 30 * decay * jumps + 0.01, path)
    return run


def overlay(run: Run, name: str = "Run 3", *, what_if: bool = False) -> Overlay:
    look = (lambda palette: palette.what_if) if what_if else partial(Palette.run, index=0)
    return Overlay(run, look, is_what_if=what_if, name=name)


def test_every_curve_and_every_level_has_a_name(shown: Show) -> None:
    assert set(labels(shown(LossPlot, trained()))) == {
        "each batch",
        "moving average",
        "noise floor σ²",
    }
    names = {"w0", "w1", "b"}
    assert set(labels(shown(ParametersPlot, trained(measured=True)))) == {
        *names,
        *(f"{name}: least squares" for name in names),
    }


def test_values_on_each_other_share_a_name_and_others_have_their_own(shown: Show) -> None:
    near = shown(ParametersPlot, trained())
    assert "w0: true ≈ least squares" in labels(near)
    far = labels(shown(ParametersPlot, trained(noise=30.0)))
    assert {"b: true", "b: least squares"} <= set(far)


def test_true_value_and_least_squares_look_different_where_they_coincide(shown: Show) -> None:
    plot = shown(ParametersPlot, trained())
    both = plot.canvas.grab().toImage()
    plot.truth.set_visible(False)
    only_optimum = plot.canvas.grab().toImage()
    plot.truth.set_visible(True)
    plot.optimum.set_visible(False)
    only_truth = plot.canvas.grab().toImage()
    assert both != only_optimum
    assert both != only_truth
    assert only_truth != only_optimum


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(900, 560), (600, 400), (300, 190)])
def test_names_are_inside_apart_and_cover_no_end(
    shown: Show, qapp: QApplication, kind: type[Any], size: tuple[int, int]
) -> None:
    plot = shown(kind, trained())
    plot.show_overlays([overlay(trained(70)), overlay(trained(), "what if", what_if=True)], "")
    plot.resize(*size)
    qapp.processEvents()
    width, height = plot.canvas.pixels
    view = QRectF(-1, -1, width + 2, height + 2)
    placed = plot.end_labels.placed
    boxes = [QRectF(*each.box) for each in placed if each.box is not None]
    assert boxes
    for index, box in enumerate(boxes):
        assert view.contains(box)
        assert not any(box.intersects(other) for other in boxes[:index])
        for each in placed:
            if isinstance(each.label, EndLabel):
                assert not box.contains(each.label.x, each.label.y)


@pytest.mark.parametrize("kind", KINDS)
def test_names_follow_the_ends_while_the_run_grows(shown: Show, kind: type[Any]) -> None:
    run = trained(20)
    plot = shown(kind, run)
    name = "moving average" if kind is LossPlot else "b"
    for _ in range(4):
        append(run, np.ones(5), np.tile(run.history.current_parameters, (5, 1)))
        plot.redraw()
        label = labels(plot)[name].label
        curve = next(each for each in plot.curves.series if each.name == name)
        assert isinstance(label, EndLabel)
        left, low = plot.canvas.x_range[0], plot.canvas.y_range[1]
        assert label.x == pytest.approx((curve.x[-1] - left) / plot.canvas.pixel[0], abs=1)
        assert label.y == pytest.approx((low - curve.y[-1]) / plot.canvas.pixel[1], abs=1)


def test_a_noisy_curve_is_named_in_its_middle(shown: Show) -> None:
    run = make_run()
    append(run, 10.0 ** np.tile([-2.0, 0.0, 0.0, 1.0], 100))
    plot = shown(LossPlot, run)
    label = labels(plot)["each batch"].label
    assert label.y == pytest.approx(plot.canvas.y_range[1] / plot.canvas.pixel[1], abs=1)


def test_nothing_is_painted_until_a_name_moves_by_a_pixel(
    shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(size=400_000, planned_epochs=1)
    append(run, np.ones(60_000))
    plot = shown(LossPlot, run)
    painted: list[QRectF] = []
    monkeypatch.setattr(plot.end_labels, "update", painted.append)
    append(run, np.ones(20))
    plot.redraw()
    assert painted == []
    append(run, np.ones(2_000))
    plot.redraw()
    (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
    areas = [area.width() * area.height() for area in painted]
    assert 0 < sum(areas) < 0.2 * (right - left) * (high - low)


def test_a_hidden_series_loses_its_name(shown: Show, qtbot: QtBot) -> None:
    plot = shown(LossPlot, trained())
    for series in (plot.moving, plot.noise_floor):
        qtbot.mouseClick(plot.entry_of(series), Qt.MouseButton.LeftButton)
        assert series.name not in labels(plot)
        qtbot.mouseClick(plot.entry_of(series), Qt.MouseButton.LeftButton)
        assert series.name in labels(plot)
    parameters = shown(ParametersPlot, trained())
    qtbot.mouseClick(parameters.entry_of(parameters.truth), Qt.MouseButton.LeftButton)
    assert "b: least squares" in labels(parameters)


def test_a_thumbnail_has_short_names(shown: Show) -> None:
    plot = shown(LossPlot, trained())
    plot.set_form(Form.THUMBNAIL)
    plot.redraw()
    assert set(labels(plot)) == {"batch", "average", "σ²"}
    parameters = shown(ParametersPlot, trained())
    parameters.set_form(Form.THUMBNAIL)
    parameters.redraw()
    assert set(labels(parameters)) == {"w0", "w1", "b"}


def test_a_thumbnail_shows_its_curves_rather_than_long_names(
    shown: Show, qapp: QApplication
) -> None:
    plot = shown(ParametersPlot, trained(measured=True, count=10))
    plot.set_form(Form.THUMBNAIL)
    plot.resize(80, 110)
    qapp.processEvents()
    assert not labels(plot)
    assert plot.canvas.x_range[1] < 1.2 * step_limit(120, plot.run.planned_steps)


def test_names_have_room_beyond_the_last_step_at_every_scale(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    plot = LossPlot(theme)
    plot.setParent(host)
    rooms = []
    for scale in (1.0, 1.5):
        theme.set_scale(scale)
        plot.resize(round(900 * scale), round(560 * scale))
        host.resize(plot.size())
        host.show()
        plot.show_run(trained(200))
        placed = labels(plot)["moving average"]
        assert placed.box is not None
        assert isinstance(placed.label, EndLabel)
        assert placed.box.left + placed.box.width <= plot.canvas.pixels[0]
        rooms.append(plot.canvas.pixels[0] - placed.label.x)
    theme.set_scale(1.0)
    assert rooms[1] > 1.3 * rooms[0]


def test_other_runs_carry_their_names_in_their_colors(shown: Show, theme: Theme) -> None:
    for kind in KINDS:
        plot = shown(kind, trained())
        kept = overlay(trained(80), "Run 3")
        plot.show_overlays([kept, overlay(trained(90), "what if", what_if=True)], "")
        assert labels(plot)["Run 3"].label.color == LIGHT.text_color(LIGHT.run(0))
        assert labels(plot)["what if"].label.color == LIGHT.text_color(LIGHT.what_if)
        kept.name = "Slow"
        plot.redraw()
        assert "Slow" in labels(plot)
        plot.show_overlays([], "")
        assert not {"Slow", "what if"} & set(labels(plot))


def test_names_move_as_little_as_possible() -> None:
    assert moved_apart([50, 50], 0, 100, 10) == [45, 55]
    assert moved_apart([20, 80], 0, 100, 10) == [20, 80]
    assert moved_apart([0, 2], 0, 100, 10) == [0, 10]
    assert moved_apart([99, 100, 40], 0, 100, 10) == [90, 100, 40]


def test_more_curves_are_there_when_they_are_wanted(shown: Show, qtbot: QtBot) -> None:
    plot = shown(LossPlot, trained(250))
    extra = (plot.corrected, plot.epochs, plot.least_squares)
    assert not any(series.visible for series in extra)
    assert all(plot.entry_of(series).isHidden() for series in extra)
    qtbot.mouseClick(plot.more, Qt.MouseButton.LeftButton)
    assert {"bias-corrected", "epoch mean", "least squares"} <= set(labels(plot))
    plot.show_run(trained())
    assert all(series.visible for series in extra)
    qtbot.mouseClick(plot.more, Qt.MouseButton.LeftButton)
    assert not any(series.visible for series in extra)


def test_measured_data_has_least_squares_instead_of_a_noise_floor(shown: Show) -> None:
    plot = shown(LossPlot, trained(measured=True))
    assert "least squares" in labels(plot)
    assert not plot.noise_floor.visible or math.isnan(plot.noise_floor.y)


def test_the_levels_of_many_parameters_have_no_names(shown: Show) -> None:
    plot = shown(ParametersPlot, trained(count=10))
    assert not any(":" in text for text in labels(plot))
    assert "b" in labels(plot)


def test_steps_end_where_the_names_begin(shown: Show) -> None:
    plot = shown(LossPlot, trained(200))
    last = plot.canvas.x_axis.positions()[-1]
    assert last <= 200 < plot.canvas.x_range[1]


def test_a_mark_at_the_start_is_visible_as_a_whole(shown: Show) -> None:
    plot = shown(ParametersPlot, make_run())
    ends = [each.label for each in plot.end_labels.placed if isinstance(each.label, EndLabel)]
    assert len(ends) == 3
    assert min(end.x for end in ends) >= 4


def test_the_rate_of_a_late_change_is_not_cut(shown: Show) -> None:
    run = make_run(planned_epochs=1)
    append(run, np.ones(98))
    append(run, np.ones(2), learning_rate=0.000123)
    plot = shown(ParametersPlot, run)
    plot.set_form(Form.THUMBNAIL)
    plot.resize(300, 190)
    plot.redraw()
    view = plot.canvas.view
    view.updateMatrix()
    transform = view.childGroup.transform()
    (_, ((left, text),)) = plot.rate_marks.marks(transform)
    assert text == "0.000123"
    assert 0 < left < plot.canvas.pixels[0] - 55


def test_a_low_picture_has_the_short_title_of_its_axis(shown: Show, qapp: QApplication) -> None:
    plot = shown(LossPlot, trained())
    titles = []
    for height in (560, 260):
        plot.resize(600, height)
        qapp.processEvents()
        axis = plot.canvas.y_axis
        assert axis.label.isVisible()
        assert axis.label.boundingRect().width() <= plot.canvas.pixels[1]
        titles.append(axis.labelText)
    assert titles == ["loss (mean squared error)", "loss"]


def test_titles_and_numbers_of_an_axis_stay_apart_at_every_scale(
    theme: Theme, qtbot: QtBot
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    plot = LossPlot(theme)
    plot.setParent(host)
    for scale in (1.0, 1.75, 2.5):
        theme.set_scale(scale)
        plot.resize(round(800 * scale), round(500 * scale))
        host.resize(plot.size())
        host.show()
        plot.show_run(trained())
        QApplication.processEvents()  # which lays out the numbers that an empty picture lacks
        axis = plot.canvas.x_axis
        numbers = axis.style["tickTextOffset"][1] + QFontMetricsF(axis.style["tickFont"]).height()
        ink = axis.label.pos().y() + 0.25 * axis.label.boundingRect().height()
        assert numbers <= ink + 1
        assert axis.label.pos().y() + 0.8 * axis.label.boundingRect().height() <= axis.height() + 1
    theme.set_scale(1.0)


def test_a_short_run_says_that_the_moving_average_needs_more_steps(shown: Show) -> None:
    assert "too few" not in shown(LossPlot, make_run(planned_epochs=1)).note
    assert "80 steps are too few" in shown(LossPlot, make_run(size=320, planned_epochs=1)).note
    assert "100 steps" in shown(LossPlot, make_run()).moving.help_text


def test_a_name_wider_than_the_picture_is_left_out() -> None:
    level = LevelLabel("b: true ≈ least squares", LIGHT.text, y=50, reach=1)
    for width, count in ((120, 1), (90, 0)):
        assert len(placed_labels([Sized(level, 100, 16)], width, 100)) == count
