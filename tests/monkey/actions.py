"""What a random user does: each action is a name with words and numbers, and prints as one line."""

import json
import time
from pathlib import Path
from typing import NamedTuple, Self

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from shiboken6 import isValid

from linreg_gui.widgets.window.main_window import MainWindow
from tests.monkey import samples
from tests.monkey.targets import Target, targets, windows
from tests.widgets.controls import turn_wheel

_MOVES_OF_A_DRAG = 4
_MOST_KEYS = 12
"""Longer texts are pasted."""

_RIGHT = ("None: there is no gradient yet", "“” is not a number")
"""Texts of the program that look like faults."""

BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)


class Action(NamedTuple):
    """Something that a user does."""

    name: str
    values: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return json.dumps([self.name, *self.values], ensure_ascii=False)

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the action that prints as ``line``."""
        name, *values = json.loads(line)
        return cls(name, tuple(values))


class Hands:
    """Does actions in ``window``. What is not there any more is left out.

    New files come into ``folder``.

    Attributes
    ----------
    foreign : set of str
        All texts that they have brought, which the window may repeat.
    """

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.foreign: set[str] = set(_RIGHT)
        self._window = window
        self._folder = folder

    def do(self, action: Action) -> None:
        """Do ``action``."""
        if action.name != "answer" and (dialog := file_dialog()):
            dialog.reject()  # these hands must not rename or delete files
        else:
            getattr(self, action.name)(*action.values)

    def click(self, name: str, x: int, y: int, button: int) -> None:
        """Press a button of the mouse on a control and let it go."""
        if target := _find(name):
            window, place = _on_screen(target, target.point(x, y))
            QTest.mouseClick(window, BUTTONS[button], _NO_KEYS, place)

    def double_click(self, name: str, x: int, y: int) -> None:
        """Click twice."""
        if target := _find(name):
            window, place = _on_screen(target, target.point(x, y))
            QTest.mouseDClick(window, Qt.MouseButton.LeftButton, _NO_KEYS, place)

    def hover(self, name: str, x: int, y: int) -> None:
        """Move the mouse over a control."""
        if target := _find(name):
            QTest.mouseMove(*_on_screen(target, target.point(x, y)))

    def drag(self, name: str, *places: int) -> None:
        """Press the mouse at one place of a control, and let it go at another one."""
        if target := _find(name):
            x, y, to_x, to_y = places
            window, start = _on_screen(target, target.point(x, y))
            _, end = _on_screen(target, target.point(to_x, to_y))
            QTest.mousePress(window, Qt.MouseButton.LeftButton, _NO_KEYS, start)
            for move in range(1, _MOVES_OF_A_DRAG + 1):
                share = move / _MOVES_OF_A_DRAG
                place = QPointF(start) * (1 - share) + QPointF(end) * share
                if isValid(window):  # a menu closes when the mouse is pressed outside of it
                    QTest.mouseMove(window, place.toPoint())
                    QApplication.processEvents()
            if isValid(window):
                QTest.mouseRelease(window, Qt.MouseButton.LeftButton, _NO_KEYS, end)

    def wheel(self, name: str, x: int, y: int, turns: int) -> None:
        """Turn the wheel over a control; the event loop sees every turn."""
        if target := _find(name):
            for _ in range(abs(turns)):
                place = target.point(x, y)
                under = target.widget.childAt(place) or target.widget
                turn_wheel(under, 120 if turns > 0 else -120, under.mapFrom(target.widget, place))
                QApplication.processEvents()

    def key(self, words: str) -> None:
        """Press a key, or several at once: ``Shift+Tab``."""
        self.foreign.add(2 * words)  # pressed twice, it may stand twice in a name
        popup = QApplication.activePopupWidget()  # kept: PySide would forget what is in it
        if focused := _with_focus(popup):
            QTest.keySequence(focused, words)

    def type(self, words: str) -> None:
        """Write into what has the focus, by keys or from the clipboard."""
        self.foreign.add(words)
        focused = QApplication.focusWidget()
        if focused and words.isascii() and words.isprintable() and len(words) <= _MOST_KEYS:
            QTest.keyClicks(focused, words)
        else:
            QGuiApplication.clipboard().setText(words)
            self.key("Ctrl+V")

    def fill(self, name: str, words: str, end: str) -> None:
        """Write into a field instead of what is there, and press the key ``end``."""
        target = _find(name)
        if target and isinstance(target.widget, QLineEdit):
            self.click(name, 500, 500, 0)
            target.widget.selectAll()
            self.type(words)
            if end:
                self.key(end)

    def menu_of(self, name: str) -> None:
        """Ask for the context menu of a control by its key."""
        if target := _find(name):
            target.widget.setFocus()
            self.key("Menu")

    def drop(self, number: int) -> None:
        """Drop a file on the window."""
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(str(self._file(number)))])
        self._drop(content)

    def drop_text(self, number: int) -> None:
        """Drop cells of a spreadsheet on the window."""
        content = QMimeData()
        content.setText(self._text(number))
        self._drop(content)

    def paste(self, number: int) -> None:
        """Paste cells of a spreadsheet."""
        QGuiApplication.clipboard().setText(self._text(number))
        self.key("Ctrl+V")

    def answer(self, number: int) -> None:
        """Choose a file in the dialog of the system; now and then no file, or an impossible one."""
        dialog = file_dialog()
        if dialog is None:
            return
        if number % 4 == 0:
            dialog.reject()
            return
        saves = dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        file = self._folder / f"picture {number % 2}" if saves else self._file(number)
        dialog.selectFile("/nowhere/at all" if number % 4 == 1 else str(file))
        self.key("Enter")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._window.resize(width, height)

    def wait(self, milliseconds: int) -> None:
        """Let the program work for some time."""
        end = time.perf_counter() + milliseconds / 1000
        while time.perf_counter() < end:
            QApplication.processEvents()
            time.sleep(0.002)

    def _text(self, number: int) -> str:
        text = samples.text(number)
        self.foreign.add(text)
        return text

    def _file(self, number: int) -> Path:
        saved = sorted(self._folder.glob("*.linreg"))
        if saved and number % 3 == 0:
            return saved[0]
        name, content, words = samples.table(number)
        self.foreign.update((name, words))
        file = self._folder / name
        file.write_bytes(content)
        return file

    def _drop(self, content: QMimeData) -> None:
        if self._window not in windows():
            return
        place, copy = QPoint(200, 200), Qt.DropAction.CopyAction
        left = Qt.MouseButton.LeftButton
        entering = QDragEnterEvent(place, copy, content, left, _NO_KEYS)
        QApplication.sendEvent(self._window, entering)
        if entering.isAccepted():
            dropping = QDropEvent(QPointF(place), copy, content, left, _NO_KEYS)
            QApplication.sendEvent(self._window, dropping)


_NO_KEYS = Qt.KeyboardModifier.NoModifier


def file_dialog() -> QFileDialog | None:
    """Return the dialog that asks for a file, if it is open and no other dialog is over it."""
    modal = QApplication.activeModalWidget()
    return modal if isinstance(modal, QFileDialog) else None


def _find(name: str) -> Target | None:
    return next((each for each in targets() if each.name == name), None)


def _on_screen(target: Target, place: QPoint) -> tuple[QWindow, QPoint]:
    """Return the window of the target, and a place of its widget in that window."""
    window = target.widget.window()
    return window.windowHandle(), target.widget.mapTo(window, place)


def _with_focus(popup: QWidget | None) -> QWidget | None:
    """Return the widget that gets the keys."""
    if popup is not None:
        return popup.focusWidget() or popup
    return QApplication.focusWidget() or next(iter(windows()), None)
