"""Text is shown as it is, whatever it looks like."""

import re

import pytest
from PySide6.QtGui import QAction, Qt, QTextDocument
from PySide6.QtWidgets import QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.controls import text_label
from linreg_gui.look.inputs import ChoiceBox
from linreg_gui.look.plain import markup, plain, set_tip
from linreg_gui.look.wrapping import WrappingButton
from linreg_gui.widgets.panels.stop_page import rendered
from tests.support import ROOT
from tests.visible_texts import as_shown, own_text

LIKE_MARKUP = ("<b>x</b>", "Weight <kg>", "R&amp;D &lt;", "<img src=x>", "a<br>b", "<!doctype x")

SINKS = {
    "setToolTip(": {"plain.py"},
    "QToolTip.showText(": {"timeline_track.py"},  # a tip that `set_tip` has set
    "QLabel(": {"controls.py", "notice.py"},
    "setTextFormat(": {"wrapping.py", "controls.py", "asking.py"},
    "setHtml(": {
        *("step_panel.py", "first_steps.py", "shortcuts.py", "about.py"),
        *("report.py", "self_test_page.py"),
    },
    "MarkdownIt(": {"blocks.py", "stop_page.py", "first_steps.py"},  # our own files
    "setBuddy(": {"row.py", "rate_bar.py", "speed.py", "picture_choice.py"},
    "TextItem(": set(),
    "QMessageBox": {"asking.py"},  # with its text as plain text
    "QGroupBox": set(),
    "QTabWidget": set(),
}
"""What could take text for markup or a mnemonic, and who uses it with words of ours, or escapes."""


@pytest.mark.parametrize("sink", SINKS)
def test_few_places_could_take_text_for_markup(sink: str) -> None:
    sources = (ROOT / "linreg_gui").rglob("*.py")
    users = {file.name for file in sources if sink in file.read_text(encoding="utf-8")}
    assert users == SINKS[sink]


def test_a_line_does_not_break_inside_of_a_number(qtbot: QtBot) -> None:
    number = "4\u202f400"  # as it is written where the decimal mark is a comma
    document = QTextDocument()
    document.setHtml(number)
    assert document.toRawText() == "4 400"  # Qt makes a blank of it
    tip = QWidget()
    set_tip(tip, number, "more")
    for html in (rendered(number), tip.toolTip(), markup(f"<p>{number}</p>")):
        document.setHtml(html)
        assert "4\u00a0400" in document.toRawText()
    for file in (ROOT / "linreg_gui").rglob("*.py"):
        assert not re.search(r"setHtml\((?!markup\()", file.read_text("utf-8")), file


@pytest.mark.parametrize("text", LIKE_MARKUP)
def test_a_tip_is_no_markup(text: str, qtbot: QtBot) -> None:
    for target in (QWidget(), QAction()):
        set_tip(target, text)
        assert not Qt.mightBeRichText(target.toolTip())
        assert target.toolTip().replace("\u2060", "") == text
        set_tip(target, text, "more")
        assert as_shown(target.toolTip()) == f"{text}\nmore"
    assert plain("1 < 2 & 3") == "1 < 2 & 3"


@pytest.mark.parametrize("text", LIKE_MARKUP)
def test_a_label_is_no_markup(text: str, qtbot: QtBot) -> None:
    label = text_label("fact", text)
    qtbot.addWidget(label)
    assert own_text(label) == text
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_word_without_end_does_not_widen_a_label(qtbot: QtBot) -> None:
    label = text_label("error", "“" + "W" * 3000 + "”")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 20 * label.fontMetrics().maxWidth()
    plainly = text_label("error", "Standardization of characteristics")
    qtbot.addWidget(plainly)
    assert plainly.text() == "Standardization of characteristics"


def test_a_list_leaves_out_the_middle_of_a_name_without_room(qtbot: QtBot) -> None:
    box = ChoiceBox({1: "W" * 60})
    qtbot.addWidget(box)
    box.setFixedWidth(120)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    assert re.fullmatch("W+…W+", option.currentText)  # type: ignore[attr-defined]
    assert box.itemText(0) == "W" * 60


def test_a_button_underlines_nothing(qtbot: QtBot) -> None:
    button = WrappingButton("A&B.csv")
    qtbot.addWidget(button)
    button.resize(40, 200)
    button.show()
    qtbot.waitUntil(lambda: "\n" in button.text())
    assert button.shortcut().isEmpty()
    assert own_text(button).replace("\n", "") == "A&B.csv"
    button.setText("<b>C&D")
    assert button.shortcut().isEmpty()
