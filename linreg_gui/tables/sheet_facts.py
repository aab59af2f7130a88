"""What the values of a sheet do not tell: which rows are hidden, and formulas without results."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 1_048_576
"""How many rows a sheet can have."""

_CHUNK = 64 * 1024
_TAIL = 4096
"""Longer than any tag that matters here."""

_TAG = r"<(?:\w+:)?"
_END = r"</(?:\w+:)?"
_ROWS_AND_FORMULAS = (
    f"{_TAG}row\\b(?P<row>[^>]*)>"
    f"|(?P<formula>{_TAG}f\\b[^>]*(?:/>|>[^<]*{_END}f>)\\s*"
    f"(?:{_TAG}v\\s*/>|{_TAG}v>{_END}v>)?\\s*{_END}c>)"
)
_PERCENT_IDS = {9, 10}
"""The percent formats that every workbook has."""

_FIRST_OWN_ID = 164
_NUMBER = re.compile(rb'\br="(\d+)"')
_LETTERS = re.compile(rb'\br="([A-Z]+)')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


@dataclass
class SheetFacts:
    """What the file says about a sheet.

    Attributes
    ----------
    hidden : set of int
        The numbers of the hidden rows.
    last_row : int
        The number of the last row.
    empty_formulas : int
        Formulas without a stored result.
    percents : dict of str to int
        How many cells of a column, by its letters, are shown as percent.
    """

    hidden: set[int] = field(default_factory=set)
    last_row: int = 0
    empty_formulas: int = 0
    percents: Counter[str] = field(default_factory=Counter)


def facts_of(sheet: Any) -> SheetFacts:
    """Return what the file says about a sheet of a workbook that openpyxl has opened to read."""
    facts = SheetFacts()
    searched = _searched(sheet.parent)
    text = b""
    with sheet._get_source() as source:  # noqa: SLF001 - openpyxl passes on only the cells
        while chunk := source.read(_CHUNK):
            text += chunk
            done = 0
            for match in searched.finditer(text):
                done = match.end()
                _note(match, facts)
            text = text[max(done, len(text) - _TAIL) :]
    return facts


def _searched(workbook: Any) -> re.Pattern[bytes]:
    """Return what finds rows, formulas without a result, and cells that are shown as percent."""
    own = workbook._number_formats  # noqa: SLF001 - see `facts_of`
    ids = _PERCENT_IDS | {_FIRST_OWN_ID + each for each, code in enumerate(own) if "%" in code}
    styles = workbook._cell_styles  # noqa: SLF001
    shown = [str(index) for index, style in enumerate(styles) if style.numFmtId in ids]
    percent = f'{_TAG}c\\b(?P<percent>[^>]*\\bs="(?:{"|".join(shown)})"[^>/]*)>'
    return re.compile("|".join([_ROWS_AND_FORMULAS, *([percent] if shown else [])]).encode())


def _note(match: re.Match[bytes], facts: SheetFacts) -> None:
    found = match.groupdict()
    if found["formula"]:
        facts.empty_formulas += 1
    elif cell := found.get("percent"):
        if letters := _LETTERS.search(cell):
            facts.percents[letters[1].decode()] += 1
    else:
        number = _NUMBER.search(match["row"])
        facts.last_row = int(number[1]) if number else facts.last_row + 1
        if _HIDDEN.search(match["row"]):
            facts.hidden.add(facts.last_row)
