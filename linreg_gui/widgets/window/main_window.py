"""The window: menus, bar, settings, stage, a panel, and the timeline with the numbers."""

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QVBoxLayout

from linreg_gui import plots
from linreg_gui.look.controls import area, fill
from linreg_gui.look.keys import enter_focused, give_space_to
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.texts import complain, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import USUAL_WINDOW_WIDTH
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.actions import Actions
from linreg_gui.widgets.window.announcer import Announcer
from linreg_gui.widgets.window.body import Body
from linreg_gui.widgets.window.completion import Completion
from linreg_gui.widgets.window.contents import Contents
from linreg_gui.widgets.window.contrast_on_stage import ContrastOnStage
from linreg_gui.widgets.window.desk import remember_desk, restore_desk
from linreg_gui.widgets.window.help_desk import HelpDesk
from linreg_gui.widgets.window.notice import Notice
from linreg_gui.widgets.window.opening import Opening
from linreg_gui.widgets.window.picture_menus import PictureMenus
from linreg_gui.widgets.window.presentation import Presentation
from linreg_gui.widgets.window.refresher import Refresher
from linreg_gui.widgets.window.run_bar import RunBar
from linreg_gui.widgets.window.stage import Stage
from linreg_gui.widgets.window.tab_order import areas_of, move_focus
from linreg_gui.widgets.window.timeline import Timeline
from linreg_gui.widgets.window.welcome import Welcome

if TYPE_CHECKING:
    from linreg_gui.widgets.exports.exporter import Exporter
    from linreg_gui.widgets.settings.panel import ControlPanel
    from linreg_gui.widgets.window.document import Document

Picture = TypeVar("Picture", bound=RunPlot)

DEFAULT_SIZE = (USUAL_WINDOW_WIDTH, 800)
MINIMUM_SIZE = (640, 420)


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
    former : Session, optional
        That of the window that this one takes the place of; see `made_anew`.

    Attributes
    ----------
    session : Session
        What the widgets share.
    actions_of : Actions
        Every action of the window.
    completion : Completion
        Makes what the first paint does not show.

    Signals
    -------
    left_while_loading()
        The window closes, and will wait until MXNet is loaded: that cannot be stopped.
    language_wanted(str)
        A person wants the language of this code; empty for that of the system.
    """

    left_while_loading = Signal()
    language_wanted = Signal(str)

    def __init__(
        self,
        controller: TrainingController,
        theme: Theme,
        store: QSettings | None = None,
        former: Session | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("LinReg")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.controller = controller
        self.session = Session(controller, theme, store, self, former)
        self._store = store
        self._is_painted = False
        make_first, *self._makers = plots.PICTURES
        self.stage = Stage(make_first(theme), len(plots.PICTURES))
        self.session.show_on_stage(self.stage.current)
        self.body = Body(self.session, self.stage, self._make_settings)
        self.side = self.body.side
        self.contrast = ContrastOnStage(self.session, self.stage, self.body)
        self.refresher = Refresher(self.session, self.stage)
        self.help = HelpDesk(self)
        self.opening = Opening(self)
        self.welcome = Welcome(self)
        self.picture_menus = PictureMenus(self)
        self.presentation = Presentation(self)
        self.contents = Contents(self.session, self.body)
        self.timeline = self.contents.timeline
        self.readout = self.contents.readout
        self.actions_of = Actions(self)
        self.run_bar = RunBar(self.session, self.actions_of)
        self.announcer = Announcer(self.session, self.stage, self)
        column = fill(QVBoxLayout(), self.run_bar, self.contents, spacing=0, stretch=self.contents)
        self.setCentralWidget(area(column))
        give_space_to(self, self._play_or_run)
        self.messages = Notice(self.session, self.stage, self.body, self.centralWidget())
        self._menus = [self.menuBar().addMenu(spec.title) for spec in self.actions_of.menus]
        self._connect()
        self.completion = Completion(self._rest(), self)
        self.resize(*map(px, DEFAULT_SIZE))
        if store is not None:
            restore_desk(self, store)

    def _rest(self) -> Iterator[None]:
        """Make, piece by piece, what the first paint does not show.

        MXNet loads only after it, so there is no run yet that a picture could miss.
        """
        self._welcome(self.stage.current)
        for make in self._makers:
            picture = make(self.session.theme)
            self.stage.add(picture)
            self._welcome(picture)
            yield
        self.stage.arrange()
        yield
        self.document.refresh()
        yield
        for menu, spec in zip(self._menus, self.actions_of.menus, strict=True):
            spec.fill(menu)
        self._menus[0].aboutToShow.connect(self._on_file_menu_opening)
        self.addActions(self.actions_of.all_actions())
        yield
        self.side.make_listeners()

    def _welcome(self, picture: RunPlot) -> None:
        """Let the window follow ``picture``."""
        self.refresher.follow(picture)
        self.actions_of.add_picture(picture)
        picture.menu_wanted.connect(self.picture_menus.show_menu)

    @property
    def pictures(self) -> list[RunPlot]:
        """Return the pictures in the order of their keys."""
        return self.stage.pictures

    def picture(self, kind: type[Picture]) -> Picture:
        """Return the picture that is a ``kind``."""
        return next(picture for picture in self.pictures if isinstance(picture, kind))

    @property
    def panel(self) -> "ControlPanel":
        """Return the settings."""
        return self.body.settings

    @cached_property
    def exporter(self) -> "Exporter":
        """Return what writes exports, made when the first one is wanted."""
        from linreg_gui.widgets.exports.exporter import Exporter  # noqa: PLC0415 - seldom

        return Exporter(self)

    @cached_property
    def document(self) -> "Document":
        """Return the session as a file, made with the rest of the window."""
        from linreg_gui.widgets.window.document import Document  # noqa: PLC0415 - after first paint

        return Document(self)

    @property
    def timeline_on_show(self) -> Timeline:
        """Return the timeline of what is on the stage: the run, or two runs side by side."""
        return self.contrast.side_by_side.timeline if self.session.shows_contrast else self.timeline

    def _make_settings(self) -> "ControlPanel":
        from linreg_gui.widgets.settings.panel import ControlPanel  # noqa: PLC0415 - after first paint

        return ControlPanel(self.session, self.actions_of.standardized)

    def _connect(self) -> None:
        session = self.session
        session.rate_wanted.connect(self.run_bar.rate.choose)
        session.picture_wanted.connect(self.stage.suggest)
        session.view_wanted.connect(self.stage.show_view)
        session.setting_wanted.connect(self._on_setting_wanted)
        self.contrast.menu_wanted.connect(self.picture_menus.show_menu)
        for action in self.actions_of.run.values():
            action.triggered.connect(session.leave_contrast)
        self.stage.arranged.connect(self.messages.place)
        self.stage.arranged.connect(self._on_arranged)

    def _play_or_run(self) -> None:
        """Play what is side by side, or run and pause."""
        if self.session.shows_contrast:
            self.session.contrasts.playhead.toggle_play()
        else:
            self.run_bar.run_button.defaultAction().trigger()

    @Slot(str)
    def _on_setting_wanted(self, name: str) -> None:
        """Let a person change a setting; the learning rate is in the bar."""
        if name == "learning_rate":
            self.run_bar.rate.choose()
        else:
            self.body.choose_setting(name)

    @Slot()
    def _on_file_menu_opening(self) -> None:
        self.actions_of.last_session.setEnabled(self.document.last_session.file() is not None)

    @Slot()
    def _on_arranged(self) -> None:
        self.session.show_on_stage(self.stage.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the keys that the focused control does not use."""
        match event.key():
            case Qt.Key.Key_Escape:
                if self.session.shows_contrast:
                    self.session.leave_contrast()
                elif not (
                    self.welcome.leave() or self.presentation.leave() or self.session.let_go()
                ):
                    self.controller.stop()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not enter_focused():
                    self.actions_of.grid.trigger()
            case _:
                if not self.timeline_on_show.handle_key(event):
                    super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the window as one reads it: bar, settings, stage, panel, timeline, numbers."""
        return move_focus(self, areas_of(self), forward=forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Focus no control: so the space bar runs, and Tab comes to Run first."""
        super().showEvent(event)
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin to complete the window once it is on screen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.completion.begin()

    def show_run(self) -> None:
        """Show the run that is there already: the window is made anew."""
        self.refresher.show_run()
        self.readout.begin_again()
        self.timeline.refresh()

    def rest(self) -> None:
        """Draw, write and say nothing any more: the window goes."""
        self.completion.stop()
        if "exporter" in vars(self):
            self.exporter.cancel()
        self.refresher.stop()
        self.announcer.stop()
        self.help.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the threads once the window is out of sight, because a slice may take a while."""
        if not (self.session.may_close() and self.document.may_close()):
            event.ignore()
            return
        self.rest()
        self.session.playhead.pause()
        if self.session.shows_contrast:
            self.session.contrasts.playhead.pause()
        if self._store is not None:
            remember_desk(self, self._store)
        self.hide()
        if self.controller.state is RunState.LOADING:
            self.left_while_loading.emit()
        self.shut_down()
        super().closeEvent(event)

    @Slot()
    def shut_down(self) -> None:
        """End the threads, and leave the last state behind, if that is not done yet.

        The program may end while a question is open that the window asks before it closes.
        """
        owners = (self.document, self.session.tables, self.controller)
        have_ended = [owner.shut_down() for owner in owners]
        if not all(have_ended):
            complain(tr("A calculation did not end in time; LinReg ended without it."))
            os._exit(1)  # Qt would abort the process because of the thread that still runs
