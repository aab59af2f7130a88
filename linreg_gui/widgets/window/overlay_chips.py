"""Says which kept runs are drawn over the one on screen, and takes each of them away."""

import itertools
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from linreg_gui.look.controls import fill, mini_button, push_button, text_label
from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.palette import Palette
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.runs.run import KeptRun
from linreg_gui.texts import shortened, tr
from linreg_gui.threads.kept_runs import KeptRuns

_LONGEST_TITLE = 60


class OverlayChips(QWidget):
    """A chip for each run that is drawn over the one on screen; hidden while there is none.

    Attributes
    ----------
    chips : list of OverlayChip
        In the order in which the runs were kept.
    clear_button : QPushButton
        Takes all of them away; there if there are several.
    """

    def __init__(self, kept_runs: KeptRuns, theme: Theme) -> None:
        super().__init__()
        self._kept_runs = kept_runs
        self._theme = theme
        self.chips: list[OverlayChip] = []
        self.clear_button = push_button(
            tr("Clear all"), kept_runs.clear_over, tr("Draw only the run on screen")
        )
        self._flow = FlowLayout(self)
        self._flow.addWidget(self.clear_button)
        self.setAccessibleName(tr("Runs drawn over the one on screen"))

    @Slot()
    def show_runs(self) -> None:
        """Show the runs that are drawn now."""
        over = self._kept_runs.over()
        known = {chip.kept: chip for chip in self.chips}
        for kept in set(known) - set(over):
            known[kept].hide()  # passes the focus on
            known[kept].deleteLater()
        self.chips = [known.get(kept) or self._make_chip(kept) for kept in over]
        for widget in (*known.values(), self.clear_button):
            self._flow.removeWidget(widget)
        for widget in (*self.chips, self.clear_button):
            self._flow.addWidget(widget)
        for chip in self.chips:
            chip.show_title()
        stops = [*(chip.close_button for chip in self.chips), self.clear_button]
        for before, after in itertools.pairwise(stops):
            self.setTabOrder(before, after)
        self.clear_button.setVisible(len(over) > 1)
        self.setVisible(bool(over))

    def _make_chip(self, kept: KeptRun) -> "OverlayChip":
        chip = OverlayChip(kept, self._theme)
        chip.close_button.clicked.connect(partial(self._kept_runs.set_shown, kept, shown=False))
        return chip


class OverlayChip(QFrame):
    """One run: a piece of its curve, its title, and a button that takes it away.

    Attributes
    ----------
    kept : KeptRun
        The run.
    title : QLabel
        Its number and its name.
    close_button : QToolButton
        Takes it away.
    """

    def __init__(self, kept: KeptRun, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.kept = kept
        self._theme = theme
        self.title = text_label("fact")
        self.close_button = mini_button("")
        look = partial(Palette.run, index=kept.color_index)
        parts = (LineSample(theme, look, width=28), self.title, self.close_button)
        fill(QHBoxLayout(self), *parts, margins=(8, 1, 2, 1), spacing=6, stretch=self.title)
        theme.changed.connect(self._show_icon)
        self._show_icon()

    def show_title(self) -> None:
        """Show the present title of the run."""
        title = self.kept.title
        self.title.setText(shortened(title, _LONGEST_TITLE))
        words = tr("Stop drawing {run}").format(run=title)
        set_tip(self.close_button, words)
        self.close_button.setAccessibleName(words)

    @Slot()
    def _show_icon(self) -> None:
        self.close_button.setIcon(self._theme.icon("close"))
