"""A card with the verdict on a prediction."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from linreg_gui.guide.questions import Verdict
from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.texts import tr, trc


class VerdictCard(QFrame):
    """Says whether a prediction was right, or not yet and why, or that it is still open.

    Attributes
    ----------
    verdict : Verdict or None
        What is shown.
    heading, words : QLabel
        Right or not yet, and the comparison.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.verdict: Verdict | None = None
        self.heading = text_label("title")
        self.words = text_label("")
        fill(QVBoxLayout(self), self.heading, self.words, margins=(12, GRID, 12, GRID), spacing=2)
        self.hide()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show ``verdict``, or hide the card."""
        self.verdict = verdict
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        sign, heading = {
            True: ("✓", tr("Right")),
            False: ("✗", tr("Not right")),
            None: ("…", trc("a verdict", "Open")),
        }[verdict.is_right]
        self.heading.setText(f"{sign} {heading}")
        self.words.setText(verdict.words)
        self.setAccessibleName(f"{heading}. {verdict.words}")
        set_style_property(self, "right", verdict.is_right is True)
