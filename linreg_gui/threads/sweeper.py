"""A sweep: one setting over several values, trained by the instant engine."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.runs.sweep import SweepPoint, sweep
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel


class Sweeper(QObject):
    """Owns the sweep that is shown. Lives in the GUI thread.

    Attributes
    ----------
    name : str
        The setting that is swept; empty before the first sweep.
    values : tuple of float
        Its values, ascending.
    points : list of SweepPoint
        How the runs ended so far, in the order of the values.
    is_running : bool
        Whether more are to come.

    Signals
    -------
    changed()
        Any of these is another.
    failed(str)
        It cannot go on; a sentence for the user.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.values: tuple[float, ...] = ()
        self.points: list[SweepPoint] = []
        self.is_running = False
        self._controller = controller
        controller.background.answered.connect(self._on_answered)
        controller.background.finished.connect(self._on_finished)
        controller.background.failed.connect(self._on_failed)

    def start(self, name: str, values: Sequence[float]) -> None:
        """Train with each of ``values`` for the setting ``name``, the others as they are now.

        Raises
        ------
        SettingError
            If one of the values is out of its limits; the former sweep stays.
        """
        settings = self._controller.settings
        configs = [settings.with_value(name, value) for value in values]
        self.name, self.values = name, tuple(values)
        self.points = []
        self.is_running = True
        self._controller.background.start(Channel.SWEEP, lambda: sweep(configs))
        self.changed.emit()

    def cancel(self) -> None:
        """Stay with the points so far."""
        if self.is_running:
            self._controller.background.cancel(Channel.SWEEP)
            self.is_running = False
            self.changed.emit()

    @Slot(object, object)
    def _on_answered(self, channel: Channel, point: SweepPoint) -> None:
        if channel is Channel.SWEEP:
            self.points.append(point)
            self.changed.emit()

    @Slot(object)
    def _on_finished(self, channel: Channel) -> None:
        if channel is Channel.SWEEP:
            self.is_running = False
            self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.SWEEP:
            self.is_running = False
            self.changed.emit()
            self.failed.emit(sentence)
