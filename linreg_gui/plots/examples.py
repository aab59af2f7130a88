"""The examples of a run as pictures draw them: which ones, and how large."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.look.scale import scale_factor
from linreg_gui.plots.layer import line_pen, x_pixels, y_pixels
from linreg_gui.plots.series import Points

MOST_POINTS = 2_000
"""Of more examples than this, a sample is drawn."""

_LARGEST, _SMALLEST = 13.0, 3.0
_FEW = 11
"""With this number of examples, a usual picture has markers of `_FEW_PIXELS`."""
_FEW_PIXELS = 12.0
_USUAL_PICTURE = 780 * 500
_SHRINKING = 0.133
"""Then 2,000 examples have markers of 6 pixels."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a dataset, in double precision.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        In column order.
    target : ndarray, shape (n,)
    """

    features: DoubleArray
    target: DoubleArray

    @classmethod
    def of(
        cls, dataset: Dataset, coordinates: Coordinates, rows: npt.NDArray[np.int64]
    ) -> "Examples":
        """Return the examples in ``rows`` of ``dataset``, in ``coordinates``."""
        return cls(
            np.asfortranarray(coordinates.features(dataset.features[rows]), np.float64),
            dataset.target[rows].astype(np.float64),
        )

    @classmethod
    def none(cls, dimension: int) -> "Examples":
        """Return no examples."""
        return cls(np.empty((0, dimension)), np.empty(0))

    def followed_by(self, others: "Examples") -> "Examples":
        """Return these examples and then ``others``."""
        return Examples(
            np.vstack([self.features, others.features]), np.append(self.target, others.target)
        )

    def predicted(self, parameters: DoubleArray) -> DoubleArray:
        """Return the prediction for each example."""
        predictions: DoubleArray = self.features @ parameters[:-1] + parameters[-1]
        return predictions

    def residuals(self, parameters: DoubleArray) -> DoubleArray:
        """Return how far each target is above its prediction."""
        return self.target - self.predicted(parameters)


@lru_cache(maxsize=4)
def sampled(size: int) -> npt.NDArray[np.int64]:
    """Return the rows of a dataset that are drawn: all, or a sample that is always the same."""
    if size <= MOST_POINTS:
        rows = np.arange(size)
    else:
        # Not NumPy's global generator: NDArrayIter draws from it at the same time.
        rows = np.sort(np.random.default_rng(0).choice(size, MOST_POINTS, replace=False))
    rows.setflags(write=False)
    return rows


def spread(size: int, most: int) -> npt.NDArray[np.int64]:
    """Return all indices below ``size``, or ``most`` of them at even distances."""
    return np.linspace(0, size - 1, min(size, most)).astype(np.int64)


def marker_pixels(count: int, pixels: tuple[float, float]) -> float:
    """Return how large to draw ``count`` examples on a picture, in pixels at 100 %.

    Few are large and many are small, so that they can be seen but do not hide one another.
    """
    width, height = pixels
    room = width * height / scale_factor() ** 2 / max(1, count)
    wanted: float = _FEW_PIXELS * (room / (_USUAL_PICTURE / _FEW)) ** _SHRINKING
    return min(max(wanted, _SMALLEST), _LARGEST)


@dataclass(eq=False)
class Residuals(Points):
    """A vertical line for each residual, between two points in a row."""

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the lines."""
        columns = np.round(x_pixels(to_pixels, self.x)).tolist()
        heights = y_pixels(to_pixels, self.y).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(line_pen(self.stroke.color, math.ceil(self.stroke.width)))
        painter.drawLines(list(map(QPointF, columns, heights)))
