"""The history is exact for the newest step and the epochs, and bounded in memory."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.runs.history import MEMORY_LIMIT, History, RateChange

ROW_BYTES = 4 + 8 + 3 * 4  # loss, moving average, w0, w1 and b


def new_history(examples: int = 10_000, batch_size: int = 4, rows: int = 1000) -> History:
    return History(np.zeros(3, np.float32), examples, batch_size, 0.001, rows * ROW_BYTES)


def steps_batch(first: int, count: int, learning_rate: float = 0.001) -> StepBatch:
    """Return steps whose every number is made of the step's own."""
    steps = np.arange(first, first + count)
    return StepBatch(
        first_step=first,
        losses=(steps * 0.5).astype(np.float32),
        moving_losses=steps * 0.25,
        parameters=np.column_stack([steps, -steps, steps + 0.5]).astype(np.float32),
        learning_rate=learning_rate,
    )


def slices(total: int, lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first step, count) that cover ``total`` steps with these lengths over and over."""
    first = 1
    while first <= total:
        for length in lengths:
            count = min(length, total + 1 - first)
            yield first, count
            first += count
            if first > total:
                return


def filled(history: History, total: int, lengths: Sequence[int]) -> History:
    for first, count in slices(total, lengths):
        history.append(steps_batch(first, count))
    return history


LENGTHS = st.lists(st.integers(1, 400), min_size=1, max_size=6)


class TestBeforeTheFirstStep:
    def test_it_is_empty_and_at_the_start(self) -> None:
        start = np.array([1.0, 2.0, 3.0], np.float32)
        history = History(start, 10, 4, 0.001)
        assert (len(history), history.step, history.last) == (0, 0, None)
        assert (history.steps.size, history.losses.size, history.parameters.shape) == (0, 0, (3, 0))
        assert history.current_parameters.tolist() == [1.0, 2.0, 3.0]
        assert history.recent_epoch_loss is None
        assert history.nearest(1) is None

    @pytest.mark.parametrize(
        ("examples", "batch_size", "steps"), [(10_000, 4, 2500), (10, 3, 4), (10, 10, 1), (1, 1, 1)]
    )
    def test_an_epoch_has_a_step_for_each_full_batch_and_one_for_the_rest(
        self, examples: int, batch_size: int, steps: int
    ) -> None:
        assert new_history(examples, batch_size).steps_per_epoch == steps


class TestKeepingEveryStep:
    @given(LENGTHS)
    def test_every_number_of_every_step_is_kept_for_all_slices(self, lengths: list[int]) -> None:
        history = filled(new_history(), 900, lengths)
        everything = steps_batch(1, 900)
        assert history.stride == 1
        assert history.steps.tolist() == list(range(1, 901))
        assert history.losses.tolist() == everything.losses.tolist()
        assert history.moving_losses.tolist() == everything.moving_losses.tolist()
        assert history.parameters.T.tolist() == everything.parameters.tolist()

    def test_the_newest_step_is_the_last_of_the_batch(self) -> None:
        history = filled(new_history(), 123, [50])
        assert history.last is not None
        assert (history.step, history.last.loss, history.last.moving_loss) == (123, 61.5, 30.75)
        assert history.current_parameters.tolist() == [123, -123, 123.5]

    @pytest.mark.parametrize("first", [1, 10, 12])
    def test_steps_that_do_not_follow_the_newest_one_are_refused(self, first: int) -> None:
        history = filled(new_history(), 10, [10])
        with pytest.raises(ValueError, match=f"step {first} does not follow step 10"):
            history.append(steps_batch(first, 5))
        assert (history.step, len(history)) == (10, 10)

    def test_no_steps_change_nothing(self) -> None:
        history = filled(new_history(), 10, [10])
        history.append(steps_batch(11, 0, learning_rate=0.5))
        assert (history.step, len(history), history.rate_changes) == (10, 10, [])

    def test_the_corrected_average_of_a_constant_loss_is_that_loss(self) -> None:
        # 1 − 0.99^t is how much of the average the losses make up.
        history = new_history()
        moving = 5.0 * (1 - 0.99 ** np.arange(1, 4))
        parameters = np.zeros((3, 3), np.float32)
        history.append(StepBatch(1, np.full(3, 5, np.float32), moving, parameters, 0.001))
        records = [history.nearest(step) for step in (1, 2, 3)]
        assert [record and record.corrected_loss for record in records] == pytest.approx([5.0] * 3)


class TestThinning:
    @given(LENGTHS, st.integers(2, 60), st.integers(1, 1500))
    def test_evenly_spaced_exact_steps_remain_for_all_slices(
        self, lengths: list[int], rows: int, total: int
    ) -> None:
        history = filled(new_history(rows=rows), total, lengths)
        assert history.steps[0] == 1
        assert len(history) == -(-total // history.stride), "a step of the raster is missing"
        assert history.losses.tolist() == (history.steps * 0.5).tolist()
        assert history.moving_losses.tolist() == (history.steps * 0.25).tolist()
        assert history.parameters[1].tolist() == (-history.steps).tolist()

    @given(LENGTHS, st.integers(2, 60), st.integers(1, 1500))
    def test_no_more_steps_are_dropped_than_necessary(
        self, lengths: list[int], rows: int, total: int
    ) -> None:
        history = filled(new_history(rows=rows), total, lengths)
        assert len(history) <= rows
        if history.stride > 1:
            assert -(-total // (history.stride // 2)) > rows

    def test_the_newest_step_is_exact_even_if_it_is_not_kept(self) -> None:
        history = filled(new_history(rows=4), 30, [7])
        assert history.last is not None
        assert history.step not in history.steps
        assert (history.last.step, history.last.loss) == (30, 15.0)

    @pytest.mark.parametrize("limit", [1000, 10_000, 1_000_000, MEMORY_LIMIT])
    @pytest.mark.parametrize("dimension", [1, 2])
    def test_its_arrays_never_take_more_than_the_limit(self, limit: int, dimension: int) -> None:
        start = np.zeros(dimension + 1, np.float32)
        history = History(start, 10_000, 4, 0.001, memory_limit=limit)
        arrays = [value for value in vars(history).values() if isinstance(value, np.ndarray)]
        taken = sum(array.nbytes for array in arrays if array is not start)
        assert 0.9 * limit < taken <= limit

    def test_the_arrays_are_never_replaced_by_larger_ones(self) -> None:
        history = new_history(rows=10)

        def arrays() -> list[int]:
            return [id(each) for each in vars(history).values() if isinstance(each, np.ndarray)]

        before = arrays()
        filled(history, 500, [33])
        assert arrays() == before


class TestFindingAStep:
    @given(LENGTHS, st.integers(2, 60), st.integers(1, 500), st.floats(-5, 600))
    def test_it_is_the_nearest_of_the_kept_steps_and_the_newest(
        self, lengths: list[int], rows: int, total: int, wanted: float
    ) -> None:
        history = filled(new_history(rows=rows), total, lengths)
        record = history.nearest(wanted)
        assert record is not None
        known = np.append(history.steps, history.step)
        assert abs(record.step - wanted) == np.abs(known - wanted).min()

    @given(st.integers(2, 60), st.integers(1, 500))
    def test_every_kept_step_is_found_with_its_numbers(self, rows: int, total: int) -> None:
        history = filled(new_history(rows=rows), total, [17])
        for step in (*history.steps.tolist(), total):
            record = history.nearest(step)
            assert record is not None
            assert (record.step, record.loss, record.moving_loss) == (step, step / 2, step / 4)
            assert record.parameters.tolist() == [step, -step, step + 0.5]

    def test_a_found_step_does_not_change_when_the_history_is_thinned(self) -> None:
        history = filled(new_history(rows=8), 8, [8])
        record = history.nearest(4)
        filled_on = steps_batch(9, 100)
        history.append(filled_on)
        assert record is not None
        assert record.parameters.tolist() == [4, -4, 4.5]


class TestEpochMeans:
    @given(LENGTHS, st.integers(1, 40), st.integers(1, 12), st.integers(2, 50))
    def test_a_short_last_batch_counts_by_its_real_size_for_all_slices(
        self, lengths: list[int], examples: int, batch_size: int, rows: int
    ) -> None:
        batch_size = min(batch_size, examples)
        history = new_history(examples, batch_size, rows)
        filled(history, 3 * history.steps_per_epoch, lengths)
        expected = [expected_mean(epoch, examples, batch_size) for epoch in (1, 2, 3)]
        assert history.epoch_means == pytest.approx(expected, rel=1e-12)

    def test_the_loss_of_the_newest_epoch_is_its_mean_so_far(self) -> None:
        history = new_history(examples=10, batch_size=4)  # 4, 4 and 2
        assert history.recent_epoch_loss is None
        filled(history, 2, [1])
        assert history.recent_epoch_loss == pytest.approx((0.5 * 4 + 1.0 * 4) / 8)
        history.append(steps_batch(3, 1))
        assert history.recent_epoch_loss == history.epoch_means[0]
        history.append(steps_batch(4, 1))
        assert history.recent_epoch_loss == pytest.approx(2.0)


def expected_mean(epoch: int, examples: int, batch_size: int) -> float:
    per_epoch = -(-examples // batch_size)
    steps = np.arange(1, per_epoch + 1) + (epoch - 1) * per_epoch
    losses: FloatArray = np.repeat(steps * 0.5, batch_size)[:examples]  # one for each example
    return float(losses.mean())


class TestRateChanges:
    def test_a_change_is_noted_at_its_first_step(self) -> None:
        history = filled(new_history(), 10, [10])
        history.append(steps_batch(11, 5, learning_rate=0.5))
        history.append(steps_batch(16, 5, learning_rate=0.5))
        history.append(steps_batch(21, 5, learning_rate=0.001))
        assert history.rate_changes == [RateChange(11, 0.5), RateChange(21, 0.001)]
        assert [history.learning_rate_at(step) for step in (10, 11, 25)] == [0.001, 0.5, 0.001]

    def test_a_run_at_one_rate_has_no_changes(self) -> None:
        assert filled(new_history(), 100, [9]).rate_changes == []

    def test_the_changes_of_one_gesture_share_a_mark_where_they_end(self) -> None:
        history = filled(new_history(), 10, [10])
        for step, rate, gesture in ((11, 0.1, 1), (12, 0.2, 1), (13, 0.3, 2), (14, 0.4, 2)):
            history.append(steps_batch(step, 1, learning_rate=rate), gesture)
        assert len(history.rate_changes) == 4
        assert history.rate_marks == [RateChange(12, 0.2), RateChange(14, 0.4)]
        assert history.reduced(1000).rate_marks == history.rate_marks

    def test_changes_without_a_gesture_have_marks_of_their_own(self) -> None:
        history = new_history()
        for step, rate in ((1, 0.1), (2, 0.2), (3, 0.3)):
            history.append(steps_batch(step, 1, learning_rate=rate))
        assert history.rate_marks == history.rate_changes
