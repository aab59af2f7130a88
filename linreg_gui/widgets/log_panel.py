"""What the lesson prints, and what the program said."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout

from linreg_gui.texts import tr

MAX_LINES = 5000


class LogPanel(QFrame):
    """A text that grows by a line every 500 batches, and keeps the newest lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        title = QLabel(tr("Log"))
        title.setProperty("role", "title")
        title.setContentsMargins(16, 12, 16, 0)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MAX_LINES)
        self.text.setAccessibleName(title.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.text)
        self.setMinimumWidth(216)

    @Slot(str)
    def append(self, line: str) -> None:
        """Add a line."""
        self.text.appendPlainText(line)
