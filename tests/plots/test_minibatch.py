"""The minibatch of a step is highlighted in the data, and its gradient in the landscape."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QTransform
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray
from linreg_gui.look.palette import DARK, LIGHT, Palette
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.plots.arrows import LONGEST, ArrowLayer
from linreg_gui.plots.data_plot import MOST_RESIDUALS, DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.examples import MOST_POINTS
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.layer import Layer
from linreg_gui.plots.series import Series
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig
from tests.support import looked_into, made_data, train

SETTLING = 150
"""Milliseconds for layout and painting after the legend has grown."""

Show = Callable[[type[Any], Run], Any]


def drawn(features: int, size: int = 50) -> Dataset:
    generator = np.random.default_rng(features)
    X = generator.normal(size=(size, features))
    return made_data(X, X @ np.arange(1, features + 1) + generator.normal(size=size))


def trained(dataset: Dataset | None = None, *, steps: int = 40, **settings: Any) -> Run:
    config = TrainingConfig(**{"batch_size": 4, "learning_rate": 0.02, **settings})
    run, engine = prepare_run(1, config.with_value("data", dataset))
    run.history.append(train(engine, steps))
    return run


def seen(
    run: Run, rows: Any, parameters: FloatArray, view: View, feature: int
) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Return x, y and the end of the residual of each row, computed directly."""
    X, y = (part[rows].astype(np.float64) for part in (run.dataset.features, run.dataset.target))
    w, b = parameters[:-1].astype(np.float64), float(parameters[-1])
    if view is View.RAW:
        return X[:, feature], y, X @ w + b
    if view is View.PREDICTED:
        return y, X @ w + b, y
    others = [each for each in range(len(w)) if each != feature]
    return X[:, feature], y - b - X[:, others] @ w[others], w[feature] * X[:, feature]


def assert_highlighted(
    plot: DataPlot, expected: tuple[DoubleArray, DoubleArray, DoubleArray]
) -> None:
    x, y, ends = expected
    np.testing.assert_allclose(plot.minibatch.x, x)
    np.testing.assert_allclose(plot.minibatch.y, y, atol=1e-12)
    np.testing.assert_allclose(plot.residuals.x, np.repeat(x, 2))
    np.testing.assert_allclose(plot.residuals.y[::2], y, atol=1e-12)
    np.testing.assert_allclose(plot.residuals.y[1::2], ends, atol=1e-12)


def canvas_of(plot: Any) -> QImage:
    image: QImage = plot.canvas.grab().toImage()
    return image


def highlights_of(plot: Any) -> list[Series]:
    if isinstance(plot, DataPlot):
        return [plot.minibatch, plot.residuals]
    return [plot.arrows.minibatch, plot.arrows.full]


def names_of(plot: Any) -> list[str]:
    """Return the words in the legend for the highlighted minibatch."""
    entries = [plot.entry_of(series) for series in highlights_of(plot)]
    return [entry.accessibleName() for entry in entries if not entry.isHidden()]


@pytest.mark.parametrize("features", [1, 2, 6])
@pytest.mark.parametrize("view", View)
def test_the_highlighted_points_are_the_rows_of_the_minibatch_in_every_view(
    shown: Show, features: int, view: View
) -> None:
    run = trained(drawn(features))
    plot = shown(DataPlot, run)
    plot.set_view(view)
    for step in (5, 40):
        plot.show_step(step)
        trace = looked_into(run, step)
        plot.show_minibatch(trace)
        for feature in range(features):
            plot.set_feature(feature)
            at = run.history.parameters_at(step)
            assert_highlighted(plot, seen(run, trace.rows, at, view, feature))


def test_they_follow_the_step_on_show(shown: Show) -> None:
    run, engine = prepare_run(1, TrainingConfig(batch_size=4, learning_rate=0.02, data=drawn(2)))
    run.history.append(train(engine, 20))
    plot = shown(DataPlot, run)
    trace = looked_into(run, 12)
    plot.show_minibatch(trace)
    for step in (3, 0, 17):
        plot.show_step(step)
        at = run.history.parameters_at(step)
        assert_highlighted(plot, seen(run, trace.rows, at, View.ADJUSTED, 0))
    plot.show_step(None)
    run.history.append(train(engine, 5))
    plot.refresh()
    at = run.history.current_parameters
    assert_highlighted(plot, seen(run, trace.rows, at, View.ADJUSTED, 0))


def test_a_row_outside_the_drawn_sample_is_highlighted_too(shown: Show) -> None:
    run = trained(examples=10_000)
    plot = shown(DataPlot, run)
    anatomies = [looked_into(run, step) for step in range(1, 5)]
    trace = next(each for each in anatomies if not np.isin(each.rows, plot.sample).all())
    plot.show_step(trace.step)
    plot.show_minibatch(trace)
    at = run.history.parameters_at(trace.step)
    assert_highlighted(plot, seen(run, trace.rows, at, View.ADJUSTED, 0))


def test_a_sample_of_a_large_minibatch_is_highlighted_and_the_legend_says_so(shown: Show) -> None:
    run = trained(examples=10_000, batch_size=9_000, steps=2)
    plot = shown(DataPlot, run)
    plot.show_minibatch(looked_into(run, 1))
    assert len(plot.minibatch.x) == MOST_POINTS
    assert len(plot.residuals.x) == 2 * MOST_RESIDUALS
    assert names_of(plot) == [
        "this minibatch (2,000 of 9,000 examples)",
        "200 of 9,000 residuals",
    ]


@pytest.mark.parametrize(
    ("batch_size", "step", "batch", "gradient"),
    [
        (4, 12, "this minibatch (4 examples)", "−gradient, minibatch"),
        (4, 13, "short last batch (2 examples)", "−gradient, short last batch"),
        (7, 8, "short last batch (1 example)", "−gradient, short last batch"),
        (1, 3, "this minibatch (1 example)", "−gradient, minibatch"),
    ],
)
def test_the_legends_name_the_minibatch_and_a_short_last_one(
    shown: Show, batch_size: int, step: int, batch: str, gradient: str
) -> None:
    run = trained(drawn(2), batch_size=batch_size)
    trace = looked_into(run, step)
    data, landscape = shown(DataPlot, run), shown(LandscapePlot, run)
    data.show_minibatch(trace)
    landscape.show_minibatch(trace)
    assert names_of(data) == [batch, "residuals"]
    assert names_of(landscape) == [gradient, "−gradient, all examples"]


@pytest.mark.parametrize("kind", [DataPlot, LandscapePlot])
def test_removing_the_highlight_leaves_no_trace(shown: Show, kind: type[Any]) -> None:
    run = trained(drawn(2))
    plot = shown(kind, run)
    before = plot.grab().toImage()
    plot.show_minibatch(looked_into(run, 40))
    assert plot.grab().toImage() != before
    plot.show_minibatch(None)
    assert plot.grab().toImage() == before
    assert names_of(plot) == []


@pytest.mark.parametrize("kind", [DataPlot, LandscapePlot])
def test_a_step_of_another_run_is_not_highlighted(shown: Show, kind: type[Any]) -> None:
    run = trained(drawn(2))
    trace = looked_into(run, 40)
    plot = shown(kind, run)
    plot.show_minibatch(dataclasses.replace(trace, run_number=2))
    assert names_of(plot) == []
    plot.show_minibatch(trace)
    other = trained(drawn(1, size=5))
    other.number = 2
    for next_run in (other, None):
        plot.show_run(next_run)
        assert names_of(plot) == []
        plot.grab()


@pytest.mark.parametrize("kind", [DataPlot, LandscapePlot])
def test_the_legend_hides_and_shows_the_highlight(shown: Show, kind: type[Any]) -> None:
    run = trained(drawn(2))
    plot = shown(kind, run)
    plot.show_minibatch(looked_into(run, 40))
    both = canvas_of(plot)
    for entry in map(plot.entry_of, highlights_of(plot)):
        entry.click()
        assert canvas_of(plot) != both
        entry.click()
        assert canvas_of(plot) == both


def shafts_of(plot: Any) -> DoubleArray:
    """Return the lengths of both arrows to the right and down, in pixels."""
    layer = plot.arrows
    painted: list[DoubleArray] = []
    draw = ArrowLayer.draw

    def note(painter: Any, to_pixels: QTransform, exposed: Any) -> None:
        painted.append(layer.shafts(to_pixels))
        draw(layer, painter, to_pixels, exposed)

    layer.draw = note
    plot.grab()
    del layer.draw
    return painted[-1]


def pixels_of(plot: Any, gradients: list[FloatArray]) -> DoubleArray:
    """Return the same from ``gradients`` and the range of the view."""
    (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
    width, height = plot.canvas.pixels
    i, j = plot.pair
    shafts = [
        (-gradient[i] / (right - left) * width, gradient[j] / (high - low) * height)
        for gradient in gradients
    ]
    pixels: DoubleArray = np.array(shafts) / max(np.hypot(*shaft) for shaft in shafts) * LONGEST
    return pixels


def assert_scaled_together(plot: Any, gradients: list[FloatArray]) -> None:
    shafts = shafts_of(plot)
    longest = np.hypot(*shafts.T).max()
    assert longest <= LONGEST + 1e-6
    expected = pixels_of(plot, gradients)
    np.testing.assert_allclose(shafts / longest * LONGEST, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("features", [1, 2, 6])
def test_the_arrows_go_down_both_gradients_on_one_scale(
    shown: Show, features: int, qapp: QApplication
) -> None:
    dataset = drawn(features)
    run = trained(dataset)
    plot = shown(LandscapePlot, run)
    trace = looked_into(run, 10)
    plot.show_minibatch(trace)
    Z = np.column_stack([dataset.features, np.ones(dataset.size)]).astype(np.float64)
    residuals = Z @ trace.before - dataset.target
    gradients = [trace.gradient, 2 * Z.T @ residuals / dataset.size]
    for pair in ((0, 1), (0, features), (features - 1, features)):
        plot.set_pair(pair)
        assert plot.arrows.tail.tolist() == trace.before[list(pair)].tolist()
        assert_scaled_together(plot, gradients)
        plot.canvas.view.scaleBy((0.5, 0.2), center=tuple(trace.before[list(pair)]))
        assert_scaled_together(plot, gradients)
        plot.resize(plot.width() - 90, plot.height() + 40)
        qapp.processEvents()
        assert_scaled_together(plot, gradients)


def test_the_arrows_stay_in_the_picture_with_their_names_at_their_tips(shown: Show) -> None:
    run = trained(drawn(2))
    plot = shown(LandscapePlot, run)
    for step in (1, 2, 5):
        trace = looked_into(run, step)
        plot.show_minibatch(trace)
        to_pixels = plot.arrows.to_pixels()
        tail = to_pixels.map(QPointF(*plot.arrows.tail))
        view = to_pixels.mapRect(plot.arrows.boundingRect())
        for shaft in plot.arrows.shafts(to_pixels):
            assert view.contains(tail + QPointF(*shaft))
        assert {"−gradient, minibatch", "−gradient, all examples"} <= set(plot.names.texts)


@pytest.mark.parametrize(("size", "batch_size"), [(1, 1), (8, 8)])
def test_a_minibatch_of_all_examples_has_one_arrow_that_says_so(
    shown: Show, size: int, batch_size: int
) -> None:
    run = trained(drawn(1, size=size), batch_size=batch_size, steps=2)
    plot = shown(LandscapePlot, run)
    plot.show_minibatch(looked_into(run, 1))
    assert names_of(plot) == ["−gradient, all examples"]
    assert "−gradient, minibatch" not in plot.names.texts


def test_a_gradient_that_is_only_rounding_has_no_arrow(shown: Show) -> None:
    run = trained(drawn(2))
    trace = looked_into(run, 10)
    optimum = np.array(run.references.parameters, np.float32)
    plot = shown(LandscapePlot, run)
    plot.show_minibatch(dataclasses.replace(trace, before=optimum))
    minibatch, full = np.hypot(*shafts_of(plot).T)
    assert 24 <= minibatch <= LONGEST * (1 + 1e-9)
    assert full == 0
    both = canvas_of(plot)
    plot.entry_of(plot.arrows.full).click()
    assert canvas_of(plot) == both


@pytest.mark.parametrize("size", [1e-300, 1e-320])
def test_gradients_near_zero_have_arrows_of_the_usual_length(shown: Show, size: float) -> None:
    plot = shown(LandscapePlot, trained(drawn(2)))
    plot.arrows.point(np.zeros(2), np.array([[1.0, 0.0], [0.0, 0.5]]) * size)
    lengths = np.hypot(*plot.arrows.shafts(plot.arrows.to_pixels()).T)
    assert 24 <= lengths.max() <= LONGEST


def test_a_frame_without_change_repaints_no_highlight(
    shown: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(drawn(2))
    trace = looked_into(run, 40)
    data, landscape = shown(DataPlot, run), shown(LandscapePlot, run)
    layers: list[Layer] = [data.minibatch.layer, landscape.arrows]
    for plot in (data, landscape):
        plot.show_minibatch(trace)
    qtbot.wait(SETTLING)
    for plot in (data, landscape):
        plot.window().repaint()
    painted: list[Layer] = []
    for layer in layers:
        monkeypatch.setattr(layer, "draw", lambda *_, layer=layer: painted.append(layer))
    for plot in (data, landscape):
        plot.refresh()
        plot.show_step(None)
    qtbot.wait(SETTLING)
    assert painted == []


def test_another_step_repaints_only_the_area_of_the_arrows(
    shown: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(drawn(2))
    plot = shown(LandscapePlot, run)
    painted: list[QRectF] = []
    monkeypatch.setattr(plot.arrows, "draw", lambda *args: painted.append(args[-1]))
    for step in (29, 30, 31):  # the first change after a layout repaints the whole picture
        painted.clear()
        plot.show_minibatch(looked_into(run, step))
        qtbot.wait(SETTLING)
    (exposed,) = painted
    assert exposed.width() < 5 * LONGEST  # the arrows have names at their tips
    assert exposed.height() < 3 * LONGEST


def test_the_highlight_follows_the_theme(shown: Show, theme: Theme) -> None:
    run = trained(drawn(2))
    data, landscape = shown(DataPlot, run), shown(LandscapePlot, run)
    theme.set_mode(Mode.DARK)
    assert data.residuals.stroke.color == DARK.minibatch.color
    assert landscape.arrows.minibatch.stroke == DARK.minibatch
    assert landscape.arrows.full.stroke == DARK.full_gradient


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_highlight_stands_out_from_its_background(palette: Palette) -> None:
    def luminance(color: str) -> float:
        parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05

    ground = luminance(palette.surface)
    for stroke in (palette.minibatch, palette.full_gradient):
        color = luminance(stroke.color)
        assert max(color, ground) / min(color, ground) >= 3.0
