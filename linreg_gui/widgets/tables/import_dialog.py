"""The dialog that shows a table, lets a person correct how it was read, and choose columns."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import Dataset, counted_features
from linreg_gui.look.controls import area, fill, push_button, show_text, text_label
from linreg_gui.look.flow import FlowLayout, flow
from linreg_gui.look.inputs import ChoiceBox, NumberField
from linreg_gui.look.overflow import Overflow
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import set_style_property
from linreg_gui.number_text import parse_whole, whole
from linreg_gui.runs.proposal import settings_words
from linreg_gui.settings import step_by
from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.encoding import encodings
from linreg_gui.tables.fixed_width import FIXED
from linreg_gui.tables.table import Table
from linreg_gui.texts import in_a_row, paragraph, quoted, tr, trc, trn
from linreg_gui.threads.table_import import TableImport
from linreg_gui.widgets.tables.remark_list import RemarkList
from linreg_gui.widgets.tables.table_views import (
    PREVIEW_ROW_HEIGHT,
    PREVIEW_ROWS,
    ColumnChooser,
    TablePreview,
)
from linreg_gui.widgets.window.tab_order import move_focus

MAX_SKIP = 1000
"""Lines above a table; more than anybody writes."""

_SIZE, _LEAST_SIZE = (1120, 720), (560, 360)
_WIDTH_FOR_COLUMNS, _HEIGHT_FOR_OPTIONS = 860, 360
_UNLIMITED = 16_777_215
"""Qt's largest width."""
_FORM_WIDTH = 216
_HEADER_HEIGHT = 44
"""Of the preview, with its scroll bar."""

_FEWEST_ROWS = 3
_LEAST_BODY = 40
_LEAST_CHOICE = 100
_NAME_WIDTH = 640
_MAX_NAMED = 3
_WORKBOOK_FIELDS = {"sheet", "hidden_rows", "hidden_columns"}
_TEXT_FIELDS = {"encoding", "delimiter", "quote"}


class DialectForm(QWidget):
    """Shows a `Dialect` field by field.

    Attributes
    ----------
    boxes : dict of str to ChoiceBox
        One for each field except ``skip``, the lines above the table, which is typed into `skip`.

    Signals
    -------
    corrected(str, object)
        A person gave this field this value.
    """

    corrected = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._rows = FlowLayout(self)
        self._fields: dict[str, QWidget] = {}
        self.boxes: dict[str, ChoiceBox] = {}
        self._choices: dict[str, Mapping[Any, str]] = {}
        self._add_box("sheet", tr("Sheet"), {})
        self._add_box("encoding", tr("Encoding"), encodings())
        delimiters = {
            ",": tr("Comma (,)"),
            ";": tr("Semicolon (;)"),
            "\t": trc("a delimiter", "Tab"),
            " ": tr("Spaces"),
            "|": tr("Vertical bar (|)"),
            ":": tr("Colon (:)"),
            FIXED: tr("Fixed width"),
        }
        self._add_box("delimiter", tr("Delimiter"), delimiters)
        quotes = {'"': tr('Double (")'), "'": tr("Single (')"), "": tr("No quotes")}
        self._add_box("quote", tr("Quotes"), quotes)
        self._add_box(
            "decimal", tr("Decimal mark"), {".": tr("Point (1.5)"), ",": tr("Comma (1,5)")}
        )
        separators = {
            "": tr("No separator (1000)"),
            ",": tr("Comma (1,000)"),
            ".": tr("Point (1.000)"),
            " ": tr("Space (1 000)"),
            "'": tr("Apostrophe (1'000)"),
        }
        self._add_box("thousands", tr("Thousands separator"), separators)
        self._add_box(
            "has_header", tr("Header row"), {True: tr("First row"), False: tr("No names")}
        )
        self._add_box("missing", tr("Means “missing”"), {(): tr("Only usual words")})
        hidden = {False: tr("Left out"), True: trc("hidden rows are …", "Read")}
        self._add_box("hidden_rows", tr("Hidden rows"), hidden)
        self._add_box("hidden_columns", tr("Hidden columns"), hidden)
        self.skip = NumberField(_parse_skip, str, step_by(1))
        self._add_row("skip", tr("Lines to skip"), self.skip)
        self.error = text_label("error")
        self.error.hide()
        self.skip.refused.connect(partial(show_text, self.error))
        self._rows.addWidget(self.error)

    def show_dialect(self, dialect: Dialect | None, sheets: Sequence[str]) -> None:
        """Show how a table is written, and the sheets of a workbook; hide all of an unread one."""
        is_read = dialect is not None and (bool(sheets) or not dialect.is_workbook)
        self.setVisible(is_read)
        if dialect is None or not is_read:
            return
        hidden = _TEXT_FIELDS if dialect.is_workbook else _WORKBOOK_FIELDS
        for name, box in self.boxes.items():
            self._fields[name].setVisible(name not in hidden)
            choices, value = dict(self._choices[name]), getattr(dialect, name)
            if name == "sheet":
                choices = {sheet: quoted(sheet) for sheet in sheets}
            elif name == "thousands":
                choices.pop(dialect.decimal, None)
            rare = ", ".join(value) if name == "missing" else str(value)
            choices.setdefault(value, quoted(rare) or tr("Another character"))
            box.set_choices(choices)
            box.set_value(value)
            set_tip(box, box.currentText())
        self.skip.set_value(dialect.skip)

    def _add_box(self, name: str, words: str, choices: Mapping[Any, str]) -> None:
        box = ChoiceBox()
        box.setMinimumContentsLength(1)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.boxes[name], self._choices[name] = box, choices
        self._add_row(name, words, box)

    def _add_row(self, name: str, words: str, editor: ChoiceBox | NumberField) -> None:
        editor.setAccessibleName(words)
        editor.committed.connect(partial(self.corrected.emit, name))
        field = area(fill(QVBoxLayout(), text_label("muted", words), editor, spacing=2))
        keep_scaled(field, setFixedWidth=_FORM_WIDTH)
        self._fields[name] = field
        self._rows.addWidget(field)


def _parse_skip(text: str) -> int:
    lines = parse_whole(text)
    if not 0 <= lines <= MAX_SKIP:
        raise ValueError(tr("Enter a number from 0 to {most}.").format(most=whole(MAX_SKIP)))
    return lines


class ImportDialog(QDialog):
    """Shows a `TableImport`, and passes on the examples that a person chooses from its table.

    Closing the dialog discards the table.

    Attributes
    ----------
    table_import : TableImport
        Reads the table.
    use : QPushButton
        Enabled once the chosen columns give examples.
    standardize, suggest : QCheckBox
        Whether to standardize the features, and to use settings that suit the examples.
    note, refusal, words, settings_words : QLabel
        What to know about the file; why its table cannot be used; what the chosen columns give;
        which settings suit that.

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
        self.table_import = table_import
        self._table: Table | None = None
        self._data: Dataset | None = None
        self._settings: dict[str, Any] | None = None
        self._has_decided = self._is_waiting = self._is_narrow = False
        self._name = text_label("state")
        self._facts = text_label("muted", wraps=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.form = DialectForm()
        self.form.corrected.connect(self._on_corrected)
        self.remarks = RemarkList()
        self.remarks.corrected.connect(table_import.correct)
        self.preview = TablePreview()
        self.chooser = ColumnChooser()
        self.chooser.choice_changed.connect(self._choose)
        self.note, self.refusal = text_label("pending"), text_label("refusal")
        for label in (self.note, self.refusal):
            label.hide()
        self.words = text_label("fact")
        self.standardize = QCheckBox(tr("Standardize the features"))
        self.standardize.clicked.connect(self._on_standardize_clicked)
        self.suggest = QCheckBox(tr("Suggest rate, batch size and epochs"))
        self.suggest.setChecked(True)
        self.suggest.toggled.connect(self._show_settings)
        self.settings_words = text_label("muted")
        self._options = flow(self.standardize, self.suggest, spacing=24)
        self.cancel = push_button(tr("Cancel"), self.reject)
        self.use = push_button(tr("Use"), self.accept)
        set_style_property(self.use, "primary", True)
        self.use.setDefault(True)
        self._lay_out()
        table_import.changed.connect(self._on_changed)
        table_import.progressed.connect(self._show_progress)
        table_import.chosen.connect(self._on_chosen)
        table_import.suggested.connect(self._on_suggested)
        table_import.refused.connect(self._on_refused)
        self._on_changed()

    def show_table(self, source: Path | str, note: str = "", **known: Any) -> None:
        """Read a file or pasted text, and show its table below a note.

        ``known`` are fields of the `Dialect`.
        """
        show_text(self.note, note)
        self._has_decided = self._is_waiting = False
        self._options.setEnabled(True)
        self._fit_to_screen()
        self.table_import.open(source, **known)
        self.chooser.setFocus()
        self.open()

    def _lay_out(self) -> None:
        keep_scaled(self.bar, setFixedHeight=4)
        keep_scaled(
            self.preview,
            setMinimumHeight=PREVIEW_ROW_HEIGHT * _FEWEST_ROWS + _HEADER_HEIGHT,
            setMaximumHeight=PREVIEW_ROW_HEIGHT * PREVIEW_ROWS + _HEADER_HEIGHT,
        )
        keep_scaled(self.chooser, setMinimumHeight=_LEAST_CHOICE)
        head = fill(QHBoxLayout(), self._name, self._facts, spacing=16, stretch=self._name)
        title = text_label("title", tr("Format"))
        self._format = area(fill(QVBoxLayout(), title, self.form, None, spacing=4))
        views = fill(
            QVBoxLayout(),
            text_label("title", tr("First rows")),
            self.preview,
            text_label("title", tr("Features and target")),
            self.chooser,
        )
        views.setStretchFactor(self.preview, 1)
        views.setStretchFactor(self.chooser, 1)
        self._views = area(views)
        self._tables = area(
            fill(
                QVBoxLayout(),
                self.note,
                self.refusal,
                self.remarks,
                self._views,
                None,
                stretch=self._views,
            )
        )
        self._grid = QGridLayout()
        keep_scaled(self._grid, setHorizontalSpacing=24, setVerticalSpacing=12)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(0, 1)
        body = Overflow(area(self._grid))
        keep_scaled(body, setMinimumHeight=_LEAST_BODY)  # Qt's own minimum would squeeze the words
        words = fill(QVBoxLayout(), self.words, self.settings_words, spacing=4)
        self._foot = QVBoxLayout()
        keep_scaled(self._foot, setSpacing=12)
        row = fill(QHBoxLayout(), area(words), self.cancel, self.use)
        row.setStretch(0, 1)
        self._foot.addLayout(row)
        parts = (head, self.bar, body, self._foot)
        fill(QVBoxLayout(self), *parts, margins=(24, 16, 24, 16), spacing=12, stretch=body)
        self._fit_to_screen()
        self._arrange()

    def _fit_to_screen(self) -> None:
        """Be as large as is useful, but not larger than the screen."""
        room = self.screen().availableSize() - QSize(32, 64)
        self.setMinimumSize(QSize(*map(px, _LEAST_SIZE)).boundedTo(room))
        self.resize(QSize(*map(px, _SIZE)).boundedTo(room))

    def _arrange(self) -> None:
        """Put the format beside the tables, or below them in a narrow dialog.

        The options stand beside the buttons. In a low dialog they are scrolled with all the rest.
        """
        self._is_narrow = self.width() < px(_WIDTH_FOR_COLUMNS)
        self.form.setMaximumWidth(_UNLIMITED if self._is_narrow else px(_FORM_WIDTH))
        if self._is_narrow:
            self._grid.addWidget(self._tables, 0, 0, 1, 2)
            self._grid.addWidget(self._format, 1, 0, 1, 2)
        else:
            self._grid.addWidget(self._format, 0, 0)
            self._grid.addWidget(self._tables, 0, 1)
        if self.height() < px(_HEIGHT_FOR_OPTIONS):
            self._grid.addWidget(self._options, 2, 0, 1, 2)
        else:
            self._foot.insertWidget(0, self._options)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the dialog as one reads it."""
        middle = [self._format, self._tables]
        areas = [*(reversed(middle) if self._is_narrow else middle), self._options]
        return move_focus(self, [*areas, self.cancel, self.use], forward=forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put everything where it has room."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _on_changed(self) -> None:
        source = self.table_import
        metrics = self._name.fontMetrics()
        self._name.setText(
            metrics.elidedText(source.name, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH)
        )
        set_tip(self._name, source.name)
        self.form.show_dialect(source.dialect, source.sheets)
        self._format.setVisible(not self.form.isHidden())
        self.bar.setVisible(source.is_reading)
        self._show_progress()
        if source.table is not self._table:
            self._show_columns(source.table)
        self._show_remarks()
        self._facts.setText(tr("Reading …") if source.is_reading else _facts(source.table))
        show_text(self.refusal, source.complaint)
        self._views.setVisible(source.is_reading or source.table is not None)
        self._options.setVisible(not source.complaint)
        if source.complaint:
            announce(self, source.complaint)
        if source.is_reading or source.complaint:
            self._say("")
        else:
            self._choose()

    @Slot()
    def _show_progress(self) -> None:
        self.bar.setValue(round(100 * self.table_import.progress))

    def _show_columns(self, table: Table | None) -> None:
        proposed = self.table_import.proposal or ((), -1)
        features, target = self._kept_choice(table) or proposed
        self._table = table
        self.preview.show_table(table)
        is_first = not self.chooser.model().rowCount()
        self.chooser.show_columns(table.columns if table else (), set(features), target)
        if is_first and features:
            self.chooser.setFocus()

    def _kept_choice(self, table: Table | None) -> tuple[list[int], int] | None:
        """Return the choice from before a correction, if the columns are still the same."""
        if table is None or self._table is None or _names(table) != _names(self._table):
            return None
        usable = {index for index, column in enumerate(table.columns) if not column.refusal}
        features, target = usable.intersection(self.chooser.features), self.chooser.target
        return (sorted(features), target) if features and target in usable else None

    @Slot()
    def _choose(self) -> None:
        self._say("")
        self._show_remarks()
        chosen = (self.chooser.features, self.chooser.target)
        self.table_import.choose(*chosen, standardize=self._wanted)

    @property
    def _wanted(self) -> bool | None:
        """Return whether a person wants to standardize; None if they have not said so."""
        return self.standardize.isChecked() if self._has_decided else None

    def _show_remarks(self) -> None:
        """Show what is not certain about the table and the chosen columns."""
        chosen = {*self.chooser.features, self.chooser.target} - {-1}
        self.remarks.show_remarks(self._table.remarks_on(sorted(chosen)) if self._table else [])

    @Slot()
    def _on_standardize_clicked(self) -> None:
        """From now on the box stays as the person wants it."""
        self._has_decided = True
        self._settings = None
        self._show_settings()
        if self._data is not None:
            self.table_import.suggest(self._data, standardize=self._wanted)

    @Slot(str, object)
    def _on_corrected(self, field: str, value: object) -> None:
        self.table_import.correct({field: value})

    @Slot(object)
    def _on_chosen(self, data: Dataset) -> None:
        self._is_waiting = False
        self._options.setEnabled(True)
        self._say(paragraph(_choice(data), data.skipped.sentence), data=data)

    @Slot(object)
    def _on_suggested(self, settings: dict[str, Any]) -> None:
        if self._wanted not in {None, settings["standardize"]}:
            # These were being found before the person decided.
            assert self._data is not None
            self.table_import.suggest(self._data, standardize=self._wanted)
            return
        self._settings = settings
        if not self._has_decided:
            self.standardize.setChecked(settings["standardize"])
        self._show_settings()
        if self._is_waiting:
            self._finish()

    @Slot()
    def _show_settings(self) -> None:
        """Say what will be set besides the features."""
        is_shown = self._settings is not None and self.suggest.isChecked()
        others = {
            name: value for name, value in (self._settings or {}).items() if name != "standardize"
        }
        sentence = tr("This also sets: {settings}.").format(settings=settings_words(others))
        show_text(self.settings_words, sentence if is_shown else "")

    def _finish(self) -> None:
        data, settings = self._data, {"standardize": self.standardize.isChecked()}
        if self._settings is not None and self.suggest.isChecked():
            settings = self._settings
        super().accept()
        self.accepted_data.emit(data, settings)

    @Slot(object)
    def _on_refused(self, sentence: str) -> None:
        """Say why. If only the suggestions failed, the examples can be used without them."""
        self._is_waiting = False
        self._say(sentence, "error", self._data)
        self._options.setEnabled(True)

    def _say(self, sentence: str, role: str = "fact", data: Dataset | None = None) -> None:
        """Show what came of the choice: examples that can be used, or none."""
        set_style_property(self.words, "role", role)
        self.words.setText(sentence)
        self._data, self._settings = data, None
        self._show_settings()
        self.use.setEnabled(data is not None)

    def accept(self) -> None:
        """Pass on the examples, with settings that suit them if these are wanted and known."""
        if self._data is None:
            return
        if self._settings is not None or (self._has_decided and not self.suggest.isChecked()):
            self._finish()
            return
        self._is_waiting = True
        self._options.setEnabled(False)
        self.use.setEnabled(False)
        self.words.setText(tr("Finding settings …"))
        self.table_import.suggest(self._data, standardize=self._wanted)

    def done(self, result: int) -> None:
        """Close, and discard the table."""
        self._is_waiting = False
        super().done(result)
        self.table_import.cancel()


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _choice(data: Dataset) -> str:
    names = data.feature_names
    features = in_a_row(names) if len(names) <= _MAX_NAMED else counted_features(len(names))
    sentence = trn(
        "Predict {target} from {features}: {size} example.",
        "Predict {target} from {features}: {size} examples.",
        data.size,
    )
    return sentence.format(target=data.target_name, features=features, size=whole(data.size))


def _facts(table: Table | None) -> str:
    if table is None:
        return ""
    rows = table.row_count + table.too_long + table.too_short
    columns = len(table.columns)
    return tr("{rows} × {columns}").format(
        rows=trn("{count} row", "{count} rows", rows).format(count=whole(rows)),
        columns=trn("{count} column", "{count} columns", columns).format(count=whole(columns)),
    )
