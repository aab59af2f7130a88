"""A run is described in the units of the data, standardized or not; some data is held out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from linreg_gui.data.dataset import Dataset, Skipped
from linreg_gui.runs.preparation import prepare_run, problem_of
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, Init, TrainingConfig
from tests.support import from_zeros, looked_into, made_data, train

YEARS = np.arange(2001.0, 2021.0)
ENGINES = pytest.mark.parametrize("engine", Engine)


def years() -> Dataset:
    return made_data(YEARS, 0.5 * (YEARS - 2000) + 10)


def of_years(**values: Any) -> TrainingConfig:
    return replace(
        TrainingConfig(data=years(), standardize=True, learning_rate=0.1, epochs=200),
        **{"batch_size": 20, **values},
    )


def trained(config: TrainingConfig) -> Run:
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, run.planned_steps))
    return run


class TestStandardized:
    @ENGINES
    def test_the_result_is_in_the_units_of_the_data(self, engine: Engine) -> None:
        run = trained(of_years(engine=engine))
        assert run.current_parameters == pytest.approx([0.5, -990.0], abs=1e-3)
        assert run.references.parameters == pytest.approx((0.5, -990.0), rel=1e-12)
        assert run.distance < 1e-3

    def test_both_engines_take_the_same_steps(self) -> None:
        lesson, instant = (
            trained(of_years(engine=engine, batch_size=6, epochs=5)) for engine in Engine
        )
        assert instant.history.parameters == pytest.approx(lesson.history.parameters, rel=1e-5)

    def test_it_is_scaled_in_double_precision(self) -> None:
        seconds = 1_600_000_000.0 + np.arange(50)  # single precision cannot tell them apart
        data = made_data(seconds, 2 * (seconds - 1_600_000_000.0))
        run = trained(TrainingConfig(data=data, standardize=True, learning_rate=0.1, epochs=200))
        assert run.current_parameters[0] == pytest.approx(2, rel=1e-3)

    def test_the_names_of_the_training_features_say_that_they_are_standardized(self) -> None:
        problem = problem_of(of_years())
        assert problem.trained.feature_names == ("x0 (std.)",)
        assert problem.trained.features.dtype == np.float32
        assert problem.trained.features.mean() == pytest.approx(0, abs=1e-6)
        assert problem.dataset.features is not problem.trained.features

    def test_a_typed_start_is_in_the_units_of_the_data(self) -> None:
        run, _ = prepare_run(1, of_years(init=Init.TYPED, start_weights=(0.25,), start_bias=-400.0))
        assert run.parameters_at(0) == pytest.approx([0.25, -400.0], rel=1e-5)
        assert run.history.start == pytest.approx([0.25 * YEARS.std(), 0.25 * 2010.5 - 400])

    def test_zeros_are_zeros_in_both_units(self) -> None:
        run, _ = prepare_run(1, of_years(init=Init.ZEROS))
        assert not run.parameters_at(0).any()
        assert not run.history.start.any()

    def test_the_inside_of_a_step_agrees_with_the_run(self) -> None:
        run = trained(of_years(batch_size=6, epochs=1))
        trace = looked_into(run, 3)
        record = run.history.nearest(3)
        assert record is not None
        assert trace.after.tolist() == record.parameters.tolist()
        assert np.array_equal(trace.features, run.problem.trained.features[trace.rows])

    def test_drawn_data_can_be_standardized_too(self) -> None:
        config = TrainingConfig(
            standardize=True, engine=Engine.INSTANT, learning_rate=0.01, examples=2000
        )
        assert trained(config).current_parameters == pytest.approx([2, -3.4, 4.2], abs=0.01)


class TestFrames:
    """The same loss, whichever units its parameters are in."""

    @pytest.mark.parametrize("standardize", [True, False])
    def test_a_loss_does_not_depend_on_the_units(self, standardize: bool) -> None:
        generator = np.random.default_rng(2)
        X = generator.normal([100, -3], [20, 0.5], (80, 2))
        data = made_data(X, X @ [0.3, 5] + 7 + generator.normal(size=80))
        run, engine = prepare_run(
            1, TrainingConfig(data=data, standardize=standardize, learning_rate=1e-5)
        )
        run.history.append(train(engine, 30))
        now = run.history.current_parameters
        original, scaled = run.problem.original, run.problem.standardized
        theta = original.parameters(now)
        brute_force = np.mean((X @ theta[:-1] + theta[-1] - data.target) ** 2)
        assert original.landscape.loss(theta) == pytest.approx(brute_force, rel=1e-5)
        assert scaled.landscape.loss(scaled.parameters(now)) == pytest.approx(brute_force, rel=1e-5)
        assert run.problem.training.rmse(now) == pytest.approx(np.sqrt(brute_force), rel=1e-5)
        best = np.linalg.lstsq(np.column_stack([X, np.ones(80)]), data.target, rcond=None)[0]
        assert original.references.parameters == pytest.approx(best)
        to_standardized = scaled.from_measured
        assert to_standardized is not None
        assert scaled.references.parameters == pytest.approx(to_standardized @ best)

    def test_the_parameters_of_another_run_are_mapped_to_the_same_units(self) -> None:
        plain, _ = prepare_run(
            1, of_years(standardize=False, init=Init.TYPED, start_weights=(3.0,))
        )
        scaled, _ = prepare_run(2, of_years(init=Init.TYPED, start_weights=(3.0,)))
        for coordinates in (plain.problem.original, plain.problem.standardized):
            own = coordinates.parameters(plain.history.start)
            units = coordinates.from_run(scaled.problem.original)
            assert units is not None
            assert units @ scaled.history.start == pytest.approx(own, rel=1e-5, abs=1e-3)

    def test_true_parameters_are_known_in_both_units(self) -> None:
        problem = problem_of(TrainingConfig(examples=50))
        units = problem.standardized.from_measured
        assert units is not None
        assert problem.original.true_parameters == (2.0, -3.4, 4.2)
        assert problem.standardized.true_parameters == pytest.approx(units @ [2.0, -3.4, 4.2])


class TestHeldOut:
    def test_no_example_is_in_both_sets(self) -> None:
        config = TrainingConfig(data=made_data(range(50), range(50)), test_share=0.3, seed=4)
        problem = problem_of(config)
        kept = problem.dataset.features.ravel().tolist()
        assert (len(kept), len(set(kept))) == (35, 35)
        assert problem.testing is not None
        assert (problem.testing.size, config.held_out, config.trained_on) == (15, 15, 35)
        assert kept == sorted(kept)

    def test_the_seed_decides(self) -> None:
        data = made_data(range(50), range(50))
        kept = [
            problem_of(TrainingConfig(data=data, test_share=0.3, seed=seed)).dataset.features
            for seed in (1, 1, 2)
        ]
        assert np.array_equal(kept[0], kept[1])
        assert not np.array_equal(kept[0], kept[2])

    def test_without_a_held_out_share_all_examples_are_for_training(self) -> None:
        assert problem_of(TrainingConfig()).testing is None
        assert problem_of(TrainingConfig()).dataset.size == 10_000

    @pytest.mark.parametrize(("size", "share", "held_out"), [(1, 0.9, 0), (2, 0.9, 1), (3, 0.1, 0)])
    def test_at_least_one_example_is_for_training(
        self, size: int, share: float, held_out: int
    ) -> None:
        config = TrainingConfig(data=made_data(range(size), range(size)), test_share=share)
        assert config.held_out == held_out
        assert problem_of(config).dataset.size == size - held_out

    @pytest.mark.parametrize("standardize", [True, False])
    def test_the_metrics_are_those_of_the_held_out_examples(self, standardize: bool) -> None:
        generator = np.random.default_rng(5)
        X = generator.normal([10, 0], [3, 1], (60, 2))
        y = X @ [1, 2] + generator.normal(size=60)
        config = TrainingConfig(
            data=made_data(X, y), standardize=standardize, test_share=0.25, learning_rate=1e-3
        )
        run = trained(config)
        kept = {row.tobytes() for row in run.dataset.features}
        tested = [index for index, row in enumerate(X) if row.tobytes() not in kept]
        theta = run.current_parameters
        residuals = X[tested] @ theta[:-1] + theta[-1] - y[tested]
        testing, trained_parameters = run.problem.testing, run.history.current_parameters
        assert testing is not None
        assert testing.rmse(trained_parameters) == pytest.approx(
            np.sqrt(np.mean(residuals**2)), rel=1e-5
        )
        assert testing.r_squared(trained_parameters) == pytest.approx(
            1 - np.mean(residuals**2) / y[tested].var(), rel=1e-5
        )
        along = np.column_stack([run.history.parameters, trained_parameters])
        assert testing.losses(along)[-1] == pytest.approx(np.mean(residuals**2), rel=1e-5)

    def test_held_out_examples_do_not_affect_the_scaling(self) -> None:
        problem = problem_of(
            TrainingConfig(data=made_data(range(40), range(40)), test_share=0.5, standardize=True)
        )
        assert problem.trained.features.mean() == pytest.approx(0, abs=1e-6)

    @pytest.mark.parametrize("target", [[0.1, 0.1, 0.1, 0.1], [7, 7, 7, 7]])
    def test_a_target_without_spread_has_no_r_squared(self, target: list[float]) -> None:
        run, _ = prepare_run(1, TrainingConfig(data=made_data(range(4), target)))
        assert run.problem.training.r_squared(run.history.start) is None


class TestNotDetermined:
    @pytest.mark.parametrize(
        ("features", "target", "sentence"),
        [
            ([[4]] * 6, range(1, 7), "x0 has no spread, so its weight is not determined."),
            ([[3]], [1], "One example does not determine a line: infinitely many go through it."),
            (
                [[1, 2], [2, 5]],
                [1, 2],
                "2 examples do not determine 3 parameters: infinitely many fit them exactly.",
            ),
            (
                [[1, 1], [2, 2], [3, 3]],
                [4, 8, 12],
                (
                    "x0 and x1 determine one another (they are collinear), so their weights are "
                    "not determined."
                ),
            ),
            (
                [[1, 5, 2.54], [2, 7, 5.08], [3, 6, 7.62], [4, 1, 10.16]],
                [1, 2, 3, 5],
                (
                    "x0 and x2 determine one another (they are collinear), so their weights are "
                    "not determined."
                ),
            ),
            (
                [[1, 9, 2], [2, 9, 4], [3, 9, 6], [4, 9, 8]],
                [1, 2, 3, 5],
                (
                    "x1 has no spread and x0 and x2 determine one another (they are collinear), so "
                    "their weights are not determined."
                ),
            ),
            ([[1e-9], [2e-9]], [0, 1], ""),
            ([[2001, 1e9], [2002, 3e9], [2003, 2e9]], [1, 2, 4], ""),
        ],
    )
    @pytest.mark.parametrize("standardize", [True, False])
    def test_one_sentence_says_so_and_training_goes_on(
        self, features: list[list[float]], target: list[float], sentence: str, standardize: bool
    ) -> None:
        config = from_zeros(data=made_data(features, target), standardize=standardize)
        run, engine = prepare_run(1, config)
        assert run.references.undetermined == sentence
        assert [message for message in run.messages if message == sentence] == [sentence][
            : bool(sentence)
        ]
        run.history.append(train(engine, 1))
        assert np.isfinite(run.references.parameters).all()

    def test_a_constant_feature_leaves_the_mean_as_the_solution(self) -> None:
        run, _ = prepare_run(1, from_zeros(data=made_data([4] * 6, range(1, 7))))
        assert run.references.parameters == (0.0, 3.5)
        assert run.references.loss == pytest.approx(2.9167, abs=1e-4)


class TestWantsStandardizing:
    def test_features_of_very_different_sizes_do(self) -> None:
        run, _ = prepare_run(1, of_years(standardize=False))
        assert run.problem.wants_standardizing
        assert run.problem.scaling_sentence() == (
            "With these features, full batches allow a learning rate of at most 2.47e−7. With "
            "standardized features it is 1: 4 million times as much."
        )

    @pytest.mark.parametrize("config", [TrainingConfig(), of_years()])
    def test_other_features_do_not(self, config: TrainingConfig) -> None:
        run, _ = prepare_run(1, config)
        assert not run.problem.wants_standardizing
        assert run.messages == []


def test_skipped_rows_are_reported() -> None:
    data = replace(years(), skipped=Skipped(25, missing=5))
    run, _ = prepare_run(1, of_years(data=data))
    assert run.messages == ["5 of 25 rows skipped: 5 have no number."]
