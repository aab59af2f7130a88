"""Runs end where they are expected to end on average, with the noise of the minibatches."""

import math

import numpy as np
import pytest

from linreg_gui.analysis.prospects import NEAR, Prospects
from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, TrainingConfig
from tests.support import line_data, made_data, train


def noisy_data(size: int, dimension: int) -> Dataset:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(size, dimension)) * [1, 3, 0.3][:dimension] + [0, 2, 5][:dimension]
    return made_data(features, features.sum(axis=1) + 1.5 * rng.normal(size=size) + 3)


def prospects_of(run: Run, *, is_rounded: bool = False) -> Prospects:
    problem = run.problem
    start = problem.curvature.outlook(run.history.start)
    return Prospects(problem.moments, problem.curvature, start, is_rounded=is_rounded)


def excess_of(run: Run) -> float:
    landscape = run.problem.training
    return landscape.loss(run.history.current_parameters) - landscape.lowest


def trained(config: TrainingConfig) -> tuple[Run, float]:
    """Return the run, and the loss above least squares that is expected at its end."""
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, run.planned_steps))
    end = prospects_of(run).after(config.learning_rate, config.batch_size, config.epochs)
    return run, run.problem.curvature.excess(end)


@pytest.mark.parametrize(
    ("size", "dimension", "batch_size", "learning_rate", "epochs", "standardize"),
    [
        (50, 1, 10, 0.05, 40, True),
        (50, 3, 7, 0.05, 30, True),
        (50, 1, 49, 0.01, 200, True),
        (200, 1, 10, 0.01, 100, True),
        (200, 3, 32, 0.05, 100, True),
        (200, 3, 10, 0.01, 20, False),
    ],
)
def test_runs_end_where_they_are_expected_on_average(
    size: int, dimension: int, batch_size: int, learning_rate: float, epochs: int, standardize: bool
) -> None:
    data = noisy_data(size, dimension)
    expected, found = [], []
    for seed in range(1, 41):
        config = TrainingConfig(
            data=data, batch_size=batch_size, learning_rate=learning_rate, epochs=epochs,
            standardize=standardize, seed=seed, engine=Engine.INSTANT,
        )  # fmt: skip
        run, excess = trained(config)
        expected.append(excess)
        found.append(excess_of(run))
    spread = float(np.std(found)) / math.sqrt(len(found))
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=0.2, abs=3 * spread)


@pytest.mark.parametrize("standardize", [True, False])
def test_the_path_of_full_batches_is_known_exactly(standardize: bool) -> None:
    config = TrainingConfig(
        data=line_data(1, 8), batch_size=8, learning_rate=0.01, epochs=37,
        standardize=standardize, engine=Engine.INSTANT,
    )  # fmt: skip
    run, expected = trained(config)
    assert excess_of(run) == pytest.approx(expected, rel=1e-6)


def test_the_errors_of_the_parameters_are_in_the_units_of_the_data() -> None:
    config = TrainingConfig(
        data=line_data(2001, 2020), batch_size=20, learning_rate=0.01, epochs=100,
        standardize=True, engine=Engine.INSTANT,
    )  # fmt: skip
    run, _ = trained(config)
    end = prospects_of(run).after(0.01, 20, 100)
    found = run.current_parameters - np.array(run.references.parameters)
    assert run.problem.curvature.parameter_errors(end) == pytest.approx(np.abs(found), rel=1e-6)


def test_without_noise_there_is_what_the_mean_path_leaves() -> None:
    run, _ = prepare_run(1, TrainingConfig(data=noisy_data(50, 3), standardize=True))
    prospects, curvature = prospects_of(run), run.problem.curvature
    noisy, quiet = (curvature.without_noise(prospects.after(0.05, size, 7)) for size in (5, 50))
    steps = {5: 70, 50: 7}
    start = prospects.after(0.05, 50, 0)
    left = (1 - 0.05 * curvature.curvatures) ** steps[5]
    assert curvature.excess(noisy) == pytest.approx(
        float(np.sum(left**2 * start[_squares(len(left))])), rel=1e-9
    )
    assert curvature.excess(quiet) > curvature.excess(noisy)


def _squares(rank: int) -> list[int]:
    first, second = np.triu_indices(rank + 1)
    return [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a == b < rank]


def test_the_epochs_to_a_distance_are_the_fewest() -> None:
    run, _ = prepare_run(1, TrainingConfig(data=noisy_data(50, 3), standardize=True))
    prospects = prospects_of(run)
    epochs = prospects.epochs_to(0.1, 0.05, 50, 10_000)
    assert epochs is not None
    for count, is_near in ((epochs, True), (epochs - 1, False)):
        assert (prospects.distance(prospects.after(0.05, 50, count)) <= 0.1) is is_near
    assert prospects.epochs_to(0.1, 0.05, 50, epochs) == epochs
    assert prospects.epochs_to(0.1, 0.05, 50, epochs - 1) is None


def test_a_run_that_diverges_is_infinitely_far() -> None:
    run, _ = prepare_run(1, TrainingConfig(data=noisy_data(50, 3), standardize=True))
    prospects = prospects_of(run)
    assert prospects.distance(prospects.after(3.0, 10, 100_000)) == math.inf
    assert prospects.epochs_to(1.0, 3.0, 10, 100_000) is None


def test_the_edge_of_near_is_a_hundredth_of_what_least_squares_gains() -> None:
    run, _ = prepare_run(1, TrainingConfig(data=noisy_data(50, 1), standardize=True))
    prospects, landscape = prospects_of(run), run.problem.training
    end = prospects.after(0.05, 50, 20)
    gain = landscape.variance - landscape.lowest
    share = run.problem.curvature.excess(end) / (NEAR * gain)
    assert prospects.distances(end)[0] == pytest.approx(share)


class TestSinglePrecision:
    def test_a_target_far_from_0_leaves_a_small_rate_short_of_it(self) -> None:
        x = np.linspace(-1, 1, 20)
        config = TrainingConfig(
            data=made_data(x, x + 1e5), batch_size=20, learning_rate=0.01, epochs=2000
        )
        run, engine = prepare_run(1, config)
        run.history.append(train(engine, run.planned_steps))
        rounded, exact = (
            prospects_of(run, is_rounded=each).after(0.01, 20, 2000) for each in (True, False)
        )
        expected = run.problem.curvature.excess(rounded)
        assert expected / 30 < excess_of(run) <= 1.1 * expected
        assert run.problem.curvature.excess(exact) < 1e-3 * expected
