"""The final loss against the setting that was swept."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal, Slot

from linreg_gui.texts import tr
from linreg_gui.training.sweep_values import SweepPoint
from linreg_gui.widgets.plots.canvas import Range
from linreg_gui.widgets.plots.curve import Curve, CurveLayer
from linreg_gui.widgets.plots.frame import PlotFrame
from linreg_gui.widgets.plots.points import PointLayer
from linreg_gui.widgets.theme import Palette, Stroke, Theme

_MARGIN = 0.08
_DECADE = 10.0
_NOTHING = np.empty(0)


class SweepPlot(PlotFrame):
    """A point for each value; those that diverged stand at the top edge.

    Attributes
    ----------
    ends : Curve
        The runs that came to their end.
    diverged : PointLayer
        Those that did not.

    Signals
    -------
    value_chosen(float)
        A person clicked near this value.
    """

    value_chosen = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Final loss"), "", tr("loss of the last epoch"), theme, picks=True)
        self.setMinimumSize(200, 180)
        self.canvas.y_axis.logarithmic = True
        self.canvas.setToolTip(tr("Click a point to take its value over"))
        self.ends = Curve(theme.palette.path, markers=True)
        self._lines = CurveLayer()
        self._lines.curves = [self.ends]
        self.diverged = PointLayer(Stroke(theme.palette.unsafe, symbol="x"), 10)
        for layer in (self._lines, self.diverged):
            self.canvas.add_layer(layer)
        self._entries = {
            "ends": self.add_entry(tr("completed"), marker=True),
            "diverged": self.add_entry(tr("diverged"), line=False, marker=True),
        }
        self._values: tuple[float, ...] = ()
        self._is_log = False
        self.canvas.picked.connect(self._on_picked)
        self.restyle(theme.palette)

    def show_points(
        self, label: str, values: Sequence[float], points: Sequence[SweepPoint]
    ) -> None:
        """Show how far the sweep over ``values`` has come."""
        self._values = tuple(values)
        self._is_log = values[0] > 0 and values[-1] / values[0] > _DECADE
        self.canvas.x_axis.logarithmic = self._is_log
        self.set_axis_labels(label, tr("loss of the last epoch"))
        done = [point for point in points if not point.diverged]
        losses = np.array([math.log10(max(point.loss, 1e-300)) for point in done])
        low, high = _with_margin(losses) if done else (-1.0, 1.0)
        self._lines.set_points(self.ends, self._places([values[p.index] for p in done]), losses)
        gone = self._places([values[point.index] for point in points if point.diverged])
        self.diverged.set_points(gone, np.full(len(gone), high - (high - low) * _MARGIN / 2))
        self.canvas.set_automatic_range(_with_margin(self._places(values)), (low, high))

    def restyle(self, palette: Palette) -> None:
        """Take over the colours of ``palette``."""
        super().restyle(palette)
        self.ends.stroke = palette.path
        cross = Stroke(palette.unsafe, symbol="x")
        self.diverged.set_stroke(cross)
        self._entries["ends"].set_look(palette.path, palette)
        self._entries["diverged"].set_look(cross, palette)

    def _places(self, values: Sequence[float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        places = np.array(values, np.float64)
        return np.log10(places) if self._is_log and len(places) else places

    @Slot(float, float)
    def _on_picked(self, x: float, _y: float) -> None:
        if self._values:
            nearest = int(np.abs(self._places(self._values) - x).argmin())
            self.value_chosen.emit(self._values[nearest])


def _with_margin(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Range:
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 0.5
    return low - margin, high + margin
