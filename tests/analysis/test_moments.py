"""The moments are computed once, and the moments of another target follow from them."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.analysis.least_squares import compute_references
from linreg_gui.analysis.moments import moments_of
from linreg_gui.runs.preparation import problem_of
from linreg_gui.settings import TrainingConfig
from tests.support import made_data

NAMES = ("x0", "x1")


def test_they_are_computed_once_for_a_dataset_and_the_runs_that_train_on_it() -> None:
    data = made_data([1, 2, 4], [1, 2, 3])
    assert moments_of(data) is moments_of(data)
    assert problem_of(TrainingConfig(data=data)).moments is moments_of(data)


def test_they_do_not_outlive_the_dataset() -> None:
    data = made_data([1, 2, 4], [1, 2, 3])
    moments = weakref.ref(moments_of(data))
    del data
    gc.collect()
    assert moments() is None


@pytest.mark.parametrize("noise_std", [0.0, 1e-6, 2.0])
@pytest.mark.parametrize("size", [1, 2, 300])
def test_the_moments_of_another_target_need_no_examples(size: int, noise_std: float) -> None:
    rng = np.random.default_rng(3)
    noise = made_data(rng.normal([2000, -1], [10, 3], (size, 2)), rng.normal(size=size))
    target = noise.features @ [0.5, -7] + 3 + noise_std * noise.target
    expected = moments_of(replace(noise, target=target))
    found = moments_of(noise).with_target((0.5, -7.0, 3.0), noise_std)
    assert found.target_mean == pytest.approx(expected.target_mean)
    assert found.target_variance == pytest.approx(expected.target_variance)
    assert found.largest_target >= expected.largest_target
    size = np.abs(expected.fourth).max()
    assert found.fourth == pytest.approx(expected.fourth, rel=1e-6, abs=1e-9 * size)
    references, exact = (compute_references(each, NAMES, None) for each in (found, expected))
    assert references.parameters == pytest.approx(exact.parameters, rel=1e-9, abs=1e-9)
    assert references.loss == pytest.approx(exact.loss, rel=1e-6, abs=1e-18)
