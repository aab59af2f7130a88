"""What the values of a sheet do not tell: which rows are hidden, and formulas without results."""

import re
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 1_048_576
"""How many rows a sheet can have."""

_CHUNK = 64 * 1024
_TAIL = 4096
"""Longer than any tag that matters here."""

_TAG = r"<(?:\w+:)?"
_END = r"</(?:\w+:)?"
_SEARCHED = re.compile(
    f"{_TAG}row\\b(?P<row>[^>]*)>"
    f"|(?P<formula>{_TAG}f\\b[^>]*(?:/>|>[^<]*{_END}f>)\\s*"
    f"(?:{_TAG}v\\s*/>|{_TAG}v>{_END}v>)?\\s*{_END}c>)".encode()
)
_NUMBER = re.compile(rb'\br="(\d+)"')
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
    """

    hidden: set[int] = field(default_factory=set)
    last_row: int = 0
    empty_formulas: int = 0


def facts_of(sheet: Any) -> SheetFacts:
    """Return what the file says about a sheet of a workbook that openpyxl has opened to read."""
    facts = SheetFacts()
    text = b""
    with sheet._get_source() as source:  # noqa: SLF001 - openpyxl passes on only the cells
        while chunk := source.read(_CHUNK):
            text += chunk
            done = 0
            for match in _SEARCHED.finditer(text):
                done = match.end()
                if match["formula"]:
                    facts.empty_formulas += 1
                    continue
                number = _NUMBER.search(match["row"])
                facts.last_row = int(number[1]) if number else facts.last_row + 1
                if _HIDDEN.search(match["row"]):
                    facts.hidden.add(facts.last_row)
            text = text[max(done, len(text) - _TAIL) :]
    return facts
