"""Damaged files are read or refused in a sentence, with little time and memory."""

import subprocess
import sys

import pytest

from tests.fuzz.reading import fault_of
from tests.support import PATIENCE, ROOT, needs_posix


@needs_posix("forks")
def test_damaged_files_are_read_or_refused_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "40"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE / 1000,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("42 files, 0 failed\n", "", 0)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"x,y\n1,2\n3,5\n", ""),
        (b"x,y,z\n1,2,None of them\n3,5,None of them\n", "said"),
    ],
)
def test_an_odd_answer_is_a_fault(content: bytes, fault: str) -> None:
    assert fault_of(content).startswith(fault)
    assert bool(fault_of(content)) is bool(fault)


def test_an_error_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("tests.fuzz.reading.read_table", fail)
    assert fault_of(b"x,y\n1,2\n") == "ZeroDivisionError: by zero"
