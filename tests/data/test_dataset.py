"""A dataset is shared between threads, so nobody can change it."""

import numpy as np
import pytest

from linreg_gui.data.dataset import Dataset, are_years
from tests.support import made_data


def test_it_knows_its_size_and_dimension() -> None:
    dataset = made_data([[1, 2], [3, 4], [5, 6]], [1, 2, 3])
    assert (dataset.size, dataset.dimension) == (3, 2)


def test_its_arrays_cannot_be_written() -> None:
    dataset = made_data([1, 2], [3, 4])
    for array in (dataset.features, dataset.target):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_measured_data_has_no_true_line() -> None:
    dataset = Dataset(np.zeros((1, 1), np.float32), np.zeros(1, np.float32), ("x",))
    assert (dataset.true_parameters, dataset.noise_std) == (None, None)


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (("x0", "x1"), ("w0", "w1", "b")),
        (("x",), ("w0", "b")),
        (("X", "year", "x_3"), ("w0", "year", "w2", "b")),
        (("income ($)", "illiteracy (%)"), ("income ($)", "illiteracy (%)", "b")),
        (("a", "b"), ("a", "b", "bias")),
    ],
)
def test_weights_are_named_by_columns_that_have_names(
    columns: tuple[str, ...], names: tuple[str, ...]
) -> None:
    dataset = Dataset(np.zeros((1, len(columns))), np.zeros(1), columns)
    assert dataset.parameter_names == names


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1790, 2020], True),
        ([1947, 1962, 1950], True),
        ([1990.5, 2000], False),
        ([999, 1500], False),
        ([1100, 2200], False),
        ([3098, 3615], False),
        ([2000, 3000], False),
    ],
)
def test_years_are_whole_and_near_each_other(values: list[float], expected: bool) -> None:
    assert are_years(np.array(values)) is expected
