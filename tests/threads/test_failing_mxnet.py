"""MXNet may fail in any call: one sentence says so, and everything works afterwards."""

import itertools
from collections.abc import Callable
from contextlib import suppress

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.backend import autograd, mx
from linreg_gui.guide.stop_runner import run_stop
from linreg_gui.guide.stops import read_stops
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.guide import Guide
from linreg_gui.threads.inspector import Inspector
from linreg_gui.threads.playhead import Playhead
from linreg_gui.threads.rate_limits import RateLimits
from linreg_gui.threads.sweeper import Sweeper
from linreg_gui.threads.what_if import WhatIf
from tests.failing_library import FailingLibrary
from tests.support import (
    PATIENCE,
    LoggedErrors,
    Ready,
    history_digests,
    settle,
    train,
    wait_for_state,
    wait_until_ready,
)

CONFIG = TrainingConfig(examples=60, batch_size=7, learning_rate=0.2, epochs=2)
OPTIMIZER = 6
"""A stop whose lines run on their own."""

PLACES = 4
"""The number of calls that fail, one at a time, spread over all of them."""


class Everything:
    """A controller, and all that works on its thread."""

    def __init__(self, qtbot: QtBot, controller: TrainingController) -> None:
        self._qtbot = qtbot
        self.controller = controller
        self._tasks = controller.background._runner._tasks
        self.what_if = WhatIf(controller, controller)
        self.limits = RateLimits(controller, self.what_if, controller)
        playhead = Playhead(controller, controller)
        self.inspector = Inspector(controller, playhead, controller)
        self.sweeper = Sweeper(controller, controller)
        self.guide = Guide(controller, parent=controller)
        self.told: list[str] = []
        controller.message_posted.connect(self.told.append)

    def rest(self) -> None:
        """Wait until nothing is under way."""
        controller = self.controller
        timers = (controller._fresh_run, self.limits._settled)

        def is_busy() -> bool:
            is_due = any(timer.isActive() for timer in timers)
            return is_due or controller.state is RunState.RUNNING or bool(self._tasks)

        def rests() -> bool:
            settle(controller)
            if is_busy():
                return False
            settle(controller)  # a task is gone before its end is told
            return not is_busy()

        self._qtbot.waitUntil(rests, timeout=PATIENCE)

    def train(self) -> dict[str, str]:
        """Train the whole run from its start, and return its digests."""
        self.controller.change_settings(batch_size=CONFIG.batch_size)
        self.controller.reset()
        run = wait_until_ready(self._qtbot, self.controller)
        self.rest()
        self.controller.start()
        wait_for_state(self._qtbot, self.controller, RunState.COMPLETED)
        return history_digests(run)


def _look_into_a_step(all_: Everything) -> None:
    all_.inspector.want_report(wanted=True)
    all_.inspector.watch(all_.controller, wanted=True)


def _run_lines(all_: Everything) -> None:
    all_.guide.go_to(OPTIMIZER)
    all_.guide.lock(1)
    assert all_.guide.can_run
    all_.guide.run()


DEEDS: dict[str, Callable[[Everything], None]] = {
    "preparation": lambda all_: all_.controller.reset(),
    "training": lambda all_: all_.controller.start(),
    "what-if and typical limits": lambda all_: all_.controller.change_setting("batch_size", 9),
    "sweep": lambda all_: all_.sweeper.start("learning_rate", [0.01, 0.1]),
    "inside a step": _look_into_a_step,
    "lines of the guide": _run_lines,
}


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("deed", DEEDS)
def test_a_failing_call_is_told_and_leaves_everything_working(
    deed: str,
    engine: Engine,
    qtbot: QtBot,
    ready: Ready,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: LoggedErrors,
) -> None:
    everything = Everything(qtbot, ready(CONFIG.with_value("engine", engine)))
    library = FailingLibrary(monkeypatch)
    digests = everything.train()

    def act(fatal: int) -> None:
        everything.train()
        everything.controller.reset()
        if deed != "training":  # before the first step, changed settings would apply at once
            everything.controller.step()
        everything.rest()
        everything.limits._known.clear()
        everything.controller._ask(everything.controller._worker._clear_caches)
        everything.told.clear()
        library.calls, library.fatal = 0, fatal
        DEEDS[deed](everything)
        everything.rest()
        library.fatal = 0
        everything.inspector.watch(everything.controller, wanted=False)

    act(fatal=0)
    calls = library.calls
    assert calls > PLACES
    for place in range(PLACES):
        act(fatal=1 + place * calls // PLACES)
        told = [*everything.told, everything.guide.complaint, everything.sweeper.complaint]
        errors = logged_errors()
        assert len(errors) == 1
        assert errors[0] in told
        assert everything.train() == digests
        assert not logged_errors()


def _train_two_steps() -> None:
    train(prepare_run(1, CONFIG)[1], 2)


def _run_a_stop() -> None:
    for _ in run_stop(read_stops(), OPTIMIZER, CONFIG):
        pass


@pytest.mark.parametrize("work", [_train_two_steps, _run_a_stop])
def test_autograd_that_refuses_to_stop_recording_records_no_longer(
    work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FailingLibrary(monkeypatch, "AutogradSet")
    for library.fatal in itertools.count(1):
        library.calls = 0
        with suppress(IndexError, mx.base.MXNetError):  # MXNet may have no words for it
            work()
        if library.calls < library.fatal:
            break
        assert not autograd.is_recording()
        assert not autograd.is_training()
    assert library.fatal > 4
