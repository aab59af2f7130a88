"""A picture with the step along x: its range, marks of the learning rate, and a crosshair."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.number_text import FIGURE_SPACE, aligned, exact, round_to, significant, whole
from linreg_gui.plots.canvas import FIRST_STEPS, Range, step_limit
from linreg_gui.plots.card import Overlay, RunPlot
from linreg_gui.plots.layer import Layer, x_pixels
from linreg_gui.plots.series import Curve, Series, SeriesLayer
from linreg_gui.plots.thinning import Column
from linreg_gui.runs.history import RateChange, StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

_VISIBLE_PIXELS = 0.5
_STRIP_PIXELS = 18
"""Room at the top for the learning rates, after the first change."""

_MERGE_PIXELS = 5
_LABEL_GAP = 10.0


class StepPlot(RunPlot):
    """A picture of a run with the step along x.

    A subclass puts series into `levels` and `curves`, draws the curves, and decides the range
    along y and what the crosshair reads. Lives in the GUI thread.

    Attributes
    ----------
    levels, others, curves : SeriesLayer
        Horizontal lines, the curves of other runs, and the curves of this run.
    rate_marks : RateMarkLayer
        The changes of the learning rate.
    step_line, crosshair : CrosshairLayer
        At the step on show, and at the mouse.

    Parameters
    ----------
    title, y_label : str
        Words for the picture and its y axis.
    theme : Theme
        The colors.
    end_pixels : float
        Room to the right of the last step.
    """

    def __init__(self, title: str, y_label: str, theme: Theme, *, end_pixels: float = 8) -> None:
        super().__init__(title, tr("step"), y_label, theme)
        self.canvas.x_axis.whole = True
        self._drawn_step = -1
        self._hovered_step: float | None = None
        self._overlays: dict[Overlay, list[Curve]] = {}
        self._end_pixels = end_pixels
        self.levels = SeriesLayer[Series]()
        self.others, self.curves = SeriesLayer[Curve](), SeriesLayer[Curve]()
        self.rate_marks = RateMarkLayer()
        self.step_line, self.crosshair = CrosshairLayer(), CrosshairLayer()
        self.canvas.add_layers(
            self.levels,
            self.rate_marks,
            self.others,
            self.curves,
            self.step_line,
            self.crosshair,
        )
        self.canvas.view_changed.connect(self.redraw)
        self.canvas.hovered.connect(self._on_hovered)

    def show_run(self, run: Run | None) -> None:
        """Show ``run`` from its start, or an empty picture."""
        self.run = run
        self._hovered_step = self.shown_step = None
        self._drawn_step = -1
        self.start_run(run)
        for curve in (*self.curves.series, *self.others.series):
            curve.clear()
        self.canvas.fit()
        self.redraw()

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

    def height_of(self, value: float) -> float:
        """Return where ``value`` is along the y axis."""
        return value

    def reduced(self, curve: Curve, column: Column) -> tuple[DoubleArray, DoubleArray]:
        """Return the points of ``column`` that ``curve`` needs for the visible range."""
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
        changes = [] if run is None else run.history.rate_changes
        self.rate_marks.set_changes(changes)
        last = FIRST_STEPS if run is None else step_limit(run.history.step, run.planned_steps)
        last = max([last, *(overlay.run.history.step for overlay in self._overlays)])
        self._update_range(last, needs_strip=bool(changes))
        self._update_hairlines()
        self.set_note("" if run is None else self.describe(run))

    def _update_range(self, last: int, *, needs_strip: bool) -> None:
        width, height = self.canvas.pixels
        per_pixel = last / max(1.0, width - self._end_pixels - 2)
        low, high = self.wanted_y_range()
        if needs_strip:
            high += (high - low) * _STRIP_PIXELS / max(1.0, height - _STRIP_PIXELS)
        self.canvas.set_automatic_range(
            (-2 * per_pixel, last + self._end_pixels * per_pixel), (low, high)
        )

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
            name = curve.short_name or curve.name
            long.append(f"{name} {aligned(value, 6)}")
            short.append(f"{name} {significant(value, 4)}")
        self.set_readout("  ".join(long), "  ".join(short))

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


class RateMarkLayer(Layer):
    """Marks each change of the learning rate, with the new rate on top.

    Changes within a few pixels share a mark. A rate without room is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._steps = np.empty(0)
        self._rates: list[float] = []

    def set_changes(self, changes: Sequence[RateChange]) -> None:
        """Mark ``changes``; within a run their number only grows."""
        if len(changes) != len(self._rates):
            # A change at step s affects the update of step s, which lies between s - 1 and s.
            self._steps = np.array([change.step - 1 for change in changes], np.float64)
            self._rates = [change.learning_rate for change in changes]
            self.update()

    def marks(self, to_pixels: QTransform) -> tuple[list[float], list[tuple[float, str]]]:
        """Return the columns of the lines, and the columns and texts of the rates."""
        columns = x_pixels(to_pixels, self._steps)
        view = to_pixels.mapRect(self.boundingRect())
        cells = np.floor(columns / _MERGE_PIXELS)
        last_in_cell = np.append(cells[1:] != cells[:-1], True) if len(cells) else np.empty(0, bool)
        inside = (columns >= view.left()) & (columns <= view.right())
        kept = np.flatnonzero(last_in_cell & inside)
        metrics = QFontMetricsF(base_font(13))
        labels = []
        free_from = -math.inf
        for index in kept:
            text = exact(round_to(self._rates[index], 3))
            if columns[index] >= free_from:
                labels.append((float(columns[index]), text))
                free_from = columns[index] + metrics.horizontalAdvance(text) + _LABEL_GAP
        return columns[kept].tolist(), labels

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw lines and rates."""
        if not self._rates:
            return
        view = to_pixels.mapRect(self.boundingRect())
        lines, labels = self.marks(to_pixels)
        pen = QPen(QColor(self.palette.muted), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLines([QLineF(round(x), view.top(), round(x), view.bottom()) for x in lines])
        painter.setFont(base_font(13))
        painter.setPen(QColor(self.palette.muted))
        for x, text in labels:
            painter.drawText(QPointF(x + 4, view.top() + 13), text)


class CrosshairLayer(Layer):
    """A hairline at one step, with a dot on each curve.

    Attributes
    ----------
    x : float or None
        The step; None hides the hairline.
    points : list of tuple
        The height of each dot and its series.
    """

    _DOT = 7.0

    def __init__(self) -> None:
        super().__init__()
        self.x: float | None = None
        self.points: list[tuple[float, Series]] = []

    def show_at(self, x: float | None, points: list[tuple[float, Series]]) -> None:
        """Move to ``x`` and draw a dot for each of ``points``; None hides the hairline."""
        if (x, points) == (self.x, self.points):
            return
        self._update_column()
        self.x, self.points = x, points
        self._update_column()

    def _update_column(self) -> None:
        if self.x is not None:
            self.repaint_around((self.x, self.x), (-math.inf, math.inf))

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw hairline and dots."""
        if self.x is None:
            return
        view = to_pixels.mapRect(self.boundingRect())
        x = self.x * to_pixels.m11() + to_pixels.dx()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(self.palette.accent))
        painter.drawLine(QLineF(round(x), view.top(), round(x), view.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for height, series in self.points:
            if series.visible and math.isfinite(height):
                y = height * to_pixels.m22() + to_pixels.dy()
                painter.setPen(QPen(QColor(self.palette.surface), 1.5))
                painter.setBrush(QColor(series.stroke.color))
                painter.drawEllipse(QPointF(x, y), self._DOT / 2, self._DOT / 2)
