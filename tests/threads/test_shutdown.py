"""The training thread ends whenever it is asked to, whatever it is doing."""

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.engines.steps import TrainingEngine
from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import SETTLE_MILLISECONDS, TrainingController
from tests.conftest import MakeController
from tests.support import run_python, wait_for_step, wait_until_ready


def test_before_anything_was_loaded(make_controller: MakeController) -> None:
    assert make_controller().shut_down()


@pytest.mark.parametrize("again", range(5))
def test_at_once_after_loading_was_asked_for(make_controller: MakeController, again: int) -> None:
    controller = make_controller()
    controller.load()
    assert controller.shut_down()
    assert not controller.background.is_running


def test_while_mxnet_is_being_imported() -> None:
    process = run_python(
        "import sys, time\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from linreg_gui.threads.controller import TrainingController\n"
        "application = QCoreApplication([])\n"
        "controller = TrainingController()\n"
        "controller.load()\n"
        "while 'mxnet' not in sys.modules: time.sleep(0.001)\n"
        "sys.exit(not controller.shut_down())"
    )
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def test_while_ready(controller: TrainingController) -> None:
    assert controller.shut_down()
    assert not controller.background.is_running


@pytest.mark.parametrize("pace", [1.0, 100.0, float("inf")])
def test_while_running(qtbot: QtBot, controller: TrainingController, pace: float) -> None:
    controller.set_pace(pace)
    controller.start()
    wait_for_step(qtbot, controller, 1)
    assert controller.shut_down()
    assert not controller.background.is_running


def test_while_paused(qtbot: QtBot, controller: TrainingController) -> None:
    controller.start()
    wait_for_step(qtbot, controller, 1)
    controller.pause()
    assert controller.shut_down()


def test_while_many_large_datasets_are_asked_for(
    qtbot: QtBot, make_controller: MakeController, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linreg_gui.runs import preparation

    controller = make_controller(TrainingConfig(examples=1_000_000))
    controller.load()
    wait_until_ready(qtbot, controller)
    prepared: list[int] = []
    prepare_run = preparation.prepare_run

    def note(number: int, config: TrainingConfig) -> tuple[Run, TrainingEngine]:
        prepared.append(number)
        return prepare_run(number, config)

    monkeypatch.setattr(preparation, "prepare_run", note)
    for _ in range(50):
        controller.draw_new_seed()
    assert controller.shut_down()
    # One may have been under way; drawing all fifty would take many seconds.
    assert len(prepared) < 50


def test_a_change_that_has_not_settled_asks_for_nothing_more(
    qtbot: QtBot, controller: TrainingController
) -> None:
    run = controller.run
    controller.change_setting("examples", 50)
    assert controller.shut_down()
    qtbot.wait(2 * SETTLE_MILLISECONDS)
    assert controller.run is run
    assert controller.applied_settings != controller.settings


def test_twice_is_as_good_as_once(controller: TrainingController) -> None:
    assert controller.shut_down()
    assert controller.shut_down()
