"""What a run that its stop rule has ended would have gained by going on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.number_text import significant, whole
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr, trn
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work

if TYPE_CHECKING:
    from linreg_gui.runs.going_on import Outlook


class GoingOn(QObject):
    """Computes what the steps after the stop would have brought, and says so. GUI thread.

    Attributes
    ----------
    is_known : bool
        Whether nothing is being computed.

    Signals
    -------
    changed()
        `is_known` has changed.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_known = True
        self._controller = controller
        self._run: Run | None = None
        controller.state_changed.connect(self._on_state_changed)

    @Slot()
    def _on_state_changed(self) -> None:
        run = self._controller.current_run
        if run is None or not run.is_stopped:
            self._controller.background.cancel(Channel.GOING_ON)
            self._run = None
            self._note(is_known=True)
        elif run is not self._run:
            self._run = run
            self._note(is_known=False)
            job = self._controller.background.start(Channel.GOING_ON, _going_on(run))
            job.yielded.connect(self._on_yielded)
            job.finished.connect(self._on_ended)
            job.failed.connect(self._on_ended)  # then nothing is said

    @Slot(object)
    def _on_yielded(self, outlook: "Outlook") -> None:
        if self._run is not None:
            self._controller.add_to_outcome(self._run, _sentence(self._run, outlook))

    @Slot()
    def _on_ended(self) -> None:
        self._note(is_known=True)

    def _note(self, *, is_known: bool) -> None:
        if is_known != self.is_known:
            self.is_known = is_known
            self.changed.emit()


def _sentence(run: Run, outlook: "Outlook") -> str:
    steps = whole(outlook.steps)
    if outlook.diverged_at is not None:
        return tr("Going on would have diverged at step {step}.").format(
            step=whole(outlook.diverged_at)
        )
    loss = run.problem.training.loss(run.history.current_parameters)
    if outlook.loss >= loss:
        words = trn(
            "{steps} more step would not have lowered the loss: it would be {loss}.",
            "{steps} more steps would not have lowered the loss: it would be {loss}.",
            outlook.steps,
        )
        return words.format(steps=steps, loss=significant(outlook.loss))
    words = trn(
        "{steps} more step would have lowered the loss by {share}%, to {loss}.",
        "{steps} more steps would have lowered the loss by {share}%, to {loss}.",
        outlook.steps,
    )
    percent = 100 * (loss - outlook.loss) / loss
    share = significant(percent) if percent < 99.9 else tr("more than 99.9")
    return words.format(steps=steps, share=share, loss=significant(outlook.loss))


def _going_on(run: Run) -> Work:
    from linreg_gui.runs.going_on import going_on  # noqa: PLC0415 - imports MXNet

    yield from going_on(run)
