"""The window can be closed at any moment: exit code 0, nothing on stderr, in good time."""

import random
import subprocess
import sys

import pytest

from tests.support import ROOT

# One process opens and closes the real window at a moment given in seconds after it was shown, in a
# situation that is reached first. It ends as the program itself ends.
CLOSER = """
import sys
from PySide6.QtCore import QTimer
from linreg_gui import application
from linreg_gui.training.run_state import RunState

situation, delay = sys.argv[1], int(sys.argv[2])
app = application.create_application()
window = application.create_window(app)
controller = window.controller

def close_later():
    QTimer.singleShot(delay, window.close)

def on_state_changed():
    if controller.state is RunState.READY and situation != "loading":
        controller.state_changed.disconnect(on_state_changed)
        if situation in ("running", "paused"):
            controller.start()
        if situation == "paused":
            QTimer.singleShot(50, controller.pause)
        close_later()

controller.state_changed.connect(on_state_changed)
window.show()
if situation == "loading":
    close_later()
sys.exit(app.exec())
"""

SITUATIONS = ("loading", "ready", "running", "paused")


def start(situation: str, delay: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLOSER, situation, str(delay)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_close_at_any_moment_is_silent(situation: str) -> None:
    moments = random.Random(situation)
    for _ in range(7 if situation in ("loading", "running") else 6):
        pair = [start(situation, moments.randrange(0, 400)) for _ in range(2)]
        for process in pair:
            out, err = process.communicate(timeout=60)
            assert (process.returncode, out, err) == (0, "", "")
