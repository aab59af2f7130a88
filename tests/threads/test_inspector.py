"""Inside a step one goes forward and back, and the pictures go along."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.anatomy.step_trace import Phase
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.inspector import GLANCE_MILLISECONDS, Inspector
from linreg_gui.threads.jobs import Channel
from linreg_gui.threads.playhead import Playhead
from tests.saved_sessions import Owners, history
from tests.support import PATIENCE, Ready, line_data, note_jobs, settle

SMALL = TrainingConfig(examples=10, batch_size=4)
Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda condition: qtbot.waitUntil(condition, timeout=PATIENCE)


class Looking:
    """A run that is looked into."""

    def __init__(self, controller: TrainingController, wait: Wait) -> None:
        self.controller = controller
        self.playhead = Playhead(controller, controller)
        self.inspector = Inspector(controller, self.playhead, controller)
        self.inspector.watch(controller, wanted=True)
        self.wait = wait

    @property
    def newest(self) -> int:
        return self.run.history.step

    @property
    def run(self) -> Run:
        assert self.controller.run is not None
        return self.controller.run

    def forward(self, count: int = 1) -> None:
        for _ in range(count):
            before = self.inspector.step, self.inspector.phase
            self.inspector.forward()
            assert (self.inspector.step, self.inspector.phase) != before
            self.arrive()

    def back(self, count: int = 1) -> None:
        for _ in range(count):
            self.inspector.back()
            self.arrive()

    def arrive(self) -> None:
        """Wait until everything that is under way is there."""
        inspector = self.inspector

        def is_there() -> bool:
            step = inspector.step
            updated = inspector.phase >= Phase.UPDATE_B
            trace = inspector.trace
            return (self.newest >= step or not updated) and (trace.step if trace else 0) == step

        self.wait(is_there)

    @property
    def place(self) -> tuple[int, Phase]:
        return self.inspector.step, self.inspector.phase


@pytest.fixture
def look(ready: Ready, wait: Wait) -> Callable[..., Looking]:
    return lambda config=SMALL: Looking(ready(config), wait)


def test_the_first_press_takes_a_minibatch_and_trains_on_nothing(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward()
    assert looking.place == (1, Phase.TAKE)
    assert looking.newest == 0
    assert looking.inspector.trace is not None
    assert looking.inspector.trace.size == 4


def test_the_run_takes_the_step_once_all_its_parameters_are_updated(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(int(Phase.UPDATE_W) + 1)
    assert looking.place == (1, Phase.UPDATE_W)
    assert (looking.newest, looking.playhead.shown_step) == (0, 0)
    looking.forward()
    assert (looking.newest, looking.playhead.shown_step) == (1, 1)
    assert looking.inspector.trace is not None
    assert np.array_equal(looking.inspector.trace.after, looking.run.history.current_parameters)


def test_however_fast_the_keys_come_a_step_is_taken_once(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    for phase in Phase:
        looking.inspector.forward()
        assert looking.inspector.phase is phase
    looking.inspector.forward()  # the step is still under way
    settle(looking.controller)
    looking.arrive()
    assert (looking.newest, looking.place) == (1, (1, Phase.AVERAGE))


def test_going_on_comes_into_the_next_step_and_over_the_end_of_an_epoch(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(len(Phase) * 4)
    assert looking.place == (4, Phase.AVERAGE)
    assert looking.newest == 4
    assert looking.inspector.trace is not None
    assert not looking.inspector.trace.is_short
    looking.back(len(Phase))
    assert looking.place == (3, Phase.AVERAGE)
    assert looking.inspector.trace.is_short


@pytest.mark.parametrize("engine", Engine)
def test_back_restores_the_parameters_bit_for_bit(
    look: Callable[..., Looking], engine: Engine
) -> None:
    looking = look(SMALL.with_value("engine", engine))
    there: list[tuple[tuple[int, Phase], bytes, bytes]] = []
    for _ in range(len(Phase) * 3):
        looking.forward()
        there.append(snapshot(looking))
    for expected in reversed(there[:-1]):
        looking.back()
        assert snapshot(looking) == expected
    looking.back()
    assert looking.place == (0, Phase.AVERAGE)
    assert looking.inspector.trace is None
    assert looking.playhead.shown_step == 0
    for expected in there:
        looking.forward()
        assert snapshot(looking) == expected
    assert looking.newest == 3


def snapshot(looking: Looking) -> tuple[tuple[int, Phase], bytes, bytes]:
    trace = looking.inspector.trace
    assert trace is not None
    shown = looking.run.history.parameters_at(looking.playhead.shown_step)
    inside = trace.parameters_at(looking.inspector.phase)
    return looking.place, shown.tobytes(), inside.tobytes()


def test_the_pictures_moment_is_before_the_step_until_it_is_updated(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(len(Phase) * 3)
    for phase in reversed(Phase):
        looking.inspector.go_to_phase(phase)
        looking.arrive()
        assert looking.place == (3, phase)
        assert looking.playhead.shown_step == (3 if phase >= Phase.UPDATE_B else 2)


def test_a_run_is_paused_first_and_its_newest_step_is_shown(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look(TrainingConfig())
    looking.controller.start()
    wait(lambda: looking.newest > 50)
    looking.inspector.forward()
    assert looking.controller.state is RunState.PAUSED
    settle(looking.controller)
    looking.arrive()
    newest = looking.newest
    looking.forward()
    assert looking.place == (newest + 1, Phase.TAKE)
    assert looking.newest == newest


def test_a_run_that_goes_on_from_inside_a_step_is_seen(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look(TrainingConfig())
    looking.forward(len(Phase) + 2)
    looking.back(6)
    assert not looking.playhead.is_live
    looking.controller.start()
    assert looking.playhead.is_live
    wait(lambda: looking.newest > 50)
    looking.controller.pause()
    settle(looking.controller)
    looking.arrive()
    assert looking.place == (looking.newest, Phase.AVERAGE)


def test_traveling_shows_the_step_that_led_there(look: Callable[..., Looking]) -> None:
    looking = look()
    looking.controller.finish_epoch()
    looking.wait(lambda: looking.controller.state is RunState.PAUSED)
    looking.forward(2)
    looking.playhead.go_to(2)
    looking.arrive()
    assert looking.place == (2, Phase.AVERAGE)


def test_at_a_low_speed_every_phase_of_every_step_is_shown(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look()
    seen: list[tuple[int, Phase]] = []

    def note() -> None:
        trace = looking.inspector.trace
        place = (trace.step if trace else 0, looking.inspector.phase)
        if not seen or seen[-1] != place:
            seen.append(place)

    looking.controller.set_pace(2)
    looking.inspector.changed.connect(note)
    looking.controller.finish_epoch()
    wait(lambda: bool(seen) and seen[-1] == (3, Phase.AVERAGE))
    for step in (1, 2, 3):
        assert [phase for each, phase in seen if each == step][-1] is Phase.AVERAGE
        assert {Phase.FORWARD, Phase.LOSS, Phase.BACKWARD} <= {
            phase for each, phase in seen if each == step
        }


def test_a_run_that_is_paused_inside_a_step_stays_at_its_phase(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look(TrainingConfig())
    looking.controller.set_pace(1)
    looking.controller.start()
    wait(lambda: looking.newest == 1 and looking.inspector.phase is Phase.LOSS)
    looking.controller.pause()
    settle(looking.controller)
    assert looking.place == (1, Phase.LOSS)
    assert looking.playhead.shown_step == 0


def test_nothing_is_computed_while_nobody_watches(
    look: Callable[..., Looking], wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = look()
    looking.forward(2)
    looking.inspector.watch(looking.controller, wanted=False)
    assert looking.inspector.trace is None
    jobs = note_jobs(looking.controller, monkeypatch)
    looking.controller.finish_epoch()
    wait(lambda: looking.controller.state is RunState.PAUSED)
    settle(looking.controller)
    assert jobs == []


def test_reset_leaves_the_step(look: Callable[..., Looking], wait: Wait) -> None:
    looking = look()
    looking.forward(3)
    former = looking.run
    looking.controller.reset()
    wait(lambda: looking.run is not former)
    assert looking.place == (0, Phase.AVERAGE)
    assert looking.inspector.trace is None


def test_a_step_to_come_is_made_with_a_rate_that_is_changed_inside_it(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look()
    looking.forward(len(Phase) + int(Phase.UPDATE_W) + 1)
    looking.controller.change_setting("learning_rate", 0.25)
    inspector = looking.inspector
    wait(lambda: inspector.trace is not None and inspector.trace.learning_rate == 0.25)
    expected = inspector.trace
    assert expected is not None
    looking.forward()
    assert np.array_equal(looking.run.history.current_parameters, expected.after)
    looking.back(len(Phase))
    trace = inspector.trace
    assert trace is not None
    assert trace.learning_rate == 0.001


def test_every_step_of_a_thinned_history_can_be_shown(look: Callable[..., Looking]) -> None:
    looking = look(TrainingConfig(examples=40, batch_size=4))
    looking.controller.start()
    looking.wait(lambda: looking.controller.state is RunState.COMPLETED)
    exact = [looking.run.history.parameters_at(step) for step in range(21)]
    looking.run.history = looking.run.history.reduced(10 * 20)
    assert looking.run.history.stride > 1
    looking.inspector.go_to_phase(Phase.LOSS)
    for step in range(20, 0, -1):
        looking.arrive()
        trace = looking.inspector.trace
        assert trace is not None
        assert (trace.step, looking.inspector.phase) == (step, Phase.LOSS)
        assert np.array_equal(trace.before, exact[step - 1])
        looking.back(len(Phase))


def test_the_gradient_is_checked_on_request(look: Callable[..., Looking], wait: Wait) -> None:
    looking = look()
    looking.forward(4)
    assert looking.inspector.report is None
    looking.inspector.want_report(wanted=True)
    wait(lambda: looking.inspector.report is not None)
    looking.forward(len(Phase))
    wait(lambda: looking.inspector.report is not None)


def test_the_example_stays_within_a_short_last_batch(look: Callable[..., Looking]) -> None:
    looking = look()
    looking.forward(len(Phase) * 2)
    looking.inspector.choose_example(3)
    assert looking.inspector.example == 3
    looking.forward()
    assert looking.inspector.example == 1


def test_another_step_by_the_button_finishes_this_one_and_shows_it(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(len(Phase) + 2)
    looking.controller.step()
    settle(looking.controller)
    looking.arrive()
    assert (looking.newest, looking.place) == (2, (2, Phase.AVERAGE))
    assert looking.playhead.is_live
    looking.back(len(Phase) + 3)
    looking.controller.step()
    settle(looking.controller)
    looking.arrive()
    assert (looking.newest, looking.place) == (3, (3, Phase.AVERAGE))


def test_a_step_undone_before_it_arrives_is_undone_in_the_pictures_too(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(int(Phase.UPDATE_W) + 1)
    looking.inspector.forward()
    looking.inspector.back()
    settle(looking.controller)
    looking.arrive()
    assert (looking.newest, looking.place) == (1, (1, Phase.UPDATE_W))
    assert looking.playhead.shown_step == 0


def test_an_answer_that_comes_late_is_not_shown(look: Callable[..., Looking]) -> None:
    looking = look()
    looking.forward(len(Phase))
    looking.inspector.forward()
    looking.inspector.back()
    settle(looking.controller)
    assert looking.place == (1, Phase.AVERAGE)
    assert looking.inspector.trace is not None
    assert looking.inspector.trace.step == 1


def test_a_run_that_takes_the_place_of_another_is_looked_into_with_its_own_minibatches(
    look: Callable[..., Looking], ready: Ready, wait: Wait
) -> None:
    small = Owners(ready(TrainingConfig(data=line_data(1, 8), batch_size=2)))
    small.controller.step()
    wait(lambda: history(small.controller).step == 1)
    looking = look(TrainingConfig(examples=1000))
    looking.forward(len(Phase))

    def ask_at_once(_session: object) -> None:  # before the run is told, which ends the work
        looking.inspector.want_report(wanted=True)
        time.sleep(0.2)

    owners = Owners(looking.controller)
    looking.controller.restored.connect(ask_at_once)
    owners.restore(small.capture(), wait)
    looking.arrive()
    trace = looking.inspector.trace
    assert trace is not None
    assert trace.target.tolist() == looking.run.dataset.target[trace.places].tolist()


def test_a_stopped_run_leaves_a_step_that_it_will_not_make(look: Callable[..., Looking]) -> None:
    looking = look()
    looking.forward(len(Phase) + 3)
    looking.controller.stop()
    assert looking.place == (1, Phase.AVERAGE)
    looking.inspector.forward()
    settle(looking.controller)
    assert (looking.newest, looking.place) == (1, (1, Phase.AVERAGE))


def test_after_a_step_that_diverges_the_last_finite_one_is_shown(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look(TrainingConfig(examples=100, learning_rate=10.0))
    for _ in range(400):
        looking.inspector.forward()
        settle(looking.controller)
        if looking.controller.state is RunState.DIVERGED:
            break
    looking.arrive()
    assert looking.controller.state is RunState.DIVERGED
    assert looking.place == (looking.newest, Phase.AVERAGE)
    looking.inspector.forward()
    assert looking.place == (looking.newest, Phase.AVERAGE)


def test_going_to_where_the_pictures_are_already_leaves_the_step(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(3)
    looking.playhead.go_to(0)
    assert looking.place == (0, Phase.AVERAGE)


def test_a_changed_rate_does_not_leave_the_first_step(
    look: Callable[..., Looking], wait: Wait
) -> None:
    looking = look()
    looking.forward(3)
    former = looking.run
    looking.controller.change_setting("learning_rate", 0.25)
    wait(lambda: looking.run is not former)
    looking.arrive()
    assert looking.place == (1, Phase.LOSS)
    assert looking.inspector.trace is not None
    assert looking.inspector.trace.learning_rate == 0.25


def test_after_watching_the_newest_step_the_pictures_follow_the_run(
    look: Callable[..., Looking],
) -> None:
    looking = look()
    looking.forward(len(Phase) + 2)
    looking.back(5)
    assert not looking.playhead.is_live
    looking.inspector.watch(looking.controller, wanted=False)
    assert looking.playhead.is_live


@pytest.mark.parametrize(
    "settings",
    [
        {"examples": 100, "batch_size": 100},
        {"engine": Engine.INSTANT},
    ],
)
def test_a_run_of_short_epochs_is_followed_and_other_work_gets_its_turn(
    qtbot: QtBot, look: Callable[..., Looking], wait: Wait, settings: dict[str, Any]
) -> None:
    looking = look(TrainingConfig(epochs=10_000, **settings))
    seen: set[int] = set()

    def note() -> None:
        if looking.inspector.trace is not None:
            seen.add(looking.inspector.trace.step)

    looking.inspector.changed.connect(note)
    looking.controller.start()
    wait(lambda: len(seen) >= 3)
    job = looking.controller.background.start(Channel.GUIDE, (None for _ in range(1)))
    with qtbot.waitSignal(job.finished, timeout=PATIENCE):
        pass
    looking.controller.pause()


def test_few_steps_are_traced_while_the_training_is_too_fast_to_follow(
    look: Callable[..., Looking], wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = look(TrainingConfig(epochs=100))
    jobs = note_jobs(looking.controller, monkeypatch)
    looking.controller.set_pace(100)
    begin = time.perf_counter()
    looking.controller.start()
    wait(lambda: looking.newest >= 100)
    looking.controller.pause()
    milliseconds = 1000 * (time.perf_counter() - begin)
    most = 1.1 * milliseconds / GLANCE_MILLISECONDS  # Qt's timers may be early by a twentieth
    assert 1 <= len(jobs) <= most + 2  # the first step, and where the run was paused
