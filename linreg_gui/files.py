"""Files that are written completely or not at all."""

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from stat import S_ISREG
from typing import Self

from linreg_gui import interruption, platforms

_DRAFT = ".unfinished-"
_OUR_DRAFT = re.compile(re.escape(_DRAFT) + r"[0-9a-f]{8}(\..*)?", re.DOTALL)
_ASIDE = "before"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file; if that fails, the file that was there before is still there.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(file) as draft:
        draft.write_bytes(content)


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a draft beside ``file``, which takes its place once the block has ended without error.

    Then it is there completely, even if the process is killed or the power fails. The draft of a
    killed process is deleted by the next one that writes into the folder.

    Raises
    ------
    OSError
        If the file cannot be written. What was there before is still there.
    """
    place = file.resolve()
    if place.exists() and not place.is_file():  # no file takes the place of a device
        yield place
        return
    draft = place.with_name(f"{_DRAFT}{secrets.token_hex(4)}{place.suffix[:16]}")
    with interruption.held():
        locked = _begin(draft)
    try:
        yield draft
        with interruption.held():
            # Windows has only a mode "read-only", and deletes no draft that is.
            if place.exists() and not platforms.IS_WINDOWS:
                shutil.copymode(place, draft)
            platforms.flush(draft)
            draft.replace(place)
    finally:
        with suppress(OSError):
            draft.unlink()
        if locked is not None:
            locked.close()


Stamp = tuple[int, int, int]
"""What differs once anybody has written a file again."""


def stamp_of(file: Path) -> Stamp | None:
    """Return what tells whether ``file`` was written since; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _begin(draft: Path) -> platforms.Lock | None:
    """Make a draft, which is locked until the result is closed; None if it cannot be locked."""
    with _locked(draft.parent) as can_lock:
        if can_lock:
            for name in filter(_OUR_DRAFT.fullmatch, os.listdir(draft.parent)):  # noqa: PTH208 - only names
                _delete_if_left(draft.with_name(name))
        draft.touch(exist_ok=False)
        return lock(draft)


def _delete_if_left(draft: Path) -> None:
    """Delete the draft of a file, unless a process that lives has locked it."""
    with suppress(OSError):
        if S_ISREG(draft.lstat().st_mode) and (locked := lock(draft)) is not None:
            draft.unlink()
            locked.close()


class OutputFolder:
    """A folder on disk that gets several files that belong together: all of them, or none.

    They are made in a draft folder inside, and `publish` moves them to their places. The last file
    is the first to go and the last to come. So where it is, all are there and belong together, even
    if the process is killed. What a killed process has left is deleted by the next one.

    Parameters
    ----------
    folder : Path
        Is made if it is missing, and deleted again if it got no files.
    names : sequence of str
        The files.

    Attributes
    ----------
    draft : Path
        Make the files here.

    Raises
    ------
    OSError
        If files cannot be written there.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = folder
        self._names = names
        self._made = [each for each in (folder, *folder.parents) if not each.exists()]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._refuse_folders()
            # As long as the process lives, its draft is locked, and nobody else deletes it.
            with _locked(folder) as can_lock:
                if can_lock:
                    self._sweep()
                self.draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
                self._lock = lock(self.draft)
        except OSError:
            self._remove_what_was_made()
            raise

    def publish(self) -> None:
        """Move the files to their places; if that fails, everything is as before.

        Raises
        ------
        OSError
            If one of them cannot be moved.
        """
        for name in self._names:
            platforms.flush(self.draft / name)
        with _locked(self._folder):
            self._refuse_folders()
            aside = self.draft / _ASIDE
            aside.mkdir()
            try:
                for name in reversed(self._names):
                    if os.path.lexists(self._folder / name):
                        (self._folder / name).replace(aside / name)
                for name in self._names:
                    (self.draft / name).replace(self._folder / name)
            except OSError:
                with suppress(OSError):
                    self._undo(self.draft)
                raise
            self._made.clear()
            with suppress(OSError):
                platforms.flush(self._folder)

    def discard(self) -> None:
        """Delete the draft, and the folder if it got no files."""
        with suppress(OSError):
            self._delete(self.draft)
        if self._lock is not None:
            self._lock.close()
        self._remove_what_was_made()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.discard()

    def _refuse_folders(self) -> None:
        for name in self._names:
            place = self._folder / name
            if place.is_dir() and not place.is_symlink():
                raise IsADirectoryError(EISDIR, f"{name} is a folder there")

    def _sweep(self) -> None:
        """Delete the drafts of processes that have ended."""
        for draft in self._folder.glob(f"{_DRAFT}*"):
            if draft.is_dir() and (locked := lock(draft)) is not None:
                with suppress(OSError):
                    self._delete(draft)
                locked.close()

    def _undo(self, draft: Path) -> None:
        """If only some files of ``draft`` are in their places, put back what was there before."""
        aside = draft / _ASIDE
        if not aside.exists() or not (draft / self._names[-1]).exists():
            return
        for name in reversed(self._names):
            if not (draft / name).exists():
                (self._folder / name).replace(draft / name)
        for name in self._names:
            if os.path.lexists(aside / name):
                (aside / name).replace(self._folder / name)

    def _delete(self, draft: Path) -> None:
        """Delete a draft, but nothing in it that is not ours."""
        self._undo(draft)
        for folder in (draft / _ASIDE, draft):
            for name in self._names:
                (folder / name).unlink(missing_ok=True)
            if folder.exists():
                folder.rmdir()

    def _remove_what_was_made(self) -> None:
        with suppress(OSError):  # there is something in it
            for folder in self._made:
                folder.rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Keep other processes out of ``folder`` meanwhile; yield whether that is possible there."""
    locked = None
    try:
        with suppress(OSError):  # as on some network drives, or where a folder cannot be listed
            locked = platforms.lock(folder, waits=True)
        yield locked is not None
    finally:
        if locked is not None:
            locked.close()


def lock(path: Path) -> platforms.Lock | None:
    """Lock a file or folder; None if that fails.

    Another process may have locked it.
    """
    try:
        return platforms.lock(path)
    except OSError:
        return None
