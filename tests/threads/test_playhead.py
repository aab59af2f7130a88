"""The playhead shows exactly the steps of the history, whatever happens meanwhile."""

import math
import time

import numpy as np
import pytest
from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from linreg_gui.runs.history import History
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads import playhead as playhead_module
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead
from tests.conftest import MakeController
from tests.support import (
    PATIENCE,
    Ready,
    settle,
    wait_for_state,
    wait_for_step,
    wait_until_ready,
)

SHORT = TrainingConfig(examples=43, batch_size=4, epochs=3)
"""Eleven steps an epoch."""

LONG = TrainingConfig(epochs=10_000)

ROW_BYTES = 24
"""What the history takes for a step with two weights and a bias."""


@pytest.fixture
def completed(qtbot: QtBot, ready: Ready) -> TrainingController:
    """Return a controller whose run has made its 33 steps."""
    controller = ready(SHORT)
    complete(qtbot, controller)
    return controller


@pytest.fixture
def thinned(qtbot: QtBot, ready: Ready) -> TrainingController:
    """Return a controller whose run has kept 5 of its 33 steps."""
    controller = ready(SHORT)
    history = keep_at_most(5, run_of(controller))
    complete(qtbot, controller)
    assert history.steps.tolist() == [1, 9, 17, 25, 33]
    return controller


def run_of(controller: TrainingController) -> Run:
    assert controller.run is not None
    return controller.run


def complete(qtbot: QtBot, controller: TrainingController) -> None:
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)


def keep_at_most(rows: int, run: Run) -> History:
    """Give ``run``, before its first step, a history of this many steps; return it."""
    old = run.history
    run.history = History(
        old.start, old.examples, old.batch_size, old.learning_rate_at(0), rows * ROW_BYTES
    )
    return run.history


def count_of(signal: SignalInstance) -> list[None]:
    """Return a list that grows by one with each emission."""
    emissions: list[None] = []
    signal.connect(lambda: emissions.append(None))
    return emissions


def steps_shown(playhead: Playhead) -> list[int]:
    """Return a list of every step that is shown from now on."""
    steps: list[int] = []
    playhead.moved.connect(lambda: steps.append(playhead.shown_step))
    return steps


def wait_until_paused(qtbot: QtBot, playhead: Playhead) -> None:
    qtbot.waitUntil(lambda: not playhead.is_playing, timeout=PATIENCE)


class TestWithoutATrajectory:
    def test_nothing_can_be_traveled_to_before_a_run(self, make_controller: MakeController) -> None:
        playhead = Playhead(make_controller())
        moves = count_of(playhead.moved)
        travel_everywhere(playhead)
        assert not moves
        assert playhead.is_live
        assert not playhead.is_playing
        assert playhead.shown_step == 0
        assert playhead.record is None
        assert playhead.parameters.size == 0

    def test_nothing_but_the_start_is_there_before_the_first_step(self, ready: Ready) -> None:
        controller = ready(SHORT)
        playhead = Playhead(controller)
        moves = count_of(playhead.moved)
        travel_everywhere(playhead)
        assert not moves
        assert not playhead.is_playing
        assert playhead.record is None
        np.testing.assert_array_equal(playhead.parameters, run_of(controller).history.start)


def travel_everywhere(playhead: Playhead) -> None:
    playhead.go_to(5)
    playhead.go_to(0)
    playhead.to_end()
    for count in (-1, 1):
        playhead.step_by(count)
        playhead.epoch_by(count)
    playhead.play()


class TestWhatIsShown:
    def test_every_step_is_shown_exactly_as_recorded(self, completed: TrainingController) -> None:
        history, playhead = run_of(completed).history, Playhead(completed)
        for step in range(1, 34):
            playhead.go_to(step)
            record = playhead.record
            assert record is not None
            assert (playhead.shown_step, record.step) == (step, step)
            assert record.loss == history.losses[step - 1]
            assert record.moving_loss == history.moving_losses[step - 1]
            np.testing.assert_array_equal(record.parameters, history.parameters[:, step - 1])
            np.testing.assert_array_equal(playhead.parameters, record.parameters)

    def test_the_start_has_its_parameters_but_no_loss(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        playhead.go_to(0)
        assert playhead.step == playhead.shown_step == 0
        assert playhead.record is None
        np.testing.assert_array_equal(playhead.parameters, run_of(completed).history.start)

    def test_live_is_the_newest_step(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        assert playhead.is_live
        assert playhead.shown_step == 33
        assert playhead.record == run_of(completed).history.last

    @pytest.mark.parametrize(("asked", "shown"), [(-7, 0), (0.4, 0), (12.4, 12), (1e12, 33)])
    def test_a_step_beyond_the_run_is_its_nearest_step(
        self, completed: TrainingController, asked: float, shown: int
    ) -> None:
        playhead = Playhead(completed)
        playhead.go_to(asked)
        assert playhead.shown_step == shown

    def test_it_announces_a_move_once(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        moves = count_of(playhead.moved)
        playhead.go_to(7)
        playhead.go_to(7.2)
        assert len(moves) == 1
        playhead.go_live()
        playhead.go_live()
        assert len(moves) == 2


class TestTraveling:
    def test_it_goes_step_by_step_to_both_ends_and_no_further(
        self, completed: TrainingController
    ) -> None:
        playhead = Playhead(completed)
        shown = steps_shown(playhead)
        for _ in range(40):
            playhead.step_by(-1)
        assert shown == list(range(32, -1, -1))
        shown.clear()
        for _ in range(40):
            playhead.step_by(1)
        assert shown == list(range(1, 34))

    def test_it_goes_from_epoch_to_epoch(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        playhead.go_to(15)
        shown = steps_shown(playhead)
        for count in (-1, -1, -1, 1, 1, 1, 1):
            playhead.epoch_by(count)
        assert shown == [11, 0, 11, 22, 33]

    def test_the_newest_step_of_a_run_at_rest_is_live(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        for travel in (playhead.to_end, lambda: playhead.go_to(33), lambda: playhead.step_by(33)):
            playhead.go_to(0)
            assert not playhead.is_live
            travel()
            assert playhead.is_live

    def test_a_new_run_is_shown_live(self, qtbot: QtBot, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        playhead.go_to(5)
        playhead.play()
        completed.reset()
        wait_until_ready(qtbot, completed)
        assert playhead.is_live
        assert not playhead.is_playing


class TestWhileTheRunGoesOn:
    def test_the_shown_step_stays(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(LONG)
        playhead = Playhead(controller)
        controller.start()
        wait_for_step(qtbot, controller, 100)
        playhead.go_to(42)
        record, moves = playhead.record, count_of(playhead.moved)
        assert record is not None
        wait_for_step(qtbot, controller, run_of(controller).history.step + 200)
        controller.pause()
        settle(controller)
        assert not moves
        later = playhead.record
        assert later is not None
        assert (playhead.step, later.step) == (42, 42)
        np.testing.assert_array_equal(later.parameters, record.parameters)

    def test_following_it_is_no_move(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(LONG)
        playhead = Playhead(controller)
        moves = count_of(playhead.moved)
        controller.start()
        wait_for_step(qtbot, controller, 100)
        controller.pause()
        assert not moves
        assert playhead.shown_step == run_of(controller).history.step

    def test_the_end_is_the_newest_step_and_not_live(self, qtbot: QtBot, ready: Ready) -> None:
        controller = ready(LONG)
        playhead = Playhead(controller)
        controller.start()
        wait_for_step(qtbot, controller, 100)
        playhead.to_end()
        newest = run_of(controller).history.step
        assert playhead.step == newest
        wait_for_step(qtbot, controller, newest + 10)
        assert playhead.step == newest

    def test_thinning_renames_the_step_to_the_nearest_kept_one(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT)
        history = keep_at_most(16, run_of(controller))
        playhead = Playhead(controller)
        controller.finish_epoch()
        wait_for_state(qtbot, controller, RunState.PAUSED)
        playhead.go_to(10)
        assert playhead.step == 10
        complete(qtbot, controller)
        assert history.stride == 4
        record = playhead.record
        assert record is not None
        assert playhead.step == record.step == 9


class TestWhereTheHistoryWasThinned:
    @pytest.mark.parametrize(("asked", "shown"), [(2, 1), (12, 9), (14, 17), (28, 25), (30, 33)])
    def test_the_nearest_kept_step_is_shown_and_named(
        self, thinned: TrainingController, asked: int, shown: int
    ) -> None:
        playhead = Playhead(thinned)
        playhead.go_to(asked)
        record = playhead.record
        assert record is not None
        assert playhead.shown_step == record.step == playhead.kept_step(asked) == shown

    def test_it_goes_by_kept_steps_and_leaves_none_out(self, thinned: TrainingController) -> None:
        playhead = Playhead(thinned)
        shown = steps_shown(playhead)
        for _ in range(6):
            playhead.step_by(-1)
        for _ in range(6):
            playhead.step_by(1)
        assert shown == [25, 17, 9, 1, 0, 1, 9, 17, 25, 33]

    def test_it_leaves_none_out_where_the_newest_is_between_two_rows(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(SHORT.with_value("examples", 4 * 7))  # 21 steps
        history = keep_at_most(4, run_of(controller))
        complete(qtbot, controller)
        assert history.steps.tolist() == [1, 9, 17]
        playhead = Playhead(controller)
        shown = steps_shown(playhead)
        for _ in range(5):
            playhead.step_by(-1)
        assert shown == [17, 9, 1, 0]

    def test_it_goes_past_ends_of_epochs_that_are_not_kept(
        self, thinned: TrainingController
    ) -> None:
        playhead = Playhead(thinned)
        shown = steps_shown(playhead)
        for count in (-1, -1, -1, 1, 1, 1):
            playhead.epoch_by(count)
        assert shown == [25, 9, 0, 9, 25, 33]


class TestPlaying:
    def test_it_plays_from_the_start_to_the_end_and_is_live_there(
        self, qtbot: QtBot, completed: TrainingController
    ) -> None:
        playhead = Playhead(completed)
        completed.set_pace(100)
        shown, changes = steps_shown(playhead), count_of(playhead.playing_changed)
        playhead.play()
        assert playhead.is_playing
        wait_until_paused(qtbot, playhead)
        assert shown[0] == 0
        assert shown == sorted(set(shown))
        assert len(shown) > 5
        assert playhead.is_live
        assert len(changes) == 2

    def test_it_plays_on_from_the_shown_step(
        self, qtbot: QtBot, completed: TrainingController
    ) -> None:
        playhead = Playhead(completed)
        completed.set_pace(100)
        playhead.go_to(20)
        shown = steps_shown(playhead)
        playhead.play()
        wait_until_paused(qtbot, playhead)
        assert shown[0] > 20

    @pytest.mark.parametrize(("pace", "seconds"), [(100, 0.33), (math.inf, 0.5)])
    def test_it_goes_at_the_watch_speed_and_at_full_speed_the_whole_run_takes_a_fixed_time(
        self,
        qtbot: QtBot,
        completed: TrainingController,
        monkeypatch: pytest.MonkeyPatch,
        pace: float,
        seconds: float,
    ) -> None:
        monkeypatch.setattr(playhead_module, "_REPLAY_SECONDS", 0.5)
        playhead = Playhead(completed)
        completed.set_pace(pace)
        began = time.perf_counter()
        playhead.play()
        wait_until_paused(qtbot, playhead)
        assert time.perf_counter() - began > 0.9 * seconds

    def test_a_hand_on_it_stops_it(self, completed: TrainingController) -> None:
        playhead = Playhead(completed)
        for stop in (playhead.toggle_play, lambda: playhead.go_to(3), playhead.go_live):
            playhead.toggle_play()
            assert playhead.is_playing
            stop()
            assert not playhead.is_playing

    def test_it_catches_up_with_a_run_that_goes_on_and_follows_it(
        self, qtbot: QtBot, ready: Ready
    ) -> None:
        controller = ready(LONG)
        playhead = Playhead(controller)
        controller.start()
        wait_for_step(qtbot, controller, 50)
        controller.set_pace(10**6)
        playhead.play()
        wait_until_paused(qtbot, playhead)
        assert controller.state is RunState.RUNNING
        assert playhead.is_live
