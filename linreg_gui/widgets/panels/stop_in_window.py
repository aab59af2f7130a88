"""What a stop of the guide wants in the window around it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from linreg_gui.anatomy.step_trace import Phase
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import Highlight, WindowWishes
from linreg_gui.runs.states import RunState

if TYPE_CHECKING:
    from linreg_gui.widgets.session import Session

_PHASES = {Highlight.MINIBATCH: Phase.TAKE, Highlight.GRADIENT: Phase.BACKWARD}


class StopInWindow(QObject):
    """Asks the window, through the session, for the pictures and settings that a stop names."""

    def __init__(self, session: "Session", parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._stop: WindowWishes | None = None
        # Queued: the inspector looks at the start of a new run first.
        session.controller.run_prepared.connect(
            self._highlight_first_step, Qt.ConnectionType.QueuedConnection
        )

    @Slot(object)
    def enter(self, stop: WindowWishes) -> None:
        """Ask for what ``stop`` wants to be in sight."""
        self._stop = stop
        session = self._session
        if stop.stage is not None:
            session.picture_wanted.emit(stop.stage.picture)
            if stop.stage.view:
                session.view_wanted.emit(stop.stage)
        if stop.settings:
            session.settings_wanted.emit(stop.settings)
        session.highlight_minibatch(self, stop.highlight is not None)
        if stop.predicts or session.is_predicting:
            session.predict_first.ask(*(stop.predicts or Topic))
            session.predict_first.watch(self, wanted=bool(stop.predicts))
        self._highlight_first_step()

    @Slot()
    def leave(self) -> None:
        """Leave the pictures as they were."""
        self._stop = None
        self._session.highlight_minibatch(self, wanted=False)
        if self._session.is_predicting:
            self._session.predict_first.watch(self, wanted=False)

    @Slot()
    def _highlight_first_step(self) -> None:
        """Look into the first step of a run that has made none: else there is nothing to show."""
        session, stop = self._session, self._stop
        if stop is None or stop.highlight is None:
            return
        is_at_start = session.inspector.step == 0 and session.controller.state is RunState.READY
        if is_at_start and session.controller.current_run is not None:
            session.inspector.go_to_phase(_PHASES[stop.highlight])
