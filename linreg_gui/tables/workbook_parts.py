"""What the parts of an Excel workbook say: its sheets, texts, number formats and cells.

ECMA-376 describes them, part 1, chapter 18. Everything here raises `DamagedError` and
`StoppedError` as a `Package` does.
"""

import posixpath
import re
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from linreg_gui.tables.bounds import (
    KEPT_LETTERS,
    MOST_SHEET_COLUMNS,
    MOST_SHEETS,
    MOST_SMALL_BYTES,
    too_many_sheets,
)
from linreg_gui.tables.package import Attributes, DamagedError, Package, XmlReader
from linreg_gui.tables.sheet_rows import Hidden, Sheet, number_in
from linreg_gui.tables.source import StoppedError

_TRUE = {"1", "true"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DIGITS = "0123456789"

_PERCENTS = {9, 10}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_DURATIONS = {46}
"""The numbers of formats that every workbook has."""

_NO_CODE = re.compile(r'"[^"]*"|[\\_].|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
"""What stands for itself in the code of a number format; colors and countries, in brackets."""

_DATE_CODE = re.compile("[dmhysDMHYS]")
_DURATION_CODE = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)

_FROM_1900, _FROM_1904 = map(datetime.fromisoformat, ("1899-12-30", "1904-01-01"))

_Moment = datetime | time | timedelta | str


class Formats(NamedTuple):
    """Which styles of cells, by their numbers, show a number as something else."""

    dates: set[int]
    durations: set[int]
    percents: set[int]


class WorkbookFile:
    """What a workbook says beside its cells.

    Attributes
    ----------
    package : Package
        Its file.
    sheets : dict of str to bool
        Whether each is shown, by its title.
    texts : list of str
        The texts to which cells refer.
    formats : Formats
        What numbers are.
    counts_from_1904 : bool
        Whether days are counted from the year 1904.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.sheets: dict[str, bool] = {}
        self._parts: dict[str, str] = {}
        self.texts: list[str] = []
        self.formats = Formats(set(_DATES), set(_DURATIONS), set(_PERCENTS))
        self.counts_from_1904 = False
        main = next((each.part for each in self._related("", "officeDocument")), "xl/workbook.xml")
        self._places = {each.key: each.part for each in self._related(main, "worksheet")}
        starts = {"sheet": self._on_sheet, "workbookPr": self._on_properties}
        package.read(main, XmlReader(starts), MOST_SMALL_BYTES)
        for each in self._related(main, "styles"):
            self.formats = _read_formats(package, each.part)
        for each in self._related(main, "sharedStrings"):
            self.texts = _read_texts(package, each.part)

    def sheet(self, title: str, wanted: Hidden) -> "ExcelSheet":
        """Return what reads a sheet."""
        return ExcelSheet(self, self._parts[title], wanted)

    def _on_sheet(self, attributes: Attributes) -> None:
        key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        part = self._places.get(key, "")
        if part in self.package:  # a chart has no cells
            title = attributes.get("name", "")
            self.sheets[title] = attributes.get("state", "visible") == "visible"
            self._parts[title] = part
        if len(self.sheets) > MOST_SHEETS:
            raise StoppedError(too_many_sheets(MOST_SHEETS))

    def _on_properties(self, attributes: Attributes) -> None:
        self.counts_from_1904 = attributes.get("date1904") in _TRUE

    def _related(self, part: str, kind: str) -> "list[_Relation]":
        """Return the parts of a kind that belong to a part, or to the whole package."""
        folder, name = posixpath.split(part)
        list_of_them = posixpath.join(folder, "_rels", f"{name}.rels")
        found: list[_Relation] = []

        def take(attributes: Attributes) -> None:
            if attributes.get("Type", "").rpartition("/")[2] == kind:
                place = posixpath.join("/", folder, attributes.get("Target", ""))
                found.append(
                    _Relation(attributes.get("Id", ""), posixpath.normpath(place).lstrip("/"))
                )

        if list_of_them in self.package:
            self.package.read(list_of_them, XmlReader({"Relationship": take}), MOST_SMALL_BYTES)
        return found


class _Relation(NamedTuple):
    key: str
    part: str


class ExcelSheet(Sheet):
    """Reads the cells of a sheet."""

    def __init__(self, workbook: WorkbookFile, part: str, wanted: Hidden) -> None:
        super().__init__(workbook.package, part, wanted)
        self._workbook = workbook
        self._number = 0
        self._column = -1
        self._columns: dict[str, int] = {}
        self._kind = "n"
        self._style = 0
        self._has_formula = False
        self._written = ""
        self._texts = _TextCollector()
        starts = {
            "col": self._on_column,
            "row": self._on_row,
            "c": self._on_cell,
            "f": self._on_formula,
            "rPh": self._texts.on_phonetic,
        }
        ends = {"c": self._on_cell_end, "row": self.found.end, "rPh": self._texts.on_phonetic_end}
        texts = {"v": self._on_value, "t": self._texts.on_text}
        self._reader = XmlReader(starts, ends, texts)

    def _on_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE:
            self.found.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)

    def _on_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self._number + 1))
        if number <= self._number:
            raise DamagedError
        self._number = number
        self.found.begin(number, is_hidden=attributes.get("hidden") in _TRUE)
        self._column = -1

    def _on_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r", "").rstrip(_DIGITS)
        if place:
            column = self._columns.get(place)
            self._column = self._column_at(place) if column is None else column
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._has_formula = False
        self._written = ""
        self._texts.take()

    def _on_formula(self, _: Attributes) -> None:
        self._has_formula = True

    def _on_value(self, text: str) -> None:
        self._written = text

    def _on_cell_end(self) -> None:
        self.found.empty_formulas += self._has_formula and not self._written
        value = self._texts.take() if self._kind == "inlineStr" else self._value()
        is_percent = self._kind == "n" and self._style in self._workbook.formats.percents
        self.found.put(self._column, value, is_percent=is_percent)

    def _value(self) -> Any:
        text = self._written
        if not text:
            return None
        if self._kind == "n":
            return self._number_in(text)
        if self._kind == "s":
            return self._workbook.texts[int(text)]
        if self._kind == "b":
            return bool(int(text))
        return _unescaped(text)

    def _number_in(self, text: str) -> Any:
        value = number_in(text)
        formats = self._workbook.formats
        if self._style not in formats.dates:
            return value
        return _moment(
            value,
            is_duration=self._style in formats.durations,
            from_1904=self._workbook.counts_from_1904,
        )

    def _column_at(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            if not "A" <= letter <= "Z":
                raise DamagedError
            number = min(number * 26 + ord(letter) - ord("A") + 1, MOST_SHEET_COLUMNS + 1)
        return self._columns.setdefault(letters, number - 1)


class _TextCollector:
    """Joins the parts of a text that look different, as far as the text is kept.

    How Japanese is pronounced is left out.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._letters = 0
        self._is_phonetic = False

    def on_phonetic(self, _: Attributes) -> None:
        self._is_phonetic = True

    def on_phonetic_end(self) -> None:
        self._is_phonetic = False

    def on_text(self, text: str) -> None:
        if not self._is_phonetic and self._letters <= KEPT_LETTERS:
            self._parts.append(text[: KEPT_LETTERS + 1])
            self._letters += len(text)

    def take(self) -> str:
        """Return the text, and forget it."""
        text = "".join(self._parts)
        self._parts.clear()
        self._letters = 0
        return _unescaped(text)


def _read_texts(package: Package, part: str) -> list[str]:
    collector = _TextCollector()
    texts: list[str] = []
    reader = XmlReader(
        {"rPh": collector.on_phonetic},
        {"si": lambda: texts.append(collector.take()), "rPh": collector.on_phonetic_end},
        {"t": collector.on_text},
    )
    package.read(part, reader, MOST_SMALL_BYTES)
    return texts


def _read_formats(package: Package, part: str) -> Formats:
    """Return which styles show a number as a date, a duration, or percent."""
    kinds = Formats(set(_DATES), set(_DURATIONS), set(_PERCENTS))
    styles: list[int] = []
    is_for_cells = False

    def on_format(attributes: Attributes) -> None:
        number = int(attributes.get("numFmtId", 0))
        code = attributes.get("formatCode", "").split(";")[0]
        plain = _NO_CODE.sub("", code)
        found = (_DATE_CODE.search(plain), _DURATION_CODE.search(plain), "%" in plain)
        for kind, is_one in zip(kinds, found, strict=True):
            (kind.add if is_one else kind.discard)(number)

    def on_styles(_: Attributes) -> None:
        nonlocal is_for_cells
        is_for_cells = True

    def on_styles_end() -> None:
        nonlocal is_for_cells
        is_for_cells = False

    def on_style(attributes: Attributes) -> None:
        if is_for_cells:
            styles.append(int(attributes.get("numFmtId", 0)))

    starts = {"numFmt": on_format, "cellXfs": on_styles, "xf": on_style}
    package.read(part, XmlReader(starts, {"cellXfs": on_styles_end}), MOST_SMALL_BYTES)
    return Formats(*({i for i, each in enumerate(styles) if each in kind} for kind in kinds))


def _unescaped(text: str) -> str:
    """Return a text with the letters that XML cannot have."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _moment(days: float, *, is_duration: bool, from_1904: bool) -> _Moment:
    """Return the date, the time of the day, or the duration that a number of days stands for."""
    try:
        since = timedelta(days=days // 1, milliseconds=round(days % 1 * 86_400_000))
        if is_duration:
            return since
        if timedelta(0) <= since < timedelta(days=1):
            return (_FROM_1904 + since).time()
        # Excel's calendar has a 29th of February in 1900, its day 60.
        epoch = _FROM_1904 if from_1904 else _FROM_1900 + timedelta(days=days < 60)
        return epoch + since
    except (OverflowError, ValueError):
        return "#VALUE!"
