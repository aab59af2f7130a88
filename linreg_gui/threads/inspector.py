"""Looks inside a step: chooses the step and how much of it is done, and gets its numbers."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.anatomy.step_trace import Phase, StepRequest, StepTrace
from linreg_gui.engines.minibatch_order import MinibatchOrder
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import FINISHED, Action, RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work
from linreg_gui.threads.playhead import Playhead

if TYPE_CHECKING:
    from linreg_gui.anatomy.gradient_check import GradientReport

FOLLOWED_PACE = 5
"""Up to this many steps a second, each is shown phase by phase; above it, one now and then."""

GLANCE_MILLISECONDS = 200
"""The time between two steps that are shown while the training is too fast to follow."""


class _Mode(Enum):
    """What chooses the step and its phase."""

    PLAYHEAD = auto()  # the step that led to its moment, after the last phase
    INSIDE = auto()  # a person, who goes through the phases; the playhead goes along
    FOLLOWING = auto()  # a slow run: all the phases of each step it makes
    GLANCING = auto()  # a fast run: now and then the newest step, after the last phase


class Inspector(QObject):
    """Goes through the phases of a step, and moves the playhead along.

    Usually the step is the one that led to the moment of the playhead, after its last phase.
    `forward` and `back` go through its phases and on into the next step. The run makes that step
    as soon as all its parameters are updated. Lives in the GUI thread, and computes nothing unless
    somebody watches.

    Attributes
    ----------
    phase : Phase
        The last phase that is done.
    example : int
        The chosen example of the minibatch.

    Signals
    -------
    changed()
        `trace`, `report`, `phase` or `example` has changed.
    phase_chosen(Phase)
        A person has gone to this phase.
    """

    changed = Signal()
    phase_chosen = Signal(object)

    def __init__(
        self, controller: TrainingController, playhead: Playhead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.phase = Phase.AVERAGE
        self.example = 0
        self._controller = controller
        self._playhead = playhead
        self._watchers: set[QObject] = set()
        self._mode = _Mode.PLAYHEAD
        self._step = 0
        self._asked_step = 0  # the last step that the run was asked for from in here
        self._moves_playhead = False
        self._run = controller.run
        self._order: tuple[Run, MinibatchOrder] | None = None
        self._trace: StepTrace | None = None
        self._report: GradientReport | None = None
        self._checks = False
        self._phase_timer = QTimer(self)
        self._phase_timer.timeout.connect(self._show_next_phase)
        self._glance = QTimer(self, singleShot=True, interval=GLANCE_MILLISECONDS)
        self._glance.timeout.connect(self._on_glance)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.run_progressed.connect(self._on_run_progressed)
        controller.state_changed.connect(self._on_state_changed)
        controller.settings_changed.connect(self._on_settings_changed)
        playhead.moved.connect(self._on_playhead_moved)
        playhead.traveled.connect(self._on_playhead_moved)

    @property
    def step(self) -> int:
        """Return the number of the step; 0 at the start."""
        return self._playhead.shown_step if self._mode is _Mode.PLAYHEAD else self._step

    @property
    def trace(self) -> StepTrace | None:
        """Return the inside of the step; None at the start, and until it is known."""
        known, run = self._trace, self._controller.current_run
        if known is None or run is None:
            return None
        return known if (known.run_number, known.step) == (run.number, self.step) else None

    @property
    def report(self) -> "GradientReport | None":
        """Return the check of its gradient; None until it is known."""
        return self._report if self.trace else None

    @property
    def pictured_step(self) -> int:
        """Return the step whose parameters the pictures show: of a long run, the nearest kept."""
        return self._playhead.shown_step

    def watch(self, who: QObject, *, wanted: bool) -> None:
        """Begin to work for ``who``, or stop. Without a watcher nothing is computed."""
        watched = bool(self._watchers)
        (self._watchers.add if wanted else self._watchers.discard)(who)
        if bool(self._watchers) != watched:
            if watched and self.step >= self._newest:
                self._leave()
            self._look_again()

    def want_report(self, *, wanted: bool) -> None:
        """Check each gradient too, or no longer."""
        if wanted != self._checks:
            self._checks = wanted
            self._ask()

    def choose_example(self, example: int) -> None:
        """Choose another example of the minibatch."""
        last = self.trace.size - 1 if self.trace else 0
        self.example = min(max(example, 0), last)
        self.changed.emit()

    @Slot()
    def forward(self) -> None:
        """Do the next phase, or pause a run that goes on."""
        if self._pause():
            return
        step, phase = self.step, self.phase
        if phase is not Phase.AVERAGE:
            self._choose(step, Phase(phase + 1))
        elif step <= self._newest and self._can_be_made(step + 1):
            self._choose(step + 1, Phase.TAKE)

    @Slot()
    def back(self) -> None:
        """Undo the last phase, or pause a run that goes on."""
        if self._pause() or not self.step:
            return
        if self.phase is Phase.TAKE:
            self._choose(self.step - 1, Phase.AVERAGE)
        else:
            self._choose(self.step, Phase(self.phase - 1))

    def go_to_phase(self, phase: Phase) -> None:
        """Go to another phase of the same step; at the start, of the first one."""
        step = max(self.step, 1)
        if not self._pause() and self._can_be_made(step):
            self._choose(step, phase)

    @property
    def _newest(self) -> int:
        run = self._controller.current_run
        return run.history.step if run else 0

    def _is_made(self, step: int) -> bool:
        """Return whether the run has made ``step``, or was asked to from in here."""
        return step <= max(self._newest, self._asked_step)

    def _can_be_made(self, step: int) -> bool:
        may_step = self._controller.current_run is not None and self._controller.allows(Action.STEP)
        return self._is_made(step) or may_step

    def _pause(self) -> bool:
        """Pause a run that goes on; return whether it did."""
        if self._controller.state is not RunState.RUNNING:
            return False
        self._controller.pause()
        return True

    def _enter(self, mode: _Mode, step: int = 0, phase: Phase = Phase.AVERAGE) -> None:
        self._mode, self._step, self.phase = mode, step, phase
        if mode is not _Mode.FOLLOWING:
            self._phase_timer.stop()

    def _choose(self, step: int, phase: Phase) -> None:
        """Go inside a step because a person wants to."""
        self._go_to(step, phase)
        self.phase_chosen.emit(phase)

    def _go_to(self, step: int, phase: Phase) -> None:
        """Go inside a step. The run makes it once its last parameter is updated."""
        self._enter(_Mode.INSIDE, step, phase)
        is_updated = phase >= Phase.UPDATE_B
        if is_updated and not self._is_made(step):
            self._asked_step = step
            self._controller.step()
        else:
            self._move_playhead(step if is_updated else step - 1)
        self._ask()

    def _move_playhead(self, step: int | None) -> None:
        """Move the playhead without following it; None for the newest step."""
        self._moves_playhead = True
        if step is None:
            self._playhead.go_live()
        else:
            self._playhead.go_to(step)
        self._moves_playhead = False

    def _leave(self) -> None:
        """Leave the step, so that the pictures follow the run again."""
        if self._mode is not _Mode.PLAYHEAD:
            self._enter(_Mode.PLAYHEAD)
            self._move_playhead(None)

    def _look_again(self) -> None:
        """Look at the moment of the playhead."""
        self._enter(_Mode.PLAYHEAD)
        self._ask()

    def _ask(self) -> None:
        """Get the inside of the step, unless it is known already or nobody watches."""
        self._controller.background.cancel(Channel.STEP)
        run = self._controller.current_run
        if not self._watchers or run is None or not self.step:
            self._trace = self._report = None
            self.changed.emit()
        elif self._knows(run):
            self._show_answer()
        else:
            work = _look_into(self._request(run, self.step), self._order_of(run), self._checks)
            job = self._controller.background.start(Channel.STEP, work)
            job.yielded.connect(self._on_yielded)
            job.failed.connect(self._controller.message_posted)

    def _knows(self, run: Run) -> bool:
        """Return whether the answer is here already. A step to come may still change."""
        return (
            self.trace is not None
            and self.trace.learning_rate == self._rate(run, self.step)
            and (self._report is not None or not self._checks)
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
            order = MinibatchOrder(run.dataset.size, run.config, run.problem.shuffling)
            self._order = run, order
        return self._order[1]

    def _show_answer(self) -> None:
        if self.trace is not None:
            self.example = min(self.example, self.trace.size - 1)
            self.changed.emit()

    @Slot(object)
    def _on_yielded(self, answer: "StepTrace | GradientReport") -> None:
        if isinstance(answer, StepTrace):
            self._trace, self._report = answer, None
        else:
            self._report = answer
        self._show_answer()

    @Slot()
    def _on_run_prepared(self) -> None:
        former, run = self._run, self._controller.run
        self._run, self._asked_step = run, 0
        # A setting changed before the first step gives a new run. One stays inside its first step.
        stays = (
            self._mode is _Mode.INSIDE
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
        if self._watchers and not self._moves_playhead:
            self._look_again()

    @Slot()
    def _on_run_progressed(self) -> None:
        if not self._watchers:
            return
        newest = self._newest
        if self._controller.state is RunState.RUNNING:
            if not self._playhead.is_live:
                return
            if self._controller.pace <= FOLLOWED_PACE:
                self._enter(_Mode.FOLLOWING, newest, Phase.TAKE)
                # Some time is left over, in which the last phase is seen before the next step.
                self._phase_timer.start(int(1000 / self._controller.pace / (len(Phase) + 1)))
                self._ask()
            elif not self._glance.isActive():
                self._glance.start()
        elif newest != self._asked_step:  # the step was not asked for from in here
            self._leave()
            self._look_again()
        elif self._mode is _Mode.INSIDE and self.step == newest and self.phase < Phase.UPDATE_B:
            self._move_playhead(newest - 1)  # its update was undone before the run made it

    @Slot()
    def _on_glance(self) -> None:
        if self._controller.state is RunState.RUNNING:
            self._enter(_Mode.GLANCING, self._newest)
            self._ask()

    @Slot()
    def _show_next_phase(self) -> None:
        if self.phase is Phase.UPDATE_B:
            self._enter(_Mode.PLAYHEAD)
        else:
            self._enter(_Mode.FOLLOWING, self._step, Phase(self.phase + 1))
        self.changed.emit()

    @Slot()
    def _on_state_changed(self) -> None:
        state = self._controller.state
        if state in FINISHED:  # a step that diverged is not made
            self._asked_step = min(self._asked_step, self._newest)
        if state is RunState.RUNNING:
            self._leave()
        elif self._mode is _Mode.FOLLOWING:
            run = self._controller.current_run
            # At the end of an epoch the run may be at its goal. Its last step is shown to the end.
            if run is not None and run.batch_at(self._newest) < run.history.steps_per_epoch:
                self._go_to(self._newest, self.phase)
        elif self._mode is not _Mode.INSIDE or not self._can_be_made(self.step):
            self._look_again()

    @Slot()
    def _on_settings_changed(self) -> None:
        if not self._is_made(self.step):
            self._ask()


def _look_into(request: StepRequest, order: MinibatchOrder, checks: bool) -> Work:
    from linreg_gui import lesson  # noqa: PLC0415 - imports MXNet
    from linreg_gui.anatomy.gradient_check import check_gradient  # noqa: PLC0415 - when wanted
    from linreg_gui.anatomy.line_tracing import trace_step  # noqa: PLC0415 - imports MXNet

    trace = None
    for trace in trace_step(request, order, lesson):
        yield trace
    if checks and trace is not None:
        yield check_gradient(trace.features, trace.target, trace.before, trace.gradient)
