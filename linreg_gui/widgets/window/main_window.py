"""The window: controls on the left, pictures and numbers on the right."""

import itertools
import os
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

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
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from linreg_gui.engines.steps import StepBatch
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.plots.card import RunPlot
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.pictures import make_pictures
from linreg_gui.runs.run import LogLine
from linreg_gui.runs.states import RunState
from linreg_gui.texts import complain, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import KeptRuns
from linreg_gui.threads.playhead import Playhead
from linreg_gui.threads.what_if import RateLimits, WhatIf
from linreg_gui.widgets.settings.panel import PANEL_WIDTH, ControlPanel
from linreg_gui.widgets.tables.table_opener import TableOpener
from linreg_gui.widgets.window.message_bar import MessageBar
from linreg_gui.widgets.window.overlaid_runs import OverlaidRuns
from linreg_gui.widgets.window.readout import Readout
from linreg_gui.widgets.window.run_bar import RunBar
from linreg_gui.widgets.window.side import Side
from linreg_gui.widgets.window.timeline import Timeline

if TYPE_CHECKING:
    from linreg_gui.threads.inspector import Inspector
    from linreg_gui.threads.what_if import Sweeper
    from linreg_gui.widgets.panels.data_panel import DataPanel
    from linreg_gui.widgets.panels.guide_panel import GuidePanel
    from linreg_gui.widgets.panels.log_panel import LogPanel
    from linreg_gui.widgets.panels.predict_panel import PredictPanel
    from linreg_gui.widgets.panels.runs_panel import RunsPanel
    from linreg_gui.widgets.panels.scaling_panel import ScalingPanel
    from linreg_gui.widgets.panels.step_panel import StepPanel
    from linreg_gui.widgets.panels.sweep_panel import SweepPanel


Picture = TypeVar("Picture", bound=RunPlot)

FRAMES_PER_READOUT = 4
"""Nobody reads digits that change more often than this many frames."""

DEFAULT_SIZE = (1280, 800)
MINIMUM_SIZE = (960, 680)
SIDE_WIDTH = 320
STEP_WIDTH = 560
GUIDE_WIDTH = 480
DATA_WIDTH = 360
SCALING_WIDTH = 480
WIDTH_BESIDE_SIDE = 880
"""Where there is less for settings and pictures, a panel on the right makes the settings go."""


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
        self._lens_came_along = False
        self.what_if = WhatIf(controller, self)
        self.rate_limits = RateLimits(controller, self.what_if, self)
        self.playhead = Playhead(controller, self)
        self.kept_runs = KeptRuns(controller, self)
        self.tables = TableOpener(controller, self)
        self.panel = ControlPanel(controller, self.rate_limits, theme)
        self.pictures = make_pictures(theme)
        self.data_plot = self.picture(DataPlot)
        self.loss_plot = self.picture(LossPlot)
        self.parameters_plot = self.picture(ParametersPlot)
        self.landscape_plot = self.picture(LandscapePlot)
        self.timeline = Timeline(controller, self.playhead, theme)
        self.readout = Readout(controller, self.playhead, theme)
        self.messages = MessageBar(theme)
        self.run_bar = RunBar(controller, theme)
        self.side = Side()
        self.overlaid_runs = OverlaidRuns(
            controller, self.what_if, self.kept_runs, self.pictures, self
        )
        self._splitters: dict[str, QSplitter] = {}
        self._lay_out()
        self._frame_timer = QTimer(self)
        self._frame_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame_timer.setSingleShot(True)
        self._frame_timer.timeout.connect(self._refresh_next)
        self._due = 0.0
        # The time from one view to the next: each picture is drawn 60 times a second.
        self._refresh_seconds = 1 / 60 / (len(self.pictures) + 1 / FRAMES_PER_READOUT)
        self._views = itertools.cycle(
            [partial(self._refresh_plot, plot) for plot in self.pictures] * FRAMES_PER_READOUT
            + [self._refresh_numbers]
        )
        self._views_to_refresh = 0
        self._connect()
        self.resize(*DEFAULT_SIZE)
        self._restore()

    def picture(self, kind: type[Picture]) -> Picture:
        """Return the picture that is a ``kind``."""
        return next(plot for plot in self.pictures if isinstance(plot, kind))

    def refresh_all(self) -> None:
        """Bring every picture and number up to date at once."""
        self.overlaid_runs.show_all()
        for plot in self.pictures:
            self._refresh_plot(plot)
        self._refresh_numbers()

    @cached_property
    def log(self) -> "LogPanel":
        """Return the panel of the log, made when there is something for it."""
        from linreg_gui.widgets.panels.log_panel import LogPanel  # noqa: PLC0415 - after first paint

        panel = LogPanel(self.theme)
        self.side.addWidget(panel)
        return panel

    @cached_property
    def runs(self) -> "RunsPanel":
        """Return the panel of the kept runs, made when it is first wanted."""
        from linreg_gui.widgets.panels.runs_panel import RunsPanel  # noqa: PLC0415 - after first paint

        panel = RunsPanel(self.controller, self.kept_runs, self.theme)
        panel.rate_wanted.connect(self._on_rate_wanted)
        self.side.addWidget(panel)
        self.kept_runs.begin_comparing()
        return panel

    @cached_property
    def sweep(self) -> "SweepPanel":
        """Return the panel of the sweep, made when it is first wanted."""
        from linreg_gui.widgets.panels.sweep_panel import SweepPanel  # noqa: PLC0415 - after first paint

        panel = SweepPanel(self.controller, self.rate_limits, self.theme)
        self.side.addWidget(panel)
        return panel

    @cached_property
    def data(self) -> "DataPanel":
        """Return the panel that offers other data, made when it is first wanted."""
        from linreg_gui.widgets.panels.data_panel import DataPanel  # noqa: PLC0415 - after first paint

        panel = DataPanel(self.controller)
        panel.open_wanted.connect(self.tables.choose_file)
        panel.paste_wanted.connect(self.tables.paste)
        panel.lesson_wanted.connect(self.controller.use_synthetic_data)
        panel.sample_wanted.connect(self.tables.use_sample)
        self.side.addWidget(panel)
        return panel

    @cached_property
    def predict(self) -> "PredictPanel":
        """Return the panel that predicts, made when it is first wanted."""
        from linreg_gui.widgets.panels.predict_panel import PredictPanel  # noqa: PLC0415 - see above

        panel = PredictPanel(self.controller, self.playhead)
        self.side.addWidget(panel)
        return panel

    @cached_property
    def scaling(self) -> "ScalingPanel":
        """Return the panel that shows why features are standardized, made when first wanted."""
        from linreg_gui.widgets.panels.scaling_panel import ScalingPanel  # noqa: PLC0415 - see above

        panel = ScalingPanel(self.controller, self.theme)
        panel.standardize_wanted.connect(self._on_standardize_wanted)
        self.side.addWidget(panel)
        return panel

    def open_table(self, file: Path) -> None:
        """Show a table, to be trained on."""
        self.tables.open(file)

    @cached_property
    def inspector(self) -> "Inspector":
        """Return what looks inside of a step, made when it is first wanted."""
        from linreg_gui.threads.inspector import Inspector  # noqa: PLC0415 - after first paint

        inspector = Inspector(self.controller, self.playhead, self)
        inspector.changed.connect(self._show_minibatch)
        return inspector

    @cached_property
    def step_panel(self) -> "StepPanel":
        """Return the panel that looks inside of a step, made when it is first wanted."""
        from linreg_gui.widgets.panels.step_panel import StepPanel  # noqa: PLC0415 - after first paint

        panel = StepPanel(self.controller, self.inspector, self.theme)
        self.side.addWidget(panel)
        return panel

    @cached_property
    def guide(self) -> "GuidePanel":
        """Return the panel that walks through the lesson, made when it is first wanted."""
        from linreg_gui.threads.guide import Guide  # noqa: PLC0415 - after first paint
        from linreg_gui.widgets.panels.guide_panel import GuidePanel  # noqa: PLC0415

        panel = GuidePanel(Guide(self.controller, self._store, self), self.theme)
        self.side.addWidget(panel)
        return panel

    def _open_guide(self) -> "GuidePanel | None":
        try:
            panel = self.guide
        except ValueError as error:  # somebody has edited a stop
            self.controller.message_posted.emit(str(error))
            return None
        panel.take_focus()
        return panel

    @property
    def sweeper(self) -> "Sweeper":
        """Return the owner of the sweep."""
        return self.sweep.sweeper

    def _connect(self) -> None:
        self.controller.run_prepared.connect(self._on_run_prepared)
        self.controller.run_progressed.connect(self._on_run_progressed)
        self.controller.state_changed.connect(self._draw_what_came_last)
        self.controller.message_posted.connect(self.messages.show_message)
        self.controller.message_posted.connect(self._on_message_posted)
        self.controller.log_posted.connect(self._on_log_posted)
        self.playhead.moved.connect(self._start_refreshing)
        for plot in self.pictures:
            plot.start_chosen.connect(self.controller.move_start)

    def _lay_out(self) -> None:
        left = self._splitter("left", Qt.Orientation.Vertical, *self.pictures[0::2])
        curves = self._splitter("curves", Qt.Orientation.Vertical, *self.pictures[1::2])
        for column_of_pictures in (left, curves):
            column_of_pictures.setSizes([DEFAULT_SIZE[1]] * column_of_pictures.count())
        pictures = self._splitter("columns", Qt.Orientation.Horizontal, left, curves)
        pictures.setSizes([DEFAULT_SIZE[0], DEFAULT_SIZE[0]])
        numbers = QWidget()
        below = QVBoxLayout(numbers)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID)
        below.addWidget(self.timeline)
        below.addWidget(self.readout)
        stage = self._splitter("stage", Qt.Orientation.Vertical, pictures, numbers)
        stage.setStretchFactor(0, 1)
        stage.setStretchFactor(1, 0)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.messages)
        body = self._splitter("body", Qt.Orientation.Horizontal, stage, self.side)
        body.setStretchFactor(0, 1)
        body.setStretchFactor(1, 0)
        column.addWidget(body, 1)
        whole = self._splitter("whole", Qt.Orientation.Horizontal, self.panel, right)
        whole.setStretchFactor(0, 0)
        whole.setStretchFactor(1, 1)
        whole.setSizes([PANEL_WIDTH, DEFAULT_SIZE[0] - PANEL_WIDTH])
        self.setCentralWidget(whole)
        self.addToolBar(self.run_bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._panel_switch = self._add_switch(tr("Settings"), "panel", "T", checked=True)
        self._panel_switch.toggled.connect(self.panel.setVisible)
        self._panel_switch.toggled.connect(self._make_room_beside_panel)
        self.lens_switch = self._add_switch(tr("Minibatch: lit in the pictures"), "lens", "M")
        self.lens_switch.toggled.connect(self._on_lens_switched)
        for name, words, key, panel, width in (
            ("data", tr("Data: your own, or a classic"), "O", lambda: self.data, DATA_WIDTH),
            ("guide", tr("Lesson: stop by stop"), "G", self._open_guide, GUIDE_WIDTH),
            ("code", tr("Inside one step: the code"), "D", lambda: self.step_panel, STEP_WIDTH),
            ("runs", tr("Runs: compare them"), "C", lambda: self.runs, SIDE_WIDTH),
            ("sweep", tr("Sweep: try several values"), "V", lambda: self.sweep, SIDE_WIDTH),
            ("predict", tr("Predict: ŷ for an example"), "Y", lambda: self.predict, DATA_WIDTH),
            ("log", tr("Log: what the lesson prints"), "L", lambda: self.log, SIDE_WIDTH),
        ):
            self.side.offer(name, self._add_switch(words, name, key), panel, width)
        self._add_scaling()
        self.side.switches["code"].toggled.connect(self._on_code_switched)
        self.side.opened.connect(self._make_room_for_side)
        self._add_key("I", self._step_in)
        self._add_key("Shift+I", self._step_back)
        self._add_key("U", self.panel.shows_standardized.toggle)
        self._add_key("Ctrl+O", self.tables.choose_file)
        self._add_key("Ctrl+V", self.tables.paste)
        self.setAcceptDrops(True)

    def _add_scaling(self) -> None:
        """Make what is about the features' scales; it has no room among the other switches."""
        self.standardize = QAction(tr("Standardize"), self)
        self.standardize.triggered.connect(lambda: self._on_standardize_wanted(wanted=True))
        switch = QAction(tr("Why?"), self)
        switch.setCheckable(True)
        switch.setShortcut(QKeySequence("Z"))
        self.addAction(switch)
        self.side.offer("scaling", switch, lambda: self.scaling, SCALING_WIDTH)
        self.panel.reasons.clicked.connect(switch.toggle)
        self.panel.shows_standardized.toggled.connect(self._on_units_chosen)
        self.panel.standardize_wanted.connect(self._on_standardize_wanted)
        self.panel.data_wanted.connect(self.side.switches["data"].toggle)

    def _add_key(self, key: str, handler: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(handler)
        self.addAction(action)

    def _add_switch(self, words: str, icon: str, key: str, *, checked: bool = False) -> QAction:
        switch = QAction(words, self)
        switch.setCheckable(True)
        switch.setChecked(checked)
        switch.setShortcut(QKeySequence(key))
        switch.setToolTip(f"{words} ({key})")
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
        run = self.controller.run
        if run is not None and run.problem.wants_standardizing:
            self.messages.offer(self.standardize)
            self.messages.offer(self.side.switches["scaling"])
        self.log.start_run()
        for plot in self.pictures:
            plot.show_run(run)

    @Slot(bool)
    def _on_units_chosen(self, standardized: bool) -> None:
        for plot in self.pictures:
            plot.show_standardized(standardized=standardized)
        self._show_minibatch()
        self.refresh_all()

    @Slot(bool)
    def _on_standardize_wanted(self, wanted: bool) -> None:
        self.controller.standardize(wanted=wanted)

    @Slot(str)
    def _on_message_posted(self, sentence: str) -> None:
        self.log.append(sentence)

    @Slot(object)
    def _on_log_posted(self, lines: list[LogLine]) -> None:
        self.log.append_lines(lines)

    @Slot(object)
    def _on_run_progressed(self, _batch: StepBatch) -> None:
        self._draw_what_came_last()
        self._start_refreshing()

    @Slot()
    def _start_refreshing(self) -> None:
        self._views_to_refresh = len(self.pictures) * FRAMES_PER_READOUT + 1
        if not self._frame_timer.isActive():
            self._due = time.perf_counter()
            self._frame_timer.start(0)

    @Slot()
    def _draw_what_came_last(self) -> None:
        """Draw the last steps before a halt, however little of the picture they change."""
        if self.controller.state is not RunState.RUNNING:
            for plot in self.pictures:
                plot.redraw()

    @Slot(bool)
    def _on_code_switched(self, shown: bool) -> None:
        """Light the minibatch too; when the code goes, leave the lens as it was before."""
        if shown:
            self._lens_came_along = not self.lens_switch.isChecked()
            self.lens_switch.setChecked(True)
        elif self._lens_came_along:
            self.lens_switch.setChecked(False)

    @Slot(bool)
    def _on_lens_switched(self, shown: bool) -> None:
        self.inspector.watch(self.lens_switch, wanted=shown)
        self._show_minibatch()

    @Slot()
    def _show_minibatch(self) -> None:
        trace = self.inspector.trace if self.lens_switch.isChecked() else None
        for plot in self.pictures:
            plot.show_minibatch(trace)

    @Slot()
    def _step_in(self) -> None:
        if self._looks_inside():
            self.inspector.forward()

    @Slot()
    def _step_back(self) -> None:
        if self._looks_inside():
            self.inspector.back()

    def _looks_inside(self) -> bool:
        """Return whether a step's code is on screen; open it where it is not."""
        switch = self.side.switches["code"]
        looked = switch.isChecked()
        switch.setChecked(True)
        return looked

    @Slot()
    def _on_rate_wanted(self) -> None:
        self._panel_switch.setChecked(True)
        self.panel.choose_rate()

    @Slot(bool)
    def _make_room_beside_panel(self, shown: bool) -> None:
        if shown and self._is_narrow:
            self.side.shut()

    @Slot()
    def _make_room_for_side(self) -> None:
        if self._is_narrow:
            self._panel_switch.setChecked(False)
        body = self._splitters["body"]
        wanted = round(self.side.wanted_width * max(1.0, self.width() / DEFAULT_SIZE[0]))
        body.setSizes([sum(body.sizes()) - wanted, wanted])

    @property
    def _is_narrow(self) -> bool:
        """Return whether the settings and a panel on the right have to give way to each other."""
        wanted = self.side.wanted_width
        return bool(wanted) and self.width() < WIDTH_BESIDE_SIDE + wanted

    def _refresh_plot(self, plot: RunPlot) -> None:
        plot.show_step(self.playhead.step)
        plot.refresh()

    def _refresh_numbers(self) -> None:
        self.readout.refresh()
        self.timeline.refresh()
        self.log.show_step(self.playhead.step)
        if self.side.switches["predict"].isChecked():
            self.predict.refresh()

    @Slot()
    def _refresh_next(self) -> None:
        """Refresh one view, and no more: a click between two of them need not wait for both."""
        next(self._views)()
        self._views_to_refresh -= 1
        if self._views_to_refresh:
            # A fixed timetable: what was late by a little is made up for, more is let go.
            now = time.perf_counter()
            self._due = max(self._due + self._refresh_seconds, now - self._refresh_seconds)
            self._frame_timer.start(max(0, round((self._due - now) * 1000)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, pause and stop with the keys that the focused control has no use for."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.run_bar.toggle_run()
        elif event.key() == Qt.Key.Key_Escape:
            self.controller.stop()
        elif not self.timeline.handle_key(event):
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pasted cells."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what is dropped as a table."""
        if self.tables.take(event.mimeData()):
            _accept_copy(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the training thread before the window goes."""
        self._frame_timer.stop()
        self.overlaid_runs.stop()
        self.playhead.pause()
        self._remember()
        have_ended = [self.tables.shut_down(), self.controller.shut_down()]
        if not all(have_ended):
            complain(tr("A calculation did not end in time; LinReg ended without it."))
            os._exit(1)  # Qt would abort the process because of the thread that still runs
        super().closeEvent(event)


def _accept_copy(event: QDropEvent) -> None:
    """Take what is dropped, and let nobody believe that it has been moved."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
