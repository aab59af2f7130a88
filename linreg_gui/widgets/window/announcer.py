"""What people hear of the run and the pictures who cannot see them."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from linreg_gui.look.speech import announce
from linreg_gui.number_text import significant, whole
from linreg_gui.runs.states import RunState, state_words
from linreg_gui.texts import tr
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.stage import Stage

_SETTLED_MILLISECONDS = 150
"""Nothing is said before all has stood still for this time, so that little is said."""

_URGENT = {RunState.DIVERGED, RunState.FAILED, RunState.UNAVAILABLE}


class Announcer(QObject):
    """Announces each change of the run's state, and the picture that comes to the stage.

    It also keeps the descriptions of the pictures up to date, once the run has halted or the
    playhead rests. GUI thread.
    """

    def __init__(self, session: Session, stage: Stage, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._stage = stage
        self._window = window
        self._said = state_words(RunState.LOADING)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MILLISECONDS)
        self._settled.timeout.connect(self._speak)
        controller = session.controller
        controller.state_changed.connect(self._settled.start)
        controller.run_prepared.connect(self._settled.start)
        controller.run_progressed.connect(self._on_run_progressed)
        session.playhead.moved.connect(self._settled.start)
        session.what_if.changed.connect(self._settled.start)
        session.stage_changed.connect(self._on_stage_changed)

    def stop(self) -> None:
        """Say no more: the window closes."""
        self._settled.stop()

    def _words(self) -> str:
        """Return the state of the run in words, with its step and loss where they stand still."""
        controller = self._session.controller
        run, state = controller.current_run, controller.state
        if controller.outcome:
            return controller.outcome
        if state is not RunState.PAUSED or run is None or run.history.last is None:
            return state_words(state)
        last = run.history.last
        return tr("Paused at step {step}, loss {loss}").format(
            step=whole(last.step), loss=significant(last.loss)
        )

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        if self._session.controller.state is not RunState.RUNNING:
            self._settled.start()

    @Slot()
    def _speak(self) -> None:
        if (words := self._words()) != self._said:
            self._said = words
            urgent = self._session.controller.state in _URGENT
            announce(self._window, words, assertive=urgent)
        for picture in self._stage.visible_pictures:
            picture.update_description()

    @Slot()
    def _on_stage_changed(self) -> None:
        picture = self._stage.current
        picture.update_description()
        words = tr("On the stage: {summary}")
        announce(picture, words.format(summary=picture.accessibleDescription()))
