"""The lines drawn by hand in the data picture: my line, its residuals, and the kept ones."""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.scale import px
from linreg_gui.number_text import whole
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.data_view import Projection, line_ends
from linreg_gui.plots.examples import Examples, Residuals, spread
from linreg_gui.plots.grip import RADIUS, Grip
from linreg_gui.plots.layer import MARKER_PIXELS, Layer, draw_marker, x_pixels, y_pixels
from linreg_gui.plots.place_names import PlaceName
from linreg_gui.plots.ranges import Range
from linreg_gui.plots.series import Curve, Points, Series, SeriesLayer
from linreg_gui.runs.guess import KeptGuess, ShownGuesses, rounded_line
from linreg_gui.texts import tr, trn

MOST_SQUARES = 100
"""Of more residuals than this, a sample is drawn."""

_FILL, _OUTLINE = 40, 255
_LEAST_FILL, _LEAST_OUTLINE = 6, 80
_FEW = 20
"""Up to this number, squares have the strongest colors: where many overlap, light ones add up."""
_MARKS = (0.2, 0.8)
"""Where a kept line has its marker, as shares of the width of the picture."""
_INSIDE = 26
"""Pixels between a grip and the edge of the picture."""
_LEAST_APART = 100
"""Ends of a line nearer to each other than this would be hard to take hold of."""
_UNSEEN = 1 / 4
"""A share of a pixel that nobody sees."""
_CLEAR = 12
"""Further pixels between the name of the line in hand and a grip."""


class Squares(Points):
    """A square on each residual, between two points in a row: its area is the squared residual.

    It is a square on the screen, whatever the axes are. It lies on the side where the line goes
    away from it.

    Attributes
    ----------
    slope : float
        Of the line, in the coordinates of the axes.
    """

    has_line = False

    slope: float = 0.0

    def rects(self, to_pixels: QTransform) -> list[QRectF]:
        """Return the squares in pixels."""
        left = x_pixels(to_pixels, self.x[::2])
        top, bottom = np.sort(y_pixels(to_pixels, self.y).reshape(-1, 2)).T
        sides = bottom - top
        rises = np.sign(self.slope) * np.sign(self.y[::2] - self.y[1::2]) > 0
        left = left - np.where(rises, sides, 0.0)
        return [QRectF(*each) for each in zip(left, top, sides, sides, strict=True)]

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw outlines that can be told apart where they overlap, filled lightly."""
        outline, fill = QColor(self.stroke.color), QColor(self.stroke.color)
        strength = min(1.0, _FEW / max(1, len(self.x) // 2))
        outline.setAlpha(max(_LEAST_OUTLINE, round(_OUTLINE * strength)))
        fill.setAlpha(max(_LEAST_FILL, round(_FILL * strength)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(outline, 1))
        painter.setBrush(fill)
        painter.drawRects([rect for rect in self.rects(to_pixels) if rect.intersects(exposed)])


class KeptLine(Curve):
    """A straight line with its marker, so that more than its color tells it."""

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the line, and the marker where it crosses two columns of the picture."""
        super().draw(painter, to_pixels, exposed, view)
        if len(self.x) < 2:
            return
        x, y = x_pixels(to_pixels, self.x), y_pixels(to_pixels, self.y)
        for share in _MARKS:
            column = view.left() + share * view.width()
            place = QPointF(column, float(np.interp(column, x, y)))
            if view.contains(place):
                draw_marker(painter, self.stroke, place, MARKER_PIXELS)


@dataclass(frozen=True)
class _Scene:
    """What the data picture shows while lines are drawn over it, as `LinesByHand.draw` gets it."""

    guesses: ShownGuesses
    coordinates: Coordinates
    projection: Projection
    examples: Examples
    ends: DoubleArray
    has_grips: bool


class LinesByHand(QObject):
    """Draws my line, its residuals and the kept lines, and lets a hand move my line.

    Attributes
    ----------
    line, best : Curve
        The line in hand, and that of least squares.
    residuals, squares : Residuals, Squares
        Of a sample of the examples.
    kept : dict of KeptGuess to KeptLine
        The kept lines on show.
    grips : tuple of Grip
        At the left end of the line in hand, at its right end, and in its middle.
    grip_radius : float
        How far each of them reaches, in pixels.

    Signals
    -------
    moved(ndarray)
        A hand has moved the line: its parameters, in the units of the data.
    """

    moved = Signal(object)
    grip_radius = RADIUS

    def __init__(self, canvas: Canvas, above: Layer) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._scene: _Scene | None = None
        self._columns = (0.0, 0.0, 0.0)
        self.line = Curve(lambda palette: palette.guess, tr("my line"))
        self.best = Curve(lambda palette: replace(palette.least_squares, width=2.0))
        self.best.name = tr("least squares")
        self.residuals = Residuals(_thin, tr("residuals of my line"))
        self.squares = Squares(_thin, tr("squared residuals"), markers=True)
        self.kept: dict[KeptGuess, KeptLine] = {}
        self._kept_layer = SeriesLayer[KeptLine]()
        self._layer = SeriesLayer[Series](self.squares, self.residuals, self.best, self.line)
        canvas.add_layers(self._kept_layer, self._layer)
        for layer in (self._kept_layer, self._layer):
            layer.stackBefore(above)
        names = (tr("Left end of my line"), tr("Right end of my line"), tr("Middle of my line"))
        self.grips = tuple(
            Grip(canvas, name, lambda palette: palette.guess, is_free=False) for name in names
        )
        for index, grip in enumerate(self.grips):
            grip.moved.connect(partial(self._on_moved, index))
            grip.released.connect(self._place_grips)

    def draw(
        self,
        guesses: ShownGuesses,
        coordinates: Coordinates,
        projection: Projection,
        examples: Examples,
        ends: DoubleArray,
        *,
        has_grips: bool,
    ) -> None:
        """Draw the lines of ``guesses`` that have as many parameters as the data.

        Parameters
        ----------
        guesses : ShownGuesses
            The lines.
        coordinates, projection : Coordinates, Projection
            Those of the picture.
        examples : Examples
            Those that are drawn.
        ends : ndarray, shape (2,)
            The x of both ends of every line.
        has_grips : bool
            Whether the line in hand can be taken hold of.
        """
        scene = self._scene = _Scene(guesses, coordinates, projection, examples, ends, has_grips)
        size = len(coordinates.landscape.optimum)
        fitting = [kept for kept in guesses.kept if len(kept.parameters) == size]
        self.kept = {
            kept: self.kept.get(kept)
            or KeptLine(partial(Palette.kept_guess, index=kept.color_index), markers=True)
            for kept in fitting
        }
        self._kept_layer.set_series(list(self.kept.values()))
        for kept, line in self.kept.items():
            line.set_points(scene.ends, self._heights(scene, kept.parameters))
        best = np.array(coordinates.references.parameters)
        self.best.set_points(scene.ends, scene.projection.line(scene.ends, best))
        mine = guesses.mine
        if mine is None or len(mine) != size:
            self.line.clear()
            self.residuals.clear()
            self.squares.clear()
        else:
            self.line.set_points(scene.ends, self._heights(scene, mine))
            self._draw_residuals(scene, scene.coordinates.of_measured(mine))
        self._place_grips()

    def clear(self) -> None:
        """Draw nothing."""
        self._scene, self.kept = None, {}
        self._kept_layer.set_series([])
        for series in (self.line, self.best, self.residuals, self.squares):
            series.clear()
        self._place_grips()

    @property
    def covered(self) -> list[tuple[float, float]]:
        """Return where grips lie over the picture."""
        return [grip.place for grip in self.grips if grip.isVisibleTo(self._canvas)]

    def names(self) -> list[PlaceName]:
        """Return the name of each line, at its ends."""
        names = []
        right = self.grips[1]
        if right.isVisibleTo(self._canvas):
            above = 0.0, -float(px(_CLEAR))
            names = [PlaceName(self.line, *right.place, self.line.name, along=above, merges=False)]
        end, other_end = line_ends(self.best, self._canvas)
        names.append(PlaceName(self.best, *end, self.best.name, other_end=other_end))
        for index, (kept, line) in enumerate(self.kept.items()):
            ends = line_ends(line, self._canvas)
            end, other_end = ends[:: -1 if index % 2 else 1]  # at both sides there is more room
            words = kept.short_title
            names.append(PlaceName(line, *end, words, merges=False, other_end=other_end))
        return names

    def words(self, size: int) -> tuple[str, str]:
        """Return the words for the residuals and the squares that are drawn, of ``size`` ones."""
        drawn = len(self.squares.x) // 2
        if drawn == size:
            return tr("residuals of my line"), tr("squared residuals")
        counts = {"drawn": whole(drawn), "size": whole(size)}
        return (
            trn(
                "{drawn} of {size} residual of my line",
                "{drawn} of {size} residuals of my line",
                size,
            ).format(**counts),
            trn(
                "{drawn} of {size} squared residual", "{drawn} of {size} squared residuals", size
            ).format(**counts),
        )

    @staticmethod
    def _heights(scene: _Scene, measured: DoubleArray) -> DoubleArray:
        return scene.projection.line(scene.ends, scene.coordinates.of_measured(measured))

    def _draw_residuals(self, scene: _Scene, parameters: DoubleArray) -> None:
        x, y, predicted = scene.projection.places(scene.examples, parameters)
        drawn = spread(len(x), MOST_SQUARES)
        columns, ends = np.repeat(x[drawn], 2), np.column_stack([y[drawn], predicted[drawn]])
        self.residuals.set_points(columns, ends.ravel())
        self.squares.slope = float(parameters[scene.projection.feature])
        self.squares.set_points(columns, ends.ravel())
        self._layer.update()  # a square lies beside its points

    def _place_grips(self) -> None:
        """Put the grips on the line, in sight; those that a hand holds keep their columns."""
        scene, has_line = self._scene, len(self.line.x) == 2
        is_shown = scene is not None and scene.has_grips and has_line
        if is_shown:
            assert scene is not None
            if not any(grip.is_held for grip in self.grips):
                self._columns = self._free_columns(scene)
            low, high = self._inside[1]
            for grip, column in zip(self.grips, self._columns, strict=True):
                grip.put(column, min(max(self._height(column), low), high))
        for grip in self.grips:
            grip.setVisible(is_shown)

    @property
    def _inside(self) -> tuple[Range, Range]:
        """Return the ranges in which a grip can be seen whole."""
        canvas = self._canvas
        x, y = (
            (low + px(_INSIDE) * pixel, high - px(_INSIDE) * pixel)
            for (low, high), pixel in zip(
                (canvas.x_range, canvas.y_range), canvas.pixel, strict=True
            )
        )
        return x, y

    def _height(self, x: float) -> float:
        """Return the height of the line in hand at ``x``."""
        slope = (self.line.y[1] - self.line.y[0]) / (self.line.x[1] - self.line.x[0])
        return float(self.line.y[0] + slope * (x - self.line.x[0]))

    def _free_columns(self, scene: _Scene) -> tuple[float, float, float]:
        """Return where along x the grips are: over the data, and where the line can be seen."""
        (left, right), (low, high) = self._inside
        along = scene.examples.features[:, scene.projection.feature]
        first, last = max(left, float(along.min())), min(right, float(along.max()))
        if last - first < px(_LEAST_APART) * self._canvas.pixel[0]:
            first, last = left, right
        heights = self._height(first), self._height(last)
        seen = [min(max(height, low), high) for height in heights]
        span = heights[1] - heights[0]
        if seen[0] != seen[1] and span:
            ends = [first + (last - first) * (each - heights[0]) / span for each in seen]
            across, up = self._canvas.pixel
            apart = math.hypot((ends[1] - ends[0]) / across, (seen[1] - seen[0]) / up)
            if apart >= px(_LEAST_APART):
                first, last = ends
        return first, last, (first + last) / 2

    def _on_moved(self, index: int, _x: float, y: float) -> None:
        """Turn the line around its other end, or shift it by its middle."""
        scene = self._scene
        mine = None if scene is None else scene.guesses.mine
        if scene is None or mine is None:
            return
        low, high = self._inside[1]
        y = min(max(y, low), high)
        left, right, middle = self._columns
        parameters = scene.coordinates.of_measured(mine)
        feature = scene.projection.feature
        if index == len(self.grips) - 1:
            parameters[-1] += y - self._height(middle)
        else:
            held, fixed = (left, right) if index == 0 else (right, left)
            pivot = self._height(fixed)
            parameters[feature] = (y - pivot) / (held - fixed)
            parameters[-1] = pivot - parameters[feature] * fixed
        self.moved.emit(self._measured(scene, parameters))

    def _measured(self, scene: _Scene, parameters: DoubleArray) -> DoubleArray:
        """Return parameters in the units of the data, with the decimals that can be seen."""
        feature, scaling = scene.projection.feature, scene.coordinates.scaling
        low, high = self._canvas.x_range
        if scaling is not None:
            parameters = scaling.to_measured @ parameters
            scale, center = float(scaling.scale[feature]), float(scaling.center[feature])
            low, high = center + scale * low, center + scale * high
        step = _UNSEEN * self._canvas.pixel[1]
        return rounded_line(parameters, feature, (low, high), step)


def _thin(palette: Palette) -> Stroke:
    return replace(palette.guess, width=palette.scale, symbol="s")
