"""Damaged files are read or refused in a sentence, with little time and memory."""

import pytest

from tests.fuzz.children import fault_of, faults

HAVE_FAILED = [559, 4294]
"""Seeds of files with which something went wrong once. A change of what damages makes others."""


def test_damaged_files_are_read_or_refused_in_a_sentence() -> None:
    assert list(faults([*HAVE_FAILED, *range(1, 81)])) == []


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

    monkeypatch.setattr("linreg_gui.tables.reading.read_table", fail)
    assert fault_of(b"x,y\n1,2\n") == "ZeroDivisionError: by zero"


def test_a_process_that_dies_is_a_fault_and_the_other_files_are_read() -> None:
    code = (
        "import os, sys\n"
        "for seed in sys.argv[1:]:\n"
        "    os._exit(9) if seed == '2' else print(seed, '' if seed == '1' else 'odd', flush=True)"
    )
    assert list(faults([1, 2, 3], ["-c", code])) == [(2, "the process ended with 9"), (3, "odd")]
