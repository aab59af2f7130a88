"""The log has the lesson's line at every 500th batch of an epoch, for all slices of the steps."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.engines.steps import StepBatch
from linreg_gui.runs.run import log_lines


def steps_batch(first: int, count: int) -> StepBatch:
    steps = np.arange(first, first + count)
    return StepBatch(
        first, np.zeros(count, np.float32), steps * 1.5, np.zeros((count, 3), np.float32), 0.001
    )


def expected_lines(total: int, per_epoch: int) -> list[str]:
    lines = []
    for step in range(1, total + 1):
        epoch, index = divmod(step - 1, per_epoch)
        if (index + 1) % 500 == 0:
            lines.append(f"epoch {epoch}  batch {index}  average {1.5 * step:.6g}")
    return lines


def lines_in_slices(total: int, per_epoch: int, length: int) -> list[str]:
    return [
        line.text
        for first in range(1, total + 1, length)
        for line in log_lines(steps_batch(first, min(length, total + 1 - first)), per_epoch)
    ]


def test_the_lessons_run_gives_ten_lines() -> None:
    assert [line.text.rsplit("  ", 1)[0] for line in log_lines(steps_batch(1, 5000), 2500)] == [
        f"epoch {epoch}  batch {batch}"
        for epoch in (0, 1)
        for batch in (499, 999, 1499, 1999, 2499)
    ]


@given(st.integers(1, 6000), st.integers(1, 2600), st.integers(1, 1500))
@example(5000, 2500, 500)
@example(3000, 500, 499)
@example(3000, 499, 7)
@example(3000, 501, 1)
def test_every_line_comes_once_for_all_slices(total: int, per_epoch: int, length: int) -> None:
    assert lines_in_slices(total, per_epoch, length) == expected_lines(total, per_epoch)


@pytest.mark.parametrize("per_epoch", [1, 499])
def test_an_epoch_shorter_than_500_batches_gives_no_line(per_epoch: int) -> None:
    assert lines_in_slices(2000, per_epoch, 100) == []
