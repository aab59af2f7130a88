"""The instant engine takes the lesson's steps: the same minibatches, losses and parameters.

The autograd engine rounds every product and sum to single precision, the instant engine to double.
So they may differ by the single rounding of each step, ε = 2⁻²⁴ of the parameters, as far as the
steps that follow have not contracted it: by no more than 100·ε of the largest parameter at the
rates tried here. A residual is off by as much again for each term of the prediction; a loss is the
mean of squared residuals r, so it is off by 2·|r| times that.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from linreg_gui import lesson
from linreg_gui.backend import nd, seed_generators, to_ndarray
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.instant import averaged
from linreg_gui.engines.minibatch_order import epoch_orders
from linreg_gui.engines.scan import MOST_STEPS, scan
from linreg_gui.engines.steps import StepBatch, TrainingEngine
from linreg_gui.runs.preparation import draw_dataset, prepare_run
from linreg_gui.settings import Engine, TrainingConfig
from tests.support import from_zeros, line_data, made_data, train

ROUNDING = 2.0**-24
DRIFT = 100 * ROUNDING
UNSTABLE_DRIFT = 4 * DRIFT
"""Where steps magnify whatever differs, rounding included."""


def both(
    config: TrainingConfig, steps: int, dataset: Dataset | None = None
) -> tuple[StepBatch, StepBatch, TrainingEngine, TrainingEngine]:
    lesson_run, lesson_engine = prepare_run(1, config.with_value("data", dataset))
    _, instant_engine = prepare_run(
        1, config.with_value("engine", Engine.INSTANT).with_value("data", dataset)
    )
    assert lesson_run.config.engine is Engine.AUTOGRAD
    return (
        train(lesson_engine, steps),
        train(instant_engine, steps),
        lesson_engine,
        instant_engine,
    )


def assert_same_trajectory(
    lesson_steps: StepBatch, instant: StepBatch, drift: float = DRIFT
) -> None:
    assert len(lesson_steps) == len(instant)
    size = np.maximum.accumulate(np.abs(instant.parameters).max(axis=1))
    gaps = np.abs(lesson_steps.parameters - instant.parameters).max(axis=1)
    assert (gaps <= drift * np.maximum(size, 1)).all()
    terms = instant.parameters.shape[1] * np.maximum(size, 1)
    residuals = np.sqrt(instant.losses) + drift * terms
    allowed = 2 * residuals * drift * terms + 10 * ROUNDING * instant.losses
    assert (np.abs(lesson_steps.losses - instant.losses) <= allowed).all()


def six_features() -> Dataset:
    seed_generators(3)
    dataset = draw_dataset(2001, (1.0, 2.0, 3.0, -4.0, 5.0, 0.5), 1.5, 0.1)
    return made_data(dataset.features, dataset.target)


class TestAgreement:
    @pytest.mark.parametrize(
        ("config", "steps", "dataset"),
        [
            (TrainingConfig(), 5000, None),
            (TrainingConfig(examples=2000, batch_size=3), 1334, None),
            (TrainingConfig(examples=2000, true_weights=(2.0,)), 1000, None),
            (TrainingConfig(batch_size=7), 572, six_features()),
            (TrainingConfig(examples=100, batch_size=10, shuffle=False), 300, None),
            (TrainingConfig(examples=100, batch_size=100, learning_rate=0.1), 300, None),
            (TrainingConfig(examples=1, batch_size=1, learning_rate=0.01), 50, None),
            (TrainingConfig(examples=3000, noise_std=0.0, learning_rate=0.01, seed=7), 1500, None),
        ],
        ids=["default", "short last batch", "1 feature", "6 features", "not shuffled",
             "full batch", "one example", "no noise"],
    )  # fmt: skip
    def test_every_step_agrees_with_the_lesson_in_single_precision(
        self, config: TrainingConfig, steps: int, dataset: Dataset | None
    ) -> None:
        lesson_steps, instant, *_ = both(config, steps, dataset)
        assert len(instant) == steps
        assert_same_trajectory(lesson_steps, instant)

    @pytest.mark.parametrize("rate", [0.9, 1.2, 40.0])
    def test_it_diverges_at_the_same_step(self, rate: float) -> None:
        # The steps magnify the gaps to between 2 and 680 times ε, as the data will have it. So
        # NumPy draws these, alike on every platform.
        draw = np.random.RandomState(2).standard_normal
        features = draw((10_000, 2))
        dataset = made_data(features, features @ [2.0, -3.4] + 4.2 + 0.01 * draw(10_000))
        config = from_zeros(learning_rate=rate)
        lesson_steps, instant, *engines = both(config, 5000, dataset)
        assert all(engine.diverged for engine in engines)
        assert_same_trajectory(lesson_steps, instant, UNSTABLE_DRIFT)

    def test_the_steep_case_diverges_within_the_first_epoch(self) -> None:
        config = from_zeros(batch_size=10, learning_rate=0.01)
        lesson_steps, instant, _, engine = both(config, 10, line_data(0, 99))
        assert engine.diverged
        assert_same_trajectory(lesson_steps, instant)

    def test_the_moving_average_agrees_with_the_lesson(self) -> None:
        losses = np.geomspace(50, 1e-4, 3000)
        expected, average = [], 8.0
        for loss in losses.tolist():
            average = lesson.moving_average(average, loss)
            expected.append(average)
        assert averaged(losses, 8.0) == pytest.approx(expected, rel=1e-12)


class TestMinibatches:
    @pytest.mark.parametrize("size", [1, 7, 100, 10_000])
    @pytest.mark.parametrize("shuffle", [True, False])
    def test_they_are_those_of_the_iterator(self, size: int, shuffle: bool) -> None:
        config = TrainingConfig(examples=size, batch_size=min(4, size), shuffle=shuffle)
        seed_generators(5)
        shuffling = ShuffleState()
        numbers = nd.arange(size).reshape((-1, 1))
        iterator = lesson.data_iterator(numbers, numbers, config.batch_size, shuffle)
        for rows in itertools.islice(epoch_orders(size, config, shuffling), 3):
            expected = [X.asnumpy()[:, 0].tolist() for X, _ in lesson.minibatches(iterator)]
            assert [[row for row in batch if row < size] for batch in rows.tolist()] == expected

    def test_shuffling_in_between_disturbs_neither_engine(self) -> None:
        config = TrainingConfig(examples=40)
        undisturbed, _, *_ = both(config, 40)
        _, first = prepare_run(1, config)
        _, second = prepare_run(2, config.with_value("seed", 9))
        parts = []
        for _ in range(8):
            parts.append(train(first, 5).parameters)
            train(second, 5)
            np.random.shuffle(np.arange(50))
        assert (np.concatenate(parts) == undisturbed.parameters).all()


class TestSlices:
    def test_any_slicing_gives_the_same_steps(self) -> None:
        config = TrainingConfig(engine=Engine.INSTANT)
        whole = train(prepare_run(1, config)[1], 6000)
        engine = prepare_run(1, config)[1]
        parts = [train(engine, count) for count in (1, 2, 997, 1500, 1, 3499)]
        assert [part.first_step for part in parts] == [1, 2, 4, 1001, 2501, 2502]
        for name in ("losses", "moving_losses", "parameters"):
            joined = np.concatenate([getattr(part, name) for part in parts])
            assert joined == pytest.approx(getattr(whole, name), rel=1e-12)

    def test_a_rate_applies_from_the_next_minibatch_on(self) -> None:
        rates = ((240, 0.001), (340, 0.05), (20, 0.002))
        trajectories = []
        for kind in Engine:
            engine = prepare_run(1, TrainingConfig(examples=2000, engine=kind))[1]
            parts = []
            for steps, rate in rates:
                engine.learning_rate = rate
                parts.append(train(engine, steps))
            trajectories.append(np.concatenate([part.parameters for part in parts]))
        assert np.abs(trajectories[0] - trajectories[1]).max() < 5 * DRIFT

    def test_taking_no_steps_is_not_divergence(self) -> None:
        engine = prepare_run(1, TrainingConfig(engine=Engine.INSTANT))[1]
        assert (len(engine.advance(0, 1.0)), engine.diverged, engine.step) == (0, False, 0)

    def test_a_short_slice_of_a_long_run_takes_one_block(self) -> None:
        config = TrainingConfig(engine=Engine.INSTANT, epochs=4000)
        _, engine = prepare_run(1, config)
        assert 1 <= len(engine.advance(10_000_000, 0.0)) <= MOST_STEPS

    def test_data_far_from_0_keeps_its_digits(self) -> None:
        years = np.arange(2001, 2021)
        dataset = made_data(years - 2010.5, 0.5 * years)
        config = from_zeros(batch_size=20, learning_rate=0.02, engine=Engine.INSTANT)
        batch = train(prepare_run(1, config.with_value("data", dataset))[1], 2000)
        assert batch.parameters[-1] == pytest.approx([0.5, 1005.25], rel=1e-12)
        assert (batch.losses >= 0).all()


def test_a_batch_so_large_that_a_block_has_one_step_is_trained_as_by_the_lesson() -> None:
    x = np.random.default_rng(3).normal(size=140_000)
    data = made_data(x, 2 * x + 1)
    config = TrainingConfig(data=data, batch_size=100_000, epochs=3, learning_rate=0.1)
    ends = [
        train(prepare_run(1, replace(config, engine=engine))[1], 6).parameters[-1]
        for engine in Engine
    ]
    assert ends[0] == pytest.approx(ends[1], rel=1e-5)


def test_a_step_beyond_the_largest_number_goes_on_without_a_warning() -> None:
    grams = to_ndarray(np.full((2, 2, 2), 1e300))
    states, losses = scan(grams, np.array([0.1]), np.array([1.0]), np.array([1e10, 1.0]))
    assert states[0].tolist() == [1e10, 1.0]
    assert not np.isfinite(states[1]).any()
    assert losses.tolist() == [np.inf]
