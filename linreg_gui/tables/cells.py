"""What a cell says: numbers as people write them, and which marks they use."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

MISSING_MARKS = frozenset(
    [
        *("na", "n/a", "n.a.", "n.a", "n.d.", "k.a.", "nan", "<na>", "null", "none", "nil"),
        *("missing", "-", "--", "---", "–", "—", ".", "..", "...", "…", "?", "??", "*"),
        *("#n/a", "#n/a!", "#na", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!"),
    ]
)
"""What people and programs write where they have no value, in lower case."""

BLANKS = " \u00a0\u202f\u2009"
"""Spaces that group digits: ordinary, unbroken, narrow, thin."""

APOSTROPHES = "'’"

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
    f"((?:[0-9]{{1,3}}(?:[.,{BLANKS}{APOSTROPHES}][0-9]{{3}})+|{_INDIAN})(?:[.,][0-9]+)?"
    f"|[0-9]+(?:[.,][0-9]+|\\.)?|[.,][0-9]+)"
    f"{_EXPONENT}\\s*[%{_CURRENCIES}]?\\)?"
)
_INFINITE = re.compile(f"({_SIGN})(?:inf|infinity|∞)", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}([-/.])\d{1,2}\2(\d{4}|\d{2})([T ]+\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
)
_UNIT = re.compile(r"(.*?[0-9.,]) ?[A-Za-zµμΩ°/²³]{1,6}")
_LONG = 60
_TRUTHS = {"true": 1.0, "false": 0.0}


class Meaning(Enum):
    """What kind of thing a cell says."""

    NUMBER = auto()
    MISSING = auto()
    DATE = auto()
    TEXT = auto()


class Notation(Enum):
    """What stands in a cell beside a plain number."""

    THOUSANDS = auto()
    BRACKETS = auto()
    PERCENT = auto()
    CURRENCY = auto()
    TRUTH = auto()
    UNIT = auto()


class Cell(NamedTuple):
    """A cell as it was understood.

    Attributes
    ----------
    value : float
        NaN unless it is a number.
    sign : Notation or None
        What else was in it. A unit makes a text of it: 12 cm and 1 m must not become 12 and 1.
    currency : str
        Its sign.
    """

    meaning: Meaning
    value: float = math.nan
    notation: Notation | None = None
    currency: str = ""


_TEXT = Cell(Meaning.TEXT)


class CellReader:
    """Reads cells in which ``decimal`` and ``thousands`` mark a number's parts.

    A mark in the wrong place makes a text of the cell, never another number: with a decimal
    point and a thousands comma, ``1,5`` is a text.
    """

    def __init__(self, decimal: str, thousands: str) -> None:
        self.decimal = decimal
        alike = next((each for each in (BLANKS, APOSTROPHES) if thousands in each), thousands)
        alike = alike if thousands else ""
        group = f"[{re.escape(alike)}]" if alike else "(?!)"
        point = re.escape(decimal)
        fraction = f"{point}[0-9]*" if decimal == "." else f"{point}[0-9]+"
        indian = f"{_INDIAN}|" if thousands == "," else ""
        self._plain = re.compile(
            f"{_SIGN}(?:(?:[0-9]{{1,3}}({group})[0-9]{{3}}(?:\\1[0-9]{{3}})*|{indian}[0-9]+)"
            f"(?:{fraction})?|{point}[0-9]+){_EXPONENT}"
        )
        self._group = re.compile(group)
        self._to_python = str.maketrans({"−": "-"} | dict.fromkeys(alike, "") | {decimal: "."})

    def plain(self, text: str) -> float:
        """Return the value of a cell that is a number and nothing else, NaN of any other."""
        return float(text.translate(self._to_python)) if self._plain.fullmatch(text) else math.nan

    def read(self, text: str) -> Cell:
        """Return what the cell says."""
        text = text.strip()
        lower = text.lower()
        if not text or lower in MISSING_MARKS:
            return Cell(Meaning.MISSING)
        if not math.isnan(value := self.plain(text)):
            notation = Notation.THOUSANDS if self._group.search(text) else None
            return Cell(Meaning.NUMBER, value, notation)
        if lower in _TRUTHS:
            return Cell(Meaning.NUMBER, _TRUTHS[lower], Notation.TRUTH)
        if match := _INFINITE.fullmatch(text):
            return Cell(Meaning.NUMBER, -math.inf if match[1] in {"-", "−"} else math.inf)
        if _DATE.fullmatch(text):
            return Cell(Meaning.DATE)
        return self._read_signed(text) if len(text) < _LONG else _TEXT

    def _read_signed(self, text: str) -> Cell:
        if text.endswith(")") and "(" in text[:3]:  # negative, as accountants write it
            cell = self.read(text[:-1].replace("(", "-", 1))
            is_number = cell.meaning is Meaning.NUMBER
            return cell._replace(notation=Notation.BRACKETS) if is_number else _TEXT
        if text.endswith("%") and not math.isnan(value := self.plain(text[:-1].rstrip())):
            return Cell(Meaning.NUMBER, value / 100, Notation.PERCENT)
        money = _MONEY.fullmatch(text)
        if money and not math.isnan(value := self.plain(money["sign"] + money["number"])):
            currency = money["before"] or money["after"] or ""
            return Cell(Meaning.NUMBER, value, Notation.CURRENCY, currency)
        unit = _UNIT.fullmatch(text)
        has_unit = unit is not None and not math.isnan(self.plain(unit[1]))
        return Cell(Meaning.TEXT, notation=Notation.UNIT if has_unit else None)


def shortened(text: str, most: int) -> str:
    """Return the text as one line of at most so many letters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def looks_numeric(text: str) -> bool:
    """Return whether the cell is a number in some country, before it is known which."""
    return _SOME_NUMBER.fullmatch(text.strip()) is not None


def number_core(text: str) -> str:
    """Return the digits and marks of such a number without sign, currency, exponent and percent."""
    match = _SOME_NUMBER.fullmatch(text.strip())
    return match[1] if match else ""


_DOUBTFUL = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def find_marks(
    cells: Iterable[str], delimiter: str, decimal: str | None = None, thousands: str | None = None
) -> tuple[str, str]:
    """Return the decimal mark and the thousands mark; the latter empty where there is none.

    The one that is given stays, and the other follows from it.

    1. Of two different marks in one number the last parts the decimals: ``1.234,5``.
    2. A mark that stands twice groups thousands: ``1.234.567``.
    3. A single point or comma parts decimals, unless three digits follow and one to three
       come before, the first not 0. The majority of a table's numbers decides.
    4. ``1,234`` may be either. It is a decimal comma where the other numbers say so or, if none
       does, where semicolons part the cells: countries with a decimal comma write them so.
       Elsewhere a comma groups thousands and a point parts decimals.
    """
    decimals, groups, doubtful = _evidence(cells)
    if decimal is None:
        decimal = _decide_decimal(decimals, groups, delimiter)
        decimal = _other(decimal) if decimal == thousands else decimal
    if thousands is None:
        other = _other(decimal)
        is_group = other in groups or (doubtful[other] and not decimals[other])
        rare = (mark for mark in (" ", "'") if mark in groups - {decimal})
        thousands = other if is_group else next(rare, "")
    return decimal, thousands


def is_doubtful(text: str) -> bool:
    """Return whether a number by itself may be read in two ways, as ``1,234``."""
    return _DOUBTFUL.fullmatch(text.strip()) is not None


def _evidence(cells: Iterable[str]) -> tuple[Counter[str], set[str], Counter[str]]:
    decimals: Counter[str] = Counter()
    groups: set[str] = set()
    doubtful: Counter[str] = Counter()
    for cell in cells:
        core = number_core(cell)
        marks = [_plain(mark) for mark in core if not mark.isdigit()]
        if not marks:
            continue
        if is_doubtful(core):
            doubtful[marks[0]] += 1
        elif len(marks) > 1 and len(set(marks)) == 1:
            groups.add(marks[0])
        elif marks[-1] not in ".,":
            groups.add(marks[-1])
        else:
            decimals[marks[-1]] += 1
            groups.update(marks[:-1])
    return decimals, groups, doubtful


def _decide_decimal(decimals: Counter[str], groups: set[str], delimiter: str) -> str:
    if decimals[","] != decimals["."]:
        return "," if decimals[","] > decimals["."] else "."
    if "." in groups or "," in groups:
        return "," if "." in groups else "."
    return "," if delimiter == ";" else "."


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _plain(mark: str) -> str:
    if mark in BLANKS:
        return " "
    return "'" if mark in APOSTROPHES else mark
