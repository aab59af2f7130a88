"""What a file is decides its suffix, or else its first part."""

import os
from pathlib import Path
from zipfile import ZipFile

from linreg_gui.file_kinds import FileKind, kind_of
from tests.support import needs_posix


def test_a_suffix_decides_even_for_what_is_not_there(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "a.LINREG") is FileKind.SESSION
    assert kind_of(tmp_path / "a.linreg-lesson") is FileKind.LESSON
    assert kind_of(tmp_path / "a.csv") is FileKind.TABLE
    assert kind_of(tmp_path) is FileKind.TABLE


@needs_posix("pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert kind_of(tmp_path / "pipe") is FileKind.TABLE


def test_a_file_of_another_name_is_what_is_in_it(tmp_path: Path) -> None:
    for part, kind in (
        ("session.json", FileKind.SESSION),
        ("lesson.md", FileKind.LESSON),
        ("xl/workbook.xml", FileKind.TABLE),
    ):
        with ZipFile(tmp_path / "renamed.zip", "w") as archive:
            archive.writestr(part, "{}")
        assert kind_of(tmp_path / "renamed.zip") is kind
    for content in (b"", b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 26, b"x,y\n"):
        (tmp_path / "odd").write_bytes(content)
        assert kind_of(tmp_path / "odd") is FileKind.TABLE
