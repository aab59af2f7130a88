"""The engine trains with every example, as the lesson does, in slices of any length."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_gui import lesson
from linreg_gui.backend import NDArray
from linreg_gui.data.dataset import Dataset
from linreg_gui.engines.steps import StepBatch, TrainingEngine
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Init, TrainingConfig
from tests.support import UNLIMITED, from_zeros, line_data, made_data, train

HELD_STILL = 1e-30
"""A learning rate that leaves float32 parameters of ordinary size where they are."""

Minibatches = list[list[float]]


@pytest.fixture
def served_rows(monkeypatch: pytest.MonkeyPatch) -> Minibatches:
    """Return a list that collects the first feature of each trained minibatch."""
    served: Minibatches = []
    train_step = lesson.train_step

    def note(X: NDArray, *rest: object) -> NDArray:
        served.append(X.asnumpy()[:, 0].tolist())
        return train_step(X, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(lesson, "train_step", note)
    return served


def trained(
    config: TrainingConfig, dataset: Dataset | None, steps: int
) -> tuple[Run, StepBatch, TrainingEngine]:
    run, engine = prepare_run(1, config.with_value("data", dataset))
    batch = train(engine, steps)
    run.history.append(batch)
    return run, batch, engine


class TestBatches:
    def test_a_short_last_batch_counts_by_its_real_size(self) -> None:
        # 2006 = (1 + 4 + 9 + 16 + 10000) / 5; a mean of padded batch means gives 1255.5.
        outlier = made_data([0] * 5, [1, 2, 3, 4, 100])
        config = from_zeros(batch_size=4, shuffle=False, learning_rate=HELD_STILL)
        run, batch, _ = trained(config, outlier, 2)
        assert np.abs(batch.parameters).max() < 1e-20
        assert batch.losses.tolist() == [7.5, 10_000.0]
        assert run.history.epoch_means == [2006.0]

    def test_every_row_is_trained_on_exactly_once_in_every_epoch(
        self, served_rows: Minibatches
    ) -> None:
        numbered = made_data([[row, 0] for row in range(10)], range(10))
        trained(from_zeros(batch_size=3, learning_rate=1e-4), numbered, 4 * 5)
        assert [len(rows) for rows in served_rows] == [3, 3, 3, 1] * 5
        epochs = [list(chain(*served_rows[first : first + 4])) for first in range(0, 20, 4)]
        assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 5
        assert len({tuple(epoch) for epoch in epochs}) == 5, "an epoch was not shuffled again"

    def test_a_batch_larger_than_the_data_is_reduced_and_the_user_told(
        self, served_rows: Minibatches
    ) -> None:
        run, *_ = trained(from_zeros(batch_size=25, epochs=3), line_data(1, 10), 3)
        assert run.config.batch_size == 10
        assert (run.history.steps_per_epoch, run.planned_steps) == (1, 3)
        assert [len(rows) for rows in served_rows] == [10, 10, 10]
        assert run.messages == ["Batch size 25 was reduced to 10: there are no more examples."]

    def test_a_batch_as_large_as_the_data_needs_no_message(self) -> None:
        assert prepare_run(1, from_zeros(batch_size=10, data=line_data(1, 10)))[0].messages == []

    def test_a_single_example_in_batches_of_one_can_be_learned(self) -> None:
        _, batch, _ = trained(from_zeros(batch_size=1, learning_rate=0.1), line_data(1, 1), 200)
        assert batch.losses[-1] < 1e-8

    def test_a_million_examples_are_ready_to_train(self) -> None:
        run, batch, _ = trained(TrainingConfig(examples=1_000_000), None, 3)
        assert (run.dataset.size, run.history.steps_per_epoch) == (1_000_000, 250_000)
        assert np.isfinite(batch.losses).all()


class TestLearning:
    def test_the_label_is_a_column_so_a_line_is_learned_and_not_the_mean(self) -> None:
        # Broadcast to a square, the loss has its minimum at w = 0, b = 10.
        config = from_zeros(batch_size=8, learning_rate=0.03)
        _, batch, _ = trained(config, line_data(1, 8), 1000)
        assert batch.parameters[-1] == pytest.approx([2.0, 1.0], abs=1e-3)

    def test_just_below_the_limit_the_loss_falls(self) -> None:
        config = from_zeros(batch_size=8, learning_rate=0.0342)
        run, batch, _ = trained(config, line_data(1, 8), 200)
        assert batch.losses[:2] == pytest.approx([121.0, 77.26], rel=1e-4)
        assert batch.losses[-1] == pytest.approx(3.3e-4, rel=0.05)
        assert config.learning_rate < run.limits.full_batch

    def test_just_above_the_limit_it_rises(self) -> None:
        config = from_zeros(batch_size=8, learning_rate=0.0418)
        run, batch, _ = trained(config, line_data(1, 8), 50)
        assert batch.losses[:2] == pytest.approx([121.0, 173.8], rel=1e-3)
        assert (np.diff(batch.losses) > 0).all()
        assert config.learning_rate > run.limits.full_batch

    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4)])
    def test_one_feature_or_two_are_learned(self, weights: tuple[float, ...]) -> None:
        config = TrainingConfig(examples=500, true_weights=weights, learning_rate=0.02)
        run, batch, _ = trained(config, None, 1000)
        optimum = run.references.parameters
        assert batch.parameters[-1] == pytest.approx(optimum, abs=0.01)

    def test_a_rate_applies_from_the_next_minibatch_on(self) -> None:
        _, engine = prepare_run(
            1, from_zeros(batch_size=8, learning_rate=0.01, data=line_data(1, 8))
        )
        train(engine, 3)
        before = engine.advance(0, UNLIMITED)
        engine.learning_rate = HELD_STILL
        batch = train(engine, 2)
        assert (len(before), batch.first_step, batch.learning_rate) == (0, 4, HELD_STILL)
        assert batch.parameters[0].tolist() == batch.parameters[1].tolist()


class TestStart:
    def test_zeros_are_zeros(self) -> None:
        run, _ = prepare_run(1, from_zeros(examples=4))
        assert run.history.start.tolist() == [0.0, 0.0, 0.0]

    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4)])
    def test_a_typed_start_has_one_weight_for_each_feature(
        self, weights: tuple[float, ...]
    ) -> None:
        config = TrainingConfig(
            examples=4, true_weights=weights, init=Init.TYPED, start_weights=(0.5, -7), start_bias=9
        )
        start = prepare_run(1, config)[0].history.start
        assert start.tolist() == [0.5, -7, 9] if len(weights) == 2 else [0.5, 9]

    def test_a_drawn_start_depends_on_the_seed(self) -> None:
        starts = [prepare_run(1, TrainingConfig(seed=seed))[0].history.start for seed in (1, 2)]
        assert (starts[0] != starts[1]).all()


class TestDivergence:
    @pytest.mark.parametrize(
        ("config", "dataset", "most"),
        [
            # 10 steps an epoch: within the first one.
            (from_zeros(batch_size=10, learning_rate=0.01), line_data(0, 99), 10),
            (TrainingConfig(learning_rate=1.2), None, 100),
        ],
        ids=["steep", "lesson at rate 1.2"],
    )
    def test_it_stops_at_the_first_step_that_is_not_finite_and_keeps_the_last_finite_one(
        self, config: TrainingConfig, dataset: Dataset | None, most: int
    ) -> None:
        run, batch, engine = trained(config, dataset, 5000)
        assert engine.diverged
        assert engine.step + 1 <= most
        assert len(batch) == engine.step == run.history.step
        for numbers in (batch.losses, batch.moving_losses, batch.parameters):
            assert np.isfinite(numbers).all()
        assert batch.losses[-1] > 1e30

    def test_a_diverged_engine_makes_no_further_step(self) -> None:
        _, batch, engine = trained(TrainingConfig(learning_rate=1.2), None, 5000)
        again = train(engine, 10)
        assert (len(again), again.first_step, engine.step) == (0, len(batch) + 1, len(batch))

    def test_the_rate_that_the_message_calls_stable_is_stable(self) -> None:
        run, _, _ = trained(from_zeros(batch_size=10, learning_rate=0.01), line_data(0, 99), 50)
        sentence = run.divergence_sentence(11, 0.01)
        stable = float(sentence.split("Rates up to ")[1].split(" train")[0])
        calm = from_zeros(batch_size=10, learning_rate=stable)
        run, batch, engine = trained(calm, line_data(0, 99), 2000)
        assert not engine.diverged
        assert batch.losses[-1] < batch.losses[0] / 100

    def test_a_loss_that_is_finite_is_not_kept_if_its_update_is_not(self) -> None:
        far = made_data([1e18], [1e18])
        run, batch, engine = trained(from_zeros(batch_size=1, learning_rate=1000.0), far, 5)
        assert (engine.diverged, len(batch)) == (True, 0)
        assert np.isfinite(run.history.current_parameters).all()


SLICED = TrainingConfig(examples=50, batch_size=4, seed=3)
"""An epoch has 13 steps, and the last is short."""


@pytest.fixture(scope="module")
def whole() -> StepBatch:
    return train(prepare_run(1, SLICED)[1], 60)


class TestSlices:
    @given(lengths=st.lists(st.integers(1, 40), min_size=1, max_size=5))
    @settings(max_examples=25)
    def test_slices_of_any_length_give_the_same_bits(
        self, whole: StepBatch, lengths: list[int]
    ) -> None:
        _, engine = prepare_run(1, SLICED)
        parts: list[StepBatch] = []
        while engine.step < 60:
            length = lengths[len(parts) % len(lengths)]
            parts.append(train(engine, min(length, 60 - engine.step)))
        for name in ("losses", "moving_losses", "parameters"):
            joined = np.concatenate([getattr(part, name) for part in parts])
            assert joined.tobytes() == getattr(whole, name).tobytes()
        assert [part.first_step for part in parts] == np.cumsum(
            [1, *(len(part) for part in parts[:-1])]
        ).tolist()

    def test_a_slice_whose_time_is_over_makes_one_step(self) -> None:
        _, engine = prepare_run(1, TrainingConfig(examples=50))
        assert len(engine.advance(1000, 0.0)) == 1

    def test_the_moving_average_starts_at_0(self) -> None:
        _, batch, _ = trained(TrainingConfig(examples=50), None, 2)
        assert batch.moving_losses.dtype == np.float64
        first, second = batch.losses.astype(np.float64)
        assert batch.moving_losses.tolist() == [
            0.01 * first,
            0.99 * (0.01 * first) + 0.01 * second,
        ]
