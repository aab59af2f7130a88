"""A line that somebody has kept: its look, whose it is, and how good it is."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from linreg_gui.look.controls import fill, push_button, text_label
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import joined, significant
from linreg_gui.plots.layer import draw_marker
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.plots.series import Look
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.run import Run, poses_same_problem
from linreg_gui.texts import breakable, shortened_name, tr
from linreg_gui.threads.guesses import Guesses
from linreg_gui.widgets.panels.kept_card import KeptCard

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape

LONGEST_NAME = 40
_SAMPLE_WIDTH = 28
_MARKER_PIXELS = 9.0


class GuessCard(KeptCard):
    """One kept line.

    Attributes
    ----------
    kept : KeptGuess
        The line. Its name says whose it is.
    facts : QLabel
        Its parameters and its loss, or why it is not drawn.
    take : QPushButton
        Makes it the line in hand.
    stops : tuple of QWidget
        The controls, in tab order.
    """

    def __init__(self, kept: KeptGuess, guesses: Guesses, theme: Theme) -> None:
        rename, delete = partial(guesses.rename, kept), partial(guesses.delete, kept)
        super().__init__(kept, theme, rename, delete, tr("Delete this guess (Del)"))
        self.kept = kept
        self._guesses = guesses
        self.shown.clicked.connect(lambda on: guesses.set_shown(kept, shown=on))
        sample = GuessSample(theme, partial(Palette.kept_guess, index=kept.color_index))
        self.name.setMaxLength(LONGEST_NAME)
        self.facts = text_label("muted")
        take = partial(guesses.move, kept.parameters)
        self.take = push_button(tr("Use as my line"), take, tr("Copies this guess to my line"))
        self.stops = (self.shown, self.name, self.close_button, self.take)
        head = fill(QHBoxLayout(), self.shown, sample, self.name, self.close_button, spacing=4)
        foot = fill(QHBoxLayout(), self.take, None)
        fill(QVBoxLayout(self), head, self.facts, foot, margins=(8, 4, 8, 6), spacing=2)

    def refresh(self, run: Run | None, landscape: "Landscape | None") -> None:
        """Show the line over the data of ``run``, with its loss in ``landscape``."""
        kept = self.kept
        self.show_title(
            {
                self.shown: tr("Draw {title}"),
                self.name: tr("Name of {title}"),
                self.close_button: tr("Delete {title}"),
                self.take: tr("Use {title} as my line"),
            }
        )
        fits = run is not None and self._guesses.fits(kept)
        self.shown.setEnabled(fits)
        self.shown.setChecked(kept.is_shown and fits)
        words = tr("It was drawn for other data.")
        if run is not None and landscape is not None and fits:
            words = _facts(kept, run, landscape)
        self.take.setVisible(fits)
        self.facts.setText(breakable(words))


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
    facts = [loss, joined(values)]
    is_pending = landscape is not run.problem.original.landscape
    if is_pending or not poses_same_problem(kept.config, run.config):
        facts.append(tr("points edited since"))
    return " · ".join(facts)
