"""What the model gets wrong: the residuals, in five views."""

import math
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from linreg_gui.analysis.least_squares import References
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.announcement import diverged_run
from linreg_gui.plots.data_words import sample_words
from linreg_gui.plots.examples import Examples
from linreg_gui.plots.examples_plot import ExamplesPlot
from linreg_gui.plots.layer import dashes, draw_path, x_pixels, y_pixels
from linreg_gui.plots.picking import Drawn
from linreg_gui.plots.place_names import has_room_for_names
from linreg_gui.plots.residual_view import (
    ResidualRange,
    View,
    axis_labels,
    bars,
    normal_curve,
    normal_quantiles,
)
from linreg_gui.plots.series import Curve, Level, Points, Series, SeriesLayer
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.threads.points import PointsOnShow

_BAR_OPACITY = 150


class Bars(Points):
    """Bars that stand on 0; x are their middles.

    Attributes
    ----------
    bar_width : float
        Of each bar, in the coordinates of the axis.
    """

    has_line = False

    bar_width: float = 0.0

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the bars."""
        half = self.bar_width / 2
        lefts, rights = x_pixels(to_pixels, self.x - half), x_pixels(to_pixels, self.x + half)
        tops, bottom = y_pixels(to_pixels, self.y), float(y_pixels(to_pixels, np.zeros(1))[0])
        color = QColor(self.stroke.color)
        color.setAlpha(_BAR_OPACITY)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for left, right, top in zip(np.round(lefts), np.round(rights), tops, strict=True):
            painter.drawRect(QRectF(left, top, max(1.0, right - left - 1), bottom - top))


class SteepCurve(Curve):
    """A curve whose dashes follow its length, so that they are seen in its steep parts, too."""

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the part that is as high as ``view``."""
        if not len(self.x):
            return
        x, y = x_pixels(to_pixels, self.x), y_pixels(to_pixels, self.y)
        y = np.clip(y, view.top() - view.height(), view.bottom() + view.height())
        length = np.append(0.0, np.hypot(np.diff(x), np.diff(y)).cumsum())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = dashes(self.stroke.line, x, y, length, (0.0, float(length[-1])))
        draw_path(painter, self.stroke, path)


class ResidualPlot(ExamplesPlot):
    """The residuals: how far each target is from its prediction, live.

    At the start they show what the model does not know yet. Where training ends well, only noise
    is left. The range follows them in large steps, so that their pattern can be seen at any size.

    Attributes
    ----------
    bars, picked_bars : Bars
        Of the histogram, and the part of the picked examples in them.
    normal : SteepCurve
        What the noise alone would look like, or normal residuals as large as at least squares.
    """

    name = "residuals"
    views = View
    view: View

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            tr("Residuals"),
            theme,
            (
                (
                    tr("prediction"),
                    tr("Residuals against predictions: a curve means that a line is not enough"),
                ),
                (tr("feature"), tr("Residuals against a feature")),
                (
                    tr("order"),
                    tr("Residuals in the order of the rows: a trend means that time matters"),
                ),
                (tr("histogram"), tr("How often residuals of each size are there")),
                (tr("normal"), tr("Ordered residuals against those of a normal distribution")),
            ),
        )
        self._range = ResidualRange()
        self.bars = Bars(lambda palette: replace(palette.data, symbol="s"), markers=True)
        self.picked_bars = Bars(lambda palette: Stroke(palette.text, symbol="s"), markers=True)
        self.zero = Level(lambda palette: palette.prediction, tr("perfect prediction"), y=0.0)
        self.normal = SteepCurve(lambda palette: palette.truth, tr("noise"))
        clouds = [self.examples, self.held_out, self.minibatch, self.picked]
        self._named = [*clouds, self.bars, self.picked_bars, self.normal]
        below: list[Series] = [self.bars, self.picked_bars, self.zero, self.held_out, self.examples]
        self._layer = SeriesLayer[Series](*below, self.normal, self.minibatch, self.picked)
        self.canvas.add_layers(self._layer, self.key, self.announcement)
        self.add_to_legend(*self._named, self.zero)
        self.add_option(self._views)
        self.add_option(self._chooser)
        self.show_run(None)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "The residual of an example is its target minus its prediction. Where the model fits, "
            "the residuals look like noise: no pattern against the prediction, a feature or the "
            "order of the rows; a histogram like the normal curve; quantiles along the line."
        )

    def summary_of(self, run: Run) -> str:
        """Say how large the residuals are at the step on show."""
        step = self.step_of(run)
        words = tr("Residuals at step {step}: standard deviation {deviation}, mean {mean}.")
        residuals = self._sampled.residuals(np.asarray(self.parameters_at(run, step)))
        return words.format(
            step=whole(step),
            deviation=significant(float(residuals.std()), 4),
            mean=significant(float(residuals.mean()), 4),
        )

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Say nothing of least squares while a class guesses."""
        was_hidden = self.guesses.hides_solution
        super().show_guesses(guesses)
        if guesses.hides_solution != was_hidden:
            self._offer_normal()
            self.redraw()

    def take_view(self, other: Self) -> None:
        """Also have the same bars, which depend on the range."""
        super().take_view(other)
        self._range = copy(other._range)
        self.redraw()

    def show_points(self, points: "PointsOnShow | None") -> None:
        """Show examples that a person edits, with the residuals that the run has for them."""
        super().show_points(points)
        self._offer_normal()
        self.redraw()

    def arrange(self, run: Run | None) -> None:
        """Show what belongs to the view, and begin with its range."""
        view = self.view
        self._layer.setVisible(run is not None)
        if run is None:
            return
        self._chooser.setVisible(view is View.FEATURE and run.dataset.dimension > 1)
        self.offer(self.examples, offered=view is not View.HISTOGRAM)
        self.offer(self.held_out, offered=view.is_scatter and len(self._held_out.target) > 0)
        self.offer(self.bars, offered=view is View.HISTOGRAM)
        self.offer(self.zero, offered=view is not View.HISTOGRAM)
        self.offer(self.minibatch, offered=view.is_scatter and self._highlighted is not None)
        self.offer_picked(offered=len(self._picked_places) > 0)
        self.rename(self.bars, *sample_words(len(self.sample), self.parts(run)[0].size))
        self._offer_normal()
        self.canvas.x_axis.whole = view is View.ORDER
        self.canvas.y_axis.whole = view is View.HISTOGRAM
        name = run.dataset.feature_names[self.feature]
        self.set_axis_labels(*axis_labels(view, name, run.dataset.target_name, self.in_words))
        rows = self.drawn_places[: len(self.sample)]
        optimum = np.asarray(self.coordinates_of(run).references.parameters)
        places, residuals = self._spread(self._sampled, rows, optimum)
        # Predictions will be where the targets are.
        self._range.begin(self._sampled.target if view is View.PREDICTION else places)
        is_cloud = view is not View.HISTOGRAM
        self.key.avoid(*((places, residuals) if is_cloud else (np.empty(0), np.empty(0))))
        self.canvas.fit()

    def highlight(self) -> None:
        """Find the examples of the minibatch, for the views where each has its place."""
        super().highlight()
        is_drawn = self._highlighted is not None and self.view.is_scatter
        self.offer(self.minibatch, offered=is_drawn)

    def draw(self, run: Run, *, exactly: bool) -> None:
        """Draw the residuals at the step on show."""
        parameters = np.asarray(self.parameters_at(run, self.step_of(run)))
        rows = self.drawn_places[: len(self.sample)]
        places, residuals = self._spread(self._sampled, rows, parameters)
        if self.view.is_scatter:
            rows = self.drawn_places[len(self.sample) :]
            held_out = self._spread(self._held_out, rows, parameters)
            self.held_out.set_points(*held_out)
            all_places, all_residuals = map(np.append, (places, residuals), held_out)
            self._range.follow(all_places, all_residuals)
        else:
            self._range.follow(places, residuals)
        draw = self.examples.set_points if exactly else self.examples.follow
        match self.view:
            case View.HISTOGRAM:
                self._draw_histogram(run, residuals, parameters)
            case View.NORMAL:
                draw(places, residuals)
                ends = places[[0, -1]]
                self.normal.set_points(ends, (self._expected_deviation(run) or 0.0) * ends)
            case _:
                draw(places, residuals)
                if self._highlighted is not None:
                    rows = run.dataset.places_of(self._highlighted_rows)
                    highlighted = self._spread(self._highlighted, rows, parameters)
                    self.minibatch.set_points(*highlighted)
        self.canvas.set_automatic_range(*self._range.ranges(self.view))
        self.size_markers()
        self.announcement.announce_divergence(diverged_run(run), run)
        has_room = not self.is_thumbnail and has_room_for_names(self.canvas)
        is_free = has_room and not self.announcement.text
        self.key.show_entries(self._named if is_free else [])
        self.set_note(self._describe(run, residuals))
        self.draw_picked(run, parameters)

    def _draw_histogram(self, run: Run, residuals: DoubleArray, parameters: DoubleArray) -> None:
        reach = self._range.reach
        middles, heights, self.bars.bar_width = bars(residuals, reach)
        picked, _ = np.histogram(self._picked.residuals(parameters), len(heights), (-reach, reach))
        deviation = self._expected_deviation(run)
        x, y = np.empty(0), np.empty(0)
        if deviation:
            x, y = normal_curve(deviation, len(residuals), self.bars.bar_width, reach)
        self._range.follow_bars(heights, y)
        self.bars.set_points(middles, heights)
        self.picked_bars.bar_width = self.bars.bar_width
        self.picked_bars.set_points(middles, picked.astype(np.float64))
        self.normal.set_points(x, y)
        self._layer.update()  # a bar reaches down to 0, and its width may have changed

    def _spread(
        self, examples: Examples, rows: npt.NDArray[np.int64], parameters: DoubleArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of ``examples``, which are in ``rows`` of all the data."""
        residuals = examples.residuals(parameters)
        match self.view:
            case View.PREDICTION:
                places = examples.target - residuals
            case View.FEATURE:
                places = examples.features[:, self.feature]
            case View.ORDER:
                places = rows.astype(np.float64)
            case _:
                places, residuals = normal_quantiles(len(residuals)), np.sort(residuals)
        return places, residuals

    def placed(
        self, examples: Examples, places: npt.NDArray[np.int64], parameters: DoubleArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of ``examples``: among the quantiles, by their order among all drawn."""
        if self.view.is_scatter:
            return self._spread(examples, places, parameters)
        residuals = examples.residuals(parameters)
        ranks = np.searchsorted(np.sort(self._sampled.residuals(parameters)), residuals)
        quantiles = normal_quantiles(len(self._sampled.target))
        return quantiles[np.minimum(ranks, len(quantiles) - 1)], residuals

    def drawn(self) -> Drawn:
        """Return the examples that can be picked: those drawn, or those of each bar."""
        run = self.run
        if run is None or self.view.is_scatter:
            return super().drawn()
        residuals = self._sampled.residuals(np.asarray(self.parameters_at(run, self.step_of(run))))
        places = self.drawn_places[: len(self.sample)]
        if self.view is View.NORMAL:
            order = np.argsort(residuals, kind="stable")
            return Drawn(self.examples.x, residuals[order], places[order])
        width, count = self.bars.bar_width, len(self.bars.x)
        edges = np.append(self.bars.x - width / 2, self.bars.x[-1] + width / 2)
        bar = np.clip(np.searchsorted(edges, residuals, "right") - 1, 0, count - 1)
        return Drawn(self.bars.x[bar], self.bars.y[bar], places, width)

    def offer_picked(self, *, offered: bool) -> None:
        """Mark picked examples by rings, and in the histogram by their part of the bars."""
        in_bars = self.view is View.HISTOGRAM
        self.offer(self.picked, offered=offered and not in_bars)
        self.offer(self.picked_bars, offered=offered and in_bars)
        self.rename(self.picked_bars, self.picked.name, self.picked.short_name)

    def _offer_normal(self) -> None:
        """Offer what the residuals are compared with, unless it would tell least squares."""
        if (run := self.run) is not None:
            is_told = self._expected_deviation(run) is not None
            self.offer(self.normal, offered=is_told and not self.view.is_scatter)
            is_known = self._references(run).noise_floor is not None
            self.rename(self.normal, tr("noise") if is_known else tr("normal residuals"))

    def _expected_deviation(self, run: Run) -> float | None:
        """Return the standard deviation of the noise, or of the residuals at least squares.

        None while least squares is hidden, for measured data.
        """
        references = self._references(run)
        if references.noise_floor is not None:
            return math.sqrt(references.noise_floor)
        return None if self.guesses.hides_solution else math.sqrt(references.loss)

    def _references(self, run: Run) -> References:
        points = self.shown_points
        if points is None or points.references is None or not points.is_pending:
            return run.references
        return points.references

    def _describe(self, run: Run, residuals: DoubleArray) -> str:
        now, expected = significant(float(residuals.std()), 3), self._expected_deviation(run)
        if expected is None:
            return tr("Standard deviation {now}.").format(now=now)
        words = (
            tr("Standard deviation {now}; least squares has {expected}.")
            if self._references(run).noise_floor is None
            else tr("Standard deviation {now}; the noise alone has {expected}.")
        )
        return words.format(now=now, expected=significant(expected, 3))
