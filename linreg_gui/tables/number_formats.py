"""What a cell holds: numbers as people write them, missing values, dates, and text."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

MISSING_VALUES = frozenset(
    [
        *("na", "n/a", "n.a.", "n.a", "n.d.", "k.a.", "nan", "<na>", "null", "none", "nil"),
        *("missing", "-", "--", "---", "–", "—", ".", "..", "...", "…", "?", "??", "*"),
        *("#n/a", "#n/a!", "#na", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!"),
    ]
)
"""What people and programs write for a missing value, in lower case."""

_SPACES = " \u00a0\u202f\u2009"
"""Spaces that separate thousands: ordinary, no-break, narrow no-break, thin."""

_APOSTROPHES = "'’"
_CURRENCIES = "$€£¥₹₽₩₺"
_SIGN = "[+−-]?"
_INDIAN = "[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}"
_EXPONENT = "(?:[eE][+−-]?[0-9]+)?"
_MONEY = re.compile(
    f"(?P<sign>{_SIGN})(?P<before>[{_CURRENCIES}])? ?(?P<number>[^{_CURRENCIES}]+?)"
    f" ?(?P<after>[{_CURRENCIES}])?"
)
_SOME_NUMBER = re.compile(
    f"\\(?{_SIGN}(?:[{_CURRENCIES}] ?)?[(]?{_SIGN}"
    f"((?:[0-9]{{1,3}}(?:[.,{_SPACES}{_APOSTROPHES}][0-9]{{3}})+|{_INDIAN})(?:[.,][0-9]+)?"
    f"|[0-9]+(?:[.,][0-9]+|\\.)?|(?<![ {_CURRENCIES}])[.,][0-9]+)"
    f"{_EXPONENT}\\s*[-−%{_CURRENCIES}]?\\)?"
)
_SURE = re.compile(r"[+-]?(?:[0-9]+|[0-9]*[.](?:[0-9]{1,2}|[0-9]{4,})|(?:0|[0-9]{4,})[.][0-9]{3})")
"""A number that has no mark, or one that can only be the decimal mark."""

_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_INFINITE = re.compile(f"({_SIGN})(?:inf|infinity|∞)", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)(?:\d{4}|\d{2})(?:[T ]+\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
)
_UNIT = re.compile(r"(.*?[0-9.,]) ?[A-Za-zµμΩ°/²³]{1,6}")
_LONG = 60
_MOST_KNOWN = 8192
_USUAL = {
    **{zero + digit: str(digit) for zero in (0x660, 0x6F0, 0xFF10) for digit in range(10)},
    **str.maketrans("\uff0e\uff0c\uff0d\uff0b\uff05", ".,-+%"),
    0x66C: None,
}
"""Arabic, Persian and full-width digits, full-width marks, and the Arabic thousands separator."""

_ARABIC_DECIMAL = "\u066b"
_NO_DIGITS = str.maketrans("", "", "0123456789")
_TRUTHS = {"true": 1.0, "false": 0.0}


class DataType(Enum):
    """What a cell or a column holds."""

    NUMBER = auto()
    MISSING = auto()
    DATE = auto()
    TEXT = auto()


class Notation(Enum):
    """What a cell has besides a plain number."""

    THOUSANDS = auto()
    PARENTHESES = auto()
    PERCENT = auto()
    CURRENCY = auto()
    TRUTH = auto()
    TRAILING_MINUS = auto()
    UNIT = auto()


class Cell(NamedTuple):
    """What was read from a cell.

    Attributes
    ----------
    value : float
        NaN unless it is a number.
    notation : Notation or None
        A number with a unit is a text: 12 cm and 1 m must not become 12 and 1.
    currency : str
        The currency sign.
    """

    data_type: DataType
    value: float = math.nan
    notation: Notation | None = None
    currency: str = ""


_TEXT = Cell(DataType.TEXT)


def _each_line(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what matches a text if each of its lines matches a pattern, which has no groups.

    Python's possessive quantifiers fail with groups.
    """
    return re.compile(f"(?:(?:{pattern})\n)*+", flags)


_WORDS = "|".join(map(re.escape, [*MISSING_VALUES, *_TRUTHS, "inf", "infinity"]))
_ALIKE = (
    (_each_line(_DATE.pattern), DataType.DATE),
    # No number and no date begins with a letter.
    (_each_line(f"(?!(?:{_WORDS})\\s*\n)[^\\W\\d_].*", re.IGNORECASE), DataType.TEXT),
)


class CellReader:
    """Reads cells, given the decimal mark and the thousands separator.

    A mark in the wrong place makes the cell a text, never a different number: with a decimal
    point and commas between thousands, ``1,5`` is a text.
    """

    def __init__(self, decimal: str, thousands: str) -> None:
        self.decimal = decimal
        alike = (each for each in (_SPACES, _APOSTROPHES) if thousands and thousands in each)
        variants = next(alike, thousands)
        group = f"[{re.escape(variants)}]" if variants else "(?!)"
        point = re.escape(decimal)
        fraction = f"{point}[0-9]*" if decimal == "." else f"{point}[0-9]+"
        grouped = (f"[0-9]{{1,3}}(?:{re.escape(each)}[0-9]{{3}})+|" for each in variants)
        indian = f"{_INDIAN}|" if thousands == "," else ""
        plain = (
            f"{_SIGN}(?:(?:{''.join(grouped)}{indian}[0-9]+)(?:{fraction})?|{point}[0-9]+)"
            f"{_EXPONENT}"
        )
        self._plain = re.compile(plain)
        self._all_plain = _each_line(plain)
        self._group = re.compile(group)
        self._read_known = lru_cache(_MOST_KNOWN)(self.read)
        self._bare = re.compile(
            f"{_SIGN}[0-9]+{r'(?:[.][0-9]*)?' if decimal == '.' else ''}{_EXPONENT}"
        )
        self._to_python = str.maketrans({"−": "-"} | dict.fromkeys(variants) | {decimal: "."})

    def kind(self, text: str) -> DataType:
        """Return what the cell holds. The first cells of a table are asked many times."""
        if self._plain.fullmatch(text):
            return DataType.NUMBER
        return self._read_known(text).data_type

    def plain(self, text: str) -> float:
        """Return the value of a cell that holds only a number; NaN of any other."""
        return float(text.translate(self._to_python)) if self._plain.fullmatch(text) else math.nan

    def is_plain(self, text: str) -> bool:
        """Return whether a cell holds only a number."""
        return self._plain.fullmatch(text) is not None

    def is_bare(self, text: str) -> bool:
        """Return whether a cell holds only a number, without any doubt about its marks."""
        return self._bare.fullmatch(text) is not None

    def read_alike(self, texts: Sequence[str]) -> tuple[DataType, list[float]] | None:
        """Return what all cells hold, and the numbers; None if it may not be the same in all.

        It takes a tenth of the time of `plain` or `read`.
        """
        lines = "\n".join(texts) + "\n"
        if lines.count("\n") != len(texts):
            return None
        if self._all_plain.fullmatch(lines):
            return DataType.NUMBER, [*map(float, lines.translate(self._to_python).split())]
        for pattern, data_type in _ALIKE:
            if pattern.fullmatch(lines):
                return data_type, []
        return None

    def read(self, text: str) -> Cell:
        """Return what the cell holds."""
        text = _with_usual_digits(text.strip(), self.decimal)
        lower = text.lower()
        if not text or lower in MISSING_VALUES:
            return Cell(DataType.MISSING)
        if not math.isnan(value := self.plain(text)):
            notation = Notation.THOUSANDS if self._group.search(text) else None
            return Cell(DataType.NUMBER, value, notation)
        if lower in _TRUTHS:
            return Cell(DataType.NUMBER, _TRUTHS[lower], Notation.TRUTH)
        if match := _INFINITE.fullmatch(text):
            return Cell(DataType.NUMBER, -math.inf if match[1] in {"-", "−"} else math.inf)
        is_word = text[0].isalpha()  # no number and no date begins with a letter
        if not is_word and _DATE.fullmatch(text):
            return Cell(DataType.DATE)
        return _TEXT if is_word or len(text) >= _LONG else self._read_annotated(text)

    def _read_annotated(self, text: str) -> Cell:
        if text.endswith(")") and "(" in text[:3]:  # accountants write negative numbers like this
            cell = self.read(text[:-1].replace("(", "-", 1))
            if cell.data_type is not DataType.NUMBER:
                return _TEXT
            is_percent = cell.notation is Notation.PERCENT
            return cell if is_percent else cell._replace(notation=Notation.PARENTHESES)
        if text.endswith(("-", "−")) and not math.isnan(value := self.plain(text[:-1].rstrip())):
            is_negative = text[0] not in "+-−"
            return Cell(DataType.NUMBER, -value, Notation.TRAILING_MINUS) if is_negative else _TEXT
        if text.endswith("%") and not math.isnan(value := self.plain(text[:-1].rstrip())):
            return Cell(DataType.NUMBER, value / 100, Notation.PERCENT)
        money = _MONEY.fullmatch(text)
        if money and not math.isnan(value := self.plain(money["sign"] + money["number"])):
            currency = money["before"] or money["after"] or ""
            return Cell(DataType.NUMBER, value, Notation.CURRENCY, currency)
        unit = _UNIT.fullmatch(text)
        has_unit = unit is not None and not math.isnan(self.plain(unit[1]))
        return Cell(DataType.TEXT, notation=Notation.UNIT if has_unit else None)


def looks_numeric(text: str) -> bool:
    """Return whether the cell is a number with any country's marks."""
    return (
        _SURE.fullmatch(text) or _SOME_NUMBER.fullmatch(_with_usual_digits(text.strip()))
    ) is not None


def is_ambiguous(text: str) -> bool:
    """Return whether a number by itself can be read in two ways, like ``1,234``."""
    return _AMBIGUOUS.fullmatch(text.strip()) is not None


class MarkCounts:
    """Counts what numbers tell about the decimal mark and the thousands separator.

    1. If a number has two different marks, the last is the decimal mark: ``1.234,5``.
    2. A mark that a number has twice separates thousands: ``1.234.567``.
    3. A single point or comma is the decimal mark, unless three digits follow and one to three
       come before, the first not 0. The majority of a table's numbers decides.
    4. ``1,234`` is ambiguous. If no other number decides, a single kind of mark is the decimal
       mark if it is a point, or if the delimiter is a semicolon, as in countries with a decimal
       comma. Otherwise the comma separates thousands, and the decimal mark is a point.

    Attributes
    ----------
    example : str
        The first ambiguous number; empty if there is none.
    """

    def __init__(self) -> None:
        self.example = ""
        self._decimals: Counter[str] = Counter()
        self._groups: set[str] = set()
        self._ambiguous: Counter[str] = Counter()

    @property
    def leaves_doubt(self) -> bool:
        """Return whether there are ambiguous numbers, and no other that decides."""
        return bool(self._ambiguous) and not self._decimals and not self._groups & {".", ","}

    def add(self, cells: Iterable[str]) -> None:
        """Count the marks in some cells."""
        for cell in cells:
            if _SURE.fullmatch(cell):  # most cells, and ten times as fast
                if "." in cell:
                    self._decimals["."] += 1
                continue
            match = _SOME_NUMBER.fullmatch(_with_usual_digits(cell.strip()))
            digits = match[1] if match else ""
            marks = [_usual_mark(mark) for mark in digits.translate(_NO_DIGITS)]
            if not marks:
                continue
            if is_ambiguous(digits):
                self.example = self.example or digits
                self._ambiguous[marks[0]] += 1
            elif len(marks) > 1 and len(set(marks)) == 1:
                self._groups.add(marks[0])
            elif marks[-1] not in ".,":
                self._groups.add(marks[-1])
            else:
                self._decimals[marks[-1]] += 1
                self._groups.update(marks[:-1])

    def decide(
        self, delimiter: str, decimal: str | None = None, thousands: str | None = None
    ) -> tuple[str, str]:
        """Return the decimal mark and the thousands separator, which is empty if there is none.

        If one of them is given, it stays, and the other follows from it.
        """
        if decimal is None:
            decimal = self._decide_decimal(delimiter)
            decimal = _other(decimal) if decimal == thousands else decimal
        if thousands is None:
            other = _other(decimal)
            is_group = other in self._groups or (
                self._ambiguous[other] and not self._decimals[other]
            )
            rare = (mark for mark in (" ", "'") if mark in self._groups - {decimal})
            thousands = other if is_group else next(rare, "")
        return decimal, thousands

    def _decide_decimal(self, delimiter: str) -> str:
        if self._decimals[","] != self._decimals["."]:
            return "," if self._decimals[","] > self._decimals["."] else "."
        if self._groups & {".", ","}:
            return "," if "." in self._groups else "."
        has_only_points = self._ambiguous["."] and not self._ambiguous[","]
        return "," if delimiter == ";" and not has_only_points else "."


def _with_usual_digits(text: str, decimal: str = ".") -> str:
    """Return a text with Arabic, Persian and full-width digits and marks as the usual ones."""
    if text.isascii():
        return text
    return text.translate(_USUAL).replace(_ARABIC_DECIMAL, decimal)


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _usual_mark(mark: str) -> str:
    if mark in _SPACES:
        return " "
    return "'" if mark in _APOSTROPHES else mark
