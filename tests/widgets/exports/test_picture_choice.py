from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from linreg_gui.widgets.exports.picture_choice import PictureDialog
from linreg_gui.widgets.exports.pictures import FilmWish, PictureWish
from linreg_gui.widgets.window.main_window import MainWindow


def enter(dialog: PictureDialog[Any], name: str, text: str) -> None:
    """Type a number."""
    field = dialog.fields[name]
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def go_on(dialog: PictureDialog[Any]) -> None:
    buttons = dialog.findChildren(QPushButton)
    next(each for each in buttons if each.text() == "Choose a file…").click()


def said(dialog: PictureDialog[Any]) -> str:
    return dialog.refusal.text().replace("\u200b", "")


def test_what_is_chosen_is_what_the_picture_gets(loading_window: MainWindow) -> None:
    dialog = PictureDialog(loading_window, PictureWish())
    enter(dialog, "width", "900")
    enter(dialog, "height", "600")
    enter(dialog, "centimeters", "12,5")
    dialog.text.set_value(1.5)
    dialog.like_screen.setChecked(True)
    go_on(dialog)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.wish == PictureWish(900, 600, 1.5, 12.5, like_screen=True)
    assert dialog.wish.page.toTuple() == (600, 400)


def test_a_number_that_is_refused_is_said_before_anything_else(loading_window: MainWindow) -> None:
    dialog = PictureDialog(loading_window, PictureWish())
    enter(dialog, "width", "70000")
    assert said(dialog) == "Width cannot be 70000; choose 100 to 6,000. Still 1600."
    go_on(dialog)
    assert not dialog.result(), "nobody has read it yet"
    go_on(dialog)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.wish.width == 1600


def test_what_has_no_room_or_is_too_large_is_said(loading_window: MainWindow) -> None:
    dialog = PictureDialog(loading_window, PictureWish())
    enter(dialog, "height", "300")
    go_on(dialog)
    assert "no room" in said(dialog)
    film = PictureDialog(loading_window, FilmWish())
    enter(film, "width", "6000")
    enter(film, "seconds", "20")
    go_on(film)
    assert "too large" in said(film)
    enter(film, "seconds", "2")
    enter(film, "rate", "5")
    go_on(film)
    assert film.result() == QDialog.DialogCode.Accepted
