"""The loss over two parameters, and the way that the training takes down to its bottom."""

import math
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.controls import NumberField
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import fixed, round_to, shortest
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.card import RunPlot, small_button
from linreg_gui.plots.choosers import Chooser, PairChooser
from linreg_gui.plots.contours import ContourLayer
from linreg_gui.plots.legend import LegendEntry
from linreg_gui.plots.overlay import Overlay
from linreg_gui.plots.path import Marker, Path, PathLayer, PathThinner
from linreg_gui.plots.ranges import equal_scale, grown, including
from linreg_gui.runs.run import Run
from linreg_gui.settings import parse_number, setting_of
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.data.scaling import Scaling
    from linreg_gui.plots.gradient_lens import GradientLens


_NARROWEST = 72
_MARGIN = 0.2
_MOST_SPANS = 2.0
"""Beyond start, optimum and truth the picture grows by so many times their span, no more."""
_SEEN_PIXELS = 0.5
_STEPS_ACROSS = 500
"""A start that is set by hand is rounded to so many steps across the picture."""


class Held(IntEnum):
    """Where the parameters that are on no axis are held."""

    OPTIMUM = 0
    NOW = 1
    TYPED = 2


class LandscapePlot(RunPlot):
    """Contours, path and the places that matter. It pulls from the run and keeps no number of it.

    Attributes
    ----------
    pair : tuple of int
        The parameters along x and y, the bias last.
    held : Held
        Where the others are held.
    typed : float
        Where the third is held if that is typed.
    entries : dict
        What switches path and markers on and off, by name.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Landscape"), "", "", theme, picks=True)
        self.pair = (0, 1)
        self.held = Held.OPTIMUM
        self.typed = 0.0
        self._shows_units = False
        self._window: tuple[Range, Range] = ((-1.0, 1.0), (-1.0, 1.0))
        self._limits: tuple[Range, Range] = self._window
        self._drawn: FloatArray = np.empty(0)
        self._contours = ContourLayer()
        self._ways = PathLayer()
        self.path = Path(theme.palette.path)
        self._thinner = PathThinner()
        self._overlays: dict[Overlay, tuple[Path, PathThinner]] = {}
        for layer in (self._contours, self._ways):
            self.canvas.add_layer(layer)
        self._make_options()
        self.entries: dict[str, LegendEntry] = {
            "path": self.add_entry(tr("path")),
            "start": self.add_entry(tr("start"), line=False, marker=True),
            "now": self.add_entry(tr("now"), line=False, marker=True),
            "optimum": self.add_entry(
                tr("least squares"), tr("least sq."), line=False, marker=True
            ),
            "truth": self.add_entry(tr("true"), line=False, marker=True),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._draw)
        self.canvas.picked.connect(self._on_picked)
        self.canvas.view_changed.connect(self._on_view_changed)
        self.canvas.setToolTip(
            tr("Click or drag to put the start there. The wheel zooms; the right button stretches.")
        )
        self.restyle(theme.palette)
        self.show_run(None)

    @cached_property
    def lens(self) -> "GradientLens":
        """Return the arrows of a step, made when it is first wanted."""
        from linreg_gui.plots.gradient_lens import GradientLens  # noqa: PLC0415

        lens = GradientLens(self)
        lens.restyle(self._theme.palette)
        return lens

    @property
    def _has_lens(self) -> bool:
        return "lens" in vars(self)

    def show_run(self, run: Run | None) -> None:
        """Show the landscape of ``run``, or nothing where there is none."""
        former, self.run = self.run, run
        same_units = self._shows_units == self.shows_standardized
        self._shows_units = self.shows_standardized
        self.shown_step = None
        self._thinner = PathThinner()
        self._ways.set_points(self.path, self.path.points[:, :0])
        if run is not None:
            dimension = run.dataset.dimension
            if former is None or former.dataset.dimension != dimension:
                self.pair = (0, 1)
                self.held = Held.OPTIMUM
                self._pairs.offer(run)
            self.show_entry(self.entries["truth"], shown=bool(self._truth(run)))
        # The picture holds still under a hand that moves the start about in it.
        holds_still = (
            run is not None
            and former is not None
            and not former.history.step
            and same_units
            and former.references == run.references
            and self._shows(self.coordinates_of(run).parameters(run.history.start))
        )
        self._show_plane(holds_still=holds_still)

    def refresh(self) -> None:
        """Draw what the path has grown by, once that can be seen."""
        if self.run is None:
            return
        moved = np.abs(self._places(self.run) - self._drawn)
        shift = (moved[:, self.pair] / self._pixel()).max()
        if shift >= _SEEN_PIXELS or (self.held is Held.NOW and moved[0].any()):
            self._draw()

    def redraw(self) -> None:
        """Draw anew, however little has changed."""
        self._draw()

    def show_step(self, step: int | None) -> None:
        """Show the moment after ``step``, 0 for the start; None follows the run."""
        if step != self.shown_step:
            self.shown_step = step
            if self.run is not None:
                self._draw()

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw exactly the paths of ``overlays`` over this one, as far as they go now."""
        if not overlays and not self._overlays:
            return
        gone = set(self._overlays) - set(overlays)
        for overlay in gone:
            self._ways.set_points(self._overlays[overlay][0], np.empty((2, 0)))
        self._overlays = {
            overlay: self._overlays.get(overlay) or (Path(overlay.stroke), PathThinner())
            for overlay in overlays
        }
        self._draw()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Point down the gradients of a step, from where it was taken; None shows no arrow."""
        if trace is not None or self._has_lens:
            self.lens.trace = trace
            self._draw_gradients()

    @Slot(object)
    def set_pair(self, pair: tuple[int, int]) -> None:
        """Put other parameters on the axes."""
        self.pair = pair
        self._show_plane()

    def set_held(self, held: Held, typed: float | None = None) -> None:
        """Hold the other parameters elsewhere."""
        self.held = held
        if typed is not None:
            self.typed = typed
        self._show_held()
        self._draw_contours()
        self._draw()

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        self._contours.restyle(palette)
        self._ways.surface = palette.surface
        self.path.stroke = palette.path
        for name, stroke in self._looks().items():
            self.entries[name].set_look(stroke, palette)
        if self._has_lens:
            self.lens.restyle(palette)
        if self.run is not None:
            self._draw()

    def _make_options(self) -> None:
        self._pairs = PairChooser()
        self._pairs.pair_chosen.connect(self.set_pair)
        self._holds = Chooser(tr("Where the other parameter is held"))
        self._holds.setMinimumWidth(_NARROWEST)  # where there is little room this one gives way
        self._holds.activated.connect(self._on_held_chosen)
        bias = setting_of("start_bias")
        self._field = NumberField(
            lambda text: parse_number(text, bias, whole=False), shortest, bias.step
        )
        self._field.setFixedWidth(72)
        self._field.setAccessibleName(tr("Value of the other parameter"))
        self._field.committed.connect(self._on_typed)
        self.equal: QToolButton = small_button(tr("1:1"))
        self.equal.setCheckable(True)
        self.equal.setToolTip(tr("The same scale on both axes"))
        self.equal.setAccessibleName(self.equal.toolTip())
        self.equal.toggled.connect(self._on_view_changed)
        for option in (self._pairs, self._holds, self._field, self.equal):
            self.add_option(option)

    def _show_plane(self, *, holds_still: bool = False) -> None:
        run = self.run
        self._holds.setVisible(run is not None and run.dataset.dimension > 1)
        self._show_held()
        self._draw_gradients()
        if run is None:
            self._pairs.hide()
            self._contours.show_slice(None)
            self._ways.set_paths([])
            self._ways.set_markers([])
            self.set_note("")
            return
        names = run.parameter_names()
        self._pairs.show_pair(self.pair)
        self.set_axis_labels(*(self.in_words(names[index]) for index in self.pair))
        self._drawn = np.full((2, run.dataset.dimension + 1), math.inf)
        if not holds_still:
            coordinates = self.coordinates_of(run)
            start = coordinates.parameters(run.history.start)
            places = np.array([start, coordinates.landscape.optimum, *self._truth(run)])
            spans = [_spans(places[:, index].tolist()) for index in self.pair]
            self._window = (spans[0][0], spans[1][0])
            self._limits = (spans[0][1], spans[1][1])
            self._update_range()
            self.canvas.fit()
        self._draw_contours()
        self._draw()

    def _show_held(self) -> None:
        others = self._others()
        name = "" if self.run is None or len(others) != 1 else self._names()[others[0]]
        places = [tr("optimum"), tr("now"), *([tr("typed")] if name else [])]
        self._holds.clear()
        self._holds.addItems([f"{name or tr('others')}: {place}" for place in places])
        self._holds.setCurrentIndex(self.held)
        self._field.setVisible(self.held is Held.TYPED and bool(name))
        self._field.set_value(self.typed)

    def _names(self) -> tuple[str, ...]:
        assert self.run is not None
        return self.run.parameter_names()

    def _others(self) -> list[int]:
        if self.run is None:
            return []
        return [i for i in range(self.run.dataset.dimension + 1) if i not in self.pair]

    def _truth(self, run: Run) -> list[tuple[float, ...]]:
        truth = self.coordinates_of(run).true_parameters
        return [] if truth is None else [truth]

    def _now(self, run: Run) -> FloatArray:
        if self.shown_step is None:
            return self._newest(run)
        return self.coordinates_of(run).parameters(run.history.parameters_at(self.shown_step))

    def _newest(self, run: Run) -> FloatArray:
        return self.coordinates_of(run).parameters(run.history.current_parameters)

    def _places(self, run: Run) -> FloatArray:
        """Return the parameters of the moment that is shown, and of the path's end."""
        return np.array([self._now(run), self._newest(run)])

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
            self._contours.show_slice(landscape.slice(self.pair, self._held_parameters(run)))

    @Slot()
    def _draw(self) -> None:
        run = self.run
        if run is None:
            return
        places = self._places(run)
        now = places[0]
        if self.held is Held.NOW and not np.array_equal(now, self._drawn[0]):
            self._draw_contours()
        self._drawn = places
        pixel = self._pixel()
        coordinates = self.coordinates_of(run)
        points = self._thinner.points(run.history, coordinates.from_trained, self.pair, pixel)
        self._ways.set_points(self.path, points)
        paths = [self.path] if self.entries["path"].isChecked() else []
        for overlay, (path, thinner) in self._overlays.items():
            if overlay.run.dataset.dimension == run.dataset.dimension:
                units = overlay.units_in(coordinates)
                points = thinner.points(overlay.run.history, units, self.pair, pixel)
                self._ways.set_points(path, points)
                paths.append(path)
        self._ways.set_paths(paths)
        self._ways.set_markers(self._markers(run, now))
        self._update_range()
        self.set_note(self._describe(run))

    def _draw_gradients(self) -> None:
        if not self._has_lens:
            return
        run = self.run
        self.lens.draw(run, self.pair, None if run is None else self.coordinates_of(run))
        for entry in self.lens.entries.values():
            self.show_entry(entry, shown=self.lens.is_on)

    def _markers(self, run: Run, now: FloatArray) -> list[Marker]:
        looks = self._looks()
        coordinates = self.coordinates_of(run)
        places: dict[str, Sequence[float] | FloatArray] = {"optimum": coordinates.landscape.optimum}
        if truth := self._truth(run):
            places["truth"] = truth[0]
        places |= {"start": coordinates.parameters(run.history.start), "now": now}
        i, j = self.pair
        return [
            Marker(float(place[i]), float(place[j]), looks[name])
            for name, place in places.items()
            if self.entries[name].isChecked()
        ]

    def _looks(self) -> dict[str, Stroke]:
        palette = self._theme.palette
        return {
            "path": palette.path,
            "start": Stroke(palette.muted, symbol="s"),
            "now": palette.prediction,
            "optimum": palette.least_squares,
            "truth": palette.truth,
        }

    def _update_range(self) -> None:
        for axis in (0, 1):
            points = self.path.points[axis]
            if points.size:
                window = grown(self._window[axis], points.min(), points.max(), self._limits[axis])
                if self.run is not None and self.run.is_complete:
                    window = including(window, float(points[-1]))
                self._window = (window, self._window[1]) if axis == 0 else (self._window[0], window)
        self.canvas.set_automatic_range(*self._equal(self._window))

    def _equal(self, window: tuple[Range, Range]) -> tuple[Range, Range]:
        """Return ``window``, widened along one axis where both must have the same scale."""
        return equal_scale(window, self.canvas.pixels) if self.equal.isChecked() else window

    def _pixel(self) -> tuple[float, float]:
        width, height = self.canvas.pixels
        (left, right), (low, high) = self.canvas.x_range, self.canvas.y_range
        return (right - left) / width, (high - low) / height

    def _shows(self, parameters: FloatArray) -> bool:
        """Return whether these parameters are within the visible range."""
        (left, right), (low, high) = self.canvas.x_range, self.canvas.y_range
        x, y = parameters[list(self.pair)].tolist()
        return bool(left <= x <= right and low <= y <= high)

    def _describe(self, run: Run) -> str:
        now, others, names = self._now(run), self._others(), run.parameter_names()
        if not self._shows(now):
            return tr("The path is outside of the picture for now.")
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

    @Slot()
    def _on_view_changed(self) -> None:
        if self.run is not None:
            self._draw()

    @Slot(int)
    def _on_held_chosen(self, index: int) -> None:
        typed = None
        if Held(index) is Held.TYPED and self.run is not None:
            typed = round_to(self._now(self.run)[self._others()[0]], 4)
        self.set_held(Held(index), typed)

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
            start = self.coordinates_of(run).parameters(run.history.start).astype(np.float64)
            start[list(self.pair)] = x, y
            places = _measured(start, scaling, min(steps))
        limits = setting_of("start_bias")  # the weights' too
        self.start_chosen.emit(
            {
                index: float(np.clip(value, limits.minimum, limits.maximum))
                for index, value in places.items()
            }
        )


def _measured(start: FloatArray, scaling: "Scaling", step: float) -> dict[int, float]:
    """Return a start among standardized units in those of the data, rounded to about ``step``.

    The bias follows from the rounded weights, for it makes up for them where features are far
    from 0.
    """
    weights = [
        _rounded(weight / scale, step / scale)
        for weight, scale in zip(start[:-1].tolist(), scaling.scale.tolist(), strict=True)
    ]
    bias = float(start[-1] - scaling.center @ weights)
    return dict(enumerate([*weights, _rounded(bias, step)]))


def _spans(values: list[float]) -> tuple[Range, Range]:
    """Return the first range along an axis, and the widest."""
    low, high = min(values), max(values)
    span = (high - low) or max(1.0, abs(high))
    return (
        (low - _MARGIN * span, high + _MARGIN * span),
        (low - _MOST_SPANS * span, high + _MOST_SPANS * span),
    )


def _rounded(value: float, step: float) -> float:
    """Return ``value`` with the decimals that tell it from one ``step`` away."""
    return round(value, max(0, math.ceil(-math.log10(step))))
