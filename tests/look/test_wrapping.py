"""Words and buttons that have no room go on in further lines, and nothing is left out."""

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.controls import area, fill, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.look.wrapping import Note, WrappingButton, in_lines

pytestmark = [
    pytest.mark.usefixtures("theme"),
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
]

WORDS = "Paste from a spreadsheet"


def show(qtbot: QtBot, widget: QWidget, width: int) -> None:
    if not widget.isVisible():
        qtbot.addWidget(widget)
        widget.show()
    widget.resize(width, 400)
    for _ in range(3):
        QApplication.processEvents()


def fits(button: WrappingButton) -> bool:
    words = button.fontMetrics().size(0, button.text())
    return button.width() >= words.width() and button.height() >= words.height()


def test_a_text_is_broken_at_blanks_and_only_then_inside_a_word(theme: Theme) -> None:
    assert in_lines(WORDS, base_font(), 1000) == WORDS
    lines = in_lines(WORDS, base_font(), 90).split("\n")
    assert " ".join(lines) == WORDS
    assert len(lines) > 1
    assert "".join(in_lines("abcdefghijklm", base_font(), 40).split("\n")) == "abcdefghijklm"


def test_a_button_breaks_its_words_and_joins_them_again(qtbot: QtBot) -> None:
    button = WrappingButton(WORDS)
    around = area(fill(QVBoxLayout(), button, None))
    show(qtbot, around, 400)
    assert button.text() == WORDS
    show(qtbot, around, 120)
    assert button.text().replace("\n", " ") == WORDS
    assert "\n" in button.text()
    assert fits(button)
    assert button.accessibleName() == WORDS
    show(qtbot, around, 400)
    assert button.text() == WORDS


def test_a_button_beside_others_keeps_its_words_in_one_line_if_there_is_room(
    qtbot: QtBot,
) -> None:
    buttons = [WrappingButton("Hide"), WrappingButton("Undo delete")]
    around = area(fill(QHBoxLayout(), *buttons, None))
    show(qtbot, around, 400)
    buttons[0].setText("Show all of them")
    for _ in range(3):
        QApplication.processEvents()
    assert [button.text() for button in buttons] == ["Show all of them", "Undo delete"]
    assert all(map(fits, buttons))


def test_a_button_follows_the_scale(qtbot: QtBot, theme: Theme) -> None:
    button = WrappingButton(WORDS)
    around = area(fill(QVBoxLayout(), button, None))
    show(qtbot, around, 220)
    assert button.text() == WORDS
    theme.set_scale(2.0)
    show(qtbot, around, 220)
    assert "\n" in button.text()
    assert fits(button)


def test_a_note_shows_all_and_keeps_its_height_while_its_width_stays(qtbot: QtBot) -> None:
    note, below = Note(), text_label("", "below")
    around = area(fill(QVBoxLayout(), note, below, None))
    show(qtbot, around, 200)
    places = []
    for text in ("short", WORDS * 3, "short", ""):
        note.show_text(text)
        QApplication.processEvents()
        assert note.text() == text
        assert note.height() >= note.heightForWidth(note.width())
        places.append(below.y())
    assert places[1:] == [places[1]] * 3
    assert places[0] < places[1]
    show(qtbot, around, 600)
    assert below.y() == places[0]


def test_a_note_gets_no_higher_when_its_width_only_has_room_for_the_short_words(
    qtbot: QtBot,
) -> None:
    note = Note()
    around = area(fill(QVBoxLayout(), note, None))
    show(qtbot, around, 600)
    note.show_text(WORDS, "short")
    assert note.text() == WORDS
    height = note.minimumHeight()
    show(qtbot, around, 60)
    assert (note.text(), note.minimumHeight()) == ("short", height)
    show(qtbot, around, 600)
    assert note.text() == WORDS


def test_a_flow_narrows_what_is_wider_than_it(qtbot: QtBot) -> None:
    button, label = WrappingButton(WORDS), text_label("", f"{WORDS} {WORDS} {WORDS}")
    around = area(fill(QVBoxLayout(), flow(button, label), None))
    show(qtbot, around, 130)
    for widget in (button, label):
        assert widget.geometry().right() < 130
    assert fits(button)
    assert label.height() >= label.heightForWidth(label.width())
    assert label.y() > button.y()
