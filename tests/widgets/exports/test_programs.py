import ast
import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")


@pytest.mark.parametrize(("name", "suffix"), [("script", ".py"), ("notebook", ".ipynb")])
def test_the_run_on_screen_is_written_as_a_program(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str, suffix: str
) -> None:
    file = tmp_path / f"run{suffix}"
    window.exporter.begin(export_of(name), file)
    qtbot.waitUntil(lambda: "is written" in window.messages.label.text())
    text = file.read_text(encoding="utf-8")
    if name == "notebook":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert "def train_step(" in text
    ast.parse(text)


def test_canceling_a_program_writes_nothing(window: MainWindow, tmp_path: Path) -> None:
    window.exporter.begin(export_of("script"), tmp_path / "run.py")
    window.exporter.cancel()
    assert not [*tmp_path.iterdir()]
