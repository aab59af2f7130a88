"""A message lies over the picture, moves nothing, and goes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.panels.registry import LOG
from linreg_gui.widgets.window.main_window import MainWindow

WaitFor = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton
LONG = "Each of these words is here to make the sentence longer than one line can be. " * 4


def places(window: MainWindow) -> list[QRect]:
    """Return where everything is that a message could move."""
    QApplication.processEvents()
    parts = (window.run_bar, window.stage, window.side, window.timeline, window.readout)
    return [each.geometry() for each in (*parts, *window.pictures)]


def is_in_front(window: MainWindow) -> bool:
    """Return whether a click in the middle of the message hits the message."""
    hit = window.stage.childAt(window.messages.geometry().center())
    return hit is not None and window.messages.isAncestorOf(hit)


def close_button(window: MainWindow) -> QToolButton:
    (button,) = [
        each
        for each in window.messages.findChildren(QToolButton)
        if each.accessibleName() == "Close this message"
    ]
    return button


def test_it_moves_nothing_and_lies_over_the_picture_on_the_stage(window: MainWindow) -> None:
    before = places(window)
    window.controller.message_posted.emit(LONG)
    assert window.messages.isVisible()
    assert places(window) == before
    assert window.stage.current.geometry().contains(window.messages.geometry())
    window.messages.clear()
    assert places(window) == before


def test_all_of_it_can_be_read(window: MainWindow) -> None:
    for width, height in ((1280, 800), (960, 500)):
        window.resize(width, height)
        window.messages.show_message(LONG)
        QApplication.processEvents()
        label = window.messages.label
        assert label.text() == LONG
        assert label.height() >= label.heightForWidth(label.width())
        assert window.stage.rect().contains(window.messages.geometry())


def test_it_follows_the_picture_and_the_scale(window: MainWindow) -> None:
    window.messages.show_message("Something to read.")
    window.session.switches[LOG].setChecked(True)
    QApplication.processEvents()
    assert window.stage.current.geometry().contains(window.messages.geometry())
    window.session.theme.set_scale(1.75)
    QApplication.processEvents()
    label = window.messages.label
    assert window.stage.current.geometry().contains(window.messages.geometry())
    assert label.height() >= label.heightForWidth(label.width())


def test_its_button_closes_it_and_the_picture_is_free(window: MainWindow, qtbot: QtBot) -> None:
    window.messages.show_message("Something to read.")
    assert is_in_front(window)
    qtbot.mouseClick(close_button(window), LEFT)
    assert not window.messages.isVisible()
    assert window.messages.label.text() == ""
    assert not is_in_front(window)


def test_another_run_removes_it(window: MainWindow, wait_for: WaitFor) -> None:
    window.messages.show_message("Something to read.")
    window.controller.change_setting("seed", 5)
    wait_for(lambda: not window.messages.isVisible())


def test_the_newest_one_is_shown(window: MainWindow) -> None:
    window.messages.show_message("One.")
    window.messages.show_message("Another.")
    shown = [each.text() for each in window.messages.findChildren(QLabel) if each.text()]
    assert shown == ["Another."]


@pytest.mark.parametrize("layout", ["grid", "maximized"])
def test_it_is_seen_in_every_layout(window: MainWindow, layout: str) -> None:
    if layout == "grid":
        window.stage.toggle_grid()
    else:
        window.stage.toggle_maximized()
    window.messages.show_message("Something to read.")
    assert is_in_front(window)
    assert window.stage.rect().contains(window.messages.geometry())
