"""Histories reduced to the points that a picture needs, however long the run is."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from linreg_gui.analysis.coordinates import ParameterMap
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.runs.history import History

MOST_POINTS = 3_000
"""Most points of a path."""

_MOST_ROWS = 2**17
"""When the range changes, no more rows of a long history are read: this takes milliseconds."""
_CELLS_PER_PIXEL = 2.0


@dataclass(frozen=True)
class Column:
    """A quantity at evenly spaced steps.

    Attributes
    ----------
    values : callable
        Returns rows ``first`` to ``stop``.
    rows : int
        The number of rows.
    first_step, stride : int
        Row ``i`` belongs to step ``first_step + i·stride``.
    """

    values: Callable[[int, int], FloatArray]
    rows: int
    first_step: int
    stride: int


def column_of(history: History, values: Callable[[int, int], FloatArray]) -> Column:
    """Return a column with a row for each recorded step of ``history``."""
    return Column(values, len(history), 1, history.stride)


class Envelope:
    """The lowest and the highest value of each pixel column, as a column of numbers grows.

    The bins are fixed to the rows, so the reduced part never changes, and a frame costs as much as
    its new rows. Everything here could be computed again.
    """

    def __init__(self) -> None:
        self._key: tuple[int, ...] = ()
        self._rows = np.empty(0, np.int64)
        self._values = np.empty(0)

    def reduce(
        self, column: Column, left: float, right: float, pixels: float
    ) -> tuple[DoubleArray, DoubleArray]:
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
) -> tuple[npt.NDArray[np.int64], DoubleArray]:
    values = column.values(first, stop)
    if bin_size <= 2:
        return np.arange(first, stop), values.astype(np.float64)
    bins = values.reshape(-1, bin_size)
    kept = np.array([bins.argmin(axis=1), bins.argmax(axis=1)])
    kept.sort(axis=0)
    kept += np.arange(0, len(values), bin_size)
    rows = kept.T.ravel()
    return first + rows, values[rows].astype(np.float64)


class PathThinner:
    """Selects the rows of a history for a path: no two in a row in the same half pixel.

    Everything here could be found again.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._every = 1
        self._rows_done = 0
        self._points = np.empty((2, 0))
        self._steps = np.empty(0, np.int64)

    def points(
        self,
        history: History,
        units: ParameterMap,
        pair: tuple[int, int],
        pixel: tuple[float, float],
        last: int | None = None,
    ) -> DoubleArray:
        """Return the path from the start on, shape (2, k), in ``units``.

        ``pixel`` is the width and height of a pixel in these units. The path ends at step ``last``,
        by default at the newest.
        """
        axes = list(pair)

        def in_plane(trained: FloatArray) -> DoubleArray:
            plane = trained[axes] if units is None else units[axes] @ trained
            return plane.astype(np.float64)

        key = (history, history.stride, None if units is None else units.tobytes(), pair, pixel)
        if key != self._key:
            self._key, self._every, self._rows_done = key, 1, 0
            while len(history) > self._every * _MOST_ROWS:
                self._every *= 2
        while True:
            if not self._rows_done:
                self._points = in_plane(history.start[:, np.newaxis])
                self._steps = np.zeros(1, np.int64)
            new = in_plane(history.parameters[:, self._rows_done :: self._every])
            rows = self._rows_done + self._every * np.arange(new.shape[1])
            self._rows_done += new.shape[1] * self._every
            kept = _moves(np.column_stack([self._points[:, -1:], new]), pixel)
            self._points = np.column_stack([self._points, new[:, kept]])
            self._steps = np.append(self._steps, 1 + history.stride * rows[kept])
            if self._points.shape[1] <= MOST_POINTS:
                break
            self._every, self._rows_done = 2 * self._every, 0
        if last is None:
            return np.column_stack([self._points, in_plane(history.current_parameters)])
        points = self._points[:, self._steps <= last]
        return np.column_stack([points, in_plane(history.parameters_at(last))])


def _moves(points: DoubleArray, pixel: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Return whether each of ``points`` but the first is in another half pixel than the last."""
    cells = np.floor(points / np.array(pixel)[:, np.newaxis] * _CELLS_PER_PIXEL)
    moves: npt.NDArray[np.bool_] = np.any(cells[:, 1:] != cells[:, :-1], axis=0)
    return moves


def pieces_within(area: QRectF, points: DoubleArray) -> list[DoubleArray]:
    """Return the parts of a line that are in ``area``, each of shape (2, k), cut at its edges.

    Dashing the rest of a line would take seconds after a divergence, or in a zoomed picture.
    """
    if points.shape[1] < 2:
        return []
    edges = np.array([[area.left(), area.right()], [area.top(), area.bottom()]])
    if np.all(points.min(axis=1) > edges[:, 0]) and np.all(points.max(axis=1) < edges[:, 1]):
        return [points]
    starts, shifts = points[:, :-1], np.diff(points)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = ((edge[:, np.newaxis] - starts) / shifts for edge in edges.T)
    enters = np.maximum(np.fmin(low, high).max(axis=0), 0.0)
    leaves = np.minimum(np.fmax(low, high).min(axis=0), 1.0)
    inside = np.flatnonzero(enters < leaves)
    if not len(inside):
        return []
    begins, ends = (
        np.clip(starts[:, inside] + shares[inside] * shifts[:, inside], edges[:, :1], edges[:, 1:])
        for shares in (enters, leaves)
    )
    firsts = np.flatnonzero(np.append(True, (np.diff(inside) > 1) | (leaves[inside[:-1]] < 1)))
    line = np.insert(ends, firsts, begins[:, firsts], axis=1)
    return np.split(line, firsts[1:] + np.arange(1, len(firsts)), axis=1)
