"""Moments that follow single changes are those of a fresh computation."""

import dataclasses

import numpy as np
import pytest

from linreg_gui.analysis.least_squares import compute_references
from linreg_gui.analysis.moments import Moments, moments_of
from linreg_gui.analysis.problem import Problem
from linreg_gui.analysis.running_moments import RunningMoments
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.point_edits import PointEdits, Points
from tests.support import made_data, problem_posed_by

EDITS = 1_000


def fresh(dataset: Dataset) -> Dataset:
    """Return the same examples, of which nothing is known yet."""
    return dataclasses.replace(dataset)


def assert_same(found: Moments, dataset: Dataset, rel: float = 1e-9) -> None:
    expected = moments_of(fresh(dataset))
    known = problem_posed_by(dataset)
    problem = dataclasses.replace(known, moments=found)
    exact: Problem = dataclasses.replace(known, moments=expected)
    for units in ("original", "standardized"):
        ours, theirs = getattr(problem, units), getattr(exact, units)
        size = np.abs(theirs.references.parameters).max()
        np.testing.assert_allclose(
            ours.references.parameters, theirs.references.parameters, rtol=rel, atol=rel * size
        )
        assert ours.references.loss == pytest.approx(theirs.references.loss, rel=rel, abs=0)
        np.testing.assert_allclose(
            ours.landscape.hessian, theirs.landscape.hessian, rtol=rel, atol=rel * size
        )
    at = np.array(exact.original.references.parameters) + 0.3
    assert problem.original.landscape.loss(at) == pytest.approx(
        exact.original.landscape.loss(at), rel=rel
    )
    for size in (1, 4):
        limits, true_limits = (each.curvature.limits(size) for each in (problem, exact))
        for name in ("full_batch", "mean_square"):
            assert getattr(limits, name) == pytest.approx(getattr(true_limits, name), rel=rel)


@pytest.mark.parametrize(
    ("center", "spread", "noise"),
    [((0.0, 0.0), (1.0, 1.0), 0.01), ((2000.0,), (8.0,), 3.0), ((5.0, -3e5), (0.1, 40.0), 1e-4)],
)
def test_least_squares_after_a_thousand_random_edits(
    center: tuple[float, ...], spread: tuple[float, ...], noise: float
) -> None:
    rng = np.random.default_rng(8)
    d, size = len(center), 400
    features = rng.normal(center, spread, (size, d))
    slope = np.array([2.0, 3.0][:d])
    target = features @ slope + 4 + noise * rng.normal(size=size)
    edits = PointEdits(made_data(features, target))
    running = RunningMoments(edits.original)
    for _ in range(EDITS):
        kind = rng.integers(4)
        place = np.array([rng.choice(edits.places)])
        now = edits.at(place)
        if kind == 0 and edits.size > 100:
            change = edits.remove(place)
        elif kind == 1:
            new = rng.normal(center, spread, (1, d))
            change = edits.add(Points(new, new @ slope + 4))
        elif kind == 2 and edits.can_undo:
            (change,) = edits.undo()
        else:
            target = now.target + noise * rng.normal(size=1)
            change = edits.move(place, Points(now.features + 0.1 * np.array(spread), target))
        running.follow(change)
    data = edits.dataset()
    assert data.edited is not None
    assert data.edited.count > 300
    assert_same(running.moments(data), data)


def test_an_outlier_that_comes_home_leaves_no_rounding_behind() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=100)
    edits = PointEdits(made_data(x, 3 * x + 1e-6 * rng.normal(size=100)))
    running = RunningMoments(edits.original)
    place = np.array([7])
    home = edits.at(place)
    for far in (1e9, 1e3):
        running.follow(edits.move(place, Points(home.features + far, home.target - far)))
        assert_same(running.moments(edits.dataset()), edits.dataset(), rel=1e-7)
        running.follow(edits.move(place, home))
        running.follow(edits.move(np.array([8]), edits.at(np.array([8]))))
        assert_same(running.moments(edits.dataset()), edits.dataset())


def test_points_that_determine_no_line_are_told_so() -> None:
    edits = PointEdits(made_data([1, 1, 1, 2], [1, 2, 3, 4]))
    running = RunningMoments(edits.original)
    running.follow(edits.remove(np.array([3])))
    data = edits.dataset()
    references = compute_references(running.moments(data), data.feature_names, None)
    assert "no spread" in references.undetermined
