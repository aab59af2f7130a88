"""The runs that are drawn over the current one: what if, and those kept."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from linreg_gui.look.theme import Theme
from linreg_gui.plots.card import RunPlot
from linreg_gui.plots.overlay import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import KeptRuns
from linreg_gui.threads.what_if import WhatIf


class OverlaidRuns(QObject):
    """Has the pictures draw them, one picture in each turn of the event loop. GUI thread.

    What the hand does meanwhile comes between.

    Attributes
    ----------
    overlays : dict of Run to Overlay
        What is drawn, or about to be.
    """

    def __init__(
        self,
        controller: TrainingController,
        what_if: WhatIf,
        kept_runs: KeptRuns,
        theme: Theme,
        pictures: Sequence[RunPlot],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._what_if = what_if
        self._kept_runs = kept_runs
        self._theme = theme
        self._pictures = pictures
        self.overlays: dict[Run, Overlay] = {}
        self._due: list[RunPlot] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_next)
        what_if.changed.connect(self._on_changed)
        kept_runs.changed.connect(self._on_changed)
        theme.changed.connect(self._on_theme_changed)

    @property
    def are_shown(self) -> bool:
        """Return whether every picture has them as they are."""
        return not self._due

    def show_all(self) -> None:
        """Bring all the pictures up to date at once."""
        while self._due:
            self._show_next()
        self._timer.stop()

    def stop(self) -> None:
        """Leave the pictures as they are: the window closes."""
        self._timer.stop()

    @Slot()
    def _on_changed(self) -> None:
        """Take up the runs on the same data; others have other units."""
        former, palette = self.overlays, self._theme.palette
        data = self._controller.applied_settings.data
        self.overlays = {
            kept.run: former.get(kept.run) or Overlay(kept.run, palette.run(kept.color_index))
            for kept in self._kept_runs.over()
            if kept.run.config.data is data
        }
        if (run := self._what_if.run) is not None:
            self.overlays[run] = former.get(run) or Overlay(run, palette.what_if, is_what_if=True)
        self._due = list(self._pictures)
        self._timer.start()

    @Slot()
    def _show_next(self) -> None:
        plot = self._due.pop(0)
        note = self._what_if.sentence() or self._kept_words()
        plot.show_overlays(list(self.overlays.values()), note)
        if self._due:
            self._timer.start()

    def _kept_words(self) -> str:
        names = [kept.name for kept in self._kept_runs.over() if kept.run in self.overlays]
        return tr("Also drawn: {runs}.").format(runs=", ".join(names)) if names else ""

    @Slot()
    def _on_theme_changed(self) -> None:
        self.overlays = {}  # their colors are other ones
        self._on_changed()
