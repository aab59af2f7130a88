"""The tool bar: the actions on the run, and the switches of the window."""

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
_KEYS_OF_THE_WINDOW = ("Space", "Esc")
"""These are not shortcuts, because a focused control that uses them comes first."""


class _PressOnce(QToolButton):
    """A button that ignores the second press of a double click."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing: Run and Pause share the button, and would cancel each other."""
        event.accept()


def _finish_typing() -> None:
    """Take over a number that is still being typed, before the run uses it."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit) and focused.isModified():
        focused.window().setFocus()


class RunBar(QToolBar):
    """Buttons for the actions that the state allows, and switches for the parts of the window.

    Attributes
    ----------
    actions_by_name : dict of Action to QAction
        Run and Pause share one button and the space bar. The button shows the one that makes sense.
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
        self.theme_button = self._make_theme_button()
        self._make_actions()
        self._lay_out()
        controller.state_changed.connect(self._show_state)
        theme.changed.connect(self._show_icons)
        self._show_icons()
        self._show_state()

    def toggle_run(self) -> None:
        """Run or pause, whichever makes sense."""
        self.run_button.defaultAction().trigger()

    def add_switch(self, action: QAction, icon: str) -> None:
        """Add a switch of the window, left of the theme."""
        self._icons[action] = icon
        self.insertAction(self._theme_action, action)
        self.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        action.setIcon(self._theme.icon(icon))

    def _make_actions(self) -> None:
        controller = self._controller
        for name, words, icon, key, help_text, handler in (
            (Action.RUN, tr("Run"), "run", "Space", tr("Train to the end"), controller.start),
            (Action.PAUSE, tr("Pause"), "pause", "Space", tr("Pause the run"), controller.pause),
            (Action.STEP, tr("Step"), "step", "S", tr("Train on one minibatch"), controller.step),
            (
                Action.EPOCH,
                tr("Epoch"),
                "epoch",
                "E",
                tr("Train to the end of the epoch"),
                controller.finish_epoch,
            ),
            (Action.STOP, tr("Stop"), "stop", "Esc", tr("End the run here"), controller.stop),
            (
                Action.RESET,
                tr("Reset"),
                "reset",
                "R",
                tr("Back to the start, with the current settings and the same random numbers"),
                controller.reset,
            ),
            (
                Action.NEW_SEED,
                tr("New seed"),
                "seed",
                "N",
                tr("Back to the start with other random numbers"),
                controller.draw_new_seed,
            ),
        ):
            action = QAction(words, self)
            if key not in _KEYS_OF_THE_WINDOW:
                action.setShortcut(QKeySequence(key))
                action.setAutoRepeat(name is Action.STEP)
            action.setToolTip(f"{help_text} ({key})")
            action.triggered.connect(_finish_typing)
            action.triggered.connect(handler)
            self._icons[action] = icon
            self.actions_by_name[name] = action

    def _lay_out(self) -> None:
        self.run_button.setObjectName("primary")
        self.run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.run_button.setMinimumWidth(136)  # as wide as its longest text, so that nothing moves
        self.addWidget(self.run_button)
        self.addSeparator()
        for name in (Action.STEP, Action.EPOCH, Action.STOP, Action.RESET, Action.NEW_SEED):
            if name is Action.RESET:
                self.addSeparator()
            action = self.actions_by_name[name]
            self.addAction(action)
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key
            self._labeled.append(button)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self._theme_action = self.addWidget(self.theme_button)

    def _make_theme_button(self) -> QToolButton:
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
        primary = (self.actions_by_name[Action.RUN], self.actions_by_name[Action.PAUSE])
        for action, name in self._icons.items():
            color = palette.on_accent if action in primary else palette.text
            action.setIcon(self._theme.icon(name, color))
        self.theme_button.setIcon(self._theme.icon(f"theme-{self._theme.mode}"))
        for choice in self._theme_choices.actions():
            choice.setChecked(choice.data() == self._theme.mode)

    @Slot(QAction)
    def _on_theme_chosen(self, choice: QAction) -> None:
        self._theme.set_mode(Mode(choice.data()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the actions if the bar is narrow."""
        super().resizeEvent(event)
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if event.size().width() >= _WIDTH_FOR_WORDS
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in self._labeled:
            button.setToolButtonStyle(style)
