"""The controller's runs are the lesson's to the last bit, whatever is pressed in between."""

import math
import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from pytestqt.qtbot import QtBot

from linreg_gui import lesson
from linreg_gui.engines.steps import StepBatch, TrainingEngine
from linreg_gui.runs import preparation
from linreg_gui.runs.history import RateChange, StepRecord
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run, log_lines
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from tests.conftest import MakeController
from tests.support import (
    PATIENCE,
    LoggedErrors,
    Ready,
    batch_digests,
    history_digests,
    let_the_worker_pass,
    settle,
    steps_of,
    train,
    wait_for_state,
    wait_for_step,
    wait_until_ready,
)

SHORT = TrainingConfig(examples=43, batch_size=4, epochs=3)
"""Eleven steps an epoch, the last batch with 3 examples."""

ONE_BATCH = TrainingConfig(examples=4, batch_size=4, epochs=2)
"""One step an epoch, which a single slice always finishes."""

LONG = TrainingConfig(epochs=10_000)


def current_run(controller: TrainingController) -> Run:
    assert controller.run is not None
    return controller.run


def states_of(controller: TrainingController) -> list[RunState]:
    """Return a list that fills with every state that the controller enters."""
    states: list[RunState] = []
    controller.state_changed.connect(lambda: states.append(controller.state))
    return states


def batches_of(controller: TrainingController) -> list[StepBatch]:
    batches: list[StepBatch] = []
    controller.run_progressed.connect(batches.append)
    return batches


def texts_of(signal: SignalInstance) -> list[str]:
    texts: list[str] = []
    signal.connect(texts.append)
    return texts


class TestTheLessonsRun:
    def test_it_is_the_lesson_from_load_to_completed(
        self, qtbot: QtBot, make_controller: MakeController
    ) -> None:
        controller = make_controller()
        states, batches = states_of(controller), batches_of(controller)
        assert controller.state is RunState.LOADING
        controller.load()
        run = wait_until_ready(qtbot, controller)
        assert run.config == DEFAULTS
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)

        assert states == [RunState.READY, RunState.RUNNING, RunState.COMPLETED]
        assert steps_of(batches) == list(range(1, 5001))
        lines = [line for batch in batches for line in log_lines(batch, 2500)]
        assert [line.text.split("  average")[0] for line in lines] == [
            f"epoch {epoch}  batch {batch}"
            for epoch in (0, 1)
            for batch in (499, 999, 1499, 1999, 2499)
        ]
        assert history_digests(run) == batch_digests(train(prepare_run(1, DEFAULTS)[1], 5000))
        assert controller.outcome == run.completion_sentence()

    def test_signals_arrive_in_the_thread_of_the_window(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        threads = set()
        for name in ("state_changed", "run_prepared", "run_progressed", "settings_changed"):
            getattr(controller, name).connect(lambda *_: threads.add(threading.get_ident()))
        controller.reset()
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert threads == {threading.get_ident()}

    def test_no_button_in_between_changes_a_bit(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.step()
        controller.step()
        controller.finish_epoch()
        wait_for_state(qtbot, controller, RunState.PAUSED)
        controller.set_pace(300.0)
        controller.start()
        wait_for_step(qtbot, controller, 14)
        controller.pause()
        settle(controller)
        controller.set_pace(math.inf)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        expected = batch_digests(train(prepare_run(1, SHORT)[1], 33))
        assert history_digests(current_run(controller)) == expected

    def test_reset_gives_the_same_run_again(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        digests = []
        for _ in range(3):
            controller.start()
            wait_for_state(qtbot, controller, RunState.COMPLETED)
            digests.append(history_digests(current_run(controller)))
            controller.reset()
            wait_until_ready(qtbot, controller)
        assert digests[0] == digests[1] == digests[2]


class TestHowFarItGoes:
    def test_a_step_is_one_step_and_an_epoch_goes_to_its_end(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT)
        history = current_run(controller).history
        controller.step()
        settle(controller)
        assert (history.step, controller.state) == (1, RunState.PAUSED)
        controller.finish_epoch()
        wait_for_state(qtbot, controller, RunState.PAUSED)
        assert history.step == 11
        assert len(history.epoch_means) == 1

    def test_it_is_complete_after_exactly_all_batches_of_all_epochs(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        settle(controller)
        assert current_run(controller).history.step == 3 * math.ceil(43 / 4)
        assert len(current_run(controller).history.epoch_means) == 3

    def test_a_completed_run_can_be_taken_one_epoch_further(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        controller.finish_epoch()
        assert controller.state is RunState.RUNNING
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert current_run(controller).history.step == 44
        expected = batch_digests(train(prepare_run(1, SHORT)[1], 44))
        assert history_digests(current_run(controller)) == expected

    def test_run_trains_a_completed_run_again(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        first = current_run(controller)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert current_run(controller) is not first
        assert history_digests(current_run(controller)) == history_digests(first)

    def test_steps_asked_for_before_the_last_answer_do_not_go_past_the_end(
        self, ready: Ready
    ) -> None:
        controller = ready(ONE_BATCH)
        for _ in range(4):
            controller.step()
        settle(controller)
        assert current_run(controller).history.step == 2
        assert controller.state is RunState.COMPLETED

    def test_a_change_of_pace_as_an_epoch_ends_does_not_add_another(self, ready: Ready) -> None:
        controller = ready(ONE_BATCH)
        controller.finish_epoch()
        let_the_worker_pass(controller)
        controller.set_pace(50.0)
        settle(controller)
        assert (current_run(controller).history.step, controller.state) == (1, RunState.PAUSED)

    def test_a_slow_run_can_be_let_go(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.set_pace(1.0)
        controller.start()
        wait_for_step(qtbot, controller, 1)
        controller.set_pace(math.inf)
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert current_run(controller).history.step == 33


class TestInterruptions:
    def test_a_paused_run_stays_where_it_is(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(LONG)
        controller.start()
        wait_for_step(qtbot, controller, 1)
        controller.pause()
        settle(controller)
        step = current_run(controller).history.step
        qtbot.wait(50)
        assert (current_run(controller).history.step, controller.state) == (step, RunState.PAUSED)

    def test_run_and_stop_four_times_doubles_nothing(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(LONG)
        for _ in range(4):
            batches = batches_of(controller)
            controller.start()
            qtbot.waitUntil(lambda: len(batches) > 2, timeout=PATIENCE)  # noqa: B023 - at once
            controller.stop()
            settle(controller)
            assert controller.state is RunState.STOPPED
            steps = steps_of(batches)
            assert steps == list(range(1, len(steps) + 1))
            controller.run_progressed.disconnect(batches.append)

    def test_a_stopped_run_names_the_step_it_really_came_to(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(LONG)
        controller.start()
        wait_for_step(qtbot, controller, 1)
        for _ in range(3):  # steps are made that the window has not heard of
            let_the_worker_pass(controller)
        heard = current_run(controller).history.step
        controller.stop()
        settle(controller)
        step = current_run(controller).history.step
        assert step > heard
        assert controller.outcome == f"Stopped at step {step:,}."

    def test_a_run_stopped_before_its_first_step_names_no_step_of_the_old_one(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        controller.set_pace(1.0)
        controller.start()
        controller.stop()
        assert controller.outcome == "Stopped at step 0."

    def test_run_reset_run_at_once_begins_at_step_1_and_holds_nothing_old(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(TrainingConfig(examples=800, epochs=2))
        old = current_run(controller)
        controller.start()
        wait_for_step(qtbot, controller, 1)
        let_the_worker_pass(controller)  # steps of the old run are under way to the window
        kept = old.history.step
        batches = batches_of(controller)
        controller.reset()
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        new = current_run(controller)
        assert new is not old
        assert old.history.step == kept
        assert steps_of(batches) == list(range(1, 401))
        expected = batch_digests(train(prepare_run(1, new.config)[1], 400))
        assert history_digests(new) == expected

    def test_the_end_of_the_old_run_does_not_end_the_new_one(self, ready: Ready) -> None:
        controller = ready(ONE_BATCH.with_value("epochs", 1))
        controller.start()
        let_the_worker_pass(controller)
        controller.reset()
        settle(controller)
        assert (controller.state, current_run(controller).history.step) == (RunState.READY, 0)

    def test_of_two_resets_at_once_only_the_last_one_is_shown(self, ready: Ready) -> None:
        controller = ready(SHORT)
        number, shown = current_run(controller).number, []
        controller.run_prepared.connect(lambda: shown.append(current_run(controller).number))
        controller.reset()
        controller.reset()
        settle(controller)
        assert shown == [number + 2]

    def test_a_pause_that_crosses_the_last_step_does_not_lose_the_end(self, ready: Ready) -> None:
        controller = ready(ONE_BATCH.with_value("epochs", 1))
        controller.start()
        let_the_worker_pass(controller)
        controller.pause()
        settle(controller)
        assert (current_run(controller).history.step, controller.state) == (1, RunState.PAUSED)
        controller.start()
        settle(controller)
        assert (current_run(controller).history.step, controller.state) == (1, RunState.COMPLETED)


class TestDivergence:
    def test_the_lesson_at_rate_1_2_diverges_and_the_next_run_is_clean(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(DEFAULTS.with_value("learning_rate", 1.2))
        messages = texts_of(controller.message_posted)
        controller.start()
        wait_for_state(qtbot, controller, RunState.DIVERGED)
        run = current_run(controller)
        assert 0 < run.history.step < 100
        assert np.isfinite(run.history.losses).all()
        assert np.isfinite(run.history.current_parameters).all()
        assert messages == run.messages == [controller.outcome]
        assert f"Diverged at step {run.history.step + 1}:" in controller.outcome

        controller.change_settings(learning_rate=0.001, examples=400)
        controller.reset()
        assert (controller.state, controller.outcome) == (RunState.READY, "")
        clean = wait_until_ready(qtbot, controller)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        expected = batch_digests(train(prepare_run(1, clean.config)[1], 200))
        assert history_digests(clean) == expected

    def test_a_pause_that_crosses_it_does_not_hide_it(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(DEFAULTS.with_value("learning_rate", 1000.0))
        controller.start()
        for _ in range(20):
            let_the_worker_pass(controller)
        controller.pause()
        settle(controller)
        assert controller.state is RunState.PAUSED
        controller.step()
        wait_for_state(qtbot, controller, RunState.DIVERGED)


class NuisanceError(Exception):
    pass


class TestFailure:
    def test_an_exception_in_training_is_one_message_and_run_works_again(
        self,
        qtbot: QtBot,
        ready: Ready,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        logged_errors: LoggedErrors,
    ) -> None:
        controller = ready(SHORT.with_value("learning_rate", 0.2))
        run, messages = current_run(controller), texts_of(controller.message_posted)
        states = states_of(controller)
        train_step, calls = lesson.train_step, []

        def fail_at_the_21st(*arguments: object) -> object:
            calls.append(arguments)
            if len(calls) == 21:
                raise NuisanceError("the sky fell")
            return train_step(*arguments)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(lesson, "train_step", fail_at_the_21st)
            controller.start()
            wait_for_state(qtbot, controller, RunState.FAILED)
            settle(controller)
        assert messages == ["Training failed: the sky fell. Change a setting or press Reset."]
        assert (controller.outcome, states) == (messages[0], [RunState.RUNNING, RunState.FAILED])
        assert "in fail_at_the_21st" in caplog.text, "the traceback is logged"
        assert logged_errors() == messages
        assert controller.run is run

        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert current_run(controller).history.step == 33
        assert len(messages) == 1

    def test_no_step_made_before_the_exception_is_lost(
        self,
        qtbot: QtBot,
        ready: Ready,
        monkeypatch: pytest.MonkeyPatch,
        logged_errors: LoggedErrors,
    ) -> None:
        from linreg_gui.engines.autograd import AutogradEngine

        controller = ready(LONG)
        advance = AutogradEngine.advance
        slices: list[StepBatch] = []

        def fail_at_the_third_slice(engine: AutogradEngine, *limits: float) -> StepBatch:
            if len(slices) == 2:
                raise NuisanceError
            slices.append(advance(engine, *limits))  # type: ignore[arg-type]
            return slices[-1]

        monkeypatch.setattr(AutogradEngine, "advance", fail_at_the_third_slice)
        controller.start()
        wait_for_state(qtbot, controller, RunState.FAILED)
        assert current_run(controller).history.step == slices[-1].last_step
        assert logged_errors() == [controller.outcome]

    def test_an_exception_while_preparing_keeps_the_old_run_on_screen(
        self, qtbot: QtBot, ready: Ready, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        controller = ready(SHORT)
        old = current_run(controller)

        def no_memory(*_: object) -> None:
            raise MemoryError

        with monkeypatch.context() as patched:
            patched.setattr(lesson, "synthetic_data", no_memory)
            controller.draw_new_seed()
            wait_for_state(qtbot, controller, RunState.FAILED)
        assert "there is not enough memory for this many examples" in controller.outcome
        assert controller.run is old
        controller.reset()
        assert wait_until_ready(qtbot, controller) is not old

    def test_where_mxnet_cannot_be_loaded_it_says_why(
        self,
        qtbot: QtBot,
        make_controller: MakeController,
        monkeypatch: pytest.MonkeyPatch,
        logged_errors: LoggedErrors,
    ) -> None:
        monkeypatch.setitem(sys.modules, "linreg_gui.backend", None)
        controller = make_controller()
        messages = texts_of(controller.message_posted)
        controller.load()
        wait_for_state(qtbot, controller, RunState.UNAVAILABLE)
        assert "MXNet could not be loaded" in controller.outcome
        assert messages == [controller.outcome] == logged_errors()


class TestNumbersBeyondQts:
    def test_steps_above_2_to_the_31_arrive_unchanged(
        self, ready: Ready, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        many = 11 * 2**32

        def prepare_far_on(number: int, config: TrainingConfig) -> tuple[Run, TrainingEngine]:
            run, engine = prepare_run(number, config)
            engine.step = many
            return run, engine

        monkeypatch.setattr(preparation, "prepare_run", prepare_far_on)
        controller = ready(SHORT)
        run = current_run(controller)
        run.history.last = StepRecord(many, 0.0, 0.0, run.history.start)
        run.planned_epochs = 2**33
        batches = batches_of(controller)
        controller.step()
        settle(controller)
        assert steps_of(batches) == [many + 1]
        assert (run.history.step, run.epoch_at(many + 1)) == (many + 1, 2**32 + 1)

    def test_dictionaries_with_number_keys_cross_unchanged(self, ready: Ready) -> None:
        controller = ready(SHORT)
        sent = {1: "one", 2**40: 2.5, "text": None}
        relay = _Relay()
        controller.background.adopt(relay)
        received: list[object] = []
        taker = _Taker(received)
        relay.asked.connect(relay.answer)
        relay.answered.connect(taker.take)
        relay.asked.emit(sent)
        settle(controller)
        assert received == [sent]


class _Relay(QObject):
    asked = Signal(object)
    answered = Signal(object)

    @Slot(object)
    def answer(self, content: object) -> None:
        self.answered.emit(content)


class _Taker(QObject):
    def __init__(self, received: list[object]) -> None:
        super().__init__()
        self._received = received

    @Slot(object)
    def take(self, content: object) -> None:
        self._received.append(content)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="None ends only after a billion are lost")
def test_emitting_loses_no_reference_to_none_or_true(qtbot: QtBot) -> None:
    # PySide 6.12.0 lost one at each call until the process aborted.
    relay = _Relay()
    received: list[object] = []
    taker = _Taker(received)
    relay.answered.connect(taker.take)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(1000):
        relay.answered.emit(None)
        relay.answered.emit(True)
        received.clear()
        relay.setObjectName("a name")
        relay.blockSignals(False)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert max(old - new for old, new in zip(before, after, strict=True)) < 100


class TestLearningRate:
    def test_a_change_while_running_applies_from_a_batch_on_and_is_noted_there(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(TrainingConfig(examples=6000, epochs=1))
        run = current_run(controller)
        batches = batches_of(controller)

        def change_at_once(_: StepBatch) -> None:
            controller.change_setting("learning_rate", 0.01)

        controller.run_progressed.connect(change_at_once)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        [change] = run.history.rate_changes
        assert change == RateChange(change.step, 0.01)
        assert batches[0].last_step < change.step < 1500

        _, engine = prepare_run(1, run.config)
        before = train(engine, change.step - 1)
        engine.learning_rate = 0.01
        after = train(engine, 1500 - before.last_step)
        losses = np.concatenate([before.losses, after.losses])
        assert run.history.losses.tobytes() == losses.tobytes()

    def test_a_change_while_paused_is_noted_at_the_next_step(self, ready: Ready) -> None:
        controller = ready(SHORT)
        for rate in (0.001, 0.5, 0.25):
            controller.change_setting("learning_rate", rate)
            controller.step()
            settle(controller)
        history = current_run(controller).history
        assert history.rate_changes == [RateChange(2, 0.5), RateChange(3, 0.25)]

    def test_a_drag_has_one_mark_and_each_other_change_its_own(self, ready: Ready) -> None:
        controller = ready(SHORT)

        def step_at(rate: float) -> None:
            controller.change_setting("learning_rate", rate)
            controller.step()
            settle(controller)

        step_at(0.5)
        controller.begin_rate_gesture()
        for rate in (0.4, 0.3, 0.2):
            step_at(rate)
        controller.end_rate_gesture()
        controller.step()
        for rate in (0.1, 0.05):
            step_at(rate)
        history = current_run(controller).history
        assert [change.learning_rate for change in history.rate_marks] == [0.2, 0.1, 0.05]
        assert len(history.rate_changes) == 5

    def test_a_change_taken_back_before_the_next_step_leaves_no_mark(self, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.step()
        controller.change_setting("learning_rate", 0.5)
        controller.change_setting("learning_rate", 0.001)
        controller.step()
        settle(controller)
        history = current_run(controller).history
        assert (history.step, history.rate_changes) == (2, [])

    def test_it_never_waits_for_reset(self, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.step()
        controller.change_setting("learning_rate", 0.5)
        assert controller.pending_settings == frozenset()

    def test_a_run_begins_at_the_rate_of_the_settings(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(SHORT)
        controller.change_setting("learning_rate", 0.01)
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        run = current_run(controller)
        assert (run.config.learning_rate, run.history.rate_changes) == (0.01, [])
        assert run.history.learning_rate_at(run.history.step) == 0.01
