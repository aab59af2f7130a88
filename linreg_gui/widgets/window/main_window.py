"""The window: menus, bar, settings, stage, a panel, and the timeline with the numbers."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from linreg_gui import plots
from linreg_gui.look.controls import area, fill, give_focus_back
from linreg_gui.look.keys import enter_focused, give_space_to
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.texts import complain, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import USUAL_WINDOW_WIDTH, Side
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.actions import Actions, MenuSpec
from linreg_gui.widgets.window.announcer import Announcer
from linreg_gui.widgets.window.help_desk import HelpDesk
from linreg_gui.widgets.window.notice import Notice
from linreg_gui.widgets.window.presentation import Presentation
from linreg_gui.widgets.window.readout import Readout
from linreg_gui.widgets.window.refresher import Refresher
from linreg_gui.widgets.window.run_bar import RunBar
from linreg_gui.widgets.window.stage import Stage
from linreg_gui.widgets.window.tab_order import move_focus
from linreg_gui.widgets.window.timeline import Timeline

if TYPE_CHECKING:
    from linreg_gui.guide.stops import StageWish
    from linreg_gui.widgets.settings.panel import ControlPanel
    from linreg_gui.widgets.window.overlay_chips import OverlayChips

Picture = TypeVar("Picture", bound=RunPlot)

DEFAULT_SIZE = (USUAL_WINDOW_WIDTH, 800)
MINIMUM_SIZE = (640, 420)
SETTINGS_WIDTH = 280
_LEAST_STAGE = 420
"""With less room than this for the stage, opening a panel closes the settings."""
_STAGE_SHARE = 0.5
"""The stop of the lesson opens the settings if they leave this share of the width to the stage."""
_HEIGHT_FOR_NUMBERS = 300
"""With less height than this below the bar, the row of numbers is left out."""
_WIDTH_FOR_SETTINGS = 1600
"""The first window shows the settings if it is at least this wide."""


class MainWindow(QMainWindow):
    """Everything on screen. Closing the window ends the training thread.

    Parameters
    ----------
    controller : TrainingController
        The run on screen. Its thread ends with the window.
    theme : Theme
        The colors, fonts and scale.
    store : QSettings or None
        Remembers geometry, theme, scale and progress in the guide; None to remember nothing.

    Attributes
    ----------
    session : Session
        What the widgets share.
    pictures : list of RunPlot
        In the order of their keys.
    actions_of : Actions
        Every action of the window.

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
        self.pictures = [make(theme) for make in plots.PICTURES]
        self.stage = Stage(self.pictures)
        self.session.show_on_stage(self.stage.current)
        self.side = Side(self.session)
        self.refresher = Refresher(self.session, self.stage, self.pictures)
        self.help = HelpDesk(self)
        self.presentation = Presentation(self)
        self.timeline = Timeline(controller, self.session.playhead, theme)
        self.readout = Readout(self.session)
        self.actions_of = Actions(self)
        self.run_bar = RunBar(self.session, self.actions_of)
        self.messages = Notice(self.session, self.stage)
        self.announcer = Announcer(self.session, self.stage, self)
        self._lay_out()
        self._make_menus()
        self._connect()
        self.resize(*map(px, DEFAULT_SIZE))
        self._restore()

    def picture(self, kind: type[Picture]) -> Picture:
        """Return the picture that is a ``kind``."""
        return next(picture for picture in self.pictures if isinstance(picture, kind))

    @cached_property
    def panel(self) -> "ControlPanel":
        """Return the settings, made when they are first wanted."""
        from linreg_gui.widgets.settings.panel import ControlPanel  # noqa: PLC0415 - after first paint

        panel = ControlPanel(self.session, self.actions_of.standardized)
        keep_scaled(panel, setMinimumWidth=SETTINGS_WIDTH)
        self._body.insertWidget(0, panel)
        self._body.setStretchFactor(0, 0)
        return panel

    @cached_property
    def chips(self) -> "OverlayChips":
        """Return the names of the kept runs that are drawn, made when there are any."""
        from linreg_gui.widgets.window.overlay_chips import OverlayChips  # noqa: PLC0415 - seldom

        chips = OverlayChips(self.session.kept_runs, self.session.theme)
        self._content.insertWidget(0, chips)
        return chips

    def use_edges(self, *, wanted: bool) -> None:
        """Give the room around picture, timeline and numbers to the picture, or take it back."""
        margins, spacing = ((0, 0, 0, 0), 2) if wanted else ((GRID, 6, GRID, 6), 6)
        keep_scaled(self._content, setContentsMargins=margins, setSpacing=spacing)

    @Slot()
    def toggle_grid(self) -> None:
        """Show all pictures in equal sizes, or one on the stage."""
        self.stage.show_grid(wanted=not self.stage.is_grid)

    @Slot()
    def toggle_maximized(self) -> None:
        """Show the picture on the stage alone, or the others beside it."""
        self.stage.maximize(wanted=not self.stage.is_maximized)

    @Slot(bool)
    def show_legends(self, wanted: bool) -> None:
        """Show the legend of every large picture, or hide it."""
        for picture in self.pictures:
            picture.show_legend(wanted=wanted)

    @Slot()
    def copy_picture(self) -> None:
        """Put the picture on the stage on the clipboard."""
        from linreg_gui.widgets.window.picture_menu import copy_picture  # noqa: PLC0415 - seldom

        copy_picture(self.stage.active)

    @Slot()
    def save_picture(self) -> None:
        """Save the picture on the stage in a file."""
        from linreg_gui.widgets.window.picture_menu import save_picture  # noqa: PLC0415 - seldom

        save_picture(self.stage.active, self)

    def change_speed(self, direction: int) -> None:
        """Watch faster (1) or more slowly (-1)."""
        self.run_bar.speed.step_by(direction)

    @Slot(object, object)
    def show_picture_menu(self, picture: RunPlot, place: QPoint) -> None:
        """Show what can be done with ``picture`` at ``place`` on the screen."""
        from linreg_gui.widgets.window.picture_menu import picture_menu  # noqa: PLC0415 - seldom

        picture_menu(picture, self).popup(place)

    def _connect(self) -> None:
        session, actions = self.session, self.actions_of
        session.numbers_due.connect(self.readout.refresh)
        session.numbers_due.connect(self.timeline.refresh)
        session.rate_wanted.connect(self.run_bar.rate.choose)
        session.picture_wanted.connect(self.stage.suggest)
        session.kept_runs.over_changed.connect(self._show_chips)
        session.view_wanted.connect(self._on_view_wanted)
        session.settings_wanted.connect(self._on_settings_wanted)
        session.setting_wanted.connect(self._on_setting_wanted)
        actions.settings.toggled.connect(self._on_settings_toggled)
        self.side.changed.connect(self._on_side_changed)
        self._body.splitterMoved.connect(self._on_dragged)
        self.stage.arranged.connect(self.messages.place)
        self.stage.arranged.connect(self._on_arranged)
        for picture in self.pictures:
            picture.menu_wanted.connect(self.show_picture_menu)
        self.painted.connect(self.stage.show_thumbnails)
        self.painted.connect(self.side.make_listeners)
        session.theme.changed.connect(self._make_room)
        session.theme.changed.connect(self._share_room)

    def _lay_out(self) -> None:
        self._body = QSplitter(Qt.Orientation.Horizontal)
        self._body.setChildrenCollapsible(False)
        keep_scaled(self._body, setHandleWidth=GRID)
        for widget, stretch in ((self.stage, 1), (self.side, 0)):
            self._body.addWidget(widget)
            self._body.setStretchFactor(self._body.indexOf(widget), stretch)
        self.stage.setMinimumWidth(200)
        below = (self._body, self.timeline, self.readout)
        self._content = fill(QVBoxLayout(), *below, stretch=self._body)
        self.use_edges(wanted=False)
        content = area(self._content)
        self.setCentralWidget(
            area(fill(QVBoxLayout(), self.run_bar, content, spacing=0, stretch=content))
        )

    def _make_menus(self) -> None:
        for spec in self.actions_of.menus:
            _fill_menu(self.menuBar().addMenu(spec.title), spec)
        self.addActions(self.actions_of.all_actions())
        give_space_to(self, lambda: self.run_bar.run_button.defaultAction().trigger())

    def _restore(self) -> None:
        store = self._store
        if store is None:
            return
        value = store.value("window")
        if isinstance(value, QByteArray):
            self.restoreGeometry(value)
        shown = store.value("settings")
        if shown == "true" or (shown is None and self.width() >= px(_WIDTH_FOR_SETTINGS)):
            self.actions_of.settings.setChecked(True)

    def _remember(self) -> None:
        if self._store is not None:
            self.presentation.end()
            theme = self.session.theme
            self._store.setValue("theme", str(theme.mode))
            self._store.setValue("scale", theme.scale)
            self._store.setValue("window", self.saveGeometry())
            self._store.setValue("settings", self.actions_of.settings.isChecked())

    @Slot()
    def _show_chips(self) -> None:
        self.chips.show_runs()

    @Slot(object)
    def _on_view_wanted(self, wish: "StageWish") -> None:
        """Show a view of a picture, on the stage or not."""
        for picture in self.pictures:
            if picture.name == wish.picture:
                picture.show_view(wish.view)

    @Slot(object)
    def _on_settings_wanted(self, names: tuple[str, ...]) -> None:
        """Bring settings into sight, if the stage keeps its share of the window."""
        if self._room_beside_both >= _STAGE_SHARE * self.width():
            self.actions_of.settings.setChecked(True)
        if self.actions_of.settings.isChecked():
            self.panel.show_rows(names)

    @Slot(str)
    def _on_setting_wanted(self, name: str) -> None:
        """Let a person change a setting; the learning rate is in the bar."""
        if name == "learning_rate":
            self.run_bar.rate.choose()
        else:
            self.actions_of.settings.setChecked(True)
            self.panel.choose(name)

    @Slot(bool)
    def _on_settings_toggled(self, shown: bool) -> None:
        if shown or "panel" in vars(self):
            give_focus_back(self.panel)
            self.panel.setVisible(shown)
        if shown and not self._has_room_for_both:
            self.side.shut()
        self._share_room()

    @Slot()
    def _on_side_changed(self) -> None:
        if self.side.wanted_width and not self._has_room_for_both:
            self.actions_of.settings.setChecked(False)
        self.stage.make_room_for_panel(is_open=bool(self.side.wanted_width))
        self._share_room()

    @Slot(int, int)
    def _on_dragged(self, _place: int, index: int) -> None:
        if self._body.widget(index) is self.side:
            self.side.keep_width()

    @Slot()
    def _on_arranged(self) -> None:
        self.session.show_on_stage(self.stage.current)

    @Slot()
    def _share_room(self) -> None:
        """Give settings and panel the widths that suit them, and the rest to the stage."""
        wanted: dict[QWidget, int] = {self.side: self.side.wanted_width}
        if self.actions_of.settings.isChecked():
            wanted[self.panel] = px(SETTINGS_WIDTH)
        widgets = [self._body.widget(index) for index in range(self._body.count())]
        rest = self._body.width() - sum(wanted.values())
        self._body.setSizes(
            [rest if each is self.stage else wanted.get(each, 0) for each in widgets]
        )

    @property
    def _room_beside_both(self) -> int:
        """Return the width that settings and panel leave to the stage."""
        return self.width() - px(SETTINGS_WIDTH) - self.side.wanted_width

    @property
    def _has_room_for_both(self) -> bool:
        return self._room_beside_both >= px(_LEAST_STAGE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the keys that the focused control does not use."""
        match event.key():
            case Qt.Key.Key_Escape:
                if not self.presentation.leave():
                    self.controller.stop()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not enter_focused():
                    self.toggle_grid()
            case _:
                if not self.timeline.handle_key(event):
                    super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the window as one reads it: bar, settings, stage, panel, timeline, numbers."""
        settings: list[QWidget] = [self.chips] if "chips" in vars(self) else []
        settings += [self.panel] if "panel" in vars(self) else []
        stage, *others = self.stage.visible_pictures
        pictures = [*stage.areas, self.messages, *(area for each in others for area in each.areas)]
        areas = [self.run_bar, *settings, *pictures, self.side, self.timeline, self.readout]
        return move_focus(self, areas, forward=forward)

    @Slot()
    def _make_room(self) -> None:
        """Leave out the row of numbers where the pictures would have too little height."""
        bars = [] if self.presentation.is_full_screen else [self.menuBar(), self.run_bar]
        rest = self.height() - sum(bar.sizeHint().height() for bar in bars)
        self.readout.setVisible(rest >= px(_HEIGHT_FOR_NUMBERS))

    def changeEvent(self, event: QEvent) -> None:
        """Make room after the bars have gone or come back."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the stage high and wide enough."""
        super().resizeEvent(event)
        self._make_room()
        if self.actions_of.settings.isChecked() and not self._has_room_for_both:
            self.side.shut()
        self._share_room()

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
        self.announcer.stop()
        self.session.playhead.pause()
        self._remember()
        have_ended = [self.session.tables.shut_down(), self.controller.shut_down()]
        if not all(have_ended):
            complain(tr("A calculation did not end in time; LinReg ended without it."))
            os._exit(1)  # Qt would abort the process because of the thread that still runs
        super().closeEvent(event)


def _fill_menu(menu: QMenu, spec: MenuSpec) -> None:
    for entry in spec.actions:
        if isinstance(entry, MenuSpec):
            _fill_menu(menu.addMenu(entry.title), entry)
        elif entry is None:
            menu.addSeparator()
        else:
            menu.addAction(entry)


def _accept_copy(event: QDropEvent) -> None:
    """Accept a drop as a copy, so that its source deletes nothing."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
