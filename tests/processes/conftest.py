"""What tests of whole processes share."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from linreg_gui import platforms
from tests.forks import Program, loaded_program
from tests.support import ROOT


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Return a function that runs the program in a process of its own, which begins at once."""
    if platforms.IS_WINDOWS:
        yield _run
    else:
        with loaded_program() as run:
            yield run


def _run(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "linreg_gui", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr
