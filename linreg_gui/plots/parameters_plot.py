"""Every weight and the bias at every step, beside the values that they should reach."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot

from linreg_gui.analysis.problem import ParameterMap, map_parameters
from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import Theme
from linreg_gui.plots.annotations import EndLabel, EndLabelLayer, Level
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.curve import GONE, Column, Curve, CurveLayer, FloatColumn
from linreg_gui.plots.overlay import Overlay
from linreg_gui.plots.ranges import grown, including
from linreg_gui.plots.step_plot import Reading, StepPlot
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

_MARGIN = 0.12
_MOST_SPANS = 1.0
"""Beyond the start and the references the picture grows by so many times their span, no more."""


class ParametersPlot(StepPlot):
    """The parameters' path. It pulls from the run's history and keeps no number of it.

    Attributes
    ----------
    parameters : list of Curve
        The weights, then the bias; the first point is the start, at step 0.
    truths, optima : list of Level
        The true value and the least-squares value of each; there are no true values for measured
        data.
    """

    name = "parameters"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Parameters"), tr("value"), theme, end_pixels=EndLabelLayer.WIDTH)
        self.parameters: list[Curve] = []
        self.truths: list[Level] = []
        self.optima: list[Level] = []
        self._names: tuple[str, ...] = ()
        self._window: Range = (-1.0, 1.0)
        self._limits: Range = (-1.0, 1.0)
        self._end_labels = EndLabelLayer()
        self.canvas.add_layer(self._end_labels)
        self._truth_entry = self.add_entry(tr("true value"))
        self._optimum_entry = self.add_entry(tr("least squares"))
        for entry in (self._truth_entry, self._optimum_entry):
            entry.toggled.connect(self._on_entry_toggled)
        self.restyle(theme.palette)
        self.show_run(None)

    def start_run(self, run: Run | None) -> None:
        """Make a curve and its levels for each parameter."""
        self.parameters, self.truths, self.optima = [], [], []
        self._names = ()
        self.set_axis_labels(tr("step"), self.in_words(tr("value")))
        if run is not None:
            self._names = run.parameter_names()
            coordinates = self.coordinates_of(run)
            optimum = coordinates.references.parameters
            truth = coordinates.true_parameters or ()
            self.parameters = [Curve(Stroke("#808080")) for _ in self._names]
            self.optima = [Level(Stroke("#808080"), value) for value in optimum]
            self.truths = [Level(Stroke("#808080"), value) for value in truth]
            self._set_window(
                [*optimum, *truth, *coordinates.parameters(run.history.start).tolist()]
            )
        self.show_entry(self._truth_entry, shown=run is None or bool(self.truths))
        self.curves.curves = self.parameters
        self.levels.levels = [*self.optima, *self.truths]
        self._style_series(self._theme.palette)
        self._on_entry_toggled()

    def draw_curves(self, run: Run) -> None:
        """Bring the curves and their names up to date."""
        coordinates, history = self.coordinates_of(run), run.history
        self._draw_paths(self.curves, self.parameters, history, coordinates.from_trained)
        labels = []
        current = coordinates.parameters(history.current_parameters).tolist()
        for index, (newest, curve) in enumerate(zip(current, self.parameters, strict=True)):
            if self._limits[0] <= newest <= self._limits[1]:
                labels.append(EndLabel(history.step, newest, curve.stroke, self._names[index]))
        self._end_labels.set_labels(labels)

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return a curve for each of the other run's parameters."""
        dimension = overlay.run.dataset.dimension
        if not overlay.is_what_if:
            return [Curve(overlay.stroke) for _ in range(dimension + 1)]
        own = [self._theme.palette.parameter(index, dimension) for index in range(dimension + 1)]
        return [Curve(replace(stroke, line=overlay.stroke.line)) for stroke in own]

    def draw_overlay(self, run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Bring the other run's parameters up to date."""
        other, dimension = overlay.run, run.dataset.dimension
        if other.dataset.dimension == dimension:
            units = overlay.units_in(self.coordinates_of(run))
        elif self.shows_standardized:  # its features are others
            return
        else:
            units = other.problem.original.from_trained
        self._draw_paths(self.others, curves, other.history, units)

    def _draw_paths(
        self, layer: CurveLayer, curves: list[Curve], history: History, units: ParameterMap
    ) -> None:
        start = map_parameters(units, history.start)
        for index, curve in enumerate(curves):

            def path(first: int, stop: int, index: int = index) -> FloatArray:
                trained = history.parameters[:, first:stop]
                values: FloatArray = trained[index] if units is None else units[index] @ trained
                return values

            steps, values = self.reduced(curve, Column(path, len(history), 1, history.stride))
            if not len(steps) or steps[0] == 1:
                steps = np.concatenate([[0.0], steps])
                values = np.concatenate([start[index : index + 1], values])
            layer.set_points(curve, steps, self._without_gone(values))

    def wanted_y_range(self) -> Range:
        """Keep to the start and the references; follow the parameters a little way beyond."""
        for curve in self.parameters:
            seen = curve.y[curve.y != GONE]
            if seen.size:
                self._window = grown(self._window, seen.min(), seen.max(), self._limits)
        window = self._window
        if self.run is not None and self.run.is_complete:
            settled = self.coordinates_of(self.run).parameters(self.run.history.current_parameters)
            for value in settled.tolist():
                window = including(window, value)
        for curve in self.others.curves:
            seen = curve.y[curve.y != GONE]
            if seen.size:
                window = grown(window, seen.min(), seen.max(), self._limits)
        return window

    def describe(self, run: Run) -> str:
        """Say what to look for, or that a parameter is out of sight."""
        low, high = self._window
        current = self.coordinates_of(run).parameters(run.history.current_parameters)
        newest = zip(self._names, current.tolist(), strict=True)
        if gone := [name for name, value in newest if not low <= value <= high]:
            return tr("Out of the picture now: {names}.").format(names=", ".join(gone))
        if self.truths:
            return tr("Each parameter should settle on its dotted line.")
        return tr("Each parameter should settle on its dash-dotted line.")

    def read(self, run: Run, record: StepRecord) -> list[Reading]:
        """Return every parameter."""
        values = self.coordinates_of(run).parameters(record.parameters).tolist()
        return [
            Reading(name, value, value, curve.stroke)
            for name, value, curve in zip(self._names, values, self.parameters, strict=True)
        ]

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        self._end_labels.palette = palette
        self._style_series(palette)
        self.redraw()

    def _style_series(self, palette: Palette) -> None:
        dimension = len(self.parameters) - 1
        for index, curve in enumerate(self.parameters):
            curve.stroke = palette.parameter(index, dimension)
        for levels, like in ((self.truths, palette.truth), (self.optima, palette.least_squares)):
            for level, curve in zip(levels, self.parameters, strict=False):
                level.stroke = Stroke(curve.stroke.color, like.line, like.width, like.symbol)
        for entry, like in (
            (self._truth_entry, palette.truth),
            (self._optimum_entry, palette.least_squares),
        ):
            entry.set_look(Stroke(palette.text, like.line, like.width), palette)

    def _without_gone(self, values: FloatColumn) -> FloatColumn:
        """Leave out what is beyond the limits with both its neighbors.

        A diverging parameter swings from one side to the other, and would fill the picture.
        """
        low, high = self._limits
        if low <= values.min() and values.max() <= high:
            return values
        outside = np.pad((values < low) | (values > high), 1, constant_values=True)
        return np.where(outside[:-2] & outside[1:-1] & outside[2:], GONE, values)

    def _set_window(self, values: list[float]) -> None:
        low, high = min(values), max(values)
        span = (high - low) or max(1.0, abs(high))
        self._window = low - _MARGIN * span, high + _MARGIN * span
        self._limits = low - _MOST_SPANS * span, high + _MOST_SPANS * span

    @Slot()
    def _on_entry_toggled(self) -> None:
        for level in self.truths:
            level.visible = self._truth_entry.isChecked()
        for level in self.optima:
            level.visible = self._optimum_entry.isChecked()
        self.levels.update()
