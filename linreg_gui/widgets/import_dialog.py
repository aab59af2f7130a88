"""Shows a table before it is taken over: how it was read, what it holds, what to learn from it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.measured import Measured
from linreg_gui.data.table import Table
from linreg_gui.data.table_selection import wants_standardising
from linreg_gui.texts import tr
from linreg_gui.threads.table_import import TableImport
from linreg_gui.widgets.column_chooser import ColumnChooser
from linreg_gui.widgets.dialect_form import DialectForm
from linreg_gui.widgets.table_preview import ROWS, TablePreview
from linreg_gui.widgets.text_label import text_label
from linreg_gui.widgets.theme import set_style_property

_SIZE = QSize(1120, 720)
_FORM_WIDTH = 200
_MOST_NAME_PIXELS = 640
_MOST_NAMED = 3


class ImportDialog(QDialog):
    """Follows a `TableImport`, and hands on the examples that a person chooses from its table.

    Closing it, in whatever way, lets go of the table.

    Attributes
    ----------
    use : QPushButton
        Enabled once the chosen columns give examples.
    standardize, suggest : QCheckBox
        Whether to standardise the features, and to find settings that suit the examples.

    Signals
    -------
    accepted_data(Measured, dict)
        Train on these, with these settings: ``standardize``, and those suggested if wanted.
    """

    accepted_data = Signal(object, object)

    def __init__(self, table_import: TableImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Open a table"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._table_import = table_import
        self._table: Table | None = None
        self._measured: Measured | None = None
        self._name = QLabel()
        self._name.setProperty("role", "state")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._facts = text_label("muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.form = DialectForm()
        self.form.corrected.connect(self._on_corrected)
        self.preview = TablePreview()
        self.chooser = ColumnChooser()
        self.chooser.choice_changed.connect(self._choose)
        self.words = text_label("fact")
        self.standardize = QCheckBox(tr("Standardise the features"))
        self.standardize.clicked.connect(self._on_decided)
        self._has_decided = False
        self.suggest = QCheckBox(tr("Suggest learning rate, batch size and epochs"))
        self.suggest.setChecked(True)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.use = QPushButton(tr("Use"))
        self.use.setObjectName("primary")
        self.use.setDefault(True)
        self.use.clicked.connect(self.accept)
        self._lay_out()
        table_import.changed.connect(self._show_table)
        table_import.progressed.connect(self._show_progress)
        table_import.chosen.connect(self._on_chosen)
        table_import.suggested.connect(self._finish)
        table_import.refused.connect(self._on_refused)
        self._show_table()

    def show_table(self, source: Path | str) -> None:
        """Have a file read, or text that was pasted, and show what it holds."""
        self._has_decided = False
        self._let_decide()
        self._table_import.open(source)
        self.chooser.setFocus()
        self.open()

    def _lay_out(self) -> None:
        self.setMinimumSize(960, 600)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - QSize(32, 64)))
        self.bar.setFixedHeight(4)
        self.form.setFixedWidth(_FORM_WIDTH)
        self.words.setMinimumHeight(2 * self.words.fontMetrics().lineSpacing())
        # Every row of the preview, its header and a scroll bar.
        self.preview.setFixedHeight(24 * ROWS + 44)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._name)
        head.addWidget(self._facts)
        tables = QVBoxLayout()
        tables.setSpacing(8)
        tables.addWidget(_heading(tr("First rows")))
        tables.addWidget(self.preview)
        tables.addSpacing(8)
        tables.addWidget(_heading(tr("What to learn from")))
        tables.addWidget(self.chooser, 1)
        tables.addWidget(self.words)
        answers = QHBoxLayout()
        answers.setSpacing(24)
        answers.addWidget(self.standardize)
        answers.addWidget(self.suggest)
        answers.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.use)
        answers.addLayout(buttons)
        form = QVBoxLayout()
        form.setSpacing(0)
        form.addWidget(_heading(tr("How it is written")))
        form.addWidget(self.form, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        grid.addLayout(head, 0, 0, 1, 2)
        grid.addWidget(self.bar, 1, 0, 1, 2)
        grid.addLayout(form, 2, 0)
        grid.addLayout(tables, 2, 1)
        grid.addLayout(answers, 3, 0, 1, 2)
        grid.setColumnMinimumWidth(0, _FORM_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    @Slot()
    def _show_table(self) -> None:
        source = self._table_import
        self._show_name(source.name)
        self.form.show_dialect(source.dialect, source.sheets)
        self.bar.setVisible(source.is_reading)
        self._show_progress()
        if source.table is not self._table:
            self._show_columns(source.table)
        self._say("")
        if source.is_reading:
            self._facts.setText(tr("Reading …"))
            return
        self._facts.setText(_facts(source.table))
        if source.complaint:
            self._complain(source.complaint)
        else:
            self._choose()

    @Slot()
    def _show_progress(self) -> None:
        self.bar.setValue(round(100 * self._table_import.progress))

    def _show_name(self, name: str) -> None:
        metrics = self._name.fontMetrics()
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _MOST_NAME_PIXELS)
        self._name.setText(elided)
        self._name.setToolTip(name)

    def _show_columns(self, table: Table | None) -> None:
        proposed = self._table_import.proposal or ((), -1)
        features, target = self._kept_choice(table) or proposed
        self._table = table
        self.preview.show_table(table)
        self.chooser.show_columns(table.columns if table else (), set(features), target)

    def _kept_choice(self, table: Table | None) -> tuple[set[int], int] | None:
        """Return what was chosen before a correction that left the columns as they were."""
        if table is None or self._table is None or _names(table) != _names(self._table):
            return None
        refused = {index for index, column in enumerate(table.columns) if column.refusal}
        features, target = set(self.chooser.features) - refused, self.chooser.target
        return (features, target) if features and target not in refused | {-1} else None

    @Slot()
    def _choose(self) -> None:
        self._say("")
        self._table_import.choose(self.chooser.features, self.chooser.target)

    @Slot()
    def _on_decided(self) -> None:
        """Leave the box to the person who has clicked it."""
        self._has_decided = True

    @Slot(str, object)
    def _on_corrected(self, field: str, value: object) -> None:
        self._table_import.correct(**{field: value})

    @Slot(object)
    def _on_chosen(self, measured: Measured) -> None:
        self._say(f"{_choice(measured)} {measured.skipped.sentence}".strip())
        self._measured = measured
        self.use.setEnabled(True)
        if self._table is not None and not self._has_decided:
            self.standardize.setChecked(wants_standardising(self._table, self.chooser.features))

    @Slot(object)
    def _finish(self, settings: dict[str, Any]) -> None:
        measured = self._measured
        super().accept()
        self.accepted_data.emit(measured, settings)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        """Say why; where the examples are there, they can be used without suggestions."""
        measured = self._measured
        self._complain(sentence)
        self._measured = measured
        self._let_decide()
        self.use.setEnabled(measured is not None)

    def _let_decide(self, *, decides: bool = True) -> None:
        for box in (self.standardize, self.suggest):
            box.setEnabled(decides)

    @Slot(str)
    def _complain(self, sentence: str) -> None:
        self._say(sentence, role="error")

    def _say(self, sentence: str, role: str = "fact") -> None:
        """Say how it stands with the choice, which cannot be used until `_on_chosen`."""
        set_style_property(self.words, "role", role)
        self.words.setText(sentence)
        self._measured = None
        self.use.setEnabled(False)

    def accept(self) -> None:
        """Hand on the examples, as soon as the settings that suit them are found."""
        if self._measured is None:
            return
        standardize = self.standardize.isChecked()
        if self.suggest.isChecked():
            self._let_decide(decides=False)
            self.use.setEnabled(False)
            self.words.setText(tr("Finding settings …"))
            self._table_import.suggest(self._measured, standardize=standardize)
        else:
            self._finish({"standardize": standardize})

    def done(self, result: int) -> None:
        """Close, and let go of the table."""
        super().done(result)
        self._table_import.cancel()


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "title")
    return label


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _choice(measured: Measured) -> str:
    names = measured.feature_names
    few = len(names) <= _MOST_NAMED
    features = ", ".join(names) if few else tr("{count} features").format(count=len(names))
    sentence = (
        tr("{target} from {features}: 1 example.")
        if measured.size == 1
        else tr("{target} from {features}: {size:,} examples.")
    )
    return sentence.format(target=measured.target_name, features=features, size=measured.size)


def _facts(table: Table | None) -> str:
    if table is None:
        return ""
    rows, columns = table.row_count + table.too_long, len(table.columns)
    return tr("{rows} × {columns}").format(
        rows=tr("1 row") if rows == 1 else tr("{count:,} rows").format(count=rows),
        columns=tr("1 column") if columns == 1 else tr("{count:,} columns").format(count=columns),
    )
