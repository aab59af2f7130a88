"""Which mark parts decimals, and which parts thousands, told from the numbers themselves."""

import re
from collections import Counter
from collections.abc import Iterable

from linreg_gui.data.table_cells import APOSTROPHES, BLANKS, number_core

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
