"""The ways to open a file in the window: choose it, or drop it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMenu

from linreg_gui.file_kinds import FileKind, kind_of
from linreg_gui.look.asking import all_files, file_to_read
from linreg_gui.look.plain import set_tip, without_mnemonics
from linreg_gui.texts import quoted, tr

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
        known = tr("Sessions, lessons and tables") + f" (*.linreg *.linreg-lesson {_TABLES})"
        if file := file_to_read(self._window, tr("Open"), [known, all_files()]):
            self.open(file)

    def open(self, file: Path, _checked: bool = False) -> None:
        """Open ``file`` by what is in it."""
        match kind_of(file):
            case FileKind.SESSION:
                self._window.document.exchange.open(file)
            case FileKind.LESSON:
                self._window.session.lessons.open(file)
            case FileKind.TABLE:
                self._window.session.tables.open(file)

    def recent_menu(self) -> QMenu:
        """Return a menu with the last files, as they are when it opens."""
        menu = QMenu(tr("Recent"), self._window)
        menu.aboutToShow.connect(partial(self._fill, menu))
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for file in self._window.document.recent.files:
            words = without_mnemonics(quoted(file.name))
            action = menu.addAction(words)
            set_tip(action, quoted(str(file)))
            action.triggered.connect(partial(self.open, file))
        if menu.isEmpty():
            menu.addAction(tr("No files yet")).setEnabled(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Accept files and cells of a spreadsheet, and open what was dropped."""
        if not isinstance(event, QDropEvent):
            return False
        content = event.mimeData()
        if event.type() is QEvent.Type.DragEnter:
            is_welcome = content.hasUrls() or content.hasText()
        else:
            is_welcome = event.type() is QEvent.Type.Drop and self._take(content)
        if is_welcome:
            event.setDropAction(Qt.DropAction.CopyAction)  # so that its source deletes nothing
            event.accept()
        return is_welcome

    def _take(self, content: QMimeData) -> bool:
        """Open what was dropped; return whether it is something to open."""
        urls = content.urls()
        file = Path(urls[0].toLocalFile()) if urls and urls[0].isLocalFile() else None
        if file is None or kind_of(file) is FileKind.TABLE:
            return self._window.session.tables.take(content)
        self.open(file)
        return True
