"""Where a table comes from, opened for reading only; and what it means when that fails."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from linreg_gui.data.dialect import HEAD_BYTES, Dialect
from linreg_gui.data.table_encoding import wrong_encoding
from linreg_gui.data.table_errors import Cancelled, TableError, WrongEncodingError, damaged
from linreg_gui.texts import reason_of, tr


class TableSource:
    """A file, its bytes, or text that was pasted.

    Reading a file raises `Cancelled` once ``is_cancelled`` returns true.
    """

    def __init__(
        self, source: Path | bytes | str, is_cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.name = source.name if isinstance(source, Path) else ""
        self._path = source if isinstance(source, Path) else None
        text = source.encode("utf-8", "replace") if isinstance(source, str) else source
        self._content = text if isinstance(text, bytes) else b""
        self._is_pasted = isinstance(source, str)
        self._is_cancelled = is_cancelled

    def head(self) -> bytes:
        """Return the first `HEAD_BYTES`.

        Raises
        ------
        TableError
            If the file cannot be opened, or is empty.
        """
        with self.open() as raw:
            head = raw.read(HEAD_BYTES)
        if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            what = tr("the clipboard") if self._is_pasted else tr("the file")
            raise TableError(tr("Nothing to read: {what} is empty.").format(what=what))
        return head

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the bytes; raise `TableError` if they cannot be read."""
        try:
            with self._open() as raw:
                yield raw
        except OSError as error:
            raise TableError(self._why_not_read(error)) from error

    def size(self) -> int:
        """Return the number of bytes."""
        return self._path.stat().st_size if self._path else len(self._content)

    def _open(self) -> BinaryIO:
        if self._path is None:
            return io.BytesIO(self._content)
        if self._path.exists() and not self._path.is_file() and not self._path.is_dir():
            raise OSError(tr("it is not a file"))  # a pipe or device may never end
        return io.BufferedReader(_CancellableFile(self._path, self._is_cancelled))

    def _why_not_read(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            sentence = tr("There is no file “{name}”; it may have been moved.")
        elif isinstance(error, IsADirectoryError) or (self._path and self._path.is_dir()):
            sentence = tr("“{name}” is a folder; choose a file in it.")
        elif isinstance(error, PermissionError):
            sentence = tr("“{name}” may not be read by you; ask its owner, or copy it.")
        else:
            sentence = tr("“{name}” cannot be read: {reason}.")
        return sentence.format(name=self.name, reason=error.strerror or reason_of(error))


class _CancellableFile(io.FileIO):
    """A file on whose reading libraries spend time without asking whether it is still wanted."""

    def __init__(self, path: Path, is_cancelled: Callable[[], bool]) -> None:
        super().__init__(path)
        self._is_cancelled = is_cancelled

    def readinto(self, buffer: Any) -> int | None:
        if self._is_cancelled():
            raise Cancelled
        return super().readinto(buffer)


@contextmanager
def opened_text(raw: BinaryIO, dialect: Dialect) -> Iterator[io.TextIOWrapper]:
    """Decode what ``raw`` holds, whose position tells how far reading has come.

    Raises
    ------
    TableError
        While it is read: if the bytes do not fit the dialect.
    """
    unpacked = gzip.GzipFile(fileobj=raw) if dialect.gzip else raw
    # With line ends of one kind: pandas stumbles over mixed ones.
    text = io.TextIOWrapper(unpacked, _without_mark(dialect.encoding))
    try:
        yield text
    except UnicodeError as error:
        raise WrongEncodingError(wrong_encoding(dialect.encoding)) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TableError(damaged()) from error
    finally:
        text.detach()


def _without_mark(encoding: str) -> str:
    """Return the encoding that drops a byte order mark where there may be one."""
    return "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
