"""Every action of the window, made once: for the bar, the menus, the keys and the list of keys."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWhatsThis

from linreg_gui.languages import NAMES, language
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Mode
from linreg_gui.look.words_of_qt import key_in_words
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import FINISHED, Action, RunState
from linreg_gui.texts import tr
from linreg_gui.threads.playhead import Playhead
from linreg_gui.widgets.panels.registry import GUIDE, LESSON, NUMBERS, STEP

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

KEYS_OF_THE_WINDOW = ("Space", "Esc", "Enter")
"""The window has these itself: a shortcut is silent while its action is disabled."""


ZOOM, PAN = 1.25, 0.1
"""How much more a key shows, and by which share of the picture it moves the view."""


@dataclass(frozen=True)
class MenuSpec:
    """A menu: its title, and what returns its actions; None is a line between two groups."""

    title: str
    make: Callable[[], "Entries"]

    @cached_property
    def actions(self) -> "Entries":
        """Return the actions, made when they are first wanted."""
        return self.make()

    def fill(self, menu: QMenu) -> None:
        """Put the actions into ``menu``."""
        for entry in self.actions:
            if isinstance(entry, MenuSpec):
                entry.fill(menu.addMenu(entry.title))
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            elif entry is None:
                menu.addSeparator()
            else:
                menu.addAction(entry)

    def flat(self) -> list[QAction]:
        """Return the actions, with those of the menus in it; a menu that changes has none."""
        actions: list[QAction] = []
        for action in self.actions:
            if isinstance(action, MenuSpec):
                actions += action.flat()
            elif isinstance(action, QAction):
                actions.append(action)
        return actions


Entries = list[QAction | QMenu | MenuSpec | None]


class Actions(QObject):
    """Makes the actions and keeps them as the state of the run wants them.

    Attributes
    ----------
    run : dict of Action to QAction
        What can be done with the run.
    words_of_run : tuple of str
        What the button for the run may say.
    pictures : dict of RunPlot to QAction
        Put each picture on the stage.
    tabs, further_panels : list of QAction
        Open and close the panels: those with a tab in the bar, and the others.
    lesson : QAction
        Opens and closes the panel of the lesson.
    table : QAction
        Show the table of the picture on the stage.
    standardized : QAction
        Whether the pictures use the units of standardized features.
    menus : list of MenuSpec
        The menu bar.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session = session = window.session
        self.words_of_run = (tr("Run"), tr("Run again"), tr("Continue"), tr("Pause"))
        self.table, *_ = window.side.keys[NUMBERS]
        self.run = self._make_run_actions()
        self._make_view_actions()
        switches = session.switches
        self.lesson = switches[LESSON]
        self.tabs = [self.settings, *(switches[spec] for spec in switches if spec.in_bar)]
        self.further_panels = [switches[spec] for spec in switches if not spec.in_bar]
        self.menus = [
            MenuSpec(tr("&File"), self._file_actions),
            MenuSpec(tr("&Run"), self._run_actions),
            MenuSpec(tr("&View"), self._view_actions),
            MenuSpec(tr("&Lesson"), self._lesson_actions),
            MenuSpec(tr("&Help"), self._help_actions),
        ]
        session.controller.state_changed.connect(self._show_state)
        session.theme.changed.connect(self._show_theme)
        window.stage.arranged.connect(self._show_stage)
        self._show_state()
        self._show_theme()

    def add_picture(self, picture: RunPlot) -> None:
        """Give ``picture`` the next number as its key."""
        action = self._make(picture.title, str(len(self.pictures) + 1))
        action.setCheckable(True)
        action.triggered.connect(lambda: self._window.stage.show_picture(picture))
        self._picture_group.addAction(action)
        self.pictures[picture] = action
        self._show_stage()

    def all_actions(self) -> list[QAction]:
        """Return every action of the menus, so that the window can listen to their keys."""
        return [action for menu in self.menus for action in menu.flat()]

    def _make(
        self,
        words: str,
        key: str = "",
        handler: Callable[..., object] | None = None,
        *,
        help_text: str = "",
        checkable: bool = False,
        short: str = "",
    ) -> QAction:
        """Return an action. ``short`` is its word on a button, ``help_text`` its tool tip."""
        action = QAction(words, self)
        action.setIconText(short or words.removesuffix("…"))
        shown = key_in_words(key)
        if key in KEYS_OF_THE_WINDOW:
            action.setText(f"{words}\t{shown}")
        elif key:
            action.setShortcut(QKeySequence(key))
        tip = help_text or words
        set_tip(action, f"{tip} ({shown})" if key else tip)
        action.setWhatsThis(tip)
        action.setIconVisibleInMenu(False)
        action.setCheckable(checkable)
        if handler is not None:
            (action.toggled if checkable else action.triggered).connect(handler)
        return action

    def _make_run_actions(self) -> dict[Action, QAction]:
        controller = self._session.controller
        table = (
            (Action.RUN, self.words_of_run[0], "Space", tr("Train to the end"), controller.start),
            (Action.PAUSE, self.words_of_run[3], "Space", tr("Pause the run"), controller.pause),
            (Action.STEP, tr("Step"), "S", tr("Train on one minibatch"), controller.step),
            (Action.EPOCH, tr("Epoch"), "E", tr("Train to the end of the epoch"),
             controller.finish_epoch),
            (Action.STOP, tr("Stop"), "Esc", tr("End the run here"), controller.stop),
            (Action.RESET, tr("Reset"), "R",
             tr("Back to the start, with the current settings and the same random numbers"),
             controller.reset),
            (Action.NEW_SEED, tr("New seed"), "N",
             tr("Back to the start with other random numbers"), controller.draw_new_seed),
        )  # fmt: skip
        actions = {}
        for name, words, key, help_text, handler in table:
            action = self._make(words, key, _finish_typing, help_text=help_text)
            action.setAutoRepeat(name is Action.STEP)
            action.triggered.connect(handler)
            actions[name] = action
        return actions

    def _make_view_actions(self) -> None:
        window, stage = self._window, self._window.stage
        self.settings = window.body.settings_switch
        self.pictures: dict[RunPlot, QAction] = {}
        self._picture_group = QActionGroup(self)
        self.grid = self._make(tr("All pictures"), "Enter", stage.toggle_grid)
        self.maximize = self._make(tr("Maximize the picture"), "X", stage.toggle_maximized)
        for wish in (self._picture_group, self.grid, self.maximize):
            wish.triggered.connect(window.body.uncover_stage)
        self.full_screen = self._make(
            tr("Full screen"), "F11", window.presentation.show_full_screen, checkable=True,
            help_text=tr("Only the picture, the timeline and the numbers"),
        )  # fmt: skip
        self.presentation = self._make(
            tr("Presentation"), "F5", window.presentation.present, checkable=True,
            help_text=tr("Full screen with large text, thick lines and a mark around the mouse"),
        )  # fmt: skip
        self.standardized = self._make(
            tr("Standardized units"), "U", window.refresher.show_standardized,
            checkable=True,
        )  # fmt: skip
        self.legend = self._make(tr("Legend"), "K", stage.show_legends, checkable=True)
        theme = self._session.theme
        self.larger = self._make(tr("Larger text"), "Ctrl++", lambda: theme.step_scale(1))
        self.larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.smaller = self._make(tr("Smaller text"), "Ctrl+-", lambda: theme.step_scale(-1))
        self.usual = self._make(
            tr("Usual text"), "Ctrl+0", lambda: theme.set_scale(theme.default_scale)
        )
        self.themes: dict[Mode, QAction] = {}
        modes = QActionGroup(self)
        for mode, words in (
            (Mode.SYSTEM, tr("Like the system")),
            (Mode.LIGHT, tr("Light")),
            (Mode.DARK, tr("Dark")),
        ):
            action = self._make(words)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, chosen=mode: theme.set_mode(chosen))
            modes.addAction(action)
            self.themes[mode] = action

    def _file_actions(self) -> Entries:
        tables, window = self._session.tables, self._window
        document, exchange = window.document, window.document.exchange
        self.last_session = self._make(tr("Last session"), handler=lambda *_: exchange.open_last())
        return [
            self._make(tr("New session"), "Ctrl+N", lambda *_: exchange.begin_anew()),
            self._make(tr("Open…"), "Ctrl+O", window.opening.choose_file),
            window.opening.recent_menu(),
            self.last_session,
            None,
            self._make(tr("Save"), "Ctrl+S", lambda *_: document.save()),
            self._make(tr("Save as…"), "Ctrl+Shift+S", lambda *_: document.save_as()),
            None,
            self._make(tr("Paste a table"), "Ctrl+V", tables.paste),
            self._make(
                tr("The lesson's data"), handler=self._session.controller.use_synthetic_data
            ),
            None,
            self._make(tr("Copy the picture"), "Ctrl+C", window.picture_menus.copy),
            self._make(tr("Save the picture…"), "Ctrl+Shift+P", window.picture_menus.save),
            MenuSpec(tr("Export"), self._export_actions),
            None,
            self._make(tr("Quit"), "Ctrl+Q", window.close),
        ]

    def _export_actions(self) -> Entries:
        from linreg_gui.widgets.exports.kinds import EXPORTS  # noqa: PLC0415 - after first paint

        window = self._window
        kinds = [
            self._make(kind.words(), handler=lambda *_, kind=kind: window.exporter.choose(kind))
            for kind in EXPORTS
            if kind.in_menu
        ]
        return [
            *kinds,
            None,
            self._make(tr("Copy the stage"), handler=window.picture_menus.copy_stage),
            self._make(tr("Copy the window"), handler=window.picture_menus.copy_window),
        ]

    def _run_actions(self) -> Entries:
        window = self._window

        def playing() -> Playhead:
            return window.timeline_on_show.playhead

        return [
            *(self.run[name] for name in (Action.RUN, Action.PAUSE, Action.STEP, Action.EPOCH)),
            None,
            *(self.run[name] for name in (Action.STOP, Action.RESET, Action.NEW_SEED)),
            None,
            self._make(tr("Choose the learning rate"), "A", self._session.rate_wanted.emit),
            self._make(tr("Watch faster"), ".", lambda: window.run_bar.speed.step_by(1)),
            self._make(tr("Watch more slowly"), ",", lambda: window.run_bar.speed.step_by(-1)),
            None,
            self._make(tr("Play the run again, or stop"), "P", lambda: playing().toggle_play()),
            self._make(tr("Follow the newest step"), "F", lambda: playing().go_live()),
        ]

    def _view_actions(self) -> Entries:
        return [
            *self.pictures.values(),
            None,
            self.grid,
            self.maximize,
            self.full_screen,
            self.presentation,
            None,
            self.larger,
            self.smaller,
            self.usual,
            MenuSpec(tr("Zoom"), self._zoom_actions),
            MenuSpec(tr("Theme"), lambda: [*self.themes.values()]),
            MenuSpec(tr("Language"), self._language_actions),
            None,
            self.legend,
            self.standardized,
            None,
            self.settings,
            MenuSpec(tr("Panels"), self._panel_actions),
        ]

    def _language_actions(self) -> Entries:
        """Return an action for each language; each is called in its own words."""
        group, store = QActionGroup(self), self._session.store
        names = {"": tr("Like the system"), **NAMES}
        chosen = str(store.value("language", "")) if store else language()
        for code, name in names.items():
            action = self._make(name)
            action.setCheckable(True)
            action.setChecked(code == chosen)
            action.triggered.connect(partial(self._window.language_wanted.emit, code))
            group.addAction(action)
        if (spoken := group.checkedAction()) is not None:
            # The mark stays: the menu of a window in another language has another one.
            group.triggered.connect(lambda _: spoken.setChecked(True))
        return [*group.actions()]

    def _panel_actions(self) -> Entries:
        """Return what opens the panels, but for those of the lesson, which has a menu."""
        return [
            action
            for spec, switch in self._session.switches.items()
            if spec not in (GUIDE, STEP, LESSON)
            for action in (switch, *self._window.side.keys[spec])
        ]

    def _zoom_actions(self) -> Entries:
        stage = self._window.stage
        self.fit = self._make(
            tr("Show the whole picture"), "Backspace", lambda *_: stage.active.canvas.fit()
        )
        closer = self._make(tr("Zoom in"), "+", lambda: stage.active.canvas.zoom(1 / ZOOM))
        closer.setShortcuts([QKeySequence("+"), QKeySequence("=")])
        return [
            closer,
            self._make(tr("Zoom out"), "-", lambda: stage.active.canvas.zoom(ZOOM)),
            self.fit,
            None,
            self._make(tr("Look left"), "Ctrl+Left", lambda: stage.active.canvas.pan(-PAN, 0)),
            self._make(tr("Look right"), "Ctrl+Right", lambda: stage.active.canvas.pan(PAN, 0)),
            self._make(tr("Look up"), "Ctrl+Up", lambda: stage.active.canvas.pan(0, PAN)),
            self._make(tr("Look down"), "Ctrl+Down", lambda: stage.active.canvas.pan(0, -PAN)),
        ]

    def _lesson_actions(self) -> Entries:
        switches, keys = self._session.switches, self._window.side.keys
        lesson, code, opened = ((switches[spec], *keys[spec]) for spec in (GUIDE, STEP, LESSON))
        session = self._session
        entries: tuple[tuple[str, Callable[..., object]], ...] = (
            (tr("Make a lesson of this…"), lambda *_: session.lessons.compose()),
            (tr("Leave the lesson"), lambda *_: session.lessons.leave()),
            (tr("Export my answers…"), lambda *_: session.lessons.export_answers()),
            (tr("Class table from answers…"), lambda *_: session.lessons.make_class_table()),
        )
        make, leave, export, table = (self._make(words, handler=act) for words, act in entries)
        self._leave_lesson = leave
        session.lesson_changed.connect(self._show_lesson)
        self._show_lesson()
        return [
            *lesson,
            None,
            *code,
            None,
            session.lens,
            None,
            MenuSpec(tr("Open a lesson"), self._lessons_to_open),
            *opened,
            leave,
            None,
            make,
            export,
            table,
        ]

    def _lessons_to_open(self) -> Entries:
        from linreg_gui.lessons.bundled import bundled  # noqa: PLC0415 - after first paint

        session = self._session
        return [
            *(
                self._make(title, handler=lambda *_, name=name: session.lessons.open(name))
                for name, title in bundled().items()
            ),
            None,
            self._make(tr("From a file…"), handler=lambda *_: session.lessons.choose_file()),
        ]

    def _help_actions(self) -> Entries:
        window, pages = self._window, self._window.help
        return [
            self._make(tr("Start page"), handler=lambda *_: window.welcome.greet()),
            self._make(tr("First steps"), "F1", lambda *_: pages.first_steps.present()),
            self._make(tr("Keys"), "?", lambda *_: pages.keys.present()),
            self._make(tr("What is this?"), "Shift+F1", QWhatsThis.enterWhatsThisMode),
            None,
            self._make(tr("Self-test…"), handler=lambda *_: pages.self_test.present()),
            self._make(tr("About LinReg"), handler=lambda *_: pages.about.present()),
        ]

    @Slot()
    def _show_lesson(self) -> None:
        self._leave_lesson.setEnabled(self._session.is_in_lesson)

    @Slot()
    def _show_state(self) -> None:
        controller = self._session.controller
        for name, action in self.run.items():
            action.setEnabled(controller.allows(name))
        run, again, go_on, _ = self.words_of_run
        words = (
            again if controller.state in FINISHED
            else go_on if controller.state is RunState.PAUSED
            else run
        )  # fmt: skip
        self.run[Action.RUN].setText(f"{words}\t{key_in_words('Space')}")
        self.run[Action.RUN].setIconText(words)

    @Slot()
    def _show_theme(self) -> None:
        theme = self._session.theme
        for name, icon in ((Action.RUN, "run"), (Action.PAUSE, "pause")):
            self.run[name].setIcon(theme.icon(icon, theme.palette.on_accent))
        for mode, action in self.themes.items():
            action.setChecked(mode is theme.mode)

    @Slot()
    def _show_stage(self) -> None:
        if action := self.pictures.get(self._window.stage.current):
            action.setChecked(True)


@Slot()
def _finish_typing() -> None:
    """Take over a number that is still being typed, before the run uses it."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit) and focused.isModified():
        focused.window().setFocus()
