"""Synthetic data is drawn as in the lesson, and knows its true parameters."""

import numpy as np

from linreg_gui import lesson
from linreg_gui.backend import seed_generators
from linreg_gui.runs.preparation import draw_dataset


def test_it_draws_the_same_data_as_the_lesson() -> None:
    seed_generators(1)
    X, y = lesson.synthetic_data(100, (2.0, -3.4), 4.2, 0.01)
    seed_generators(1)
    dataset = draw_dataset(100, (2.0, -3.4), 4.2, 0.01)
    assert dataset.features.tolist() == X.asnumpy().tolist()
    assert dataset.target.tolist() == y.asnumpy().tolist()


def test_it_knows_the_true_parameters_and_the_noise() -> None:
    dataset = draw_dataset(5, [2.0, -3.4], 4.2, 0.01)
    assert dataset.true_parameters == (2.0, -3.4, 4.2)
    assert dataset.noise_std == 0.01
    assert (dataset.feature_names, dataset.target_name) == (("x0", "x1"), "y")


def test_it_is_in_single_precision() -> None:
    dataset = draw_dataset(5, (2.0,), 4.2, 0.01)
    assert {dataset.features.dtype, dataset.target.dtype} == {np.dtype(np.float32)}
    assert (dataset.features.shape, dataset.target.shape) == ((5, 1), (5,))
