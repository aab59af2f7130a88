"""Where memory runs out, a sentence says so, and smaller settings work."""

import sys

import pytest

from tests.support import run_python

CODE = """
import os, resource, sys, time
from PySide6.QtCore import QCoreApplication
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from tests.support import is_prepared

app = QCoreApplication([])
settings = TrainingConfig(
    examples=100, true_weights=(1.0,) * 10, engine=Engine(os.environ["ENGINE"])
)
controller = TrainingController(settings=settings)

def wait(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, controller.outcome
        app.processEvents()
        time.sleep(0.005)

def train(examples):
    controller.change_setting("examples", examples)
    controller.reset()
    wait(lambda: controller.state is RunState.FAILED or is_prepared(controller))
    controller.start()
    ends = (RunState.FAILED, RunState.COMPLETED)
    wait(lambda: controller.state in ends and is_prepared(controller))
    print(controller.state, controller.outcome)

controller.load()
wait(lambda: is_prepared(controller))
train(100)
with open("/proc/self/statm") as pages:
    taken = int(pages.read().split()[0]) * resource.getpagesize()
room = int(os.environ["ROOM"]) * 1_000_000  # the history of any run reserves some 60 MB
resource.setrlimit(resource.RLIMIT_AS, (taken + room, resource.RLIM_INFINITY))
controller.change_setting("examples", 1_000_000)
controller.reset()
controller.start()
wait(lambda: controller.state is RunState.FAILED)
print(controller.outcome)
train(100)
controller.shut_down()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory is taken")
@pytest.mark.parametrize(("engine", "room"), [("autograd", 80), ("instant", 120)])
def test_too_many_examples_are_said_and_fewer_can_be_trained_on(engine: str, room: int) -> None:
    done = run_python(CODE, ENGINE=engine, ROOM=str(room))
    assert (done.returncode, done.stderr) == (0, "")
    before, refused, after = done.stdout.splitlines()
    assert before == after
    assert before.startswith("completed")
    assert refused == (
        "Training failed: there is not enough memory for this many examples. "
        "Change a setting or press Reset."
    )
