"""A dataset is shared between threads, so nobody can change it."""

import numpy as np
import pytest

from linreg_gui.data.dataset import Dataset
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
