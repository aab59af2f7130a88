"""The data with the fit, in three views, and the minibatch of a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Slot
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QSizePolicy

from linreg_gui.analysis.problem import Coordinates
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import whole
from linreg_gui.plots.canvas import Range, widened
from linreg_gui.plots.card import Chooser, RunPlot, Segments
from linreg_gui.plots.layer import line_pen, x_pixels, y_pixels
from linreg_gui.plots.picture_table import PictureTable, counts, numbers
from linreg_gui.plots.series import Cloud, Curve, Points, Series, SeriesLayer
from linreg_gui.runs.history import History
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace


MOST_POINTS = 2_000
"""Of more examples than this, a sample is drawn."""
MOST_RESIDUALS = 200
"""Of more residuals than this, a sample is drawn."""

_MARGIN = 0.06
_WIDEST_CHOOSER = 200
_MARK_PIXELS = 11.0
_CROWD = 100
_CROWD_PIXELS = 6.0


class View(IntEnum):
    """Ways to look at the data."""

    RAW = 0
    ADJUSTED = 1
    PREDICTED = 2


class DataPlot(RunPlot):
    """The data and the fit.

    With two features a raw scatter stays a cloud even if the fit is perfect, because the other
    feature moves the target too. The adjusted view subtracts the share of the other feature, so the
    cloud collapses onto the fitted line as training goes on.

    Attributes
    ----------
    view : View
        The way to look at the data.
    feature : int
        The column along x.
    sample : ndarray of int
        The rows of the dataset that are drawn.
    examples, predictions : Cloud
        The points. Only the raw view has predictions: in the other views they would be on a line.
    fit, truth, diagonal : Curve
        The line of the current parameters, of the true parameters, and of perfect predictions.
    residuals, minibatch : Residuals, Cloud
        The examples of the minibatch, and lines from each one to its prediction.
    """

    name = "data"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Data"), "", "", theme)
        self.view = View.RAW
        self.feature = 0
        self.sample = np.arange(0)
        self._sampled = Examples(np.empty((0, 1)), np.empty(0))
        self._highlighted: Examples | None = None
        self._line_ends = np.zeros(2)
        self._y_range: Range = (0.0, 1.0)
        self._drawn_step = -1

        self.examples = Cloud(lambda palette: palette.data, tr("examples"), opacity=0.65)
        self.predictions = Cloud(
            lambda palette: palette.prediction, tr("predictions ŷ"), opacity=0.8
        )
        self.fit = Curve(lambda palette: palette.prediction, tr("fitted line"))
        self.truth = Curve(lambda palette: palette.truth, tr("true line"))
        self.diagonal = Curve(lambda palette: palette.truth, tr("perfect prediction"))
        self.residuals = Residuals(lambda palette: palette.minibatch)
        self.minibatch = Cloud(lambda palette: palette.minibatch, pixels=_MARK_PIXELS, halo=True)
        drawn = [self.examples, self.predictions, self.fit, self.truth, self.diagonal]
        self._layer = SeriesLayer[Series](*drawn, self.residuals, self.minibatch)
        self.canvas.add_layers(self._layer)
        self.add_to_legend(*drawn, self.minibatch, self.residuals)
        self._make_options()
        self.show_run(None)

    def show_run(self, run: Run | None) -> None:
        """Show the data of ``run``, or an empty picture."""
        former, self.run = self.run, run
        self.shown_step = None
        self._drawn_step = -1
        dimension = 1 if run is None else run.dataset.dimension
        if run is not None:
            size = run.dataset.size
            if size > MOST_POINTS:
                # Not NumPy's global generator: NDArrayIter draws from it at the same time.
                drawn = np.random.default_rng(0).choice(size, MOST_POINTS, replace=False)
                self.sample = np.sort(drawn)
            else:
                self.sample = np.arange(size)
            self._sampled = _examples_of(run, self.coordinates_of(run), self.sample)
            if former is None or former.dataset.dimension != dimension:
                self.view = View.RAW if dimension == 1 else View.ADJUSTED
                self.feature = 0
            self.rename(self.examples, *_sample_words(len(self.sample), size))
            self._views.choose(self.view)
            self._chooser.set_choices(dict(enumerate(run.dataset.feature_names)))
            self._chooser.set_value(self.feature)
        self._views.setEnabled(run is not None)
        self._highlight()
        self._show_view()

    def refresh(self) -> None:
        """Draw the current parameters if they have changed."""
        if self.run is not None and self._step(self.run.history) != self._drawn_step:
            self.redraw()

    def redraw(self) -> None:
        """Draw the parameters at the step on show, and make room for those of a complete run."""
        run = self.run
        if run is None:
            return
        self._drawn_step = self._step(run.history)
        parameters = self.parameters_at(run, self._drawn_step)
        x, y, predicted = self._places(self._sampled, parameters)
        self.examples.set_points(x, y)
        if self.view is View.RAW:
            self.predictions.set_points(x, predicted)
        self._draw_line(self.fit, parameters)
        if (truth := self.coordinates_of(run).true_parameters) is not None:
            self._draw_line(self.truth, truth)
        self.diagonal.set_points(self._line_ends, self._line_ends)
        if self._highlighted is not None:
            x, y, predicted = self._places(self._highlighted, parameters)
            self.minibatch.set_points(x, y)
            drawn = _spread(len(x), MOST_RESIDUALS)
            ends = np.column_stack([y[drawn], predicted[drawn]]).ravel()
            self.residuals.set_points(np.repeat(x[drawn], 2), ends)
        if run.is_complete:
            self._update_range(run)
        self.set_note(self._describe(run))

    def show_step(self, step: int | None) -> None:
        """Show the fit after ``step``, 0 for the start; None follows the run."""
        self.shown_step = step
        self.refresh()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Highlight the minibatch of a step, with its residuals; None removes the highlight."""
        if trace is not self.trace:
            self.trace = trace
            self._highlight()
            self.redraw()

    def table(self) -> PictureTable:
        """Return the examples that are drawn, with their predictions at the step on show."""
        run, examples = self.run, self._sampled
        if run is None:
            return PictureTable()
        step, target = self._step(run.history), run.dataset.target_name
        parameters = self.parameters_at(run, step)
        predicted = examples.features @ parameters[:-1] + parameters[-1]
        words = tr("{drawn} of {size} examples, with the predictions after step {step}.")
        return PictureTable(
            words.format(
                drawn=whole(len(self.sample)), size=whole(run.dataset.size), step=whole(step)
            ),
            (
                counts(tr("row"), self.sample),
                *map(numbers, map(self.in_words, run.dataset.feature_names), examples.features.T),
                numbers(target, examples.target),
                numbers(tr("prediction ŷ"), predicted),
                numbers(f"ŷ − {target}", predicted - examples.target),
            ),
        )

    @Slot(int)
    def set_view(self, view: int) -> None:
        """Look at the data in the way of ``view``."""
        self.view = View(view)
        self._views.choose(view)
        self._show_view()

    @Slot(object)
    def set_feature(self, feature: int) -> None:
        """Put ``feature`` along x."""
        self.feature = feature
        self._chooser.set_value(feature)
        self._show_view()

    def _make_options(self) -> None:
        self._views = Segments(
            [tr("raw"), tr("adjusted"), tr("predicted")],
            [
                tr("The examples, with the predictions over them"),
                tr("The examples minus the bias and the share of the other features"),
                tr("Each prediction against its target"),
            ],
        )
        self._views.group.idClicked.connect(self.set_view)
        self._chooser = Chooser(tr("Feature along the x axis"))
        self._chooser.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        keep_scaled(self._chooser, setMaximumWidth=_WIDEST_CHOOSER)
        self._chooser.committed.connect(self.set_feature)
        self.add_option(self._chooser)
        self.add_option(self._views)

    def _highlight(self) -> None:
        """Find the examples of the minibatch; they are drawn later."""
        run, trace = self.run, self.trace_of(self.run)
        self._highlighted = None
        if run is not None and trace is not None:
            rows = trace.rows[_spread(trace.size, MOST_POINTS)]
            self._highlighted = _examples_of(run, self.coordinates_of(run), rows)
            self.minibatch.set_size(_MARK_PIXELS if len(rows) <= _CROWD else _CROWD_PIXELS)
            self.rename(self.minibatch, *_batch_words(trace, len(rows)))
            self.rename(self.residuals, *_residual_words(trace))
        for series in (self.minibatch, self.residuals):
            self.offer(series, offered=trace is not None)

    def _show_view(self) -> None:
        run = self.run
        self._layer.setVisible(run is not None)
        self._offer_series(run)
        if run is None:
            self.set_note("")
            return
        x, _, _ = self._places(self._sampled, self.parameters_at(run, 0))
        low, high = x.min(), x.max()
        span = (high - low) or 1.0
        self._line_ends = np.array([low - span, high + span])
        self.set_axis_labels(*self._axis_labels(run))
        self._update_range(run)
        self.canvas.fit()
        self.redraw()

    def _update_range(self, run: Run) -> None:
        """Show a range that depends on the data, and on the parameters only at the end."""
        x, best, predicted = self._places(
            self._sampled, np.array(self.coordinates_of(run).references.parameters)
        )
        match self.view:
            case View.RAW:
                heights = [best, predicted]
            case View.ADJUSTED:
                _, start, _ = self._places(self._sampled, self.parameters_at(run, 0))
                heights = [best, np.percentile(start, [1, 99])]
            case View.PREDICTED:
                heights = [predicted]
        if run.is_complete:
            _, *settled = self._places(self._sampled, self.parameters_at(run))
            heights += settled
        self._y_range = widened(np.concatenate(heights), _MARGIN)
        self.canvas.set_automatic_range(widened(x, _MARGIN), self._y_range)

    def _offer_series(self, run: Run | None) -> None:
        several = run is not None and run.dataset.dimension > 1
        predicted = self.view is View.PREDICTED
        has_line = self.view is View.ADJUSTED or (self.view is View.RAW and not several)
        has_truth = run is not None and run.dataset.true_parameters is not None
        self._chooser.setVisible(several and not predicted)
        self.offer(self.predictions, offered=self.view is View.RAW)
        self.offer(self.fit, offered=has_line)
        self.offer(self.truth, offered=has_line and has_truth)
        self.offer(self.diagonal, offered=predicted)

    def _step(self, history: History) -> int:
        return history.step if self.shown_step is None else self.shown_step

    def _draw_line(self, line: Curve, parameters: Sequence[float] | FloatArray) -> None:
        slope = float(parameters[self.feature])
        intercept = float(parameters[-1]) if self.view is View.RAW else 0.0
        line.set_points(self._line_ends, slope * self._line_ends + intercept)

    def _places(
        self, examples: "Examples", parameters: FloatArray
    ) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
        """Return x and y of ``examples`` in this view, and the y of their predictions."""
        x = examples.features[:, self.feature]
        predictions: DoubleArray = examples.features @ parameters[:-1] + parameters[-1]
        match self.view:
            case View.RAW:
                return x, examples.target, predictions
            case View.ADJUSTED:
                line = parameters[self.feature] * x
                return x, examples.target - predictions + line, line
            case View.PREDICTED:
                return examples.target, predictions, examples.target

    def _axis_labels(self, run: Run) -> tuple[str, str]:
        names, target = run.dataset.feature_names, run.dataset.target_name
        along_x = self.in_words(names[self.feature])
        match self.view:
            case View.RAW:
                return along_x, target
            case View.ADJUSTED:
                others = [
                    f" − w{index}·{name}"
                    for index, name in enumerate(names)
                    if index != self.feature
                ]
                return along_x, self.in_words(f"{target} − b" + "".join(others))
            case View.PREDICTED:
                return tr("actual {target}").format(target=target), tr("predicted ŷ")

    def _describe(self, run: Run) -> str:
        several = run.dataset.dimension > 1
        low, high = self._y_range
        moving = self.predictions if self.view is View.RAW else self.examples
        if not np.any((moving.y >= low) & (moving.y <= high)):
            if self.view is View.ADJUSTED:
                return tr("The examples are outside the picture now.")
            return tr("The predictions are outside the picture now.")
        match self.view:
            case View.RAW if several:
                hint = tr("Stays a cloud even at a perfect fit: see “adjusted”.")
            case View.RAW:
                hint = tr("The line should settle in the middle of the examples.")
            case View.ADJUSTED:
                hint = tr("The cloud collapses onto the line as w and b improve.")
            case View.PREDICTED:
                hint = tr("Good predictions lie on the diagonal.")
        return hint


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a dataset, in double precision.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        In column order.
    target : ndarray, shape (n,)
    """

    features: DoubleArray
    target: DoubleArray


def _examples_of(run: Run, coordinates: Coordinates, rows: npt.NDArray[np.int64]) -> Examples:
    """Return the examples in ``rows`` of the run's dataset, in ``coordinates``."""
    return Examples(
        np.asfortranarray(coordinates.features(run.dataset.features[rows]), np.float64),
        run.dataset.target[rows].astype(np.float64),
    )


@dataclass(eq=False)
class Residuals(Points):
    """A vertical line for each residual, between two points in a row."""

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the lines."""
        columns = np.round(x_pixels(to_pixels, self.x)).tolist()
        heights = y_pixels(to_pixels, self.y).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(line_pen(self.stroke.color, self.stroke.width))
        painter.drawLines(list(map(QPointF, columns, heights)))


def _sample_words(drawn: int, size: int) -> tuple[str, str]:
    """Return long and short words for the number of examples drawn."""
    if drawn == size:
        return tr("examples"), ""
    counts = {"drawn": whole(drawn), "size": whole(size)}
    return tr("{drawn} of {size} examples").format(**counts), tr("{drawn} of {size}").format(
        **counts
    )


def _spread(size: int, most: int) -> npt.NDArray[np.int64]:
    """Return all indices below ``size``, or ``most`` of them at even distances."""
    return np.linspace(0, size - 1, min(size, most)).astype(np.int64)


def _batch_words(trace: "StepTrace", drawn: int) -> tuple[str, str]:
    """Return long and short words for the minibatch, with the number of examples drawn."""
    if drawn < trace.size:
        long, short = tr("{name} ({drawn} of {size} examples)"), tr("{name} ({drawn} of {size})")
    else:
        long = tr("{name} (1 example)") if drawn == 1 else tr("{name} ({size} examples)")
        short = tr("{name} ({size})")
    name = tr("short last batch") if trace.is_short else tr("this minibatch")
    values = {"name": name, "drawn": whole(drawn), "size": whole(trace.size)}
    return long.format(**values), short.format(**values)


def _residual_words(trace: "StepTrace") -> tuple[str, str]:
    if trace.size <= MOST_RESIDUALS:
        return tr("residuals"), ""
    drawn, size = whole(MOST_RESIDUALS), whole(trace.size)
    words = tr("{drawn} of {size} residuals").format(drawn=drawn, size=size)
    return words, tr("residuals")
