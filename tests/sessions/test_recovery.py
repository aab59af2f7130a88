"""A state that was left behind is offered once, and never that of a process that lives."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linreg_gui.sessions.recovery import RecoveryFolder
from tests.support import ROOT

_OTHER = """
import sys, time
from pathlib import Path
from linreg_gui.sessions.recovery import RecoveryFolder
folder = RecoveryFolder(Path(sys.argv[1]))
folder.own.write_bytes(b"of the other")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Return another process of the program, which has kept its state."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def left(folder: Path, content: bytes = b"left") -> Path:
    """Leave a state as a process does that is killed."""
    dead = RecoveryFolder(folder)
    dead.own.write_bytes(content)
    for lock in dead._locks.values():
        lock.close()
    return dead.own


def test_a_killed_process_leaves_its_state_and_a_living_one_does_not(
    tmp_path: Path, other: "subprocess.Popen[str]"
) -> None:
    folder = RecoveryFolder(tmp_path)
    assert folder.left_behind() is None
    other.kill()
    other.wait()
    found = folder.left_behind()
    assert found is not None
    assert found.read_bytes() == b"of the other"


def test_only_one_process_offers_it(tmp_path: Path) -> None:
    left(tmp_path)
    first, second = RecoveryFolder(tmp_path), RecoveryFolder(tmp_path)
    found = first.left_behind()
    assert found is not None
    assert first.left_behind() == found, "until it is taken"
    assert second.left_behind() is None
    first.put_by(found)
    assert first.left_behind() is None
    assert second.left_behind() is None
    assert second.last.read_bytes() == b"left"


def test_the_newest_comes_first_and_the_others_wait(tmp_path: Path) -> None:
    old, new = left(tmp_path, b"old"), left(tmp_path, b"new")
    os.utime(old, (time.time() - 60, time.time() - 60))
    folder = RecoveryFolder(tmp_path)
    assert folder.left_behind() == new
    folder.put_by(new)
    assert folder.left_behind() == old


def test_very_many_do_not_pile_up(tmp_path: Path) -> None:
    for number in range(30):
        os.utime(left(tmp_path), (number, number))
    RecoveryFolder(tmp_path).left_behind()
    assert len(list(tmp_path.glob("*.linreg"))) == 20


def test_a_usual_end_leaves_the_last_state_or_nothing(tmp_path: Path) -> None:
    for is_kept in (True, False):
        folder = RecoveryFolder(tmp_path)
        folder.own.write_bytes(b"mine" if is_kept else b"discarded")
        folder.end(is_kept=is_kept)
        assert [each.name for each in tmp_path.iterdir()] == ["last.linreg"]
        assert folder.last.read_bytes() == b"mine"


def test_what_cannot_be_put_by_stays(tmp_path: Path) -> None:
    file, folder = left(tmp_path), RecoveryFolder(tmp_path)
    folder.last.mkdir()
    assert folder.left_behind() == file
    folder.put_by(file)
    assert file.read_bytes() == b"left"
    folder.own.write_bytes(b"mine")
    folder.end(is_kept=True)
    assert folder.own.read_bytes() == b"mine"


def test_without_a_lock_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.platforms.lock", _refuse)
    with pytest.raises(OSError, match="no file can be locked"):
        RecoveryFolder(tmp_path).own.touch()


def test_a_folder_that_is_not_there_is_none(tmp_path: Path) -> None:
    folder = RecoveryFolder(tmp_path / "nowhere")
    assert folder.left_behind() is None
    folder.forget()
    folder.end(is_kept=True)
    assert not list(tmp_path.iterdir())


def _refuse(*_: object) -> None:
    raise OSError
