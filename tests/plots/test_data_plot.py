"""The data picture names what it draws, hides nothing, and says only what is true."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.plots.card import Form
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.examples import MOST_POINTS, marker_pixels
from linreg_gui.plots.place_names import PlaceName
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, TrainingConfig
from tests.plots.made_runs import trained
from tests.support import looked_into, made_data, train

Show = Callable[[Run], DataPlot]

PICTURE = (780.0, 500.0)


@pytest.fixture
def shown(shown: Callable[[type[DataPlot], Run], DataPlot]) -> Show:
    return partial(shown, DataPlot)


def scattered(noise: float, size: int = 60) -> Dataset:
    """Return one feature, and a target with more or less noise."""
    generator = np.random.default_rng(4)
    x = generator.normal(size=size)
    return made_data(x, x + noise * generator.normal(size=size))


@pytest.mark.parametrize(
    ("count", "least", "most"), [(1, 12, 13), (11, 11.5, 12.5), (100, 8, 10), (2_000, 5.5, 6.5)]
)
def test_few_examples_are_large_and_many_are_small(count: int, least: float, most: float) -> None:
    assert least <= marker_pixels(count, PICTURE) <= most


def test_the_sizes_shrink_smoothly_and_in_a_thumbnail_too() -> None:
    sizes = [marker_pixels(count, PICTURE) for count in range(1, MOST_POINTS)]
    steps = np.diff(sizes)
    assert steps.max() <= 0
    assert steps.min() > -1.2
    assert marker_pixels(11, (250.0, 110.0)) < 9


def test_the_examples_lie_over_their_predictions(shown: Show) -> None:
    plot = shown(trained(20))
    drawn = plot.examples.layer.series
    assert drawn.index(plot.predictions) < drawn.index(plot.examples)
    plot.set_view(View.RAW)
    assert plot.predictions.pixels > plot.examples.pixels


def test_held_out_examples_are_drawn_hollow_and_named(shown: Show) -> None:
    run = trained(20, scattered(0.3), test_share=0.25)
    plot = shown(run)
    held_out = run.problem.held_out_examples
    assert held_out is not None
    assert held_out.size == 15
    assert plot.held_out.x.tolist() == held_out.features[:, 0].tolist()
    assert plot.held_out.y.tolist() == held_out.target.tolist()
    assert plot.held_out.outline > 0
    assert "held out" in plot.key.texts
    for view in View:
        plot.set_view(view)
        left, right = plot.canvas.x_range
        assert left < plot.held_out.x.min() <= plot.held_out.x.max() < right
    plot.show_run(trained(20, scattered(0.3)))
    assert "held out" not in plot.key.texts
    assert not len(plot.held_out.x)


def test_the_clouds_are_named_in_a_corner_and_the_lines_at_their_ends(shown: Show) -> None:
    run = trained(30, true_weights=(2.0,))
    plot = shown(run)
    assert plot.key.texts == ["examples", "predictions ŷ"]
    assert plot.names.texts == ["fit", "true line"]
    plot.show_minibatch(looked_into(run, 30))
    assert plot.key.texts[-2:] == ["this minibatch (4 examples)", "residuals"]
    plot.set_view(View.PREDICTED)
    assert plot.names.texts == ["perfect prediction"]
    plot.show_run(trained(800, true_weights=(2.0,), learning_rate=0.05))
    plot.set_view(View.ADJUSTED)
    assert plot.names.texts == ["fit ≈ true line"]


def test_a_name_covers_no_picked_example_and_none_of_a_few(shown: Show) -> None:
    few, many = scattered(0.3, 20), scattered(0.3, 600)
    for data in (few, many):
        plot = shown(trained(400, data, learning_rate=0.05))
        plot.set_view(View.RAW)
        plot.show_picked(np.argsort(data.features[:, 0])[-20:])
        marks = [plot.picked] if data is many else [plot.picked, plot.examples]
        ((_, area),) = plot.names.written()
        for cloud in marks:
            assert 0 < len(cloud.x) <= 20
            for place in map(QPointF, cloud.x.tolist(), cloud.y.tolist()):
                assert not area.contains(plot.names.to_pixels().map(place))


def test_no_name_lies_where_the_picture_is_covered(shown: Show) -> None:
    plot = shown(trained(400, scattered(0.3), learning_rate=0.05))
    plot.set_view(View.RAW)
    key, names = [area for _, area in plot.key.written()], plot.names
    x, y = (sum(each) / 2 for each in (plot.canvas.x_range, plot.canvas.y_range))
    names.show_names([PlaceName(plot.fit, x, y, "fit")])
    ((_, first),) = names.written()
    names.keep_clear([], [first])
    ((_, other),) = names.written()
    assert not other.intersects(first)
    names.keep_clear([], [plot.canvas.sceneRect()])
    assert not names.written()
    plot.redraw()
    assert names._covered == key


def test_lines_share_a_name_only_if_both_ends_are_close(shown: Show) -> None:
    plot = shown(trained(0, true_weights=(2.0,)))
    x, y = (plot.canvas.x_range[1] + plot.canvas.x_range[0]) / 2, sum(plot.canvas.y_range) / 2
    left, pixels = x - 200 * plot.canvas.pixel[0], plot.canvas.pixel[1]
    fit = PlaceName(plot.fit, x, y, "fit", other_end=(left, y))
    near, far = (
        PlaceName(plot.truth, x, y + 2 * pixels, "true line", other_end=(left, y + apart * pixels))
        for apart in (2, 60)
    )
    plot.names.show_names([fit, near])
    assert plot.names.texts == ["fit ≈ true line"]
    plot.names.show_names([fit, far])
    assert plot.names.texts == ["fit", "true line"]


def test_the_adjusted_picture_comes_closer_once_the_examples_are_close(shown: Show) -> None:
    run = trained(600, true_weights=(1.0, 40.0, -60.0), learning_rate=0.05, noise_std=0.5)
    plot = shown(run)
    plot.show_step(0)
    plot.redraw()
    low, high = plot.canvas.y_range
    assert plot.examples.y.max() - plot.examples.y.min() > (high - low) / 2
    plot.show_step(600)
    plot.redraw()
    near_low, near_high = plot.canvas.y_range
    assert near_high - near_low < (high - low) / 3
    assert near_low < plot.examples.y.min()
    assert plot.examples.y.max() < near_high
    assert "closer" in plot.note
    plot.show_step(0)
    plot.redraw()
    assert plot.canvas.y_range == pytest.approx((low, high))


def test_examples_stay_visible_over_a_crowd_of_predictions(shown: Show) -> None:
    plot = shown(trained(600))
    plot.set_view(View.RAW)
    assert plot.examples.opacity == 1
    plot.set_view(View.ADJUSTED)
    assert plot.examples.opacity < 1


@pytest.mark.parametrize("value", [0.0, 5.0, -1e20, 1e20])
def test_a_constant_feature_has_lines_with_two_ends(shown: Show, value: float) -> None:
    plot = shown(trained(0, made_data([value] * 8, range(8))))
    left, right = plot.fit.x
    assert left < value < right


def test_a_typed_example_too_large_to_compute_with_is_nowhere(shown: Show) -> None:
    plot = shown(trained(600))
    plot.show_example((1.7e308, -1.7e308))
    plot.grab()
    assert np.isnan(plot.example.x)
    assert not any("your example" in text for text in plot.names.texts)
    plot.show_example((1.0, 2.0))
    assert any("your example" in text for text in plot.names.texts)


def test_a_thumbnail_has_no_words_on_it(shown: Show, qapp: QApplication) -> None:
    plot = shown(trained(30))
    plot.set_form(Form.THUMBNAIL)
    plot.redraw()
    assert (plot.key.texts, plot.names.texts) == ([], [])
    plot.set_form(Form.LARGE)
    plot.resize(300, 176)
    qapp.processEvents()
    assert (plot.key.texts, plot.names.texts) == ([], [])


def test_all_of_a_minibatch_is_inside_the_picture(shown: Show) -> None:
    run = trained(200, examples=10_000, batch_size=32)
    plot = shown(run)
    for step in range(150, 160):
        plot.show_step(step)
        plot.show_minibatch(looked_into(run, step))
        (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
        reach = plot.minibatch.pixels / 2 + 2
        across, up = (reach * pixel for pixel in plot.canvas.pixel)
        assert left + across < plot.minibatch.x.min()
        assert plot.minibatch.x.max() < right - across
        assert low + up < plot.minibatch.y.min()
        assert plot.minibatch.y.max() < high - up


def test_a_highlight_at_the_edge_widens_the_picture_of_a_complete_run_once(shown: Show) -> None:
    run = trained(313, examples=10_000, batch_size=32, epochs=1)
    assert run.is_complete
    plot = shown(run)
    changes: list[int] = []
    plot.canvas.view.sigRangeChanged.connect(lambda *_: changes.append(1))
    for step in range(1, 40):
        changes.clear()
        plot.show_minibatch(looked_into(run, step))
        assert len(changes) <= 2


def test_a_typed_example_is_marked_where_the_fit_predicts_it(shown: Show) -> None:
    run = trained(30)
    plot = shown(run)
    w0, w1, b = run.history.current_parameters.tolist()
    plot.show_example((1.5, -0.5))
    assert (plot.example.x, plot.example.y) == pytest.approx((1.5, 1.5 * w0))
    plot.set_view(View.RAW)
    predicted = 1.5 * w0 - 0.5 * w1 + b
    assert (plot.example.x, plot.example.y) == pytest.approx((1.5, predicted))
    assert any(text.startswith("your example, ŷ = ") for text in plot.names.texts)
    plot.show_step(3)
    w0, w1, b = run.history.parameters_at(3).tolist()
    assert plot.example.y == pytest.approx(1.5 * w0 - 0.5 * w1 + b)
    plot.show_example((50.0, 0.0))
    assert plot.canvas.x_range[1] > 50
    plot.set_view(View.PREDICTED)
    assert np.isnan(plot.example.x)
    plot.show_run(trained(5, true_weights=(2.0,)))
    assert np.isnan(plot.example.x)
    plot.show_example(None)
    assert not plot.example.visible


def test_after_a_zoom_the_points_are_exact(shown: Show) -> None:
    run, engine = prepare_run(
        1, TrainingConfig(examples=400, learning_rate=1e-5, engine=Engine.INSTANT)
    )
    plot = shown(run)
    before = plot.examples.y.copy()
    run.history.append(train(engine, 3))
    plot.refresh()
    assert np.array_equal(plot.examples.y, before)  # nobody could see the difference
    plot.canvas.view.scaleBy((0.01, 0.01))
    _, w1, b = run.history.current_parameters.astype(np.float64)
    X, y = (part.astype(np.float64) for part in (run.dataset.features, run.dataset.target))
    np.testing.assert_allclose(plot.examples.y, y - b - X[:, 1] * w1, atol=1e-12)


@pytest.mark.parametrize(
    ("dataset", "view", "note"),
    [
        (made_data([2], [1]), View.RAW, "One example does not determine a line: infinitely many"),
        (made_data([3, 3, 3], [1, 2, 3]), View.RAW, "x0 has no spread"),
        (made_data([1, 2, 3], [5, 5, 5]), View.RAW, "The target is the same for all examples"),
        (scattered(0.01), View.ADJUSTED, "The examples gather close to the line"),
        (scattered(0.01), View.PREDICTED, "The nearer to the diagonal, the better the prediction."),
        (scattered(1.5), View.ADJUSTED, "The examples gather around the line as w and b improve."),
    ],
)
def test_the_note_is_true_for_these_data(
    shown: Show, dataset: Dataset, view: View, note: str
) -> None:
    plot = shown(trained(3000, dataset, batch_size=1))
    plot.set_view(view)
    assert plot.note.startswith(note)


def test_the_note_says_how_good_the_best_fit_is_where_that_is_not_good(shown: Show) -> None:
    run = trained(0, scattered(1.5), batch_size=4)
    best = run.problem.training.r_squared(run.problem.training.optimum)
    assert best is not None
    for view in View:
        plot = shown(run)
        plot.set_view(view)
        assert plot.note.endswith(f" No fit has an R² above {best:.2f}.")


def test_a_batch_of_all_examples_is_not_called_a_minibatch(shown: Show) -> None:
    run = trained(3, scattered(0.3, size=8), batch_size=8)
    plot = shown(run)
    plot.show_minibatch(looked_into(run, 3))
    assert "this batch (all examples)" in plot.key.texts


def test_a_summary_says_with_numbers_what_is_shown(shown: Show) -> None:
    run = trained(40, examples=10_000)
    plot = shown(run)
    plot.show_step(30)
    summary = plot.summary()
    assert summary.startswith("Data at step 30: 10,000 examples of 2 features; y without the share")
    best = run.references.parameters[0]
    assert f"least squares {best:.4g}; R² " in summary
    plot.set_view(View.PREDICTED)
    assert "predicted against actual y; R² " in plot.summary()


def test_every_bundled_table_is_drawn_and_summed_up_in_every_view(shown: Show) -> None:
    for sample in samples():
        data, batch = sample.read(), sample.batch_size
        plot = shown(trained(5, data, batch_size=batch, standardize=sample.standardize))
        for view in View:
            plot.set_view(view)
            assert not plot.grab().isNull()
            assert "nan" not in plot.summary()


def test_years_have_no_thousands_marks(shown: Show) -> None:
    table = next(sample for sample in samples() if sample.name == "us_population")
    plot = shown(trained(1, table.read(), standardize=True))
    axis = plot.canvas.x_axis
    assert "1850" in axis.tickStrings(axis.positions(), 1, 50)
    plot.show_standardized(standardized=True)
    assert plot.canvas.x_axis.grouped
