"""Where a table comes from, in which encoding its text is, and why it may not be readable."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from linreg_gui.error_log import log_error
from linreg_gui.tables.encoding import encodings
from linreg_gui.texts import reason_of, tr

HEAD_BYTES = 256 * 1024
"""How many bytes detection looks at."""

END_OF_FILE = "\x1a"
"""Ctrl-Z, with which old programs end a text."""

_GZIP = b"\x1f\x8b"
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")


class TableError(ValueError):
    """A table that cannot be used. The message is one sentence: why, and what to do."""


class WrongEncodingError(TableError):
    """The chosen encoding cannot decode the bytes."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            tr("The file is not in the encoding {encoding}; choose another encoding.").format(
                encoding=encodings().get(encoding, encoding)
            )
        )


class TableSource:
    """A file, its bytes, or pasted text. Compressed content (gzip) is unpacked.

    Once ``is_canceled`` returns true, reading from a file raises `TableError`. So even a library
    that reads all of it in one call stops at once.

    Attributes
    ----------
    name : str
        The name of the file; empty if it is none.
    """

    def __init__(
        self, source: Path | bytes | str, is_canceled: Callable[[], bool] = lambda: False
    ) -> None:
        self.name = source.name if isinstance(source, Path) else ""
        self._source = source
        self._is_canceled = is_canceled
        self._raw: BinaryIO = io.BytesIO()
        self._size = 0

    def head(self) -> bytes:
        """Return the first `HEAD_BYTES`.

        Raises
        ------
        TableError
            If the file cannot be opened, or is empty.
        """
        with self.open() as content:
            head = content.read(HEAD_BYTES)
        if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            if isinstance(self._source, str):
                raise TableError(tr("Nothing to read: the clipboard is empty."))
            raise TableError(tr("Nothing to read: the file is empty."))
        return head

    @contextmanager
    def open(self) -> Iterator[BinaryIO | gzip.GzipFile]:
        """Open the content; raise `TableError` if it cannot be read."""
        try:
            with self._open() as self._raw:
                self._size = self._raw.seek(0, io.SEEK_END)
                self._raw.seek(0)
                is_packed = self._raw.read(len(_GZIP)) == _GZIP
                self._raw.seek(0)
                yield gzip.GzipFile(fileobj=self._raw) if is_packed else self._raw
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise TableError(
                tr("The compressed file is damaged; copy it again, or unpack it first.")
            ) from error
        except OSError as error:
            raise TableError(self._why_not_read(error)) from error

    @contextmanager
    def open_text(self, encoding: str, errors: str = "strict") -> Iterator[io.TextIOWrapper]:
        """Open the content as text; raise `TableError` if it cannot be read or decoded."""
        # A byte order mark may be there although the encoding does not say so.
        decoded_as = "utf-8-sig" if encoding == "utf-8" else encoding
        with self.open() as content:
            # All line ends become "\n": pandas cannot read mixed ones.
            text = io.TextIOWrapper(content, decoded_as, errors)
            try:
                yield text
            except UnicodeError as error:
                raise WrongEncodingError(encoding) from error
            finally:
                text.detach()

    def share_read(self) -> float:
        """Return which share of the open file has been read, 0 to 1."""
        return min(self._raw.tell() / self._size, 1.0)

    def _open(self) -> BinaryIO:
        if isinstance(self._source, str):
            return io.BytesIO(self._source.encode("utf-8", "replace"))
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)
        if self._source.exists() and not self._source.is_file() and not self._source.is_dir():
            raise OSError(tr("it is not a file"))  # a pipe or device may never end
        return _CancelableFile(self._source.open("rb", buffering=0), self._is_canceled)

    def _why_not_read(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            sentence = tr("There is no file “{name}”; it may have been moved.")
        elif isinstance(self._source, Path) and self._source.is_dir():
            sentence = tr("“{name}” is a folder; choose a file in it.")
        elif isinstance(error, PermissionError):
            sentence = tr("You do not have permission to read “{name}”. Ask its owner, or copy it.")
        else:
            sentence = tr("“{name}” cannot be read: {reason}.")
        return sentence.format(name=self.name, reason=error.strerror or reason_of(error))


class _CancelableFile(io.BufferedReader):
    """A file that can no longer be read once ``is_canceled`` returns true."""

    def __init__(self, raw: io.RawIOBase, is_canceled: Callable[[], bool]) -> None:
        super().__init__(raw)
        self._is_canceled = is_canceled

    def read(self, size: int | None = -1, /) -> bytes:
        if self._is_canceled():
            raise TableError(tr("Reading was canceled."))
        return super().read(size)


def decode_head(head: bytes, encoding: str) -> str:
    """Return the text of a file's beginning. If it may be cut, only its whole lines.

    Raises
    ------
    TableError
        If the bytes are not text, or if Python does not know the encoding. `WrongEncodingError`
        if the encoding needs a byte order mark that is missing.
    """
    try:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    except LookupError:
        raise TableError(
            tr("The encoding “{encoding}” is not known; choose another.").format(encoding=encoding)
        ) from None
    except UnicodeError as error:
        raise WrongEncodingError(encoding) from error
    text = text.rstrip(END_OF_FILE)
    if len(_CONTROLS.findall(text)) * 100 > len(text):
        raise TableError(not_a_table())
    text = text.removeprefix("\ufeff")
    is_cut = len(head) >= HEAD_BYTES
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text if is_cut else text


def not_a_table() -> str:
    """Return what to say of a file that is neither text nor a workbook."""
    return tr("This is not a table; open a CSV or text file, or an Excel workbook (.xlsx).")


def why_unusable(error: Exception) -> str:
    """Return the sentence for any error that was raised while a table was read."""
    if isinstance(error, TableError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this table; use only a part of it.")
    sentence = tr("The table cannot be used: {reason}.")
    return log_error(error, sentence.format(reason=reason_of(error)))
