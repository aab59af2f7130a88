"""What an OpenDocument spreadsheet says: its sheets and cells, zipped (.ods) or flat (.fods).

OASIS describes it, OpenDocument 1.3, part 3, chapter 9.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from linreg_gui.tables.bounds import (
    MOST_BYTES,
    MOST_LETTERS,
    MOST_SHEETS,
    too_long_cell,
    too_many_sheets,
)
from linreg_gui.tables.package import Attributes, FlatPackage, Package, XmlReader
from linreg_gui.tables.sheet_rows import Hidden, Sheet, number_in
from linreg_gui.tables.source import StoppedError

CONTENT = "content.xml"
"""The part of a zipped document that has the cells."""

_MIME_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_HIDDEN = {"collapse", "filter"}
_DURATION = re.compile(r"-?PT(\d+)H(\d+)M(\d+(?:[.,]\d+)?)S")


def is_flat_document(head: bytes) -> bool:
    """Return whether a file begins like a spreadsheet in one piece of XML."""
    return head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") and _MIME_TYPE in head[:20_000]


class OpenDocument:
    """A spreadsheet.

    Attributes
    ----------
    sheets : dict of str to bool
        Whether each is shown, by its title.
    """

    def __init__(self, package: Package | FlatPackage) -> None:
        self._package = package
        self.sheets: dict[str, bool] = {}
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._open_tables = 0
        starts = {
            "style": self._on_style,
            "table-properties": self._on_properties,
            "table": self._on_table,
        }
        reader = XmlReader(starts, {"table": self._on_table_end})
        for _ in package.parse(CONTENT, reader, MOST_BYTES):
            pass

    def sheet(self, title: str, wanted: Hidden) -> "OpenSheet":
        """Return what reads a sheet."""
        return OpenSheet(self._package, title, wanted)

    def _on_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", "")

    def _on_properties(self, attributes: Attributes) -> None:
        if attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _on_table(self, attributes: Attributes) -> None:
        self._open_tables += 1
        if self._open_tables == 1:
            is_shown = attributes.get("table:style-name") not in self._hidden_styles
            self.sheets.setdefault(attributes.get("table:name", ""), is_shown)
        if len(self.sheets) > MOST_SHEETS:
            raise StoppedError(too_many_sheets(MOST_SHEETS))

    def _on_table_end(self) -> None:
        self._open_tables -= 1


class OpenSheet(Sheet):
    """Reads the cells of a sheet. In the same part are the other sheets."""

    def __init__(self, package: Package | FlatPackage, title: str, wanted: Hidden) -> None:
        super().__init__(package, CONTENT, wanted)
        self._title = title
        self._open_tables = 0
        self._number = 0
        self._rows = 1
        self._column = 0
        self._cell: Attributes = {}
        self._depth = 0
        self._lines: list[str] = []
        self._letters = 0
        starts = {
            "table": self._on_table,
            "table-column": self._on_column,
            "table-row": self._on_row,
            "table-cell": self._on_cell,
            "covered-table-cell": self._on_cell,
            "s": lambda attributes: self._add_text(" " * min(_count(attributes), MOST_LETTERS)),
            "tab": lambda _: self._add_text("\t"),
            "line-break": lambda _: self._add_text("\n"),
        }
        ends = {
            "table": self._on_table_end,
            "table-row": self._on_row_end,
            "table-cell": self._on_cell_end,
            "covered-table-cell": self._on_covered_end,
        }
        self._reader = XmlReader(starts, ends, {"p": self._on_paragraph})

    @property
    def _is_inside(self) -> bool:
        """Return whether what comes belongs to the sheet, and not to a chart on it."""
        return self._open_tables == 1 and not self._is_over

    def _on_table(self, attributes: Attributes) -> None:
        if self._open_tables or attributes.get("table:name", "") == self._title:
            self._open_tables += 1

    def _on_table_end(self) -> None:
        if self._open_tables:
            self._open_tables -= 1
            self._is_over |= not self._open_tables

    def _on_column(self, attributes: Attributes) -> None:
        if self._is_inside:
            count = _count(attributes, "table:number-columns-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                self.found.hide_columns(self._column, self._column + count - 1)
            self._column += count

    def _on_row(self, attributes: Attributes) -> None:
        if self._is_inside:
            self._rows = _count(attributes, "table:number-rows-repeated")
            is_hidden = attributes.get("table:visibility") in _HIDDEN
            self.found.begin(self._number + 1, is_hidden=is_hidden)
            self._number += self._rows
            self._column = 0

    def _on_row_end(self) -> None:
        if self._is_inside:
            self.found.end(self._rows)

    def _on_cell(self, attributes: Attributes) -> None:
        if self._is_inside:
            self._cell = dict(attributes)
            self._depth = self._reader.depth
            self._lines = []
            self._letters = 0

    def _on_paragraph(self, text: str) -> None:
        if self._is_inside and self._reader.depth == self._depth:  # not in a comment or a shape
            self._letters += len(text)
            if self._letters > MOST_LETTERS:
                raise StoppedError(too_long_cell(MOST_LETTERS))
            self._lines.append(text)

    def _on_cell_end(self) -> None:
        if not self._is_inside:
            return
        kind = self._cell.get("office:value-type", "")
        value = self._value(kind)
        self.found.empty_formulas += "table:formula" in self._cell and not kind
        count = _count(self._cell, "table:number-columns-repeated")
        self.found.put(self._column, value, count=count, is_percent=kind == "percentage")
        self._column += count

    def _on_covered_end(self) -> None:
        if self._is_inside:  # it is part of a larger cell, and shows nothing
            self._column += _count(self._cell, "table:number-columns-repeated")

    def _value(self, kind: str) -> Any:
        cell = self._cell
        if kind in {"float", "percentage", "currency"}:
            text = cell["office:value"]
            return number_in(text)
        if kind == "boolean":
            return cell["office:boolean-value"] == "true"
        if kind == "date":
            return _date(cell["office:date-value"])
        if kind == "time":
            return _duration(cell["office:time-value"])
        return cell.get("office:string-value") or "\n".join(self._lines) if kind else None

    def _add_text(self, text: str) -> None:
        self._reader.add_text(text)


def _count(attributes: Attributes, name: str = "text:c") -> int:
    return max(int(attributes.get(name, 1)), 1)


def _date(written: str) -> datetime | str:
    try:
        return datetime.fromisoformat(written)
    except ValueError:  # a year before the first
        return "#VALUE!"


def _duration(written: str) -> timedelta | str:
    found = _DURATION.fullmatch(written)
    if not found:
        return "#VALUE!"
    hours, minutes, seconds = found.groups()
    try:
        return timedelta(
            hours=int(hours), minutes=int(minutes), seconds=float(seconds.replace(",", "."))
        )
    except OverflowError:
        return "#VALUE!"
