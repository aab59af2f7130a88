"""Trains with several values of a setting, one after the other."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.runs.sweep import SweepPoint, sweep
from linreg_gui.sessions.state import SavedSweep
from linreg_gui.texts import retold
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel


class Sweeper(QObject):
    """Trains once for each of several values of a setting. Lives in the GUI thread.

    Attributes
    ----------
    name : str
        The setting that is swept; empty before the first sweep.
    values : tuple of float
        Its values, ascending.
    points : list of SweepPoint
        How the runs ended so far, in the order of the values.

    is_running : bool
        Whether there are more points to come.
    complaint : str
        Why the last sweep could not go on; empty if it could.

    Signals
    -------
    changed()
        Any of these has changed.
    put_in()
        A session has brought another sweep, or none.
    """

    changed = Signal()
    put_in = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.values: tuple[float, ...] = ()
        self.points: list[SweepPoint] = []
        self._controller = controller
        self.is_running = False
        self.complaint = ""

    def start(self, name: str, values: Sequence[float]) -> None:
        """Train with each of ``values`` for the setting ``name``, and the other present settings.

        Raises
        ------
        SettingError
            If one of the values is out of its limits. Then the former sweep stays.
        """
        settings = self._controller.settings
        configs = [settings.with_value(name, value) for value in values]
        self.name, self.values = name, tuple(values)
        self.points = []
        self.is_running, self.complaint = True, ""
        job = self._controller.background.start(Channel.SWEEP, sweep(configs))
        job.yielded.connect(self._on_yielded)
        job.finished.connect(self._end)
        job.failed.connect(self._on_failed)
        self.changed.emit()

    def cancel(self) -> None:
        """End the sweep, and keep the points it has."""
        if self.is_running:
            self._controller.background.cancel(Channel.SWEEP)
            self._end()

    def retell(self) -> None:
        """Have in the language of now what was said of the runs, and why there are no more."""
        self.points = [
            replace(point, messages=tuple(map(retold, point.messages))) for point in self.points
        ]
        self.complaint = retold(self.complaint)

    def saved(self) -> SavedSweep | None:
        """Return what is found so far, as a session has it; None if nothing is."""
        if not self.points:
            return None
        return SavedSweep(self.name, self.values, tuple(self.points))

    def put_back(self, saved: SavedSweep | None) -> None:
        """Have the sweep of a session in place of the one that is there, which is canceled."""
        self.cancel()
        self.name, self.values, self.points, self.complaint = "", (), [], ""
        if saved is not None:
            self.name, self.values, self.points = saved.name, saved.values, [*saved.points]
        self.retell()  # as the language may have changed meanwhile
        self.put_in.emit()
        self.changed.emit()

    @Slot(object)
    def _on_yielded(self, point: SweepPoint) -> None:
        self.points.append(point)
        self.changed.emit()

    @Slot()
    def _end(self) -> None:
        self.is_running = False
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self.complaint = sentence
        self._end()
