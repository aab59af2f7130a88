"""Every weight and the bias at every step, with their true and least-squares values."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform

from linreg_gui.analysis.problem import ParameterMap, map_parameters
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.plots.canvas import Range, grown, including, widened
from linreg_gui.plots.card import Overlay
from linreg_gui.plots.layer import Layer, draw_marker
from linreg_gui.plots.picture_table import PictureTable, counts, numbers, step_note
from linreg_gui.plots.series import NOT_DRAWN, Curve, Level, Look, Series
from linreg_gui.plots.step_plot import StepPlot
from linreg_gui.plots.thinning import column_of
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

_MARGIN = 0.12
_MOST_SPANS = 1.0
"""The range grows beyond start and references by at most this many times their span."""

_LINE_HEIGHT = 17.0


class ParametersPlot(StepPlot):
    """The weights, then the bias, against the step. The first point is the start, at step 0.

    Attributes
    ----------
    truth, optimum : Series
        The true values and the least-squares values. Their parts are a level for each parameter;
        measured data has no true values.
    """

    name = "parameters"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Parameters"), tr("value"), theme, end_pixels=EndLabelLayer.WIDTH)
        self.truth = Series(
            lambda palette: replace(palette.truth, color=palette.text), tr("true value")
        )
        self.optimum = Series(
            lambda palette: replace(palette.least_squares, color=palette.text), tr("least squares")
        )
        self._window: Range = (-1.0, 1.0)
        self._limits: Range = (-1.0, 1.0)
        self._end_labels = EndLabelLayer()
        self.canvas.add_layers(self._end_labels)
        self.add_to_legend(self.truth, self.optimum)
        self.show_run(None)

    def start_run(self, run: Run | None) -> None:
        """Make a curve and its levels for each parameter."""
        curves: list[Curve] = []
        self.set_axis_labels(tr("step"), self.in_words(tr("value")))
        truth: Sequence[float] = ()
        optimum: Sequence[float] = ()
        if run is not None:
            coordinates = self.coordinates_of(run)
            optimum = coordinates.references.parameters
            truth = coordinates.true_parameters or ()
            curves = [
                Curve(_own_look(index, run.dataset.dimension), name)
                for index, name in enumerate(run.parameter_names())
            ]
            values = [*optimum, *truth, *self.parameters_at(run, 0).tolist()]
            self._window, self._limits = widened(values, _MARGIN), widened(values, _MOST_SPANS)
        self.curves.set_series(curves)
        true_levels = _levels_at(truth, self.truth.look)
        best_levels = _levels_at(optimum, self.optimum.look)
        self.levels.set_series([self.optimum, *best_levels, self.truth, *true_levels])
        self.truth.set_parts(true_levels)
        self.optimum.set_parts(best_levels)
        self.offer(self.truth, offered=run is None or bool(truth))

    def draw_curves(self, run: Run) -> None:
        """Update the curves and their names."""
        coordinates, history = self.coordinates_of(run), run.history
        self._draw_parameters(self.curves.series, history, coordinates.from_trained)
        current = self.parameters_at(run).tolist()
        self._end_labels.set_labels(
            [
                (history.step, newest, curve)
                for newest, curve in zip(current, self.curves.series, strict=True)
                if self._limits[0] <= newest <= self._limits[1]
            ]
        )

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return a curve for each parameter of the other run."""
        dimension = overlay.run.dataset.dimension
        if not overlay.is_what_if:
            return [Curve(overlay.look) for _ in range(dimension + 1)]
        own = [_own_look(index, dimension) for index in range(dimension + 1)]
        return [Curve(_with_line(look, overlay.look)) for look in own]

    def draw_overlay(self, run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Update the parameters of the other run."""
        other = overlay.run
        if other.dataset.dimension == run.dataset.dimension:
            units = overlay.units_in(self.coordinates_of(run))
        elif self.shows_standardized:  # the features differ, and so does their standardization
            return
        else:
            units = other.problem.original.from_trained
        self._draw_parameters(curves, other.history, units)

    def _draw_parameters(self, curves: list[Curve], history: History, units: ParameterMap) -> None:
        start = map_parameters(units, history.start)
        for index, curve in enumerate(curves):

            def values_of(first: int, stop: int, index: int = index) -> FloatArray:
                trained = history.parameters[:, first:stop]
                values: FloatArray = trained[index] if units is None else units[index] @ trained
                return values

            steps, values = self.reduced(curve, column_of(history, values_of))
            if not len(steps) or steps[0] == 1:
                steps = np.concatenate([[0.0], steps])
                values = np.concatenate([start[index : index + 1], values])
            curve.set_points(steps, self._within_limits(values))

    def wanted_y_range(self) -> Range:
        """Show the start and the references, and follow the parameters a little way beyond."""
        self._window = self._grown_around(self.curves.series, self._window)
        window = self._window
        if self.run is not None and self.run.is_complete:
            for value in self.parameters_at(self.run).tolist():
                window = including(window, value)
        return self._grown_around(self.others.series, window)

    def _grown_around(self, curves: list[Curve], window: Range) -> Range:
        for curve in curves:
            drawn = curve.y[curve.y != NOT_DRAWN]
            if drawn.size:
                window = grown(window, drawn.min(), drawn.max(), self._limits)
        return window

    def describe(self, run: Run) -> str:
        """Tell what to look for, or which parameters are outside the picture."""
        low, high = self._window
        newest = zip(run.parameter_names(), self.parameters_at(run).tolist(), strict=True)
        if outside := [name for name, value in newest if not low <= value <= high]:
            return tr("Outside the picture now: {names}.").format(names=", ".join(outside))
        if self.truth.parts:
            return tr("Each parameter should settle on its dotted line.")
        return tr("Each parameter should settle on its dash-dotted line.")

    def read(self, run: Run, record: StepRecord) -> list[tuple[Curve, float]]:
        """Read every parameter."""
        values = self.coordinates_of(run).parameters(record.parameters).tolist()
        return list(zip(self.curves.series, values, strict=True))

    def table(self) -> PictureTable:
        """Return the parameters at the start and at the steps that have a point in the picture."""
        run = self.run
        if run is None:
            return PictureTable()
        history, rows = run.history, self.drawn_rows(run)
        trained = np.column_stack([history.start, history.parameters[:, rows]])
        values = self.coordinates_of(run).parameters(trained)
        return PictureTable(
            step_note(len(rows), history.step),
            (
                counts(tr("step"), np.append(0, 1 + history.stride * rows)),
                *map(numbers, map(self.in_words, run.parameter_names()), values),
            ),
        )

    def _within_limits(self, values: DoubleArray) -> DoubleArray:
        """Leave out the values that lie beyond the limits together with both their neighbors.

        A diverging parameter swings from one side to the other, and would fill the picture.
        """
        low, high = self._limits
        if low <= values.min() and values.max() <= high:
            return values
        outside = np.pad((values < low) | (values > high), 1, constant_values=True)
        return np.where(outside[:-2] & outside[1:-1] & outside[2:], NOT_DRAWN, values)


def _own_look(index: int, dimension: int) -> Look:
    return lambda palette: palette.parameter(index, dimension)


def _with_line(own: Look, line: Look) -> Look:
    return lambda palette: replace(own(palette), line=line(palette).line)


def _colored(line: Look, own: Look) -> Look:
    return lambda palette: replace(line(palette), color=own(palette).color)


def _levels_at(values: Sequence[float], line: Look) -> list[Level]:
    """Return a level for each parameter, in its color and with the line style of ``line``."""
    last = len(values) - 1
    return [
        Level(_colored(line, _own_look(index, last)), y=value) for index, value in enumerate(values)
    ]


EndLabel = tuple[float, float, Curve]
"""The newest point of a curve, where its name is written, and the curve."""


class EndLabelLayer(Layer):
    """Writes the name of each curve to the right of its end, and moves names apart.

    If there is no room for all names, some are left out.
    """

    WIDTH = 44.0

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[EndLabel] = []

    def set_labels(self, labels: list[EndLabel]) -> None:
        """Write exactly ``labels``."""
        if labels == self._labels:
            return
        former, self._labels = self._labels, labels
        height = max(len(former), len(labels)) * _LINE_HEIGHT
        for index in range(max(len(former), len(labels))):
            both = (*former[index : index + 1], *labels[index : index + 1])
            x, y, _ = zip(*both, strict=True)
            self.repaint_around(
                (min(x), max(x)), (min(y), max(y)), right=self.WIDTH, above_below=height
            )

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Write the names."""
        if not self._labels:
            return
        view = to_pixels.mapRect(self.boundingRect())
        ends = [to_pixels.map(QPointF(x, y)) for x, y, _ in self._labels]
        heights = moved_apart([end.y() for end in ends], view.top() + 8, view.bottom() - 8)
        painter.setFont(base_font(14))
        metrics = QFontMetricsF(base_font(14))
        for (_, _, curve), end, height in zip(self._labels, ends, heights, strict=True):
            if height is not None:
                width = metrics.horizontalAdvance(curve.name)
                rect = QRectF(end.x() + 9, height - 9, width, 18)
                painter.fillRect(rect.adjusted(-2, 0, 3, 0), QColor(self.palette.surface))
                painter.setPen(QColor(self.palette.text))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, curve.name)
            if view.adjusted(-1, -1, 1, 1).contains(end):
                draw_marker(painter, curve.stroke, end, 8)


def moved_apart(heights: list[float], top: float, bottom: float) -> Sequence[float | None]:
    """Return where to write names that belong at ``heights``; None leaves a name out."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = [min(max(height, top), bottom) for height in heights]
    if (len(heights) - 1) * _LINE_HEIGHT > bottom - top:
        return _thinned(placed, order)
    for above, below in itertools.pairwise(order):
        placed[below] = max(placed[below], placed[above] + _LINE_HEIGHT)
    limit = bottom
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - _LINE_HEIGHT
    return placed


def _thinned(heights: list[float], order: list[int]) -> list[float | None]:
    """Leave out each name that is less than a line below the last name that is kept."""
    kept: list[float | None] = [None] * len(heights)
    last = -math.inf
    for index in order:
        if heights[index] >= last + _LINE_HEIGHT:
            kept[index] = last = heights[index]
    return kept
