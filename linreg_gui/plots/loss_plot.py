"""The loss at every step: of each minibatch, averaged in three ways, and its lower bounds."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np
from PySide6.QtCore import QPointF, Slot

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant
from linreg_gui.plots.choices import Choice, Choices, truth
from linreg_gui.plots.guess_words import guess_words
from linreg_gui.plots.label_layout import LevelLabel
from linreg_gui.plots.loss_words import loss_note, loss_numbers
from linreg_gui.plots.picture_table import PictureTable, counts, losses, step_note
from linreg_gui.plots.ranges import Range, round_up
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.plots.series import BOTTOM_EDGE, Curve, Level, MarkedLevel, log_heights
from linreg_gui.plots.step_plot import StepPlot
from linreg_gui.plots.thinning import Column, column_of
from linreg_gui.plots.title_row import Segments, small_button
from linreg_gui.runs.guess import KeptGuess, ShownGuesses
from linreg_gui.runs.history import History, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import in_a_row, paragraph, tr, trc

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape
    from linreg_gui.guide.run_prediction import DrawnPrediction
    from linreg_gui.plots.prediction_marks import Mark, PredictionView


_MOST_DECADES_UP = 12
_MOST_TIMES_UP = 10
_NEGLIGIBLE = 1e-9
"""A reference below this share of the first loss is rounding, and does not set the range."""
_DIP = 30
"""The loss of one minibatch may extend the range this many times below all averages."""
_OTHERS_DECADES = 2
_OTHERS_TIMES = 2
"""How much the runs drawn over this one may widen the range, unless one diverges as a what-if."""
_MOST_TEST_ROWS = 2**16
"""In a long run the test loss is computed at no more steps than this: it is a smooth curve."""
_LAST_CORRECTED = 4_000
"""After this step 1 − 0.99^step is 1 to the last bit."""
_SHARED = 17
"""Names of lines drawn by hand that would be fewer pixels apart are one."""
_FIRST_MARKER, _MARKERS_APART, _MARKERS = 0.3, 0.08, 8
"""Where the levels of kept lines have their markers, as shares of the width."""
_MIDDLE = 0.42
"""The middle of an announcement: a loss explodes towards the right."""


class LossPlot(StepPlot):
    """The loss curve.

    Attributes
    ----------
    batch, moving, corrected, epochs : Curve
        The loss of the minibatch; the moving average; the same corrected for its start at 0; the
        mean of each epoch.
    test : Curve
        The loss of the held-out examples, if there are any.
    more : QToolButton
        Shows the curves that are not there at first.
    noise_floor, least_squares : Level
        The variance of the noise, and the least-squares loss.
    by_hand : dict of KeptGuess or None to Level
        The loss of each line drawn by hand on show; None stands for the one in hand.
    logarithmic : bool
        Whether the y axis is.
    """

    name = "loss"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Loss"), tr("loss"), theme)
        self.set_axis_labels(tr("step"), tr("loss (mean squared error)"), tr("loss"))
        self.announcement.middle = _MIDDLE
        self.logarithmic = True
        self._declare_series()
        self._scale = Segments([trc("a scale", "log"), trc("a scale", "linear")])
        self._scale.group.idClicked.connect(self._on_scale_chosen)
        self.more = small_button(
            tr("More curves"),
            tr("Also show the bias-corrected average, the mean of each epoch, and least squares"),
        )
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_more_toggled)
        self.add_option(self.more)
        self.add_option(self._scale)
        self._first_loss = 1.0
        self._levels_note = self._overlay_note = ""
        self._window: Range = (0.0, 1.0)
        self.by_hand: dict[KeptGuess | None, Level] = {}
        self.show_run(None)

    def _declare_series(self) -> None:
        self.batch = Curve(
            lambda palette: palette.batch_loss,
            tr("each batch"),
            tr("batch"),
            tr("It jumps up and down: each step sees different examples."),
            smooth=False,
        )
        self.moving = Curve(
            lambda palette: palette.moving_loss,
            tr("moving average"),
            tr("average"),
            tr(
                "99% of the last average and 1% of the new loss. It starts at 0, so it rises "
                "first, even while the loss falls. In its first 100 steps it is far too low."
            ),
        )
        self.corrected = Curve(
            lambda palette: palette.corrected_loss,
            tr("bias-corrected"),
            tr("corrected"),
            tr("The moving average, corrected for its start at 0."),
        )
        self.epochs = Curve(
            lambda palette: palette.epoch_loss, tr("epoch mean"), tr("epochs"), markers=True
        )
        self.test = Curve(
            lambda palette: palette.test_loss,
            tr("held out"),
            help_text=tr(
                "The loss on examples that are not used for training. It shows how well the model "
                "predicts new examples."
            ),
        )
        self.noise_floor = Level(
            lambda palette: palette.truth,
            tr("noise floor σ²"),
            tr("σ²"),
            tr(
                "The variance of the noise. Even the true parameters leave this loss, so the loss "
                "does not reach 0."
            ),
        )
        self.least_squares = Level(lambda palette: palette.least_squares, tr("least squares"))
        self.curves.set_series([self.batch, self.moving, self.corrected, self.epochs, self.test])
        self.levels.set_series([self.least_squares, self.noise_floor])
        self.add_to_legend(*self.curves.series, self.noise_floor, self.least_squares)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "How wrong the model is after each step: the mean squared error of each minibatch, "
            "and its moving average. The noise in the data sets the floor that no model gets "
            "below."
        )

    def show_view(self, view: str) -> None:
        """Show the noise floor, which only a log axis tells from 0."""
        if view == "noise floor":
            self.entry_of(self.noise_floor).setChecked(True)
            self.set_logarithmic(logarithmic=True)

    @property
    def choices(self) -> Choices:
        """Return the axis and the further curves, too."""
        return {
            "logarithmic": Choice(
                lambda: self.logarithmic,
                lambda value: self.set_logarithmic(logarithmic=truth(value)),
            ),
            "more": Choice(self.more.isChecked, self.more.setChecked),
            **super().choices,
        }

    def lead(self, other: RunPlot) -> None:
        """Give ``other`` the axis and the curves that a person chooses here."""
        assert isinstance(other, LossPlot)
        self._scale.group.idClicked.connect(
            lambda _index: other.set_logarithmic(logarithmic=self.logarithmic)
        )
        self.more.toggled.connect(other.more.setChecked)

    def take_view(self, other: Self) -> None:
        """Also show the same curves, and the loss along the same axis."""
        self.logarithmic = other.logarithmic
        self.more.setChecked(other.more.isChecked())
        super().take_view(other)

    def set_logarithmic(self, *, logarithmic: bool) -> None:
        """Choose a log or a linear y axis."""
        self._scale.choose(0 if logarithmic else 1)
        if logarithmic != self.logarithmic:
            self.logarithmic = logarithmic
            self.show_run(self.run)

    def start_run(self, run: Run | None) -> None:
        """Draw the levels, and make room for the loss at the start."""
        self.canvas.y_axis.logarithmic = self.logarithmic
        floor = None if run is None else run.references.noise_floor
        least = None if run is None else run.references.loss
        self.noise_floor.set_height(math.nan if floor is None else self.height_of(floor))
        self.least_squares.set_height(math.nan if least is None else self.height_of(least))
        self._draw_by_hand(run)
        self.offer(self.noise_floor, offered=run is None or floor is not None)
        self.offer(self.test, offered=run is not None and run.problem.testing is not None)
        self._offer_more(run)
        self._levels_note = "" if run is None else loss_note(run)
        first_loss = 0.0 if run is None else run.problem.training.loss(run.history.start)
        self._first_loss = first_loss or 1.0  # a log axis and round numbers need one above 0
        self._window = self._first_window(run)

    def _offer_more(self, run: Run | None) -> None:
        """Offer what there is room for. Measured data has no noise floor, but least squares."""
        for series in (self.corrected, self.epochs):
            self.offer(series, offered=self.more.isChecked())
        is_measured = run is not None and run.references.noise_floor is None
        is_wanted = self.more.isChecked() or is_measured
        self.offer(self.least_squares, offered=is_wanted and not self.guesses.hides_solution)

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Draw the loss of each line drawn by hand as a level."""
        is_changed = bool(self.by_hand or guesses.lines())
        super().show_guesses(guesses)
        if is_changed:
            self._draw_by_hand(self.run)
            self._offer_more(self.run)
            self.redraw()

    def _draw_by_hand(self, run: Run | None) -> None:
        """Move the levels of the lines drawn by hand that have as many parameters as the run."""
        lines = dict[KeptGuess | None, DoubleArray]()
        if run is not None:
            mine, kept = self.guesses.mine, self.guesses.kept
            lines = {None: mine} if mine is not None else {}
            lines |= {each: each.parameters for each in kept}
            size = run.dataset.dimension + 1
            lines = {each: line for each, line in lines.items() if len(line) == size}
        if not lines and not self.by_hand:
            return
        self.by_hand = {each: self.by_hand.get(each) or _level_of(each) for each in lines}
        self.levels.set_series([self.least_squares, self.noise_floor, *self.by_hand.values()])
        for each, level in self.by_hand.items():
            assert run is not None
            level.set_height(self.height_of(run.problem.original.landscape.loss(lines[each])))

    def level_labels(self) -> Iterator[LevelLabel]:
        """Yield the names of the levels; lines drawn by hand that are near share one."""
        yield from super().level_labels()
        levels = [each for each in self.by_hand.items() if math.isfinite(each[1].y)]
        levels = sorted(levels, key=lambda each: each[1].y, reverse=True)
        if self.is_thumbnail:
            return
        while levels:
            highest = levels[0][1]
            reach = highest.y - px(_SHARED) * self.canvas.pixel[1]
            near = [kept for kept, level in levels if level.y >= reach]
            levels = levels[len(near) :]
            label = self.level_label(in_a_row(map(_words_of, near)), highest)
            yield label if len(near) == 1 else replace(label, color=self.canvas.colors.text)

    def draw_curves(self, run: Run) -> None:
        """Update the points of the curves."""
        history = run.history

        def corrected(first: int, stop: int) -> FloatArray:
            losses = history.moving_losses[first:stop].astype(np.float64)
            steps = 1 + history.stride * np.arange(first, min(stop, _LAST_CORRECTED))
            losses[: len(steps)] /= 1.0 - 0.99**steps
            return losses

        def epoch_means(first: int, stop: int) -> FloatArray:
            return np.array(history.epoch_means[first:stop], np.float64)

        epoch = history.steps_per_epoch
        self._draw_column(self.batch, column_of(history, lambda a, b: history.losses[a:b]))
        self._draw_moving_average(self.moving, history)
        self._draw_column(self.corrected, column_of(history, corrected))
        self._draw_column(self.epochs, Column(epoch_means, len(history.epoch_means), epoch, epoch))
        if run.problem.testing is not None:
            self._draw_column(self.test, _test_column(run.problem.testing, history))

    def _draw_column(self, curve: Curve, column: Column) -> None:
        steps, losses = self.reduced(curve, column)
        curve.set_points(steps, self._heights_of(losses))

    def _draw_moving_average(self, curve: Curve, history: History) -> None:
        self._draw_column(curve, column_of(history, lambda a, b: history.moving_losses[a:b]))

    def show_overlays(self, overlays: Sequence[Overlay], note: str) -> None:
        """Draw the other runs, and show ``note`` instead of the description of this run."""
        self._overlay_note = note
        super().show_overlays(overlays, note)
        if self.run is not None:
            self.set_note(self.describe(self.run))

    def show_standardized(self, *, standardized: bool) -> None:
        """Change nothing: a loss is the same in all units."""

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return a curve for the moving average of the other run."""
        return [Curve(overlay.look)]

    def draw_overlay(self, _run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Update the moving average of the other run."""
        self._draw_moving_average(curves[0], overlay.run.history)

    def wanted_y_range(self) -> Range:
        """Make room for this run, and some for the runs over it; for a divergence, all it needs."""
        low, high = self._own_window()
        if self.prediction is not None:
            low = min(low, self._foot_of(self.prediction.prediction.level))
        curves = [*self.others.series, *(self.curves.series if self._shows_own_explosion else ())]
        heights = [curve.y[np.isfinite(curve.y)] for curve in curves]
        by_hand = [level.y for level in self.by_hand.values() if math.isfinite(level.y)]
        drawn = np.concatenate([*heights, by_hand, [low, high]])
        if self.logarithmic:
            lowest, highest = math.floor(drawn.min()), math.ceil(drawn.max())
            if self.diverged is not None:
                return low, highest
            return max(low - _OTHERS_DECADES, lowest), min(high + _OTHERS_DECADES, highest)
        times = _OTHERS_TIMES if self.diverged is None else _MOST_TIMES_UP
        return low, max(high, min(round_up(drawn.max()), round_up(times * high)))

    def make_prediction_view(self) -> "PredictionView":
        """Return what draws a prediction; its grip moves to the sides."""
        from linreg_gui.plots.prediction_marks import PredictionView  # noqa: PLC0415 - seldom

        view = PredictionView(self.canvas, tr("My prediction"), is_loss=True)
        view.drawn.connect(self._on_sketched)
        return view

    def prediction_marks(self, drawn: "DrawnPrediction", run: Run) -> "list[Mark]":
        """Return when the loss is expected to be below a level, and the sketch of the loss."""
        from linreg_gui.plots.run_predictions import loss_marks  # noqa: PLC0415 - seldom

        return loss_marks(drawn, run, self.canvas, log=self.logarithmic)

    def predicted_at(self, run: Run, x: float, _y: float) -> dict[str, object]:
        """Return the step at this place."""
        from linreg_gui.plots.run_predictions import step_at  # noqa: PLC0415 - seldom

        return {"step": step_at(x, run, self.canvas)}

    @property
    def _shows_own_explosion(self) -> bool:
        """Return whether the range shows this run until its end, however large the loss is."""
        return self.logarithmic and self.diverged is not None and self.diverged is self.run

    def _foot_of(self, level: float) -> float:
        """Return a height below which no level is."""
        return math.floor(math.log10(level) - 0.2) if self.logarithmic else 0.0

    def _own_window(self) -> Range:
        """Widen the range to whole decades, or to round numbers."""
        heights = [curve.y[np.isfinite(curve.y)] for curve in self.curves.series]
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
        """Describe the overlays, what the axis cannot show, or the levels."""
        if self._overlay_note:
            return self._overlay_note
        history = run.history
        if self.logarithmic and (self.batch.y == BOTTOM_EDGE).any():
            return tr("A loss of exactly 0 is drawn at the bottom.")
        top = 10.0 ** self._window[1] if self.logarithmic else self._window[1]
        last = history.last
        if last is not None and last.loss > top and not self._shows_own_explosion:
            return tr("The loss has left the picture: it is {loss} now.").format(
                loss=significant(last.loss, 2)
            )
        return "" if self.guesses.hides_solution else self._levels_note

    def read(self, run: Run, record: StepRecord) -> list[tuple[Curve, float]]:
        """Read the loss of the minibatch, both averages, and the loss of the held-out examples."""
        readings = [
            (self.batch, record.loss),
            (self.moving, record.moving_loss),
            (self.corrected, record.corrected_loss),
        ]
        if (testing := run.problem.testing) is not None:
            readings.append((self.test, testing.loss(record.parameters)))
        return readings

    def table_of(self, run: Run) -> PictureTable:
        """Return the losses at the steps that have a point in the picture."""
        history, rows = run.history, self.drawn_rows(run)
        steps, means = 1 + history.stride * rows, history.epoch_means
        epochs = np.minimum(steps // history.steps_per_epoch, len(means)).tolist()
        last_means = np.array([means[epoch - 1] if epoch else math.nan for epoch in epochs])
        columns = [
            counts(tr("step"), steps),
            losses(tr("batch loss"), history.losses[rows]),
            losses(tr("moving average"), history.moving_losses[rows]),
            losses(tr("last epoch's mean"), last_means),
        ]
        if (testing := run.problem.testing) is not None:
            held_out = testing.losses(history.parameters[:, rows])
            columns.append(losses(tr("held out"), held_out))
        note = paragraph(step_note(len(rows), history.step), *guess_words(self.guesses, run))
        return PictureTable(note, tuple(columns))

    def summary_of(self, run: Run) -> str:
        """Say what the losses are at the step on show, and what they cannot fall below."""
        record = run.history.up_to(self.step_of(run))
        numbers = loss_numbers(run, record, hides_solution=self.guesses.hides_solution)
        return paragraph(
            self.step_summary(run, record.step, numbers), *guess_words(self.guesses, run)
        )

    def height_of(self, loss: float) -> float:
        """Return where ``loss`` is along the y axis."""
        return float(self._heights_of(np.array([loss]))[0])

    def _heights_of(self, losses: DoubleArray) -> DoubleArray:
        return log_heights(losses) if self.logarithmic else losses

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

    @Slot(object, object)
    def _on_sketched(self, former: QPointF, place: QPointF) -> None:
        from linreg_gui.plots.run_predictions import sketched  # noqa: PLC0415 - seldom

        if self.run is not None and self.prediction is not None:
            former_sketch = self.prediction.prediction.sketch
            sketch = sketched(former_sketch, former, place, self.run, log=self.logarithmic)
            self.predicted.emit({"sketch": sketch, "is_logarithmic": self.logarithmic})

    @Slot()
    def _on_more_toggled(self) -> None:
        self._offer_more(self.run)
        self.redraw()

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self.set_logarithmic(logarithmic=index == 0)


def _words_of(kept: KeptGuess | None) -> str:
    return tr("my line") if kept is None else kept.short_title


def _level_of(kept: KeptGuess | None) -> Level:
    """Return a level for a line drawn by hand; None is the one in hand."""
    if kept is None:
        return Level(lambda palette: palette.guess)
    look = partial(Palette.kept_guess, index=kept.color_index)
    place = _FIRST_MARKER + _MARKERS_APART * (kept.color_index % _MARKERS)
    return MarkedLevel(look, marker_place=place, markers=True)


def _test_column(testing: "Landscape", history: History) -> Column:
    """Return the loss on the held-out examples, at a part of the kept steps of a long run."""
    every = 1
    while len(history) > every * _MOST_TEST_ROWS:
        every *= 2

    def losses(first: int, stop: int) -> FloatArray:
        return testing.losses(history.parameters[:, first * every : stop * every : every])

    return Column(losses, -(-len(history) // every), 1, every * history.stride)
