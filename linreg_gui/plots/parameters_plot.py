"""Every weight and the bias at every step, with their true and least-squares values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.analysis.coordinates import ParameterMap, map_parameters
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant
from linreg_gui.plots.label_layout import LevelLabel
from linreg_gui.plots.picture_table import PictureTable, counts, numbers, step_note
from linreg_gui.plots.ranges import Range, grown, including, widened
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.plots.series import NOT_DRAWN, Curve, Level, Look, Series, parameter_look
from linreg_gui.plots.step_plot import StepPlot
from linreg_gui.plots.thinning import column_of
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import in_a_row, shortened_name, tr

if TYPE_CHECKING:
    from linreg_gui.guide.run_prediction import DrawnPrediction
    from linreg_gui.plots.prediction_marks import Mark

_MARGIN = 0.12
_MOST_SPANS = 1.0
"""The range grows beyond start and references by at most this many times their span."""

_MOST_NAMED = 4
"""The levels of more parameters have no names of their own: their color tells them."""
_MEET = 5
"""Levels that are fewer pixels apart share a name."""
_LEAST_TURNS = 5
_SHARE_OF_TURNS = 0.15
"""Of a diverging run the range shows the first of its steps; the rest is far outside."""
_MIDDLE = 0.62
"""The middle of an announcement: parameters explode at the left."""


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
        super().__init__(tr("Parameters"), tr("value"), theme)
        self.announcement.middle = _MIDDLE
        self.truth = Series(
            lambda palette: replace(palette.truth, color=palette.text), tr("true value")
        )
        self.optimum = Series(
            lambda palette: replace(palette.least_squares, color=palette.text), tr("least squares")
        )
        self._window: Range = (-1.0, 1.0)
        self._limits: Range = (-1.0, 1.0)
        self.add_to_legend(self.truth, self.optimum)
        self.show_run(None)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "The weights and the bias after each step. Each should settle on its true value and "
            "its least-squares value, which are drawn as lines."
        )

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
                Curve(parameter_look(index, run.dataset.dimension), shortened_name(name))
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
        self._offer_solution()

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Hide the true and the least-squares values while a class guesses."""
        was_hidden = self.guesses.hides_solution
        super().show_guesses(guesses)
        if guesses.hides_solution != was_hidden:
            self._offer_solution()
            self.redraw()

    def _offer_solution(self) -> None:
        are_shown = not self.guesses.hides_solution
        self.offer(self.truth, offered=are_shown and (self.run is None or bool(self.truth.parts)))
        self.offer(self.optimum, offered=are_shown)

    def draw_curves(self, run: Run) -> None:
        """Update the curves."""
        units = self.coordinates_of(run).from_trained
        self._draw_parameters(self.curves.series, run.history, units)

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return a curve for each parameter of the other run."""
        dimension = overlay.run.dataset.dimension
        if not overlay.is_what_if:
            return [Curve(overlay.look) for _ in range(dimension + 1)]
        own = [parameter_look(index, dimension) for index in range(dimension + 1)]
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
        """Show the start and the references, and follow the parameters a little way beyond.

        Of a divergence, show the first turns.
        """
        if self.diverged is not None:
            return self._limits_now()
        self._window = self._grown_around(self.curves.series, self._window)
        window = self._window
        if self.run is not None and self.run.is_complete:
            for value in self.parameters_at(self.run).tolist():
                window = including(window, value)
        drawn = self.prediction
        if drawn is not None and drawn.prediction.end is not None and not self.shows_standardized:
            window = including(window, drawn.prediction.end)
        return self._grown_around(self.others.series, window)

    def _grown_around(self, curves: list[Curve], window: Range) -> Range:
        for curve in curves:
            drawn = curve.y[curve.y != NOT_DRAWN]
            if drawn.size:
                window = grown(window, drawn.min(), drawn.max(), self._limits_now())
        return window

    def prediction_marks(self, drawn: "DrawnPrediction", run: Run) -> "list[Mark]":
        """Return where a parameter is expected at the end. Predictions use the data's units."""
        from linreg_gui.plots.run_predictions import end_marks  # noqa: PLC0415 - seldom

        parameter, dimension = drawn.prediction.parameter, run.dataset.dimension
        if self.shows_standardized or parameter > dimension:  # of a run with more features
            return []
        look = parameter_look(parameter, dimension)
        return end_marks(drawn, run, look)

    def predicted_at(self, run: Run, _x: float, y: float) -> dict[str, object]:
        """Return the end of the parameter at this height."""
        from linreg_gui.plots.run_predictions import end_at  # noqa: PLC0415 - seldom

        return {"end": end_at(y, self.canvas)}

    def describe(self, run: Run) -> str:
        """Tell what to look for, or which parameters are outside the picture."""
        low, high = self._window
        newest = zip(run.parameter_names(), self.parameters_at(run).tolist(), strict=True)
        if outside := [name for name, value in newest if not low <= value <= high]:
            return tr("Outside the picture now: {names}.").format(names=in_a_row(outside))
        if self.guesses.hides_solution:
            return tr("The true and the least-squares values are hidden.")
        if self.truth.parts:
            return tr("Each parameter should settle on its dotted line.")
        return tr("Each parameter should settle between its two lines.")

    def read(self, run: Run, record: StepRecord) -> list[tuple[Curve, float]]:
        """Read every parameter."""
        values = self.coordinates_of(run).parameters(record.parameters).tolist()
        return list(zip(self.curves.series, values, strict=True))

    def table_of(self, run: Run) -> PictureTable:
        """Return the parameters at the start and at the steps that have a point in the picture."""
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

    def level_labels(self) -> Iterator[LevelLabel]:
        """Yield the names of the levels. True and least-squares value share one where they meet."""
        curves = self.curves.series
        if self.is_thumbnail or len(curves) > _MOST_NAMED or self.diverged is not None:
            return
        for curve, best, truth in zip_longest(curves, self.optimum.parts, self.truth.parts):
            named = [
                (words, level)
                for words, level in ((tr("true"), truth), (tr("least squares"), best))
                if isinstance(level, Level) and level.visible
            ]
            heights = [level.y for _, level in named]
            if len(named) == 2 and abs(np.diff(heights)) < _MEET * self.canvas.pixel[1]:
                named = [(tr("true ≈ least squares"), named[1][1])]
            for words, level in named:
                yield self.level_label(
                    tr("{name}: {words}").format(name=curve.name, words=words), level
                )

    def summary_of(self, run: Run) -> str:
        """Say where each parameter is at the step on show, and where it should be."""
        record = run.history.up_to(self.step_of(run))
        coordinates = self.coordinates_of(run)
        hides = self.guesses.hides_solution
        best = repeat(None) if hides else coordinates.references.parameters
        truth = (not hides and coordinates.true_parameters) or repeat(None)
        values = coordinates.parameters(record.parameters).tolist()
        rows = zip(run.parameter_names(), values, best, truth, strict=False)
        return self.step_summary(run, record.step, [_parameter_words(*row) for row in rows])

    def _limits_now(self) -> Range:
        """Return the limits of the range: those of the run, or wide enough for the first turns."""
        diverged = self.diverged
        if diverged is None or not len(diverged.history):
            return self._limits
        history = diverged.history
        turns = max(_LEAST_TURNS, round(_SHARE_OF_TURNS * len(history)))
        first = self.coordinates_of(diverged).parameters(history.parameters[:, :turns])
        return widened([*self._limits, first.min(), first.max()], _MARGIN)

    def _within_limits(self, values: DoubleArray) -> DoubleArray:
        """Leave out the values that lie beyond the limits together with both their neighbors.

        A diverging parameter swings from one side to the other, and would fill the picture.
        """
        low, high = self._limits_now()
        if low <= values.min() and values.max() <= high:
            return values
        outside = np.pad((values < low) | (values > high), 1, constant_values=True)
        return np.where(outside[:-2] & outside[1:-1] & outside[2:], NOT_DRAWN, values)


def _with_line(own: Look, line: Look) -> Look:
    return lambda palette: replace(own(palette), line=line(palette).line)


def _colored(line: Look, own: Look) -> Look:
    return lambda palette: replace(line(palette), color=own(palette).color)


def _levels_at(values: Sequence[float], line: Look) -> list[Level]:
    """Return a level for each parameter, in its color and with the line style of ``line``."""
    last = len(values) - 1
    return [
        Level(_colored(line, parameter_look(index, last)), y=value)
        for index, value in enumerate(values)
    ]


def _parameter_words(name: str, value: float, best: float | None, truth: float | None) -> str:
    words = tr("{name} {value}")
    if best is not None:
        words = tr("{name} {value} (least squares {best})")
    if truth is not None:
        words = tr("{name} {value} (true {truth}, least squares {best})")
    return words.format(
        name=name,
        value=significant(value, 4),
        best=significant(best or 0.0, 5),
        truth=significant(truth or 0.0, 5),
    )
