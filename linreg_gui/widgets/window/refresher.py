"""When the pictures and numbers are brought up to date."""

import itertools
import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from linreg_gui.plots.card import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.overlaid_runs import OverlaidRuns

FRAMES_PER_READOUT = 4
"""Nobody reads digits that change more often than this many frames."""


class Refresher(QObject):
    """Keeps the pictures, and in between the numbers, at the moment of the playhead. GUI thread.

    While steps arrive each picture is drawn 60 times a second, in turn.

    Attributes
    ----------
    overlaid_runs : OverlaidRuns
        The other runs in the pictures.
    """

    def __init__(self, session: Session, pictures: Sequence[RunPlot]) -> None:
        super().__init__(session)
        self._session = session
        self._pictures = pictures
        self.overlaid_runs = OverlaidRuns(session, pictures)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refresh_next)
        self._due = 0.0
        self._seconds_apart = 1 / 60 / (len(pictures) + 1 / FRAMES_PER_READOUT)
        self._views = itertools.cycle(
            [partial(self._refresh_picture, picture) for picture in pictures] * FRAMES_PER_READOUT
            + [session.numbers_due.emit]
        )
        self._views_left = 0
        session.controller.run_prepared.connect(self._on_run_prepared)
        session.controller.run_progressed.connect(self._on_run_progressed)
        session.controller.state_changed.connect(self._redraw_if_halted)
        session.playhead.moved.connect(self._start)
        session.minibatch_changed.connect(self._show_minibatch)
        for picture in pictures:
            picture.start_chosen.connect(session.controller.move_start)

    def refresh_all(self) -> None:
        """Bring every picture and number up to date at once."""
        self.overlaid_runs.show_all()
        for picture in self._pictures:
            self._refresh_picture(picture)
        self._session.numbers_due.emit()

    def stop(self) -> None:
        """Leave everything as it is: the window closes."""
        self._timer.stop()
        self.overlaid_runs.stop()

    @Slot(bool)
    def show_standardized(self, standardized: bool) -> None:
        """Draw the pictures in the units of standardized features, or of the data."""
        for picture in self._pictures:
            picture.show_standardized(standardized=standardized)
        self.refresh_all()

    def _refresh_picture(self, picture: RunPlot) -> None:
        picture.show_step(self._session.playhead.step)
        picture.refresh()

    @Slot()
    def _start(self) -> None:
        self._views_left = len(self._pictures) * FRAMES_PER_READOUT + 1
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
            self._due = max(self._due + self._seconds_apart, now - self._seconds_apart)
            self._timer.start(max(0, round((self._due - now) * 1000)))

    @Slot()
    def _on_run_prepared(self) -> None:
        for picture in self._pictures:
            picture.show_run(self._session.controller.run)

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        self._redraw_if_halted()
        self._start()

    @Slot()
    def _redraw_if_halted(self) -> None:
        """Draw the last steps before a halt, even if they change too little to be seen."""
        if self._session.controller.state is not RunState.RUNNING:
            for picture in self._pictures:
                picture.redraw()

    @Slot()
    def _show_minibatch(self) -> None:
        for picture in self._pictures:
            picture.show_minibatch(self._session.minibatch)
