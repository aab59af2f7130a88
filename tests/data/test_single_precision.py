"""Single precision makes different values equal if they are large and near to one another."""

import numpy as np
import pytest

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.data.single_precision import merging_distance


@pytest.mark.parametrize(
    ("values", "distance"),
    [
        (1.6e9 + 60 * np.arange(100), 128.0),
        (1.6e9 + 60 * np.arange(1_000_000), 128.0),
        (2**24 + np.arange(50.0), 2.0),
        (1.6e18 + 6e10 * np.arange(1000), 137438953472.0),
        (1e5 + 1e-3 * np.arange(200), 0.0078125),
        (-1e5 - 1e-3 * np.arange(200), 0.0078125),
    ],
)
def test_values_that_become_equal_are_told_with_the_distance_of_the_numbers_there(
    values: DoubleArray, distance: float
) -> None:
    assert merging_distance(values) == distance


@pytest.mark.parametrize(
    "values",
    [
        np.arange(1e6),
        1990.0 + np.arange(30),
        1e19 * np.arange(20),
        2e9 + 1000 * np.arange(50.0),
        np.full(5, 16777217.0),
        np.random.default_rng(0).normal(10, 1, 100_000),
        np.random.default_rng(0).normal(10, 1, 100_000).astype(np.float32),
        1e25 * np.random.default_rng(0).normal(10, 1, 100_000),
    ],
)
def test_values_that_stay_apart_or_are_rounded_a_little_are_not(values: DoubleArray) -> None:
    assert merging_distance(values) == 0.0
