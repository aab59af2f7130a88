"""The limits of the learning rate hold, on the lesson's data and on difficult data."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_gui.analysis.curvature import Curvature
from linreg_gui.analysis.learning_rates import typical_limit
from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.engines.scan import GramBlock
from linreg_gui.runs.preparation import (
    draw_dataset,
    draw_problem,
    grams_of,
    prepare_run,
    problem_of,
)
from linreg_gui.runs.what_if import typical_rate
from linreg_gui.settings import DEFAULTS, Engine, TrainingConfig
from tests.support import line_data, made_data, problem_posed_by, train

SEEDS = range(1, 41)


def curvature_of(dataset: Dataset) -> Curvature:
    return problem_posed_by(dataset).curvature


def typical(config: TrainingConfig) -> float:
    limits = problem_of(config).curvature.limits(config.batch_size)
    *_, found = typical_rate(config, limits)
    assert found is not None
    return found


def hessians(dataset: Dataset) -> tuple[DoubleArray, DoubleArray]:
    """Return each example's Hessian, and their mean."""
    rows = np.column_stack([dataset.features, np.ones(dataset.size)]).astype(np.float64)
    each = 2 * rows[:, :, None] * rows[:, None, :]
    return each, each.mean(axis=0)


def spectral_radius(dataset: Dataset, batch_size: int, rate: float) -> float:
    """Return that of the D²×D² iteration, by brute force."""
    each, mean = hessians(dataset)
    n, unit = dataset.size, np.eye(len(mean))
    share = (n - batch_size) / (batch_size * (n - 1))
    square = np.mean([np.kron(h, h) for h in each], axis=0)
    square = np.kron(mean, mean) + share * (square - np.kron(mean, mean))
    drift = np.kron(mean, unit) + np.kron(unit, mean)
    iteration = np.eye(len(drift)) - rate * drift + rate**2 * square
    return float(np.abs(np.linalg.eigvals(iteration)).max())


class TestTheLessonsData:
    @pytest.mark.parametrize(("size", "limit"), [(1, 0.22), (4, 0.53), (16, 0.82), (64, 0.95)])
    def test_the_mean_square_limit_grows_with_the_batch(self, size: int, limit: float) -> None:
        found = problem_of(DEFAULTS).curvature.limits(size)
        assert found.mean_square == pytest.approx(limit, abs=0.01)
        assert found.full_batch == pytest.approx(0.99, abs=0.01)

    def test_a_typical_run_in_batches_of_4_diverges_above_three_quarters(self) -> None:
        assert typical(DEFAULTS) == pytest.approx(0.75, abs=0.03)

    def test_a_full_batch_has_one_limit(self) -> None:
        config = TrainingConfig(examples=200, batch_size=200)
        limits = problem_of(config).curvature.limits(200)
        assert limits.mean_square == pytest.approx(limits.full_batch, rel=1e-9)
        assert limits.typical == limits.full_batch
        assert typical(config) == pytest.approx(limits.full_batch, rel=1e-3)

    @pytest.mark.parametrize("size", [1, 4, 16, 64])
    def test_a_typical_run_trains_above_the_mean_square_limit(self, size: int) -> None:
        config = TrainingConfig(batch_size=size)
        limits = problem_of(config).curvature.limits(size)
        assert typical(config) > limits.mean_square
        assert limits.typical is None, "it takes the run's minibatches"
        assert limits.reliable == limits.mean_square

    def test_below_the_mean_square_limit_every_seed_trains(self) -> None:
        for seed in SEEDS:
            config = TrainingConfig(seed=seed, engine=Engine.INSTANT)
            rate = 0.95 * problem_of(config).curvature.limits(4).mean_square
            _, engine = prepare_run(1, config.with_value("learning_rate", rate))
            losses = train(engine, 5000).losses
            assert not engine.diverged
            assert losses[-500:].mean() < losses[:5].mean() / 100, f"seed {seed}"

    def test_above_the_typical_limit_nearly_every_seed_diverges(self) -> None:
        diverged = 0
        for seed in SEEDS:
            config = TrainingConfig(seed=seed, engine=Engine.INSTANT)
            rate = 1.1 * typical(config)
            _, engine = prepare_run(1, config.with_value("learning_rate", rate))
            train(engine, 5000)
            diverged += engine.diverged
        assert diverged >= 38


class TestMinibatchesThatDiffer:
    def test_a_short_last_batch_lowers_the_typical_limit(self) -> None:
        config = TrainingConfig(examples=10, batch_size=9)
        limits = replace(problem_of(config).curvature.limits(9), typical=typical(config))
        assert limits.typical is not None
        assert limits.reliable == limits.typical < limits.mean_square
        for rate, diverges in ((0.95 * limits.typical, False), (1.1 * limits.typical, True)):
            run = config.with_value("learning_rate", rate).with_value("engine", Engine.INSTANT)
            _, engine = prepare_run(1, run)
            train(engine, 5000)
            assert engine.diverged is diverges

    def test_large_minibatches_are_read_in_slices_and_only_as_many_as_needed(self) -> None:
        config = TrainingConfig(examples=50_000, batch_size=20_000)
        problem = problem_of(config)
        limits = problem.curvature.limits(20_000)
        sizes: list[int] = []

        def blocks() -> Iterator[GramBlock]:
            for block in grams_of(problem, config):
                sizes.append(int(block.sizes.sum()))
                yield block

        *between, found = typical_limit(limits, blocks())
        assert between
        assert set(between) == {None}
        assert found == pytest.approx(limits.full_batch, rel=0.01)
        assert sum(sizes) < 2_200_000


class TestCases:
    @pytest.mark.parametrize(("first", "last", "limit"), [(1, 8, 0.0380), (0, 99, 0.000304)])
    def test_the_full_batch_limit_has_three_digits_right(
        self, first: int, last: int, limit: float
    ) -> None:
        dataset = line_data(first, last)
        found = curvature_of(dataset).limits(dataset.size)
        assert found.full_batch == pytest.approx(limit, rel=2e-3)
        assert found.mean_square == pytest.approx(found.full_batch, rel=1e-9)


class TestExactness:
    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4), (1.0, 2.0, 3.0, -4.0, 5.0, 0.5)])
    @pytest.mark.parametrize("batch_size", [1, 4, 59, 60])
    def test_at_the_limit_the_spectral_radius_is_1(
        self, weights: tuple[float, ...], batch_size: int
    ) -> None:
        seed_generators(4)
        dataset = draw_dataset(60, weights, 4.2, 0.5)
        limit = curvature_of(dataset).limits(batch_size).mean_square
        assert spectral_radius(dataset, batch_size, limit) == pytest.approx(1.0, abs=1e-9)
        assert spectral_radius(dataset, batch_size, 0.99 * limit) < 1
        assert spectral_radius(dataset, batch_size, 1.01 * limit) > 1

    @pytest.mark.parametrize("batch_size", [1, 4, 60])
    def test_no_rate_contracts_faster_than_the_fastest(self, batch_size: int) -> None:
        seed_generators(4)
        dataset = draw_dataset(60, (2.0, -3.4), 4.2, 0.5)
        limits = curvature_of(dataset).limits(batch_size)
        best = spectral_radius(dataset, batch_size, limits.fastest)
        for rate in np.linspace(0.01, 0.999, 60) * limits.mean_square:
            assert spectral_radius(dataset, batch_size, rate) >= best - 1e-7

    def test_a_full_batch_is_fastest_between_its_curvatures(self) -> None:
        dataset = line_data(1, 8)
        curvatures = np.linalg.eigvalsh(hessians(dataset)[1])
        fastest = curvature_of(dataset).limits(8).fastest
        assert fastest == pytest.approx(2 / (curvatures[0] + curvatures[-1]), rel=1e-6)

    def test_a_flat_direction_leaves_the_fastest_rate_to_the_others(self) -> None:
        dataset = made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 12])
        _, low, high = np.linalg.eigvalsh(hessians(dataset)[1])
        assert curvature_of(dataset).limits(3).fastest == pytest.approx(2 / (low + high), rel=1e-6)

    @pytest.mark.parametrize(
        "dataset",
        [
            made_data([3, 3, 3, 3], [1, 2, 3, 4]),
            made_data([0, 0], [1, 2]),
            made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 12]),
            made_data([2], [1]),
        ],
        ids=["constant", "all zero", "collinear", "one example"],
    )
    def test_a_direction_that_no_step_moves_along_does_not_matter(self, dataset: Dataset) -> None:
        limits = curvature_of(dataset).limits(1)
        assert 0 < limits.fastest < limits.mean_square <= limits.full_batch * (1 + 1e-9)
        assert np.isfinite([limits.fastest, limits.mean_square, limits.full_batch]).all()


@given(
    st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=12, unique=True),
    st.integers(1, 12),
)
def test_the_limits_are_in_order(x: list[float], batch_size: int) -> None:
    limits = curvature_of(made_data(x, x)).limits(min(batch_size, len(x)))
    assert 0 < limits.fastest < limits.mean_square <= limits.full_batch * (1 + 1e-6)


@pytest.mark.parametrize("x", [-1.0, 3.0])
def test_a_constant_feature_has_a_typical_limit_too(x: float) -> None:
    config = TrainingConfig(data=made_data([x] * 4, [1, 2, 3, 4]), batch_size=2)
    problem = draw_problem(config)
    limits = problem.curvature.limits(2)
    *_, found = typical_limit(limits, grams_of(problem, config))
    assert found == pytest.approx(limits.full_batch, rel=1e-3)
