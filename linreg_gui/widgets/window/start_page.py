"""The page that greets a person: four ways to begin."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from linreg_gui.look.controls import area, fill, give_focus_back, show_text, text_label
from linreg_gui.look.overflow import Overflow
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID
from linreg_gui.runs.states import RunState
from linreg_gui.texts import tr
from linreg_gui.widgets.panels.registry import DATA, LESSON

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_KEY = "start-page"
_WIDTH = 520
_MARGIN = 24


class StartPage(QFrame):
    """Lies over the stage until a person begins anything.

    Attributes
    ----------
    explore, lesson, data, last : WayToBegin
        The four ways.
    at_start : QCheckBox
        Whether the page is shown at every start.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window.stage)
        self._stage = window.stage
        self.setObjectName("plain")
        self.setAccessibleName(tr("Start page"))
        self._window = window
        session = window.session
        self.explore = WayToBegin(
            tr("Explore"),
            tr("The lesson's run is ready. The space bar starts and pauses it."),
            self.leave,
        )
        self.lesson = WayToBegin(
            tr("Lesson"),
            tr("Page by page with questions, or a tour of the code"),
            partial(session.switches[LESSON].setChecked, True),
        )
        self.data = WayToBegin(
            tr("My data"),
            tr("A table of your own, or a classic one"),
            partial(session.switches[DATA].setChecked, True),
        )
        self.last = WayToBegin(tr("Last session"), "", window.document.exchange.open_last)
        self.at_start = QCheckBox(tr("Show this at the start"))
        self.at_start.setChecked(is_wanted(session.store))
        self.at_start.toggled.connect(self._on_at_start_toggled)
        heading = text_label("state", tr("How do you want to begin?"))
        ways = (self.explore, self.lesson, self.data, self.last)
        content = area(fill(QVBoxLayout(), heading, GRID, *ways, GRID, self.at_start))
        keep_scaled(content, setMaximumWidth=_WIDTH)
        row = fill(QHBoxLayout(), None, content, None, stretch=content)
        page = area(fill(QVBoxLayout(), None, row, None, margins=(_MARGIN,) * 4))
        fill(QVBoxLayout(self), Overflow(page))
        self.hide()
        window.stage.installEventFilter(self)
        session.controller.state_changed.connect(self._on_state_changed)
        session.controller.run_prepared.connect(self._on_run_prepared)
        window.side.changed.connect(self.leave)
        session.contrast_changed.connect(self.leave)
        actions = window.actions_of
        for action in (*actions.pictures.values(), actions.grid, actions.maximize):
            action.triggered.connect(self.leave)

    def greet(self) -> None:
        """Show the page, and let the keys choose."""
        self.last.describe(self._window.document.last_session.words(), tr("There is none yet."))
        self.setGeometry(self._stage.rect())
        self.show()
        self.raise_()
        way = (
            self.explore if self._window.document.last_session.left_behind() is None else self.last
        )
        way.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def leave(self) -> bool:
        """Give way to the pictures; return whether the page was there."""
        was_there = not self.isHidden()
        if was_there:
            give_focus_back(self)
            self.hide()
        return was_there

    @Slot()
    def _on_state_changed(self) -> None:
        if self._window.controller.state is RunState.RUNNING:
            self.leave()

    @Slot()
    def _on_run_prepared(self) -> None:
        """Give way to other data or settings than those of the start."""
        run = self._window.controller.run
        if run is not None and run.number > 1:
            self.leave()

    @Slot(bool)
    def _on_at_start_toggled(self, wanted: bool) -> None:
        store = self._window.session.store
        if store is not None:
            store.setValue(_KEY, wanted)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay as large as the stage."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._stage.rect())
        return False


class WayToBegin(QPushButton):
    """A button with a word, and below it what it is."""

    def __init__(self, word: str, words: str, begin: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("way")
        self._words = text_label("muted", words)
        title, margins = text_label("group", word), (16, 10, 16, 10)
        self._column = fill(QVBoxLayout(self), title, self._words, margins=margins, spacing=2)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(word)
        self.setAccessibleDescription(words)
        self.clicked.connect(begin)

    def describe(self, words: str, reason: str) -> None:
        """Say what it is now; without words, say why there is nothing to begin with."""
        self.setEnabled(bool(words))
        show_text(self._words, words or reason)
        self.setAccessibleDescription(words or reason)

    def sizeHint(self) -> QSize:
        """Return the size of the words."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the words."""
        return self._column.minimumSize()


def is_wanted(store: QSettings | None) -> bool:
    """Return whether a person wants to see the page at the start."""
    return store is not None and str(store.value(_KEY)).lower() != "false"
