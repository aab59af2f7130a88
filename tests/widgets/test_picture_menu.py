"""The menu of a picture: copy it, save it, and read what it is for."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.picture_menu import copy_picture, picture_menu


def choose(monkeypatch: pytest.MonkeyPatch, file: Path | str) -> None:
    """Answer the next file dialog."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))


def trigger(window: MainWindow, words: str) -> None:
    """Choose an entry of the menu of the picture on the stage."""
    menu = picture_menu(window.stage.current, window)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.deleteLater()


@pytest.mark.parametrize("name", ["fit.png", "fit", "fit at 0.05"])
def test_a_picture_is_saved_as_it_is_seen_at_twice_its_size(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    choose(monkeypatch, tmp_path / name)
    trigger(trained, "Save the picture…")
    saved = QImage(str(tmp_path / f"{name.removesuffix('.png')}.png"))
    assert saved.size() == trained.stage.current.size() * 2
    colors = {saved.pixelColor(x, saved.height() // 2).name() for x in range(saved.width())}
    assert len(colors) > 3, "something is drawn"
    assert not trained.messages.isVisible()


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, tmp_path / "missing" / "fit.png")
    trigger(trained, "Save the picture…")
    assert trained.messages.label.text() == (
        "fit.png could not be written (No such file or directory); choose another folder."
    )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_saved_if_the_dialog_is_canceled(
    trained: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, "")
    monkeypatch.chdir(tmp_path)
    trigger(trained, "Save the picture…")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_copied_to_the_clipboard(trained: MainWindow) -> None:
    copy_picture(trained.stage.current)
    assert QGuiApplication.clipboard().image().size() == trained.stage.current.size() * 2
    QGuiApplication.clipboard().clear()


def test_every_picture_says_what_it_is_for(window: MainWindow) -> None:
    texts = {picture.whatsThis() for picture in window.pictures}
    assert len(texts) == len(window.pictures)
    assert all(text.endswith(".") for text in texts)
