"""A picture of a run, as the window knows it, and the runs that are drawn over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent

from linreg_gui.analysis.coordinates import Coordinates, ParameterMap
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.controls import mini_button
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.plots.card import Form, PlotCard
from linreg_gui.plots.choices import Choice, Choices
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.series import Look, Series
from linreg_gui.runs.guess import NO_GUESSES, ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.guide.run_prediction import DrawnPrediction
    from linreg_gui.threads.points import PointsOnShow


_LEAST_FOR_NOTE = 320
"""Two pictures side by side are lower than one alone, and must leave out the same."""


@dataclass(eq=False)
class Overlay:
    """Another run drawn over the current one: a what-if run or a kept run.

    Attributes
    ----------
    run : Run
        Its history is drawn, as far as it goes.
    look : callable
        Returns color and line style of its loss curve and of its path in the landscape.
    is_what_if : bool
        Whether it shows the effect of changed settings. Its parameters then keep their own colors;
        those of a kept run have the color of the run.
    name : str
        The words for it on the picture.
    """

    run: Run
    look: Look
    is_what_if: bool = False
    name: str = ""

    @property
    def diverged_at(self) -> int | None:
        """Return the step at which the run diverged; None if it has not, or not yet."""
        return self.run.diverged_at

    def units_in(self, coordinates: Coordinates) -> ParameterMap:
        """Return the map from the run's trained parameters to ``coordinates``."""
        return coordinates.from_run(self.run.problem.original)


@dataclass(frozen=True, eq=False)
class PointMove:
    """A person moves examples.

    Attributes
    ----------
    places : ndarray of int
        Where they stand among all examples, ascending.
    shift : tuple of float
        How far since the move began: each feature, then the target, in the units of the data.
    begins : bool
        Whether this is the first of a series of moves that belong together.
    """

    places: npt.NDArray[np.int64]
    shift: tuple[float, ...]
    begins: bool


class RunPlot(PlotCard):
    """A picture of a run, as the window knows it. GUI thread.

    The picture reads the run's history when it draws, and keeps no number of it. A subclass draws
    in `begin_run`, `refresh` and `redraw`; whatever else it does not need does nothing.

    Attributes
    ----------
    name : str
        The key of the picture. It never changes.
    run : Run or None
        The run on show.
    shown_step : int or None
        The step on show, 0 for the start; None follows the run.
    trace : StepTrace or None
        The step whose minibatch is highlighted if it is a step of this run.
    guesses : ShownGuesses
        The lines drawn by hand.
    shows_standardized : bool
        Whether the picture uses the units of standardized features, not those of the data.
    stands_alone : bool
        Whether it has no place on a stage.
    grows : bool
        Whether its curves go no farther than the step on show, as in an animation.

    Signals
    -------
    start_chosen(dict of int to float)
        A person has chosen where the run starts: the value of each of these parameters.
    examples_picked(ndarray of int, bool)
        A person picks the examples at these places; True if they join those picked before.
    guess_moved(ndarray)
        A person has moved the line in hand: its parameters, in the units of the data.
    predicted(dict of str to object)
        A person has predicted something here: these fields of a `RunPrediction`.
    points_moved(PointMove)
        A person moves examples.
    point_added(tuple of float, float)
        A person adds an example with these features and this target, in the units of the data.
    point_withdrawn()
        A person did not mean to add the last point.
    points_removed(ndarray of int)
        A person removes the examples at these places.
    stage_wanted(RunPlot)
        A person has chosen this thumbnail.
    maximize_wanted(RunPlot)
        A person has double-clicked the title, or used the button in the corner.
    menu_wanted(RunPlot, QPoint)
        A person wants the menu of this picture, at this place on the screen.
    """

    name: ClassVar[str]
    start_chosen = Signal(object)
    examples_picked = Signal(object, bool)
    guess_moved = Signal(object)
    predicted = Signal(object)
    points_moved = Signal(object)
    point_added = Signal(object, float)
    point_withdrawn = Signal()
    points_removed = Signal(object)
    stage_wanted = Signal(object)
    maximize_wanted = Signal(object)
    menu_wanted = Signal(object, object)
    shows_standardized = stands_alone = grows = False
    guesses: ShownGuesses = NO_GUESSES
    run: Run | None = None
    shown_step: int | None = None
    trace: "StepTrace | None" = None

    def __init__(self, title: str, x_label: str, y_label: str, theme: Theme) -> None:
        super().__init__(title, x_label, y_label, theme)
        self.set_empty(is_empty=True)
        self._maximize = mini_button(tr("Maximize, or show the other pictures again"))
        self._maximize.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key
        self._maximize.clicked.connect(self._on_maximize_clicked)
        self.add_corner(self._maximize)
        self.canvas.view.menu_wanted.connect(self._on_menu_wanted)
        self._is_changing = True  # until the first run, and from one to the next
        self.canvas.view_changed.connect(self._on_view_changed)
        self.canvas.focused.connect(self.update_description)
        self.setWhatsThis(self.explanation())
        self._show_icon()
        theme.changed.connect(self._show_icon)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return self.title

    def set_form(self, form: Form) -> None:
        """Show all of the card, or only what a thumbnail needs."""
        super().set_form(form)
        self._maximize.setVisible(not self.is_thumbnail)
        self.setFocusPolicy(
            Qt.FocusPolicy.TabFocus if self.is_thumbnail else Qt.FocusPolicy.NoFocus
        )
        if self.is_thumbnail:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            set_tip(self, tr("Click to see {title} large").format(title=self.title))
        else:
            self.unsetCursor()
            set_tip(self, "")

    def show_run(self, run: Run | None) -> None:
        """Show ``run``, or an empty picture.

        Another run is followed to its newest step. The same one in another view is not.
        """
        self._is_changing = True
        former, self.run = self.run, run
        self.set_empty(is_empty=run is None)
        if run is not former:
            self.shown_step = None
        try:
            self.begin_run(former)
        finally:
            self._is_changing = False
        self.redraw()

    def begin_run(self, former: Run | None) -> None:
        """Prepare everything for the run that follows ``former``; it is drawn later."""

    @Slot()
    def _on_view_changed(self) -> None:
        """Draw again, unless a part of the last run is still here: a legend may make room."""
        if not self._is_changing:
            self.redraw()

    def refresh(self) -> None:
        """Draw the changes that are large enough to see."""

    def redraw(self) -> None:
        """Draw everything again: the run has halted, so even the smallest change counts."""

    def show_step(self, step: int | None) -> None:
        """Show the run after ``step``, 0 for the start; None follows the run."""

    def show_overlays(self, overlays: Sequence[Overlay], note: str) -> None:
        """Draw exactly the runs of ``overlays`` over this one; ``note`` describes them."""

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Highlight the minibatch of a step; None removes the highlight."""

    def show_picked(self, places: npt.NDArray[np.int64]) -> None:
        """Light exactly the examples that stand at ``places`` among all of them, ascending."""

    def show_points(self, points: "PointsOnShow | None") -> None:
        """Show examples that a person edits; None shows those of the run again."""

    def table(self) -> PictureTable:
        """Return the numbers that the picture draws now, some thousand rows at most."""
        return PictureTable() if self.run is None else self.table_of(self.run)

    def table_of(self, _run: Run) -> PictureTable:
        """Return the numbers that it draws of the run on show."""
        return PictureTable()

    def show_example(self, features: tuple[float, ...] | None) -> None:
        """Show an example that a person has typed, as measured; None removes it."""

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Show lines drawn by hand, and hide the answers if they say so."""
        self.guesses = guesses

    def show_prediction(self, drawn: "DrawnPrediction | None") -> None:
        """Draw what a person expects of the run, and what happened; None removes it."""

    def show_view(self, view: str) -> None:
        """Show the view of this name, if the picture has several."""

    @property
    def choices(self) -> Choices:
        """Return what a person chooses in the picture: which series, and how near it is."""
        return {
            "hidden": Choice(self._hidden, self._hide),
            "zoom": Choice(self._zoom, self._show_zoom),
        }

    def _hidden(self) -> list[str]:
        return [name for name, each in self._series.items() if self.is_hidden(each)]

    def _hide(self, names: Sequence[str]) -> None:
        for name, series in self._series.items():
            if (name in names) != self.is_hidden(series):
                self.entry_of(series).setChecked(name not in names)

    @property
    def _series(self) -> dict[str, Series]:
        """Return the series that have names of their own in the program."""
        return {name: each for name, each in vars(self).items() if isinstance(each, Series)}

    def _zoom(self) -> list[list[float]] | None:
        canvas = self.canvas
        return [[*canvas.x_range], [*canvas.y_range]] if canvas.is_zoomed else None

    def _show_zoom(self, ranges: Sequence[Sequence[float]] | None) -> None:
        if ranges is None:
            self.canvas.fit()
            return
        (left, right), (low, high) = (map(float, each) for each in ranges)
        if not (left < right and low < high):
            raise ValueError
        self.canvas.show_chosen_range((left, right), (low, high))

    def lead(self, other: "RunPlot") -> None:
        """Choose in ``other``, a picture of the same class, whatever a person chooses here."""

    def look_like(self, other: Self) -> None:
        """Show from now on what ``other`` shows: the same run, looked at in the same way."""
        self.stand_alone()
        self.shows_standardized = other.shows_standardized
        self.take_view(other)
        self.show_step(other.shown_step)
        self.show_minibatch(other.trace)
        self.show_guesses(other.guesses)
        self._legend.hide_all(other._legend.hidden)
        self.keep_range(other)

    def take_view(self, other: Self) -> None:
        """Show the run of ``other``, with the same axes, and what is drawn over it."""
        self.show_run(other.run)

    def keep_range(self, other: Self) -> None:
        """Show the range of ``other``, which depends on all that it has shown so far."""
        self.canvas.shares = lambda: self.canvas.look_like(other.canvas)
        self.canvas.shares()

    @property
    def legend(self) -> list[Series]:
        """Return what the legend names of all that is drawn now."""
        return [series for series in self._legend.shown if series.name]

    @property
    def has_grips(self) -> bool:
        """Return whether a hand can take hold of what it has drawn."""
        return not self.is_thumbnail and not self.stands_alone

    def stand_alone(self) -> None:
        """Have no place on a stage: the picture is not maximized, moves no start, picks nothing."""
        self.stands_alone = True
        self._maximize.hide()
        self.least_height_for_note = _LEAST_FOR_NOTE
        self.canvas.takes_bands = False
        self.canvas.grips = lambda _place: False
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words = tr("Drag to move the picture. The wheel zooms; a double click fits.")
        set_tip(self.canvas, words)

    def show_standardized(self, *, standardized: bool) -> None:
        """Change the units of the picture."""
        self.shows_standardized = standardized
        self.show_run(self.run)

    def summary(self) -> str:
        """Say what the picture shows now, with numbers, for people who cannot see it."""
        return self.accessibleName() if self.run is None else self.summary_of(self.run)

    def summary_of(self, _run: Run) -> str:
        """Say what it shows of the run on show."""
        return self.accessibleName()

    def set_note(self, text: str) -> None:
        """Show ``text`` under the title, after the units if they are not those of the data."""
        if self.shows_standardized:
            text = tr("Standardized units. {note}").format(note=text)
        super().set_note(text)

    def in_words(self, quantity: str) -> str:
        """Return the name of a feature or parameter, with its units if they need a word."""
        return standardized_words(quantity) if self.shows_standardized else quantity

    def coordinates_of(self, run: Run) -> Coordinates:
        """Return the coordinates of ``run`` in the units of the picture."""
        return run.problem.standardized if self.shows_standardized else run.problem.original

    @property
    def mine(self) -> DoubleArray | None:
        """Return the line in hand in the units of the picture, if it is one for this run."""
        run, mine = self.run, self.guesses.mine
        if run is None or mine is None or len(mine) != run.dataset.dimension + 1:
            return None
        return self.coordinates_of(run).of_measured(mine)

    def parameters_at(self, run: Run, step: int | None = None) -> FloatArray:
        """Return the parameters of ``run`` after ``step`` in the units of the picture.

        Step 0 is the start; None is the newest step.
        """
        history = run.history
        trained = history.current_parameters if step is None else history.parameters_at(step)
        return self.coordinates_of(run).parameters(trained)

    def step_of(self, run: Run) -> int:
        """Return the step of ``run`` on show."""
        return run.history.step if self.shown_step is None else self.shown_step

    @Slot()
    def update_description(self) -> None:
        """Describe the picture, as it is now, to people who cannot see it."""
        self.set_description(self.summary())

    def trace_of(self, run: Run | None) -> "StepTrace | None":
        """Return `trace` if it is a step of ``run``."""
        trace = self.trace
        is_own = run is not None and trace is not None and trace.run_number == run.number
        return trace if is_own else None

    @Slot()
    def _show_icon(self) -> None:
        self._maximize.setIcon(self._theme.icon("maximize"))

    @Slot()
    def _on_maximize_clicked(self) -> None:
        self.maximize_wanted.emit(self)

    @Slot(object)
    def _on_menu_wanted(self, place: QPoint) -> None:
        self.menu_wanted.emit(self, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Come to the stage."""
        if self.is_thumbnail and event.button() == Qt.MouseButton.LeftButton:
            self.stage_wanted.emit(self)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to be alone; only the title gets here, because the canvas keeps its own clicks."""
        if not self.is_thumbnail and event.button() == Qt.MouseButton.LeftButton:
            self.maximize_wanted.emit(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Describe the picture as it is now."""
        super().focusInEvent(event)
        self.update_description()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Come to the stage with Enter, and keep the focus there."""
        if self.is_thumbnail and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.stage_wanted.emit(self)
            self.canvas.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu; over the canvas a drag of the right button must not open it."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        if self.is_thumbnail or not (by_mouse and self.canvas.underMouse()):
            self.menu_wanted.emit(self, event.globalPos())


def standardized_words(quantity: str) -> str:
    """Return the name of a feature or parameter in standardized units."""
    return tr("{quantity} (standardized)").format(quantity=quantity)
