"""The last states of sessions, kept in case of a crash: one file for each process.

A process locks its file as long as it lives. So a file that nobody has locked was left behind by a
process that was killed, and the next one can offer it.
"""

import os
import secrets
from contextlib import suppress
from errno import ENOLCK
from pathlib import Path

from linreg_gui.file_kinds import FileKind
from linreg_gui.files import lock
from linreg_gui.platforms import Lock

_LOCK, _STATE = ".lock", FileKind.SESSION.value
_LAST = f"last{_STATE}"
_MOST = 20
"""Of more files that were left behind, the oldest are deleted."""


class RecoveryFolder:
    """The folder with the last states. It is made when there is something to keep.

    Parameters
    ----------
    folder : Path
        All processes of the program share it.

    Attributes
    ----------
    last : Path
        The last state of a session that has ended in the usual way.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.last = folder / _LAST
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._locks: dict[str, Lock] = {}

    @property
    def own(self) -> Path:
        """Return the file of this process, which is locked from now on.

        Raises
        ------
        OSError
            If there can be none.
        """
        if self._name not in self._locks:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{self._name}{_LOCK}").touch(exist_ok=False)
            if not self._take(self._name):
                raise OSError(ENOLCK, "no file can be locked there")
        return self._file(self._name)

    def left_behind(self) -> Path | None:
        """Return the newest state of a process that was killed; None if there is none.

        While this process lives, no other one gets it.
        """
        found = []
        with suppress(OSError):
            for each in self._folder.glob(f"*{_LOCK}"):
                name = each.name.removesuffix(_LOCK)
                if name != self._name and (name in self._locks or self._take(name)):
                    if self._file(name).exists():
                        found.append(self._file(name))
                    else:
                        self._delete(name)
            found.sort(key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for file in found[1:]:
            name = file.name.removesuffix(_STATE)
            if file in found[_MOST:]:
                self._delete(name)
            else:
                self._release(name)
        return found[0] if found else None

    def put_by(self, file: Path) -> None:
        """Offer ``file`` no longer as one that was left behind, but keep it as the last one."""
        if file != self.last:
            with suppress(OSError):  # then it is offered again
                file.replace(self.last)
                self._delete(file.name.removesuffix(_STATE))

    def forget(self) -> None:
        """Delete the file of this process, because there is nothing to keep any more."""
        with suppress(OSError):
            self._file(self._name).unlink(missing_ok=True)

    def end(self, *, is_kept: bool) -> None:
        """Leave the file of this process as the last one, or delete it: the process ends well."""
        if self._name in self._locks:
            if is_kept and self._file(self._name).exists():
                self.put_by(self._file(self._name))
            else:
                self._delete(self._name)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}{_STATE}"

    def _take(self, name: str) -> bool:
        locked = lock(self._folder / f"{name}{_LOCK}")
        if locked is not None:
            self._locks[name] = locked
        return locked is not None

    def _delete(self, name: str) -> None:
        with suppress(OSError):
            self._file(name).unlink(missing_ok=True)
            (self._folder / f"{name}{_LOCK}").unlink(missing_ok=True)
        self._release(name)

    def _release(self, name: str) -> None:
        if name in self._locks:
            self._locks.pop(name).close()
