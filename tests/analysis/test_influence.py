"""The example that pulls the line most is found by Cook's distance."""

import numpy as np
import pytest

from linreg_gui.analysis.influence import LEAST_DISTANCE, LEAST_RATIO, standing_out
from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset, DoubleArray
from tests.support import line_data, made_data


def distances(dataset: Dataset) -> DoubleArray:
    """Return Cook's distances from their definition: solve again without each example."""
    table = np.column_stack([dataset.features, np.ones(dataset.size)])
    best, *_ = np.linalg.lstsq(table, dataset.target, rcond=None)
    residuals = dataset.target - table @ best
    variance = residuals @ residuals / (dataset.size - table.shape[1])
    found = []
    for row in range(dataset.size):
        rest = np.delete(np.arange(dataset.size), row)
        other, *_ = np.linalg.lstsq(table[rest], dataset.target[rest], rcond=None)
        moved = table @ (best - other)
        found.append(moved @ moved / (table.shape[1] * variance))
    return np.array(found)


def clouds() -> Dataset:
    generator = np.random.default_rng(4)
    X = generator.normal(size=(40, 3))
    y = X @ [1.0, -2.0, 0.5] + generator.normal(size=40)
    X[11], y[11] = [4.0, 4.0, -4.0], 30.0
    return made_data(X, y)


@pytest.mark.parametrize("name", ["anscombe_1", "anscombe_2", "anscombe_3", "star_cluster"])
def test_an_example_stands_out_if_it_moves_the_solution_far(name: str) -> None:
    dataset = next(sample for sample in samples() if sample.name == name).read()
    expected = distances(dataset)
    *_, second, first = np.sort(expected)
    is_far = first >= max(LEAST_DISTANCE, LEAST_RATIO * second)
    row = int(expected.argmax()) if is_far else None
    assert standing_out(dataset) == row
    assert (row is None) == (name != "anscombe_3")


def test_with_several_features() -> None:
    dataset = clouds()
    assert distances(dataset).argmax() == 11
    assert standing_out(dataset) == 11


def test_none_stands_out_where_the_rest_does_not_determine_the_line_or_the_fit_is_perfect() -> None:
    anscombe_4 = next(sample for sample in samples() if sample.name == "anscombe_4").read()
    assert standing_out(anscombe_4) is None
    assert standing_out(line_data(-5, 5)) is None
    assert standing_out(made_data([1.0, 2.0], [3.0, 5.0])) is None
    assert standing_out(made_data(np.full(9, 2.0), np.arange(9.0))) is None
    assert standing_out(made_data([[1.0, 2.0, 4.0], [3.0, 5.0, 1.0]], [1.0, 4.0])) is None
