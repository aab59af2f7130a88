"""Has single steps of a run looked into on the training thread."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.threads.background import Channel
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.anatomy import Anatomy, StepRequest
from linreg_gui.training.dealing import Dealer
from linreg_gui.training.run import Run

if TYPE_CHECKING:
    from linreg_gui.training.gradient_report import GradientReport


class Dissector(QObject):
    """Asks for a step at a time; the newest ask wins. Lives in the GUI thread.

    Attributes
    ----------
    anatomy : Anatomy or None
        The newest answer.
    report : GradientReport or None
        The check of its gradient, where that is wanted.
    checks : bool
        Whether it is.

    Signals
    -------
    answered()
        What was asked for last is here, or a part of it.
    """

    answered = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.anatomy: Anatomy | None = None
        self.report: GradientReport | None = None
        self.checks = False
        self._controller = controller
        self._dealer: tuple[Run, Dealer] | None = None
        controller.background.answered.connect(self._on_answered)
        controller.background.failed.connect(self._on_failed)

    def ask(self, run: Run, step: int) -> None:
        """Have ``step`` of ``run`` looked into, made already or the next; what is known is told."""
        if self._knows(run, step):
            self._controller.background.cancel(Channel.STEP)
            self.answered.emit()
        else:
            job = partial(_job, self._request(run, step), self._dealer_of(run), self.checks)
            self._controller.background.start(Channel.STEP, job)

    def withdraw(self) -> None:
        """Ask for nothing, and forget the answer."""
        self._controller.background.cancel(Channel.STEP)
        self.anatomy = self.report = None

    def _knows(self, run: Run, step: int) -> bool:
        """Return whether the answer is here already. What is still to come may change."""
        known = self.anatomy
        return (
            known is not None
            and (known.run_number, known.step) == (run.number, step)
            and known.learning_rate == self._rate(run, step)
            and (self.report is not None or not self.checks)
        )

    def _request(self, run: Run, step: int) -> StepRequest:
        known = run.history.up_to(step - 1)
        return StepRequest(
            run_number=run.number,
            dataset=run.problem.trained,
            batch_size=run.config.batch_size,
            known_step=known.step,
            parameters=known.parameters,
            average=known.moving_loss,
            learning_rates=tuple(self._rate(run, each) for each in range(known.step + 1, step + 1)),
        )

    def _rate(self, run: Run, step: int) -> float:
        if step > run.history.step:
            return self._controller.settings.learning_rate
        return run.history.learning_rate_at(step)

    def _dealer_of(self, run: Run) -> Dealer:
        if self._dealer is None or self._dealer[0] is not run:
            self._dealer = run, Dealer(run.dataset.size, run.config, run.problem.shuffling)
        return self._dealer[1]

    @Slot(object, object)
    def _on_answered(self, channel: Channel, answer: "Anatomy | GradientReport") -> None:
        if channel is not Channel.STEP:
            return
        if isinstance(answer, Anatomy):
            self.anatomy, self.report = answer, None
        else:
            self.report = answer
        self.answered.emit()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.STEP:
            self._controller.message_posted.emit(sentence)


def _job(
    request: StepRequest, dealer: Dealer, checks: bool
) -> "Iterator[Anatomy | GradientReport | None]":
    from linreg_gui import lesson  # noqa: PLC0415 - imports MXNet
    from linreg_gui.training.dissection import dissect  # noqa: PLC0415

    anatomy = None
    for anatomy in dissect(request, dealer, lesson):
        yield anatomy
    if checks and anatomy is not None:
        from linreg_gui.training.gradient_check import check_gradient  # noqa: PLC0415

        yield check_gradient(anatomy.features, anatomy.target, anatomy.before, anatomy.gradient)
