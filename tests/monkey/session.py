"""One session: a random user, or a list of actions, in a window from its start to its end."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QObject,
    QSettings,
    QStandardPaths,
    QThread,
    QTimer,
    Slot,
)
from PySide6.QtGui import QGuiApplication

from linreg_gui.application import ErrorReporter, create_application, create_window
from linreg_gui.widgets.window.main_window import MainWindow
from tests.leftovers import left_over, survivors
from tests.monkey.actions import Action, Hands
from tests.monkey.invariants import complaints
from tests.monkey.watch import Watch
from tests.visible_texts import bad_texts, painted_texts

NextAction = Callable[[MainWindow], Action | None]
"""Returns what to do now; None to close the window."""

_TICK_MILLISECONDS = 2
_PATIENCE_SECONDS, _PATIENCE_TICKS = 2.0, 100
"""For so long something may not hold yet. A busy machine has more time for its ticks."""
_END_SECONDS = 5.0
_SEPARATORS = tuple(",;:·.")
_ACTIONS_FOR_TEXTS = 10
"""All texts are read after this number of actions; to read them takes as long as an action does."""


def play(next_action: NextAction, folder: Path) -> list[str]:
    """Do the actions in a window; return what went wrong. Once in a process.

    Each action is written into the file ``actions.txt`` in ``folder`` before it is done.
    """
    QStandardPaths.setTestModeEnabled(True)
    application = create_application()
    watch = Watch()
    before = survivors()
    store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = create_window(application, store=store)
    errors = ErrorReporter(window)
    errors.reported.connect(window.messages.show_message)
    with errors.listening(), painted_texts() as painted:
        player = _Player(window, next_action, watch, folder, painted)
        window.show()
        code = application.exec()
        player.journal.close()
    if code:
        watch.note("exit code", str(code))
    watch.end()
    # Offscreen, Qt deletes what was copied only when Python has ended, which its object needs.
    QGuiApplication.clipboard().clear()
    window.controller.deleteLater()
    window.deleteLater()
    player.deleteLater()
    del window, errors, store, player, next_action
    if left := left_over(before, _END_SECONDS):
        watch.note("left over", ", ".join(left))
    return watch.faults


class _Player(QObject):
    """Does one action after the other, in the loop of a dialog or menu, too."""

    def __init__(
        self,
        window: MainWindow,
        next_action: NextAction,
        watch: Watch,
        folder: Path,
        painted: set[str],
    ) -> None:
        super().__init__()
        self._window = window
        self._next_action = next_action
        self._watch = watch
        self._painted = painted
        self._hands = Hands(window, folder)
        self.journal = (folder / "actions.txt").open("w", encoding="utf-8")
        self._busy_levels: set[int] = set()
        self._done = 0
        self._unsettled_since = 0.0
        self._unsettled_ticks = 0
        self._timer = QTimer(self, singleShot=True, interval=_TICK_MILLISECONDS)
        self._timer.timeout.connect(self._on_tick)
        window.completion.ended.connect(partial(self._begin, folder))

    def _begin(self, folder: Path) -> None:
        self._window.welcome.begin(folder / "state", greets=True)
        self._timer.start()

    @Slot()
    def _on_tick(self) -> None:
        self._timer.start()  # at once: the action may open a dialog, with a loop of its own
        level = QThread.currentThread().loopLevel()
        if level in self._busy_levels:  # an action lets events through, and goes on
            return
        self._busy_levels.add(level)
        try:
            if self._holds():
                self._act()
        finally:
            self._busy_levels.discard(level)

    def _holds(self) -> bool:
        """Return whether everything holds; give what does not some time before it is a fault."""
        wrong = complaints(self._window)
        if not wrong:
            self._unsettled_ticks = 0
            return True
        if not self._unsettled_ticks:
            self._unsettled_since = time.perf_counter()
        self._unsettled_ticks += 1
        took = time.perf_counter() - self._unsettled_since
        if took > _PATIENCE_SECONDS and self._unsettled_ticks > _PATIENCE_TICKS:
            self._watch.note("does not hold", "\n".join(wrong))
            return True
        return False

    def _act(self) -> None:
        self._watch.check_memory()
        self._done += 1
        if self._done % _ACTIONS_FOR_TEXTS == 0:
            self._read_texts()
        is_over = bool(self._watch.faults) or not self._window.isVisible()
        action = None if is_over else self._next_action(self._window)
        if action is None:
            self._window.document.asks = False  # there is nobody to answer
            if self._window.close():  # else a save comes first
                self._timer.stop()
                QCoreApplication.quit()
            return
        print(action, file=self.journal, flush=True)
        self._hands.do(action)

    def _read_texts(self) -> None:
        """Note what is wrong with the texts on screen, unless it is the name of a column."""
        dialog = vars(self._window.session.tables).get("dialog")
        table = dialog.table_import.table if dialog is not None else None
        names = {repr(each.name)[1:-1] for each in table.columns} if table is not None else set()
        odd_names = {each for each in names if each[:1] in _SEPARATORS or each[-1:] in _SEPARATORS}
        for words in bad_texts(painted=self._painted, foreign=self._hands.foreign):
            if not any(name in words for name in odd_names):
                self._watch.note("bad text", words)
        self._painted.clear()
