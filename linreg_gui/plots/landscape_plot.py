"""The loss over two parameters, the path of the run, and the gradients of a step."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton

from linreg_gui.analysis.coordinates import ParameterMap, map_parameters
from linreg_gui.analysis.landscape import Landscape
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import round_to
from linreg_gui.plots.announcement import AnnouncementLayer, diverged_run
from linreg_gui.plots.arrows import ArrowLayer, arrow_words
from linreg_gui.plots.choices import Choice, Choices, truth
from linreg_gui.plots.contours import ContourLayer
from linreg_gui.plots.guess_words import guess_words
from linreg_gui.plots.landscape_marks import PlaneMarkLayer
from linreg_gui.plots.landscape_range import PlaneRange
from linreg_gui.plots.landscape_slice import Held, HeldOptions
from linreg_gui.plots.landscape_words import (
    landscape_summary,
    landscape_table,
    slice_note,
    whole_note,
)
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.place_names import PlaceName, PlaceNameLayer, has_room_for_names
from linreg_gui.plots.plane_series import Path
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.plots.series import Series, SeriesLayer
from linreg_gui.plots.start_handle import StartHandle, start_at
from linreg_gui.plots.title_row import PairChooser, small_button
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.settings import setting_of
from linreg_gui.texts import paragraph, tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.plots.landscape_guesses import PointsByHand
    from linreg_gui.threads.points import PointsOnShow


_VISIBLE_PIXELS = 0.5

_CONTOUR_MILLISECONDS = 40
"""Contours take some milliseconds. They follow a hand that moves points this much later."""


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
        Whether both axes have the same scale, so that a round bowl is round.
    contours : ContourLayer
        The loss.
    path : Path
        From the start to the newest step.
    start, now, optimum, truth : Marker
        The points of interest.
    new_start : Marker
        The start that the settings ask for, if the run has begun at another one.
    arrows : ArrowLayer
        The gradients of a step: of its minibatch, and of all examples.
    names, announcement : PlaceNameLayer, AnnouncementLayer
        The words on the picture: beside its marks, and about a divergence.
    """

    name = "landscape"

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Landscape"), "", "", theme)
        self.pair = (0, 1)
        self.held = Held.OPTIMUM
        self.typed = 0.0
        self._range = PlaneRange()
        self._drawn: FloatArray = np.empty(0)
        self._overlays: dict[Overlay, Path] = {}
        self._chosen: tuple[float, float] | None = None
        self._points: PointsOnShow | None = None
        self._contoured: Landscape | None = None
        self._contours_due = QTimer(self, singleShot=True, interval=_CONTOUR_MILLISECONDS)
        self._contours_due.timeout.connect(self._follow_points)
        self._equal: bool | None = None
        self._by_hand: PointsByHand | None = None
        self._declare_series()
        self._handle = StartHandle(self.canvas, (self.new_start, self.start))
        self._handle.moved.connect(self.place_start)
        self._make_options()
        set_tip(
            self.canvas,
            tr(
                "Drag ■ to move the start, or press Shift and an arrow key. "
                "Drag elsewhere to move the picture. The wheel zooms; a double click fits."
            ),
        )
        self.show_run(None)

    def _declare_series(self) -> None:
        self.path = Path(lambda palette: palette.path, tr("path"))
        marks = self._marks = PlaneMarkLayer()
        self.start, self.new_start, self.now = marks.start, marks.new_start, marks.now
        self.optimum, self.truth = marks.optimum, marks.truth
        self.arrows = ArrowLayer()
        self.contours, self.others = ContourLayer(), SeriesLayer[Path]()
        self.names, self.announcement = PlaceNameLayer(), AnnouncementLayer()
        self.canvas.add_layers(
            self.contours,
            SeriesLayer(self.path),
            self.others,
            self.arrows,
            marks,
            self.names,
            self.announcement,
        )
        self.add_to_legend(self.path, self.start, self.now, self.optimum, self.truth)
        self.add_to_legend(self.arrows.minibatch, self.arrows.full)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "The loss for each pair of two parameters, as a map: each line joins places of equal "
            "loss, and least squares is the lowest place. The path shows where the steps of the "
            "run went. A line that you draw by hand is a point here (My line, H)."
        )

    def begin_run(self, former: Run | None) -> None:
        """Begin with the plane of the run."""
        run = self.run
        self._forget_chosen()
        for path in (self.path, *self.others.series):
            path.clear()
        if run is not None:
            dimension = run.dataset.dimension
            if former is None or former.dataset.dimension != dimension:
                self.pair = (0, 1)
                self.held = Held.OPTIMUM
            self.pairs.offer(run)
        self._hide_solution()
        # The range does not change while a hand drags the start. In other units it must.
        holds_still = (
            run is not None
            and former is not None
            and former is not run
            and not former.history.step
            and former.references == run.references
            and self._shows(self.parameters_at(run, 0))
        )
        self._arrange_plane(holds_still=holds_still)

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
        landscape, edited = self._landscapes(run)
        optimum, truth = landscape.optimum, coordinates.true_parameters
        edited_optimum = None if edited is None else edited.optimum
        self._marks.show_places(self.pair, now, optimum, truth, edited_optimum)
        self._move_starts(run)
        self._draw_by_hand(run)
        self._update_range(run)
        self.announcement.announce_divergence(diverged_run(run, self._overlays), run)
        self._name_places()
        self.set_note(self._describe(run))

    def show_points(self, points: "PointsOnShow | None") -> None:
        """Show the loss of examples that a person edits, or only where it is lowest.

        The path of a run that has begun is one down the loss of its own examples, so that stays.
        """
        if points is not None or self._points is not None:
            self._points = points
            if not self._contours_due.isActive():
                self._contours_due.start()
            self.redraw()

    @Slot()
    def _follow_points(self) -> None:
        """Draw the contours of the edited examples, unless they are the same."""
        if self.run is not None and self._landscapes(self.run)[0] is not self._contoured:
            self._draw_contours()

    def _landscapes(self, run: Run) -> tuple[Landscape, Landscape | None]:
        """Return the loss to draw, and that of edited examples which the run has not begun with."""
        own, points = self.coordinates_of(run).landscape, self._points
        if points is None or not points.is_pending:
            return own, None
        if points.dataset.feature_names != run.dataset.feature_names:
            return own, None
        edited = points.landscape_in(self.coordinates_of(run))
        if edited is None:
            return own, None
        return (own, edited) if run.history.step else (edited, None)

    def show_step(self, step: int | None) -> None:
        """Show the parameters after ``step``, 0 for the start; None follows the run."""
        if step != self.shown_step:
            self.shown_step = step
            self.redraw()

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw exactly the paths of ``overlays`` over this one, as far as they go now."""
        if not overlays and not self._overlays:
            return
        former = self._what_if
        self._overlays = {
            overlay: self._overlays.get(overlay) or Path(overlay.look) for overlay in overlays
        }
        self.others.set_series(list(self._overlays.values()))
        if self._what_if is not former:
            self._forget_chosen()
        self.redraw()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Draw arrows down the gradients of a step; None removes them."""
        if trace is not self.trace:
            self.trace = trace
            self._draw_gradients()
            self._name_places()

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Mark lines drawn by hand; while the answers are hidden, so are the contours."""
        former, had_mine = self.guesses, self.mine is not None
        super().show_guesses(guesses)
        if self._by_hand is None and not guesses.lines():
            return
        run, has_mine = self.run, self.mine is not None
        if self._by_hand is None:
            self._by_hand = self._make_by_hand()
        if has_mine != had_mine or former.hides_solution != guesses.hides_solution:
            self._hide_solution()
            is_new = has_mine and not had_mine and self.held is Held.OPTIMUM
            self.set_held(Held.MINE if is_new else self.held)
        elif former.kept != guesses.kept:
            self.redraw()
        elif run is not None:
            if self.held is Held.MINE and self._moves_slice(former.mine, guesses.mine):
                self._draw_contours()
            self._draw_by_hand(run)
            self._name_places()
            self.set_note(self._describe(run))

    def table_of(self, run: Run) -> PictureTable:
        """Return the marked points and the path, with the loss of all examples at each."""
        at, names = self.step_of(run), self._axis_names(run)
        coordinates = self.coordinates_of(run)
        return landscape_table(run, coordinates, self.pair, at, names, self.guesses)

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

    @property
    def choices(self) -> Choices:
        """Return the axes and what the rest is held at, too."""
        return {
            "pair": Choice(lambda: [*self.pair], self._choose_pair),
            "held": Choice(lambda: [self.held.value, self.typed], self._choose_held),
            "equal": Choice(lambda: self._equal, self._choose_equal_again),
            **super().choices,
        }

    def _choose_pair(self, pair: Sequence[int]) -> None:
        if tuple(pair) not in self.pairs.values:
            raise ValueError
        first, second = pair
        self.set_pair((first, second))

    def _choose_held(self, held: tuple[str, float]) -> None:
        name, typed = held
        if (value := float(typed)) != setting_of("start_bias").nearest(value):
            raise ValueError
        if Held(name) in self.holds.values:
            self.set_held(Held(name), value)

    def _choose_equal_again(self, equal: bool | None) -> None:
        if equal is None:
            self._equal = None
        else:
            self.choose_equal(truth(equal))

    def lead(self, other: RunPlot) -> None:
        """Give ``other`` the axes that a person chooses here, and what the rest is held at."""
        assert isinstance(other, LandscapePlot)
        self.pairs.committed.connect(other.set_pair)
        for signal in (self.holds.committed, self._held_options.field.committed):
            signal.connect(lambda _value: other.set_held(self.held, self.typed))
        self.equal.clicked.connect(other.choose_equal)

    def take_view(self, other: Self) -> None:
        """Show the plane of ``other``, and the paths over it."""
        super().take_view(other)
        self.pair, self._chosen = other.pair, other._chosen
        self._equal = other.equal.isChecked()
        self.show_guesses(other.guesses)  # one of them may be what the rest is held at
        self.held, self.typed = other.held, other.typed
        self._points = other._points
        self.show_overlays(list(other._overlays), "")
        self._show_plane()

    @property
    def legend(self) -> list[Series]:
        """Return what is drawn, the paths of other runs too."""
        return super().legend + [Series(each.look, each.name) for each in self._overlays]

    def stand_alone(self) -> None:
        """Move no start, and do not say how to."""
        super().stand_alone()
        self._handle.was_used = True

    def _make_options(self) -> None:
        self.pairs = PairChooser()
        self.pairs.committed.connect(self.set_pair)
        options = HeldOptions()
        self._held_options, self.holds = options, options.holds
        options.holds.committed.connect(self._on_held_chosen)
        options.field.committed.connect(self._on_typed)
        self.equal: QToolButton = small_button(tr("1:1"), tr("The same scale on both axes"))
        self.equal.setCheckable(True)
        self.equal.toggled.connect(lambda on: self.canvas.keep_square(square=on))
        self.equal.clicked.connect(self.choose_equal)
        for option in (self.pairs, options.holds, options.field, self.equal):
            self.add_option(option)

    def _make_by_hand(self) -> "PointsByHand":
        from linreg_gui.plots.landscape_guesses import PointsByHand  # noqa: PLC0415 - after first paint

        by_hand = PointsByHand(self.canvas, self.names)
        by_hand.moved.connect(self._place_guess)
        self.add_to_legend(by_hand.mine)
        return by_hand

    def _draw_by_hand(self, run: Run) -> None:
        """Mark the lines drawn by hand that have as many parameters as the run."""
        if self._by_hand is None:
            return
        size, coordinates = run.dataset.dimension + 1, self.coordinates_of(run)
        kept = {
            each: coordinates.of_measured(each.parameters)
            for each in self.guesses.kept
            if len(each.parameters) == size
        }
        self._by_hand.show_places(self.mine, kept, self.pair, has_grip=self.has_grips)

    def _moves_slice(self, former: DoubleArray | None, mine: DoubleArray | None) -> bool:
        """Return whether a move of the line in hand moves the slice: by what is on no axis."""
        others = self._others()
        if former is None or mine is None or len(former) != len(mine):
            return True
        # In standardized units the bias depends on every weight.
        is_other_units = self.run is not None and self.coordinates_of(self.run).scaling is not None
        return is_other_units or not np.array_equal(former[others], mine[others])

    def _hide_solution(self) -> None:
        """Show contours, least squares and true parameters, or hide them while a class guesses."""
        are_shown = not self.guesses.hides_solution
        run = self.run
        is_known = run is None or run.dataset.true_parameters is not None
        self.contours.setVisible(are_shown)
        self.offer(self.optimum, offered=are_shown)
        self._marks.edited.set_visible(are_shown)
        self.offer(self.truth, offered=are_shown and is_known)

    @Slot(float, float)
    def _place_guess(self, x: float, y: float) -> None:
        """Report the line in hand with these values of the two parameters on the axes."""
        run, mine, here = self.run, self.guesses.mine, self.mine
        if run is None or mine is None or here is None:
            return
        spans = [high - low for low, high in (self.canvas.x_range, self.canvas.y_range)]
        wanted, scaling = mine.copy(), self.coordinates_of(run).scaling
        for index, value in start_at((x, y), self.pair, here, scaling, spans).items():
            wanted[index] = value
        self.guess_moved.emit(wanted)

    def _show_plane(self) -> None:
        self._arrange_plane()
        self.redraw()

    def _arrange_plane(self, *, holds_still: bool = False) -> None:
        run = self.run
        self._show_held()
        self._draw_gradients()
        if run is None:
            self.pairs.hide()
            self.contours.show_slice(None)
            self._marks.clear()
            self.names.show_names([])
            self.announcement.announce("")
            self.set_note("")
            return
        self.pairs.set_value(self.pair)
        self.set_axis_labels(*self._axis_names(run))
        self._drawn = np.full((2, run.dataset.dimension + 1), math.inf)
        if not holds_still:
            coordinates = self.coordinates_of(run)
            optimum = coordinates.landscape.optimum
            truth = coordinates.true_parameters or tuple(optimum)
            points = np.array([self.parameters_at(run, 0), optimum, truth])
            self._range.begin(points[:, self.pair].T)
            self.equal.setChecked(
                self._range.is_readable_square if self._equal is None else self._equal
            )
            self._update_range(run)
            self.canvas.fit()
        self._draw_contours()

    def _show_held(self) -> None:
        names = () if self.run is None else self.run.parameter_names()
        others = [names[index] for index in self._others()]
        has_mine = self.mine is not None
        if self.held is Held.MINE and not has_mine:
            self.held = Held.OPTIMUM
        self._held_options.show_choice(others, self.held, self.typed, has_mine=has_mine)

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
        mine = self.mine
        match self.held:
            case Held.NOW:
                return self._now(run)
            case Held.MINE if mine is not None:
                return mine
            case Held.TYPED:
                return np.full(run.dataset.dimension + 1, self.typed)
        return self._landscapes(run)[0].optimum  # also until the end of a line in hand is told

    def _draw_contours(self) -> None:
        run = self.run
        if run is not None:
            landscape, _ = self._landscapes(run)
            self._contoured = landscape
            self.contours.show_slice(landscape.slice(self.pair, self._held_parameters(run)))

    def _draw_path(self, path: Path, run: Run, units: ParameterMap) -> None:
        last = self.shown_step if self.grows and path is self.path else None
        pixel = self.canvas.pixel
        path.set_points(*path.thinner.points(run.history, units, self.pair, pixel, last))

    def _move_starts(self, run: Run) -> None:
        """Show where the run starts, and where it would start now."""
        self._marks.show_starts(
            self.pair,
            self.parameters_at(run, 0),
            self._wanted_start(run),
            has_begun=run.history.step > 0,
            pixel=self.canvas.pixel,
        )

    def _wanted_start(self, run: Run) -> DoubleArray:
        """Return the start that a person wants next; the run's if nothing else is known."""
        wanted = self.parameters_at(run, 0).astype(np.float64)
        what_if = self._what_if
        if what_if is not None and what_if.run.dataset.dimension == run.dataset.dimension:
            units = what_if.units_in(self.coordinates_of(run))
            wanted = map_parameters(units, what_if.run.history.start).astype(np.float64)
        if self._chosen is not None:
            wanted[list(self.pair)] = self._chosen
        return wanted

    @property
    def _what_if(self) -> Overlay | None:
        return next((overlay for overlay in self._overlays if overlay.is_what_if), None)

    def _draw_gradients(self) -> None:
        """Draw the arrows of the highlighted step; a minibatch of all the examples has one."""
        run, trace, arrows = self.run, self.trace_of(self.run), self.arrows
        has_rest = False
        if run is not None and trace is not None:
            coordinates = self.coordinates_of(run)
            arrows.show_gradients(run.problem, trace, coordinates, self.pair)
            has_rest = trace.size < run.dataset.size
            words = arrow_words(trace, coordinates, has_rest=has_rest)
            for arrow, (long, short) in zip(arrows.series, words, strict=True):
                self.rename(arrow, long, short)
        self.offer(arrows.minibatch, offered=trace is not None)
        self.offer(arrows.full, offered=has_rest)

    def _name_places(self) -> None:
        """Write the names of everything that is drawn; the most important ones come first."""
        if self.run is None or not has_room_for_names(self.canvas):
            self.names.show_names([])
            return
        is_at_start = self.shown_step == 0 or not self.run.history.step
        names = self._marks.names(was_moved=self._handle.was_used, is_at_start=is_at_start)
        if self._by_hand is not None:
            names = self._by_hand.names() + names
        if self.trace_of(self.run) is not None:
            names += self.arrows.names()
        for overlay, path in self._overlays.items():
            end = path.visible_end(self.canvas.x_range, self.canvas.y_range)
            names.append(PlaceName(path, *end, overlay.name, merges=False))
        self.names.keep_clear((), [area for _, area in self.announcement.written()])
        self.names.show_names(names)

    def _update_range(self, run: Run) -> None:
        """Show start, optimum, truth, guesses, the run's way, and first turns of explosions."""
        self._range.follow(self.path.points, is_complete=run.is_complete)
        by_hand = [] if self._by_hand is None else self._by_hand.places
        paths = [path.points for path in (self.path, *self.others.series) if path.visible]
        self.canvas.set_automatic_range(*self._range.holding(paths, by_hand))

    def _shows(self, parameters: FloatArray) -> bool:
        """Return whether these parameters are inside the visible range."""
        (left, right), (low, high) = self.canvas.x_range, self.canvas.y_range
        x, y = parameters[list(self.pair)].tolist()
        return bool(left <= x <= right and low <= y <= high)

    def _describe(self, run: Run) -> str:
        if self.guesses.hides_solution:
            return tr("The contours are hidden, like least squares: they would give it away.")
        others, names, at = self._others(), run.parameter_names(), self._held_parameters(run)
        if not self._shows(self._now(run)):
            return tr("The path is outside the picture now.")
        if not others:
            return whole_note(run, self.coordinates_of(run))
        return slice_note([names[index] for index in others], at[others].tolist(), self.held)

    def summary_of(self, run: Run) -> str:
        """Say with numbers what the picture shows now."""
        at, names = self.step_of(run), self._axis_names(run)
        coordinates = self.coordinates_of(run)
        sentence = landscape_summary(
            run, coordinates, self.pair, at, names, hides_solution=self.guesses.hides_solution
        )
        return paragraph(sentence, *guess_words(self.guesses, run))

    def _axis_names(self, run: Run) -> tuple[str, str]:
        x, y = (self.in_words(run.parameter_names()[index]) for index in self.pair)
        return x, y

    @Slot(object)
    def _on_held_chosen(self, held: Held) -> None:
        typed, others = None, self._others()
        if held is Held.TYPED and self.run is not None and others:
            typed = round_to(self._now(self.run)[others[0]], 4)
        self.set_held(held, typed)

    @Slot(bool)
    def choose_equal(self, on: bool) -> None:
        """Give both axes the same scale, or not, from now on."""
        self._equal = on
        self.equal.setChecked(on)

    @Slot(object)
    def _on_typed(self, value: float) -> None:
        self.set_held(Held.TYPED, value)

    @Slot(float, float)
    def place_start(self, x: float, y: float) -> None:
        """Ask for a run that starts at this place of the picture."""
        if self.run is not None:
            start = self._wanted_start(self.run)
            self._chosen = x, y
            self._move_starts(self.run)
            self._name_places()
            spans = [high - low for low, high in (self.canvas.x_range, self.canvas.y_range)]
            scaling = self.coordinates_of(self.run).scaling
            self.start_chosen.emit(start_at((x, y), self.pair, start, scaling, spans))

    def _forget_chosen(self) -> None:
        """Follow the runs again: they have the chosen start, unless the mouse still moves it."""
        if not self.canvas.is_gripping:
            self._chosen = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the start with Shift and the arrow keys; the window has all the other keys."""
        if not self._handle.handle_key(event):
            super().keyPressEvent(event)
