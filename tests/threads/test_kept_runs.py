"""Every run that ended is kept once, with its own steps."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import KeptRun
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Engine
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import MOST_RUNS, KeptRuns
from tests.conftest import MakeController
from tests.support import (
    let_the_worker_pass,
    line_data,
    settle,
    train,
    wait_for_state,
    wait_for_step,
    wait_until_ready,
)

FEW = DEFAULTS.with_value("examples", 40).with_value("engine", Engine.INSTANT)

Finish = Callable[..., KeptRun]


@pytest.fixture
def controller(qtbot: QtBot, make_controller: MakeController) -> TrainingController:
    controller = make_controller(FEW)
    controller.load()
    wait_until_ready(qtbot, controller)
    return controller


@pytest.fixture
def kept_runs(controller: TrainingController) -> KeptRuns:
    return KeptRuns(controller, controller)


@pytest.fixture
def finish(qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns) -> Finish:
    """Return a function that trains to the end with other settings and returns the kept run."""

    def make(**values: object) -> KeptRun:
        controller.change_settings(**values)
        controller.reset()
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED, RunState.DIVERGED)
        return kept_runs.runs[-1]

    return make


def test_each_keeps_the_steps_of_its_own_settings(finish: Finish, kept_runs: KeptRuns) -> None:
    rates = (0.001, 0.1, 0.01, 30.0)
    for rate in rates:
        finish(learning_rate=rate)
    assert [kept.run.config.learning_rate for kept in kept_runs.runs] == list(rates)
    assert len({kept.run.number for kept in kept_runs.runs}) == len(rates)
    for kept in kept_runs.runs:
        run, engine = prepare_run(1, FEW.with_value("learning_rate", kept.run.config.learning_rate))
        steps = train(engine, run.planned_steps)
        assert np.array_equal(kept.run.history.parameters.T, steps.parameters)
        assert np.array_equal(kept.run.history.losses, steps.losses)
        assert kept.state is (RunState.DIVERGED if engine.diverged else RunState.COMPLETED)


def test_only_what_has_ended_after_a_step_is_kept(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns
) -> None:
    controller.step()
    settle(controller)
    assert controller.state is RunState.PAUSED
    assert kept_runs.runs == []
    controller.stop()
    assert [kept.state for kept in kept_runs.runs] == [RunState.STOPPED]


def test_a_stopped_run_is_kept_with_the_steps_that_came_late(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns
) -> None:
    controller.change_settings(engine=Engine.AUTOGRAD, epochs=10_000)
    controller.start()
    wait_for_step(qtbot, controller, 1)
    let_the_worker_pass(controller)
    controller.stop()
    settle(controller)
    (kept,) = kept_runs.runs
    assert controller.run is not None
    assert kept.run.history.step == controller.run.history.step
    assert kept.state is RunState.STOPPED


def test_a_run_taken_further_stays_one_entry_with_its_name_and_pin(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns, finish: Finish
) -> None:
    kept = finish()
    kept_runs.rename(kept, "Mine")
    kept_runs.set_pinned(kept, pinned=True)
    controller.finish_epoch()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    assert kept_runs.runs == [kept]
    assert (kept.name, kept.is_pinned, kept.run.history.step) == ("Mine", True, 30)


def test_a_deleted_run_that_is_taken_further_is_there_once(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns, finish: Finish
) -> None:
    kept = finish()
    kept_runs.delete(kept)
    controller.finish_epoch()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    assert kept_runs.runs == [kept]
    assert not kept_runs.can_restore


def test_the_shown_runs_but_the_current_one_are_drawn_over_it(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns, finish: Finish
) -> None:
    first, second, last = finish(), finish(learning_rate=0.1), finish(learning_rate=0.2)
    assert kept_runs.over() == []
    kept_runs.begin_comparing()
    assert kept_runs.over() == [first, second]
    kept_runs.set_shown(first, shown=False)
    assert kept_runs.over() == [second]
    kept_runs.set_shown(*kept_runs.runs, shown=True)
    with qtbot.waitSignal(kept_runs.changed):
        controller.reset()
    wait_until_ready(qtbot, controller)
    assert kept_runs.over() == [first, second, last]


def test_a_run_keeps_its_number_in_its_title(kept_runs: KeptRuns, finish: Finish) -> None:
    kept = finish()
    for text, name, title in (
        (" fast ", "fast", "Run 1: fast"),
        ("Run 1: very fast", "very fast", "Run 1: very fast"),
        ("  ", "", "Run 1"),
        ("Run 1", "", "Run 1"),
        ("Run 2", "Run 2", "Run 1: Run 2"),
    ):
        kept_runs.rename(kept, text)
        assert (kept.name, kept.title) == (name, title)


def test_only_runs_of_the_same_problem_are_drawn(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns, finish: Finish
) -> None:
    kept_runs.begin_comparing()
    usual, other_seed, other_noise = finish(), finish(seed=2), finish(noise_std=1.0)
    assert kept_runs.over() == [usual, other_seed]
    finish(true_weights=(1.0,))
    assert kept_runs.over() == []
    for kept in (usual, other_seed, other_noise):
        expected = "It has another number of features than the run on screen."
        assert kept_runs.obstacle(kept) == expected
    other_truth = finish(true_weights=(2.0, 5.0))
    assert kept_runs.obstacle(usual) == "Its data was drawn with other true parameters."
    controller.use_data(line_data(1, 9))
    wait_until_ready(qtbot, controller)
    assert kept_runs.obstacle(other_truth) == "It was trained on other data."
    measured = finish(seed=3)
    controller.use_data(line_data(1, 9))  # the same table, read again
    wait_until_ready(qtbot, controller)
    assert kept_runs.over() == [measured]
    controller.use_data(line_data(1, 10))
    wait_until_ready(qtbot, controller)
    assert kept_runs.over() == []


def test_comparing_begins_with_all_runs_and_ends_without_new_ones(
    kept_runs: KeptRuns, finish: Finish
) -> None:
    first, second, third = finish(), finish(seed=2), finish(seed=3)
    kept_runs.begin_comparing()
    assert kept_runs.over() == [first, second]
    kept_runs.set_shown(first, shown=False)
    kept_runs.end_comparing()
    fourth = finish(seed=4)
    assert kept_runs.over() == [second, third]
    kept_runs.begin_comparing()
    finish(seed=5)
    assert kept_runs.over() == [second, third], "what a person has chosen stays"
    assert not fourth.is_shown
    kept_runs.clear_over()
    assert kept_runs.over() == []


def test_it_tells_when_other_runs_are_drawn(
    qtbot: QtBot, kept_runs: KeptRuns, finish: Finish
) -> None:
    first, second = finish(), finish(seed=2)
    with qtbot.waitSignal(kept_runs.over_changed):
        kept_runs.set_shown(first, shown=True)
    with qtbot.assertNotEmitted(kept_runs.over_changed):
        kept_runs.set_shown(first, shown=True)
        kept_runs.set_pinned(first, pinned=True)
        kept_runs.rename(second, "not drawn")
    with qtbot.waitSignal(kept_runs.over_changed):
        kept_runs.rename(first, "slow")
    with qtbot.waitSignal(kept_runs.over_changed):
        kept_runs.clear_over()


def test_the_last_deleted_run_comes_back_in_its_place_and_color(
    kept_runs: KeptRuns, finish: Finish
) -> None:
    first, second, third = finish(), finish(seed=2), finish(seed=3)
    color = second.color_index
    kept_runs.set_pinned(second, pinned=True)
    kept_runs.delete(second)
    assert kept_runs.runs == [first, third]
    fourth = finish(seed=4)
    kept_runs.restore()
    assert kept_runs.runs == [first, second, third, fourth]
    assert (second.color_index, second.is_pinned) == (color, True)
    assert len({kept.color_index for kept in kept_runs.runs}) == 4
    assert not kept_runs.can_restore


def test_the_color_of_a_run_that_cannot_come_back_is_used_again(
    kept_runs: KeptRuns, finish: Finish
) -> None:
    first, second = finish(), finish(seed=2)
    kept_runs.delete(first)
    kept_runs.delete(second)
    assert finish(seed=3).color_index == first.color_index


def test_the_oldest_that_is_not_pinned_makes_room(kept_runs: KeptRuns, finish: Finish) -> None:
    first = finish()
    kept_runs.set_pinned(first, pinned=True)
    for seed in range(2, MOST_RUNS + 3):
        finish(seed=seed)
    assert kept_runs.runs[0] is first
    assert [kept.run.config.seed for kept in kept_runs.runs[1:]] == list(range(4, MOST_RUNS + 3))
    assert len({kept.color_index for kept in kept_runs.runs}) == MOST_RUNS


def test_pinned_runs_are_never_pushed_out(kept_runs: KeptRuns, finish: Finish) -> None:
    pinned = [finish(seed=seed) for seed in range(MOST_RUNS)]
    for kept in pinned:
        kept_runs.set_pinned(kept, pinned=True)
    assert kept_runs.is_full
    finish(seed=100)
    assert kept_runs.runs == pinned
    kept_runs.set_pinned(pinned[3], pinned=False)
    assert not kept_runs.is_full
    finish(seed=101)
    assert kept_runs.runs[-1].run.config.seed == 101
    assert pinned[3] not in kept_runs.runs


def test_stopping_before_the_next_run_is_prepared_leaves_the_former_one(
    qtbot: QtBot, controller: TrainingController, kept_runs: KeptRuns, finish: Finish
) -> None:
    kept = finish()
    controller.reset()
    controller.start()
    controller.stop()
    assert controller.state is RunState.STOPPED
    assert kept.state is RunState.COMPLETED
    settle(controller)  # the new run may have made steps by then, and is then kept too
    assert kept_runs.runs[0] is kept
    assert kept.state is RunState.COMPLETED
