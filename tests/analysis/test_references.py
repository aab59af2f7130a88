"""The least-squares solution is exact."""

import numpy as np
import pytest

from linreg_gui.analysis.least_squares import References
from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.preparation import draw_dataset
from tests.support import made_data, problem_posed_by


def references_of(dataset: Dataset) -> References:
    return problem_posed_by(dataset).original.references


class TestLeastSquares:
    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4)])
    def test_it_solves_the_normal_equations(self, weights: tuple[float, ...]) -> None:
        seed_generators(4)
        dataset = draw_dataset(500, weights, 4.2, 0.5)
        design = np.column_stack([dataset.features, np.ones(500)]).astype(np.float64)
        target = dataset.target.astype(np.float64)
        expected = np.linalg.solve(design.T @ design, design.T @ target)
        found = references_of(dataset)
        assert found.parameters == pytest.approx(expected, rel=1e-9)
        assert found.loss == pytest.approx(np.mean((design @ expected - target) ** 2), rel=1e-9)

    def test_it_is_exact_far_from_0(self) -> None:
        years = np.arange(2001, 2021)
        found = references_of(made_data(years, 0.5 * (years - 2000) + 10))
        assert found.parameters == pytest.approx((0.5, -990.0), rel=1e-9)

    def test_a_constant_feature_gives_the_mean_and_no_nan(self) -> None:
        found = references_of(made_data([0.1, 0.1, 0.1, 0.1], [1, 2, 5, 6]))
        assert found.parameters == (0.0, 3.5)
        assert found.loss == pytest.approx(4.25)

    def test_two_equal_features_share_the_weight(self) -> None:
        found = references_of(made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 12]))
        assert found.parameters == pytest.approx((2, 2, 0), abs=1e-9)

    def test_a_single_example_is_fitted_exactly(self) -> None:
        found = references_of(made_data([[3.0, 4.0]], [5.0]))
        assert (found.parameters, found.loss) == ((0.0, 0.0, 5.0), 0.0)

    def test_the_noise_floor_is_the_variance_of_the_noise(self) -> None:
        assert references_of(draw_dataset(10, (2.0,), 4.2, 0.5)).noise_floor == 0.25
        assert references_of(made_data([1, 2], [3, 5])).noise_floor is None
