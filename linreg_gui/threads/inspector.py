"""What is looked at inside of a step: which step, and which of its phases."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.threads.background import Channel
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead
from linreg_gui.training.anatomy import Anatomy, Phase, StepRequest
from linreg_gui.training.dealing import Dealer
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import Action, RunState

if TYPE_CHECKING:
    from linreg_gui.training.gradient_report import GradientReport

FOLLOWED_PACE = 5
"""Up to so many steps a second, each is shown phase by phase; at more, one now and then."""

GLANCE_MILLISECONDS = 200
"""So far apart are the steps that are shown while the training is too fast to follow."""


class Inspector(QObject):
    """Has the step that is looked at run again, line by line, on the training thread.

    Usually that is the step which led to the moment of the playhead, looked at once it is over.
    `forward` and `back` go through its phases, and on into the next step, which the run takes as
    soon as all its parameters are updated. Lives in the GUI thread, and asks for nothing unless
    somebody watches.

    Attributes
    ----------
    anatomy : Anatomy or None
        The newest answer; None at the start, and while nobody watches.
    report : GradientReport or None
        The check of its gradient, where that is wanted.
    phase : Phase
        What has just been done of it.
    example : int
        Which of the minibatch's examples is looked at.

    Signals
    -------
    changed()
        Any of these is another.
    """

    changed = Signal()

    def __init__(
        self, controller: TrainingController, playhead: Playhead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.anatomy: Anatomy | None = None
        self.report: GradientReport | None = None
        self.phase = Phase.AVERAGE
        self.example = 0
        self._controller = controller
        self._playhead = playhead
        self._watchers: set[str] = set()
        self._wants_report = False
        self._dealer: tuple[Run, Dealer] | None = None
        self._cursor: tuple[int, Phase] | None = None
        self._asked_step = 0
        self._moves_playhead = False
        self._phase_timer = QTimer(self)
        self._phase_timer.timeout.connect(self._show_next_phase)
        self._glance = QTimer(self)
        self._glance.setSingleShot(True)
        self._glance.setInterval(GLANCE_MILLISECONDS)
        self._glance.timeout.connect(self._ask)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.run_progressed.connect(self._on_run_progressed)
        controller.state_changed.connect(self._on_state_changed)
        controller.settings_changed.connect(self._on_settings_changed)
        playhead.moved.connect(self._on_playhead_moved)
        controller.background.answered.connect(self._on_answered)
        controller.background.failed.connect(self._on_failed)

    @property
    def step(self) -> int:
        """Return the number of the step that is looked at; 0 at the start."""
        return self._place[0]

    @property
    def is_inside(self) -> bool:
        """Return whether a step is looked at that is not over."""
        return self._place[1] is not Phase.AVERAGE

    def watch(self, who: str, *, wanted: bool) -> None:
        """Work while anybody watches: ``who`` does, or no longer."""
        watched = bool(self._watchers)
        (self._watchers.add if wanted else self._watchers.discard)(who)
        if bool(self._watchers) != watched:
            self._look_again()

    def want_report(self, *, wanted: bool) -> None:
        """Have each gradient checked too, or no longer."""
        if wanted != self._wants_report:
            self._wants_report = wanted
            self._ask()

    def choose_example(self, example: int) -> None:
        """Look at another example of the minibatch."""
        last = self.anatomy.size - 1 if self.anatomy else 0
        self.example = min(max(example, 0), last)
        self.changed.emit()

    @Slot()
    def forward(self) -> None:
        """Run the next phase; a run that goes on is held first."""
        if self._hold():
            return
        step, phase = self._place
        if phase is not Phase.AVERAGE:
            self._go_to(step, Phase(phase + 1))
        elif step < self._newest or (step == self._newest and self._may_step):
            self._go_to(step + 1, Phase.TAKE)

    @Slot()
    def back(self) -> None:
        """Undo the last phase; a run that goes on is held first."""
        if self._hold():
            return
        step, phase = self._place
        if phase is not Phase.TAKE and step:
            self._go_to(step, Phase(phase - 1))
        elif step:
            self._go_to(step - 1, Phase.AVERAGE)

    def go_to_phase(self, phase: Phase) -> None:
        """Look at another phase of the same step; at the start, of the first one."""
        if not self._hold():
            step = self.step or (1 if self._newest or self._may_step else 0)
            if step:
                self._go_to(step, phase)

    @property
    def _place(self) -> tuple[int, Phase]:
        return self._cursor or (self._playhead.shown_step, Phase.AVERAGE)

    @property
    def _newest(self) -> int:
        run = self._controller.current_run
        return run.history.step if run else 0

    @property
    def _may_step(self) -> bool:
        run = self._controller.current_run
        return run is not None and self._controller.allows(Action.STEP)

    def _hold(self) -> bool:
        """Hold a run that goes on at the phase that is shown; return whether it did."""
        if self._controller.state is not RunState.RUNNING:
            return False
        self._controller.pause()
        return True

    def _go_to(self, step: int, phase: Phase) -> None:
        self._phase_timer.stop()
        self._cursor = step, phase
        updated = phase >= Phase.UPDATE_B
        if updated and step > max(self._newest, self._asked_step):
            self._asked_step = step
            self._controller.step()
        else:
            self._move_playhead(step if updated else step - 1)
        self.phase = phase
        self._ask()

    def _move_playhead(self, step: int) -> None:
        self._moves_playhead = True
        self._playhead.go_to(step)
        self._moves_playhead = False

    def _look_again(self) -> None:
        """Look at the moment of the playhead, or at nothing where nobody watches."""
        self._phase_timer.stop()
        self._cursor = None
        self.phase = Phase.AVERAGE
        self._ask()

    @Slot()
    def _ask(self) -> None:
        """Have the step looked into; what is known already is told at once."""
        run, step = self._controller.current_run, self.step
        if not self._watchers or run is None or not step:
            self._controller.background.cancel(Channel.STEP)
            if self.anatomy is not None:
                self.anatomy = self.report = None
                self.changed.emit()
            return
        if self._shows(run, step):
            self.changed.emit()
            return
        job = partial(_job, self._request(run, step), self._dealer_of(run), self._wants_report)
        self._controller.background.start(Channel.STEP, job)

    def _shows(self, run: Run, step: int) -> bool:
        """Return whether the answer is here already. What is still to come may change."""
        shown = self.anatomy
        return (
            shown is not None
            and (shown.run_number, shown.step) == (run.number, step)
            and shown.learning_rate == self._rate(run, step)
            and (self.report is not None or not self._wants_report)
        )

    def _request(self, run: Run, step: int) -> StepRequest:
        known = run.history.up_to(step - 1)
        return StepRequest(
            run_number=run.number,
            dataset=run.dataset,
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
            self._dealer = run, Dealer(run.dataset.size, run.config, run.shuffling)
        return self._dealer[1]

    @Slot()
    def _on_run_prepared(self) -> None:
        self._dealer = None
        self._asked_step = 0
        self._look_again()

    @Slot()
    def _on_playhead_moved(self) -> None:
        if not self._moves_playhead and self._watchers:
            self._look_again()

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        if not self._watchers or not self._playhead.is_live:
            return
        if self._controller.state is not RunState.RUNNING:
            if self._cursor is None or self._cursor[0] != self._newest:
                self._look_again()
        elif self._controller.pace <= FOLLOWED_PACE:
            self._follow()
        elif not self._glance.isActive():
            self._look_again()
            self._glance.start()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._controller.state is RunState.RUNNING:
            if self._cursor is not None and self._cursor[0] >= self._newest:
                self._playhead.go_live()
            self._cursor = None
        elif self._phase_timer.isActive():
            self._stay_inside()
        elif self._cursor is None and self._watchers:
            self._ask()

    def _stay_inside(self) -> None:
        """Stay at the phase that is shown, unless the run has come to where it wanted."""
        run = self._controller.current_run
        if run is not None and run.batch_at(self._newest) < run.history.steps_per_epoch:
            self._go_to(self._newest, self.phase)

    @Slot()
    def _on_settings_changed(self) -> None:
        if self.step > self._newest:
            self._ask()

    def _follow(self) -> None:
        """Show the phases of the step that has just been made, until the next one is."""
        self._cursor = None
        self.phase = Phase.TAKE
        self._phase_timer.start(int(1000 / self._controller.pace / len(Phase)))
        self._ask()

    @Slot()
    def _show_next_phase(self) -> None:
        self.phase = Phase(self.phase + 1)
        if self.phase is Phase.AVERAGE:
            self._phase_timer.stop()
        self.changed.emit()

    @Slot(object, object)
    def _on_answered(self, channel: Channel, answer: "Anatomy | GradientReport") -> None:
        if channel is not Channel.STEP:
            return
        if isinstance(answer, Anatomy):
            self.anatomy, self.report = answer, None
            self.example = min(self.example, answer.size - 1)
        else:
            self.report = answer
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.STEP:
            self._controller.message_posted.emit(sentence)


def _job(
    request: StepRequest, dealer: Dealer, checked: bool
) -> "Iterator[Anatomy | GradientReport | None]":
    from linreg_gui import lesson  # noqa: PLC0415 - imports MXNet
    from linreg_gui.training.dissection import dissect  # noqa: PLC0415

    anatomy = None
    for anatomy in dissect(request, dealer, lesson):
        yield anatomy
    if checked and anatomy is not None:
        from linreg_gui.training.gradient_check import check_gradient  # noqa: PLC0415

        yield check_gradient(anatomy.features, anatomy.target, anatomy.before, anatomy.gradient)
