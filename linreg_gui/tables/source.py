"""Where a table comes from, in which encoding its text is, and why it may not be readable."""

import codecs
import errno
import gzip
import io
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from linreg_gui.error_log import log_error
from linreg_gui.number_text import whole
from linreg_gui.tables.bounds import (
    MOST_BYTES,
    MOST_SECONDS,
    MOST_SECONDS_IN_ALL,
    too_many_bytes,
)
from linreg_gui.tables.encoding import encodings
from linreg_gui.texts import quoted, reason_of, tr

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_BYTES = 256 * 1024
"""How many bytes detection looks at."""

END_OF_FILE = "\x1a"
"""Ctrl-Z, with which old programs end a text."""

_GZIP = b"\x1f\x8b"
_PIECE = 128 * 1024
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")


class TableError(ValueError):
    """A table that cannot be used. The message is one sentence: why, and what to do."""


class StoppedError(TableError):
    """Reading has to end at once: the table is beyond a bound, or the person has canceled."""


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

    Reading is bounded, see `check`. So even a library that reads all of it in one call stops.

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
        self._raw: io.FileIO | io.BytesIO = io.BytesIO()
        self._size = 0
        self._numbers = 0
        self._restart_clocks()

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

    def check(self) -> None:
        """Raise `StoppedError` if reading was canceled, or has long not led to any number."""
        if self._is_canceled():
            raise StoppedError(tr("Reading was canceled."))
        worked, passed = time.thread_time() - self._worked, time.monotonic() - self._passed
        if worked > MOST_SECONDS or (passed > MOST_SECONDS_IN_ALL and worked > 1):
            sentence = tr(
                "In the last {seconds} seconds no number was found; use only a part of the table."
            )
            raise StoppedError(sentence.format(seconds=whole(round(passed))))

    def note_progress(self, numbers: int) -> None:
        """Note how many numbers were found until now."""
        if numbers != self._numbers:
            self._numbers = numbers
            self._restart_clocks()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open at most `MOST_BYTES` of content; raise `TableError` if it cannot be read.

        It is seekable unless it was compressed.
        """
        try:
            with self._open() as self._raw:
                file = io.BufferedReader(_BoundedContent(self._raw, self.check), _PIECE)
                if not file.peek(len(_GZIP)).startswith(_GZIP):
                    yield file
                    return
                unpacked = cast("io.BufferedIOBase", gzip.GzipFile(fileobj=file))
                yield io.BufferedReader(_BoundedContent(unpacked, self.check), _PIECE)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise TableError(
                tr("The compressed file is damaged; copy it again, or unpack it first.")
            ) from error
        except OSError as error:
            raise TableError(self._why_not_read(error)) from error

    @contextmanager
    def open_text(
        self,
        encoding: str,
        errors: str = "strict",
        recoded: Callable[[BinaryIO], BinaryIO] = lambda content: content,
    ) -> Iterator[io.TextIOWrapper]:
        """Open the content as text, which may be ``recoded`` before it is decoded.

        Raises
        ------
        TableError
            If it cannot be read or decoded.
        """
        # A byte order mark may be there although the encoding does not say so.
        decoded_as = "utf-8-sig" if encoding == "utf-8" else encoding
        with self.open() as content:
            # All line ends become "\n": pandas cannot read mixed ones.
            text = io.TextIOWrapper(recoded(content), decoded_as, errors)
            try:
                yield text
            except UnicodeError as error:
                raise WrongEncodingError(encoding) from error
            finally:
                text.detach()

    def share_read(self) -> float:
        """Return which share of the open file has been read, 0 to 1."""
        return min(self._raw.tell() / max(self._size, 1), 1.0)  # some files say that they have 0

    def _restart_clocks(self) -> None:
        self._worked, self._passed = time.thread_time(), time.monotonic()

    def _open(self) -> io.FileIO | io.BytesIO:
        if isinstance(self._source, str | bytes):
            source = self._source
            content = source.encode("utf-8", "replace") if isinstance(source, str) else source
            self._size = len(content)
            return io.BytesIO(content)
        if self._source.exists() and not self._source.is_file() and not self._source.is_dir():
            sentence = tr("“{name}” is not a file; save its content as one first.")
            raise TableError(sentence.format(name=quoted(self.name)))  # it may never end
        file = self._source.open("rb", buffering=0)
        if os.name == "posix":
            os.set_blocking(file.fileno(), False)  # some files of the system may never go on
        self._size = os.fstat(file.fileno()).st_size
        return file

    def _why_not_read(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            sentence = tr("There is no file “{name}”; it may have been moved.")
        elif isinstance(self._source, Path) and self._source.is_dir():
            sentence = tr("“{name}” is a folder; choose a file in it.")
        elif isinstance(error, PermissionError):
            sentence = tr("You do not have permission to read “{name}”. Ask its owner, or copy it.")
        else:
            sentence = tr("“{name}” cannot be read: {reason}.")
        return sentence.format(name=quoted(self.name), reason=reason_of(error))


class _BoundedContent(io.RawIOBase):
    """Content that ends with `StoppedError` when it must not be read on.

    Parameters
    ----------
    content : file object
        It may have to be unpacked first.
    check : callable
        It is called before each piece, and may raise an error.
    """

    def __init__(
        self, content: io.RawIOBase | io.BufferedIOBase, check: Callable[[], None]
    ) -> None:
        super().__init__()
        self._content = content
        self._check = check
        self._read = 0

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._check()
        count = self._content.readinto(buffer)
        if count is None:  # a file of the system that would wait
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._read += count
        if self._read > MOST_BYTES:
            raise StoppedError(too_many_bytes(MOST_BYTES))
        return count

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return not isinstance(self._content, gzip.GzipFile)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        return self._content.tell()


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
            tr("The encoding “{encoding}” is not known; choose another.").format(
                encoding=quoted(encoding)
            )
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
    return tr("This is not a table; open a CSV or text file, or a workbook (.xlsx, .ods).")


def why_unusable(error: Exception) -> str:
    """Return the sentence for any error that was raised while a table was read."""
    if isinstance(error, TableError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this table; use only a part of it.")
    sentence = tr("The table cannot be used: {reason}.")
    return log_error(error, sentence.format(reason=reason_of(error)))
