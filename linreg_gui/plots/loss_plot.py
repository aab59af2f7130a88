"""The loss at every step: of each minibatch, averaged in three ways, and how low it can go."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.annotations import Level
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.card import Segments
from linreg_gui.plots.curve import BOTTOM_EDGE, Column, Curve, FloatColumn
from linreg_gui.plots.legend import LegendEntry
from linreg_gui.plots.overlay import Overlay
from linreg_gui.plots.ranges import round_up
from linreg_gui.plots.step_plot import Reading, StepPlot
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.analysis.least_squares import References
    from linreg_gui.analysis.problem import FitMetrics


_MOST_DECADES_UP = 12
_MOST_TIMES_UP = 10
_NEGLIGIBLE = 1e-9
"""Below this share of the first loss a reference is rounding, and does not set the range."""
_DIP = 30
"""A single minibatch's loss may pull the range so many times below all averages."""
_OTHERS_DECADES = 2
_OTHERS_TIMES = 2
"""The runs drawn over this one may widen the range so far."""
_MOST_TEST_ROWS = 2**16
"""Of a long run, the test loss is computed at so many steps: it is a smooth curve."""
_LAST_CORRECTED = 4_000
"""From here on 1 − 0.99^step is 1 to the last bit."""


class LossPlot(StepPlot):
    """The loss curve. It pulls from the run's history and keeps no number of it.

    Attributes
    ----------
    batch, moving, corrected, epochs : Curve
        The minibatch's loss; the lesson's moving average; the same without the pull of its start
        at 0; the mean of each epoch.
    test : Curve
        The loss of the examples that are held out, where there are any.
    noise_floor, least_squares : Level
        The variance of the noise, and the loss of the best line.
    logarithmic : bool
        Whether the y axis is.
    entries : dict
        What switches each of them on and off.
    """

    name = "loss"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Loss"), tr("loss (mean squared error)"), theme)
        palette = theme.palette
        self.logarithmic = True
        self.batch = Curve(palette.batch_loss, smooth=False)
        self.moving = Curve(palette.moving_loss)
        self.corrected = Curve(palette.corrected_loss)
        self.epochs = Curve(palette.epoch_loss, markers=True)
        self.test = Curve(palette.test_loss)
        self.curves.curves = [self.batch, self.moving, self.corrected, self.epochs, self.test]
        self.noise_floor = Level(palette.truth, math.nan)
        self.least_squares = Level(palette.least_squares, math.nan)
        self.levels.levels = [self.least_squares, self.noise_floor]
        self.entries: dict[Curve | Level, LegendEntry] = {
            self.batch: self.add_entry(
                tr("each batch"),
                tr("batch"),
                help_text=tr("It jumps about: each step sees a few other examples."),
            ),
            self.moving: self.add_entry(
                tr("moving average"),
                tr("average"),
                help_text=tr(
                    "99% of the last average and 1% of the new loss. It starts at 0, so it rises "
                    "first, even while the loss falls."
                ),
            ),
            self.corrected: self.add_entry(
                tr("bias-corrected"),
                tr("corrected"),
                help_text=tr("The moving average without the pull of its start at 0."),
            ),
            self.epochs: self.add_entry(tr("epoch mean"), tr("epochs"), marker=True),
            self.test: self.add_entry(
                tr("held out"),
                help_text=tr(
                    "The loss over the examples that are not trained on: how well the model "
                    "predicts what it has not seen."
                ),
            ),
            self.noise_floor: self.add_entry(
                tr("noise floor σ²"),
                tr("σ²"),
                help_text=tr(
                    "The variance of the noise: what even the true parameters leave. So the loss "
                    "does not reach 0."
                ),
            ),
            self.least_squares: self.add_entry(tr("least squares"), tr("least sq.")),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._on_entry_toggled)
        self._scale = Segments([tr("log"), tr("linear")])
        self._scale.group.idClicked.connect(self._on_scale_chosen)
        self.add_option(self._scale)
        self._first_loss = 1.0
        self._levels_note = self._overlay_note = ""
        self._zeros = _ZeroCount()
        self._window: Range = (0.0, 1.0)
        self.restyle(palette)
        self.show_run(None)

    def set_logarithmic(self, *, logarithmic: bool) -> None:
        """Choose a log or a linear y axis."""
        self._scale.choose(0 if logarithmic else 1)
        self.logarithmic = logarithmic
        self.show_run(self.run)

    def start_run(self, run: Run | None) -> None:
        """Take over the references, and make room for the loss of the start."""
        self.canvas.y_axis.logarithmic = self.logarithmic
        self._zeros = _ZeroCount()
        floor = None if run is None else run.references.noise_floor
        self.noise_floor.y = self._position(floor)
        self.least_squares.y = self._position(None if run is None else run.references.loss)
        self.show_entry(self.entries[self.noise_floor], shown=run is None or floor is not None)
        self.show_entry(
            self.entries[self.test], shown=run is not None and run.problem.testing is not None
        )
        self._levels_note = "" if run is None else _levels_sentence(run.references)
        self._first_loss = 1.0 if run is None else _start_loss(run)
        self._window = self._first_window(run)

    def draw_curves(self, run: Run) -> None:
        """Bring the curves up to date."""
        history = run.history

        def corrected(first: int, stop: int) -> FloatArray:
            losses = history.moving_losses[first:stop]
            steps = 1 + history.stride * np.arange(first, min(stop, _LAST_CORRECTED))
            if not len(steps):
                return losses
            return np.concatenate(
                [losses[: len(steps)] / (1.0 - 0.99**steps), losses[len(steps) :]]
            )

        def epoch_means(first: int, stop: int) -> FloatArray:
            return np.array([mean.loss for mean in history.epoch_means[first:stop]], np.float64)

        rows, stride, epoch = len(history), history.stride, history.steps_per_epoch
        for curve, column in (
            (self.batch, Column(lambda a, b: history.losses[a:b], rows, 1, stride)),
            (self.moving, Column(lambda a, b: history.moving_losses[a:b], rows, 1, stride)),
            (self.corrected, Column(corrected, rows, 1, stride)),
            (self.epochs, Column(epoch_means, len(history.epoch_means), epoch, epoch)),
        ):
            steps, losses = self.reduced(curve, column)
            self.curves.set_points(curve, steps, self._positions(losses))
        if run.problem.testing is not None:
            steps, losses = self.reduced(self.test, _test_column(run.problem.testing, history))
            self.curves.set_points(self.test, steps, self._positions(losses))
        self._zeros.update(history)

    def show_overlays(self, overlays: Sequence[Overlay], note: str) -> None:
        """Draw the other runs; ``note`` takes the place of the description of this run."""
        self._overlay_note = note
        super().show_overlays(overlays, note)
        if self.run is not None:
            self.set_note(self.describe(self.run))

    def show_standardized(self, *, standardized: bool) -> None:
        """Change nothing: a loss is the same in all units."""

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return a curve for the other run's moving average."""
        return [Curve(overlay.stroke)]

    def draw_overlay(self, _run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Bring the other run's moving average up to date."""
        history = overlay.run.history
        column = Column(lambda a, b: history.moving_losses[a:b], len(history), 1, history.stride)
        steps, losses = self.reduced(curves[0], column)
        self.others.set_points(curves[0], steps, self._positions(losses))

    def wanted_y_range(self) -> Range:
        """Make room for the run, and some more for the runs over it."""
        low, high = self._own_window()
        heights = [curve.y[np.isfinite(curve.y)] for curve in self.others.curves]
        seen = np.concatenate([*heights, [low, high]])
        if self.logarithmic:
            lowest, highest = math.floor(seen.min()), math.ceil(seen.max())
            return max(low - _OTHERS_DECADES, lowest), min(high + _OTHERS_DECADES, highest)
        return low, max(high, min(round_up(seen.max()), round_up(_OTHERS_TIMES * high)))

    def _own_window(self) -> Range:
        """Widen the range in steps of whole decades, or of round numbers."""
        heights = [curve.y[np.isfinite(curve.y)] for curve in self.curves.curves]
        averages = np.concatenate(heights[2:])
        batches = heights[0]
        if not averages.size or not batches.size:
            return self._window
        low, high = self._window
        if self.logarithmic:
            dip = max(batches.min(), averages.min() - math.log10(_DIP))
            while min(averages.min(), dip) < low:
                low -= 2
            most = math.ceil(math.log10(self._first_loss)) + _MOST_DECADES_UP
            high = max(high, min(most, math.ceil(batches.max())))
        elif batches.max() > high:
            high = min(round_up(batches.max()), round_up(_MOST_TIMES_UP * self._first_loss))
            high = max(high, self._window[1])
        self._window = low, high
        return self._window

    def describe(self, run: Run) -> str:
        """Name the levels, and say what the axis cannot show."""
        if self._overlay_note:
            return self._overlay_note
        history = run.history
        if self.logarithmic and self._zeros.count:
            return self._zeros.sentence()
        top = 10.0 ** self._window[1] if self.logarithmic else self._window[1]
        if history.last is not None and history.last.loss > top:
            return tr("The loss has left the picture: it is {loss} now.").format(
                loss=significant(history.last.loss, 2)
            )
        return self._levels_note

    def read(self, run: Run, record: StepRecord) -> list[Reading]:
        """Return the batch's loss, the two averages, and the held-out examples' loss."""
        held_out = []
        if (testing := run.problem.testing) is not None:
            held_out = [(tr("held out"), testing.landscape.loss(record.parameters), self.test)]
        return [
            Reading(name, value, self._position(value), curve.stroke, curve.visible)
            for name, value, curve in (
                (tr("batch"), record.loss, self.batch),
                (tr("average"), record.moving_loss, self.moving),
                (tr("corrected"), record.corrected_loss, self.corrected),
                *held_out,
            )
        ]

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        for series, stroke in (
            (self.batch, palette.batch_loss),
            (self.moving, palette.moving_loss),
            (self.corrected, palette.corrected_loss),
            (self.epochs, palette.epoch_loss),
            (self.test, palette.test_loss),
            (self.noise_floor, palette.truth),
            (self.least_squares, palette.least_squares),
        ):
            series.stroke = stroke
            self.entries[series].set_look(stroke, palette)

    def _positions(self, losses: FloatColumn) -> FloatColumn:
        if not self.logarithmic:
            return losses
        positions = np.full(len(losses), BOTTOM_EDGE)
        return np.log10(losses, out=positions, where=losses > 0)

    def _position(self, loss: float | None) -> float:
        return math.nan if loss is None else float(self._positions(np.array([loss]))[0])

    def _first_window(self, run: Run | None) -> Range:
        if not self.logarithmic:
            high = round_up(1.2 * self._first_loss)
            return -high / 60, high
        high = math.ceil(math.log10(self._first_loss) + 0.2)
        references = () if run is None else (run.references.noise_floor, run.references.loss)
        lowest = min(
            [loss for loss in references if loss and loss > _NEGLIGIBLE * self._first_loss],
            default=self._first_loss / 1000,
        )
        return min(math.floor(math.log10(lowest) - 0.8), high - 2), high

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self.set_logarithmic(logarithmic=index == 0)

    @Slot()
    def _on_entry_toggled(self) -> None:
        for series, entry in self.entries.items():
            series.visible = entry.isChecked()
        self.curves.update()
        self.levels.update()
        self.redraw()


class _ZeroCount:
    """How many losses are exactly 0, counted once each."""

    def __init__(self) -> None:
        self.count = 0
        self._rows = 0
        self._stride = 1

    def update(self, history: History) -> None:
        if history.stride != self._stride:
            self.count, self._rows, self._stride = 0, 0, history.stride
        new = history.losses[self._rows :]
        self.count += len(new) - int(np.count_nonzero(new))
        self._rows = len(history)

    def sentence(self) -> str:
        text = (
            tr("Exactly 0 at {count} steps: drawn at the bottom.")
            if self._stride == 1
            else tr("Exactly 0 at {count} of the kept steps: drawn at the bottom.")
        )
        return text.format(count=whole(self.count))


def _test_column(testing: "FitMetrics", history: History) -> Column:
    """Return the loss over the examples that are held out, at so many of the kept steps."""
    every = 1
    while len(history) > every * _MOST_TEST_ROWS:
        every *= 2

    def losses(first: int, stop: int) -> FloatArray:
        return testing.losses(history.parameters[:, first * every : stop * every : every])

    return Column(losses, -(-len(history) // every), 1, every * history.stride)


def _levels_sentence(references: "References") -> str:
    loss = significant(references.loss)
    if references.noise_floor is None:
        return tr("No line does better than {loss}, the loss of least squares.").format(loss=loss)
    return tr("Noise floor σ² {floor}; least squares {loss}.").format(
        floor=significant(references.noise_floor), loss=loss
    )


def _start_loss(run: Run) -> float:
    """Return the loss before the first step; never 0."""
    loss = run.problem.training.landscape.loss(run.history.start)
    return loss if loss > 0 else 1.0
