"""Ways through a plane: few points however long the run, and only what is new is repainted."""

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.training.history import History
from linreg_gui.widgets.plots.curve import FloatColumn, draw_marker
from linreg_gui.widgets.plots.layer import Layer, dash_way, draw_path, x_pixels, y_pixels
from linreg_gui.widgets.theme import Stroke

MOST_POINTS = 3_000
_CELLS_PER_PIXEL = 2.0
_MARKER_PIXELS = 11.0


class PathThinner:
    """The rows of a history that a path needs: none that stays in the half pixel before it.

    It holds nothing that it could not find again.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._every = 1
        self._rows_done = 0
        self._last_cell = np.empty((2, 0))
        self._points = np.empty((2, 0))

    def points(
        self, history: History, pair: tuple[int, int], pixel: tuple[float, float]
    ) -> FloatColumn:
        """Return the path from the start on, shape (2, k); ``pixel`` is the size of one."""
        key = (history.stride, pair, pixel)
        if key != self._key:
            self._key, self._every = key, 1
            self._begin(history, pair)
        self._take(history, pair, pixel)
        while self._points.shape[1] > MOST_POINTS:
            self._every *= 2
            self._begin(history, pair)
            self._take(history, pair, pixel)
        newest = history.current_parameters[list(pair)].astype(np.float64)
        return np.column_stack([self._points, newest])

    def _begin(self, history: History, pair: tuple[int, int]) -> None:
        self._rows_done = 0
        self._points = history.start[list(pair), np.newaxis].astype(np.float64)
        self._last_cell = np.empty((2, 0))

    def _take(self, history: History, pair: tuple[int, int], pixel: tuple[float, float]) -> None:
        new = history.parameters[list(pair), self._rows_done :: self._every].astype(np.float64)
        if not new.shape[1]:
            return
        self._rows_done += new.shape[1] * self._every
        cells = np.floor(new / np.array(pixel)[:, np.newaxis] * _CELLS_PER_PIXEL)
        with_last = np.column_stack([self._last_cell, cells])
        moved = np.any(with_last[:, 1:] != with_last[:, :-1], axis=0)
        kept = moved if self._last_cell.size else np.append(True, moved)
        self._last_cell = cells[:, -1:]
        self._points = np.column_stack([self._points, new[:, kept]])


@dataclass(eq=False)
class Path:
    """A line through the plane, in the order of its points."""

    stroke: Stroke
    points: FloatColumn = field(default_factory=lambda: np.empty((2, 0)))


@dataclass(frozen=True)
class Marker:
    """A named place in the plane."""

    x: float
    y: float
    stroke: Stroke


class PathLayer(Layer):
    """Draws paths and, over them, markers."""

    def __init__(self) -> None:
        super().__init__()
        self.surface = "#ffffff"
        self.paths: list[Path] = []
        self._markers: list[Marker] = []

    def set_points(self, path: Path, points: FloatColumn) -> None:
        """Give ``path`` other points, and repaint from the first that differs."""
        common = min(points.shape[1], path.points.shape[1])
        differs = np.any(points[:, :common] != path.points[:, :common], axis=0)
        first = int(differs.argmax()) if differs.any() else common
        if first < max(points.shape[1], path.points.shape[1]):
            since = slice(max(first - 1, 0), None)
            changed = np.column_stack([path.points[:, since], points[:, since]])
            path.points = points
            (left, low), (right, high) = changed.min(axis=1), changed.max(axis=1)
            self.repaint_around((left, right), (low, high))

    def set_markers(self, markers: list[Marker]) -> None:
        """Draw ``markers`` instead of the former ones."""
        if markers != self._markers:
            for marker in {*markers} ^ {*self._markers}:
                self.repaint_around((marker.x, marker.x), (marker.y, marker.y))
            self._markers = markers

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw what meets ``exposed``."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = exposed.adjusted(-2, -2, 2, 2)
        for path in self.paths:
            x, y = x_pixels(to_pixels, path.points[0]), y_pixels(to_pixels, path.points[1])
            if len(x) > 1 and around.intersects(_bounds(x, y)):
                style = path.stroke.line
                solid = style is Qt.PenStyle.SolidLine
                way = pg.functions.arrayToQPath(x, y) if solid else dash_way(style, x, y)
                draw_path(painter, path.stroke, way)
        for marker in self._markers:
            place = to_pixels.map(QPointF(marker.x, marker.y))
            halo = Stroke(self.surface, symbol=marker.stroke.symbol)
            draw_marker(painter, halo, place, _MARKER_PIXELS + 4)
            draw_marker(painter, marker.stroke, place, _MARKER_PIXELS)


def _bounds(x: FloatColumn, y: FloatColumn) -> QRectF:
    left, top = float(x.min()), float(y.min())
    return QRectF(left, top, max(float(x.max()) - left, 1.0), max(float(y.max()) - top, 1.0))
