"""A message lies over the picture, moves nothing, and goes."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset
from linreg_gui.widgets.panels.registry import DATA, LOG, POINTS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import is_prepared

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton
LONG = "Each of these words is here to make the sentence longer than one line can be. " * 4


def places(window: MainWindow) -> list[QRect]:
    """Return where everything is that a message could move."""
    QApplication.processEvents()
    parts = (window.run_bar, window.stage, window.side, window.timeline, window.readout)
    return [each.geometry() for each in (*parts, *window.pictures)]


def place(widget: QWidget) -> QRect:
    """Return where a part of the window is on the screen."""
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def is_in_front(window: MainWindow) -> bool:
    """Return whether a click in the middle of the message hits the message."""
    hit = window.centralWidget().childAt(window.messages.geometry().center())
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
    assert place(window.stage.current).contains(place(window.messages))
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
        assert place(window.stage).contains(place(window.messages))


def test_it_follows_the_picture_and_the_scale(window: MainWindow) -> None:
    window.messages.show_message("Something to read.")
    window.session.switches[LOG].setChecked(True)
    QApplication.processEvents()
    assert place(window.stage.current).contains(place(window.messages))
    window.session.theme.set_scale(1.75)
    QApplication.processEvents()
    label = window.messages.label
    assert place(window.stage.current).contains(place(window.messages))
    assert label.height() >= label.heightForWidth(label.width())


def test_it_lies_over_more_than_the_picture_if_that_has_too_little_room(
    window: MainWindow, wait_for: WaitFor
) -> None:
    x = np.arange(3000.0, 3060.0)
    window.controller.use_data(Dataset(x[:, None], 2 * x, ("area",), name="houses.csv"))
    wait_for(lambda: window.messages.cure.text() == "Standardize" and window.messages.isVisible())
    window.session.theme.set_scale(1.75)
    window.resize(960, 500)
    window.session.switches[DATA].setChecked(True)
    QApplication.processEvents()
    label = window.messages.label
    assert label.height() >= label.heightForWidth(label.width())
    for button in window.messages.findChildren(QToolButton):
        assert button.size().expandedTo(button.sizeHint()) == button.size()
        assert place(window.body).contains(place(button))


def test_it_offers_nothing_beside_another_sentence(window: MainWindow, wait_for: WaitFor) -> None:
    x = np.arange(3000.0, 3060.0)
    window.controller.use_data(Dataset(x[:, None], 2 * x, ("area",), name="houses.csv"))
    buttons = window.messages.findChildren(QToolButton)
    wait_for(lambda: all(button.isVisible() for button in buttons))
    window.messages.show_message("Something else.")
    assert [button for button in buttons if button.isVisible()] == [close_button(window)]


def test_its_button_closes_it_and_the_picture_is_free(window: MainWindow, qtbot: QtBot) -> None:
    window.messages.show_message("Something to read.")
    assert is_in_front(window)
    qtbot.mouseClick(close_button(window), LEFT)
    assert not window.messages.isVisible()
    assert window.messages.label.text() == ""
    assert not is_in_front(window)


def test_the_name_of_a_file_is_copied_without_places_to_break(window: MainWindow) -> None:
    sentence = "Details are in /home/anna/.local/state/linreg-gui/log/errors.log."
    window.messages.show_message(sentence)
    label = window.messages.label
    assert label.text() != sentence
    clipboard = QGuiApplication.clipboard()
    label.setFocus()
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not clipboard.image().isNull()  # of the picture
    label.setSelection(0, len(label.text()))
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == sentence
    clipboard.clear()


def test_another_run_removes_it(window: MainWindow, wait_for: WaitFor) -> None:
    window.messages.show_message("Something to read.")
    window.controller.change_setting("seed", 5)
    wait_for(lambda: not window.messages.isVisible())


def test_what_was_closed_does_not_come_back_with_every_edited_point(
    window: MainWindow, wait_for: WaitFor
) -> None:
    controller, messages = window.controller, window.messages
    x = np.linspace(0.0, 1.0, 20)
    remark = "“1,5” is read as 1.5."

    def use_another() -> None:
        data = Dataset(x[:, None], 2 * x, ("x",), name="a.csv", remarks=(remark,))
        controller.use_data(data)
        wait_for(lambda: remark in messages.label.text())

    use_another()
    data = controller.settings.data
    close_button(window).click()
    window.session.switches[POINTS].setChecked(True)
    window.session.points.move(np.array([3]), (0.1, 0.2))
    wait_for(lambda: controller.applied_settings.data is not data and is_prepared(controller))
    assert not messages.isVisible()
    run = controller.run
    assert run is not None
    assert run.forecast is not None
    assert run.forecast.cure
    run.messages.append("Another remark.")
    messages.show_message("\n".join(run.messages))
    assert messages.label.text() == "Another remark."
    assert not messages._help.isVisible(), "nothing cures a sentence that is not there"
    controller.reset()
    wait_for(lambda: is_prepared(controller))
    assert not messages.isVisible()
    controller.change_setting("epochs", 1)
    wait_for(messages.isVisible)
    assert messages.label.text().startswith("With these settings")
    use_another()  # what was closed was about the other table


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
    assert place(window.stage).contains(place(window.messages))


@pytest.mark.parametrize("before", ["", "A forecast."])
def test_a_refused_rate_covers_the_last_message_until_it_is_typed_again_or_closed(
    window: MainWindow, qtbot: QtBot, before: str
) -> None:
    field, messages = window.run_bar.rate.field, window.messages
    if before:
        window.controller.message_posted.emit(before)

    def refuse() -> None:
        for _ in range(2):
            field.setFocus()
            field.selectAll()
            qtbot.keyClicks(field, "abc")
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert "Still 0.001" in messages.label.text()

    refuse()
    qtbot.keyClicks(field, "2")
    assert messages.label.text() == before
    assert messages.isVisible() is bool(before)
    refuse()
    close_button(window).click()
    assert messages.label.text() == before
    refuse()
    window.controller.change_setting("learning_rate", 0.02)
    assert messages.label.text() == before
    window.controller.message_posted.emit("Another.")
    qtbot.keyClicks(field, "2")
    assert messages.label.text() == "Another."


def test_an_offer_comes_back_with_its_buttons_once_a_refusal_goes(window: MainWindow) -> None:
    messages, answers = window.messages, list[str]()
    accept, refuse = (partial(answers.append, each) for each in ("accepted", "refused"))
    for press in (messages.cure.trigger, close_button(window).click):
        messages.offer("Go on?", "Go on", accept, refuse)
        window.session.refused.emit("No number.")
        offered = [each for each in messages.findChildren(QToolButton) if each.isVisible()]
        assert offered == [close_button(window)]
        close_button(window).click()
        assert messages.label.text() == "Go on?"
        assert messages.cure.text() == "Go on"
        assert len([each for each in messages.findChildren(QToolButton) if each.isVisible()]) == 2
        press()
    assert answers == ["accepted", "refused"]


def test_good_news_comes_back_as_good_news_once_a_refusal_goes(window: MainWindow) -> None:
    def icon() -> QImage:
        return next(
            each.pixmap().toImage()
            for each in window.messages.findChildren(QLabel)
            if not each.pixmap().isNull()
        )

    window.messages.show_message("fit.png is written.", is_good=True)
    before = icon()
    window.session.refused.emit("No number.")
    assert icon() != before
    window.session.refused.emit("")
    assert icon() == before
