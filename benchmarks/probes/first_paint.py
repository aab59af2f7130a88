"""Notes when a window and the plots in it are first painted."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from benchmarks.processes import seconds_since_start


class FirstPaints(QObject):
    """Watches from outside: it filters the events of the window and of its plots' views.

    A window whose plot covers it gets no paint of its own, so the first paint of either counts.

    Parameters
    ----------
    window : QWidget
        The window.
    count : int
        How many views there will be.

    Attributes
    ----------
    window : float
        Seconds from the start of the process until the window's first frame is painted.
    plots : float
        Likewise until each plot has been painted.

    Signals
    -------
    all_painted()
        Both are known.
    """

    all_painted = Signal()

    def __init__(self, window: QWidget, count: int) -> None:
        super().__init__()
        self.window = 0.0
        self.plots = 0.0
        self._count = count
        self._watched: set[QWidget] = set()
        self._painted: set[QObject] = set()
        self._window = window
        window.installEventFilter(self)

    def watch(self, views: Iterable[QWidget]) -> None:
        """Watch these views of plots, too."""
        for view in {*views} - self._watched:
            view.installEventFilter(self)
            self._watched.add(view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            if not self.window:
                # This paint is on the screen at the next turn of the event loop.
                QTimer.singleShot(0, self._note_window)
            if watched is not self._window and watched not in self._painted:
                self._painted.add(watched)
                if len(self._painted) == self._count:
                    QTimer.singleShot(0, self._note_plots)
        return False

    def _note_window(self) -> None:
        self.window = self.window or seconds_since_start()

    def _note_plots(self) -> None:
        self.plots = seconds_since_start()
        for widget in (self._window, *self._watched):
            widget.removeEventFilter(self)
        self.all_painted.emit()
