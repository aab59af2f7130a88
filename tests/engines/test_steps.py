"""Steps cross threads by reference, so nobody can change them."""

import numpy as np
import pytest

from linreg_gui.engines.steps import StepBatch


def make(count: int) -> StepBatch:
    return StepBatch(
        7, np.zeros(count, np.float32), np.zeros(count), np.zeros((count, 3), np.float32), 0.001
    )


@pytest.mark.parametrize("name", ["losses", "moving_losses", "parameters"])
def test_its_arrays_cannot_be_written(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(make(2), name)[0] = 1


@pytest.mark.parametrize(("count", "last"), [(0, 6), (1, 7), (5, 11)])
def test_it_knows_its_last_step(count: int, last: int) -> None:
    assert (len(make(count)), make(count).last_step) == (count, last)
