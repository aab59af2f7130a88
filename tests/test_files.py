import errno
import io
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from linreg_gui.files import OutputFolder, write_whole
from tests.support import needs_full_disk, needs_posix

NAMES = ("table.csv", "picture.png", "mark.json")
OLD = dict.fromkeys(NAMES, "old")
NEW = dict.fromkeys(NAMES, "new")


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, str]:
    files = sorted(each for each in folder.iterdir() if each.is_file())
    return {each.name: each.read_text(encoding="utf-8") for each in files}


class Failing:
    """The operating system, which refuses the operation of one number, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fatal, self.reason, self.seen = -1, 0, 0
        # Nobody pulls the plug, so nothing waits for the disk.
        monkeypatch.setattr(os, "fsync", self._wrap(lambda _: None))
        for name in ("open", "mkdir", "replace", "unlink", "rmdir", "stat", "lstat"):
            monkeypatch.setattr(os, name, self._wrap(getattr(os, name)))
        monkeypatch.setattr(io, "open", self._wrap(io.open))

    def _wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.seen += 1
            if self.seen == self.fatal:
                raise OSError(self.reason, os.strerror(self.reason))
            return call(*arguments, **named)

        return counted

    @contextmanager
    def at(self, number: int, reason: int) -> Iterator[None]:
        self.fatal, self.reason, self.seen = number, reason, 0
        yield
        self.fatal = -1


REASONS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.ENOENT)


@pytest.mark.parametrize("before", [None, {}, OLD], ids=["no folder", "empty", "old files"])
def test_whatever_fails_once_the_files_are_all_new_or_all_old(
    before: dict[str, str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(monkeypatch)
    for number in itertools.count(1):
        folder = tmp_path / str(number) / "out"
        if before is not None:
            folder.mkdir(parents=True)
            put(folder, before)
        told = True
        with failing.at(number, REASONS[number % 4]), suppress(OSError):
            with OutputFolder(folder, NAMES) as output:
                put(output.draft, NEW)
                output.publish()
            told = False
        files = contents(folder) if folder.exists() else {}
        assert files == ((before or {}) if told else NEW), number
        with OutputFolder(folder, NAMES):
            assert sum(1 for _ in folder.glob(".*")) == 1, number  # what was left is deleted
        if failing.seen < number:
            break
    assert number > 30


def killed_at(number: int, folder: Path) -> int:
    """Make new files in a process that is killed before an operation of the file system."""
    if (child := os.fork()) == 0:
        seen = 0

        def wrap(call: Callable[..., Any]) -> Callable[..., Any]:
            def counted(*arguments: Any, **named: Any) -> Any:
                nonlocal seen
                seen += 1
                if seen == number:
                    os._exit(9)
                return call(*arguments, **named)

            return counted

        for name in ("mkdir", "replace", "unlink", "rmdir"):
            setattr(os, name, wrap(getattr(os, name)))
        with suppress(BaseException), OutputFolder(folder, NAMES) as output:
            put(output.draft, NEW)
            output.publish()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("before", [{}, OLD], ids=["empty", "old files"])
@needs_posix("forks")
def test_a_kill_leaves_no_mixture_that_reads_as_complete_and_the_next_run_cleans_up(
    before: dict[str, str], tmp_path: Path
) -> None:
    for number in itertools.count(1):
        folder = tmp_path / str(number)
        folder.mkdir()
        put(folder, before)
        code = killed_at(number, folder)
        left = {name: (folder / name).read_text() for name in NAMES if (folder / name).exists()}
        assert "mark.json" not in left or left in (OLD, NEW), number
        with OutputFolder(folder, NAMES):
            assert sum(1 for _ in folder.glob(".*")) == 1, number
        assert contents(folder) in (before, NEW)
        if code == 0:
            break
    assert number > 10


def test_the_draft_of_a_process_that_lives_stays(tmp_path: Path) -> None:
    with OutputFolder(tmp_path, NAMES) as first:
        put(first.draft, NEW)
        with OutputFolder(tmp_path, NAMES) as second:
            put(second.draft, OLD)
            second.publish()
        assert contents(first.draft) == NEW
        first.publish()
    assert contents(tmp_path) == NEW


def test_what_looks_like_a_draft_but_is_not_ours_stays(tmp_path: Path) -> None:
    thesis = tmp_path / ".unfinished-thesis"
    thesis.mkdir()
    put(thesis, {"chapter": "1"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    put(elsewhere, OLD)
    (tmp_path / ".unfinished-link").symlink_to(elsewhere)
    with OutputFolder(tmp_path, NAMES):
        pass
    assert contents(thesis) == {"chapter": "1"}
    assert contents(elsewhere) == OLD


@pytest.mark.parametrize("is_there_before", [True, False])
def test_a_folder_in_the_place_of_a_file_is_refused(is_there_before: bool, tmp_path: Path) -> None:
    place = tmp_path / "picture.png"
    if is_there_before:
        place.mkdir()
        with pytest.raises(IsADirectoryError, match=r"picture\.png is a folder there"):
            OutputFolder(tmp_path, NAMES)
    else:
        put(tmp_path, {"table.csv": "old"})
        with OutputFolder(tmp_path, NAMES) as output:
            put(output.draft, NEW)
            place.mkdir()
            with pytest.raises(IsADirectoryError):
                output.publish()
        assert (tmp_path / "table.csv").read_text() == "old"
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    failing = Failing(monkeypatch)
    for number in itertools.count(1):
        put(tmp_path, {"file": "old"})
        text = "old"
        with failing.at(number, REASONS[number % 4]), suppress(OSError):
            write_whole(file, b"new")
            text = "new"
        assert contents(tmp_path) == {"file": text}
        if failing.seen < number:
            break
    assert number > 4


@needs_posix("links that anybody can make")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    put(tmp_path, {"file": "old"})
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"new")
    assert contents(tmp_path) == {"file": "new", "link": "new"}
    assert (tmp_path / "link").is_symlink()


@needs_posix("modes of files")
def test_a_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    put(tmp_path, {"file": "old"})
    (tmp_path / "file").chmod(0o600)
    write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_read_only_leaves_no_draft(tmp_path: Path) -> None:
    put(tmp_path, {"file": "old"})
    (tmp_path / "file").chmod(0o400)
    with suppress(PermissionError):  # on Windows
        write_whole(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@needs_full_disk
def test_a_device_stays_a_device() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_whole(Path("/dev/full"), b"new")
    assert Path("/dev/full").is_char_device()
