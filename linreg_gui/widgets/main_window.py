"""The window: controls on the left, pictures and numbers on the right."""

import itertools
import os
import time
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.run_state import RunState
from linreg_gui.training.steps import StepBatch
from linreg_gui.widgets.controls.panel import PANEL_WIDTH, ControlPanel
from linreg_gui.widgets.log_panel import LogPanel
from linreg_gui.widgets.message_bar import MessageBar
from linreg_gui.widgets.plots.data_plot import DataPlot
from linreg_gui.widgets.plots.loss_plot import LossPlot
from linreg_gui.widgets.plots.parameters_plot import ParametersPlot
from linreg_gui.widgets.readout import Readout
from linreg_gui.widgets.run_bar import RunBar
from linreg_gui.widgets.theme import GRID, Theme

FRAMES_PER_READOUT = 4
"""Nobody reads digits that change more often than this many frames."""

PLOTS = 3
REFRESH_SECONDS = 1 / 60 / (PLOTS + 1 / FRAMES_PER_READOUT)
"""The time from one view to the next, so that each plot is drawn 60 times a second."""

DEFAULT_SIZE = (1280, 800)
MINIMUM_SIZE = (960, 680)
LOG_WIDTH = 320
WIDTH_FOR_BOTH_SIDES = 1200
"""In a narrower window settings and log give way to each other."""


class MainWindow(QMainWindow):
    """Everything on screen. Closing it ends the training thread.

    Parameters
    ----------
    controller : TrainingController
        The run that is shown; its thread is shut down with the window.
    theme : Theme
        The look.
    store : QSettings or None
        Where geometry and theme are remembered; None to remember nothing.

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
        self.controller = controller
        self.theme = theme
        self._store = store
        self._is_painted = False
        self.panel = ControlPanel(controller, theme)
        self.data_plot = DataPlot(theme)
        self.loss_plot = LossPlot(theme)
        self.parameters_plot = ParametersPlot(theme)
        self.readout = Readout(controller, theme)
        self.messages = MessageBar(theme)
        self.log = LogPanel()
        self.run_bar = RunBar(controller, theme)
        self._plots = (self.data_plot, self.loss_plot, self.parameters_plot)
        self._splitters: dict[str, QSplitter] = {}
        self._lay_out()
        self._frame_timer = QTimer(self)
        self._frame_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame_timer.setSingleShot(True)
        self._frame_timer.timeout.connect(self._refresh_next)
        self._due = 0.0
        self._views = itertools.cycle(
            [plot.refresh for plot in self._plots] * FRAMES_PER_READOUT + [self.readout.refresh]
        )
        self._views_to_refresh = 0
        self._connect()
        self.resize(*DEFAULT_SIZE)
        self._restore()

    def refresh_all(self) -> None:
        """Bring every picture and number up to date at once."""
        for view in (*self._plots, self.readout):
            view.refresh()

    def _connect(self) -> None:
        self.controller.run_prepared.connect(self._on_run_prepared)
        self.controller.run_progressed.connect(self._on_run_progressed)
        self.controller.state_changed.connect(self._draw_what_came_last)
        self.controller.message_posted.connect(self.messages.show_message)
        self.controller.message_posted.connect(self.log.append)
        self.controller.log_posted.connect(self.log.append)

    def _lay_out(self) -> None:
        curves = self._splitter(
            "curves", Qt.Orientation.Vertical, self.loss_plot, self.parameters_plot
        )
        curves.setSizes([DEFAULT_SIZE[1], DEFAULT_SIZE[1]])
        pictures = self._splitter(
            "pictures", Qt.Orientation.Horizontal, self.data_plot, curves, self.log
        )
        pictures.setSizes([DEFAULT_SIZE[0], DEFAULT_SIZE[0], LOG_WIDTH])
        stage = self._splitter("stage", Qt.Orientation.Vertical, pictures, self.readout)
        stage.setStretchFactor(0, 1)
        stage.setStretchFactor(1, 0)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.messages)
        column.addWidget(stage, 1)
        whole = self._splitter("whole", Qt.Orientation.Horizontal, self.panel, right)
        whole.setStretchFactor(0, 0)
        whole.setStretchFactor(1, 1)
        whole.setSizes([PANEL_WIDTH, DEFAULT_SIZE[0] - PANEL_WIDTH])
        self.setCentralWidget(whole)
        self.addToolBar(self.run_bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.log.hide()
        self._panel_switch = self._add_switch(self.panel, tr("Settings"), "panel", "T")
        self._log_switch = self._add_switch(self.log, tr("Log: what the lesson prints"), "log", "L")
        self._panel_switch.toggled.connect(self._make_room_beside_panel)
        self._log_switch.toggled.connect(self._make_room_beside_log)

    def _add_switch(self, widget: QWidget, words: str, icon: str, key: str) -> QAction:
        switch = QAction(words, self)
        switch.setCheckable(True)
        switch.setChecked(not widget.isHidden())
        switch.setShortcut(QKeySequence(key))
        switch.setToolTip(f"{words} ({key})")
        switch.toggled.connect(widget.setVisible)
        self.run_bar.add_switch(switch, icon)
        return switch

    def _splitter(self, name: str, orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
        splitter = QSplitter(orientation)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GRID)
        for widget in widgets:
            splitter.addWidget(widget)
        self._splitters[name] = splitter
        return splitter

    def _restore(self) -> None:
        if self._store is None:
            return
        self._restore_bytes("window", self.restoreGeometry)
        for name, splitter in self._splitters.items():
            self._restore_bytes(f"splitters/{name}", splitter.restoreState)

    def _restore_bytes(self, key: str, restore: Callable[[QByteArray], bool]) -> None:
        assert self._store is not None
        value = self._store.value(key)
        if isinstance(value, QByteArray):
            restore(value)

    def _remember(self) -> None:
        if self._store is None:
            return
        self._store.setValue("theme", str(self.theme.mode))
        self._store.setValue("window", self.saveGeometry())
        for name, splitter in self._splitters.items():
            self._store.setValue(f"splitters/{name}", splitter.saveState())

    @Slot()
    def _on_run_prepared(self) -> None:
        self.messages.clear()
        for plot in self._plots:
            plot.show_run(self.controller.run)

    @Slot(object)
    def _on_run_progressed(self, _batch: StepBatch) -> None:
        self._draw_what_came_last()
        self._views_to_refresh = len(self._plots) * FRAMES_PER_READOUT + 1
        if not self._frame_timer.isActive():
            self._due = time.perf_counter()
            self._frame_timer.start(0)

    @Slot()
    def _draw_what_came_last(self) -> None:
        """Draw the last steps before a halt, however little of the picture they change."""
        if self.controller.state is not RunState.RUNNING:
            self.loss_plot.redraw()
            self.parameters_plot.redraw()

    @Slot(bool)
    def _make_room_beside_panel(self, shown: bool) -> None:
        if shown and self.width() < WIDTH_FOR_BOTH_SIDES:
            self._log_switch.setChecked(False)

    @Slot(bool)
    def _make_room_beside_log(self, shown: bool) -> None:
        if shown and self.width() < WIDTH_FOR_BOTH_SIDES:
            self._panel_switch.setChecked(False)
        pictures = self._splitters["pictures"]
        data, curves, log = pictures.sizes()
        if shown and log < LOG_WIDTH:
            half = (data + curves + log - LOG_WIDTH) // 2
            pictures.setSizes([half, half, LOG_WIDTH])

    @Slot()
    def _refresh_next(self) -> None:
        """Refresh one view, and no more: a click between two of them need not wait for both."""
        next(self._views)()
        self._views_to_refresh -= 1
        if self._views_to_refresh:
            # A fixed timetable: what was late by a little is made up for, more is let go.
            now = time.perf_counter()
            self._due = max(self._due + REFRESH_SECONDS, now - REFRESH_SECONDS)
            self._frame_timer.start(max(0, round((self._due - now) * 1000)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, pause and stop with the keys that the focused control has no use for."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.run_bar.toggle_run()
        elif event.key() == Qt.Key.Key_Escape:
            self.controller.stop()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pictures wide enough."""
        super().resizeEvent(event)
        self._make_room_beside_panel(self._panel_switch.isChecked())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with no control focused: the space bar runs, and Tab comes to Run first."""
        super().showEvent(event)
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window is first on screen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the training thread before the window goes."""
        self._frame_timer.stop()
        self._remember()
        if not self.controller.shut_down():
            os._exit(0)  # a thread that does not end would have Qt abort the process
        super().closeEvent(event)
