"""What greets a person: the start page, and what a crash has left."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow
    from linreg_gui.widgets.window.start_page import StartPage


class Welcome(QObject):
    """Shows the start page when it is wanted. GUI thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @cached_property
    def start_page(self) -> "StartPage":
        """Return the start page, made when it is first wanted."""
        from linreg_gui.widgets.window.start_page import StartPage  # noqa: PLC0415 - after first paint

        return StartPage(self._window)

    @property
    def is_shown(self) -> bool:
        """Return whether the start page is on show."""
        return "start_page" in vars(self) and not self.start_page.isHidden()

    def begin(self, folder: Path, *, greets: bool) -> None:
        """Keep the last states in ``folder`` from now on, and offer what is there.

        ``greets`` says whether nobody has asked for a file.
        """
        document, controller = self._window.document, self._window.controller
        document.begin(folder)
        if greets and self._is_wanted:
            self.greet()
        elif document.last_session.left_behind() is not None:
            soon = partial(QTimer.singleShot, 0, self._offer_last)  # after what is said of the run
            controller.run_prepared.connect(soon, Qt.ConnectionType.SingleShotConnection)

    @Slot()
    def greet(self) -> None:
        """Show the start page, also where a panel has the place of the stage."""
        self._window.body.uncover_stage()
        self.start_page.greet()

    def leave(self) -> bool:
        """Put the start page away; return whether it was there."""
        return self.is_shown and self.start_page.leave()

    @property
    def _is_wanted(self) -> bool:
        from linreg_gui.widgets.window.start_page import is_wanted  # noqa: PLC0415 - likewise

        return is_wanted(self._window.session.store)

    @Slot()
    def _offer_last(self) -> None:
        document = self._window.document
        file = document.last_session.left_behind()
        if file is not None:
            self._window.messages.offer(
                tr("LinReg ended unexpectedly. The last state of your session is still here."),
                tr("Open it"),
                document.exchange.open_last,
                partial(document.last_session.put_by, file),
            )
