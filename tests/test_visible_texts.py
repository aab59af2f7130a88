"""The walker over all texts finds what must not be seen, and nothing else."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.window.main_window import MainWindow
from tests.visible_texts import bad_texts, complaint_of, painted_texts, visible_texts


@pytest.mark.parametrize(
    "text",
    [
        "None  1000",
        "loss nan",
        "-inf",
        "Step {step} of 5",
        "Traceback (most recent call last)",
        "<Run object at 0x7f3a5c0d1e50>",
        "<class 'int'>",
        "a, , b",
        "rate 0.1 · · seed 2",
        "two  blanks",
        "R&amp;D",
        "It ended..",
        "“” is no number",
        "zero\0byte",
    ],
)
def test_a_bad_text_is_found(text: str) -> None:
    assert complaint_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Numbers, none of them finite.",
        "ŷ = 2.5·income + 3·(−1)",
        "Reading …",
        "0.001 … 10",
        "information < 5 & up, (a), 1e−7; at step 3:\n2 of 4",
    ],
)
def test_a_good_text_is_not(text: str) -> None:
    assert not complaint_of(text)


def test_what_a_file_calls_its_columns_is_not_complained_of() -> None:
    assert complaint_of("The loss over {x}")
    assert not complaint_of("The loss over {x}", foreign=["a{x}"])
    assert complaint_of("The loss \0 over", foreign=["\0"])


def test_the_window_says_nothing_bad(trained: MainWindow) -> None:
    for switch in trained.session.switches.values():
        switch.setChecked(True)
        assert bad_texts(trained) == []
    trained.actions_of.settings.setChecked(True)
    assert bad_texts(trained) == []
    trained.actions_of.settings.setChecked(False)


@pytest.mark.usefixtures("painted")
def test_all_kinds_of_text_are_collected(trained: MainWindow, qtbot: QtBot) -> None:
    with painted_texts() as painted:
        trained.resize(trained.width() - 30, trained.height() - 30)
        trained.grab()
    assert {"0.0", "0.5"} <= painted
    texts = {text for _, text in visible_texts(trained)}
    assert {"Run again", "File", "LinReg"} <= texts
    label = QLabel("<b>None</b>")
    qtbot.addWidget(label)
    label.show()
    assert bad_texts(label) == ["text of QLabel: an internal name in 'None'"]
