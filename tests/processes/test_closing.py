"""The window can be closed at any moment: exit code 0, nothing on stderr, in good time."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, run_python

# Each close has a process of its own, which ends as the program itself ends: at a moment given in
# milliseconds after a situation was reached. All are forked, two at a time, from one that imported
# the program, and MXNet too unless it is its loading that is interrupted: imports take the longest.
CLOSER = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from linreg_gui import application
from linreg_gui.runs.states import RunState

def open_and_close(situation, delay):
    app = application.create_application()
    window = application.create_window(app)
    controller = window.controller

    def close_later():
        # The loop may also end without the window being closed.
        end = (lambda: app.exit(0)) if situation == "reading" and delay % 2 else window.close
        QTimer.singleShot(delay, end)

    def on_state_changed():
        if controller.state is RunState.READY and situation != "loading":
            controller.state_changed.disconnect(on_state_changed)
            if situation in ("running", "paused"):
                controller.start()
            if situation == "paused":
                QTimer.singleShot(50, controller.pause)
            if situation == "reading":
                window.session.tables.open(Path(os.environ["TABLE"]))
            close_later()

    controller.state_changed.connect(on_state_changed)
    window.show()
    if situation == "loading":
        close_later()
    sys.exit(app.exec())

situation, delays = sys.argv[1], [int(delay) for delay in sys.argv[2:]]
if situation != "loading":
    from linreg_gui import backend
while delays:
    pair = [delays.pop() for _ in delays[:2]]
    for delay in pair:
        if os.fork() == 0:
            open_and_close(situation, delay)
    for _ in pair:
        print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""

SITUATIONS = ("loading", "ready", "running", "paused", "reading")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_close_at_any_moment_is_silent(situation: str, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,y\n" + "1.25,2.5\n" * 200_000, encoding="utf-8")
    moments = random.Random(situation)
    delays = [str(moments.randrange(0, 400)) for _ in range(13)]
    # Python 3.12 warns of NumPy's threads, which are idle when it forks.
    options = ["-W", "ignore:This process:DeprecationWarning"]
    done = subprocess.run(
        [sys.executable, *options, "-c", CLOSER, situation, *delays],
        cwd=ROOT,
        env={**os.environ, "TABLE": str(table)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["0"] * 13


def test_a_thread_that_does_not_end_is_no_success() -> None:
    done = run_python(
        """
import time
from linreg_gui import application
from linreg_gui.threads import jobs
from linreg_gui.threads.jobs import Channel
jobs.SHUTDOWN_MILLISECONDS = 100
def hang():
    window.close_soon()
    time.sleep(60)
    yield
app = application.create_application()
window = application.create_window(app)
background = window.controller.background
background.start(Channel.SWEEP, hang())
from PySide6.QtCore import QTimer
window.close_soon = lambda: QTimer.singleShot(0, window, window.close)
window.show()
app.exec()
"""
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "linreg-gui: A calculation did not end in time; LinReg ended without it.\n"
    )
