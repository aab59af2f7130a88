"""Measures how late the GUI thread's event loop is."""

import math
import time

from PySide6.QtCore import QObject, Qt, QTimer, Slot

INTERVAL_SECONDS = 0.004


class LagMeter(QObject):
    """Asks to be woken every few milliseconds, and notes how late that happens.

    The moments are fixed beforehand, and a moment that passes while the loop is busy counts like
    one that is met: a long block weighs as much as it would for the events that meet it. Qt's
    timers count whole milliseconds, so up to one of them is the meter's own.

    Attributes
    ----------
    lags : list of float
        In seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lags: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self.lags.clear()
        self._due = time.perf_counter() + INTERVAL_SECONDS
        self._ask()

    def stop(self) -> None:
        """Stop; overdue moments count too."""
        self._timer.stop()
        self._note()

    def _ask(self) -> None:
        self._timer.start(max(0, math.ceil((self._due - time.perf_counter()) * 1000)))

    def _note(self) -> None:
        now = time.perf_counter()
        while self._due <= now:
            self.lags.append(now - self._due)
            self._due += INTERVAL_SECONDS

    @Slot()
    def _on_timeout(self) -> None:
        self._note()
        self._ask()
