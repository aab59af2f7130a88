"""A sweep runs beside the run on screen, and changes neither it nor the settings."""

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import sweep
from linreg_gui.settings import DEFAULTS, SettingError
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.sweeper import Sweeper
from tests.support import (
    PATIENCE,
    LoggedErrors,
    history_digests,
    settle,
    wait_for_state,
    wait_for_step,
)

RATES = (0.001, 0.01, 0.1, 2.0)


@pytest.fixture
def sweeper(controller: TrainingController) -> Sweeper:
    return Sweeper(controller, controller)


def wait_until_done(qtbot: QtBot, sweeper: Sweeper) -> None:
    qtbot.waitUntil(lambda: not sweeper.is_running, timeout=PATIENCE)


def test_each_value_gives_a_point_with_the_other_settings_unchanged(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_settings(examples=300, seed=5)
    counts: list[int] = []
    sweeper.changed.connect(lambda: counts.append(len(sweeper.points)))
    sweeper.start("learning_rate", RATES)
    assert (sweeper.name, sweeper.values, sweeper.is_running) == ("learning_rate", RATES, True)
    wait_until_done(qtbot, sweeper)
    settings = DEFAULTS.with_value("examples", 300).with_value("seed", 5)
    configs = [settings.with_value("learning_rate", rate) for rate in RATES]
    assert sweeper.points == [point for point in sweep(configs) if point is not None]
    assert counts == [0, 1, 2, 3, 4, 4]


def test_the_run_and_the_settings_do_not_change(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_setting("examples", 2000)
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    assert controller.run is not None
    alone = history_digests(controller.run)
    controller.reset()
    controller.start()
    sweeper.start("seed", (1, 2, 3))
    wait_until_done(qtbot, sweeper)
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    assert history_digests(controller.run) == alone
    assert controller.settings == DEFAULTS.with_value("examples", 2000)


def test_it_uses_pending_settings_while_a_run_is_under_way(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.step()
    wait_for_step(qtbot, controller, 1)
    controller.change_setting("examples", 40)
    sweeper.start("epochs", (1, 2))
    wait_until_done(qtbot, sweeper)
    assert [point.steps for point in sweeper.points] == [10, 20]
    assert controller.pending_settings == {"examples"}
    assert controller.state is RunState.PAUSED


def test_cancel_stays_with_the_points_so_far(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_setting("epochs", 300)
    sweeper.start("seed", tuple(range(40)))
    qtbot.waitUntil(lambda: bool(sweeper.points), timeout=PATIENCE)
    sweeper.cancel()
    points = list(sweeper.points)
    for _ in range(3):
        settle(controller)
    assert sweeper.points == points
    assert not sweeper.is_running
    assert controller.settings == DEFAULTS.with_value("epochs", 300)


def test_a_new_sweep_takes_the_place_of_the_one_under_way(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_setting("examples", 40)
    sweeper.start("epochs", tuple(range(1000, 1040)))
    sweeper.start("epochs", (1, 2, 3))
    wait_until_done(qtbot, sweeper)
    assert [point.steps for point in sweeper.points] == [10, 20, 30]


def test_a_refused_value_leaves_the_former_sweep(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_setting("examples", 40)
    sweeper.start("epochs", (1, 2))
    wait_until_done(qtbot, sweeper)
    with pytest.raises(SettingError, match="Epochs cannot be 0"):
        sweeper.start("epochs", (0, 1))
    assert (sweeper.values, len(sweeper.points), sweeper.is_running) == ((1, 2), 2, False)


def test_a_failure_is_reported(
    qtbot: QtBot,
    controller: TrainingController,
    sweeper: Sweeper,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: LoggedErrors,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no room")

    monkeypatch.setattr("linreg_gui.runs.preparation.prepare_run", fail)
    sweeper.start("epochs", (1, 2))
    wait_until_done(qtbot, sweeper)
    assert [sweeper.complaint] == ["This could not be computed: no room."] == logged_errors()
    monkeypatch.undo()
    sweeper.start("epochs", (1, 2))
    assert sweeper.complaint == ""
    wait_until_done(qtbot, sweeper)
    assert sweeper.complaint == ""


def test_a_sweep_under_way_does_not_keep_the_thread_from_ending(
    qtbot: QtBot, controller: TrainingController, sweeper: Sweeper
) -> None:
    controller.change_setting("epochs", 10_000)
    sweeper.start("seed", tuple(range(40)))
    settle(controller)
    assert controller.shut_down()
