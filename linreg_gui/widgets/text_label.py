"""Words on screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def text_label(role: str, text: str = "") -> QLabel:
    """Return ``text`` in the look of ``role``, as the style sheet has it; long ones wrap."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
