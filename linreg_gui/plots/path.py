"""Ways through a plane: few points however long the run, and only what is new is repainted."""

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from linreg_gui.analysis.problem import ParameterMap
from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Stroke
from linreg_gui.plots.curve import FloatColumn, draw_marker
from linreg_gui.plots.layer import Layer, dash_way, draw_path
from linreg_gui.runs.history import History

MOST_POINTS = 3_000
_MOST_ROWS = 2**17
"""No more of a long history is looked at for another range: it takes some milliseconds."""
_CELLS_PER_PIXEL = 2.0
_MARKER_PIXELS = 11.0


class PathThinner:
    """The rows of a history that a path needs: none that stays in the half pixel before it.

    It holds nothing that it could not find again.
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
    ) -> FloatColumn:
        """Return the path from the start on, shape (2, k), in other ``units``.

        ``pixel`` is the size of one.
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
        newest = self._seen(history.current_parameters, pair)
        return np.column_stack([self._points, newest])

    def _begin(self, history: History, pair: tuple[int, int]) -> None:
        self._rows_done = 0
        self._points = self._seen(history.start[:, np.newaxis], pair)
        self._last_cell = np.empty((2, 0))

    def _take(self, history: History, pair: tuple[int, int], pixel: tuple[float, float]) -> None:
        new = self._seen(history.parameters[:, self._rows_done :: self._every], pair)
        if not new.shape[1]:
            return
        self._rows_done += new.shape[1] * self._every
        cells = np.floor(new / np.array(pixel)[:, np.newaxis] * _CELLS_PER_PIXEL)
        with_last = np.column_stack([self._last_cell, cells])
        moved = np.any(with_last[:, 1:] != with_last[:, :-1], axis=0)
        kept = moved if self._last_cell.size else np.append(True, moved)
        self._last_cell = cells[:, -1:]
        self._points = np.column_stack([self._points, new[:, kept]])

    def _seen(self, trained: FloatArray, pair: tuple[int, int]) -> FloatColumn:
        """Return the two parameters on the axes; as cheap as can be where nothing is mapped."""
        if self._units is None:
            return trained[list(pair)].astype(np.float64)
        seen: FloatColumn = self._units[list(pair)] @ trained
        return seen


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
        self._paths: list[Path] = []
        self._markers: list[Marker] = []
        self._to_pixels = QTransform()
        self._drawn: dict[Path, QPainterPath] = {}

    @property
    def paths(self) -> list[Path]:
        """Return what is drawn, the last one on top."""
        return self._paths

    def set_paths(self, paths: list[Path]) -> None:
        """Draw ``paths`` and no other ones."""
        if paths != self._paths:
            self._paths = paths
            self.update()

    def set_points(self, path: Path, points: FloatColumn) -> None:
        """Give ``path`` other points, and repaint from the first that differs."""
        common = min(points.shape[1], path.points.shape[1])
        differs = np.any(points[:, :common] != path.points[:, :common], axis=0)
        first = int(differs.argmax()) if differs.any() else common
        if first < max(points.shape[1], path.points.shape[1]):
            since = slice(max(first - 1, 0), None)
            changed = np.column_stack([path.points[:, since], points[:, since]])
            path.points = points
            self._drawn.pop(path, None)
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
        if to_pixels != self._to_pixels:
            self._to_pixels = to_pixels
            self._drawn.clear()
        for path in self._paths:
            if path not in self._drawn:
                self._drawn[path] = self._way(path)
            way = self._drawn[path]
            if around.intersects(way.controlPointRect().adjusted(-1, -1, 1, 1)):
                draw_path(painter, path.stroke, way)
        for marker in self._markers:
            place = to_pixels.map(QPointF(marker.x, marker.y))
            halo = Stroke(self.surface, symbol=marker.stroke.symbol)
            draw_marker(painter, halo, place, _MARKER_PIXELS + 4)
            draw_marker(painter, marker.stroke, place, _MARKER_PIXELS)

    def _way(self, path: Path) -> QPainterPath:
        to_pixels = self._to_pixels
        scale = np.array([[to_pixels.m11()], [to_pixels.m22()]])
        origin = np.array([[to_pixels.dx()], [to_pixels.dy()]])
        # Little excursions are left whole: many short pieces cost more than their dashes.
        view = to_pixels.mapRect(self.boundingRect())
        width, height = view.width() / 2, view.height() / 2
        near = view.adjusted(-width, -height, width, height)
        style, way = path.stroke.line, QPainterPath()
        solid = style is Qt.PenStyle.SolidLine
        for piece in pieces_within(near, path.points * scale + origin):
            way.addPath(pg.functions.arrayToQPath(*piece) if solid else dash_way(style, *piece))
        return way


def pieces_within(area: QRectF, points: FloatColumn) -> list[FloatColumn]:
    """Return the parts of a line that are in ``area``, each of shape (2, k), cut at its edges.

    What a run that diverges, or a closer look, leaves outside would take seconds to dash.
    """
    if points.shape[1] < 2:
        return []
    edges = np.array([[area.left(), area.right()], [area.top(), area.bottom()]])
    if np.all(points.min(axis=1) > edges[:, 0]) and np.all(points.max(axis=1) < edges[:, 1]):
        return [points]
    starts, ways = points[:, :-1], np.diff(points)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = ((edge[:, np.newaxis] - starts) / ways for edge in edges.T)
    enters = np.maximum(np.fmin(low, high).max(axis=0), 0.0)
    leaves = np.minimum(np.fmax(low, high).min(axis=0), 1.0)
    seen = np.flatnonzero(enters < leaves)
    if not len(seen):
        return []
    begins, ends = (
        np.clip(starts[:, seen] + shares[seen] * ways[:, seen], edges[:, :1], edges[:, 1:])
        for shares in (enters, leaves)
    )
    firsts = np.flatnonzero(np.append(True, (np.diff(seen) > 1) | (leaves[seen[:-1]] < 1)))
    line = np.insert(ends, firsts, begins[:, firsts], axis=1)
    return np.split(line, firsts[1:] + np.arange(1, len(firsts)), axis=1)
