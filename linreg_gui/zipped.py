"""Opens zip files of unknown origin, within a bound."""

import zlib
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

DAMAGED = (
    *(BadZipFile, EOFError, LookupError, NotImplementedError, RuntimeError, ValueError),
    zlib.error,
)
"""What `open_zip`, and reading a part, raise if the file is damaged."""


def open_zip(content: BinaryIO, most_directory_bytes: int) -> ZipFile:
    """Open a zip file to read; ``content`` has to stay open.

    Only its list of parts is read at once, of at most ``most_directory_bytes``.

    Raises
    ------
    one of DAMAGED
        If it is none, or if its list of parts is longer.
    """
    return ZipFile(cast("IO[bytes]", _BoundedDirectory(content, most_directory_bytes)))


class _BoundedDirectory:
    """What a zip file is read from."""

    def __init__(self, content: BinaryIO, most: int) -> None:
        self._content = content
        self._most = most
        self.seek = content.seek
        self.tell = content.tell
        self.seekable = content.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise BadZipFile
        return self._content.read(size)
