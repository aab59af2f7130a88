"""Small choices in a picture's title row."""

import itertools

from PySide6.QtCore import Signal, Slot

from linreg_gui.look.controls import DropDown
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr


class Chooser(DropDown):
    """A choice that is as wide as its longest text. ``words`` say what is chosen."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("compact", True)
        self.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToContents)
        self.setAccessibleName(words)
        self.setToolTip(words)


class PairChooser(Chooser):
    """The two parameters on a picture's axes.

    Attributes
    ----------
    pairs : list of tuple of int
        Those to choose from, the bias last.

    Signals
    -------
    pair_chosen(tuple)
        A person has chosen another pair.
    """

    pair_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(tr("The two parameters on the axes"))
        self.pairs: list[tuple[int, int]] = []
        self.activated.connect(self._on_activated)

    def offer(self, run: Run) -> None:
        """Offer the pairs of the parameters of ``run``; a single one leaves no choice."""
        names = run.parameter_names()
        self.pairs = list(itertools.combinations(range(len(names)), 2))
        self.clear()
        self.addItems([f"{names[i]}, {names[j]}" for i, j in self.pairs])
        self.setMinimumWidth(self.sizeHint().width())
        self.setVisible(len(self.pairs) > 1)

    def show_pair(self, pair: tuple[int, int]) -> None:
        """Show which pair is on the axes."""
        self.setCurrentIndex(self.pairs.index(pair))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.pair_chosen.emit(self.pairs[index])
