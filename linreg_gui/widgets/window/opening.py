"""The ways to open a file in the window: choose it, or drop it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_TABLES = "*.csv *.tsv *.txt *.dat *.tab *.xlsx *.ods *.fods *.json *.gz"


class Opening(QObject):
    """Opens what a person has chosen or dropped, whatever kind of file it is. GUI thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @Slot()
    def choose_file(self) -> None:
        """Let a person choose a file, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open"),
            "",
            ";;".join([tr("Tables") + f" ({_TABLES})", tr("All files") + " (*)"]),
        )
        if name:
            self.open(Path(name))

    def open(self, file: Path) -> None:
        """Open ``file`` by what is in it."""
        self._window.session.tables.open(file)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Accept files and cells of a spreadsheet, and open what was dropped."""
        if not isinstance(event, QDropEvent):
            return False
        content = event.mimeData()
        if event.type() is QEvent.Type.DragEnter:
            is_welcome = content.hasUrls() or content.hasText()
        else:
            is_welcome = event.type() is QEvent.Type.Drop and self._window.session.tables.take(
                content
            )
        if is_welcome:
            event.setDropAction(Qt.DropAction.CopyAction)  # so that its source deletes nothing
            event.accept()
        return is_welcome
