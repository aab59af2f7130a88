"""The tool bar: what a person can do with the run, and with the window."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from linreg_gui.look.theme import Mode, Theme
from linreg_gui.runs.states import FINISHED, Action, RunState
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController

ICON_PIXELS = 20
_WIDTH_FOR_WORDS = 1080
KEYS_OF_THE_WINDOW = ("Space", "Esc")
"""They are no shortcuts: a control that has a use for them comes first."""


class _PressOnce(QToolButton):
    """A button whose second press within a double click does nothing."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Swallow it: Run and Pause share the button, and would cancel each other."""
        event.accept()


def _finish_typing() -> None:
    """Have a number that is being typed read before the run goes by it."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit) and focused.isModified():
        focused.window().setFocus()


class RunBar(QToolBar):
    """Buttons for the actions, enabled as the state allows, and for the window's own switches.

    Attributes
    ----------
    actions_by_name : dict of Action to QAction
        Run and Pause share one button and the space bar; the one that makes sense is shown.
    """

    def __init__(self, controller: TrainingController, theme: Theme) -> None:
        super().__init__(tr("Run"))
        self.setMovable(False)
        self.setIconSize(QSize(ICON_PIXELS, ICON_PIXELS))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._controller = controller
        self._theme = theme
        self._icons: dict[QAction, str] = {}
        self._labeled: list[QToolButton] = []
        self.actions_by_name: dict[Action, QAction] = {}
        self.run_button = _PressOnce()
        self._make_actions()
        self._spacer()
        self.theme_button = self._make_theme_menu()
        controller.state_changed.connect(self._show_state)
        theme.changed.connect(self._show_icons)
        self._show_icons()
        self._show_state()

    def toggle_run(self) -> None:
        """Run or pause, whichever makes sense."""
        self.run_button.defaultAction().trigger()

    def add_switch(self, action: QAction, icon: str) -> None:
        """Add one of the window's own switches, left of the theme."""
        self._icons[action] = icon
        self.insertAction(self._theme_action, action)
        self.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        action.setIcon(self._theme.icon(icon))

    def _make_actions(self) -> None:
        controller = self._controller
        run = self._action(
            Action.RUN, tr("Run"), "run", "Space", tr("Train to the end"), controller.start
        )
        pause = self._action(
            Action.PAUSE, tr("Pause"), "pause", "Space", tr("Hold the run here"), controller.pause
        )
        self.run_button.setObjectName("primary")
        self.run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.run_button.setMinimumWidth(136)  # as wide as its longest text, so that nothing moves
        self.addWidget(self.run_button)
        self.addSeparator()
        for action in (
            self._action(
                Action.STEP, tr("Step"), "step", "S", tr("Train on one minibatch"), controller.step
            ),
            self._action(
                Action.EPOCH,
                tr("Epoch"),
                "epoch",
                "E",
                tr("Train to the end of the epoch"),
                controller.finish_epoch,
            ),
            self._action(
                Action.STOP, tr("Stop"), "stop", "Esc", tr("End the run here"), controller.stop
            ),
            None,
            self._action(
                Action.RESET,
                tr("Reset"),
                "reset",
                "R",
                tr("Back to the start with the settings as they are: the same run again"),
                controller.reset,
            ),
            self._action(
                Action.NEW_SEED,
                tr("New seed"),
                "seed",
                "N",
                tr("Back to the start with other random numbers"),
                controller.draw_new_seed,
            ),
        ):
            if action is None:
                self.addSeparator()
            else:
                self.addAction(action)
                button = self.widgetForAction(action)
                assert isinstance(button, QToolButton)
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                self._labeled.append(button)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # they have keys of their own
        self._primary_colored = {run, pause}

    def _action(
        self,
        name: Action,
        words: str,
        icon: str,
        shortcut: str,
        help_text: str,
        handler: Callable[[], None],
    ) -> QAction:
        action = QAction(words, self)
        if shortcut not in KEYS_OF_THE_WINDOW:
            action.setShortcut(QKeySequence(shortcut))
            action.setAutoRepeat(name is Action.STEP)
        action.setToolTip(f"{help_text} ({shortcut})")
        action.triggered.connect(_finish_typing)
        action.triggered.connect(handler)
        self._icons[action] = icon
        self.actions_by_name[name] = action
        return action

    def _spacer(self) -> None:
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)

    def _make_theme_menu(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tr("Light or dark"))
        button.setAccessibleName(tr("Theme"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self._theme_choices = QActionGroup(menu)
        for mode, words in (
            (Mode.SYSTEM, tr("Like the system")),
            (Mode.LIGHT, tr("Light")),
            (Mode.DARK, tr("Dark")),
        ):
            choice = menu.addAction(words)
            choice.setCheckable(True)
            choice.setData(mode)
            self._theme_choices.addAction(choice)
        self._theme_choices.triggered.connect(self._on_theme_chosen)
        button.setMenu(menu)
        self._theme_action = self.addWidget(button)
        return button

    @Slot()
    def _show_state(self) -> None:
        state = self._controller.state
        for name, action in self.actions_by_name.items():
            action.setEnabled(self._controller.allows(name))
        run, pause = self.actions_by_name[Action.RUN], self.actions_by_name[Action.PAUSE]
        shown, other = (pause, run) if state is RunState.RUNNING else (run, pause)
        run.setText(
            tr("Run again") if state in FINISHED
            else tr("Continue") if state is RunState.PAUSED
            else tr("Run")
        )  # fmt: skip
        if self.run_button.defaultAction() is not shown:
            self.run_button.removeAction(other)
            self.run_button.setDefaultAction(shown)

    @Slot()
    def _show_icons(self) -> None:
        palette = self._theme.palette
        for action, name in self._icons.items():
            color = palette.on_accent if action in self._primary_colored else palette.text
            action.setIcon(self._theme.icon(name, color, fades=not action.isCheckable()))
        self.theme_button.setIcon(self._theme.icon(f"theme-{self._theme.mode}"))
        for choice in self._theme_choices.actions():
            choice.setChecked(choice.data() == self._theme.mode)

    @Slot(QAction)
    def _on_theme_chosen(self, choice: QAction) -> None:
        self._theme.set_mode(Mode(choice.data()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out where they have no room beside the switches."""
        super().resizeEvent(event)
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if event.size().width() >= _WIDTH_FOR_WORDS
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in self._labeled:
            button.setToolButtonStyle(style)
