"""The loss over two parameters, the path of the run, and the gradients of a step."""

import math
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QToolButton

from linreg_gui.analysis.problem import ParameterMap
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.controls import NumberField
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import fixed, round_to, shortest
from linreg_gui.plots.canvas import Range, equal_scale, grown, including, widened
from linreg_gui.plots.card import Chooser, Overlay, PairChooser, RunPlot, small_button
from linreg_gui.plots.contours import ContourLayer
from linreg_gui.plots.picture_table import (
    PictureTable,
    TableColumn,
    counts,
    losses,
    numbers,
    step_note,
)
from linreg_gui.plots.series import Marker, Path, Series, SeriesLayer
from linreg_gui.runs.run import Run
from linreg_gui.settings import parse_number, setting_of
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.data.scaling import Scaling


LONGEST = 64.0
"""The length of the longer arrow in pixels."""

MOST_ROWS = 2_000
"""The table has no more steps of the path than this, at even distances."""

_NARROWEST = 72
_MARGIN = 0.2
_MOST_SPANS = 2.0
"""The range grows beyond start, optimum and truth by at most this many times their span."""
_VISIBLE_PIXELS = 0.5
_STEPS_ACROSS = 500
"""A start chosen by hand is rounded to a step: the picture is this many steps wide."""

_SHORTEST = 3.0
_HEAD = 11.0
_SLENDERNESS = 0.45
_HALO = 2.0
_MARKER_RADIUS = 8.0
"""The halo of an arrow leaves this many pixels to the marker at its tail."""
_REACH = LONGEST + _HEAD
_ROUNDING = 1e-6
"""A gradient below this share of the gradient at w = 0, b = 0 is 0 in single precision."""


class Held(Enum):
    """The values of the parameters that are on no axis."""

    OPTIMUM = "optimum"
    NOW = "now"
    TYPED = "typed"


class LandscapePlot(RunPlot):
    """Contours of the loss, the path of the run, and the points of interest.

    Attributes
    ----------
    pair : tuple of int
        The parameters along x and y, the bias last.
    held : Held
        The values of the other parameters.
    typed : float
        The value of the third parameter if it is typed.
    pairs, holds : Chooser
        The choices of ``pair`` and ``held``.
    equal : QToolButton
        Whether both axes have the same scale.
    contours : ContourLayer
        The loss.
    path : Path
        From the start to the newest step.
    start, now, optimum, truth : Marker
        The points of interest.
    arrows : ArrowLayer
        The gradients of a step: of its minibatch, and of all examples.
    """

    name = "landscape"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Landscape"), "", "", theme)
        self.pair = (0, 1)
        self.held = Held.OPTIMUM
        self.typed = 0.0
        self._window: tuple[Range, Range] = ((-1.0, 1.0), (-1.0, 1.0))
        self._limits: tuple[Range, Range] = self._window
        self._drawn: FloatArray = np.empty(0)
        self._overlays: dict[Overlay, Path] = {}
        self._declare_series()
        self._make_options()
        self.canvas.view.picks = True
        self.canvas.view.picked.connect(self._on_picked)
        self.canvas.view_changed.connect(self.redraw)
        self.canvas.setToolTip(
            tr("Click or drag to move the start. The wheel zooms; the right button stretches.")
        )
        self.show_run(None)

    def _declare_series(self) -> None:
        self.path = Path(lambda palette: palette.path, tr("path"))
        self.start = Marker(lambda palette: Stroke(palette.muted, symbol="s"), tr("start"))
        self.now = Marker(lambda palette: palette.prediction, tr("now"))
        self.optimum = Marker(
            lambda palette: palette.least_squares, tr("least squares"), tr("least sq.")
        )
        self.truth = Marker(lambda palette: palette.truth, tr("true"))
        self.arrows = ArrowLayer()
        self.contours, self.others = ContourLayer(), SeriesLayer[Path]()
        self.canvas.add_layers(
            self.contours,
            SeriesLayer(self.path),
            self.others,
            SeriesLayer(self.optimum, self.truth, self.start, self.now),
            self.arrows,
        )
        self.add_to_legend(self.path, self.start, self.now, self.optimum, self.truth)
        self.add_to_legend(self.arrows.minibatch, self.arrows.full)

    def show_run(self, run: Run | None) -> None:
        """Show the landscape of ``run``, or an empty picture."""
        former, self.run = self.run, run
        self.shown_step = None
        for path in (self.path, *self.others.series):
            path.clear()
        if run is not None:
            dimension = run.dataset.dimension
            if former is None or former.dataset.dimension != dimension:
                self.pair = (0, 1)
                self.held = Held.OPTIMUM
                self.pairs.offer(run)
            self.offer(self.truth, offered=run.dataset.true_parameters is not None)
        # The range does not change while a hand drags the start. In other units it must.
        holds_still = (
            run is not None
            and former is not None
            and former is not run
            and not former.history.step
            and former.references == run.references
            and self._shows(self.parameters_at(run, 0))
        )
        self._show_plane(holds_still=holds_still)

    def refresh(self) -> None:
        """Draw the new part of the path once it is visible."""
        if self.run is None:
            return
        moved = np.abs(self._places(self.run) - self._drawn)
        shift = (moved[:, self.pair] / self.canvas.pixel).max()
        if shift >= _VISIBLE_PIXELS or (self.held is Held.NOW and moved[0].any()):
            self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Draw path and markers, and make room for the end of a complete run."""
        run = self.run
        if run is None:
            return
        places = self._places(run)
        now = places[0]
        if self.held is Held.NOW and not np.array_equal(now, self._drawn[0]):
            self._draw_contours()
        self._drawn = places
        coordinates = self.coordinates_of(run)
        self._draw_path(self.path, run, coordinates.from_trained)
        for overlay, path in self._overlays.items():
            if overlay.run.dataset.dimension == run.dataset.dimension:
                self._draw_path(path, overlay.run, overlay.units_in(coordinates))
        places_of = {
            self.optimum: coordinates.landscape.optimum,
            self.start: self.parameters_at(run, 0),
            self.now: now,
            self.truth: coordinates.true_parameters,
        }
        for marker, place in places_of.items():
            if place is not None:
                marker.move(*(float(place[index]) for index in self.pair))
        self._update_range(run)
        self.set_note(self._describe(run))

    def show_step(self, step: int | None) -> None:
        """Show the parameters after ``step``, 0 for the start; None follows the run."""
        if step != self.shown_step:
            self.shown_step = step
            self.redraw()

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw exactly the paths of ``overlays`` over this one, as far as they go now."""
        if not overlays and not self._overlays:
            return
        self._overlays = {
            overlay: self._overlays.get(overlay) or Path(overlay.look) for overlay in overlays
        }
        self.others.set_series(list(self._overlays.values()))
        self.redraw()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Draw arrows down the gradients of a step; None removes them."""
        if trace is not self.trace:
            self.trace = trace
            self._draw_gradients()

    def table(self) -> PictureTable:
        """Return the marked points and the path, with the loss of all examples at each."""
        run = self.run
        if run is None:
            return PictureTable()
        history, coordinates = run.history, self.coordinates_of(run)
        rows = np.linspace(0, len(history) - 1, min(len(history), MOST_ROWS)).astype(np.int64)
        step = history.step if self.shown_step is None else self.shown_step
        marked = {
            tr("start"): (0, self.parameters_at(run, 0)),
            tr("now"): (step, self._now(run)),
            tr("least squares"): (math.nan, coordinates.landscape.optimum),
            tr("true"): (math.nan, coordinates.true_parameters),
        }
        places = {name: place for name, place in marked.items() if place[1] is not None}
        steps, points = zip(*places.values(), strict=True)
        path = coordinates.parameters(history.parameters[:, rows])
        parameters = np.column_stack([*points, path]).astype(np.float64)
        names = [self.in_words(run.parameter_names()[index]) for index in self.pair]
        return PictureTable(
            step_note(len(rows), history.step),
            (
                TableColumn(tr("point"), [*places, *([""] * len(rows))]),
                counts(tr("step"), np.append(steps, 1 + history.stride * rows)),
                *map(numbers, names, parameters[list(self.pair)]),
                losses(tr("loss, all examples"), coordinates.landscape.losses(parameters)),
            ),
        )

    @Slot(object)
    def set_pair(self, pair: tuple[int, int]) -> None:
        """Put the parameters of ``pair`` on the axes."""
        self.pair = pair
        self.path.clear()
        self._show_plane()

    def set_held(self, held: Held, typed: float | None = None) -> None:
        """Choose the values of the parameters that are on no axis."""
        self.held = held
        if typed is not None:
            self.typed = typed
        self._show_held()
        self._draw_contours()
        self.redraw()

    def _make_options(self) -> None:
        self.pairs = PairChooser()
        self.pairs.committed.connect(self.set_pair)
        self.holds = Chooser(tr("Value of the other parameter"))
        self.holds.setMinimumWidth(_NARROWEST)  # this one shrinks if there is little room
        self.holds.committed.connect(self._on_held_chosen)
        bias = setting_of("start_bias")
        self._field = NumberField(
            lambda text: parse_number(text, bias, whole=False), shortest, bias.step
        )
        keep_scaled(self._field, setFixedWidth=72)
        self._field.setAccessibleName(tr("Value of the other parameter"))
        self._field.committed.connect(self._on_typed)
        self.equal: QToolButton = small_button(tr("1:1"), tr("The same scale on both axes"))
        self.equal.setCheckable(True)
        self.equal.toggled.connect(self.redraw)
        for option in (self.pairs, self.holds, self._field, self.equal):
            self.add_option(option)

    def _show_plane(self, *, holds_still: bool = False) -> None:
        run = self.run
        self.holds.setVisible(run is not None and run.dataset.dimension > 1)
        self._show_held()
        self._draw_gradients()
        if run is None:
            self.pairs.hide()
            self.contours.show_slice(None)
            for marker in (self.start, self.now, self.optimum, self.truth):
                marker.move(math.nan, math.nan)
            self.set_note("")
            return
        names = run.parameter_names()
        self.pairs.set_value(self.pair)
        self.set_axis_labels(*(self.in_words(names[index]) for index in self.pair))
        self._drawn = np.full((2, run.dataset.dimension + 1), math.inf)
        if not holds_still:
            coordinates = self.coordinates_of(run)
            optimum = coordinates.landscape.optimum
            truth = coordinates.true_parameters or tuple(optimum)
            x, y = np.array([self.parameters_at(run, 0), optimum, truth])[:, self.pair].T
            self._window = widened(x, _MARGIN), widened(y, _MARGIN)
            self._limits = widened(x, _MOST_SPANS), widened(y, _MOST_SPANS)
            self._update_range(run)
            self.canvas.fit()
        self._draw_contours()
        self.redraw()

    def _show_held(self) -> None:
        run, others = self.run, self._others()
        name = "" if run is None or len(others) != 1 else run.parameter_names()[others[0]]
        places = {Held.OPTIMUM: tr("optimum"), Held.NOW: tr("now")}
        if len(others) < 2:
            places[Held.TYPED] = tr("typed")
        self.holds.set_choices(
            {held: f"{name or tr('others')}: {place}" for held, place in places.items()}
        )
        self.holds.set_value(self.held)
        self._field.setVisible(self.held is Held.TYPED and bool(name))
        self._field.set_value(self.typed)

    def _others(self) -> list[int]:
        if self.run is None:
            return []
        return [i for i in range(self.run.dataset.dimension + 1) if i not in self.pair]

    def _now(self, run: Run) -> FloatArray:
        return self.parameters_at(run, self.shown_step)

    def _places(self, run: Run) -> FloatArray:
        """Return the parameters at the step on show, and at the end of the path."""
        return np.array([self._now(run), self.parameters_at(run)])

    def _held_parameters(self, run: Run) -> FloatArray:
        match self.held:
            case Held.OPTIMUM:
                return self.coordinates_of(run).landscape.optimum
            case Held.NOW:
                return self._now(run)
            case Held.TYPED:
                return np.full(run.dataset.dimension + 1, self.typed)

    def _draw_contours(self) -> None:
        run = self.run
        if run is not None:
            landscape = self.coordinates_of(run).landscape
            self.contours.show_slice(landscape.slice(self.pair, self._held_parameters(run)))

    def _draw_path(self, path: Path, run: Run, units: ParameterMap) -> None:
        path.set_points(*path.thinner.points(run.history, units, self.pair, self.canvas.pixel))

    def _draw_gradients(self) -> None:
        """Draw the arrows of the highlighted step.

        In other units than those of the training an arrow shows the step, not the gradient.
        """
        run, trace, arrows = self.run, self.trace_of(self.run), self.arrows
        if run is not None and trace is not None:
            landscape = run.problem.coordinates.landscape
            gradients = np.array([trace.gradient, landscape.gradient(trace.before)])
            usual = np.abs(landscape.gradient(np.zeros_like(landscape.optimum)))
            gradients[np.all(np.abs(gradients) <= _ROUNDING * usual, axis=1)] = 0.0
            coordinates, axes = self.coordinates_of(run), list(self.pair)
            tail = coordinates.parameters(trace.before.astype(np.float64))
            arrows.point(tail[axes], -coordinates.parameters(gradients.T).T[:, axes])
            in_own_units = coordinates.from_trained is None
            self._name_arrows(trace, tr("−gradient") if in_own_units else tr("step"))
        for arrow in (arrows.minibatch, arrows.full):
            self.offer(arrow, offered=trace is not None)

    def _name_arrows(self, trace: "StepTrace", arrow: str) -> None:
        if trace.is_short:
            long, short = tr("{arrow}, short last batch"), tr("{arrow}, short batch")
        else:
            long, short = tr("{arrow}, minibatch"), tr("{arrow}, batch")
        self.rename(self.arrows.minibatch, long.format(arrow=arrow), short.format(arrow=arrow))
        long, short = tr("{arrow}, all examples"), tr("{arrow}, all")
        self.rename(self.arrows.full, long.format(arrow=arrow), short.format(arrow=arrow))

    def _update_range(self, run: Run) -> None:
        path = self.path.points
        if path.size:
            x, y = map(grown, self._window, path.min(axis=1), path.max(axis=1), self._limits)
            if run.is_complete:
                x, y = map(including, (x, y), path[:, -1])
            self._window = x, y
        equal = self.equal.isChecked()
        window = equal_scale(self._window, self.canvas.pixels) if equal else self._window
        self.canvas.set_automatic_range(*window)

    def _shows(self, parameters: FloatArray) -> bool:
        """Return whether these parameters are inside the visible range."""
        (left, right), (low, high) = self.canvas.x_range, self.canvas.y_range
        x, y = parameters[list(self.pair)].tolist()
        return bool(left <= x <= right and low <= y <= high)

    def _describe(self, run: Run) -> str:
        now, others, names = self._now(run), self._others(), run.parameter_names()
        if not self._shows(now):
            return tr("The path is outside the picture now.")
        if not others:
            return tr("Each step goes down the gradient of one minibatch, not of this bowl.")
        at = self._held_parameters(run)
        values = ", ".join(f"{names[index]} = {fixed(float(at[index]))}" for index in others)
        if self.held is Held.NOW:
            return tr("Slice at {values} (now); earlier steps are projected.").format(values=values)
        where = tr("optimum") if self.held is Held.OPTIMUM else tr("typed")
        return tr("Slice at {values} ({where}); the path is a projection.").format(
            values=values, where=where
        )

    @Slot(object)
    def _on_held_chosen(self, held: Held) -> None:
        typed = None
        if held is Held.TYPED and self.run is not None:
            typed = round_to(self._now(self.run)[self._others()[0]], 4)
        self.set_held(held, typed)

    @Slot(object)
    def _on_typed(self, value: float) -> None:
        self.set_held(Held.TYPED, value)

    @Slot(float, float)
    def _on_picked(self, x: float, y: float) -> None:
        run = self.run
        if run is None:
            return
        ranges = (self.canvas.x_range, self.canvas.y_range)
        steps = [(high - low) / _STEPS_ACROSS for low, high in ranges]
        scaling = self.coordinates_of(run).scaling
        if scaling is None:
            picked = zip(self.pair, (x, y), steps, strict=True)
            places = {index: _rounded(value, step) for index, value, step in picked}
        else:
            start = self.parameters_at(run, 0).astype(np.float64)
            start[list(self.pair)] = x, y
            places = _measured(start, scaling, min(steps))
        limits = setting_of("start_bias")  # the weights' too
        self.start_chosen.emit(
            {
                index: float(np.clip(value, limits.minimum, limits.maximum))
                for index, value in places.items()
            }
        )


class ArrowLayer(SeriesLayer[Series]):
    """Arrows from one place on one scale: the longer one has the same length at any zoom.

    A solid arrow has a filled head, a dashed arrow an open one.

    Attributes
    ----------
    minibatch, full : Series
        Down the gradient of the minibatch, and of all examples.
    tail : ndarray, shape (2,)
        The place where both start.
    """

    def __init__(self) -> None:
        self.minibatch = Series(lambda palette: palette.minibatch)
        self.full = Series(lambda palette: palette.full_gradient)
        self.tail: DoubleArray = np.zeros(2)
        self._directions: DoubleArray = np.zeros((2, 2))
        super().__init__(self.minibatch, self.full)

    def point(self, tail: DoubleArray, directions: DoubleArray) -> None:
        """Draw arrows from ``tail``, shape (2,), in ``directions``, shape (2, 2).

        Both are in the coordinates of the axes.
        """
        if not np.array_equal([tail, *directions], [self.tail, *self._directions]):
            for place in (self.tail, tail):
                x, y = place.tolist()
                self.repaint_around((x, x), (y, y), left=_REACH, right=_REACH, above_below=_REACH)
            self.tail, self._directions = tail, directions

    def shafts(self, to_pixels: QTransform) -> DoubleArray:
        """Return how far each arrow goes to the right and down, in pixels, shape (2, 2)."""
        shafts: DoubleArray = self._directions * [to_pixels.m11(), to_pixels.m22()]
        longest = np.hypot(*shafts.T).max()
        return shafts / longest * LONGEST if longest else shafts

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the arrows that are long enough to have a direction."""
        tail = to_pixels.map(QPointF(*self.tail))
        if not exposed.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(tail):
            return
        arrows = [
            (series.stroke, QPointF(*shaft))
            for series, shaft in zip(self.series, self.shafts(to_pixels).tolist(), strict=True)
            if series.visible and math.hypot(*shaft) >= _SHORTEST
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke, shaft in arrows:
            halo = Stroke(self.palette.surface, width=stroke.width + _HALO)
            _draw_arrow(painter, halo, tail, shaft, since=_MARKER_RADIUS)
        for stroke, shaft in arrows:
            _draw_arrow(painter, stroke, tail, shaft)


def _draw_arrow(
    painter: QPainter, stroke: Stroke, tail: QPointF, shaft: QPointF, since: float = 0.0
) -> None:
    """Draw an arrow; its shaft begins ``since`` pixels after ``tail``."""
    color, tip, length = QColor(stroke.color), tail + shaft, math.hypot(shaft.x(), shaft.y())
    back = shaft * (min(_HEAD, 0.6 * length) / length)
    side = QPointF(-back.y(), back.x()) * _SLENDERNESS
    head = QPolygonF([tip - back + side, tip, tip - back - side])
    if length > since:
        painter.setPen(QPen(color, stroke.width, stroke.line, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(tail + shaft * (since / length), tip - back))
    painter.setPen(QPen(color, stroke.width))
    if stroke.line is Qt.PenStyle.SolidLine:
        painter.setBrush(color)
        painter.drawPolygon(head)
    else:
        painter.drawPolyline(head)


def _measured(start: FloatArray, scaling: "Scaling", step: float) -> dict[int, float]:
    """Return a start in standardized units in the units of the data, rounded to about ``step``.

    The bias is computed from the rounded weights: it must match them if features are far from 0.
    """
    weights = [
        _rounded(weight / scale, step / scale)
        for weight, scale in zip(start[:-1].tolist(), scaling.scale.tolist(), strict=True)
    ]
    bias = float(start[-1] - scaling.center @ weights)
    return dict(enumerate([*weights, _rounded(bias, step)]))


def _rounded(value: float, step: float) -> float:
    """Return ``value`` with the decimals that tell it from one ``step`` away."""
    return round(value, max(0, math.ceil(-math.log10(step))))
