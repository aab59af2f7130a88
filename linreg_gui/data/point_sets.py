"""Small sets of points that show one thing each, to be taken apart by hand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linreg_gui.data.dataset import Dataset, DoubleArray, Skipped
from linreg_gui.texts import tr

_SEED = 7

LEARNING_RATE, EPOCHS = 0.1, 300
"""They suit all sets, in batches of all the points: each run ends at least squares."""


@dataclass(frozen=True)
class PointSet:
    """A set of points.

    Attributes
    ----------
    title : str
        A few words.
    look_for : str
        A sentence or two: what to try, and what to see.
    draw : callable
        Returns x and y, shape (n,) each, with random numbers from a generator.
    """

    title: str
    look_for: str
    draw: Callable[[np.random.Generator], tuple[DoubleArray, DoubleArray]]

    def make(self) -> Dataset:
        """Return the points, the same ones every time."""
        x, y = self.draw(np.random.default_rng(_SEED))
        return cloud(np.round(x, 2), np.round(y, 2), self.title)


def cloud(x: DoubleArray, y: DoubleArray, name: str) -> Dataset:
    """Return points of the plane as a dataset."""
    return Dataset(
        features=np.asarray(x, np.float64).reshape(-1, 1),
        target=np.asarray(y, np.float64),
        feature_names=("x",),
        name=name,
        skipped=Skipped(len(x)),
    )


def empty_canvas() -> Dataset:
    """Return no points."""
    return cloud(np.empty(0), np.empty(0), tr("your own cloud"))


def point_sets() -> tuple[PointSet, ...]:
    """Return the sets, simplest first, with their texts in the user's language."""
    return (
        PointSet(
            tr("An outlier in the middle"),
            tr(
                "The outlier lifts the line but does not turn it: b changes, the slope hardly. "
                "Remove it, then undo."
            ),
            lambda rng: _with_outlier(rng, 0.0, 5.5),
        ),
        PointSet(
            tr("An outlier at the end"),
            tr(
                "An outlier as far from the line, but at the end of x, turns it: it has leverage. "
                "Drag it to the middle and back."
            ),
            lambda rng: _with_outlier(rng, 3.0, -2.1),
        ),
        PointSet(
            tr("Two clusters"),
            tr(
                "The line joins two clusters, but inside each one x says nothing about y. Remove "
                "one cluster: the slope falls to about 0."
            ),
            _two_clusters,
        ),
        PointSet(
            tr("A line and one far point"),
            tr(
                "One far point decides the slope: drag it up and down, and the line follows. So "
                "its residual is small, however far it is from the line of the others."
            ),
            _far_point,
        ),
        PointSet(
            tr("Noise that grows"),
            tr(
                "The line is right, but less certain on the right. Look at the residuals against "
                "the prediction: they open like a fan."
            ),
            _growing_noise,
        ),
        PointSet(
            tr("A curve"),
            tr(
                "No line fits a curve. The residuals show it: above 0 at both ends, below 0 in the "
                "middle."
            ),
            _curve,
        ),
    )


def _line(rng: np.random.Generator, x: DoubleArray, noise: float) -> DoubleArray:
    y: DoubleArray = 0.8 * x + 0.5 + noise * rng.normal(size=len(x))
    return y


def _with_outlier(rng: np.random.Generator, x: float, y: float) -> tuple[DoubleArray, DoubleArray]:
    across = np.linspace(-2.5, 2.5, 24)
    return np.append(across, x), np.append(_line(rng, across, 0.3), y)


def _two_clusters(rng: np.random.Generator) -> tuple[DoubleArray, DoubleArray]:
    middles = np.repeat([-1.8, 1.8], 20)
    return middles + 0.5 * rng.normal(size=40), 0.8 * middles + 0.3 * rng.normal(size=40)


def _far_point(rng: np.random.Generator) -> tuple[DoubleArray, DoubleArray]:
    across = rng.uniform(-0.8, 0.4, 20)
    return np.append(across, 8.0), np.append(_line(rng, across, 0.3), 0.0)


def _growing_noise(rng: np.random.Generator) -> tuple[DoubleArray, DoubleArray]:
    across = np.linspace(-2.5, 2.5, 40)
    return across, _line(rng, across, 0.0) + 0.3 * (across + 2.7) * rng.normal(size=40)


def _curve(rng: np.random.Generator) -> tuple[DoubleArray, DoubleArray]:
    across = np.linspace(-2.5, 2.5, 30)
    return across, 0.5 * across**2 - 1.0 + 0.15 * rng.normal(size=30)
