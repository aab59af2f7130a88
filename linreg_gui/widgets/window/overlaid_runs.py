"""The runs that are drawn over the current one: the what-if run and the kept runs."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.plots.card import Overlay, RunPlot
from linreg_gui.runs.run import KeptRun, Run
from linreg_gui.texts import tr
from linreg_gui.widgets.session import Session


class OverlaidRuns(QObject):
    """Passes these runs to the pictures, one picture in each turn of the event loop. GUI thread.

    So mouse and keyboard are served in between.

    Attributes
    ----------
    overlays : dict of Run to Overlay
        The runs that are drawn, or will be in a moment.
    """

    def __init__(self, session: Session, pictures: Sequence[RunPlot]) -> None:
        super().__init__(session)
        self._session = session
        self._pictures = pictures
        self.overlays: dict[Run, Overlay] = {}
        self._due: list[RunPlot] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_next)
        session.what_if.changed.connect(self._on_changed)
        session.kept_runs.changed.connect(self._on_changed)

    @property
    def are_shown(self) -> bool:
        """Return whether every picture is up to date."""
        return not self._due

    def show_all(self) -> None:
        """Bring all pictures up to date at once."""
        while self._due:
            self._show_next()
        self._timer.stop()

    def stop(self) -> None:
        """Leave the pictures unfinished: the window closes."""
        self._timer.stop()

    @Slot()
    def _on_changed(self) -> None:
        """Find the runs on the same data; runs on other data have other units."""
        former, data = self.overlays, self._session.controller.applied_settings.data
        self.overlays = {
            kept.run: former.get(kept.run) or _overlay_of(kept)
            for kept in self._session.kept_runs.over()
            if kept.run.config.data is data
        }
        if (run := self._session.what_if.run) is not None:
            self.overlays[run] = former.get(run) or Overlay(run, _what_if_look, is_what_if=True)
        self._due = list(self._pictures)
        self._timer.start()

    @Slot()
    def _show_next(self) -> None:
        plot = self._due.pop(0)
        note = self._session.what_if.sentence() or self._kept_words()
        plot.show_overlays(list(self.overlays.values()), note)
        if self._due:
            self._timer.start()

    def _kept_words(self) -> str:
        names = [kept.name for kept in self._session.kept_runs.over() if kept.run in self.overlays]
        return tr("Also drawn: {runs}.").format(runs=", ".join(names)) if names else ""


def _overlay_of(kept: KeptRun) -> Overlay:
    return Overlay(kept.run, lambda palette: palette.run(kept.color_index))


def _what_if_look(palette: Palette) -> Stroke:
    return palette.what_if
