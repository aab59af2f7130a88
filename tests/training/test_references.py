"""What training is measured against is exact."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.backend import seed_generators
from linreg_gui.data.synthetic import draw_dataset
from linreg_gui.training.references import compute_references
from linreg_gui.training.run import round_down
from tests.support import line_dataset, made_dataset


class TestLeastSquares:
    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4)])
    def test_it_is_what_the_normal_equations_give(self, weights: tuple[float, ...]) -> None:
        seed_generators(4)
        dataset = draw_dataset(500, weights, 4.2, 0.5)
        design = np.column_stack([dataset.features, np.ones(500)]).astype(np.float64)
        target = dataset.target.astype(np.float64)
        expected = np.linalg.solve(design.T @ design, design.T @ target)
        found = compute_references(dataset)
        assert (*found.weights, found.bias) == pytest.approx(expected, rel=1e-9)
        assert found.loss == pytest.approx(np.mean((design @ expected - target) ** 2), rel=1e-9)

    def test_it_is_exact_far_from_0(self) -> None:
        years = np.arange(2001, 2021)
        found = compute_references(made_dataset(years, 0.5 * (years - 2000) + 10))
        assert (*found.weights, found.bias) == pytest.approx((0.5, -990.0), rel=1e-9)

    def test_a_constant_feature_gives_the_mean_and_no_nan(self) -> None:
        found = compute_references(made_dataset([0.1, 0.1, 0.1, 0.1], [1, 2, 5, 6]))
        assert (found.weights, found.bias) == ((0.0,), 3.5)
        assert found.loss == pytest.approx(4.25)

    def test_two_equal_features_share_the_weight(self) -> None:
        found = compute_references(made_dataset([[1, 1], [2, 2], [3, 3]], [4, 8, 12]))
        assert (*found.weights, found.bias) == pytest.approx((2, 2, 0), abs=1e-9)

    def test_a_single_example_is_met_exactly(self) -> None:
        found = compute_references(made_dataset([[3.0, 4.0]], [5.0]))
        assert (found.weights, found.bias, found.loss) == ((0.0, 0.0), 5.0, 0.0)

    def test_the_noise_floor_is_the_variance_of_the_recipes_noise(self) -> None:
        assert compute_references(draw_dataset(10, (2.0,), 4.2, 0.5)).noise_floor == 0.25
        assert compute_references(line_dataset(1, 8)).noise_floor is None


class TestStableRates:
    @pytest.mark.parametrize(("last", "limit"), [(8, 0.0380), (99, 0.000304)])
    def test_the_full_batch_limit_is_2_over_the_largest_eigenvalue(
        self, last: int, limit: float
    ) -> None:
        dataset = line_dataset(1 if last == 8 else 0, last)
        assert compute_references(dataset).full_batch_limit == pytest.approx(limit, rel=2e-3)

    def test_full_batches_contract_just_below_it_and_not_just_above(self) -> None:
        dataset = line_dataset(1, 8)
        design = np.column_stack([dataset.features, np.ones(8)]).astype(np.float64)
        hessian = 2 / 8 * design.T @ design
        limit = compute_references(dataset).full_batch_limit
        radius = [
            np.abs(np.linalg.eigvals(np.eye(2) - rate * limit * hessian)).max()
            for rate in (0.999, 1.001)
        ]
        assert radius[0] < 1 < radius[1]

    def test_below_the_other_limit_no_minibatch_drives_the_parameters_apart(self) -> None:
        seed_generators(4)
        dataset = draw_dataset(40, (2.0, -3.4), 4.2, 0.5)
        design = np.column_stack([dataset.features, np.ones(40)]).astype(np.float64)
        limit = compute_references(dataset).every_batch_limit
        farthest = design[np.argmax((design**2).sum(axis=1))]
        for rows in (farthest[None], np.tile(farthest, (4, 1)), design[:4], design[7:11]):
            hessian = 2 / len(rows) * rows.T @ rows
            assert np.abs(np.linalg.eigvalsh(np.eye(3) - limit * hessian)).max() <= 1 + 1e-12
        too_much = np.eye(3) - 1.01 * limit * 2 * np.outer(farthest, farthest)
        assert np.abs(np.linalg.eigvalsh(too_much)).max() > 1


@given(st.floats(1e-60, 1.0))
@example(0.1)
@example(0.3)
@example(math.nextafter(0.1, 0))
@example(1e-23)
def test_a_rate_is_named_with_one_digit_and_on_the_safe_side(rate: float) -> None:
    named = float(round_down(rate))
    assert 0 < named <= rate < 2.0001 * named
    assert float(f"{named:.0e}") == named
