"""Whatever happens while a session is saved, the old file or the new one is there, completely."""

import os
import random
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from linreg_gui.files import replacing
from linreg_gui.sessions.state import SessionState
from tests.fuzz.session_damage import SESSIONS
from tests.saved_sessions import read, same, write
from tests.support import needs_posix


def save(file: Path, state: SessionState) -> None:
    with replacing(file) as draft:
        write(draft, state)


@contextmanager
def saving_without_end(file: Path, state: SessionState) -> Iterator[None]:
    """Let a process save sessions with the views 1, 2, 3 and so on; go on after the first one."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():  # Python 3.12 warns of NumPy's threads, which are idle
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        turn = 0
        while True:
            turn += 1
            save(file, replace(state, view={"turn": turn}))
            if turn == 1:
                os.write(writing, b"1")
    os.close(writing)
    try:
        assert os.read(reading, 1)
        yield
    finally:
        os.close(reading)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


@needs_posix("forks")
def test_a_killed_process_leaves_a_whole_file_and_no_heap_of_drafts(tmp_path: Path) -> None:
    chance, state, file = random.Random(1), read(SESSIONS[0]), tmp_path / "my session.linreg"
    save(file, replace(state, view={"turn": 0}))
    turns = set()
    for _ in range(50):
        with saving_without_end(file, state):
            time.sleep(chance.uniform(0.0, 0.03))
        saved = read(file)
        assert same(replace(saved, view={}), replace(state, view={}))
        turns.add(saved.view["turn"])
        assert len(list(tmp_path.iterdir())) <= 2
    assert len(turns) > 1
    save(file, state)
    assert list(tmp_path.iterdir()) == [file]


@needs_posix("forks")
def test_two_processes_that_save_the_same_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    state, file = read(SESSIONS[0]), tmp_path / "a.linreg"
    save(file, state)
    with saving_without_end(file, state), saving_without_end(file, state):
        for _ in range(10):
            save(file, replace(state, view={"turn": -1}))
            assert read(file).view["turn"]
    save(file, state)
    assert list(tmp_path.iterdir()) == [file]


def test_drafts_of_others_and_files_that_only_look_so_stay(tmp_path: Path) -> None:
    thesis = tmp_path / ".unfinished-thesis.linreg"
    thesis.write_text("mine")
    with replacing(tmp_path / "a.linreg") as draft:
        draft.write_bytes(b"a")
        save(tmp_path / "b.linreg", SessionState())
        assert draft.read_bytes() == b"a"
    assert sorted(tmp_path.iterdir()) == [thesis, tmp_path / "a.linreg", tmp_path / "b.linreg"]


@pytest.mark.skipif(os.access("/", os.W_OK), reason="everything is allowed to root")
@needs_posix("modes of folders")
def test_where_nothing_can_be_written_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.linreg"
    save(file, SessionState())
    before = file.read_bytes()
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            save(file, SessionState(view={"a": 1}))
    finally:
        tmp_path.chmod(0o700)
    assert file.read_bytes() == before


def test_an_error_while_saving_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.linreg"
    save(file, SessionState())
    before = file.read_bytes()
    with pytest.raises(TypeError):
        save(file, SessionState(view={"a": object()}))
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
