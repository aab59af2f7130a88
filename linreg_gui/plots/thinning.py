"""Histories reduced to the points that a picture needs, however long the run is."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from linreg_gui.analysis.problem import ParameterMap
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
        self._units: ParameterMap = None
        self._every = 1
        self._rows_done = 0
        self._last_cell = np.empty((2, 0))
        self._points = np.empty((2, 0))

    def points(
        self,
        history: History,
        units: ParameterMap,
        pair: tuple[int, int],
        pixel: tuple[float, float],
    ) -> DoubleArray:
        """Return the path from the start on, shape (2, k), in ``units``.

        ``pixel`` is the width and height of a pixel in these units.
        """
        self._units = units
        key = (history.stride, None if units is None else units.tobytes(), pair, pixel)
        if key != self._key:
            self._key, self._every = key, 1
            while len(history) > self._every * _MOST_ROWS:
                self._every *= 2
            self._begin(history, pair)
        self._take(history, pair, pixel)
        while self._points.shape[1] > MOST_POINTS:
            self._every *= 2
            self._begin(history, pair)
            self._take(history, pair, pixel)
        newest = self._in_plane(history.current_parameters, pair)
        return np.column_stack([self._points, newest])

    def _begin(self, history: History, pair: tuple[int, int]) -> None:
        self._rows_done = 0
        self._points = self._in_plane(history.start[:, np.newaxis], pair)
        self._last_cell = np.empty((2, 0))

    def _take(self, history: History, pair: tuple[int, int], pixel: tuple[float, float]) -> None:
        new = self._in_plane(history.parameters[:, self._rows_done :: self._every], pair)
        if not new.shape[1]:
            return
        self._rows_done += new.shape[1] * self._every
        cells = np.floor(new / np.array(pixel)[:, np.newaxis] * _CELLS_PER_PIXEL)
        with_last = np.column_stack([self._last_cell, cells])
        moved = np.any(with_last[:, 1:] != with_last[:, :-1], axis=0)
        kept = moved if self._last_cell.size else np.append(True, moved)
        self._last_cell = cells[:, -1:]
        self._points = np.column_stack([self._points, new[:, kept]])

    def _in_plane(self, trained: FloatArray, pair: tuple[int, int]) -> DoubleArray:
        """Return the two parameters on the axes, at the least cost if the units are the same."""
        if self._units is None:
            return trained[list(pair)].astype(np.float64)
        mapped: DoubleArray = self._units[list(pair)] @ trained
        return mapped


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
