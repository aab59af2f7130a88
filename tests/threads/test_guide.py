"""The guide keeps the predictions, and runs the stops on the training thread."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.guide import Guide
from tests.conftest import MakeController
from tests.support import (
    PATIENCE,
    let_the_worker_pass,
    line_data,
    settle,
    train,
    wait_for_state,
    wait_for_step,
    wait_until_ready,
)

DATA, ITERATOR, LOOP, TAKEAWAY = 0, 2, 7, 8
SKETCH = (0.5,) * 11
EXAMPLES, STEPS = 2000, 1000
"""Of the runs that tests train to their end; 500 steps are printed in one line."""


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def guide(controller: TrainingController, store: QSettings) -> Iterator[Guide]:
    guide = Guide(controller, store)
    yield guide
    guide.deleteLater()


def run(qtbot: QtBot, guide: Guide, index: int, prediction: float = 1) -> None:
    guide.go_to(index)
    guide.lock(prediction)
    guide.run()
    qtbot.waitUntil(lambda: guide.running is None, timeout=PATIENCE)


def reopened(controller: TrainingController, store: QSettings) -> Guide:
    store.sync()
    file = QSettings(store.fileName(), QSettings.Format.IniFormat)
    return Guide(controller, file, controller)


def test_a_stop_runs_only_once_its_prediction_is_locked(guide: Guide) -> None:
    assert not guide.can_run
    guide.run()
    assert guide.running is None
    guide.lock(0.01)
    assert guide.can_run


def test_a_locked_prediction_stays_as_it_is(guide: Guide) -> None:
    guide.lock(0.01)
    guide.lock(3.0)
    assert guide.prediction == 0.01


def test_a_run_shows_what_happened_beside_the_prediction(qtbot: QtBot, guide: Guide) -> None:
    run(qtbot, guide, ITERATOR, 2500)
    assert guide.output is not None
    assert "second pass, no reset: 0" in guide.output.text
    assert guide.verdict is not None
    assert not guide.verdict.is_right
    assert guide.verdict.words.startswith("You said 2,500; it was 0. A used-up iterator")
    assert guide.is_seen


def test_a_run_uses_the_present_settings(
    qtbot: QtBot, controller: TrainingController, guide: Guide
) -> None:
    run(qtbot, guide, DATA)
    assert guide.output is not None
    first = guide.output
    controller.change_settings(seed=5, examples=123)
    run(qtbot, guide, DATA)
    assert guide.output.seed == 5
    assert "X (123, 2)" in guide.output.text
    assert guide.output.text.splitlines()[1] != first.text.splitlines()[1]


def test_the_run_on_screen_is_not_disturbed(
    qtbot: QtBot, controller: TrainingController, guide: Guide
) -> None:
    controller.step()
    run(qtbot, guide, ITERATOR)
    controller.step()
    settle(controller)
    assert controller.run is not None
    expected = train(prepare_run(1, controller.settings)[1], 2)
    assert controller.run.history.losses.tolist() == expected.losses.tolist()


def test_a_canceled_run_shows_nothing_more(
    qtbot: QtBot, controller: TrainingController, guide: Guide
) -> None:
    controller.change_setting("epochs", 10_000)
    guide.go_to(TAKEAWAY)
    guide.lock(1.0)
    guide.run()
    let_the_worker_pass(controller)
    guide.cancel()
    settle(controller)
    assert (guide.running, guide.output, guide.is_seen) == (None, None, False)
    assert guide.can_run


def test_a_run_that_fails_says_why(
    qtbot: QtBot, controller: TrainingController, guide: Guide
) -> None:
    controller.change_settings(learning_rate=500.0, examples=EXAMPLES)
    guide.go_to(TAKEAWAY)
    guide.lock(1.0)
    guide.run()
    qtbot.waitUntil(lambda: guide.running is None, timeout=PATIENCE)
    assert guide.complaint.startswith("This could not be computed: its numbers are not finite")
    assert not guide.is_seen
    guide.go_to(DATA)
    assert guide.complaint == ""


def test_a_run_under_way_does_not_keep_the_thread_from_ending(
    controller: TrainingController, guide: Guide
) -> None:
    controller.change_setting("epochs", 10_000)
    guide.go_to(TAKEAWAY)
    guide.lock(1.0)
    guide.run()
    settle(controller)
    assert controller.shut_down()


class TestTheLoop:
    @pytest.fixture
    def guide(self, qtbot: QtBot, controller: TrainingController, guide: Guide) -> Guide:
        """Return the guide at the stop that trains in the window, with a prediction."""
        controller.change_setting("examples", EXAMPLES)
        wait_until_ready(qtbot, controller)
        guide.go_to(LOOP)
        guide.lock(SKETCH)
        return guide

    def test_is_the_run_of_the_window(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        guide.run()
        assert controller.state is RunState.RUNNING
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert (guide.running, guide.is_seen) == (None, True)
        assert guide.verdict is not None
        assert controller.run is not None
        assert controller.run.history.step == STEPS

    def test_prints_what_its_lines_would_print(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        from linreg_gui.guide.stop_runner import run_stop

        guide.run()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        *_, expected = run_stop(guide.stops, LOOP, controller.settings)
        assert expected is not None
        assert guide.output is not None
        assert guide.output.text == expected.text
        assert guide.output.happened == expected.happened

    def test_prints_while_it_runs(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        controller.change_setting("epochs", 10_000)
        guide.run()
        qtbot.waitUntil(lambda: guide.output is not None, timeout=PATIENCE)
        assert guide.output is not None
        assert guide.output.text.startswith("epoch 0  batch 499  average ")
        assert guide.output.happened is None
        assert controller.state is RunState.RUNNING

    def test_begins_again_even_after_some_steps(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        controller.step()
        wait_for_step(qtbot, controller, 1)
        former = controller.run
        guide.run()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert controller.run is not former
        assert guide.output is not None
        assert f"steps {STEPS}" in guide.output.text

    def test_is_paused_by_its_stop_button(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        guide.run()
        guide.cancel()
        assert controller.state is RunState.PAUSED
        settle(controller)
        assert (guide.running, guide.is_seen) == (None, False)

    def test_is_followed_through_a_pause(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        guide.run()
        controller.pause()
        assert guide.running is guide.stop
        controller.start()
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert guide.is_seen

    def test_goes_on_alone_when_the_stop_is_left(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        guide.run()
        guide.go_to(DATA)
        assert guide.running is None
        assert controller.state is RunState.RUNNING
        wait_for_state(qtbot, controller, RunState.COMPLETED)
        assert not guide.is_seen

    def test_is_over_when_the_window_begins_another_run(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        guide.run()
        controller.reset()
        assert (guide.running, guide.complaint) == (None, "")
        wait_until_ready(qtbot, controller)
        assert guide.can_run

    def test_that_diverges_says_so(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        controller.change_setting("learning_rate", 500.0)
        guide.run()
        qtbot.waitUntil(lambda: guide.running is None, timeout=PATIENCE)
        assert guide.complaint.startswith("Diverged at step")
        assert not guide.is_seen

    def test_leaves_a_table_alone(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide
    ) -> None:
        controller.use_data(line_data(1, 9))
        run = wait_until_ready(qtbot, controller)
        guide.run()
        qtbot.waitUntil(lambda: guide.running is None, timeout=PATIENCE)
        assert guide.is_seen
        assert controller.run is run
        assert run.history.step == 0


class TestProgress:
    def test_is_kept_but_for_the_outputs(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide, store: QSettings
    ) -> None:
        run(qtbot, guide, ITERATOR, 0)
        guide.go_to(LOOP)
        sketch = tuple(k / 10 for k in range(11))
        guide.lock(sketch)
        again = reopened(controller, store)
        assert (again.index, again.prediction, again.is_seen) == (LOOP, sketch, False)
        again.go_to(ITERATOR)
        assert (again.prediction, again.is_seen, again.output) == (0, True, None)

    def test_is_forgotten_by_starting_over(
        self, qtbot: QtBot, controller: TrainingController, guide: Guide, store: QSettings
    ) -> None:
        run(qtbot, guide, ITERATOR, 0)
        guide.start_over()
        for each in (guide, reopened(controller, store)):
            assert (each.index, each.has_progress) == (0, False)
        guide.lock(0.5)
        assert guide.prediction == 0.5

    @pytest.mark.parametrize(
        "kept",
        [
            "nonsense",
            "[]",
            "[" * 5000,
            json.dumps({"predictions": {"03-iterator": 10**400, "01-data": float("inf")}}),
            json.dumps({"stop": "99-none", "predictions": {"03-iterator": "x"}, "seen": 3}),
            json.dumps({"predictions": {"08-loop": [1, 2], "99-none": 1}, "seen": ["99-none"]}),
        ],
    )
    def test_that_does_not_fit_the_stops_is_ignored(
        self, controller: TrainingController, store: QSettings, kept: str
    ) -> None:
        store.setValue("guide/progress", kept)
        guide = reopened(controller, store)
        assert (guide.index, guide.has_progress) == (0, False)


def test_nothing_runs_before_mxnet_is_there(make_controller: MakeController) -> None:
    controller = make_controller()
    guide = Guide(controller, None, controller)
    guide.lock(0.01)
    assert not guide.can_run
