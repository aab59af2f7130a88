"""The final loss against the setting that was swept."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Signal, Slot

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.plane_series import Cloud
from linreg_gui.plots.ranges import Range, widened
from linreg_gui.plots.series import Curve, Level, SeriesLayer, log_heights
from linreg_gui.runs.sweep import SweepPoint
from linreg_gui.settings import value_words
from linreg_gui.texts import tr, trn

_MARGIN = 0.08
_DECADE = 10.0
_DECADE_MARGIN = 0.1
_REACH_PIXELS = 20
_MOST_DECADES_DOWN = 3
"""A least-squares loss farther below is rounding: the line goes through all points."""
_NO_LOSSES: Range = (-1.0, 1.0)


class SweepPlot(PlotCard):
    """A point for each value. Runs that diverged have a cross at the top edge.

    Attributes
    ----------
    ends : Curve
        The completed runs.
    diverged : Cloud
        The runs that diverged.
    least_squares : Level
        The loss of the best line, if all runs have the same data.

    Signals
    -------
    value_chosen(int or float)
        A person clicked at this value.
    """

    value_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Final loss"), "", "", theme)
        keep_scaled(self, setMinimumSize=(160, 240))
        self.canvas.y_axis.logarithmic = True
        self.ends = Curve(lambda palette: palette.path, tr("completed"), markers=True)
        self.diverged = Cloud(
            lambda palette: Stroke(palette.unsafe, symbol="x"), tr("diverged"), pixels=10
        )
        self.least_squares = Level(
            lambda palette: palette.least_squares, tr("least squares"), tr("least sq.")
        )
        self.canvas.add_layers(SeriesLayer(self.least_squares, self.ends, self.diverged))
        self.add_to_legend(self.ends, self.diverged, self.least_squares)
        self._label = ""
        self._values: tuple[float, ...] = ()
        self._points: Sequence[SweepPoint] = ()
        self.set_note(tr("Click a point to use its value."))
        self.canvas.grips = self._is_near_point
        self.canvas.gripped.connect(self._on_picked)
        self.canvas.dragged.connect(self._on_picked)
        self.canvas.hovered.connect(self._on_hovered)

    def show_points(
        self, label: str, values: tuple[float, ...], points: Sequence[SweepPoint]
    ) -> None:
        """Show the finished runs of the sweep over ``values``, ascending."""
        if (label, values) != (self._label, self._values):
            self._start(label, values)
        self._points = points
        done = [point for point in points if not point.diverged]
        losses = log_heights(np.array([point.loss for point in done]))
        floors = {point.least_squares_loss for point in points}
        floor = floors.pop() if len(floors) == 1 else 0.0
        self.least_squares.set_height(math.log10(floor) if floor > 0 else math.nan)
        self.offer(self.least_squares, offered=floor > 0)
        low, high = _y_range(losses[np.isfinite(losses)], self.least_squares.y)
        self.ends.set_points(self._places([values[point.index] for point in done]), losses)
        diverged = self._places([values[point.index] for point in points if point.diverged])
        self.diverged.set_points(
            diverged, np.full(len(diverged), high - _MARGIN / 2 * (high - low))
        )
        self.canvas.set_automatic_range(widened(self._places(values), _MARGIN), (low, high))
        self.set_description("\n".join([label, *self.lines()]))

    def lines(self) -> list[str]:
        """Return a line of text for each point."""
        return [self._line(point) for point in self._points]

    def _start(self, label: str, values: tuple[float, ...]) -> None:
        self._label, self._values = label, values
        axis = self.canvas.x_axis
        axis.logarithmic = values[0] > 0 and values[-1] / values[0] > _DECADE
        axis.whole = isinstance(values[0], int)
        self.set_axis_labels(label, tr("loss of the last epoch"))
        self.set_readout("")
        self.canvas.fit()

    def _line(self, point: SweepPoint) -> str:
        words = tr("{value}: loss {loss}, {distance} to least squares")
        if point.diverged:
            words = trn(
                "{value}: diverged after {step} step",
                "{value}: diverged after {step} steps",
                point.steps,
            )
        elif point.stopped:
            words = tr("{value}: loss {loss}, {distance} to least squares, stopped at step {step}")
        return words.format(
            value=value_words(self._values[point.index]),
            step=whole(point.steps),
            loss=significant(point.loss),
            distance=significant(point.distance, 2),
        )

    def _places(self, values: Sequence[float]) -> DoubleArray:
        places = np.array(values, np.float64)
        return np.log10(places) if self.canvas.x_axis.logarithmic else places

    def _point_near(self, x: float) -> SweepPoint | None:
        low, high = self.canvas.x_range
        reach = px(_REACH_PIXELS) * (high - low) / self.canvas.pixels[0]
        places = self._places([self._values[point.index] for point in self._points])
        gaps = np.abs(places - x)
        near = len(gaps) and gaps.min() <= reach
        return self._points[int(gaps.argmin())] if near else None

    def _is_near_point(self, place: QPointF) -> bool:
        return self._point_near(self.canvas.view.mapSceneToView(place).x()) is not None

    @Slot(object)
    def _on_hovered(self, x: float | None) -> None:
        point = None if x is None else self._point_near(x)
        self.set_readout("" if point is None else self._line(point))

    @Slot(float, float)
    def _on_picked(self, x: float, _y: float) -> None:
        if point := self._point_near(x):
            self.value_chosen.emit(self._values[point.index])


def _y_range(losses: DoubleArray, floor: float) -> Range:
    """Return whole decades, so that the axis has numbers."""
    if not len(losses):
        return _NO_LOSSES
    low, high = float(losses.min()), float(losses.max())
    if math.isfinite(floor):
        low = min(low, max(floor, low - _MOST_DECADES_DOWN))
    return float(math.floor(low - _DECADE_MARGIN)), float(math.ceil(high + _DECADE_MARGIN))
