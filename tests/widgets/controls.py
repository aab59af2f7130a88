"""What a person can use in a window."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit)
PARTS = (QScrollBar, QHeaderView)
"""They belong to a control, which has the name."""


def controls_in(window: QWidget) -> Iterator[QWidget]:
    """Yield the visible widgets that take the focus, or a click."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        is_control = isinstance(widget, CONTROLS) and not isinstance(widget, PARTS)
        if (takes_focus or is_control) and not widget.focusProxy():
            yield widget


def name_of(widget: QWidget) -> str:
    """Return the name that a screen reader says. On Linux a list has its value in that place."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return widget.accessibleName() or interface.text(QAccessible.Text.Name)


def turn_wheel(widget: QWidget, up: int = 120, place: QPoint | None = None) -> bool:
    """Turn the wheel over ``widget``; return whether the event was used."""
    at = QPointF(place or widget.rect().center())
    event = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, up),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
