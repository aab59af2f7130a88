"""A part of a panel that scrolls where it has no room."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def scroller(content: QWidget, *, takes_focus: bool = False) -> QScrollArea:
    """Return what scrolls ``content`` up and down; ``takes_focus`` lets the arrow keys do so."""
    area = QScrollArea()
    area.setObjectName("plain")
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not takes_focus:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
