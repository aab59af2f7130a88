"""What a person can point at now, found by walking the windows: new controls need no entry here."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QMenu,
    QMenuBar,
    QMessageBox,
    QScrollBar,
    QSplitterHandle,
    QWidget,
)

from tests.widgets.controls import controls_in, name_of

_MOST_LETTERS = 40
_OTHERS = (QSplitterHandle, QScrollBar, QHeaderView)
"""What takes the mouse and is no control of its own."""


class Target(NamedTuple):
    """A control, or an entry of a menu, and its place in the widget.

    PySide forgets a widget of Qt's own, as the list of a `QComboBox`, once it forgets its window.
    """

    name: str
    widget: QWidget
    place: QRect
    window: QWidget

    def point(self, x: int, y: int) -> QPoint:
        """Return the point at ``x`` and ``y`` thousandths of the place, in the widget."""
        place = self.place
        across, down = place.width() * x // 1000, place.height() * y // 1000
        return QPoint(place.left() + across, place.top() + down)


def windows() -> list[QWidget]:
    """Return the windows that take the mouse and the keys now, the main window first."""
    blocking = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if blocking is not None:
        return [blocking]
    tops = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return sorted((each for each in tops if not each.parentWidget() or each.isWindow()), key=_rank)


def targets() -> list[Target]:
    """Return what can be pointed at, each with a name of its own."""
    found: list[Target] = []
    counts: dict[str, int] = {}
    for window in windows():
        if isinstance(window, QMessageBox):
            continue  # of the dialog for files: PySide loses track of it; keys answer it
        for words, widget, place in _in_window(window):
            kind = type(widget).__name__
            name = f"{kind} {_plain(words)}".strip()
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > 1:
                name += f" #{counts[name]}"
            found.append(Target(name, widget, place, window))
    return found


def _in_window(window: QWidget) -> Iterator[tuple[str, QWidget, QRect]]:
    for menu in (window, *window.findChildren(QMenuBar)):
        if isinstance(menu, QMenu | QMenuBar) and menu.isVisible():
            for action in menu.actions():
                if action.isEnabled() and action.text():
                    yield action.text(), menu, menu.actionGeometry(action)
    others = [each for kind in _OTHERS for each in window.findChildren(kind)]
    for widget in (*controls_in(window), *others):
        seen = widget.visibleRegion().boundingRect()
        if widget.window() is window and widget.isEnabled() and not seen.isEmpty():
            yield name_of(widget), widget, seen


def _plain(words: str) -> str:
    """Return ``words`` without what changes from moment to moment: keys and numbers."""
    words = re.sub(r"[\d.,−-]+", "0", words.split("\t", maxsplit=1)[0].replace("&", ""))
    return " ".join(words.split())[:_MOST_LETTERS]


def _rank(window: QWidget) -> int:
    return 0 if window.parentWidget() is None else 1
