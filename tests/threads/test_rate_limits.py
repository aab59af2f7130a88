"""The limits are those of the present settings."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.runs.run import Run
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel
from linreg_gui.threads.rate_limits import SETTLE_MILLISECONDS, RateLimits
from linreg_gui.threads.what_if import WhatIf
from tests.support import (
    PATIENCE,
    note_jobs,
    settle,
    wait_for_step,
    wait_until_ready,
)

Seen = list[LearningRateLimits | None]
MakeController = Callable[..., TrainingController]


def followed(controller: TrainingController) -> tuple[RateLimits, Seen]:
    """Return the limits of ``controller``'s settings, and a list that grows when they change."""
    limits = RateLimits(controller, WhatIf(controller, controller), controller)
    seen: Seen = []
    limits.changed.connect(lambda: seen.append(limits.limits))
    return limits, seen


def typical_is_known(limits: RateLimits) -> Callable[[], bool]:
    return lambda: limits.limits is not None and limits.limits.typical is not None


def current(controller: TrainingController) -> Run:
    assert controller.run is not None
    return controller.run


@pytest.fixture
def paused(qtbot: QtBot, make_controller: MakeController) -> tuple[TrainingController, RateLimits]:
    """Return a run held after some steps, with all its limits."""
    controller = make_controller(TrainingConfig(examples=400))
    limits, _ = followed(controller)
    controller.load()
    wait_until_ready(qtbot, controller)
    controller.start()
    wait_for_step(qtbot, controller, 5)
    controller.pause()
    qtbot.waitUntil(typical_is_known(limits), timeout=PATIENCE)
    return controller, limits


def test_there_are_none_before_the_first_run(make_controller: MakeController) -> None:
    limits, seen = followed(make_controller())
    assert limits.limits is None
    assert not limits.is_complete
    assert not seen


def test_the_typical_limit_comes_after_the_others(
    qtbot: QtBot, make_controller: MakeController
) -> None:
    controller = make_controller(DEFAULTS)
    limits, seen = followed(controller)
    controller.load()
    qtbot.waitUntil(lambda: limits.is_complete, timeout=PATIENCE)
    first, second = seen
    assert first is not None
    assert second is not None
    assert (first.typical, first.mean_square) == (None, second.mean_square)
    assert second.typical == pytest.approx(0.73, abs=0.01)
    assert current(controller).limits == second


def test_a_full_batch_needs_no_search(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(TrainingConfig(examples=20, batch_size=30))
    limits, seen = followed(controller)
    controller.load()
    wait_until_ready(qtbot, controller)
    assert limits.is_complete
    assert len(seen) == 1


def test_a_changed_rate_changes_no_limits(
    qtbot: QtBot,
    paused: tuple[TrainingController, RateLimits],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    controller, limits = paused
    known, jobs = limits.limits, note_jobs(controller, monkeypatch)
    with qtbot.assertNotEmitted(limits.changed):
        controller.change_setting("learning_rate", 0.2)
        settle(controller)
        qtbot.wait(2 * SETTLE_MILLISECONDS)
        assert limits.limits == known
    assert jobs == [Channel.WHAT_IF], "nothing else is computed again"


def test_a_batch_size_that_is_tried_brings_its_own_and_returning_the_runs(
    qtbot: QtBot, paused: tuple[TrainingController, RateLimits]
) -> None:
    controller, limits = paused
    known = limits.limits
    assert known is not None
    controller.change_setting("batch_size", 1)
    qtbot.waitUntil(lambda: limits.limits != known, timeout=PATIENCE)
    assert limits.limits is not None
    assert limits.limits.mean_square < known.mean_square
    assert limits.limits.typical is None
    qtbot.waitUntil(typical_is_known(limits), timeout=PATIENCE)
    controller.change_setting("batch_size", 4)
    assert limits.limits == known


def test_a_reset_with_the_same_settings_knows_them_at_once(
    qtbot: QtBot, paused: tuple[TrainingController, RateLimits]
) -> None:
    controller, limits = paused
    with qtbot.assertNotEmitted(limits.changed):
        controller.reset()
        wait_until_ready(qtbot, controller)
    assert limits.is_complete


def test_limits_without_a_typical_rate_are_complete_after_it_fails(
    qtbot: QtBot,
    make_controller: MakeController,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("linreg_gui.runs.what_if.typical_rate", fail)
    controller = make_controller()
    limits, _ = followed(controller)
    controller.load()
    qtbot.waitUntil(lambda: limits.is_complete, timeout=PATIENCE)
    assert current(controller).limits.typical is None
