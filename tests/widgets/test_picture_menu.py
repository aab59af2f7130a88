"""The menu of a picture: copy it, save it, and read what it is for."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.exports.picture_choice import PictureDialog
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.picture_menu import picture_menu

pytestmark = pytest.mark.usefixtures("shared_window", "painted")


@pytest.fixture(autouse=True)
def _accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what the dialog of a picture proposes."""
    monkeypatch.setattr(PictureDialog, "exec", lambda _: QDialog.DialogCode.Accepted)


def choose(monkeypatch: pytest.MonkeyPatch, file: Path | str) -> None:
    """Answer the next file dialog."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))


def trigger(window: MainWindow, words: str) -> None:
    """Choose an entry of the menu of the picture on the stage."""
    menu = picture_menu(window.stage.current, window)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.deleteLater()


def said(window: MainWindow) -> str:
    return window.messages.label.text().replace("\u200b", "")


@pytest.mark.parametrize("name", ["fit.png", "fit", "fit at 0.05"])
def test_a_picture_is_saved_with_a_suffix(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    choose(monkeypatch, tmp_path / name)
    trigger(trained, "Save the picture…")
    qtbot.waitUntil(lambda: "is written" in said(trained))
    (file,) = tmp_path.iterdir()
    assert file.name == f"{name.removesuffix('.png')}.png"
    assert QImage(str(file)).size().toTuple() == (1600, 1000)


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    choose(monkeypatch, tmp_path / "missing" / "fit.png")
    trigger(trained, "Save the picture…")
    qtbot.waitUntil(lambda: "could not be written" in said(trained))
    assert said(trained) == (
        "fit.png could not be written (No such file or directory); choose another folder."
    )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_saved_if_a_dialog_is_canceled(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    choose(monkeypatch, "")
    trigger(trained, "Save the picture…")
    choose(monkeypatch, "picture.png")
    monkeypatch.setattr(PictureDialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    trigger(trained, "Save the picture…")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_copied_to_the_clipboard_as_an_image_and_as_svg(trained: MainWindow) -> None:
    trained.picture_menus.copy()
    content = QGuiApplication.clipboard().mimeData()
    assert QGuiApplication.clipboard().image().size().toTuple() == (1600, 1000)
    assert b"<svg" in content.data("image/svg+xml").data()
    trained.picture_menus.copy_stage()
    assert QGuiApplication.clipboard().image().size().toTuple() == (1600, 1000)
    trained.picture_menus.copy_window()
    assert QGuiApplication.clipboard().image().size() == trained.size() * 2
    QGuiApplication.clipboard().clear()


def test_every_picture_says_what_it_is_for(window: MainWindow) -> None:
    texts = {picture.whatsThis() for picture in window.pictures}
    assert len(texts) == len(window.pictures)
    assert all(text.endswith(".") for text in texts)
