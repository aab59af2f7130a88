"""The bar: what a class uses all the time. Everything else is in the menus."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from linreg_gui.look.controls import fill
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.runs.states import Action, RunState
from linreg_gui.texts import tr
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.actions import Actions
from linreg_gui.widgets.window.rate_bar import RateControl
from linreg_gui.widgets.window.speed import SpeedControl

_ICON_PIXELS = 18
_SPACING = 4
_LEAST_RUN_WIDTH = 132


class _RunButton(QToolButton):
    """Run and Pause share it. It is as wide as its longest word, so that nothing moves.

    Parameters
    ----------
    words : sequence of str
        All that it may say.
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self._words = words

    def sizeHint(self) -> QSize:
        """Return a size that any of its words fits into."""
        hint = super().sizeHint()
        width = hint.width() + max(map(self._width_of, self._words)) - self._width_of(self.text())
        return QSize(max(width, px(_LEAST_RUN_WIDTH)), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: it never gives way."""
        return self.sizeHint()

    def _width_of(self, words: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, words).width()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing on the second press of a double click: Pause would cancel Run."""
        event.accept()


class RunBar(QFrame):
    """Buttons for the run, the learning rate, the watch speed, and a tab for each panel.

    What has no room is hidden; the menus have it, too, and tabs go to the menu behind "⋯".

    Attributes
    ----------
    run_button : QToolButton
        Run and Pause share it. It shows the one that makes sense.
    rate : RateControl
        The learning rate.
    speed : SpeedControl
        The watch speed.
    lesson : QToolButton
        The way back to an open lesson from another panel; hidden without one.
    tabs : dict of QAction to QToolButton
        A button for each panel.
    more : QToolButton
        Opens a menu with the tabs that have no room.
    """

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._session = session
        self._actions = actions
        self.run_button = _RunButton(actions.words_of_run)
        set_style_property(self.run_button, "primary", True)
        self.run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        keep_scaled(self.run_button, setIconSize=_ICON_PIXELS)
        self.buttons = {
            name: _button(actions.run[name]) for name in (Action.STEP, Action.EPOCH, Action.RESET)
        }
        self.rate = RateControl(session)
        self.speed = SpeedControl()
        self.speed.committed.connect(session.controller.set_pace)
        self.lesson = _button(actions.lesson)
        self.tabs = {action: _button(action) for action in actions.tabs}
        self.more = QToolButton()
        self.more.setText("⋯")
        set_tip(self.more, tr("More panels"))
        self.more.setAccessibleName(tr("More panels"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self._menu)
        self._lay_out()
        session.controller.state_changed.connect(self._show_state)
        session.theme.changed.connect(self._make_room)
        session.controls_changed.connect(self._show_controls)
        session.lesson_changed.connect(self._show_lesson)
        self._show_state()

    def _lay_out(self) -> None:
        row = fill(
            QHBoxLayout(self),
            self.run_button,
            *self.buttons.values(),
            GRID,
            self.rate,
            GRID,
            self.speed,
            None,
            self.lesson,
            *self.tabs.values(),
            self.more,
            margins=(GRID, 6, GRID, 6),
            spacing=_SPACING,
        )
        row.setStretchFactor(self.rate, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def _giving_way(self) -> Sequence[QWidget]:
        """Return what is hidden if there is no room, the least needed first."""
        return (
            *reversed(self.tabs.values()),
            self.speed,
            self.buttons[Action.EPOCH],
            self.buttons[Action.RESET],
            self.rate.name,
            self.lesson,
            self.buttons[Action.STEP],
            self.rate.slider,
        )

    @Slot()
    def _make_room(self) -> None:
        """Hide what has no room."""
        room = self.width() - px(2 * GRID) - 2 * (GRID + px(_SPACING))  # margins, empty pixels
        staying = (self.run_button, self.rate.field, self.more)
        room -= sum(self._taken_by(each) for each in staying)
        for widget in reversed(self._giving_way):
            if widget is self.lesson and not self._session.is_in_lesson:
                widget.hide()
                continue
            room -= self._taken_by(widget)
            widget.setVisible(room >= 0)

    def _taken_by(self, widget: QWidget) -> int:
        """Return the least width of ``widget`` with the gap beside it."""
        widget.ensurePolished()  # it may never have been visible
        gap = GRID if widget.parent() is self.rate else _SPACING
        return max(widget.minimumWidth(), widget.minimumSizeHint().width()) + px(gap)

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        for action, button in self.tabs.items():
            if button.isHidden():
                self._menu.addAction(action)
        further = self._actions.further_panels
        self._menu.addActions(
            [each for each in further if each is not self._actions.lesson or self.lesson.isHidden()]
        )

    @Slot()
    def _show_controls(self) -> None:
        self.rate.setVisible(self._session.shows_control("learning_rate"))

    @Slot()
    def _show_lesson(self) -> None:
        if self.lesson.isHidden() is self._session.is_in_lesson:
            self._make_room()

    @Slot()
    def _show_state(self) -> None:
        is_running = self._session.controller.state is RunState.RUNNING
        run, pause = self._actions.run[Action.RUN], self._actions.run[Action.PAUSE]
        shown, other = (pause, run) if is_running else (run, pause)
        if self.run_button.defaultAction() is not shown:
            self.run_button.removeAction(other)
            self.run_button.setDefaultAction(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what has no room."""
        super().resizeEvent(event)
        self._make_room()


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setProperty("tab", action.isCheckable())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
