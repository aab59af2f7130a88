"""A file is chosen with its suffix, and nobody's file is replaced without a question."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look import asking
from linreg_gui.look.asking import file_to_read, file_to_write


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions so far; the answer to each is its last one."""
    questions: list[str] = []

    def execute(box: QMessageBox) -> int:
        questions.append(box.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", execute)
    monkeypatch.setattr(asking, "_last_folder", [])
    return questions


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def choose(monkeypatch: pytest.MonkeyPatch, file: Path, kind: str = "") -> list[str]:
    """Let the next dialog return ``file`` and a ``kind``; return what dialogs propose."""
    proposed: list[str] = []

    def dialog(_window: QWidget, _title: str, place: str, _filters: str) -> tuple[str, str]:
        proposed.append(place)
        return str(file), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", dialog)
    return proposed


def test_a_name_without_a_suffix_gets_the_kind_that_was_chosen(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    for kind, name in (("", "run.pdf"), ("HTML files (*.html)", "run.html")):
        choose(monkeypatch, tmp_path / "run", kind)
        file = file_to_write(parent, "Report", Path("report.pdf"), (".pdf", ".html"))
        assert file == tmp_path / name
    choose(monkeypatch, tmp_path / "Run.HTML")
    file = file_to_write(parent, "Report", Path("report.pdf"), (".pdf", ".html"))
    assert file == tmp_path / "Run.HTML"
    assert not asked


def test_a_file_whose_name_was_completed_is_replaced_only_if_a_person_says_so(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    (tmp_path / "thesis.csv").write_text("mine")
    choose(monkeypatch, tmp_path / "thesis")
    assert file_to_write(parent, "Table", Path("runs.csv"), (".csv",)) is None
    assert asked == ["thesis.csv is already there."]
    monkeypatch.setattr(asking, "ask", lambda *_: 0)
    file = file_to_write(parent, "Table", Path("runs.csv"), (".csv",))
    assert file == tmp_path / "thesis.csv"


def test_the_next_dialog_begins_where_the_last_file_was(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    choose(monkeypatch, tmp_path / "table.csv")
    assert file_to_read(parent, "Open", ["Tables (*.csv)"]) == tmp_path / "table.csv"
    proposed = choose(monkeypatch, tmp_path / "x.csv")
    file_to_write(parent, "Table", Path("runs.csv"), (".csv",))
    assert proposed == [str(tmp_path / "runs.csv")]
    assert not asked
