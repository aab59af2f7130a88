"""Looks inside a step: which step, which of its phases, and the numbers found there."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.anatomy.step_trace import Phase, StepRequest, StepTrace
from linreg_gui.engines.minibatch_order import MinibatchOrder
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import FINISHED, Action, RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel
from linreg_gui.threads.playhead import Playhead

if TYPE_CHECKING:
    from linreg_gui.anatomy.gradient_check import GradientReport


class Dissector(QObject):
    """Asks for a step at a time; the newest ask wins. Lives in the GUI thread.

    Attributes
    ----------
    trace : StepTrace or None
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
        self.trace: StepTrace | None = None
        self.report: GradientReport | None = None
        self.checks = False
        self._controller = controller
        self._order: tuple[Run, MinibatchOrder] | None = None
        controller.background.answered.connect(self._on_answered)
        controller.background.failed.connect(self._on_failed)

    def ask(self, run: Run, step: int) -> None:
        """Have ``step`` of ``run`` looked into, made already or the next; what is known is told."""
        if self._knows(run, step):
            self._controller.background.cancel(Channel.STEP)
            self.answered.emit()
        else:
            job = partial(_job, self._request(run, step), self._order_of(run), self.checks)
            self._controller.background.start(Channel.STEP, job)

    def withdraw(self) -> None:
        """Ask for nothing, and forget the answer."""
        self._controller.background.cancel(Channel.STEP)
        self.trace = self.report = None

    def _knows(self, run: Run, step: int) -> bool:
        """Return whether the answer is here already. What is still to come may change."""
        known = self.trace
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

    def _order_of(self, run: Run) -> MinibatchOrder:
        if self._order is None or self._order[0] is not run:
            self._order = run, MinibatchOrder(run.dataset.size, run.config, run.problem.shuffling)
        return self._order[1]

    @Slot(object, object)
    def _on_answered(self, channel: Channel, answer: "StepTrace | GradientReport") -> None:
        if channel is not Channel.STEP:
            return
        if isinstance(answer, StepTrace):
            self.trace, self.report = answer, None
        else:
            self.report = answer
        self.answered.emit()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.STEP:
            self._controller.message_posted.emit(sentence)


def _job(
    request: StepRequest, order: MinibatchOrder, checks: bool
) -> "Iterator[StepTrace | GradientReport | None]":
    from linreg_gui import lesson  # noqa: PLC0415 - imports MXNet
    from linreg_gui.anatomy.tracing import trace_step  # noqa: PLC0415

    trace = None
    for trace in trace_step(request, order, lesson):
        yield trace
    if checks and trace is not None:
        from linreg_gui.anatomy.gradient_check import check_gradient  # noqa: PLC0415

        yield check_gradient(trace.features, trace.target, trace.before, trace.gradient)


FOLLOWED_PACE = 5
"""Up to so many steps a second, each is shown phase by phase; at more, one now and then."""

GLANCE_MILLISECONDS = 200
"""So far apart are the steps that are shown while the training is too fast to follow."""


class Inspector(QObject):
    """Goes through the phases of a step, and takes the pictures along.

    Usually the step is the one that led to the moment of the playhead, looked at once it is over.
    `forward` and `back` go through its phases, and on into the next step, which the run takes as
    soon as all its parameters are updated. Lives in the GUI thread, and asks for nothing unless
    somebody watches.

    Attributes
    ----------
    example : int
        Which of the minibatch's examples is looked at.

    Signals
    -------
    changed()
        `trace`, `report`, `phase` or `example` is another.
    """

    changed = Signal()

    def __init__(
        self, controller: TrainingController, playhead: Playhead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.example = 0
        self._controller = controller
        self._playhead = playhead
        self._dissector = Dissector(controller, self)
        self._dissector.answered.connect(self._on_answered)
        self._watchers: set[str] = set()
        self._inside: tuple[int, Phase] | None = None
        self._asked_step = 0
        self._moves_playhead = False
        self._run = controller.run
        self._phase_timer = QTimer(self)
        self._phase_timer.timeout.connect(self._show_next_phase)
        self._glance = QTimer(self)
        self._glance.setSingleShot(True)
        self._glance.setInterval(GLANCE_MILLISECONDS)
        self._glance.timeout.connect(self._on_glance)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.run_progressed.connect(self._on_run_progressed)
        controller.state_changed.connect(self._on_state_changed)
        controller.settings_changed.connect(self._on_settings_changed)
        playhead.moved.connect(self._on_playhead_moved)
        playhead.traveled.connect(self._on_playhead_moved)

    @property
    def step(self) -> int:
        """Return the number of the step that is looked at; 0 at the start."""
        return self._place[0]

    @property
    def phase(self) -> Phase:
        """Return what has just been done of it."""
        return self._place[1]

    @property
    def trace(self) -> StepTrace | None:
        """Return the inside of that step; None at the start, and until it is known."""
        known, run = self._dissector.trace, self._controller.current_run
        if known is None or run is None:
            return None
        return known if (known.run_number, known.step) == (run.number, self.step) else None

    @property
    def report(self) -> "GradientReport | None":
        """Return the check of its gradient; None until it is known."""
        return self._dissector.report if self.trace else None

    @property
    def pictured_step(self) -> int:
        """Return the step whose parameters the pictures show: of a long run, the nearest kept."""
        return self._playhead.shown_step

    def watch(self, who: str, *, wanted: bool) -> None:
        """Work while anybody watches: ``who`` does, or no longer."""
        watched = bool(self._watchers)
        (self._watchers.add if wanted else self._watchers.discard)(who)
        if bool(self._watchers) != watched:
            if watched and self._inside is not None and self.step >= self._newest:
                self._leave()
            self._look_again()

    def want_report(self, *, wanted: bool) -> None:
        """Have each gradient checked too, or no longer."""
        if wanted != self._dissector.checks:
            self._dissector.checks = wanted
            self._ask()

    def choose_example(self, example: int) -> None:
        """Look at another example of the minibatch."""
        last = self.trace.size - 1 if self.trace else 0
        self.example = min(max(example, 0), last)
        self.changed.emit()

    @Slot()
    def forward(self) -> None:
        """Run the next phase; a run that goes on is held first."""
        if self._hold():
            return
        step, phase = self._place
        if phase is Phase.AVERAGE:
            if step < self._newest or (step == self._newest and self._may_step):
                self._go_to(step + 1, Phase.TAKE)
        else:
            self._go_to(step, Phase(phase + 1))

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
        if self._hold():
            return
        step = max(self.step, 1)
        if self._is_taken(step) or self._may_step:
            self._go_to(step, phase)

    @property
    def _place(self) -> tuple[int, Phase]:
        return self._inside or (self._playhead.shown_step, Phase.AVERAGE)

    @property
    def _newest(self) -> int:
        run = self._controller.current_run
        return run.history.step if run else 0

    @property
    def _may_step(self) -> bool:
        return self._controller.current_run is not None and self._controller.allows(Action.STEP)

    def _is_taken(self, step: int) -> bool:
        """Return whether the run has made ``step``, or is about to."""
        return step <= max(self._newest, self._asked_step)

    def _hold(self) -> bool:
        """Hold a run that goes on at the phase that is shown; return whether it did."""
        if self._controller.state is not RunState.RUNNING:
            return False
        self._controller.pause()
        return True

    def _go_to(self, step: int, phase: Phase) -> None:
        self._phase_timer.stop()
        self._inside = step, phase
        updated = phase >= Phase.UPDATE_B
        if updated and not self._is_taken(step):
            self._asked_step = step
            self._controller.step()
        else:
            self._move_playhead(step if updated else step - 1)
        self._ask()

    def _move_playhead(self, step: int) -> None:
        self._moves_playhead = True
        self._playhead.go_to(step)
        self._moves_playhead = False

    def _leave(self) -> None:
        """Leave the step, and have the pictures follow the run again."""
        if self._inside is not None:
            self._inside = None
            self._phase_timer.stop()
            self._moves_playhead = True
            self._playhead.go_live()
            self._moves_playhead = False

    @Slot()
    def _look_again(self) -> None:
        """Look at the moment of the playhead, or at nothing where nobody watches."""
        self._phase_timer.stop()
        self._inside = None
        self._ask()

    @Slot()
    def _on_glance(self) -> None:
        if self._controller.state is RunState.RUNNING:
            self._inside = self._newest, Phase.AVERAGE  # which stays, while the run goes on
            self._ask()

    def _ask(self) -> None:
        run = self._controller.current_run
        if self._watchers and run is not None and self.step:
            self._dissector.ask(run, self.step)
        else:
            self._dissector.withdraw()
            self.changed.emit()

    @Slot()
    def _on_answered(self) -> None:
        if self.trace is not None:
            self.example = min(self.example, self.trace.size - 1)
            self.changed.emit()

    @Slot()
    def _on_run_prepared(self) -> None:
        former, run = self._run, self._controller.run
        self._run, self._asked_step = run, 0
        # A setting changed before the first step made the run anew: its first step is still wanted.
        stays = (
            self._inside is not None
            and former is not None
            and run is not None
            and former.history.step == 0
            and former.config != run.config
        )
        if stays:
            self._ask()
        else:
            self._look_again()

    @Slot()
    def _on_playhead_moved(self) -> None:
        if not self._moves_playhead and self._watchers:
            self._look_again()

    @Slot(object)
    def _on_run_progressed(self, _batch: object) -> None:
        if not self._watchers:
            return
        if self._controller.state is RunState.RUNNING:
            if not self._playhead.is_live:
                return
            if self._controller.pace <= FOLLOWED_PACE:
                self._follow()
            elif not self._glance.isActive():
                self._glance.start()
        elif self._asked_step != self._newest:  # taken by other means than from in here
            self._leave()
            self._look_again()
        elif self._inside == (self._newest, min(self.phase, Phase.UPDATE_W)):
            self._move_playhead(self._newest - 1)  # it was undone before it was made

    @Slot()
    def _on_state_changed(self) -> None:
        state = self._controller.state
        if state is RunState.RUNNING:
            self._leave()
        elif self._phase_timer.isActive():
            self._stay_inside()
        else:
            if state in FINISHED:
                self._asked_step = min(self._asked_step, self._newest)
            will_be_taken = self._is_taken(self.step) or self._may_step
            if self.phase is Phase.AVERAGE or not will_be_taken:
                self._look_again()

    def _stay_inside(self) -> None:
        """Stay at the phase that is shown, unless the run has come to where it wanted."""
        run = self._controller.current_run
        if run is not None and run.batch_at(self._newest) < run.history.steps_per_epoch:
            self._go_to(self._newest, self.phase)

    @Slot()
    def _on_settings_changed(self) -> None:
        if self.step > self._newest and not self._is_taken(self.step):
            self._ask()

    def _follow(self) -> None:
        """Show the phases of the step that has just been made, until the next one is."""
        self._inside = self._newest, Phase.TAKE
        self._phase_timer.start(int(1000 / self._controller.pace / len(Phase)))
        self._ask()

    @Slot()
    def _show_next_phase(self) -> None:
        step, phase = self._place
        if phase is Phase.UPDATE_B:
            self._phase_timer.stop()
            self._inside = None
        elif phase is not Phase.AVERAGE:
            self._inside = step, Phase(phase + 1)
        self.changed.emit()
