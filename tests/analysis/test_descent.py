"""The closed form of gradient descent agrees with its steps."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from linreg_gui.analysis.landscape import Descent, Landscape, elongation
from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.runs.preparation import draw_dataset
from tests.support import made_data, problem_posed_by

YEARS = np.arange(2001.0, 2021.0)


def landscape_of(dataset: Dataset) -> Landscape:
    return problem_posed_by(dataset).original.landscape


def lesson() -> Landscape:
    seed_generators(1)
    return landscape_of(draw_dataset(10_000, (2.0, -3.4), 4.2, 0.01))


def three_features() -> Landscape:
    rng = np.random.default_rng(3)
    features = rng.normal((1, -2, 0), (1, 2, 5), (40, 3))
    return landscape_of(made_data(features, features @ [1, 2, 3] + rng.normal(size=40)))


def years() -> Landscape:
    return landscape_of(made_data(YEARS, 0.5 * (YEARS - 2000) + 10))


def naive_path(landscape: Landscape, start: DoubleArray, rate: float, steps: int) -> DoubleArray:
    places = [start]
    for _ in range(steps):
        places.append(places[-1] - rate * landscape.gradient(places[-1]))
    return np.array(places).T


def test_the_path_equals_a_loop_over_gradients() -> None:
    landscape, start = three_features(), np.array([3.0, -1.0, 2.0, 7.0])
    descent = Descent(landscape, start)
    assert descent.path(200) == pytest.approx(
        naive_path(landscape, start, descent.best_rate, 200), rel=1e-9
    )


@pytest.mark.parametrize("share", [0.01, 1e-3, 1e-6])
def test_its_steps_are_the_fewest_that_come_near_enough(share: float) -> None:
    landscape, start = three_features(), np.array([3.0, -1.0, 2.0, 7.0])
    descent = Descent(landscape, start)
    steps = descent.steps(share)
    excesses = landscape.losses(descent.path(steps)) - landscape.lowest
    assert steps > 1
    assert excesses[-1] <= share * excesses[0] < excesses[-2]


def test_no_step_is_needed_at_the_optimum() -> None:
    landscape = years()
    assert Descent(landscape, landscape.optimum).steps() == 0


def test_with_the_best_rate_the_slowest_direction_shrinks_fastest() -> None:
    landscape = three_features()
    best = Descent(landscape, landscape.optimum).best_rate
    curvatures = np.linalg.eigvalsh(landscape.hessian)
    slower, fastest, faster = (
        np.abs(1 - rate * curvatures).max() for rate in (0.999 * best, best, 1.001 * best)
    )
    assert fastest < min(slower, faster)


def test_above_the_largest_rate_the_steps_diverge_and_below_they_do_not() -> None:
    landscape, start = three_features(), np.array([3.0, -1.0, 2.0, 7.0])
    largest = Descent(landscape, start).largest_rate
    losses = [
        landscape.loss(naive_path(landscape, start, factor * largest, 300)[:, -1])
        for factor in (0.98, 1.02)
    ]
    assert losses[0] < landscape.loss(start) < losses[1]


def test_the_lessons_bowl_is_round() -> None:
    descent = Descent(lesson(), [0.0, 0.0, 0.0])
    assert 1 <= descent.condition < 1.1
    assert descent.largest_rate == pytest.approx(1, abs=0.05)
    assert descent.steps() == 1


class TestYears:
    """x = 2001, …, 2020: a valley half a million million times as steep as its floor."""

    def test_the_numbers_agree_with_exact_arithmetic(self) -> None:
        with localcontext() as context:
            context.prec = 60
            size = len(YEARS)
            mean = sum(map(Decimal, YEARS), Decimal()) / size
            square = sum((Decimal(year) ** 2 for year in YEARS), Decimal()) / size
            half = (square + 1) / 2
            root = (half**2 - (square - mean**2)).sqrt()
            highest, lowest = 2 * (half + root), 2 * (half - root)
            shrinks_by = 2 * ((highest - lowest) / (highest + lowest)).ln()
            steps = math.ceil(Decimal("0.01").ln() / shrinks_by)
        descent = Descent(years(), [0.0, 0.0])
        assert descent.condition == pytest.approx(float(highest / lowest), rel=1e-10)
        assert descent.largest_rate == pytest.approx(float(2 / highest), rel=1e-14)
        assert descent.best_rate == pytest.approx(float(2 / (highest + lowest)), rel=1e-14)
        assert descent.steps() == pytest.approx(steps, rel=1e-10)
        assert steps > 5e11

    def test_one_step_is_enough_once_they_are_standardized(self) -> None:
        problem = problem_posed_by(made_data(YEARS, 0.5 * (YEARS - 2000) + 10))
        standardized = problem.standardized
        start = standardized.parameters(np.zeros(2))
        descent = Descent(standardized.landscape, start)
        assert descent.condition == pytest.approx(1, rel=1e-12)
        assert descent.steps() == 1
        assert descent.path(1)[:, 1] == pytest.approx(standardized.landscape.optimum)

    def test_seconds_since_1970_give_finite_numbers(self) -> None:
        seconds = 1.7e9 + 1e6 * np.arange(50.0)
        descent = Descent(landscape_of(made_data(seconds, seconds)), [0.0, 0.0])
        assert descent.flat == 0
        assert descent.steps() > 1e20


class TestFlatDirections:
    def test_a_constant_feature_changes_nothing(self) -> None:
        x = np.arange(10.0)
        with_constant = np.column_stack([x, np.zeros(10)])
        alone = Descent(landscape_of(made_data(x, 2 * x)), [1.0, 1.0])
        both = Descent(landscape_of(made_data(with_constant, 2 * x)), [1.0, 5.0, 1.0])
        assert (alone.flat, both.flat) == (0, 1)
        assert both.condition == pytest.approx(alone.condition)
        assert both.steps() == alone.steps()
        assert both.path(5)[1] == pytest.approx(5.0)

    def test_collinear_features_move_only_where_it_is_steep(self) -> None:
        dataset = made_data([[1, 2], [2, 4], [3, 6], [5, 10]], [1, 2, 3, 5])
        landscape, start = landscape_of(dataset), np.array([1.0, -4.0, 2.0])
        descent = Descent(landscape, start)
        assert descent.flat == 1
        assert descent.condition < 1e4
        assert descent.path(50) == pytest.approx(
            naive_path(landscape, start, descent.best_rate, 50), rel=1e-9, abs=1e-9
        )

    def test_a_single_example_leaves_one_steep_direction(self) -> None:
        descent = Descent(landscape_of(made_data([[3.0, 4.0]], [5.0])), [0.0, 0.0, 0.0])
        assert (descent.flat, descent.condition, descent.steps()) == (2, 1, 1)


def test_the_elongation_of_a_plane_is_the_condition_of_its_slice() -> None:
    landscape = three_features()
    root = landscape.slice((0, 3), landscape.optimum).root
    assert elongation(landscape, (0, 3)) == pytest.approx(np.linalg.cond(root) ** 2)


def test_a_flat_plane_has_no_elongation() -> None:
    landscape = landscape_of(made_data([[0, 0], [0, 0]], [1, 2]))
    assert elongation(landscape, (0, 1)) == 1
