"""The space bar and Enter, in a window whose space bar runs and pauses."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}
"""The direction of each arrow key: to the right, and up."""


def give_space_to(window: QWidget, action: Callable[[], object]) -> None:
    """Let the space bar call ``action`` wherever no text is being typed in ``window``.

    A shortcut comes before buttons, check boxes and lists, which would press the space bar
    themselves. A field with a text takes it first, as any other character.
    """
    space = QShortcut(QKeySequence(Qt.Key.Key_Space), window)
    space.setAutoRepeat(False)
    space.activated.connect(action)


def enter_focused() -> bool:
    """Press the focused button or open the focused list, as Enter does.

    Returns
    -------
    bool
        Whether Enter belongs to the focused control.
    """
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton):
        focused.click()
    elif isinstance(focused, QComboBox):
        focused.showPopup()
    return isinstance(focused, QAbstractButton | QComboBox | QLineEdit)
