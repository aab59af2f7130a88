"""What every field for an answer has in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from linreg_gui.training.guide_stops import Answer


class AnswerField(QWidget):
    """A field in which a question of the guide is answered.

    Signals
    -------
    submitted()
        Enter was pressed.
    changed()
        The answer is another.
    """

    submitted = Signal()
    changed = Signal()

    def answer(self) -> Answer:
        """Return the answer; raise ``ValueError`` with a sentence while there is none."""
        raise NotImplementedError

    def show_locked(self, prediction: Answer) -> None:
        """Show a prediction, which can no longer be changed."""
        raise NotImplementedError
