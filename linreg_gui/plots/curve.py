"""Curves over the steps of a run: every peak kept, never more points than pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Stroke
from linreg_gui.plots.layer import Layer, cut_off, draw_line, x_pixels

FloatColumn = npt.NDArray[np.float64]

BOTTOM_EDGE = -math.inf
"""A curve's y that is drawn at the bottom edge: a loss of exactly 0 on a log axis."""

GONE = math.inf
"""A curve's y that is not drawn: a parameter that has long left the picture."""

_LONE_POINT_PIXELS = 5.0
_MARKER_PIXELS = 8.0
_MARKER_SPACING = 14.0


@dataclass(frozen=True)
class Column:
    """A quantity at evenly spaced steps.

    Attributes
    ----------
    values : callable
        Returns rows ``first`` to ``stop``.
    rows : int
        How many there are.
    first_step, stride : int
        Row ``i`` belongs to step ``first_step + i·stride``.
    """

    values: Callable[[int, int], FloatArray]
    rows: int
    first_step: int
    stride: int


class Envelope:
    """The lowest and the highest value of each pixel column, as a column of numbers grows.

    The bins are fixed to the rows, so what has been reduced stays as it is, and a frame costs as
    much as the rows that are new in it. It holds nothing that it could not compute again.
    """

    def __init__(self) -> None:
        self._key: tuple[int, ...] = ()
        self._rows = np.empty(0, np.int64)
        self._values = np.empty(0)

    def reduce(
        self, column: Column, left: float, right: float, pixels: float
    ) -> tuple[FloatColumn, FloatColumn]:
        """Return the steps and values to draw between steps ``left`` and ``right``."""
        span = (right - left) / column.stride
        bin_size = 1 if span <= 2 * pixels else 2 ** math.ceil(math.log2(span / pixels))
        first = max(0, math.floor((left - column.first_step) / column.stride) - 1)
        first -= first % bin_size
        stop = min(column.rows, math.ceil((right - column.first_step) / column.stride) + 2)
        stop = max(first, stop)

        key = (column.first_step, column.stride, first, bin_size)
        done = first + len(self._rows) // 2 * bin_size if bin_size > 1 else first + len(self._rows)
        if key != self._key or done > stop:
            self._key, done = key, first
            self._rows, self._values = np.empty(0, np.int64), np.empty(0)
        whole = stop - (stop - first) % bin_size
        if whole > done:
            rows, values = _extremes(column, done, whole, bin_size)
            self._rows = np.concatenate([self._rows, rows])
            self._values = np.concatenate([self._values, values])
        rows, values = self._rows, self._values
        if stop > whole:
            last_rows, last_values = _extremes(column, whole, stop, stop - whole)
            rows = np.concatenate([rows, last_rows, [stop - 1]])
            values = np.concatenate([values, last_values, column.values(stop - 1, stop)])
        return (column.first_step + column.stride * rows).astype(np.float64), values


def _extremes(
    column: Column, first: int, stop: int, bin_size: int
) -> tuple[npt.NDArray[np.int64], FloatColumn]:
    values = column.values(first, stop)
    if bin_size <= 2:
        return np.arange(first, stop), values.astype(np.float64)
    bins = values.reshape(-1, bin_size)
    kept = np.array([bins.argmin(axis=1), bins.argmax(axis=1)])
    kept.sort(axis=0)
    kept += np.arange(0, len(values), bin_size)
    rows = kept.T.ravel()
    return first + rows, values[rows].astype(np.float64)


@dataclass(eq=False)
class Curve:
    """A line through points, as a `CurveLayer` draws it.

    Attributes
    ----------
    stroke : Stroke
        Its look.
    smooth : bool
        Whether its edges are smoothed: for a line with few points that all else hangs on.
    markers : bool
        Whether its points are marked where there is room.
    visible : bool
        Whether it is drawn.
    x, y : ndarray
        Its points in the coordinates of the axes, x ascending.
    """

    stroke: Stroke
    smooth: bool = True
    markers: bool = False
    visible: bool = True
    x: FloatColumn = field(default_factory=lambda: np.empty(0))
    y: FloatColumn = field(default_factory=lambda: np.empty(0))


class CurveLayer(Layer):
    """Draws curves, the last one on top."""

    def __init__(self) -> None:
        super().__init__()
        self.curves: list[Curve] = []

    def set_points(self, curve: Curve, x: FloatColumn, y: FloatColumn) -> None:
        """Give ``curve`` other points and repaint from the first one that differs."""
        common = min(len(x), len(curve.x))
        differs = (x[:common] != curve.x[:common]) | (y[:common] != curve.y[:common])
        first = int(differs.argmax()) if differs.any() else common
        if first == max(len(x), len(curve.x)):
            return
        last_same = max(first - 1, 0)
        changed_x = np.concatenate([curve.x[last_same:], x[last_same:]])
        changed_y = np.concatenate([curve.y[last_same:], y[last_same:]])
        curve.x, curve.y = x, y
        if curve.visible:
            self.repaint_around(
                (float(changed_x.min()), float(changed_x.max())),
                (float(changed_y.min()), float(changed_y.max())),
            )

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the part of each curve that meets ``exposed``."""
        bottom = to_pixels.mapRect(self.boundingRect()).bottom() - 1
        for curve in self.curves:
            if curve.visible and len(curve.x):
                _draw_curve(painter, curve, to_pixels, exposed, bottom)


def _draw_curve(
    painter: QPainter, curve: Curve, to_pixels: QTransform, exposed: QRectF, bottom: float
) -> None:
    x = x_pixels(to_pixels, curve.x)
    around = exposed.adjusted(-_MARKER_PIXELS, 0, _MARKER_PIXELS, 0)
    first = max(0, int(np.searchsorted(x, around.left())) - 1)
    part = slice(first, int(np.searchsorted(x, around.right(), "right")) + 1)
    y = curve.y[part] * to_pixels.m22() + to_pixels.dy()
    y[curve.y[part] == BOTTOM_EDGE] = bottom
    y[curve.y[part] == GONE] = np.nan
    x, y = cut_off(curve.x[part] * to_pixels.m11() + to_pixels.dx(), y)
    draw_line(painter, curve.stroke, x, y, around, smooth=curve.smooth)
    if len(curve.x) == 1 and not curve.markers:  # a line needs two
        draw_marker(painter, curve.stroke, QPointF(x[0], y[0]), _LONE_POINT_PIXELS)
    if curve.markers and x[-1] - x[0] >= _MARKER_SPACING * (len(x) - 2):
        for center in zip(x, y, strict=True):
            draw_marker(painter, curve.stroke, QPointF(*center))


def draw_marker(
    painter: QPainter, stroke: Stroke, center: QPointF, pixels: float = _MARKER_PIXELS
) -> None:
    """Draw the marker of ``stroke``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(stroke.color))
    painter.translate(center)
    painter.scale(pixels, pixels)
    painter.drawPath(Symbols[stroke.symbol])
    painter.restore()
