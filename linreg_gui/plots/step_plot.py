"""What the pictures over the steps have in common: ranges, rate marks, crosshair, thrift."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Slot

from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import FIGURE_SPACE, aligned, significant, whole
from linreg_gui.plots.annotations import CrosshairLayer, LevelLayer, RateMarkLayer
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.card import RunPlot
from linreg_gui.plots.curve import Column, Curve, CurveLayer, Envelope, FloatColumn
from linreg_gui.plots.overlay import Overlay
from linreg_gui.plots.ranges import FIRST_STEPS, step_limit
from linreg_gui.runs.history import StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

_SEEN_PIXELS = 0.5
_STRIP_PIXELS = 18
"""Room on top for the rates, once there are any."""


@dataclass(frozen=True)
class Reading:
    """One number that the crosshair reads.

    Attributes
    ----------
    name, value
        What it is.
    y, stroke, visible
        Where on the y axis its curve is, and the curve's look.
    """

    name: str
    value: float
    y: float
    stroke: Stroke
    visible: bool = True


class StepPlot(RunPlot):
    """A picture of a run with the step along x.

    A subclass fills `levels` and `curves`, and says how curves are drawn, what range along y they
    want and what the crosshair reads. Lives in the GUI thread.

    Parameters
    ----------
    title, y_label : str
        Words for the picture and its y axis.
    theme : Theme
        Gives the colors.
    end_pixels : float
        Room to the right of the last step.
    """

    def __init__(
        self,
        title: str,
        y_label: str,
        theme: Theme,
        *,
        end_pixels: float = 8,
    ) -> None:
        super().__init__(title, tr("step"), y_label, theme, whole_x=True)
        self._drawn_step = -1
        self._hovered_step: float | None = None
        self._overlays: dict[Overlay, list[Curve]] = {}
        self._end_pixels = end_pixels
        self._envelopes: dict[Curve, Envelope] = {}
        self.levels = LevelLayer()
        self.others = CurveLayer()
        self.curves = CurveLayer()
        self.rate_marks = RateMarkLayer()
        self.moment = CrosshairLayer()
        self.crosshair = CrosshairLayer()
        self._layers = (
            self.levels,
            self.rate_marks,
            self.others,
            self.curves,
            self.moment,
            self.crosshair,
        )
        for layer in self._layers:
            self.canvas.add_layer(layer)
        self.canvas.view_changed.connect(self._on_view_changed)
        self.canvas.hovered.connect(self._on_hovered)

    def show_run(self, run: Run | None) -> None:
        """Show ``run`` from its start, or nothing where there is none."""
        self.run = run
        self._hovered_step = self.shown_step = None
        self._drawn_step = -1
        self._envelopes.clear()
        for curve in self.curves.curves:
            curve.x = curve.y = curve.x[:0]
        self.start_run(run)
        self.canvas.fit()
        self.redraw()
        for layer in self._layers:
            layer.update()

    def refresh(self) -> None:
        """Draw what the history has grown by, once that is half a pixel."""
        if self.run is None:
            return
        step = self.run.history.step
        left, right = self.canvas.x_range
        pixels_per_step = self.canvas.pixels[0] / (right - left)
        if (step - self._drawn_step) * pixels_per_step >= _SEEN_PIXELS:
            self.redraw()

    def show_step(self, step: int | None) -> None:
        """Mark the moment that all pictures show; None follows the run."""
        if step != self.shown_step:
            self.shown_step = step
            self._update_hairlines()

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw exactly the runs of ``overlays`` over this one, as far as they go now."""
        if not overlays and not self._overlays:
            return
        for overlay in self._overlays:
            if overlay not in overlays:
                for curve in self._overlays[overlay]:
                    self._envelopes.pop(curve, None)
        self._overlays = {
            overlay: self._overlays.get(overlay) or self.curves_of(overlay) for overlay in overlays
        }
        self.others.curves = [curve for curves in self._overlays.values() for curve in curves]
        self.redraw()
        self.others.update()

    def start_run(self, run: Run | None) -> None:
        """Make ready for another run: its levels, curves and first range."""
        raise NotImplementedError

    def draw_curves(self, run: Run) -> None:
        """Bring the points of the curves up to date."""
        raise NotImplementedError

    def curves_of(self, overlay: Overlay) -> list[Curve]:
        """Return new curves for another run."""
        raise NotImplementedError

    def draw_overlay(self, run: Run, overlay: Overlay, curves: list[Curve]) -> None:
        """Bring the points of another run's curves over ``run`` up to date."""
        raise NotImplementedError

    def wanted_y_range(self) -> Range:
        """Return the automatic range along y, without the strip for the rates."""
        raise NotImplementedError

    def describe(self, run: Run) -> str:
        """Return what must be said about the picture as it is."""
        raise NotImplementedError

    def read(self, run: Run, record: StepRecord) -> list[Reading]:
        """Return what the crosshair shows of ``record``, a step of ``run``."""
        raise NotImplementedError

    def reduced(self, curve: Curve, column: Column) -> tuple[FloatColumn, FloatColumn]:
        """Return the points of ``column`` that ``curve`` needs for the visible range."""
        envelope = self._envelopes.setdefault(curve, Envelope())
        return envelope.reduce(column, *self.canvas.x_range, self.canvas.pixels[0])

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        self.rate_marks.palette = self.moment.palette = self.crosshair.palette = palette

    def redraw(self) -> None:
        """Bring everything up to date, however little has changed."""
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
        """Bring both hairlines up to date, and read the numbers at the mouse or the moment."""
        shown = self._mark(self.moment, self.shown_step)
        hovered = self._mark(self.crosshair, self._hovered_step)
        record, run = hovered or shown, self.run
        if record is None or run is None:
            self.set_readout("")
            return
        readings = self.read(run, record)
        step_text = tr("step {step}").format(step=whole(record.step).ljust(9, FIGURE_SPACE))
        long = [f"{each.name} {aligned(each.value, 6)}" for each in readings]
        short = [f"{each.name} {significant(each.value, 4)}" for each in readings]
        self.set_readout(
            "  ".join([step_text, *long]),
            "  ".join([step_text.strip(), *short]),
        )

    def _mark(self, hairline: CrosshairLayer, step: float | None) -> StepRecord | None:
        """Put ``hairline`` at the kept step nearest to ``step``, and return that."""
        record, run = None, self.run
        if step is not None and run is not None:
            record = run.history.nearest(step) if step > 0 else None
        if record is None or run is None:
            hairline.show_at(0.0 if step == 0 else None, [])
            return None
        readings = self.read(run, record)
        hairline.show_at(
            record.step, [(reading.y, reading.stroke) for reading in readings if reading.visible]
        )
        return record

    @Slot()
    def _on_view_changed(self) -> None:
        if self.run is not None:
            self.redraw()

    @Slot(object)
    def _on_hovered(self, step: float | None) -> None:
        # A little left of the first step is still the first: the start is the timeline's to show.
        self._hovered_step = None if step is None else max(1.0, step)
        self._update_hairlines()
