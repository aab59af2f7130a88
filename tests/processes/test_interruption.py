"""A signal ends the program at any moment: its own exit code, nothing left, no traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ROOT, at_home_in, needs_posix

# The program as it is started, which says when its first line runs: what comes before is Python's.
STARTED = """
import sys
from linreg_gui import interruption
interruption.begin()
print("begun", flush=True)
from linreg_gui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("is_batch", [False, True])
@needs_posix("signals between processes")
def test_a_signal_at_any_moment_of_a_start_ends_it(is_batch: bool, tmp_path: Path) -> None:
    moments = (0.0, 0.1, 0.3, 0.9)
    signals = (signal.SIGINT, signal.SIGTERM) * 2
    for delay, number in zip(moments, signals, strict=True):
        options = ["--batch", str(tmp_path / "new" / "out"), "--epochs", "1000"] if is_batch else []
        process = subprocess.Popen(
            [sys.executable, "-c", STARTED, *options],
            cwd=ROOT,
            env=os.environ | at_home_in(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(delay)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (128 + number, ""), (delay, err)
        told = ["", "linreg-gui: Interrupted; nothing was written.\n"]
        assert err in told[: 1 + is_batch]
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("is_batch", [False, True])
@needs_posix("signals between processes")
def test_a_signal_does_not_wait_until_mxnet_is_loaded(is_batch: bool, tmp_path: Path) -> None:
    code = """
import os, signal, sys, time
class Loading:
    def find_spec(self, name, *_):
        if name == "mxnet" and "linreg_gui.backend" in sys.modules:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1000)
sys.meta_path.insert(0, Loading())
from linreg_gui.__main__ import main
sys.exit(main())
"""
    options = ["--batch", str(tmp_path / "out")] if is_batch else []
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=ROOT,
        env=os.environ | at_home_in(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = "linreg-gui: Interrupted; nothing was written.\n" if is_batch else ""
    assert (done.returncode, done.stdout, done.stderr) == (143, "", told)
    assert not (tmp_path / "out").exists()


@needs_posix("execve")
def test_a_signal_before_the_program_runs_waits_for_it() -> None:
    """While one start hands over to the next, Python itself would take the signal."""
    code = """
import os, signal, sys
from linreg_gui import interruption
interruption.begin()
kill = os.execve
def execve(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    kill(*arguments)
os.execve = execve
interruption.execute(sys.executable, [sys.executable, "-c", sys.argv[1]], dict(os.environ))
"""
    then = "from linreg_gui import interruption; print('on'); interruption.begin(); print('never')"
    done = subprocess.run(
        [sys.executable, "-c", code, then], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "on\n", "")
