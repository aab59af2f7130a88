"""A picture with the step along x: its range, names, marks of the learning rate, a crosshair."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import FIGURE_SPACE, aligned, significant, whole
from linreg_gui.plots.announcement import AnnouncementLayer, diverged_run
from linreg_gui.plots.card import Form
from linreg_gui.plots.end_labels import EndLabelLayer, end_of
from linreg_gui.plots.label_layout import EndLabel, LevelLabel
from linreg_gui.plots.ranges import FIRST_STEPS, Range, step_limit
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.plots.series import Curve, Level, Series, SeriesLayer
from linreg_gui.plots.step_marks import CrosshairLayer, RateMarkLayer
from linreg_gui.plots.thinning import Column
from linreg_gui.runs.history import StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import clauses, in_a_row, paragraph, tr

if TYPE_CHECKING:
    from linreg_gui.guide.run_prediction import DrawnPrediction
    from linreg_gui.plots.prediction_marks import Mark, PredictionView

_VISIBLE_PIXELS = 0.5
_START_PIXELS = 8
"""Room to the left of step 0, for the mark of a curve that starts there."""
_STRIP_PIXELS = 18
"""Room at the top for learning rates, after the first change, and the stop rule."""
_MOST_FOR_NAMES = 0.25
"""If the names need more than this share of the width, they are short."""
_MOST_IN_THUMBNAIL = 0.5
"""If they need more than this in a thumbnail, there are none."""
_GAP = "\N{EM SPACE}"

_Name = tuple[str, Stroke, list[Curve]]


class StepPlot(RunPlot):
    """A picture of a run with the step along x.

    A subclass puts series into `levels` and `curves`, draws the curves, and decides the range
    along y and what the crosshair reads. Lives in the GUI thread.

    Attributes
    ----------
    levels, others, curves : SeriesLayer
        Horizontal lines, the curves of other runs, and the curves of this run.
    rate_marks : RateMarkLayer
        The changes of the learning rate, and where the stop rule was met.
    end_labels : EndLabelLayer
        The names of curves and levels.
    announcement : AnnouncementLayer
        Says that this run has diverged, or that the what-if run would.
    step_line, crosshair : CrosshairLayer
        At the step on show, and at the mouse.
    prediction : DrawnPrediction or None
        What a person expects of the run.

    Parameters
    ----------
    title, y_label : str
        Words for the picture and its y axis.
    theme : Theme
        The colors.
    """

    def __init__(self, title: str, y_label: str, theme: Theme) -> None:
        super().__init__(title, tr("step"), y_label, theme)
        self.canvas.x_axis.whole = True
        self._drawn_step = -1
        self._hovered_step: float | None = None
        self._overlays: dict[Overlay, list[Curve]] = {}
        self.prediction: DrawnPrediction | None = None
        self._prediction_view: PredictionView | None = None
        self.levels = SeriesLayer[Series]()
        self.others, self.curves = SeriesLayer[Curve](), SeriesLayer[Curve]()
        self.rate_marks = RateMarkLayer()
        self.end_labels, self.announcement = EndLabelLayer(), AnnouncementLayer()
        self.step_line, self.crosshair = CrosshairLayer(), CrosshairLayer()
        self.canvas.add_layers(
            self.levels,
            self.rate_marks,
            self.others,
            self.curves,
            self.end_labels,
            self.step_line,
            self.crosshair,
            self.announcement,
        )
        theme.changed.connect(self.redraw)
        self.canvas.hovered.connect(self._on_hovered)
        self._legend.toggled.connect(self.redraw)  # hidden series lose their names

    def set_form(self, form: Form) -> None:
        """Show all of the card, or only what a thumbnail needs."""
        super().set_form(form)
        self._draw_prediction()

    def begin_run(self, former: Run | None) -> None:
        """Begin with the first range, and empty curves."""
        self._hovered_step = None
        self._drawn_step = -1
        self.start_run(self.run)
        for curve in (*self.curves.series, *self.others.series):
            curve.clear()
        self.canvas.fit()

    def refresh(self) -> None:
        """Draw the new part of the history once it is half a pixel wide."""
        if self.run is None:
            return
        step = self.run.history.step
        if step - self._drawn_step >= _VISIBLE_PIXELS * self.canvas.pixel[0]:
            self.redraw()

    def show_step(self, step: int | None) -> None:
        """Mark ``step``; None follows the run."""
        if step != self.shown_step:
            self.shown_step = step
            self._update_hairlines()

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw exactly the runs of ``overlays`` over this one, as far as they go now."""
        if not overlays and not self._overlays:
            return
        self._overlays = {
            overlay: self._overlays.get(overlay) or self.curves_of(overlay) for overlay in overlays
        }
        self.others.set_series(list(itertools.chain(*self._overlays.values())))
        self.redraw()

    def show_prediction(self, drawn: "DrawnPrediction | None") -> None:
        """Draw what a person expects of the run, over all its steps; None removes it."""
        if drawn is None and self.prediction is None:
            return
        self.prediction = drawn
        if self._prediction_view is None:
            self._prediction_view = self.make_prediction_view()
            self._prediction_view.grip.moved.connect(self._on_prediction_moved)
        self.redraw()

    def take_view(self, other: Self) -> None:
        """Also show the other runs, and what a person expects."""
        super().take_view(other)
        self.show_overlays(list(other._overlays), "")
        self.show_prediction(other.prediction)

    def keep_range(self, other: Self) -> None:
        """Show the range of ``other``, but with as much room for names as they need here."""

        def show() -> None:
            if other.canvas.is_zoomed:
                self.canvas.look_like(other.canvas)
            else:  # at once: drawn on the way with what `other` wants, it might want that for ever
                x, _ = self.canvas.wanted_range
                self.canvas.show_automatic_range(x, other.canvas.y_range)

        self.canvas.shares = show
        show()

    @property
    def legend(self) -> list[Series]:
        """Return what is drawn, other runs too."""
        entries = super().legend
        curves = [each for each in self.curves.series if each.visible and each.name]
        own = [each for each in curves if each not in entries]
        return own + entries + [Series(each.look, each.name) for each in self._overlays]

    def make_prediction_view(self) -> "PredictionView":
        """Return what draws a prediction, and lets it be dragged."""
        from linreg_gui.plots.prediction_marks import PredictionView  # noqa: PLC0415 - seldom

        return PredictionView(self.canvas, tr("My prediction"), is_loss=False)

    def prediction_marks(self, _drawn: "DrawnPrediction", _run: Run) -> "list[Mark]":
        """Return what is drawn of a prediction of the run."""
        return []

    def predicted_at(self, _run: Run, _x: float, _y: float) -> dict[str, object]:
        """Return the fields of a prediction whose grip is at this place."""
        return {}

    def start_run(self, run: Run | None) -> None:
        """Prepare levels, curves and the first range for ``run``."""
        raise NotImplementedError

    def draw_curves(self, run: Run) -> None:
        """Update the points of the curves."""
        raise NotImplementedError

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return new curves for another run."""
        raise NotImplementedError

    def draw_overlay(self, run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Update the points of another run's curves over ``run``."""
        raise NotImplementedError

    def wanted_y_range(self) -> Range:
        """Return the automatic range along y, without the strip for the learning rates."""
        raise NotImplementedError

    def describe(self, run: Run) -> str:
        """Return the note under the title."""
        raise NotImplementedError

    def read(self, run: Run, record: StepRecord) -> list[tuple[Curve, float]]:
        """Return the curves that the crosshair reads at a step of ``run``, with their values."""
        raise NotImplementedError

    def step_summary(self, run: Run, step: int, parts: Sequence[str]) -> str:
        """Return the summary: ``parts`` are the numbers of ``run`` after ``step``."""
        words = tr("{title} at step {step} of {steps}: {numbers}.").format(
            title=self.accessibleName(),
            step=whole(step),
            steps=whole(run.planned_steps),
            numbers=clauses(parts),
        )
        if drawn := [overlay.name for overlay in self._overlays if overlay.name]:
            words = paragraph(words, tr("Also drawn: {runs}.").format(runs=in_a_row(drawn)))
        if run.stopped_at is not None:
            words = paragraph(
                words,
                tr("The stop rule was met at step {step}.").format(step=whole(run.stopped_at)),
            )
        if self._prediction_view is not None and (said := self._prediction_view.layer.words):
            words = paragraph(words, tr("Prediction: {words}.").format(words=clauses(said)))
        if self.announcement.text:
            words = paragraph(words, tr("It says: {words}.").format(words=self.announcement.text))
        return words

    def height_of(self, value: float) -> float:
        """Return where ``value`` is along the y axis."""
        return value

    def reduced(self, curve: Curve, column: Column) -> tuple[DoubleArray, DoubleArray]:
        """Return the points of ``column`` that ``curve`` needs for the visible range."""
        last = math.inf
        if self.diverged is not None and not self.canvas.is_zoomed:
            last = self._last_step()
        if self.grows and self.shown_step is not None and curve in self.curves.series:
            last = min(last, self.shown_step)
        if last < math.inf:
            rows = int(last - column.first_step) // column.stride + 1
            column = replace(column, rows=max(0, min(rows, column.rows)))
        return curve.envelope.reduce(column, *self.canvas.x_range, self.canvas.pixels[0])

    def drawn_rows(self, run: Run) -> npt.NDArray[np.int64]:
        """Return the rows of the history of ``run`` that have a point in the picture."""
        left, right = self.canvas.x_range
        steps = np.unique(np.concatenate([[], *(curve.x for curve in self.curves.series)]))
        steps = steps[(steps >= max(left, 1)) & (steps <= right)].astype(np.int64)
        rows, beside = np.divmod(steps - 1, run.history.stride)
        kept: npt.NDArray[np.int64] = rows[beside == 0]
        return kept

    @Slot()
    def redraw(self) -> None:
        """Draw everything again, even the smallest change."""
        run = self.run
        if run is not None:
            self._drawn_step = run.history.step
            self.draw_curves(run)
            for overlay, curves in self._overlays.items():
                self.draw_overlay(run, overlay, curves)
        if run is None:
            self.rate_marks.set_changes([])
        else:
            self.rate_marks.set_changes(run.history.rate_marks, run.stopped_at)
        self.announcement.announce_divergence(self.diverged, run)
        names = self._names_with_room()
        self._update_range(self._room_for(names))
        self._draw_prediction()
        words = [self.announcement]
        if self._prediction_view is not None:
            words.append(self._prediction_view.layer)
        covered = [area for layer in words for _, area in layer.written()]
        self.end_labels.set_labels(
            list(self._end_labels(names)), list(self.level_labels()), covered
        )
        self._update_hairlines()
        self.set_note("" if run is None else self.describe(run))

    @property
    def diverged(self) -> Run | None:
        """Return the run whose divergence is on show: the what-if run, or without one this run."""
        return diverged_run(self.run, self._overlays)

    def _last_step(self) -> int:
        """Return the last step of the automatic range."""
        diverged, run = self.diverged, self.run
        if diverged is not None and diverged.diverged_at is not None:
            return diverged.diverged_at
        last = FIRST_STEPS if run is None else step_limit(run.history.step, run.planned_steps)
        if run is not None and self.prediction is not None:
            last = run.planned_steps
        return max([last, *(overlay.run.history.step for overlay in self._overlays)])

    def _update_range(self, room: int) -> None:
        """Show all steps, with ``room`` for the names beyond the last one."""
        (width, height), before, last = self.canvas.pixels, px(_START_PIXELS), self._last_step()
        per_pixel = last / max(1.0, width - room - before)
        low, high = self.wanted_y_range()
        run = self.run
        if run is not None and (run.history.rate_marks or run.stopped_at is not None):
            strip = px(_STRIP_PIXELS)
            high += (high - low) * strip / max(1.0, height - strip)
        self.canvas.x_axis.last = self.levels.stop = last
        self.canvas.set_automatic_range((-before * per_pixel, last + room * per_pixel), (low, high))

    def _names_with_room(self) -> list[_Name]:
        """Return the names at the ends: short ones in a small picture, and none in a tiny one."""
        width = self.canvas.pixels[0]
        names = list(self._names(is_short=False))
        if self.is_thumbnail or self._room_for(names) > _MOST_FOR_NAMES * width:
            names = list(self._names(is_short=True))
        is_tiny = self.is_thumbnail and self._room_for(names) > _MOST_IN_THUMBNAIL * width
        return [] if is_tiny else names

    def _room_for(self, names: Sequence[_Name]) -> int:
        """Return how many pixels ``names`` need."""
        return self.end_labels.room_for([text for text, *_ in names])

    def _names(self, *, is_short: bool) -> Iterator[_Name]:
        """Yield the names at the ends of curves, with their looks, this run's first.

        Another run has one name. It stands at the first of its curves that can be seen. A
        thumbnail that announces a divergence has no room for it.
        """
        for curve in self.curves.series:
            if curve.visible and curve.name:
                text = (curve.short_name if is_short else "") or curve.name
                yield text, curve.stroke, [curve]
        for overlay, curves in self._overlays.items():
            is_announced = self.is_thumbnail and overlay.is_what_if and self.announcement.text
            if overlay.name and not is_announced:
                yield overlay.name, overlay.look(self.canvas.colors), curves

    def _end_labels(self, names: Sequence[_Name]) -> Iterator[EndLabel]:
        for text, stroke, curves in names:
            ends = ((end_of(curve, self.canvas), curve) for curve in curves)
            end, curve = next((each for each in ends if each[0] is not None), (None, None))
            if end is not None and curve is not None:
                marker = curve.stroke if curve.smooth else None
                yield EndLabel(text, self.canvas.colors.text_color(stroke), *end, marker)

    def level_labels(self) -> Iterator[LevelLabel]:
        """Yield the names of the levels."""
        for level in self.levels.series:
            text = level.short_name if self.is_thumbnail else level.name
            if isinstance(level, Level) and level.visible and text and math.isfinite(level.y):
                yield self.level_label(text, level)

    def level_label(self, text: str, level: Level) -> LevelLabel:
        """Return a name for ``level``, in its color."""
        stroke = level.stroke
        color = self.canvas.colors.text_color(stroke)
        return LevelLabel(text, color, level.y, (stroke.gap + stroke.width) / 2)

    def _draw_prediction(self) -> None:
        """Draw the prediction; a thumbnail has no room for words, and nothing to drag."""
        run, drawn = self.run, self.prediction
        if self._prediction_view is not None:
            no_marks: list[Mark] = []
            marks = self.prediction_marks(drawn, run) if run and drawn else no_marks
            self._prediction_view.show(marks, drawn, writes=not self.is_thumbnail)

    @Slot(float, float)
    def _on_prediction_moved(self, x: float, y: float) -> None:
        if self.run is not None:
            self.predicted.emit(self.predicted_at(self.run, x, y))

    def _update_hairlines(self) -> None:
        """Move both hairlines, and read the numbers at the mouse or at the step on show."""
        shown = self._mark(self.step_line, self.shown_step)
        hovered = self._mark(self.crosshair, self._hovered_step)
        record, run = hovered or shown, self.run
        if record is None or run is None:
            self.set_readout("")
            return
        step = tr("step {step}").format(step=whole(record.step).ljust(9, FIGURE_SPACE))
        long, short = [step], [step.strip()]
        for curve, value in self.read(run, record):
            if not curve.visible:
                continue
            name = curve.short_name or curve.name
            long.append(f"{name} {aligned(value, 6)}")
            short.append(f"{name} {significant(value, 4)}")
        self.set_readout(_GAP.join(long), _GAP.join(short))

    def _mark(self, hairline: "CrosshairLayer", step: float | None) -> StepRecord | None:
        """Move ``hairline`` to the recorded step nearest to ``step``, and return this step."""
        run = self.run
        record = run.history.nearest(step) if run is not None and step else None
        if record is None or run is None:
            hairline.show_at(0.0 if step == 0 else None, [])
            return None
        readings = self.read(run, record)
        hairline.show_at(record.step, [(self.height_of(value), curve) for curve, value in readings])
        return record

    @Slot(object)
    def _on_hovered(self, step: float | None) -> None:
        # Left of the first step the crosshair reads the first step: step 0 has no losses.
        self._hovered_step = None if step is None else max(1.0, step)
        self._update_hairlines()
