"""What differs on Windows: what can be tried elsewhere, is; the rest is tried where it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from linreg_gui import platforms
from tests.support import run_python


def test_the_python_of_an_environment_is_where_each_system_has_it() -> None:
    assert Path(platforms.python_in("e", windows=True)) == Path("e/Scripts/python.exe")
    assert Path(platforms.python_in("e", windows=False)) == Path("e/bin/python")
    without = platforms.without_console(platforms.python_in("e", windows=True))
    assert Path(without) == Path("e/Scripts/pythonw.exe")


def test_a_command_can_be_typed_as_it_is_shown() -> None:
    words = ["py", r"C:\Übung 1\app.py"]
    assert platforms.command_line(words, windows=True) == r'py "C:\Übung 1\app.py"'
    assert platforms.command_line(["python3", "/a b/app.py"], windows=False) == (
        "python3 '/a b/app.py'"
    )


class TestLock:
    @pytest.fixture(params=["file", "folder"])
    def place(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        place = tmp_path / "Übung 1"
        if request.param == "file":
            place.touch()
        else:
            place.mkdir()
        return place

    def test_one_has_it_at_a_time(self, place: Path) -> None:
        first = platforms.lock(place)
        with pytest.raises(BlockingIOError):
            platforms.lock(place)
        first.close()
        platforms.lock(place).close()

    def test_what_is_locked_can_be_replaced_and_deleted(self, place: Path, tmp_path: Path) -> None:
        lock = platforms.lock(place)
        moved = place.replace(tmp_path / "moved")
        if moved.is_dir():
            moved.rmdir()
        else:
            moved.unlink()
        lock.close()

    def test_what_is_not_there_cannot_be_locked(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            platforms.lock(tmp_path / "nothing")

    def test_it_ends_with_the_process(self, place: Path) -> None:
        code = f"""
import os
from linreg_gui import platforms
lock = platforms.lock({str(place)!r})
try:
    platforms.lock({str(place)!r})
except BlockingIOError:
    os._exit(9)
"""
        assert run_python(code).returncode == 9
        platforms.lock(place).close()

    def test_another_process_can_wait_for_it(self, place: Path) -> None:
        lock = platforms.lock(place)
        code = f"from linreg_gui import platforms; platforms.lock({str(place)!r}, waits=True)"
        with subprocess.Popen([sys.executable, "-c", code]) as waiting:
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(0.5)
            lock.close()
            assert waiting.wait(60) == 0

    def test_a_process_in_the_background_holds_it_until_it_is_interrupted(
        self, place: Path
    ) -> None:
        lock = platforms.lock(place)
        listen = "signal.signal(signal.SIGINT, signal.default_int_handler)"  # who runs us may not
        code = f"import signal, time; {listen}; print(flush=True); time.sleep(60)"
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, **platforms.in_background(lock)
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            lock.close()
            with pytest.raises(BlockingIOError):
                platforms.lock(place)
            platforms.interrupt(process)
            assert process.wait(60) != 0
        platforms.lock(place).close()


def test_the_exit_code_of_what_a_process_goes_on_as_is_its_own() -> None:
    code = f"""
import os
from linreg_gui import platforms
platforms.go_on_as([{sys.executable!r}, "-c", "print('on'); exit(7)"], dict(os.environ))
"""
    ended = run_python(code)
    assert (ended.returncode, ended.stdout.strip()) == (7, "on")


def test_what_is_written_reaches_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"written")
    platforms.flush(tmp_path / "file")
    platforms.flush(tmp_path)
    with pytest.raises(FileNotFoundError):
        platforms.flush(tmp_path / "nothing")


def test_where_nobody_listens_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platforms.is_seen()
    monkeypatch.setattr(sys, "stderr", None)
    assert not platforms.is_seen()
