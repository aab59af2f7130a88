"""When the pictures and numbers are brought up to date."""

import itertools
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from linreg_gui.look.palette import Palette
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.texts import shortened, tr
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.stage import Stage

_MOST_LETTERS = 18
"""Of the title of a run, in a picture."""
_FRAMES_PER_READOUT = 4
"""Nobody reads digits that change more often than this many frames."""

_SECONDS_APART = 1 / 120


class Refresher(QObject):
    """Keeps the pictures, and in between the numbers, at the moment of the playhead. GUI thread.

    While steps arrive the picture on the stage is drawn 60 times a second, and in between one of
    the others in turn. Pictures out of sight wait until they are seen. When all change at once,
    each is painted in a turn of the event loop of its own, and so the runs that are drawn over the
    current one go to one picture in each turn. Mouse and keyboard are served in between.

    Attributes
    ----------
    overlays : dict of Run to Overlay
        The what-if run and the kept runs that are drawn, or will be in a moment.
    """

    def __init__(self, session: Session, stage: Stage) -> None:
        super().__init__(session)
        self._session = session
        self._stage = stage
        self._in_sight = stage.visible_pictures
        self.overlays: dict[Run, Overlay] = {}
        self._without_overlays: list[RunPlot] = []
        self._note = ""
        self._hides_solution = False
        self._overlay_timer = QTimer(self)
        self._overlay_timer.timeout.connect(self._show_next_overlays)
        self._unpainted: list[RunPlot] = []
        self._paint_timer = QTimer(self)
        self._paint_timer.timeout.connect(self._paint_next)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._refresh_next)
        self._due = 0.0
        self._arrange_turns()
        session.controller.run_prepared.connect(self.show_run)
        session.controller.run_progressed.connect(self._on_run_progressed)
        session.controller.state_changed.connect(self._redraw_if_halted)
        session.playhead.moved.connect(self._start)
        session.minibatch_changed.connect(self._show_minibatch)
        session.picks_changed.connect(self._show_picked)
        session.points_changed.connect(self._show_points)
        session.what_if.changed.connect(self._find_overlays)
        session.kept_runs.changed.connect(self._find_overlays)
        session.guesses_changed.connect(self._show_guesses)
        session.answers_hidden.connect(self._find_overlays)
        stage.arranged.connect(self._on_arranged)

    def follow(self, picture: RunPlot) -> None:
        """Do what a person does in ``picture``, and show there what they type elsewhere."""
        picture.start_chosen.connect(self._session.controller.move_start)
        picture.examples_picked.connect(self._session.pick)
        picture.guess_moved.connect(self._session.move_guess)
        picture.predicted.connect(self._session.predict)
        picture.points_moved.connect(self._session.move_points)
        picture.point_added.connect(self._session.add_point)
        picture.point_withdrawn.connect(self._session.withdraw_point)
        picture.points_removed.connect(self._session.remove_points)
        self._session.example_changed.connect(picture.show_example)
        self._session.prediction_changed.connect(picture.show_prediction)

    def refresh_all(self) -> None:
        """Bring every picture and number up to date at once."""
        while self._without_overlays:
            self._show_next_overlays()
        for picture in self._stage.visible_pictures:
            self._refresh_picture(picture)
        while self._unpainted:
            self._paint_next()
        self._session.numbers_due.emit()

    def stop(self) -> None:
        """Leave everything as it is: the window closes."""
        self._timer.stop()
        self._overlay_timer.stop()
        while self._unpainted:
            self._paint_next()

    @Slot(bool)
    def show_standardized(self, standardized: bool) -> None:
        """Draw the pictures in the units of standardized features, or of the data."""
        for picture in self._stage.pictures:
            picture.show_standardized(standardized=standardized)
        if self._stage.cover is not None:
            self._stage.cover.show_units()
        self.refresh_all()

    def _arrange_turns(self) -> None:
        """Make a timetable: every other turn is the stage's, the rest is shared by all others."""
        stage, *others = [
            partial(self._refresh_picture, picture) for picture in self._stage.visible_pictures
        ]
        between: list[Callable[[], None]] = [*others, *others]
        between += [_rest] * (_FRAMES_PER_READOUT - len(between))
        turns: list[Callable[[], None]] = [turn for each in between for turn in (stage, each)]
        turns[-1] = partial(self._refresh_numbers_after, turns[-1])
        self._turns = self._views_left = len(turns)  # those that waited still get theirs
        self._views = itertools.cycle(turns)

    @Slot()
    def _on_arranged(self) -> None:
        """Draw the pictures that have come into sight. In a new size they draw themselves."""
        visible = self._stage.visible_pictures
        if visible == self._in_sight:
            return
        for picture in set(self._in_sight) - set(visible):
            picture.show_overlays([], "")  # they would keep runs alive that nobody sees
        self._in_sight = visible
        self._arrange_turns()
        if self._session.controller.run is not None:
            self._show_guesses()
            self._show_points()
            for picture in self._in_sight:
                picture.show_step(self._session.playhead.step)
                picture.redraw()
        self._find_overlays()

    def _refresh_picture(self, picture: RunPlot) -> None:
        picture.show_step(self._session.playhead.step)
        picture.refresh()

    def _refresh_numbers_after(self, turn: Callable[[], None]) -> None:
        """Refresh the numbers in the turn of a picture: they take little of it."""
        turn()
        self._session.numbers_due.emit()

    @Slot()
    def _start(self) -> None:
        self._views_left = self._turns
        if not self._timer.isActive():
            self._due = time.perf_counter()
            self._timer.start(0)

    @Slot()
    def _refresh_next(self) -> None:
        """Refresh one view only: a click between two of them need not wait for both."""
        next(self._views)()
        self._views_left -= 1
        if self._views_left:
            # The timetable is fixed. A small delay is made up for, a larger one is not.
            now = time.perf_counter()
            self._due = max(self._due + _SECONDS_APART, now - _SECONDS_APART)
            self._timer.start(max(0, round((self._due - now) * 1000)))

    @Slot()
    def _find_overlays(self) -> None:
        former = self.overlays
        # The end of a what-if run is nearly least squares.
        hidden = self._session.hides_answers or self._hides_solution
        over = self._session.kept_runs.over()
        self.overlays = {
            kept.run: former.get(kept.run)
            or Overlay(kept.run, partial(Palette.run, index=kept.color_index))
            for kept in over
        }
        for kept in over:
            self.overlays[kept.run].name = shortened(kept.title, _MOST_LETTERS)
        run = None if hidden else self._session.what_if.run
        if run is not None and self._is_comparable(run):
            self.overlays[run] = former.get(run) or Overlay(
                run, lambda palette: palette.what_if, is_what_if=True, name=tr("what if")
            )
        self._note = "" if hidden else self._session.what_if.sentence()
        if run is not None and run not in self.overlays:
            self._note = tr("Runs with other features are not drawn over this one.")
        # Those that still wait come first, so that none waits while a hand moves fast.
        visible = self._stage.visible_pictures
        waiting = [picture for picture in self._without_overlays if picture in visible]
        self._without_overlays = waiting + [each for each in visible if each not in waiting]
        self._overlay_timer.start()

    def _is_comparable(self, run: Run) -> bool:
        """Return whether ``run`` can be drawn over the one on screen."""
        shown = self._session.controller.run
        return (
            shown is not None
            and run.config.origin is shown.config.origin
            and run.dataset.feature_names == shown.dataset.feature_names
        )

    @Slot()
    def _show_next_overlays(self) -> None:
        self._without_overlays.pop(0).show_overlays(list(self.overlays.values()), self._note)
        if not self._without_overlays:
            self._overlay_timer.stop()

    @Slot()
    def show_run(self) -> None:
        """Show the run of now from its beginning."""
        run = self._session.controller.run
        for picture in self._stage.pictures:
            if picture.run is not None and not self._is_comparable(picture.run):
                picture.show_overlays([], "")  # those of the former problem
                picture.show_prediction(None)
            picture.show_run(run)
        self._paint_in_turn()

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        self._redraw_if_halted()
        self._start()

    @Slot()
    def _redraw_if_halted(self) -> None:
        """Draw the last steps before a halt, even if they change too little to be seen."""
        if self._session.controller.state is not RunState.RUNNING:
            for picture in self._stage.visible_pictures:
                picture.redraw()
            self._paint_in_turn()

    def _paint_in_turn(self) -> None:
        """Let the stage be painted now, and the others in later turns of the event loop."""
        waiting = [each for each in self._stage.visible_pictures[1:] if each not in self._unpainted]
        for picture in waiting:
            picture.canvas.setUpdatesEnabled(False)
        self._unpainted += waiting
        self._paint_timer.start()

    @Slot()
    def _paint_next(self) -> None:
        if self._unpainted:
            self._unpainted.pop(0).canvas.setUpdatesEnabled(True)
        else:
            self._paint_timer.stop()

    @Slot()
    def _show_guesses(self) -> None:
        """Show the lines drawn by hand in the pictures that are seen, at once: a hand moves."""
        shown = self._session.shown_guesses
        for picture in self._stage.visible_pictures:
            picture.show_guesses(shown)
        if shown.hides_solution != self._hides_solution:
            self._hides_solution = shown.hides_solution
            self._find_overlays()

    @Slot()
    def _show_minibatch(self) -> None:
        for picture in self._stage.pictures:
            picture.show_minibatch(self._session.minibatch)

    @Slot()
    def _show_points(self) -> None:
        points = self._session.points_on_show
        for picture in self._stage.visible_pictures:
            picture.show_points(points)

    @Slot()
    def _show_picked(self) -> None:
        for picture in self._stage.pictures:
            picture.show_picked(self._session.brush.places)


def _rest() -> None:
    """Use up a turn that no view needs."""
