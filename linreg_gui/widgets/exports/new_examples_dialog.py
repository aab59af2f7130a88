"""The dialog that shows how a table of new examples is read, before a run predicts its rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout

from linreg_gui.export.csv_file import CsvDialect
from linreg_gui.export.new_examples import NewExamples
from linreg_gui.look.controls import fill, push_button, show_text, text_label
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import set_style_property
from linreg_gui.tables.source import TableError
from linreg_gui.texts import breakable, paragraph, tr
from linreg_gui.widgets.exports.csv_choice import DialectChoice
from linreg_gui.widgets.tables.remark_list import RemarkList

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_WIDTH = 560


class NewExamplesDialog(QDialog):
    """Reads a table, says what is not certain about it, and lets a person correct that.

    Attributes
    ----------
    remarks : RemarkList
        What is not certain.
    words : QLabel
        How many rows get a prediction, or why none does.
    choice : DialectChoice
        How to write the numbers.
    go_on : QPushButton
        Enabled once there is something to predict.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Predictions for new examples"))
        self._controller = window.controller
        self._table_import = window.session.tables.new_examples
        self._examples: NewExamples | None = None
        self._name = text_label("title")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        keep_scaled(self.bar, setFixedHeight=4)
        self.remarks = RemarkList()
        self.words = text_label("fact")
        self.choice = DialectChoice()
        self.go_on = push_button(tr("Choose a file…"), self.accept)
        set_style_property(self.go_on, "primary", True)
        self.go_on.setDefault(True)
        fill(
            QVBoxLayout(self),
            self._name,
            self.bar,
            self.remarks,
            self.words,
            self.choice,
            None,
            fill(QHBoxLayout(), None, push_button(tr("Cancel"), self.reject), self.go_on),
            margins=(24, 16, 24, 16),
            spacing=12,
        )
        keep_scaled(self, setMinimumWidth=_WIDTH)
        self.remarks.corrected.connect(self._table_import.correct)
        self._table_import.changed.connect(self._show_table)
        self._table_import.progressed.connect(self._show_progress)

    def chosen(self, file: Path) -> tuple[NewExamples, CsvDialect] | None:
        """Read ``file`` and wait for the person; None if they give up."""
        self.read(file)
        accepted = self.exec() == QDialog.DialogCode.Accepted
        examples = self._examples if accepted else None
        self._table_import.cancel()
        self.deleteLater()
        return None if examples is None else (examples, self.choice.dialect)

    def read(self, file: Path) -> None:
        """Read ``file``, and show what there is to say about it."""
        self._table_import.open(file)
        self._name.setText(breakable(self._table_import.name))

    @Slot()
    def _show_progress(self) -> None:
        self.bar.setValue(round(100 * self._table_import.progress))

    @Slot()
    def _show_table(self) -> None:
        source, run = self._table_import, self._controller.run
        self.bar.setVisible(source.is_reading)
        self._show_progress()
        self._examples, sentence = None, source.complaint
        if source.is_reading:
            sentence = tr("Reading …")
        elif source.table is not None and run is not None:
            try:
                self._examples = NewExamples.of_run(source.table, run)
                sentence = paragraph(*self._examples.sentences())
            except TableError as error:
                sentence = str(error)
        is_refused = self._examples is None and not source.is_reading
        set_style_property(self.words, "role", "refusal" if is_refused else "fact")
        show_text(self.words, breakable(sentence))
        self.remarks.show_remarks(self._examples.remarks if self._examples else [])
        self.go_on.setEnabled(self._examples is not None)
        QTimer.singleShot(0, self, self._grow)
        if is_refused and sentence:
            announce(self, sentence)

    @Slot()
    def _grow(self) -> None:
        """Become high enough for what is said now."""
        layout = self.layout()
        assert layout is not None
        needed = layout.totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))
