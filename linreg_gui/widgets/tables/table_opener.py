"""The ways to open a table in the window: choose a file, drop it, or paste."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.asking import all_files, file_to_read
from linreg_gui.texts import tr, trn
from linreg_gui.threads.controller import TrainingController

if TYPE_CHECKING:
    from linreg_gui.data.classics import Sample
    from linreg_gui.threads.table_import import TableImport
    from linreg_gui.widgets.tables.import_dialog import ImportDialog


class TableOpener(QObject):
    """Opens tables in the import dialog, and trains on the examples that are accepted there."""

    def __init__(self, controller: TrainingController, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window

    @cached_property
    def dialog(self) -> "ImportDialog":
        """Return the dialog that shows a table; made when the first one is opened."""
        from linreg_gui.threads.table_import import TableImport  # noqa: PLC0415 - rarely needed
        from linreg_gui.widgets.tables.import_dialog import ImportDialog  # noqa: PLC0415

        dialog = ImportDialog(TableImport(self), self._window)
        dialog.accepted_data.connect(self._on_accepted)
        return dialog

    @cached_property
    def new_examples(self) -> "TableImport":
        """Return what reads a table of new examples; made when the first one is wanted."""
        from linreg_gui.threads.table_import import TableImport  # noqa: PLC0415 - rarely needed

        return TableImport(self)

    @Slot()
    def choose_file(self) -> None:
        """Let the user choose a file, and open it."""
        if file := self.chosen_file(tr("Open a table")):
            self.open(file)

    def chosen_file(self, title: str) -> Path | None:
        """Let the user choose a table in a dialog with this title; None if they give up."""
        tables = tr("Tables") + " (*.csv *.tsv *.txt *.dat *.tab *.xlsx *.ods *.fods *.json *.gz)"
        return file_to_read(self._window, title, [tables, all_files()])

    def open(self, source: Path | str, note: str = "", **known: Any) -> None:
        """Show the table in a file or in pasted text; ``known`` are fields of its `Dialect`."""
        self.dialog.show_table(source, note, **known)

    @Slot()
    def paste(self) -> None:
        """Open the content of the clipboard: cells of a spreadsheet, or a file."""
        if not self.take(QGuiApplication.clipboard().mimeData()):
            self._controller.message_posted.emit(
                tr("There is no table in the clipboard; copy some cells of a spreadsheet first.")
            )

    def take(self, content: QMimeData | None) -> bool:
        """Open pasted or dropped content; return whether it is a file, a link or text."""
        if content is None:  # an empty clipboard
            return False
        files = [url.toLocalFile() for url in content.urls() if url.isLocalFile()]
        if content.hasUrls() and not files and len(content.text().split()) <= 1:
            self._controller.message_posted.emit(
                tr("That is a link, not a file; download the table and open the file.")
            )
            return True
        if not files and not content.text().strip():
            return False
        note = ""
        if len(files) > 1:
            note = trn(
                "Only the first of {count} file is opened; open the others one by one.",
                "Only the first of {count} files is opened; open the others one by one.",
                len(files),
            ).format(count=len(files))
        self.open(Path(files[0]) if files else content.text(), note)
        return True

    @Slot(object)
    def use_sample(self, sample: "Sample") -> None:
        """Train on a bundled data set, with settings that suit it."""
        self._controller.use_data(
            sample.read(),
            standardize=sample.standardize,
            learning_rate=sample.learning_rate,
            epochs=sample.epochs,
            batch_size=sample.batch_size,
        )

    @Slot()
    def shut_down(self) -> bool:
        """End the reading threads, if there are any; return whether they ended."""
        made = [self.dialog.table_import] if "dialog" in vars(self) else []
        made += [self.new_examples] if "new_examples" in vars(self) else []
        ended = [each.shut_down() for each in made]
        return all(ended)

    @Slot(object, object)
    def _on_accepted(self, data: Dataset, settings: dict[str, object]) -> None:
        self._controller.use_data(data, **settings)
