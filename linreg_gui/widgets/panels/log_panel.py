"""What the lesson prints, and what the program said."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QTextBlock, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QTextEdit, QVBoxLayout

from linreg_gui.look.theme import Theme
from linreg_gui.runs.run import LogLine
from linreg_gui.texts import tr

MAX_LINES = 5000
_NO_STEP = -1


class LogPanel(QFrame):
    """A text that grows by a line every 500 batches, and keeps the newest lines.

    Each line of the current run knows its step, so that the one of a past moment can be marked.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._shown_step: int | None = None
        title = QLabel(tr("Log"))
        title.setProperty("role", "title")
        title.setContentsMargins(16, 12, 16, 0)
        self.text = QPlainTextEdit()
        self.text.setObjectName("log")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MAX_LINES)
        self.text.setAccessibleName(title.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.text)
        self.setMinimumWidth(216)
        theme.changed.connect(self._mark_moment)

    @Slot(str)
    def append(self, sentence: str) -> None:
        """Add what the program says, which belongs to no step."""
        self.text.appendPlainText(sentence)
        self.text.document().lastBlock().setUserState(_NO_STEP)

    @Slot(object)
    def append_lines(self, lines: Sequence[LogLine]) -> None:
        """Add what the lesson prints."""
        self.text.appendPlainText("\n".join(line.text for line in lines))
        block = self.text.document().lastBlock()
        for line in reversed(lines):
            block.setUserState(line.step)
            block = block.previous()

    def start_run(self) -> None:
        """Take the lines so far for those of a former run."""
        block = self.text.document().lastBlock()
        while block.isValid():
            block.setUserState(_NO_STEP)
            block = block.previous()
        self.show_step(None)

    def show_step(self, step: int | None) -> None:
        """Mark the last line up to ``step``; None goes back to the newest line."""
        if step != self._shown_step:
            self._shown_step = step
            self._mark_moment()

    @Slot()
    def _mark_moment(self) -> None:
        step, mark = self._shown_step, QTextEdit.ExtraSelection()
        block = self.text.document().lastBlock() if step is None else self._line_of(step)
        if not block.isValid():
            self.text.setExtraSelections([])
            return
        cursor = QTextCursor(block)
        self.text.setTextCursor(cursor)
        mark.cursor = cursor  # type: ignore[attr-defined]
        mark.format.setBackground(QColor(self._theme.palette.accent_soft))  # type: ignore[attr-defined]
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
        self.text.setExtraSelections([] if step is None else [mark])

    def _line_of(self, step: int) -> QTextBlock:
        block = self.text.document().lastBlock()
        while block.isValid() and not 0 <= block.userState() <= step:
            block = block.previous()
        return block
