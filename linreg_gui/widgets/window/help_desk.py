"""Opens the pages of the Help menu, each made when it is first wanted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow


class HelpDesk(QObject):
    """The pages of the Help menu."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def show_first_steps(self) -> None:
        """Show what to do first."""

    @Slot()
    def show_keys(self) -> None:
        """Show all keys."""

    @Slot()
    def show_about(self) -> None:
        """Show the versions of everything."""
