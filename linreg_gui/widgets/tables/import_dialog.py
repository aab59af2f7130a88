"""The dialog in which a table is looked at, corrected and taken over."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.controls import ChoiceBox, NumberField, text_label
from linreg_gui.look.theme import set_style_property
from linreg_gui.number_text import parse_whole, whole
from linreg_gui.settings import step_by
from linreg_gui.tables.cells import DataType
from linreg_gui.tables.dialect import Dialect, Record
from linreg_gui.tables.reading import wants_standardizing
from linreg_gui.tables.source import encodings
from linreg_gui.tables.table import Column, Table
from linreg_gui.texts import tr
from linreg_gui.threads.table_import import TableImport
from linreg_gui.widgets.tables.column_chooser import ColumnChooser

MOST_SKIPPED = 1000
"""Lines above a table; more than anybody writes."""

_DELIMITERS = {
    ",": "Comma  ,",
    ";": "Semicolon  ;",
    "\t": "Tab",
    " ": "Blanks",
    "|": "Bar  |",
}
_QUOTES = {'"': 'Double  "', "'": "Single  '", "": "None"}
_DECIMALS = {".": "Point  1.5", ",": "Comma  1,5"}
_THOUSANDS = {
    "": "None  1000",
    ",": "Comma  1,000",
    ".": "Point  1.000",
    " ": "Blank  1 000",
    "'": "Apostrophe  1'000",
}
_HEADERS = {True: "In the first row", False: "None; numbered"}
_CHOICES: dict[str, dict[Any, str]] = {
    "encoding": encodings(),
    "delimiter": _DELIMITERS,
    "quote": _QUOTES,
    "decimal": _DECIMALS,
    "thousands": _THOUSANDS,
    "has_header": _HEADERS,
}
_LABELS = {
    "sheet": "Sheet",
    "encoding": "Encoding",
    "delimiter": "Separator",
    "quote": "Quotes",
    "decimal": "Decimal mark",
    "thousands": "Thousands mark",
    "has_header": "Column names",
    "skip": "Lines to skip above",
}
_OF_TEXT = {"encoding", "delimiter", "quote"}
_OF_WORKBOOKS = {"sheet"}


class DialectForm(QWidget):
    """Shows a `Dialect` field by field.

    Attributes
    ----------
    boxes : dict of str to ChoiceBox
        For each field but ``skip``, the lines above the table, whose editor is `skip`.

    Signals
    -------
    corrected(str, object)
        A person gave this field this value.
    """

    corrected = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.boxes = {name: _FieldBox() for name in _LABELS if name != "skip"}
        self.skip = NumberField(_parse_skip, str, step_by(1))
        self.error = text_label("error")
        self.error.hide()
        self.skip.refused.connect(self._on_refused)
        self._rows = QFormLayout(self)
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(4)
        for name, words in _LABELS.items():
            label = text_label("muted", tr(words))
            label.setContentsMargins(0, 8, 0, 0)
            editor = self._editor(name)
            editor.setObjectName(name)
            editor.setAccessibleName(label.text())
            editor.committed.connect(self._on_committed)
            self._rows.addRow(label, editor)
        self._rows.addRow(self.error)

    def show_dialect(self, dialect: Dialect | None, sheets: Sequence[str]) -> None:
        """Show how a table is written, and of a workbook the sheets; hide all if it is unknown."""
        self.setVisible(dialect is not None)
        if dialect is None:
            return
        other = _OF_TEXT if dialect.is_workbook else _OF_WORKBOOKS
        for name in _LABELS:
            self._rows.setRowVisible(self._editor(name), name not in other)
        for name, box in self.boxes.items():
            box.show_choice(_offered(name, dialect, sheets), getattr(dialect, name))
        self.skip.set_value(dialect.skip)

    def _editor(self, name: str) -> "_FieldBox | NumberField":
        return self.skip if name == "skip" else self.boxes[name]

    @Slot(object)
    def _on_committed(self, value: object) -> None:
        self.corrected.emit(self.sender().objectName(), value)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


class _FieldBox(ChoiceBox):
    """A choice whose values may become others."""

    def __init__(self) -> None:
        super().__init__({})
        self.setMinimumContentsLength(1)
        self.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def show_choice(self, choices: Mapping[Any, str], value: Any) -> None:
        """Show ``value``, which may be one that was detected and is not commonly offered."""
        choices = choices if value in choices else {**choices, value: str(value)}
        if list(choices) != self._values:
            self._values = list(choices)
            self.clear()
            self.addItems(list(choices.values()))
        self.set_value(value)
        self.setToolTip(self.currentText())


def _offered(name: str, dialect: Dialect, sheets: Sequence[str]) -> dict[Any, str]:
    if name == "sheet":
        return {sheet: sheet for sheet in sheets}
    taken = dialect.decimal if name == "thousands" else None
    return {value: tr(words) for value, words in _CHOICES[name].items() if value != taken}


def _parse_skip(text: str) -> int:
    lines = parse_whole(text)
    if not 0 <= lines <= MOST_SKIPPED:
        raise ValueError(
            tr("Give a number of lines from 0 to {most}.").format(most=whole(MOST_SKIPPED))
        )
    return lines


ROWS = 8

_MOST_LETTERS = 60
_MOST_TIP_LETTERS = 600
_NARROWEST, _USUAL, _WIDEST = 56, 120, 224
_MOST_FITTED = 24
"""So many columns are made as wide as their cells; to measure a thousand takes long."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class TablePreview(QTableView):
    """Shows the first rows under the columns' names; numbers stand on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._model = _PreviewModel(self)
        self.setModel(self._model)
        self.setAccessibleName(tr("First rows"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(24)
        header = self.horizontalHeader()
        header.setDefaultSectionSize(_USUAL)
        header.setMinimumSectionSize(_NARROWEST)
        header.setMaximumSectionSize(_WIDEST)
        header.setHighlightSections(False)

    def show_table(self, table: Table | None) -> None:
        """Show what has been read; nothing of None."""
        self._model.show_table(table)
        for column in range(min(self._model.columnCount(), _MOST_FITTED)):
            self.resizeColumnToContents(column)


class _PreviewModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: list[Record] = []

    def show_table(self, table: Table | None) -> None:
        self.beginResetModel()
        self._columns = table.columns if table else ()
        self._rows = table.preview(ROWS) if table else []
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        return _shown(row[column], role) if column < len(row) else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return _shown(self._columns[section].name, role)

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        return _RIGHT if self._columns[column].data_type is DataType.NUMBER else _LEFT


def _shown(text: str, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return " ".join(text[:_MOST_LETTERS].split())
    is_long = len(text) > _MOST_LETTERS // 3
    return text[:_MOST_TIP_LETTERS] if is_long and role == Qt.ItemDataRole.ToolTipRole else None


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
        Whether to standardize the features, and to find settings that suit the examples.

    Signals
    -------
    accepted_data(Dataset, dict)
        Train on these, with these settings: ``standardize``, and those suggested if wanted.
    """

    accepted_data = Signal(object, object)

    def __init__(self, table_import: TableImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Open a table"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._table_import = table_import
        self._table: Table | None = None
        self._measured: Dataset | None = None
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
        self.standardize = QCheckBox(tr("Standardize the features"))
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
    def _on_chosen(self, measured: Dataset) -> None:
        self._say(f"{_choice(measured)} {measured.skipped.sentence}".strip())
        self._measured = measured
        self.use.setEnabled(True)
        if self._table is not None and not self._has_decided:
            self.standardize.setChecked(wants_standardizing(self._table, self.chooser.features))

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


def _choice(measured: Dataset) -> str:
    names = measured.feature_names
    few = len(names) <= _MOST_NAMED
    features = ", ".join(names) if few else tr("{count} features").format(count=len(names))
    sentence = (
        tr("{target} from {features}: 1 example.")
        if measured.size == 1
        else tr("{target} from {features}: {size} examples.")
    )
    return sentence.format(
        target=measured.target_name, features=features, size=whole(measured.size)
    )


def _facts(table: Table | None) -> str:
    if table is None:
        return ""
    rows, columns = table.row_count + table.too_long, len(table.columns)
    return tr("{rows} × {columns}").format(
        rows=tr("1 row") if rows == 1 else tr("{count} rows").format(count=whole(rows)),
        columns=tr("1 column")
        if columns == 1
        else tr("{count} columns").format(count=whole(columns)),
    )
