"""The landscape is the loss over the data, and its slices and contours agree with it."""

import numpy as np
import pytest

from linreg_gui.analysis.landscape import Landscape, Slice
from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.runs.preparation import draw_dataset
from tests.support import made_data, problem_posed_by

SIX = (1.0, 2.0, 3.0, -4.0, 5.0, 0.5)


def drawn(*weights: float) -> Dataset:
    seed_generators(2)
    return draw_dataset(300, weights, 4.2, 0.5)


def landscape_of(dataset: Dataset) -> Landscape:
    return problem_posed_by(dataset).original.landscape


def brute_force(dataset: Dataset, parameters: DoubleArray) -> float:
    features, target = dataset.features.astype(np.float64), dataset.target.astype(np.float64)
    return float(np.mean((features @ parameters[:-1] + parameters[-1] - target) ** 2))


@pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4), SIX])
def test_its_lowest_point_is_least_squares(weights: tuple[float, ...]) -> None:
    dataset = drawn(*weights)
    landscape, references = landscape_of(dataset), problem_posed_by(dataset).original.references
    assert landscape.loss(references.parameters) == references.loss
    for index in range(len(weights) + 1):
        for shift in (-0.01, 0.01):
            moved = np.array(references.parameters)
            moved[index] += shift
            assert landscape.loss(moved) > references.loss
    slice_ = landscape.slice((0, 1), references.parameters)
    assert slice_.center == pytest.approx(references.parameters[:2], rel=1e-12)
    assert slice_.lowest == pytest.approx(references.loss, rel=1e-12)


@pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4), SIX])
def test_it_is_the_loss_over_all_the_examples(weights: tuple[float, ...]) -> None:
    dataset = drawn(*weights)
    landscape = landscape_of(dataset)
    for parameters in np.random.default_rng(1).normal(0, 5, (20, len(weights) + 1)):
        assert landscape.loss(parameters) == pytest.approx(brute_force(dataset, parameters))


@pytest.mark.parametrize(
    ("weights", "pair"), [((2.0,), (0, 1)), ((2.0, -3.4), (0, 2)), (SIX, (1, 4)), (SIX, (3, 6))]
)
def test_the_loss_on_a_contour_is_its_level(
    weights: tuple[float, ...], pair: tuple[int, int]
) -> None:
    dataset = drawn(*weights)
    held = np.linspace(-2, 3, len(weights) + 1)
    shown = landscape_of(dataset).slice(pair, held)
    for excess in (1e-3, 1.0, 100.0):
        line = shown.contour(excess, shown.center - 100, shown.center + 100)
        for point in line[::12]:
            parameters = held.copy()
            parameters[list(pair)] = point
            assert brute_force(dataset, parameters) == pytest.approx(
                shown.lowest + excess, rel=1e-9
            )
        reached = np.abs(line - shown.center).max(axis=0)
        assert shown.extent(excess) == pytest.approx(reached, rel=1e-3)


@pytest.mark.parametrize(("middle", "spread"), [(2000.0, 3.0), (1e5, 100.0)])
def test_a_feature_far_from_0_does_not_count_as_constant(middle: float, spread: float) -> None:
    years = np.random.default_rng(1).normal(middle, spread, 300)
    dataset = made_data(years, 2 * years + 1)
    landscape = landscape_of(dataset)
    shown = landscape.slice((0, 1), landscape.optimum)
    reach = 2 * shown.extent(1.0)
    line = shown.contour(1.0, shown.center - reach, shown.center + reach)
    for point in line[::12]:
        assert brute_force(dataset, point) == pytest.approx(landscape.lowest + 1.0, rel=1e-6)


def test_a_flat_direction_makes_the_contours_parallel_lines() -> None:
    dataset = made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 13])
    shown = landscape_of(dataset).slice((0, 1), [0.0, 0.0, 0.5])
    outline = shown.contour(0.25, shown.center - 10, shown.center + 10)
    lines = outline[np.abs(outline - shown.center).max(axis=1) < 9.99]
    assert len(lines) > 100
    assert len(np.unique(lines.sum(axis=1).round(9))) == 2
    for point in lines:
        assert brute_force(dataset, np.append(point, 0.5)) == pytest.approx(shown.lowest + 0.25)


def test_a_flat_slice_has_no_contours() -> None:
    dataset = made_data([[0, 0], [0, 0]], [1, 2])
    shown = landscape_of(dataset).slice((0, 1), [0.0, 0.0, 0.0])
    assert not len(shown.contour(1.0, np.full(2, -10.0), np.full(2, 10.0)))


@pytest.mark.parametrize("power", [0, 10, 18, 30])
@pytest.mark.parametrize("turn", [0.0, 0.3, 1.2, 2.0])
def test_a_contour_is_exact_and_short_however_long_the_valley_is(power: int, turn: float) -> None:
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    root = np.diag([1.0, 10.0**-power]) @ rotation
    shown = Slice(np.array([0.3, -0.2]), 0.0, root)
    low, high = np.array([-1.0, -2.0]), np.array([3.0, 1.0])
    for excess in (0.04, 1.0):
        outline = shown.contour(excess, low, high)
        assert 100 < len(outline) < 1000
        assert np.all((outline >= low - 1e-9) & (outline <= high + 1e-9))
        inside = np.all((outline > low + 1e-6) & (outline < high - 1e-6), axis=1)
        assert np.count_nonzero(inside) > 100
        assert shown.excess(outline[inside]) == pytest.approx(excess, rel=1e-9)
    assert not len(shown.contour(1e-60, low + 10.0, high + 10.0))


def test_many_examples_in_pieces_give_the_same_curvature() -> None:
    rng = np.random.default_rng(0)
    dataset = made_data(rng.normal(size=200_000), rng.normal(size=200_000))
    problem = problem_posed_by(dataset)
    limits = problem.curvature.limits(dataset.size)
    assert limits.full_batch == pytest.approx(problem.original.landscape.stable_rate)


@pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4), SIX])
def test_its_gradient_is_the_mean_gradient_of_all_the_examples(
    weights: tuple[float, ...],
) -> None:
    dataset = drawn(*weights)
    Z = np.column_stack([dataset.features, np.ones(dataset.size)]).astype(np.float64)
    landscape = landscape_of(dataset)
    for parameters in np.random.default_rng(1).normal(0, 5, (20, len(weights) + 1)):
        mean_of_each = 2 * ((Z @ parameters - dataset.target)[:, np.newaxis] * Z).mean(axis=0)
        assert landscape.gradient(parameters) == pytest.approx(mean_of_each)
    assert landscape.gradient(landscape.optimum) == pytest.approx(0.0)
