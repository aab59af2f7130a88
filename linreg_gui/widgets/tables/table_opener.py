"""The ways in which a table comes into the window: a file that is chosen or dropped, or pasted."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from linreg_gui.data.dataset import Dataset
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController

if TYPE_CHECKING:
    from linreg_gui.data.classics import Sample
    from linreg_gui.threads.table_import import TableImport
    from linreg_gui.widgets.tables.import_dialog import ImportDialog


class TableOpener(QObject):
    """Has a table read and looked at, and then trained on. Nothing changes before that."""

    def __init__(self, controller: TrainingController, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window

    @cached_property
    def table_import(self) -> "TableImport":
        """Return what reads tables, made when the first one is opened."""
        from linreg_gui.threads.table_import import TableImport  # noqa: PLC0415 - seldom wanted

        return TableImport(self)

    @cached_property
    def dialog(self) -> "ImportDialog":
        """Return the window in which a table is looked at."""
        from linreg_gui.widgets.tables.import_dialog import ImportDialog  # noqa: PLC0415 - seldom wanted

        dialog = ImportDialog(self.table_import, self._window)
        dialog.accepted_data.connect(self._on_accepted)
        return dialog

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open a table"),
            "",
            tr("Tables")
            + " (*.csv *.tsv *.txt *.dat *.tab *.xlsx *.gz);;"
            + tr("All files")
            + " (*)",
        )
        if name:
            self.open(Path(name))

    def open(self, source: Path | str) -> None:
        """Read a file, or text that was pasted, and show it."""
        self.dialog.show_table(source)

    @Slot()
    def paste(self) -> None:
        """Open what is in the clipboard: cells of a spreadsheet, or a file."""
        if not self.take(QGuiApplication.clipboard().mimeData()):
            self._controller.message_posted.emit(
                tr("There is no table in the clipboard; copy some cells of a spreadsheet first.")
            )

    def take(self, content: QMimeData | None) -> bool:
        """Open what was pasted or dropped; return whether it can hold a table."""
        if content is None:  # an empty clipboard
            return False
        if file := dropped_file(content):
            self.open(file)
        elif content.text().strip():
            self.open(content.text())
        else:
            return False
        return True

    @Slot(object)
    def use_sample(self, sample: "Sample") -> None:
        """Train on one of the classics, with the settings that suit it."""
        self._controller.use_data(
            sample.read(),
            standardize=sample.standardize,
            learning_rate=sample.learning_rate,
            epochs=sample.epochs,
            batch_size=sample.batch_size,
        )

    @Slot()
    def shut_down(self) -> bool:
        """End the reading, if there is any; return whether it ended."""
        return "table_import" not in vars(self) or self.table_import.shut_down()

    @Slot(object, object)
    def _on_accepted(self, data: Dataset, settings: dict[str, object]) -> None:
        self._controller.use_data(data, **settings)


def dropped_file(content: QMimeData) -> Path | None:
    """Return the first file of what is dropped; None if there is none."""
    files = [url.toLocalFile() for url in content.urls() if url.isLocalFile()]
    return Path(files[0]) if files else None
