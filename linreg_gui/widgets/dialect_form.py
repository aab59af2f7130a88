"""How a table is written, as drop-downs: what was detected, for a person to correct."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QWidget

from linreg_gui.data.dialect import Dialect, Format
from linreg_gui.data.table_encoding import ENCODINGS
from linreg_gui.texts import tr
from linreg_gui.training.numbers import parse_whole
from linreg_gui.widgets.controls.editors import ChoiceBox, NumberField, step_whole
from linreg_gui.widgets.text_label import text_label

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
    "encoding": ENCODINGS,
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
        self.skip = NumberField(_parse_skip, str, step_whole)
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
        other = _OF_WORKBOOKS if dialect.format is Format.TEXT else _OF_TEXT
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
        raise ValueError(tr("Give a number of lines from 0 to {most:,}.").format(most=MOST_SKIPPED))
    return lines
