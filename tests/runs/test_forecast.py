"""Before a run, the program says that it will not end near least squares, and what would help."""

from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.runs.forecast import Forecast, forecast, unshuffled_end
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import DEFAULTS, Engine, TrainingConfig
from tests.support import from_zeros, made_data, train

SPRING = made_data([0.001, 0.002, 0.003, 0.004, 0.005, 0.006], [1.0, 2.1, 2.9, 4.2, 5.0, 6.1])
YEARS = np.arange(1990.0, 2021.0)


def heights(size: int = 300) -> TrainingConfig:
    rng = np.random.default_rng(1)
    x = rng.normal(170, 8, size)
    data = made_data(x, 0.9 * x - 80 + 6 * rng.normal(size=size))
    return TrainingConfig(data=data, standardize=True, learning_rate=0.1, epochs=20)


def said(config: TrainingConfig) -> Forecast:
    run, _ = prepare_run(1, config)
    found = forecast(run)
    assert found is not None
    return found


def cured(config: TrainingConfig, found: Forecast) -> Run:
    """Return the run of the settings that are offered."""
    return trained(replace(config, **found.cure))


def trained(config: TrainingConfig) -> Run:
    run, engine = prepare_run(1, replace(config, engine=Engine.INSTANT))
    run.history.append(train(engine, run.planned_steps))
    return run


def r_squared_of(run: Run) -> float:
    r_squared = run.problem.training.r_squared(run.history.current_parameters)
    assert r_squared is not None
    return r_squared


def test_nothing_is_said_of_the_lesson() -> None:
    run, _ = prepare_run(1, DEFAULTS)
    assert forecast(run) is None


def test_the_end_is_told_before_and_standardizing_offered() -> None:
    config = from_zeros(data=SPRING, learning_rate=0.3, epochs=3000, batch_size=6)
    found = said(config)
    assert found.sentence == (
        "With these settings the run will end at about R² 0.0104; least squares has 0.997. "
        "Standardize the features: then 200 steps are enough."
    )
    assert r_squared_of(trained(config)) == pytest.approx(0.0104, abs=0.0001)
    assert r_squared_of(cured(config, found)) == pytest.approx(0.997, abs=0.001)


def test_a_rate_that_is_too_small_is_told_from_one_that_would_do() -> None:
    config = replace(DEFAULTS, learning_rate=1e-4)
    found = said(config)
    assert found.sentence.endswith(" A learning rate of 0.03 gets there.")
    assert found.cure == {"learning_rate": 0.03}
    assert r_squared_of(cured(config, found)) > 0.999


def test_too_few_epochs_are_told_with_those_that_are_enough() -> None:
    config = replace(heights(), learning_rate=0.004, batch_size=32, epochs=1)
    found = said(config)
    assert "epochs" in found.cure
    assert found.sentence.endswith(f"{found.cure['epochs']} epochs are enough.") or (
        found.sentence.endswith(f"in {found.cure['epochs']} epochs.")
    )
    run = cured(config, found)
    assert r_squared_of(run) == pytest.approx(
        1 - run.references.loss / run.problem.training.variance, abs=0.005
    )


class TestNoise:
    def test_the_fastest_cures_are_a_smaller_rate_at_the_end_and_larger_batches(self) -> None:
        config = heights()
        found = said(config)
        assert found.sentence.endswith(
            " Minibatch noise keeps it there: lower the learning rate to 0.01 near the end, or "
            "take batches of 40."
        )
        assert found.cure == {"batch_size": 40}

    def test_a_smaller_rate_at_the_end_helps(self) -> None:
        run, engine = prepare_run(1, replace(heights(), engine=Engine.INSTANT))
        best = 1 - run.references.loss / run.problem.training.variance
        run.history.append(train(engine, run.planned_steps))
        assert best - r_squared_of(run) > 0.01
        engine.learning_rate = 0.01
        run.history.append(train(engine, run.planned_steps))
        assert best - r_squared_of(run) < 0.002

    def test_a_bias_that_it_leaves_off_is_told_though_the_loss_is_near(self) -> None:
        rng = np.random.default_rng(2)
        x = rng.normal(170, 8, 400)
        data = made_data(x, 0.9 * x - 30 + 2 * rng.normal(size=400))
        config = TrainingConfig(
            data=data, standardize=True, learning_rate=0.1, epochs=20, batch_size=10
        )
        found = said(config)
        assert "the run will end with b about 1" in found.sentence
        assert "% off least squares. Minibatch noise keeps it there: " in found.sentence
        errors = []
        for seed in range(1, 21):
            run = trained(replace(config, seed=seed))
            errors.append(run.current_parameters[-1] / run.references.parameters[-1] - 1)
        percent = 100 * float(np.sqrt(np.mean(np.square(errors))))
        told = float(found.sentence.split("about ")[1].split("\N{NO-BREAK SPACE}")[0])
        assert told == pytest.approx(percent, rel=0.4)


def test_a_rate_above_the_limit_is_left_to_the_limits_unless_features_make_it_tiny() -> None:
    run, _ = prepare_run(1, replace(DEFAULTS, learning_rate=0.9))
    assert forecast(run) is None
    years = TrainingConfig(data=made_data(YEARS, YEARS / 2), learning_rate=0.001)
    found = said(years)
    assert found.sentence.startswith("With these features, full batches allow a learning rate of")
    assert found.cure == {"standardize": True}


def test_features_that_nearly_determine_one_another_are_named_as_the_reason() -> None:
    x = np.linspace(-1, 1, 40)
    features = np.column_stack([x, x + 1e-4 * np.sin(40 * x)])
    config = TrainingConfig(data=made_data(features, np.sin(40 * x)), learning_rate=0.1)
    found = said(config)
    assert found.sentence.endswith(
        " No learning rate gets there in 100,000 epochs, the most there are: some features nearly "
        "determine one another."
    )
    assert found.cure == {}


class TestWithoutShuffling:
    """The end is exact then, because every epoch applies the same map."""

    SORTED = made_data(np.linspace(-2, 2, 60), np.linspace(-2, 2, 60) ** 2)

    def config(self, **values: object) -> TrainingConfig:
        config = TrainingConfig(data=self.SORTED, batch_size=7, learning_rate=0.05, epochs=40)
        return replace(config, **{"shuffle": False, **values})  # type: ignore[arg-type]

    def test_the_end_is_exact(self) -> None:
        run = trained(self.config())
        end = unshuffled_end(run)
        assert end == pytest.approx(run.history.current_parameters, rel=1e-9)

    def test_an_order_that_keeps_the_run_away_is_told(self) -> None:
        rng = np.random.default_rng(1)
        x = np.linspace(-2, 2, 60)
        data = made_data(x, x + rng.normal(size=60) + 3 * (x > 1))
        config = self.config(data=data, learning_rate=0.1)
        found = said(config)
        assert found.sentence.endswith(" The order of the examples keeps it there: shuffle them.")
        assert found.cure == {"shuffle": True}

    def test_a_rate_that_is_too_small_is_told(self) -> None:
        assert "learning_rate" in said(self.config(learning_rate=1e-5, epochs=100)).cure

    def test_an_epoch_that_is_too_long_is_left_open(self) -> None:
        config = replace(DEFAULTS, examples=20_001, batch_size=1, learning_rate=1e-9, shuffle=False)
        run, _ = prepare_run(1, config)
        assert forecast(run) is None


def test_values_that_single_precision_makes_equal_are_told_and_standardizing_cures_it() -> None:
    seconds = 1_600_000_000 + 60.0 * np.arange(100)
    rng = np.random.default_rng(1)
    data = made_data(seconds, 3 + 0.01 * (seconds - seconds[0]) + rng.normal(0, 0.1, 100))
    config = TrainingConfig(data=data, learning_rate=0.05, epochs=60, batch_size=10)
    found = said(config)
    assert found.sentence == (
        "Training cannot tell neighboring values of “x0” apart: the numbers of single precision "
        "are up to 128 apart there. Standardize the features."
    )
    run = cured(config, found)
    assert forecast(run) is None
    assert run.problem.trained.features.dtype == np.float32
    assert len(np.unique(run.problem.trained.features)) == 100
    assert r_squared_of(run) > 0.999
