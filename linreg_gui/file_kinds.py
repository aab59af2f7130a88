"""What a file is that a person wants to open: a session, a lesson, or else a table."""

from enum import Enum
from pathlib import Path

_FIRST_PARTS = {b"session.json": "SESSION", b"lesson.md": "LESSON"}
_HEADER_BYTES = 30


class FileKind(Enum):
    """What is in a file. The values are the suffixes."""

    SESSION = ".linreg"
    LESSON = ".linreg-lesson"
    TABLE = ""


def kind_of(file: Path) -> FileKind:
    """Return what ``file`` is: by its suffix, or else by the first part of the archive in it."""
    for kind in (FileKind.SESSION, FileKind.LESSON):
        if file.suffix.lower() == kind.value:
            return kind
    try:
        if not file.is_file():  # a pipe may have nobody who writes, and would be waited for
            return FileKind.TABLE
        with file.open("rb") as content:
            header = content.read(_HEADER_BYTES)
            if header[:4] == b"PK\x03\x04":
                name = content.read(int.from_bytes(header[26:28], "little"))
                return FileKind[_FIRST_PARTS.get(name, "TABLE")]
    except OSError:
        pass  # whoever opens it says so
    return FileKind.TABLE
