"""Zip files of readable parts: written piece by piece, and read within bounds.

The same parts give the same bytes. A file may come from anywhere: nothing is unpacked to the disk,
and nothing of it is ever run.
"""

import json
import stat
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path, PurePosixPath
from typing import Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from linreg_gui.number_text import whole
from linreg_gui.sessions.fields import Fields, WrongPartError
from linreg_gui.texts import quoted, reason_of, tr
from linreg_gui.zipped import DAMAGED, open_zip

PIECE = 64 * 1024
"""Bytes that are packed or unpacked at a time: some milliseconds' worth."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MOST_DIRECTORY_BYTES = 1_000_000
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Bounds:
    """How much a file may hold.

    Attributes
    ----------
    parts : int
        How many there are at most.
    total_bytes : int
        Of all parts, unpacked.
    text_bytes : int
        Of a part that is read at once.
    """

    parts: int = 2000
    total_bytes: int = 1_000_000_000
    text_bytes: int = 4_000_000


class ArchiveError(ValueError):
    """The file cannot be used; the sentence says why, and what to do."""


class ArchiveWriter:
    """Writes a file part by part. To be used as a context manager.

    Parameters
    ----------
    file : Path
        Is made, or overwritten: pass the draft of `files.replacing`.
    bounds : Bounds
        `Archive` has to open it with the same.

    Raises
    ------
    OSError
        From every method, if the file cannot be written.
    ArchiveError
        From `add` and `adding`, if the file gets too large.
    """

    def __init__(self, file: Path, bounds: Bounds = Bounds()) -> None:
        self._bounds = bounds
        self._left = bounds.total_bytes
        self._zip = ZipFile(file, "w")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        """Write a part."""
        for _ in self.adding(name, (content,)):
            pass

    def add_json(self, name: str, values: Mapping[str, Any]) -> None:
        """Write a part as JSON, each of the values in a line."""
        lines = (
            f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
            for key, value in values.items()
        )
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        # A file's name that is not UTF-8 may be in a text.
        content = text.encode("utf-8", errors="replace")
        if len(content) > self._bounds.text_bytes:  # nobody could read it again
            raise _too_much(self._bounds.text_bytes)
        self.add(name, content)

    def adding(self, name: str, pieces: Iterable[bytes]) -> Generator[None, None, None]:
        """Write a part piece by piece."""
        part = ZipInfo(name, _EARLIEST)
        part.create_system = 3  # on every platform, for the same bytes
        part.external_attr = (stat.S_IFREG | 0o644) << 16
        # Numbers that were drawn do not get smaller, and take a hundred times as long.
        part.compress_type = ZIP_STORED if name.endswith(".npy") else ZIP_DEFLATED
        with self._zip.open(part, "w") as content:
            for piece in pieces:
                self._left -= len(piece)
                if self._left < 0:
                    raise _too_much(self._bounds.total_bytes)
                content.write(piece)
                yield


class Archive:
    """A file to read. To be used as a context manager.

    Parameters
    ----------
    file : Path
        Stays open.
    bounds : Bounds
        How much it may hold.

    Attributes
    ----------
    parts : dict of str to int
        The size of each part, unpacked, by its name.

    Raises
    ------
    ArchiveError
        From every method, if the file cannot be read, is none of ours, is damaged, or is beyond the
        bounds.
    """

    def __init__(self, file: Path, bounds: Bounds = Bounds()) -> None:
        self._name = quoted(file.name)
        self._bounds = bounds
        with self._complaints():
            if file.exists() and not file.is_file() and not file.is_dir():  # would be waited for
                raise ArchiveError(self._say(tr("“{file}” is a device or a pipe; choose a file.")))
            self._file = file.open("rb")
        try:
            with self._complaints():
                self._zip = open_zip(self._file, _MOST_DIRECTORY_BYTES)
                self._infos = self._checked()
        except ArchiveError:
            self._file.close()
            raise
        self.parts = {name: info.file_size for name, info in self._infos.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Return a part."""
        if self.parts.get(name, 0) > self._bounds.text_bytes:
            raise self.wrong(name)
        return b"".join(self.reading(name))

    def read_text(self, name: str) -> str:
        """Return a part that is text."""
        try:
            return self.read(name).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self.wrong(name) from None

    def read_fields(self, name: str) -> Fields:
        """Return the values of a part that is an object in JSON."""
        text = self.read_text(name)
        try:
            return Fields(json.loads(text, parse_constant=_refuse))
        except (ValueError, RecursionError, MemoryError):
            raise self.wrong(name) from None

    def reading(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece, with at most `PIECE` bytes in each."""
        if name not in self._infos:
            words = tr("“{file}” lacks its part “{part}”; use another copy of it.")
            raise ArchiveError(self._say(words, part=quoted(name)))
        with self._complaints(), self._zip.open(self._infos[name]) as content:
            while piece := content.read(PIECE):
                yield piece

    @contextmanager
    def checking(self, name: str) -> Iterator[None]:
        """Say that the part ``name`` is wrong, if its content turns out to be."""
        try:
            yield
        except ArchiveError:
            raise
        except WrongPartError as error:
            raise self.wrong(name, str(error)) from None
        except (ValueError, OverflowError):
            raise self.wrong(name) from None

    def wrong(self, name: str, field: str = "") -> ArchiveError:
        """Return the error that the part ``name`` is not what it has to be, or ``field`` in it."""
        words = tr("“{file}” cannot be opened: its part “{part}” is wrong. Use another copy of it.")
        if field:
            words = tr(
                "“{file}” cannot be opened: “{field}” in its part “{part}” is missing or wrong. "
                "Use another copy of it."
            )
        return ArchiveError(self._say(words, part=quoted(name), field=quoted(field)))

    def newer(self) -> ArchiveError:
        """Return the error that the file has a format that came later."""
        words = tr("“{file}” was saved by a newer LinReg; open it with that one.")
        return ArchiveError(self._say(words))

    def _checked(self) -> dict[str, ZipInfo]:
        """Return the parts by their names; folders are left out."""
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(self._zip.infolist()) > self._bounds.parts:
            words = tr("“{file}” has more than {most} parts; it is not a file of LinReg.")
            raise ArchiveError(self._say(words, most=whole(self._bounds.parts)))
        if sum(info.file_size for info in infos) > self._bounds.total_bytes:  # no more comes out
            words = tr("“{file}” is too large: more than {most} MB unpacked.")
            most = whole(self._bounds.total_bytes // 1_000_000)
            raise ArchiveError(self._say(words, most=most))
        parts = {info.filename: info for info in infos if _is_plain(info)}
        if len(parts) < len(infos):
            words = tr("“{file}” has a part that does not belong there; use another copy of it.")
            raise ArchiveError(self._say(words))
        return parts

    @contextmanager
    def _complaints(self) -> Iterator[None]:
        """Turn what goes wrong into one sentence."""
        damaged = tr("“{file}” is damaged or incomplete; use another copy of it.")
        try:
            yield
        except ArchiveError:
            raise
        except MemoryError as error:
            raise ArchiveError(self._say(tr("There is not enough memory for “{file}”."))) from error
        except OSError as error:
            words = tr("“{file}” cannot be read: {reason}.")
            if error.errno == EINVAL:  # a place before the beginning of the file
                words = damaged
            raise ArchiveError(self._say(words, reason=reason_of(error))) from error
        except DAMAGED as error:
            self._file.seek(0)
            if self._file.read(2) != b"PK":
                damaged = tr("“{file}” is not a file of LinReg, or it is damaged.")
            raise ArchiveError(self._say(damaged)) from error

    def _say(self, words: str, **values: str) -> str:
        return words.format(file=self._name, **values)


def _too_much(most_bytes: int) -> ArchiveError:
    words = tr("There is too much to save: more than {most} MB.")
    return ArchiveError(words.format(most=whole(most_bytes // 1_000_000)))


def _is_plain(info: ZipInfo) -> bool:
    """Return whether a part is an ordinary file inside the archive."""
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    return (
        name == info.filename == str(PurePosixPath(name))
        and name.isprintable()
        and len(name) <= _LONGEST_NAME
        and not name.startswith("/")
        and not {".", ".."} & set(name.split("/"))
        and not set(name) & {"\\", ":"}
        and kind in {0, stat.S_IFREG}
        and info.compress_type in {ZIP_STORED, ZIP_DEFLATED}
    )


def _refuse(_constant: str) -> None:
    raise ValueError  # NaN and infinities are no JSON
