"""What the model gets wrong: the residuals, in five views."""

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.announcement import AnnouncementLayer, diverged_run
from linreg_gui.plots.corner_key import CornerKeyLayer
from linreg_gui.plots.data_words import batch_words, sample_words
from linreg_gui.plots.examples import Examples, marker_pixels, sampled, spread
from linreg_gui.plots.layer import x_pixels, y_pixels
from linreg_gui.plots.picture_table import PictureTable, TableColumn, counts, numbers
from linreg_gui.plots.place_names import has_room_for_names
from linreg_gui.plots.plane_series import Cloud
from linreg_gui.plots.residual_view import (
    ResidualRange,
    View,
    axis_labels,
    bars,
    normal_curve,
    normal_quantiles,
)
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.series import Curve, Level, Points, Series, SeriesLayer
from linreg_gui.plots.title_row import Chooser, Segments
from linreg_gui.runs.run import Run
from linreg_gui.texts import shortened_name, tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace

_MOST_HIGHLIGHTED = 1_000
_LARGER = 4.0
_OUTLINE = 1.5
_CROWD = 100
_OPACITY = 0.65
_BAR_OPACITY = 150


@dataclass(eq=False)
class Bars(Points):
    """Bars that stand on 0; x are their middles.

    Attributes
    ----------
    bar_width : float
        Of each bar, in the coordinates of the axis.
    """

    has_line = False

    markers: bool = field(default=True, kw_only=True)
    bar_width: float = field(default=0.0, init=False)

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


class ResidualPlot(RunPlot):
    """The residuals: how far each target is from its prediction, live.

    At the start they show what the model does not know yet. Where training ends well, only noise
    is left. The range follows them in large steps, so that their pattern can be seen at any size.

    Attributes
    ----------
    view : View
        The way to look at the residuals.
    feature : int
        The column along x in the view of a feature.
    examples, held_out, minibatch : Cloud
        The residuals of the examples, of those held out, and of the minibatch of a step.
    bars : Bars
        Of the histogram.
    normal : Curve
        What the noise alone would look like, or normal residuals as large as at least squares.
    """

    name = "residuals"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Residuals"), "", "", theme)
        self.view = View.PREDICTION
        self.feature = 0
        self._rows = np.arange(0)
        self._sampled = self._held_out = Examples.none(1)
        self._highlighted: Examples | None = None
        self._highlighted_rows = np.arange(0)
        self._range = ResidualRange()
        self._drawn_step = -1
        self.examples = Cloud(lambda palette: palette.data, tr("examples"))
        self.held_out = Cloud(lambda palette: palette.data, tr("held out"), outline=_OUTLINE)
        self.minibatch = Cloud(lambda palette: palette.minibatch, halo=True)
        self.bars = Bars(lambda palette: replace(palette.data, symbol="s"), tr("residuals"))
        self.zero = Level(lambda palette: palette.prediction, tr("perfect prediction"), y=0.0)
        self.normal = Curve(lambda palette: palette.truth, tr("noise"))
        self._named = [self.examples, self.held_out, self.minibatch, self.bars, self.normal]
        below: list[Series] = [self.bars, self.zero, self.held_out, self.examples]
        self._layer = SeriesLayer[Series](*below, self.normal, self.minibatch)
        self.key, self.announcement = CornerKeyLayer(), AnnouncementLayer()
        self.canvas.add_layers(self._layer, self.key, self.announcement)
        self.add_to_legend(*self._named, self.zero)
        self._make_options()
        self.canvas.view_changed.connect(self.redraw)
        self.show_run(None)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "The residual of an example is its target minus its prediction. Where the model fits, "
            "the residuals look like noise: no pattern against the prediction, a feature or the "
            "order of the rows; a histogram like the normal curve; quantiles along the line."
        )

    def show_run(self, run: Run | None) -> None:
        """Show the residuals of ``run``, or an empty picture."""
        self.take(run)
        self._drawn_step = -1
        if run is not None:
            size, coordinates = run.dataset.size, self.coordinates_of(run)
            held_out = run.problem.held_out_examples
            self._rows = sampled(size)
            self._sampled = Examples.of(run.dataset, coordinates, self._rows)
            self._held_out = (
                Examples.none(run.dataset.dimension)
                if held_out is None
                else Examples.of(held_out, coordinates, sampled(held_out.size))
            )
            self.rename(self.examples, *sample_words(len(self._rows), size))
            self.feature = min(self.feature, run.dataset.dimension - 1)
            names = [shortened_name(name, 28) for name in run.dataset.feature_names]
            self._chooser.set_choices(dict(enumerate(names)))
            self._chooser.set_value(self.feature)
        self._views.setEnabled(run is not None)
        self._highlight()
        self._show_view()

    def refresh(self) -> None:
        """Draw the residuals at the step on show, as far as a change can be seen."""
        if self.run is not None and self.step_of(self.run) != self._drawn_step:
            self._draw(self.run, exactly=False)

    @Slot()
    def redraw(self) -> None:
        """Draw exactly the residuals at the step on show."""
        if self.run is not None:
            self._draw(self.run, exactly=True)

    def show_step(self, step: int | None) -> None:
        """Show the residuals after ``step``, 0 for the start; None follows the run."""
        self.shown_step = step
        self.refresh()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Highlight the minibatch of a step; None removes the highlight."""
        if trace is not self.trace:
            self.trace = trace
            self._highlight()
            self.redraw()

    def show_view(self, view: str) -> None:
        """Look at the residuals in the way of this name."""
        self.set_view(View[view.upper()])

    @Slot(int)
    def set_view(self, view: int) -> None:
        """Look at the residuals in the way of ``view``."""
        self.view = View(view)
        self._views.choose(view)
        self._show_view()

    @Slot(object)
    def set_feature(self, feature: int) -> None:
        """Put ``feature`` along x in the view of a feature."""
        self.feature = feature
        self._chooser.set_value(feature)
        self._show_view()

    def table(self) -> PictureTable:
        """Return the residuals that are drawn, with targets and predictions."""
        run = self.run
        if run is None:
            return PictureTable()
        step, count = self.step_of(run), len(self._held_out.target)
        drawn = self._sampled.followed_by(self._held_out)
        predicted = drawn.predicted(np.asarray(self.parameters_at(run, step)))
        use = [tr("training")] * len(self._rows) + [tr("held out")] * count
        target = run.dataset.target_name
        words = tr("{drawn} of {size} examples, with the residuals after step {step}.")
        return PictureTable(
            words.format(
                drawn=whole(len(self._rows)), size=whole(run.dataset.size), step=whole(step)
            ),
            (
                counts(tr("row"), np.append(self._rows, np.full(count, np.nan))),
                *([TableColumn(tr("used for"), use)] if count else []),
                numbers(target, drawn.target),
                numbers(tr("prediction ŷ"), predicted),
                numbers(f"{target} − ŷ", drawn.target - predicted),
            ),
        )

    def summary(self) -> str:
        """Say how large the residuals are at the step on show."""
        run = self.run
        if run is None:
            return super().summary()
        step = self.step_of(run)
        words = tr("Residuals at step {step}: standard deviation {deviation}, mean {mean}.")
        residuals = self._residuals_of(self._sampled, run, step)
        return words.format(
            step=whole(step),
            deviation=significant(float(residuals.std()), 4),
            mean=significant(float(residuals.mean()), 4),
        )

    def _make_options(self) -> None:
        self._views = Segments(
            [tr("prediction"), tr("feature"), tr("order"), tr("histogram"), tr("normal")],
            [
                tr("Residuals against predictions: a curve means that a line is the wrong model"),
                tr("Residuals against a feature"),
                tr("Residuals in the order of the rows: a trend means that time matters"),
                tr("How often residuals of each size are there"),
                tr("Ordered residuals against those of a normal distribution"),
            ],
        )
        self._views.group.idClicked.connect(self.set_view)
        self._chooser = Chooser(tr("Feature along the x axis"))
        self._chooser.committed.connect(self.set_feature)
        self.add_option(self._views)
        self.add_option(self._chooser)

    def _highlight(self) -> None:
        """Find the examples of the minibatch; they are drawn later."""
        run, trace = self.run, self.trace_of(self.run)
        self._highlighted = None
        if run is not None and trace is not None:
            self._highlighted_rows = trace.rows[spread(trace.size, _MOST_HIGHLIGHTED)]
            coordinates = self.coordinates_of(run)
            self._highlighted = Examples.of(run.dataset, coordinates, self._highlighted_rows)
            words = batch_words(trace, len(self._highlighted_rows), run.dataset.size)
            self.rename(self.minibatch, *words)
        is_drawn = self._highlighted is not None and self.view.is_scatter
        self.offer(self.minibatch, offered=is_drawn)

    def _show_view(self) -> None:
        run, view = self.run, self.view
        self._layer.setVisible(run is not None)
        self.key.setVisible(run is not None)
        if run is None:
            self.announcement.announce("")
            self.set_note("")
            return
        self._chooser.setVisible(view is View.FEATURE and run.dataset.dimension > 1)
        self.offer(self.examples, offered=view is not View.HISTOGRAM)
        self.offer(self.held_out, offered=view.is_scatter and len(self._held_out.target) > 0)
        self.offer(self.bars, offered=view is View.HISTOGRAM)
        self.offer(self.zero, offered=view is not View.HISTOGRAM)
        self.offer(self.normal, offered=not view.is_scatter)
        self._highlight()
        is_known = run.references.noise_floor is not None
        self.rename(self.normal, tr("noise") if is_known else tr("normal curve"))
        self.canvas.x_axis.whole = view is View.ORDER
        self.canvas.y_axis.whole = view is View.HISTOGRAM
        name = run.dataset.feature_names[self.feature]
        self.set_axis_labels(*axis_labels(view, name, run.dataset.target_name, self.in_words))
        places, _ = self._placed(self._sampled, self._rows, run, self.step_of(run))
        # Predictions will be where the targets are.
        self._range.begin(self._sampled.target if view is View.PREDICTION else places)
        self.redraw()
        self.canvas.fit()

    def _draw(self, run: Run, *, exactly: bool) -> None:
        """Draw the residuals at the step on show."""
        step = self._drawn_step = self.step_of(run)
        places, residuals = self._placed(self._sampled, self._rows, run, step)
        if self.view.is_scatter:
            # The rows of held-out examples are not known, so they come last.
            rows = run.dataset.size + np.arange(len(self._held_out.target))
            held_out = self._placed(self._held_out, rows, run, step)
            self.held_out.set_points(*held_out)
            all_places, all_residuals = map(np.append, (places, residuals), held_out)
            self._range.follow(all_places, all_residuals)
        else:
            self._range.follow(places, residuals)
        draw = self.examples.set_points if exactly else self.examples.follow
        match self.view:
            case View.HISTOGRAM:
                self._draw_histogram(run, residuals)
            case View.NORMAL:
                draw(places, np.sort(residuals))
                ends = places[[0, -1]]
                self.normal.set_points(ends, self._expected_deviation(run) * ends)
            case _:
                draw(places, residuals)
                if self._highlighted is not None:
                    highlighted = self._highlighted, self._highlighted_rows
                    self.minibatch.set_points(*self._placed(*highlighted, run, step))
        self.canvas.set_automatic_range(*self._range.ranges(self.view))
        self._size_markers()
        self.announcement.announce_divergence(diverged_run(run), run)
        has_room = not self.is_thumbnail and has_room_for_names(self.canvas)
        is_free = has_room and not self.announcement.text
        self.key.show_entries(self._named if is_free else [])
        self.set_note(self._describe(run, residuals))

    def _draw_histogram(self, run: Run, residuals: DoubleArray) -> None:
        middles, heights, self.bars.bar_width = bars(residuals, self._range.reach)
        deviation = self._expected_deviation(run)
        x, y = np.empty(0), np.empty(0)
        if deviation > 0:
            x, y = normal_curve(deviation, len(residuals), self.bars.bar_width, self._range.reach)
        self._range.follow_bars(heights, y)
        self.bars.set_points(middles, heights)
        self.normal.set_points(x, y)
        self._layer.update()  # a bar reaches down to 0, and its width may have changed

    def _residuals_of(self, examples: Examples, run: Run, step: int) -> DoubleArray:
        return examples.target - examples.predicted(np.asarray(self.parameters_at(run, step)))

    def _placed(
        self, examples: Examples, rows: npt.NDArray[np.int64], run: Run, step: int
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of ``examples``, which are in ``rows`` of the data."""
        residuals = self._residuals_of(examples, run, step)
        match self.view:
            case View.PREDICTION:
                places = examples.target - residuals
            case View.FEATURE:
                places = examples.features[:, self.feature]
            case View.ORDER:
                places = rows + 1.0
            case _:
                places = normal_quantiles(len(residuals))
        return places, residuals

    def _expected_deviation(self, run: Run) -> float:
        """Return the standard deviation of the noise, or of the residuals at least squares."""
        floor = run.references.noise_floor
        return math.sqrt(run.references.loss if floor is None else floor)

    def _size_markers(self) -> None:
        pixels = marker_pixels(len(self._sampled.target), self.canvas.pixels)
        for cloud in (self.examples, self.held_out):
            cloud.set_size(pixels)
        self.examples.set_opacity(_OPACITY if len(self._sampled.target) > _CROWD else 1.0)
        self.minibatch.set_size(pixels + _LARGER)

    def _describe(self, run: Run, residuals: DoubleArray) -> str:
        expected = self._expected_deviation(run)
        words = (
            tr("Standard deviation {now}; at least squares {expected}.")
            if run.references.noise_floor is None
            else tr("Standard deviation {now}; of the noise {expected}.")
        )
        now = significant(float(residuals.std()), 3)
        return words.format(now=now, expected=significant(expected, 3))
