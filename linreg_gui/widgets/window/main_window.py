"""The window: settings on the left, pictures and numbers, and a panel on the right."""

import os
from typing import TypeVar

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui import plots
from linreg_gui.look.controls import area, fill, text_label
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.plots.card import RunPlot
from linreg_gui.texts import complain, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import SCALING, USUAL_WINDOW_WIDTH, Side
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.settings.panel import PANEL_WIDTH, ControlPanel
from linreg_gui.widgets.window.readout import Readout
from linreg_gui.widgets.window.refresher import Refresher
from linreg_gui.widgets.window.run_bar import RunBar
from linreg_gui.widgets.window.timeline import Timeline

Picture = TypeVar("Picture", bound=RunPlot)

DEFAULT_SIZE = (USUAL_WINDOW_WIDTH, 800)
MINIMUM_SIZE = (960, 680)
WIDTH_BESIDE_SIDE = 880
"""With less room than this for settings and pictures, opening a panel closes the settings."""


class MainWindow(QMainWindow):
    """Everything on screen. Closing the window ends the training thread.

    Parameters
    ----------
    controller : TrainingController
        The run on screen. Its thread ends with the window.
    theme : Theme
        The colors and fonts.
    store : QSettings or None
        Remembers geometry, theme and progress in the guide; None to remember nothing.

    Attributes
    ----------
    session : Session
        What the widgets share.
    pictures : list of RunPlot
        From left to right, row by row.

    Signals
    -------
    painted()
        The window is on screen for the first time.
    """

    painted = Signal()

    def __init__(
        self, controller: TrainingController, theme: Theme, store: QSettings | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("LinReg")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(True)
        self.controller = controller
        self.session = Session(controller, theme, store, self)
        self._store = store
        self._is_painted = False
        self.panel = ControlPanel(self.session)
        self.pictures = [make(theme) for make in plots.PICTURES]
        self.timeline = Timeline(controller, self.session.playhead, theme)
        self.readout = Readout(controller, self.session.playhead, theme)
        self.messages = MessageBar(self.session)
        self.run_bar = RunBar(controller, theme)
        self.side = Side(self.session)
        self.refresher = Refresher(self.session, self.pictures)
        self._splitters: dict[str, QSplitter] = {}
        self._lay_out()
        self._settings_switch = self.session.make_switch(tr("Settings"), "T")
        self._settings_switch.setChecked(True)
        self._add_switches()
        self._add_keys()
        self._connect()
        self.resize(*DEFAULT_SIZE)
        self._restore()

    def picture(self, kind: type[Picture]) -> Picture:
        """Return the picture that is a ``kind``."""
        return next(picture for picture in self.pictures if isinstance(picture, kind))

    def _connect(self) -> None:
        session, panel = self.session, self.panel
        session.numbers_due.connect(self.readout.refresh)
        session.numbers_due.connect(self.timeline.refresh)
        session.rate_wanted.connect(self._on_rate_wanted)
        panel.shows_standardized.toggled.connect(self.refresher.show_standardized)
        self._settings_switch.toggled.connect(panel.setVisible)
        self._settings_switch.toggled.connect(self._make_room_beside_settings)
        self.side.opened.connect(self._make_room_for_side)
        self.painted.connect(self.side.make_listeners)

    def _lay_out(self) -> None:
        columns = [
            self._splitter(name, Qt.Orientation.Vertical, *self.pictures[first::2])
            for first, name in enumerate(("left", "curves"))
        ]
        for splitter in columns:
            splitter.setSizes([DEFAULT_SIZE[1]] * splitter.count())
        pictures = self._splitter("columns", Qt.Orientation.Horizontal, *columns)
        pictures.setSizes([DEFAULT_SIZE[0], DEFAULT_SIZE[0]])
        numbers = area(fill(QVBoxLayout(), self.timeline, self.readout))
        stage = self._splitter("stage", Qt.Orientation.Vertical, pictures, numbers, stretched=0)
        self._body = self._splitter(
            "body", Qt.Orientation.Horizontal, stage, self.side, stretched=0
        )
        margins = (GRID, GRID, GRID, GRID)
        right = area(
            fill(QVBoxLayout(), self.messages, self._body, margins=margins, stretch=self._body)
        )
        whole = self._splitter("whole", Qt.Orientation.Horizontal, self.panel, right, stretched=1)
        whole.setSizes([PANEL_WIDTH, DEFAULT_SIZE[0] - PANEL_WIDTH])
        self.setCentralWidget(whole)
        self.addToolBar(self.run_bar)

    def _splitter(
        self,
        name: str,
        orientation: Qt.Orientation,
        *widgets: QWidget,
        stretched: int | None = None,
    ) -> QSplitter:
        """Return a splitter whose sizes are remembered as ``name``.

        ``stretched`` is the index of the widget that grows with the window; None: all of them grow.
        """
        splitter = QSplitter(orientation)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GRID)
        for index, widget in enumerate(widgets):
            splitter.addWidget(widget)
            if stretched is not None:
                splitter.setStretchFactor(index, int(index == stretched))
        self._splitters[name] = splitter
        return splitter

    def _add_switches(self) -> None:
        self.run_bar.add_switch(self._settings_switch, "panel")
        self.run_bar.add_switch(self.session.lens, "lens")
        for spec, switch in self.session.switches.items():
            if spec.icon is None:
                self.addAction(switch)
            else:
                self.run_bar.add_switch(switch, spec.icon)
        self.addActions(self.side.keys)

    def _add_keys(self) -> None:
        tables = self.session.tables
        for key, words, handler in (
            ("U", tr("Standardized units in pictures"), self.panel.shows_standardized.toggle),
            ("Ctrl+O", tr("Open a table"), tables.choose_file),
            ("Ctrl+V", tr("Paste a table"), tables.paste),
        ):
            action = QAction(words, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(handler)
            self.addAction(action)

    def _restore(self) -> None:
        if self._store is None:
            return
        restorers = {"window": self.restoreGeometry}
        for name, splitter in self._splitters.items():
            restorers[f"splitters/{name}"] = splitter.restoreState
        for key, restore in restorers.items():
            value = self._store.value(key)
            if isinstance(value, QByteArray):
                restore(value)

    def _remember(self) -> None:
        if self._store is None:
            return
        self._store.setValue("theme", str(self.session.theme.mode))
        self._store.setValue("window", self.saveGeometry())
        for name, splitter in self._splitters.items():
            self._store.setValue(f"splitters/{name}", splitter.saveState())

    @Slot()
    def _on_rate_wanted(self) -> None:
        self._settings_switch.setChecked(True)
        self.panel.choose_rate()

    @Slot(bool)
    def _make_room_beside_settings(self, shown: bool) -> None:
        if shown and self._is_narrow:
            self.side.shut()

    @Slot()
    def _make_room_for_side(self) -> None:
        if self._is_narrow:
            self._settings_switch.setChecked(False)
        wanted = round(self.side.wanted_width * self.side.scale)
        self._body.setSizes([sum(self._body.sizes()) - wanted, wanted])

    @property
    def _is_narrow(self) -> bool:
        """Return whether there is no room for both the settings and the panel on the right."""
        wanted = self.side.wanted_width
        return bool(wanted) and self.width() < WIDTH_BESIDE_SIDE + wanted

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, pause, stop and travel with the keys that the focused control does not use."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.run_bar.toggle_run()
        elif event.key() == Qt.Key.Key_Escape:
            self.controller.stop()
        elif not self.timeline.handle_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pictures wide enough."""
        super().resizeEvent(event)
        self._make_room_beside_settings(self._settings_switch.isChecked())

    def showEvent(self, event: QShowEvent) -> None:
        """Focus no control: so the space bar runs, and Tab comes to Run first."""
        super().showEvent(event)
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Report when the window is first on screen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and cells of a spreadsheet."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped as a table."""
        if self.session.tables.take(event.mimeData()):
            _accept_copy(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the training thread before the window goes."""
        self.refresher.stop()
        self.session.playhead.pause()
        self._remember()
        have_ended = [self.session.tables.shut_down(), self.controller.shut_down()]
        if not all(have_ended):
            complain(tr("A calculation did not end in time; LinReg ended without it."))
            os._exit(1)  # Qt would abort the process because of the thread that still runs
        super().closeEvent(event)


class MessageBar(QFrame):
    """One sentence above the pictures, until a person closes it or another run is prepared.

    Buttons that help stand beside it. The bar is hidden while there is no message.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("message")
        self._session = session
        self._icon = QLabel()
        self.label = text_label("")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        standardize = QAction(tr("Standardize"), self)
        standardize.triggered.connect(self._on_standardize_triggered)
        buttons = [QToolButton(), QToolButton()]
        buttons[0].setDefaultAction(standardize)
        buttons[1].setDefaultAction(session.switches[SCALING])
        self._help = area(fill(QHBoxLayout(), *buttons))
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.clear)
        parts = (self._icon, self.label, self._help, self._close)
        fill(QHBoxLayout(self), *parts, margins=(12, 6, 6, 6), stretch=self.label)
        session.controller.run_prepared.connect(self._on_run_prepared)
        session.controller.message_posted.connect(self.show_message)
        session.theme.changed.connect(self._show_icons)
        self.clear()

    @Slot(str)
    def show_message(self, sentence: str) -> None:
        """Show ``sentence`` instead of the last one."""
        self.label.setText(sentence)
        self._show_icons()
        self.show()

    @Slot()
    def clear(self) -> None:
        """Remove the message and its buttons."""
        self.label.clear()
        self._help.hide()
        self.hide()

    @Slot()
    def _on_run_prepared(self) -> None:
        self.clear()
        run = self._session.controller.run
        self._help.setVisible(run is not None and run.problem.wants_standardizing)

    @Slot()
    def _on_standardize_triggered(self) -> None:
        self._session.controller.standardize(wanted=True)

    @Slot()
    def _show_icons(self) -> None:
        theme = self._session.theme
        self._icon.setPixmap(theme.icon("warning", theme.palette.warning).pixmap(20, 20))
        self._close.setIcon(theme.icon("close"))


def _accept_copy(event: QDropEvent) -> None:
    """Accept a drop as a copy, so that its source deletes nothing."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
