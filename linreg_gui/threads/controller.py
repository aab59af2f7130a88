"""Owns the run in the GUI thread: its state, its history and the training thread."""

import dataclasses
import math
import random
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.data.dataset import Dataset
from linreg_gui.engines.steps import StepBatch
from linreg_gui.number_text import round_to, whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import ALLOWED, FINISHED, Action, RunState
from linreg_gui.settings import (
    DEFAULTS,
    SUITED_SETTINGS,
    Init,
    StopRule,
    TrainingConfig,
    setting_of,
)
from linreg_gui.settings import settings as setting_fields
from linreg_gui.texts import in_lines, paragraph, retold, tr
from linreg_gui.threads.jobs import Background, Channel, Work, yielding_to_the_window
from linreg_gui.threads.worker import Command, Goal, Halt, TrainingWorker

if TYPE_CHECKING:
    from linreg_gui.sessions.restoring import RestoredSession
    from linreg_gui.sessions.state import SessionState

Arguments = ParamSpec("Arguments")

SETTLE_MILLISECONDS = 120
"""Before the first step new data are drawn once no setting has changed for this time."""

_RATE_WINDOW_SECONDS = 1.0


class TrainingController(QObject):
    """Owns the training thread and the state machine of the run.

    Lives in the GUI thread. Views read `state`, `run` and `settings` and pull from
    ``run.history``; they call the methods named like the actions. A call that the state does not
    allow does nothing.

    Attributes
    ----------
    state : RunState
        Where the run stands.
    run : Run or None
        What the views show; None until the first one is prepared.
    settings : TrainingConfig
        The values of the controls. Some of them may apply only at the next Reset.
    applied_settings : TrainingConfig
        The settings with which the run began, before a batch was reduced to the data.
    pace : float
        The watch speed in steps a second; infinite for full speed.
    outcome : str
        A sentence on how the run ended; empty while it has not.
    background : Background
        Does other work on the training thread.

    Signals
    -------
    state_changed()
        `state` or `outcome` has changed.
    run_prepared()
        `run` has changed.
    run_progressed(StepBatch)
        ``run.history`` has grown by these steps.
    settings_changed()
        `settings` have changed, or which of them are pending.
    message_posted(str)
        A sentence for the user.
    restored(RestoredSession)
        A session is there: settings, run and state are as they were saved. Whoever owns something
        else of it takes it now, before all that follow the run hear of it.
    session_opened()
        They have.
    restore_failed(str)
        It cannot be restored; a sentence says why. All is as it was, at rest.
    """

    state_changed = Signal()
    run_prepared = Signal()
    run_progressed = Signal(object)
    settings_changed = Signal()
    message_posted = Signal(object)  # Qt's texts cannot be told again
    restored = Signal(object)
    session_opened = Signal()
    restore_failed = Signal(object)

    _asked = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        settings: TrainingConfig = DEFAULTS,
        proposed: str = "",
        background: Background | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = RunState.LOADING
        self.run: Run | None = None
        self.settings = settings
        self.outcome = ""
        self.background = background or Background("training", self)
        self._proposed = proposed
        self._run_number = 0
        self.applied_settings = settings
        self._command: Command | None = None
        self.pace = math.inf
        self._rate_gesture = 0
        self._is_dragging_rate = False
        self._arrivals: deque[tuple[float, int]] = deque()
        self._restoring: SessionState | None = None
        self._may_replace: Callable[[], bool] = lambda: True
        self._worker = TrainingWorker()
        self.background.adopt(self._worker)
        self._fresh_run = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self._fresh_run.timeout.connect(self._on_settings_settled)
        self._asked.connect(self._worker.do)
        self._worker.loaded.connect(self._on_loaded)
        self._worker.load_failed.connect(self._on_load_failed)
        self._worker.prepared.connect(self._on_prepared)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.halted.connect(self._on_halted)
        self._worker.failed.connect(self._on_failed)

    def load(self) -> None:
        """Start the training thread and load MXNet there. Call it once the window is painted."""
        self.background.begin()
        self._ask(self._worker.load)

    def allows(self, action: Action) -> bool:
        """Return whether ``action`` makes sense now."""
        is_possible = self._restoring is None or action in {Action.RESET, Action.NEW_SEED}
        return is_possible and action in ALLOWED[self.state]

    def start(self) -> None:
        """Train to the end of the run, or once more from the start if it has ended."""
        if self.allows(Action.RUN):
            if self.state in FINISHED or self._is_unapplied:
                self.reset()
            self._give_command(Goal.END_OF_RUN)
            self._enter(RunState.RUNNING)

    def pause(self) -> None:
        """Stay where the run is."""
        if self.allows(Action.PAUSE):
            self._withdraw_command()
            self._enter(RunState.PAUSED)

    def step(self) -> None:
        """Train on one minibatch."""
        if self.allows(Action.STEP):
            self._make_room()
            self._give_command(Goal.ONE_STEP)
            self._enter(RunState.PAUSED)

    def finish_epoch(self) -> None:
        """Train to the end of the epoch."""
        if self.allows(Action.EPOCH):
            self._make_room()
            self._give_command(Goal.END_OF_EPOCH)
            self._enter(RunState.RUNNING)

    def stop(self) -> None:
        """End the run here, for good."""
        if self.allows(Action.STOP):
            self._withdraw_command()
            self._enter_stopped()

    def reset(self) -> None:
        """Go back to the start with the present settings. Equal settings give the same run."""
        if self.allows(Action.RESET):
            self._prepare()

    def draw_new_seed(self) -> None:
        """Reset with another seed."""
        if self.allows(Action.NEW_SEED):
            seed = self.settings.seed
            while seed == self.settings.seed:
                seed = random.randrange(1, 100_000)
            self.settings = self.settings.with_value("seed", seed)
            self._prepare()

    def change_setting(self, name: str, value: Any) -> None:
        """Take over a setting from a control.

        The learning rate changes from the next minibatch on. Any other setting applies at the next
        Reset, or at once before the first step, when nothing can be lost.

        Raises
        ------
        SettingError
            If the value is out of its limits. Then no setting changes.
        """
        self.change_settings(**{name: value})

    def change_settings(self, **values: Any) -> None:
        """Take over several settings that belong together, as `change_setting` does."""
        settings = dataclasses.replace(self.settings, **values)
        if settings == self.settings:
            return
        rate_changed = settings.learning_rate != self.settings.learning_rate
        self.settings = settings
        if rate_changed:
            self._rate_gesture += not self._is_dragging_rate
            self._ask(self._worker.set_learning_rate, settings.learning_rate)
        if self._is_unapplied:
            self._fresh_run.start()
        self.settings_changed.emit()

    @Slot()
    def begin_rate_gesture(self) -> None:
        """Count all changes of the learning rate as one, until `end_rate_gesture`.

        By itself, each change counts as one.
        """
        self._rate_gesture += 1
        self._is_dragging_rate = True

    @Slot()
    def end_rate_gesture(self) -> None:
        """Count each change of the learning rate by itself again."""
        self._is_dragging_rate = False

    def use_data(self, data: Dataset | None, **values: Any) -> None:
        """Train on ``data`` from now on, None for the lesson's; a run under way ends.

        ``values`` are settings that suit the data. A batch is at most all of it. A typed start was
        for the former data, so it is drawn again.

        Raises
        ------
        SettingError
            As `change_setting` does.
        """
        if data is not self.settings.data and self.settings.init is Init.TYPED:
            values.setdefault("init", Init.NORMAL)
        settings = dataclasses.replace(self.settings, data=data, **values)
        if "batch_size" in values and settings.batch_size > settings.trained_on:
            settings = settings.with_value("batch_size", settings.trained_on)
        self.settings = settings
        if self.allows(Action.RESET):
            self._prepare()
        else:
            self.settings_changed.emit()

    @Slot()
    def use_synthetic_data(self) -> None:
        """Train on the lesson's own data again, with the settings that suit it."""
        self.use_data(None, **{name: getattr(DEFAULTS, name) for name in SUITED_SETTINGS})

    @Slot(bool)
    def standardize(self, wanted: bool) -> None:
        """Train on standardized features from now on, or on measured ones; the run ends.

        A learning rate that suits one kind is far too large or too small for the other. So batch
        size, rate and epochs are computed again, on the training thread. A message says which.
        """
        data = self.settings.data
        if data is None:  # the lesson's features are drawn standardized
            self.use_data(None, standardize=wanted)
        else:
            job = self.background.start(Channel.PROPOSAL, _proposal(data, self.settings, wanted))
            job.finished.connect(self._on_proposed)
            job.failed.connect(self.message_posted)

    def retell(self) -> None:
        """Have in the language of now what was said of the run."""
        if self.run is not None:
            self.run.retell()
        self._enter(self.state, retold(self.outcome))

    def add_to_outcome(self, run: Run, sentence: str) -> None:
        """Say more about how ``run`` ended, if it is still the current one and has not gone on."""
        if run is self.current_run and run.is_complete and self.state is RunState.COMPLETED:
            run.messages.append(sentence)
            self._enter(self.state, paragraph(self.outcome, sentence))
            self.message_posted.emit(self.outcome)

    def move_start(self, places: dict[int, float]) -> None:
        """Start the parameters of these indices, the bias last, there; as `change_setting`.

        While a new run is being prepared, the places are those of the run that is still shown.
        """
        settings, run = self.settings, self.run
        if run is None or run.config.origin is not settings.origin:
            return
        if run.dataset.dimension != settings.features:
            return
        if settings.init is Init.TYPED:
            start = [*settings.typed_start(settings.features)]
        else:
            limits = setting_of("start_bias")  # the weights' too
            drawn = run.parameters_at(0).tolist()
            start = [limits.nearest(round_to(value, 4)) for value in drawn]
        for index, value in places.items():
            start[index] = value
        spare = settings.start_weights[settings.features :]
        self.change_settings(
            init=Init.TYPED, start_weights=(*start[:-1], *spare), start_bias=start[-1]
        )

    @property
    def current_run(self) -> Run | None:
        """Return `run`; None while it is an old one and the new one is being prepared."""
        return self.run if self.run is not None and self.run.number == self._run_number else None

    @property
    def pending_settings(self) -> frozenset[str]:
        """Return the names of the settings that apply only at the next Reset."""
        if self.state in {RunState.LOADING, RunState.READY}:
            return frozenset()  # before the first step they apply by themselves
        return frozenset(
            name
            for name, _ in setting_fields()
            if name != "learning_rate"
            and getattr(self.settings, name) != getattr(self.applied_settings, name)
        )

    def restore(
        self, state: "SessionState", may_replace: Callable[[], bool] = lambda: True
    ) -> None:
        """Go on with a saved session in place of the present run, once it is prepared.

        Meanwhile the present run rests, and any new run ends the restoring. Then ``may_replace``
        says whether the session may still take the place of what is there.
        """
        if self.state is RunState.UNAVAILABLE:
            self.restore_failed.emit(self.outcome)
            return
        self.pause()
        self._fresh_run.stop()
        self._restoring, self._may_replace = state, may_replace
        self.state_changed.emit()
        if self.state is not RunState.LOADING:
            self._start_restoring(state)

    @property
    def is_restoring(self) -> bool:
        """Return whether a session is about to take the place of what is there."""
        return self._restoring is not None

    def _start_restoring(self, state: "SessionState") -> None:
        work = _restoration(state, self._run_number + 1, self._worker)
        job = self.background.start(Channel.SESSION, work)
        job.finished.connect(self._on_restored)
        job.failed.connect(self._on_restore_failed)

    def set_pace(self, steps_per_second: float) -> None:
        """Set the watch speed in steps a second; infinite for full speed."""
        self.pace = steps_per_second
        self._arrivals.clear()
        self._ask(self._worker.set_pace, steps_per_second)

    @property
    def measured_pace(self) -> float | None:
        """Return how many steps a second arrive; None while not running or not known yet."""
        if self.state is not RunState.RUNNING or len(self._arrivals) < 2:
            return None
        (first_time, first_step), (last_time, last_step) = self._arrivals[0], self._arrivals[-1]
        return (last_step - first_step) / max(last_time - first_time, 1e-6)

    def shut_down(self) -> bool:
        """End the training thread and wait for it; return whether it ended. May be called twice."""
        self._fresh_run.stop()
        self._worker.request_quit()
        self._ask(self._worker.shut_down)
        return self.background.shut_down()

    def _ask(
        self,
        method: Callable[Arguments, None],
        *values: Arguments.args,
        **named: Arguments.kwargs,
    ) -> None:
        """Call a method of the worker, on its thread."""
        self._asked.emit(partial(method, *values, **named))

    @property
    def _is_unapplied(self) -> bool:
        return self.state is RunState.READY and self.settings != self.applied_settings

    @Slot()
    def _prepare(self) -> None:
        self._fresh_run.stop()
        gives_up_session, self._restoring = self._restoring is not None, None
        self.background.cancel(Channel.SESSION)
        self._command = None
        self._run_number += 1
        self.applied_settings = self.settings
        self._ask(self._worker.prepare, self._run_number, self.settings)
        self._enter(RunState.READY)
        if gives_up_session:
            self.state_changed.emit()  # more is allowed now, even if the state is the same
        self.settings_changed.emit()

    def _make_room(self) -> None:
        """Apply pending settings before the first step; give a completed run one more epoch."""
        if self._is_unapplied:
            self._prepare()
        elif self.state is RunState.COMPLETED and self.run is not None:
            self.run.planned_epochs += self.run.history.step >= self.run.planned_steps

    def _give_command(self, goal: Goal) -> None:
        self._arrivals.clear()
        run = self.current_run
        self._command = Command(
            goal,
            run.planned_epochs if run else self.applied_settings.epochs,
            goes_past_stop=run is not None and run.stopped_at is not None,
        )
        self._ask(self._worker.carry_out, self._command)

    def _withdraw_command(self) -> None:
        self._command = None
        self._ask(self._worker.pause)

    def _enter_stopped(self) -> None:
        run = self.current_run
        step = run.history.step if run else 0
        self._enter(RunState.STOPPED, _stopped_at(step))

    def _enter(self, state: RunState, outcome: str = "") -> None:
        if (state, outcome) != (self.state, self.outcome):
            self.state, self.outcome = state, outcome
            self.state_changed.emit()

    @Slot()
    def _on_loaded(self) -> None:
        if self._restoring is None:
            self._prepare()
        else:
            self._start_restoring(self._restoring)

    @Slot(object)
    def _on_restored(self, session: "RestoredSession") -> None:
        run, state = session.run, session.state
        self._restoring = None
        if not self._may_replace():
            self._rest()
            return
        self._ask(self._worker.take_over, run)
        self._command = None
        self._run_number = run.number
        run.retell()  # as the language may have changed meanwhile
        self.run = run
        self.settings, self.applied_settings = state.settings, session.applied
        self._rate_gesture = max(
            (change.gesture or 0 for change in run.history.rate_changes), default=0
        )
        self.state, self.outcome = session.run_state, retold(session.outcome)
        self.restored.emit(session)
        self.run_prepared.emit()
        self.settings_changed.emit()
        self.state_changed.emit()
        self.session_opened.emit()
        if run.messages:
            self.message_posted.emit(in_lines(*run.messages))

    @Slot(object)
    def _on_restore_failed(self, sentence: str) -> None:
        self._restoring = None
        self.restore_failed.emit(sentence)
        self._rest()

    def _rest(self) -> None:
        """Go on with what was there before a session was to be restored, unless another is."""
        self.state_changed.emit()
        if self._restoring is not None:
            return
        if self.state is RunState.LOADING:
            self._prepare()
        elif self._is_unapplied:
            self._fresh_run.start()

    @Slot(object)
    def _on_load_failed(self, sentence: str) -> None:
        self._enter(RunState.UNAVAILABLE, sentence)
        self.message_posted.emit(sentence)
        if self._restoring is not None:
            self._on_restore_failed(sentence)

    @Slot()
    def _on_settings_settled(self) -> None:
        if self._is_unapplied and self._restoring is None:
            self._prepare()

    @Slot(object)
    def _on_prepared(self, run: Run) -> None:
        if run.number != self._run_number:
            return
        if self._proposed:
            run.messages.insert(0, self._proposed)
            self._proposed = ""
        run.retell()  # the language may have changed meanwhile
        self.run = run
        self.run_prepared.emit()
        if run.messages:
            self.message_posted.emit(in_lines(*run.messages))

    @Slot(object)
    def _on_proposed(self, proposal: tuple[Dataset, dict[str, Any], str]) -> None:
        data, settings, sentence = proposal
        if data is self.settings.data:
            self._proposed = sentence
            self.use_data(data, **settings)

    @Slot(object)
    def _on_progressed(self, batch: StepBatch) -> None:
        self._ask(self._worker.note_taken)
        run = self.current_run
        if run is None:  # these steps are the former run's
            return
        history = run.history
        history.append(batch, self._rate_gesture)
        now = time.perf_counter()
        self._arrivals.append((now, history.step))
        while now - self._arrivals[0][0] > _RATE_WINDOW_SECONDS and len(self._arrivals) > 2:
            self._arrivals.popleft()
        self.run_progressed.emit(batch)
        if self.state is RunState.STOPPED:  # these steps were made before the worker heard of it
            self._enter_stopped()

    @Slot(object, object)
    def _on_halted(self, command: Command, halt: Halt) -> None:
        if command is not self._command or self.run is None:
            return
        if halt.by_rule:
            self.run.stopped_at = self.run.history.step
        if halt.diverged_at_rate is not None:
            step = self.run.diverged_at = self.run.history.step + 1
            sentence = self.run.divergence_sentence(step, halt.diverged_at_rate)
            self.run.messages.append(sentence)
            self._enter(RunState.DIVERGED, sentence)
            self.message_posted.emit(sentence)
        elif self.run.is_complete:
            sentence = self.run.completion_sentence()
            if self.run.config.stop_rule is not StopRule.NONE:
                self.run.messages.append(sentence)
            self._enter(RunState.COMPLETED, sentence)
        else:
            self._enter(RunState.PAUSED)

    @Slot(object, object)
    def _on_failed(self, run_number: int, sentence: str) -> None:
        if run_number == self._run_number:
            self._enter(RunState.FAILED, sentence)
            self.message_posted.emit(sentence)


def _stopped_at(step: int) -> str:
    return tr("Stopped at step {step}.").format(step=whole(step))


def _proposal(data: Dataset, settings: TrainingConfig, standardize: bool) -> Work:
    from linreg_gui.analysis.moments import moments_of  # noqa: PLC0415 - seldom wanted
    from linreg_gui.runs.proposal import proposing, settings_words  # noqa: PLC0415

    yield
    training, _ = data.divided(settings.held_out, settings.seed)
    proposal = yield from proposing(moments_of(training), standardize=standardize)
    sentence = tr("New settings: {settings}.")
    return data, proposal.settings, sentence.format(settings=settings_words(proposal.settings))


def _restoration(state: "SessionState", number: int, worker: TrainingWorker) -> Work:
    with yielding_to_the_window():
        from linreg_gui.sessions.restoring import restoring  # noqa: PLC0415 - imports MXNet

        yield
        session, engine = yield from restoring(state, number)
        worker.offer(session.run, engine)
    return session
