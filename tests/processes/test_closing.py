"""The window can be closed at any moment: exit code 0, nothing on stderr, in good time."""

import subprocess
import sys

from tests.support import PATIENCE, ROOT, needs_posix, run_python


@needs_posix("signals between processes")
def test_closes_at_random_moments_are_silent() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.closes", "16"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE / 1000,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("16 closes, 0 failed\n", "", 0)


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
