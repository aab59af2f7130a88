import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from linreg_gui import desktop_entry, installation
from linreg_gui.desktop_entry import install_desktop_entry, remove_desktop_entry
from linreg_gui.languages import ENGLISH, NAMES
from tests.support import needs_posix

pytestmark = needs_posix("desktop entries")


def test_the_entry_names_this_copy_and_its_icon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert install_desktop_entry() == 0
    entry = tmp_path / "applications" / "linreg-gui.desktop"
    assert str(entry) in capsys.readouterr().out
    lines = dict(
        line.split("=", 1) for line in entry.read_text(encoding="utf-8").splitlines() if "=" in line
    )
    command, file = lines["Exec"].rsplit(" ", 1)
    assert Path(command.strip('"')).name == "app.py"
    assert file == "%f"
    kinds = tmp_path / "mime" / "packages" / "linreg-gui.xml"
    for each in ET.parse(kinds).getroot():
        assert each.get("type") in lines["MimeType"].split(";")
    assert Path(lines["Icon"]).is_file()
    assert "@" not in entry.read_text(encoding="utf-8")
    main = {"Education", "Science", "Development", "Office", "Utility"}  # in each a menu of its own
    assert len(main & set(lines["Categories"].split(";"))) == 1
    if validator := shutil.which("desktop-file-validate"):
        subprocess.run([validator, entry], check=True)


def test_the_entry_and_the_types_of_files_have_every_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert install_desktop_entry() == 0
    entry = (tmp_path / "applications" / "linreg-gui.desktop").read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in entry.splitlines() if "=" in line)
    others = set(NAMES) - {ENGLISH}
    for name in ("GenericName", "Comment", "Keywords"):
        texts = {lines[name], *(lines[f"{name}[{code}]"] for code in others)}
        assert len(texts) == len(NAMES), "no two are the same"
        assert {text.count(";") for text in texts} == {lines[name].count(";")}
        assert {text[-1] == ";" for text in texts} == {name == "Keywords"}
    for kind in ET.parse(tmp_path / "mime" / "packages" / "linreg-gui.xml").getroot():
        comments = [each for each in kind if each.tag.endswith("comment")]
        languages = [each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in comments]
        assert languages[0] is None
        assert {*languages[1:]} == others
        assert len({each.text for each in comments}) == len(NAMES)


def test_a_removed_entry_leaves_the_files_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    other = tmp_path / "applications" / "other.desktop"
    other.parent.mkdir()
    other.touch()
    assert install_desktop_entry() == 0
    assert [remove_desktop_entry(), remove_desktop_entry()] == [0, 0]  # it may be gone already
    assert not list(tmp_path.rglob("linreg*"))
    assert other.exists()
    assert "no longer" in capsys.readouterr().out


def test_an_unwritable_folder_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "applications").write_text("a file in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert install_desktop_entry() == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_package_names_its_own_program_and_adds_no_second_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(installation, "IS_PACKAGED", True)
    monkeypatch.setattr(sys, "executable", "/usr/lib/linreg-gui/linreg-gui")
    assert install_desktop_entry() == 0
    assert "already" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())

    monkeypatch.setattr(desktop_entry, "__file__", "/home/ada/LinReg/_internal/linreg_gui/d.pyc")
    monkeypatch.setattr(sys, "executable", "/home/ada/LinReg/linreg-gui")
    assert install_desktop_entry() == 0
    entry = (tmp_path / "applications" / "linreg-gui.desktop").read_text(encoding="utf-8")
    assert "\nExec=/home/ada/LinReg/linreg-gui %f\n" in entry
