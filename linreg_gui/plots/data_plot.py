"""The data with the fit, seen in three ways."""

from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import whole
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.card import RunPlot, Segments
from linreg_gui.plots.choosers import Chooser
from linreg_gui.plots.curve import Curve, CurveLayer, FloatColumn
from linreg_gui.plots.legend import LegendEntry
from linreg_gui.plots.minibatch_lens import Examples, MinibatchLens, examples_of
from linreg_gui.plots.points import PointLayer
from linreg_gui.runs.history import History
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace


MOST_POINTS = 2_000
"""More examples than this are drawn as a sample."""

_MARGIN = 0.06
_ROUNDING = 1e-6
"""Values that differ by less than this share are the same one in single precision."""
_WIDEST_CHOOSER = 200
_NOTHING = np.empty(0)


class View(IntEnum):
    """Ways to look at the data."""

    RAW = 0
    ADJUSTED = 1
    PREDICTED = 2


class DataPlot(RunPlot):
    """Data and fit. It pulls from the run and keeps only which examples it draws.

    With two features a raw scatter stays a cloud even where the fit is perfect, because the other
    feature moves the target too. The adjusted view takes that feature's share away, so that the
    cloud collapses onto the fitted line as training goes on.

    Attributes
    ----------
    view : View
        How the data is looked at.
    feature : int
        Which column is along x.
    sample : ndarray of int
        The rows of the dataset that are drawn.
    examples, predictions : PointLayer
        The points; there are no predictions where they would all lie on the line.
    fit, truth, diagonal : Curve
        The line of the current parameters, what it should become, and where predictions are right.
    entries : dict
        What switches each of them on and off.
    """

    name = "data"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Data"), "", "", theme)
        palette = theme.palette
        self.view = View.RAW
        self.feature = 0
        self.sample = np.arange(0)
        self._sampled = Examples(np.empty((0, 1)), _NOTHING)
        self._x = _NOTHING
        self._y_range: Range = (0.0, 1.0)
        self._drawn_step = -1

        self.examples = PointLayer(palette.data, 6, opacity=0.65)
        self.predictions = PointLayer(palette.prediction, 6, opacity=0.8)
        self.fit = Curve(palette.prediction)
        self.truth, self.diagonal = Curve(palette.truth), Curve(palette.truth)
        self._lines = CurveLayer()
        self._lines.curves = [self.fit, self.truth, self.diagonal]
        for layer in (self.examples, self.predictions, self._lines):
            self.canvas.add_layer(layer)

        self._views = Segments([tr("raw"), tr("adjusted"), tr("predicted")])
        for button, tip in zip(
            self._views.group.buttons(),
            (
                tr("The examples as they are, with the predictions over them"),
                tr("The examples without the bias and the other features' share"),
                tr("Each prediction against the target that it was made for"),
            ),
            strict=True,
        ):
            button.setToolTip(tip)
        self._views.group.idClicked.connect(self._on_view_chosen)
        self._chooser = Chooser(tr("Feature along the x axis"))
        self._chooser.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._chooser.setMaximumWidth(_WIDEST_CHOOSER)
        self._chooser.activated.connect(self._on_feature_chosen)
        self.add_option(self._chooser)
        self.add_option(self._views)
        self.entries: dict[PointLayer | Curve, LegendEntry] = {
            self.examples: self.add_entry(tr("examples"), line=False, marker=True),
            self.predictions: self.add_entry(tr("predictions ŷ"), line=False, marker=True),
            self.fit: self.add_entry(tr("fitted line")),
            self.truth: self.add_entry(tr("true line")),
            self.diagonal: self.add_entry(tr("perfect prediction")),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._on_entry_toggled)
        self.restyle(palette)
        self.show_run(None)

    @cached_property
    def lens(self) -> MinibatchLens:
        """Return what lights a minibatch, made when it is first wanted."""
        lens = MinibatchLens(self, MOST_POINTS)
        lens.restyle(self._theme.palette)
        return lens

    @property
    def _has_lens(self) -> bool:
        return "lens" in vars(self)

    def show_run(self, run: Run | None) -> None:
        """Show the data of ``run``, or nothing where there is none."""
        former, self.run = self.run, run
        self.shown_step = None
        self._drawn_step = -1
        dimension = 1 if run is None else run.dataset.dimension
        if run is not None:
            size = run.dataset.size
            if size > MOST_POINTS:
                # A generator of its own: NDArrayIter draws from NumPy's global one meanwhile.
                drawn = np.random.default_rng(0).choice(size, MOST_POINTS, replace=False)
                self.sample = np.sort(drawn)
            else:
                self.sample = np.arange(size)
            self._sampled = examples_of(run, self.coordinates_of(run), self.sample)
            if former is None or former.dataset.dimension != dimension:
                self.view = View.RAW if dimension == 1 else View.ADJUSTED
                self.feature = 0
            self.entries[self.examples].rename(*_sample_words(len(self.sample), size))
            self._views.choose(self.view)
            self._chooser.clear()
            self._chooser.addItems(run.dataset.feature_names)
            self._chooser.setCurrentIndex(self.feature)
        self._views.setEnabled(run is not None)
        self._light()
        self._show_view()

    def refresh(self) -> None:
        """Move what depends on the parameters, if they have changed."""
        if self.run is not None and self._step(self.run.history) != self._drawn_step:
            self._draw()

    def redraw(self) -> None:
        """Draw anew, however little has changed."""
        if self.run is not None:
            self._draw()

    def show_step(self, step: int | None) -> None:
        """Show the moment after ``step``, 0 for the start; None follows the run."""
        self.shown_step = step
        self.refresh()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Light the examples of a step's minibatch, with their residuals; None puts it out."""
        if (trace is not None or self._has_lens) and trace is not self.lens.trace:
            self.lens.trace = trace
            self._light()
            if self.run is not None:
                self._draw()

    def set_view(self, view: View) -> None:
        """Look at the data in another way."""
        self.view = view
        self._views.choose(view)
        self._show_view()

    def set_feature(self, feature: int) -> None:
        """Put another feature along x."""
        self.feature = feature
        self._chooser.setCurrentIndex(feature)
        self._show_view()

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        self.examples.set_stroke(palette.data)
        self.predictions.set_stroke(palette.prediction)
        self.fit.stroke = palette.prediction
        self.truth.stroke = self.diagonal.stroke = palette.truth
        for series, stroke in (
            (self.examples, palette.data),
            (self.predictions, palette.prediction),
            (self.fit, palette.prediction),
            (self.truth, palette.truth),
            (self.diagonal, palette.truth),
        ):
            self.entries[series].set_look(stroke, palette)
        if self._has_lens:
            self.lens.restyle(palette)

    def _light(self) -> None:
        if not self._has_lens:
            return
        run = self.run
        self.lens.light(run, None if run is None else self.coordinates_of(run))
        for entry in self.lens.entries.values():
            self.show_entry(entry, shown=self.lens.examples is not None)

    def _show_view(self) -> None:
        run = self.run
        for points in (self.examples, self.predictions):
            points.set_points(_NOTHING, _NOTHING)
        for line in self._lines.curves:
            self._lines.set_points(line, _NOTHING, _NOTHING)
        self._show_entries(run)
        if run is None:
            self.set_note("")
            return
        self._x, _, _ = self._seen(self._sampled, self._parameters_at(run, 0))
        self.set_axis_labels(*self._axis_labels(run))
        self._update_range(run)
        self.canvas.fit()
        self._draw_what_stays(run)
        self._draw()

    def _update_range(self, run: Run) -> None:
        x_range, self._y_range = self._ranges(run)
        self.canvas.set_automatic_range(x_range, self._y_range)

    def _show_entries(self, run: Run | None) -> None:
        several = run is not None and run.dataset.dimension > 1
        predicted = self.view is View.PREDICTED
        has_line = self.view is View.ADJUSTED or (self.view is View.RAW and not several)
        has_truth = run is not None and run.dataset.true_parameters is not None
        self._chooser.setVisible(several and not predicted)
        self.show_entry(self.entries[self.predictions], shown=self.view is View.RAW)
        self.show_entry(self.entries[self.fit], shown=has_line)
        self.show_entry(self.entries[self.truth], shown=has_line and has_truth)
        self.show_entry(self.entries[self.diagonal], shown=predicted)

    def _draw(self) -> None:
        run = self.run
        assert run is not None
        self._drawn_step = self._step(run.history)
        parameters = self._parameters_at(run, self._drawn_step)
        _, y, predicted = self._seen(self._sampled, parameters)
        match self.view:
            case View.RAW:
                self.predictions.set_points(self._x, predicted)
                if len(parameters) == 2:
                    self._draw_line(self.fit, parameters[0], parameters[1])
            case View.ADJUSTED:
                self.examples.set_points(self._x, y)
                self._draw_line(self.fit, parameters[self.feature], 0.0)
            case View.PREDICTED:
                self.examples.set_points(self._x, y)
        if self._has_lens and (lit := self.lens.examples):
            self.lens.draw(*self._seen(lit, parameters))
        if run.is_complete:
            self._update_range(run)
        self.set_note(self._describe(run))

    def _parameters_at(self, run: Run, step: int) -> FloatColumn:
        """Return the parameters after ``step`` in the units of the picture."""
        return (
            self.coordinates_of(run).parameters(run.history.parameters_at(step)).astype(np.float64)
        )

    def _step(self, history: History) -> int:
        return history.step if self.shown_step is None else self.shown_step

    def _draw_what_stays(self, run: Run) -> None:
        truth = self.coordinates_of(run).true_parameters
        match self.view:
            case View.RAW:
                self.examples.set_points(self._x, self._sampled.target)
                if truth is not None and len(truth) == 2:
                    self._draw_line(self.truth, truth[0], truth[1])
            case View.ADJUSTED:
                if truth is not None:
                    self._draw_line(self.truth, truth[self.feature], 0.0)
            case View.PREDICTED:
                self._draw_line(self.diagonal, 1.0, 0.0)

    def _draw_line(self, line: Curve, slope: float, intercept: float) -> None:
        low, high = self._x.min(), self._x.max()
        ends = np.array([low - (high - low or 1.0), high + (high - low or 1.0)])
        self._lines.set_points(line, ends, slope * ends + intercept)

    def _seen(
        self, examples: Examples, parameters: FloatArray
    ) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
        """Return x and y of ``examples`` in this view, and the y of what is predicted for them."""
        x = examples.features[:, self.feature]
        predictions: FloatColumn = examples.features @ parameters[:-1] + parameters[-1]
        match self.view:
            case View.RAW:
                return x, examples.target, predictions
            case View.ADJUSTED:
                line = parameters[self.feature] * x
                return x, examples.target - predictions + line, line
            case View.PREDICTED:
                return examples.target, predictions, examples.target

    def _ranges(self, run: Run) -> tuple[Range, Range]:
        """Return ranges fixed by the data, whatever the parameters may do before they settle."""
        x, best, predicted = self._seen(
            self._sampled, np.array(self.coordinates_of(run).references.parameters)
        )
        match self.view:
            case View.RAW:
                heights = [best, predicted]
            case View.ADJUSTED:
                _, start, _ = self._seen(self._sampled, self._parameters_at(run, 0))
                heights = [best, np.percentile(start, [1, 99])]
            case View.PREDICTED:
                heights = [predicted]
        if run.is_complete:
            _, *settled = self._seen(self._sampled, self._parameters_at(run, run.history.step))
            heights += settled
        return _with_margin(x), _with_margin(np.concatenate(heights))

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
                return tr("The examples are outside of the picture for now.")
            return tr("The predictions are outside of the picture for now.")
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

    @Slot(int)
    def _on_view_chosen(self, index: int) -> None:
        self.set_view(View(index))

    @Slot(int)
    def _on_feature_chosen(self, index: int) -> None:
        self.set_feature(index)

    @Slot()
    def _on_entry_toggled(self) -> None:
        for points in (self.examples, self.predictions):
            points.setVisible(self.entries[points].isChecked())
        for line in self._lines.curves:
            line.visible = self.entries[line].isChecked()
        self._lines.update()


def _sample_words(drawn: int, size: int) -> tuple[str, str]:
    """Say how many examples are drawn, at length and in short."""
    if drawn == size:
        return tr("examples"), tr("examples")
    drawn_text, size_text = whole(drawn), whole(size)
    return (
        tr("{drawn} of {size} examples").format(drawn=drawn_text, size=size_text),
        tr("{drawn} of {size}").format(drawn=drawn_text, size=size_text),
    )


def _with_margin(values: FloatArray) -> Range:
    low, high = float(values.min()), float(values.max())
    is_spread = high - low > _ROUNDING * max(abs(low), abs(high))
    margin = _MARGIN * (high - low) if is_spread else max(1.0, abs(high))
    return low - margin, high + margin
