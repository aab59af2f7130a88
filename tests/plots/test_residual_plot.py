"""The residual picture shows what the model gets wrong, at any size, in five views."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.scale import set_scale
from linreg_gui.number_text import significant
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.plots.residual_view import View, bars, normal_curve, normal_quantiles
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from tests.plots.made_runs import trained
from tests.support import looked_into, made_data

Show = Callable[[Run], ResidualPlot]


@pytest.fixture
def shown(shown: Callable[[type[ResidualPlot], Run], ResidualPlot]) -> Show:
    return partial(shown, ResidualPlot)


def residuals_of(run: Run, step: int) -> DoubleArray:
    parameters = run.parameters_at(step)
    features = run.dataset.features.astype(np.float64)
    residuals: DoubleArray = run.dataset.target - features @ parameters[:-1] - parameters[-1]
    return residuals


@pytest.mark.parametrize("step", [0, 40])
def test_each_view_places_the_residuals(shown: Show, step: int) -> None:
    run = trained(40)
    plot = shown(run)
    plot.show_step(step)
    expected = residuals_of(run, step)
    places = {
        View.PREDICTION: run.dataset.target - expected,
        View.FEATURE: run.dataset.features[:, 1],
        View.ORDER: plot.table().columns[0].cells,
    }
    plot.set_feature(1)
    for view, x in places.items():
        plot.set_view(view)
        assert plot.examples.y == pytest.approx(expected)
        assert plot.examples.x == pytest.approx(x)
    plot.set_view(View.NORMAL)
    assert plot.examples.y == pytest.approx(np.sort(expected))
    plot.set_view(View.HISTOGRAM)
    assert plot.bars.y.sum() == 400
    middles, heights = plot.bars.x, plot.bars.y
    mean = (middles * heights).sum() / 400
    assert mean == pytest.approx(expected.mean(), abs=plot.bars.bar_width)


@pytest.mark.parametrize("view", View)
def test_the_range_follows_the_residuals_down_to_the_noise_and_back(
    shown: Show, view: View
) -> None:
    run = trained(1500)
    plot = shown(run)
    plot.set_view(view)
    for step in (0, 1500, 300, 0):
        plot.show_step(step)
        plot.redraw()
        low, high = plot.canvas.x_range if view is View.HISTOGRAM else plot.canvas.y_range
        largest = np.abs(residuals_of(run, step)).max()
        assert largest < high == pytest.approx(-low)
        assert high < 6 * largest


def test_the_histogram_of_a_trained_model_is_that_of_the_noise(shown: Show) -> None:
    plot = shown(trained(3000, examples=2000, noise_std=0.5))
    plot.set_view(View.HISTOGRAM)
    expected = np.interp(plot.bars.x, plot.normal.x, plot.normal.y, left=0, right=0)
    spread = np.sqrt(np.maximum(expected, 1.0))
    assert np.abs(plot.bars.y - expected).max() < 5 * spread.max()
    assert plot.normal.name == "noise"


def test_the_normal_curve_has_the_area_of_the_bars() -> None:
    residuals = np.random.default_rng(1).normal(0, 2, 5000)
    _, heights, width = bars(residuals, 10.0)
    x, y = normal_curve(2.0, 5000, width, 10.0)
    area = y[:-1] @ np.diff(x)  # it is as good as 0 at both ends
    assert area == pytest.approx(heights.sum() * width, rel=1e-3)


def test_normal_quantiles_are_those_of_blom() -> None:
    quantiles = normal_quantiles(10)
    assert quantiles[2] == pytest.approx(NormalDist().inv_cdf((3 - 0.375) / 10.25))
    assert quantiles == pytest.approx(-quantiles[::-1])


def test_measured_data_is_compared_with_least_squares(shown: Show) -> None:
    run = trained(0, samples()[3].read())
    plot = shown(run)
    plot.set_view(View.NORMAL)
    x, y = plot.normal.x, plot.normal.y
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(run.references.loss**0.5)
    assert "least squares" in plot.note
    for hidden in (True, False):
        plot.show_guesses(ShownGuesses(hides_solution=hidden))
        for view in (View.NORMAL, View.HISTOGRAM):
            plot.set_view(view)
            plot.redraw()
            assert plot.normal.visible is not hidden
            assert ("least squares" in plot.note) is not hidden


def test_held_out_examples_are_hollow_and_in_sight(shown: Show) -> None:
    run = trained(60, samples()[3].read(), test_share=0.2, standardize=True, learning_rate=0.1)
    plot = shown(run)
    for view in (View.PREDICTION, View.FEATURE, View.ORDER):
        plot.set_view(view)
        assert plot.held_out.outline
        assert plot.held_out.visible
        assert len(plot.held_out.y) == run.problem.held_out_examples.size  # type: ignore[union-attr]
        (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
        assert ((plot.held_out.x > left) & (plot.held_out.x < right)).all()
        assert ((plot.held_out.y > low) & (plot.held_out.y < high)).all()
    plot.set_view(View.HISTOGRAM)
    assert not plot.held_out.visible or "held out" not in plot.key.texts


def test_held_out_examples_have_their_own_place_in_the_order(shown: Show) -> None:
    data = samples()[3].read()
    plot = shown(trained(0, data, test_share=0.2))
    plot.set_view(View.ORDER)
    places = np.append(plot.examples.x, plot.held_out.x).astype(int)
    assert sorted(places) == list(range(data.size))
    run = plot.run
    assert run is not None
    targets = np.append(run.dataset.target, run.problem.held_out_examples.target)  # type: ignore[union-attr]
    assert (targets == data.target[places]).all()


def test_the_curve_of_noise_far_smaller_than_a_bar_is_one_bar_wide() -> None:
    x, y = normal_curve(0.001, 1000, 0.5, 10.0)
    assert y[np.abs(x) < 0.24] == pytest.approx(1000)
    assert y[np.abs(x) > 0.26] == pytest.approx(0)


def test_the_histogram_says_of_how_many_examples_it_is(shown: Show) -> None:
    plot = shown(trained(0, examples=5000))
    plot.set_view(View.HISTOGRAM)
    plot.redraw()
    assert plot.bars.name == "2,000 of 5,000 examples"
    assert plot.bars.y.sum() == 2000


def test_the_minibatch_is_highlighted_where_each_example_has_a_place(shown: Show) -> None:
    run = trained(13)
    plot = shown(run)
    plot.show_minibatch(looked_into(run, 13))
    assert len(plot.minibatch.x) == 4
    assert set(plot.minibatch.y) <= set(plot.examples.y)
    plot.set_view(View.HISTOGRAM)
    assert "this minibatch (4 examples)" not in plot.key.texts
    plot.set_view(View.FEATURE)
    assert "this minibatch (4 examples)" in plot.key.texts
    plot.show_minibatch(None)
    assert "this minibatch (4 examples)" not in plot.key.texts


def test_perfect_predictions_and_a_single_example_are_drawn(
    shown: Show, qapp: QApplication
) -> None:
    one = trained(0, made_data([[1]], [2]), batch_size=1)
    plot = shown(one)
    exact = trained(0, made_data([[0], [0]], [0, 0]), init="zero", batch_size=1)
    for run in (one, exact):
        plot.show_run(run)
        for view in View:
            plot.set_view(view)
            plot.grab()
            assert plot.canvas.y_range[0] < plot.canvas.y_range[1]


def test_a_diverged_run_says_so(shown: Show) -> None:
    run = trained(60, learning_rate=1.5)
    run.diverged_at = run.history.step + 1
    plot = shown(run)
    for view in View:
        plot.set_view(view)
        plot.grab()
        assert plot.announcement.text.startswith("diverged at step")


def test_summary_and_table_have_the_numbers(shown: Show) -> None:
    run = trained(40)
    plot = shown(run)
    expected = residuals_of(run, 40)
    assert significant(expected.std(), 4) in plot.summary()
    table = plot.table()
    assert table.headings[-1] == "y − ŷ"
    assert table.columns[-1].cells == pytest.approx(expected)


def test_a_new_run_with_fewer_features_keeps_no_missing_feature(shown: Show) -> None:
    plot = shown(trained(3))
    plot.set_view(View.FEATURE)
    plot.set_feature(1)
    plot.show_run(trained(3, true_weights=(2.0,)))
    assert plot.feature == 0


def test_predictions_fill_the_width_again_after_a_start_far_away(shown: Show) -> None:
    x = np.arange(60.0)
    run = trained(
        3000, made_data(x / 60, 400 + x + (x - 30) ** 2 / 25), batch_size=60, learning_rate=0.5
    )
    plot = shown(run)
    plot.show_step(0)
    plot.redraw()
    assert plot.canvas.x_range[0] < 200
    plot.show_step(None)
    plot.redraw()
    left, right = plot.canvas.x_range
    assert np.ptp(plot.examples.x) > (right - left) / 2


def test_the_key_keeps_away_from_the_residuals_of_a_trained_model(shown: Show) -> None:
    x = np.arange(60.0)
    plot = shown(trained(3000, made_data(x / 60, (x - 30) ** 2), batch_size=60, learning_rate=0.5))
    plot.set_view(View.ORDER)
    plot.canvas.grab()
    ((_, area),) = plot.key.written()
    height = plot.canvas.scene().sceneRect().height()
    assert area.center().y() > height / 2


def test_no_number_of_an_axis_lies_on_another_however_narrow_the_picture_is(shown: Show) -> None:
    set_scale(1.75)
    plot = shown(trained(0, made_data(np.arange(40), 2000 * np.arange(40))))
    axis, painter = plot.canvas.x_axis, QPainter(image := QImage(8, 8, QImage.Format.Format_RGB32))
    assert not image.isNull()
    painter.setFont(axis.style["tickFont"])
    counts = set()
    for width in range(140, 400, 20):
        plot.resize(width, 300)
        QApplication.processEvents()
        places = [place for place, *_ in axis.generateDrawSpecs(painter)[2]]
        counts.add(len(places))
        assert not any(one.intersects(other) for one, other in pairwise(places)), width
    painter.end()
    assert max(counts) > 1
