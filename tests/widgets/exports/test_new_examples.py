"""A person predicts for a table of new examples."""

import csv
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.exports.exporter import write_at_once
from linreg_gui.widgets.exports.kinds import ExportError, export_of
from linreg_gui.widgets.exports.new_examples_dialog import NewExamplesDialog
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

KIND = export_of("new-predictions")


def test_predictions_are_written_for_the_table_that_was_chosen(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, file = tmp_path / "new.csv", tmp_path / "predicted.csv"
    table.write_text("x1;x0\n0,5;1,25\n2;3\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))

    def accept(dialog: NewExamplesDialog) -> int:
        qtbot.waitUntil(dialog.go_on.isEnabled)
        assert dialog.words.text() == "2 rows."
        return NewExamplesDialog.DialogCode.Accepted

    monkeypatch.setattr(NewExamplesDialog, "exec", accept)
    trained.exporter.choose(KIND)
    qtbot.waitUntil(file.exists)
    run = trained.controller.run
    assert run is not None
    w0, w1, b = run.current_parameters
    with file.open(encoding="utf-8", newline="") as written:
        rows = [*csv.DictReader(written)]
    assert [row["row"] for row in rows] == ["2", "3"]
    predictions = [float(row["prediction"]) for row in rows]
    assert predictions == pytest.approx([1.25 * w0 + 0.5 * w1 + b, 3 * w0 + 2 * w1 + b])


def test_a_doubtful_reading_can_be_corrected(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "new.csv"
    table.write_text("x0;x1\n1,234;2,345\n3,456;4,567\n", encoding="utf-8")
    dialog = NewExamplesDialog(trained)
    dialog.read(table)
    qtbot.waitUntil(dialog.go_on.isEnabled)
    before = dialog.remarks.sentences
    assert "it may also be" in before[0]
    dialog.remarks.buttons[0].click()
    qtbot.waitUntil(lambda: dialog.go_on.isEnabled() and dialog.remarks.sentences != before)
    dialog.deleteLater()


def test_a_table_without_the_features_is_refused(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "new.csv"
    table.write_text("height\n3\n", encoding="utf-8")
    dialog = NewExamplesDialog(trained)
    dialog.read(table)
    qtbot.waitUntil(lambda: "There is no column “x0”" in dialog.words.text())
    assert not dialog.go_on.isEnabled()
    dialog.deleteLater()


def test_the_command_line_names_the_table(
    trained: MainWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, file = tmp_path / "new.csv", tmp_path / "predicted.csv"
    table.write_text("x0;x1\n1,234;2,345\n3,456;4,567\n", encoding="utf-8")
    assert KIND.read is not None
    said = write_at_once(KIND, trained, file, KIND.read(trained, table))
    assert said.startswith("2 rows.")
    assert "it may also be" in capsys.readouterr().err
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
    with pytest.raises(ExportError, match="There is no file"):
        KIND.read(trained, tmp_path / "missing.csv")
