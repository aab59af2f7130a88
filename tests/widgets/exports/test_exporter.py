import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from linreg_gui import plots
from linreg_gui.pieces import at_once
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.exports.csv_choice import CsvChoiceDialog
from linreg_gui.widgets.exports.exporter import sentence_on, write_at_once, writing_export
from linreg_gui.widgets.exports.kinds import EXPORTS, ExportError, ExportKind, export_of
from linreg_gui.widgets.exports.pictures import FilmWish
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import needs_full_disk

pytestmark = pytest.mark.usefixtures("shared_window")

TRAJECTORY = export_of("trajectory")


def chosen(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))


def said(window: MainWindow) -> str:
    return window.messages.label.text().replace("\u200b", "")


def test_a_chosen_export_is_written_completely(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, tmp_path / "run")
    monkeypatch.setattr(CsvChoiceDialog, "exec", lambda _: CsvChoiceDialog.DialogCode.Accepted)
    trained.exporter.choose(TRAJECTORY)
    qtbot.waitUntil(lambda: "is written" in said(trained))
    (file,) = tmp_path.iterdir()
    assert file.name == "run.csv"
    with file.open(encoding="utf-8", newline="") as table:
        header, *rows = csv.reader(table)
    run = trained.controller.run
    assert run is not None
    assert header == ["step", "epoch", "loss", "moving_loss", "w0", "w1", "b"]
    assert [int(row[0]) for row in rows] == run.history.steps.tolist()
    assert np.array_equal(np.array(rows[-1][4:], np.float64), run.current_parameters)


def test_a_proposed_name_is_one_on_every_system(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str] = []

    def choose(_window: object, _title: str, name: str, _filters: str) -> tuple[str, str]:
        proposed.append(name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    trained.exporter.choose(replace(TRAJECTORY, name='a/b\\c:d*e?f"g<h>i|j', ask=None))
    assert Path(proposed[0]).name == "a b c d e f g h i j.csv"


def test_canceling_leaves_what_was_there(trained: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "run.csv"
    file.write_text("old")
    trained.exporter.begin(TRAJECTORY, file)
    (dialog,) = trained.findChildren(QProgressDialog)
    dialog.findChildren(QPushButton)[0].click()
    assert [each.name for each in tmp_path.iterdir()] == ["run.csv"]
    assert file.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "words"), [("missing/run.csv", "choose another"), ("x" * 300, "Choose a shorter")]
)
def test_a_file_that_cannot_be_written_is_said(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot, name: str, words: str
) -> None:
    trained.exporter.begin(TRAJECTORY, tmp_path / name)
    qtbot.waitUntil(lambda: words in said(trained))
    assert not [*tmp_path.iterdir()]


def options(kind: ExportKind, window: MainWindow, folder: Path) -> Any:
    """Return what a person would choose, for kinds that need it or take long without it."""
    if kind.name == "animation":
        return FilmWish(300, 200, 1.0, seconds=0.5, rate=4)
    if kind.read is not None:
        return kind.read(window, folder / "new.csv")
    return None


@needs_full_disk
def test_no_kind_of_file_hides_that_the_disk_is_full_or_its_folder_has_gone(
    window: MainWindow, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    controller, sweeper = window.controller, window.session.sweeper
    controller.change_settings(examples=100, engine=Engine.INSTANT)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    sweeper.start("epochs", (1, 2))
    wait_for(lambda: not sweeper.is_running)
    write_at_once(export_of("examples"), window, tmp_path / "new.csv")
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    for kind in (each for each in EXPORTS if each.name not in plots.NAMES):  # one is "picture"
        chosen = options(kind, window, tmp_path)
        for suffix in kind.suffixes:
            link = tmp_path / f"full{suffix}"
            link.symlink_to(full)
            folder = tmp_path / f"{kind.name}{suffix}"
            folder.mkdir()
            for place in (link, folder / f"a{suffix}"):
                writing = writing_export(kind, window, place, chosen)
                with pytest.raises(OSError) as caught:  # noqa: PT012 - each of them is said
                    next(writing)
                    shutil.rmtree(folder, ignore_errors=True)
                    at_once(writing)
                assert "choose another folder" in sentence_on(caught.value, place)
            link.unlink()


def test_without_a_step_there_is_nothing_to_export(window: MainWindow, tmp_path: Path) -> None:
    window.exporter.choose(TRAJECTORY)
    assert "press Run first" in said(window)
    with pytest.raises(ExportError, match="press Run first"):
        next(writing_export(TRAJECTORY, window, tmp_path / "run.csv"))


def test_each_export_has_a_name_and_words_of_its_own() -> None:
    assert len({kind.name for kind in EXPORTS}) == len({kind.words() for kind in EXPORTS})
    for kind in EXPORTS:
        assert all(suffix.startswith(".") for suffix in kind.suffixes)


@pytest.mark.usefixtures("own_window")
def test_a_window_that_closes_gives_up_what_it_exports(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    trained.exporter.begin(export_of("animation"), tmp_path / "run.webp")
    for _ in range(20):
        QApplication.processEvents()
    trained.close()
    assert not [*tmp_path.iterdir()]
