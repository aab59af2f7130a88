"""A run that its stop rule has completed, and what can be done with it then."""

import dataclasses

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import StopRule, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.going_on import GoingOn
from tests.support import (
    PATIENCE,
    Ready,
    batch_digests,
    history_digests,
    made_data,
    settle,
    train,
    wait_for_state,
    wait_for_step,
)

CONFIG = TrainingConfig(
    examples=200, learning_rate=0.02, epochs=4, stop_rule=StopRule.LOSS, stop_percent=5.0
)


@pytest.fixture
def stopped(qtbot: QtBot, ready: Ready) -> TrainingController:
    controller = ready(CONFIG)
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    return controller


def run_of(controller: TrainingController) -> Run:
    assert controller.run is not None
    return controller.run


def test_the_run_is_complete_and_says_what_going_on_would_bring(qtbot: QtBot, ready: Ready) -> None:
    controller = ready(CONFIG)
    going_on = GoingOn(controller, controller)
    posted: list[str] = []
    outcomes: list[str] = []
    controller.message_posted.connect(posted.append)
    controller.state_changed.connect(lambda: outcomes.append(controller.outcome))
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    run = run_of(controller)
    step = run.history.step
    sentence = f"Stopped by your rule at step {step} of 200. R² is at least 95% of its best."
    training = run.problem.training
    loss = training.loss(run.history.current_parameters)
    assert (training.variance - loss) / (training.variance - training.lowest) >= 0.95
    assert next(filter(None, outcomes)) == run.completion_sentence() == sentence
    assert (run.stopped_at, run.is_complete) == (step, True)
    qtbot.waitUntil(lambda: going_on.is_known, timeout=PATIENCE)
    whole, engine = prepare_run(1, CONFIG.with_value("stop_rule", StopRule.NONE))
    whole.history.append(train(engine, 200))
    loss, later = (
        each.problem.training.loss(each.history.current_parameters) for each in (run, whole)
    )
    share = 100 * (loss - later) / loss
    added = controller.outcome.removeprefix(sentence)
    assert added.startswith(f" {200 - step} more steps would have lowered the loss by ")
    words = added.split("loss by ")[1].split("%")[0]
    assert (
        (share > 99.9)
        if words == "more than 99.9"
        else float(words) == pytest.approx(share, rel=0.01)
    )
    assert float(added.split("to ")[1].rstrip(".")) == pytest.approx(later, rel=0.01)
    assert run.messages[-2:] == [sentence, added.strip()]
    assert posted[-1] == controller.outcome


def test_a_step_goes_past_the_rule_and_run_then_goes_to_the_last_epoch(
    qtbot: QtBot, stopped: TrainingController
) -> None:
    run = run_of(stopped)
    step = run.history.step
    stopped.step()
    wait_for_step(qtbot, stopped, step + 1)
    settle(stopped)
    assert (stopped.state, stopped.outcome) == (RunState.PAUSED, "")
    assert (run.stopped_at, run.is_complete) == (step, False)
    stopped.start()
    wait_for_state(qtbot, stopped, RunState.COMPLETED)
    assert (run.history.step, run.planned_steps) == (200, 200)
    assert stopped.outcome.startswith("Completed at step 200; every parameter is within")
    whole = train(prepare_run(1, CONFIG.with_value("stop_rule", StopRule.NONE))[1], 200)
    assert history_digests(run) == batch_digests(whole)


def test_pause_at_the_very_step_of_the_stop_loses_nothing(
    qtbot: QtBot, stopped: TrainingController
) -> None:
    stop = run_of(stopped).stopped_at
    stopped.reset()
    stopped.start()
    stopped.pause()  # the training thread hears of both at once, or has stopped already
    settle(stopped)
    stopped.start()
    wait_for_state(qtbot, stopped, RunState.COMPLETED)
    assert run_of(stopped).stopped_at == run_of(stopped).history.step == stop


def test_where_least_squares_explains_nothing_the_losses_are_told() -> None:
    rng = np.random.default_rng(0)
    x, y = np.repeat(rng.normal(size=20), 2), np.tile([0.0, 2.0], 20)  # no slope fits better than 0
    config = dataclasses.replace(CONFIG, data=made_data(x, y), batch_size=10, stop_percent=50.0)
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, 4000))
    run.stopped_at = run.history.step
    assert "and least squares has 1." in run.completion_sentence()


def test_a_rule_that_is_not_met_is_told(qtbot: QtBot, ready: Ready) -> None:
    controller = ready(CONFIG.with_value("stop_percent", 1e-6))
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    run = run_of(controller)
    assert (run.history.step, run.stopped_at) == (200, None)
    assert controller.outcome.endswith("of least squares. Your stop rule was not met.")
