"""Opens the pages of the Help menu, each made when it is first wanted."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.widgets.help.about import About
    from linreg_gui.widgets.help.first_steps import FirstSteps
    from linreg_gui.widgets.help.self_test_page import SelfTestPage
    from linreg_gui.widgets.help.shortcuts import ShortcutSheet
    from linreg_gui.widgets.window.main_window import MainWindow


class HelpDesk(QObject):
    """The pages of the Help menu."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @cached_property
    def first_steps(self) -> "FirstSteps":
        """Return what to do first."""
        from linreg_gui.widgets.help.first_steps import FirstSteps  # noqa: PLC0415 - seldom

        return FirstSteps(self._window.session.theme, self._window)

    @cached_property
    def keys(self) -> "ShortcutSheet":
        """Return the list of keys."""
        from linreg_gui.widgets.help.shortcuts import ShortcutSheet  # noqa: PLC0415 - seldom

        actions = self._window.actions_of
        return ShortcutSheet(
            {menu.title: menu.flat() for menu in actions.menus},
            other_keys(),
            self._window.session.theme,
            self._window,
        )

    @cached_property
    def about(self) -> "About":
        """Return versions and licenses."""
        from linreg_gui.widgets.help.about import About  # noqa: PLC0415 - seldom

        return About(self._window.controller, self._window.session.theme, self._window)

    @cached_property
    def self_test(self) -> "SelfTestPage":
        """Return the self-test."""
        from linreg_gui.widgets.help.self_test_page import SelfTestPage  # noqa: PLC0415 - seldom

        return SelfTestPage(self._window.controller, self._window.session.theme, self._window)

    def stop(self) -> None:
        """End the self-test, if it runs."""
        if "self_test" in vars(self):
            self.self_test.stop()


def other_keys() -> list[tuple[str, str]]:
    """Return keys and gestures that are no actions, and what they do."""
    return [
        (tr("Enter"), tr("On a button, box or list that has the focus: press or open it")),
        (tr("Tab"), tr("To the next control")),
        (tr("← →"), tr("One step back or forward")),
        (tr("Shift+← →"), tr("One epoch back or forward")),
        (tr("Home, End"), tr("To the start, to the newest step")),
        (tr("↑ ↓"), tr("In a field: a larger or smaller number")),
        (tr("Shift+arrows"), tr("In the landscape: move the start")),
        (tr("Click"), tr("On a small picture: show it large; on an example: pick it")),
        (tr("Shift+drag"), tr("In the data and the residuals: pick all examples in a frame")),
        (tr("Page Up/Down"), tr("In the data and the residuals: pick the next example")),
        (tr("Esc"), tr("Ends the first of these: runs side by side, full screen, picks, the run")),
        (tr("Double click"), tr("In a picture: show everything again; on its title: maximize it")),
        (tr("Wheel, drag"), tr("In a picture: zoom, move")),
        (tr("Right click"), tr("On a picture or a table: what can be done with it")),
        (tr("Ctrl+C"), tr("In a table, or in a panel with one: copy it, or what is selected")),
    ]
