"""What the first paint need not wait for is made after it, piece by piece."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

_BY_HAND = {
    QEvent.Type.ShortcutOverride,  # comes before a key
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
    QEvent.Type.ContextMenu,
}


class Completion(QObject):
    """Makes the rest of a window once it is on screen: one piece in each turn of the event loop.

    If a key or a mouse button is pressed before the end, all that is left is made first. So nobody
    meets a window in which something is missing. GUI thread.

    Parameters
    ----------
    pieces : iterator of None
        Makes a piece each time it is asked for the next one; each takes 10 ms at most.
    window : QWidget
        The parent.

    Attributes
    ----------
    has_ended : bool
        Whether all is made.

    Signals
    -------
    ended()
        All is made.
    """

    ended = Signal()

    def __init__(self, pieces: Iterator[None], window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.has_ended = False
        self._pieces = pieces
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._make_next)

    def begin(self) -> None:
        """Make the first piece in the next turn.

        What comes by hand is heard where it reaches the window: to hear all that the application
        does would cost a fifth of the whole.
        """
        if handle := self._window.windowHandle():
            handle.installEventFilter(self)
        self._timer.start()

    def finish(self) -> None:
        """Make all that is left now."""
        while self._make_next():
            pass

    def stop(self) -> None:
        """Make no more pieces: the window closes, or is complete."""
        if handle := self._window.windowHandle():
            handle.removeEventFilter(self)
        self._timer.stop()

    @Slot()
    def _make_next(self) -> bool:
        for _ in self._pieces:
            return True
        self.stop()
        self.has_ended = True
        self.ended.emit()
        return False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Make all that is left before a key or a press of the mouse reaches the window."""
        if event.type() in _BY_HAND:
            self.finish()
        return False
