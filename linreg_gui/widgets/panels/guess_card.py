"""A line that somebody has kept: its look, whose it is, and how good it is."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from linreg_gui.look.controls import fill, mini_button, push_button, text_label
from linreg_gui.look.inputs import NameField
from linreg_gui.look.palette import Palette
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant
from linreg_gui.plots.layer import draw_marker
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.plots.series import Look
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.run import Run
from linreg_gui.texts import breakable, shortened_name, tr
from linreg_gui.threads.guesses import Guesses

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape

LONGEST_NAME = 40
_SAMPLE_WIDTH = 28
_MARKER_PIXELS = 9.0


class GuessCard(QFrame):
    """One kept line.

    Attributes
    ----------
    shown : QCheckBox
        Draws the line; disabled while it belongs to other data.
    name : NameField
        Whose it is.
    facts : QLabel
        Its parameters and its loss, or why it is not drawn.
    close_button : QToolButton
        Deletes it.
    take : QPushButton
        Makes it the line in hand.
    stops : tuple of QWidget
        The controls, in tab order.
    """

    def __init__(self, kept: KeptGuess, guesses: Guesses, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("entry")
        self.kept = kept
        self._guesses = guesses
        self._theme = theme
        self.shown = QCheckBox()
        self.shown.clicked.connect(lambda on: guesses.set_shown(kept, shown=on))
        sample = GuessSample(theme, partial(Palette.kept_guess, index=kept.color_index))
        self.name = NameField()
        self.name.setObjectName("name")
        self.name.setMaxLength(LONGEST_NAME)
        set_tip(self.name, tr("Type a name (F2)"))
        self.name.editingFinished.connect(self._on_name_edited)
        self.close_button = mini_button(tr("Delete this guess (Del)"))
        self.close_button.clicked.connect(self._delete)
        self.name.returnPressed.connect(lambda: self.window().setFocus())
        self.facts = text_label("muted")
        self.take = push_button(
            tr("Take it in hand"), self._on_take, tr("My line is this one from now on")
        )
        self.stops = (self.shown, self.name, self.close_button, self.take)
        head = fill(QHBoxLayout(), self.shown, sample, self.name, self.close_button, spacing=4)
        foot = fill(QHBoxLayout(), self.take, None)
        fill(QVBoxLayout(self), head, self.facts, foot, margins=(8, 4, 8, 6), spacing=2)

    def refresh(self, run: Run | None, landscape: "Landscape | None") -> None:
        """Show the line over the data of ``run``, with its loss in ``landscape``."""
        kept = self.kept
        if not self.name.hasFocus():
            self.name.setText(kept.title)
            self.name.setCursorPosition(0)
        self.setAccessibleName(kept.title)
        for control, words in (
            (self.shown, tr("Draw {guess}")),
            (self.name, tr("Name of {guess}")),
            (self.close_button, tr("Delete {guess}")),
            (self.take, tr("Take {guess} in hand")),
        ):
            control.setAccessibleName(words.format(guess=kept.title))
        fits = run is not None and self._guesses.fits(kept)
        self.shown.setEnabled(fits)
        self.shown.setChecked(kept.is_shown and fits)
        words = tr("It was drawn for other data.")
        if run is not None and landscape is not None and fits:
            words = _facts(kept, run, landscape)
        self.take.setVisible(fits)
        self.facts.setText(breakable(words))
        self.close_button.setIcon(self._theme.icon("close"))

    @Slot()
    def _on_take(self) -> None:
        self._guesses.move(self.kept.parameters)

    @Slot()
    def _delete(self) -> None:
        self._guesses.delete(self.kept)

    @Slot()
    def _on_name_edited(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self._guesses.rename(self.kept, self.name.text())
            self.name.setText(self.kept.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the guess, Delete removes it, Escape restores the old name."""
        if event.key() == Qt.Key.Key_F2:
            self.name.setFocus()
            self.name.selectAll()
        elif event.key() == Qt.Key.Key_Delete:
            self._delete()
        elif event.key() == Qt.Key.Key_Escape and self.name.hasFocus():
            self.name.setText(self.kept.title)
            self.close_button.setFocus()
        else:
            super().keyPressEvent(event)


class GuessSample(LineSample):
    """A piece of a kept line, with its marker."""

    def __init__(self, theme: Theme, look: Look) -> None:
        super().__init__(theme, look, width=_SAMPLE_WIDTH)
        self._marked = theme, look

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, and the marker in its middle."""
        super().paintEvent(event)
        painter = QPainter(self)
        middle = QPointF(self.width() / 2, self.height() / 2)
        theme, look = self._marked
        draw_marker(painter, look(theme.palette), middle, _MARKER_PIXELS)


def _facts(kept: KeptGuess, run: Run, landscape: "Landscape") -> str:
    values = [
        f"{shortened_name(name)} {significant(value, 4)}"
        for name, value in zip(run.parameter_names(), kept.parameters.tolist(), strict=True)
    ]
    loss = tr("loss {loss}").format(loss=significant(landscape.loss(kept.parameters), 4))
    return " · ".join([loss, ", ".join(values)])
