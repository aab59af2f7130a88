"""Standardizing can be undone exactly: the parameters of both units predict the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_gui.data.scaling import Scaling

YEARS = np.arange(2001.0, 2021.0).reshape(-1, 1)


def test_a_standardized_feature_has_mean_0_and_standard_deviation_1() -> None:
    features = np.random.default_rng(1).normal([5, -1e6, 0], [2, 1e3, 1e-9], (500, 3))
    standardized = Scaling.of(features).standardize(features)
    assert standardized.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert standardized.std(axis=0) == pytest.approx(1)


@pytest.mark.parametrize("constant", [0.0, 4.0, 0.1, -1e30])
def test_a_feature_without_spread_becomes_0_with_scale_1(constant: float) -> None:
    scaling = Scaling.of(np.full((7, 1), constant))
    assert (scaling.center.tolist(), scaling.scale.tolist()) == ([constant], [1.0])
    assert not scaling.standardize(np.full((7, 1), constant)).any()


def test_the_scaling_is_in_double_precision() -> None:
    features = (1_600_000_000.0 + np.arange(100)).reshape(-1, 1)
    scaling = Scaling.of(features)
    assert scaling.center.item() == 1_600_000_049.5
    assert scaling.standardize(features).astype(np.float32).std() == pytest.approx(1, rel=1e-6)


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), st.integers(0, 9))
def test_parameters_of_both_units_predict_the_same(parameters: list[float], seed: int) -> None:
    features = np.random.default_rng(seed).normal([3, -50], [0.1, 20], (30, 2))
    scaling = Scaling.of(features)
    theta = np.array(parameters)
    mapped = scaling.to_standardized @ theta
    expected = features @ theta[:-1] + theta[-1]
    found = scaling.standardize(features) @ mapped[:-1] + mapped[-1]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert scaling.to_measured @ mapped == pytest.approx(theta, rel=1e-9, abs=1e-7)


def test_the_years_have_the_parameters_of_their_own_units() -> None:
    scaling = Scaling.of(YEARS)
    assert scaling.to_measured @ (scaling.to_standardized @ [0.5, -990]) == pytest.approx(
        [0.5, -990.0], rel=1e-12
    )
