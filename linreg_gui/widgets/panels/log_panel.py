"""The log: the lines that the lesson prints, and the messages of the program."""

from collections import deque

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from linreg_gui.engines.steps import StepBatch
from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.mono_text import line_bands
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.runs.run import BATCHES_PER_LINE, log_lines
from linreg_gui.texts import retold, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead

MAX_LINES = 5000
_NO_STEP = -1
"""The state of a line at first."""


class LogPanel(QFrame):
    """A text that grows by a line every 500 batches, and keeps the newest lines.

    Each line of the current run knows its step, so that the line of a past step can be marked.

    Attributes
    ----------
    text : QPlainTextEdit
        The lines.
    said : deque of str
        The texts of one or more lines that were added to it.
    """

    def __init__(self, controller: TrainingController, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self._theme = theme
        self._shown_step: int | None = None
        self.said: deque[str] = deque(maxlen=MAX_LINES)
        title = text_label("title", tr("Log"))
        keep_scaled(title, setContentsMargins=(16, 12, 16, 0))
        self.text = QPlainTextEdit()
        self.text.setObjectName("log")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MAX_LINES)
        self.text.setAccessibleName(title.text())
        self.text.setPlaceholderText(
            tr(
                "After every {count} batches of an epoch the lesson prints a line here. Shorter "
                "epochs print none."
            ).format(count=BATCHES_PER_LINE)
        )
        fill(QVBoxLayout(self), title, self.text, margins=(1, 1, 1, 8), spacing=4)
        keep_scaled(self, setMinimumWidth=216)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.message_posted.connect(self._add)  # these belong to no step
        controller.run_progressed.connect(self._on_run_progressed)
        theme.changed.connect(self._mark_moment)

    def take_over(self, former: "LogPanel") -> None:
        """Have what ``former`` has, whose window goes, in the language of now."""
        for said in former.said:
            self._add(retold(said))
        block, its = self.text.document().firstBlock(), former.text.document().firstBlock()
        while block.isValid():
            block.setUserState(its.userState())
            block, its = block.next(), its.next()

    @Slot(object)
    def _add(self, said: str) -> None:
        self.said.append(said)
        self.text.appendPlainText(said)

    @Slot()
    def refresh(self) -> None:
        """Mark the last line up to the step on show; the newest line is not marked."""
        if self._playhead.step != self._shown_step:
            self._shown_step = self._playhead.step
            self._mark_moment()

    @Slot(object)
    def _on_run_progressed(self, batch: StepBatch) -> None:
        """Add the lines that the lesson prints, and first that a person has edited the examples."""
        run = self._controller.run
        if run is not None and batch.first_step == 1 and run.edits_sentence:
            self._add(run.edits_sentence)
        lines = list(log_lines(batch, run.history.steps_per_epoch)) if run else []
        if not lines:
            return
        self._add("\n".join(line.text for line in lines))  # these stay as they were printed
        block = self.text.document().lastBlock()
        for line in reversed(lines):
            block.setUserState(line.step)
            block = block.previous()

    @Slot()
    def _on_run_prepared(self) -> None:
        """Keep the lines of the previous run apart, and mark none of them any more."""
        block = self.text.document().lastBlock()
        if block.userState() != _NO_STEP:
            self._add("")
        while block.isValid():
            block.setUserState(_NO_STEP)
            block = block.previous()
        self.refresh()

    @Slot()
    def _mark_moment(self) -> None:
        step = self._shown_step
        block = self.text.document().lastBlock() if step is None else self._line_of(step)
        if block.isValid():
            self.text.setTextCursor(QTextCursor(block))
        is_marked = block.isValid() and step is not None
        marks = line_bands(block, self._theme.palette.accent_soft) if is_marked else []
        self.text.setExtraSelections(marks)

    def _line_of(self, step: int) -> QTextBlock:
        block = self.text.document().lastBlock()
        while block.isValid() and not 0 <= block.userState() <= step:
            block = block.previous()
        return block
