"""Where a table begins, and which of its rows name the columns and their units."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from linreg_gui.tables.number_formats import CellReader, DataType, looks_numeric

Record = list[str]
"""The texts of the cells in one row."""

_MARKS = "#%~"
"""What programs write before a comment, and some of them before the header."""

_NAMED = {DataType.TEXT, DataType.DATE}
_YEAR = re.compile("1[89][0-9]{2}|20[0-9]{2}|2100")
_PREFIXED = "m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|V|C|F|Ω|ohm|Ohm|T|H|lm|lx|Bq|Gy|Sv|L|l|eV|bar|cal|B|Wh"
_PLAIN_UNITS = (
    "%|‰|°|°C|°F|degC|degF|deg|rad|min|h|hr|hrs|d|day|days|week|weeks|month|months|yr|yrs|year|years"
    "|sec|secs|second|seconds|minutes|hours|in|ft|yd|mi|mile|miles|lb|lbs|oz|gal|psi|ppm|ppb|mmHg"
    "|atm|rpm|dB|mph|kn|ha|acres?|dpt|u|t|€|£|USD|EUR|GBP|Volt|Volts|Ampere|meters?|counts?|a\\.u\\."
)
_UNIT = f"(?:(?:[YZEPTGMkhdcmµμunpf]|da)?(?:{_PREFIXED})|{_PLAIN_UNITS})"
_POWER = "(?:\\^?[-−]?[0-9]|[²³⁻¹]+)?"
_UNITS = re.compile(f"(?:1/)?{_UNIT}{_POWER}(?:[ */·.]?{_UNIT}{_POWER})*")
_NO_UNITS = {"", "-", "–"}
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")


def usual_length(records: Sequence[Record]) -> int:
    """Return how many cells most records have; the larger number if there is a tie."""
    lengths = Counter(map(len, records))
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def without_mark(record: Record, length: int) -> Record:
    """Return a header without the mark of a comment that some programs write before it."""
    if not record or not record[0].startswith(tuple(_MARKS)):
        return record
    first = record[0].lstrip(f"{_MARKS} ")
    is_unit = record[0] == "%" and len(record) <= length
    if is_unit:
        return record
    return record[1:] if not first and len(record) > length else [first, *record[1:]]


def count_preamble(records: Sequence[Record], cells: CellReader) -> int:
    """Return how many records stand above the table: titles, notes, comments, an instrument's data.

    The table's body is the longest run of rows that have their numbers in the same columns, and
    what is above it and has a number there too. The row right above the body is the header, even
    if it is one cell short, because some programs leave out the name of the row numbers or end
    rows with a comma, or if it is longer, or fills only two cells. A row of units stands between.
    """
    kinds = [_kinds(record, cells) for record in records]
    first = _first_of_body(records, kinds)
    if first < 0:
        return _first_full(records)
    body = records[first:]
    if looks_like_years(body, cells):
        return first
    above = [index for index in range(first) if any(records[index])]
    has_units = len(above) > 1 and is_units_row(records[above[-1]], body, cells)
    if has_units and _can_name(records, above[-2], first):
        return above[-2]
    return above[-1] if above and _can_name(records, above[-1], first) else first


def has_numbers(records: Sequence[Record], cells: CellReader) -> bool:
    """Return whether a row has nothing but numbers, and more than one."""
    return any(
        len(record) > 1 and all(kind is DataType.NUMBER for kind in _kinds(record, cells))
        for record in records
    )


def find_header(records: Sequence[Record], cells: CellReader) -> tuple[bool, bool]:
    """Return whether the first record names the columns, and whether that is certain.

    A text above numbers is a name. Numbers above numbers are names if they look like years that
    rise or fall, and the others do not; but this is never certain.
    """
    if not records:
        return False, True
    first, *below = (_kinds(record, cells) for record in records)
    numeric = _numeric_columns(below)
    if not numeric:
        return DataType.TEXT in first, DataType.NUMBER not in first
    given = [first[index] for index in numeric if index < len(first)]
    if any(kind in _NAMED for kind in given):
        return True, DataType.NUMBER not in given
    return looks_like_years(records, cells), False


def looks_like_years(records: Sequence[Record], cells: CellReader) -> bool:
    """Return whether the first row has years above numbers of another kind."""
    first, *below = records
    numeric = _numeric_columns([_kinds(record, cells) for record in below])
    years = [first[index] if index < len(first) else "" for index in sorted(numeric)]
    if len(years) < 2 or not all(map(_YEAR.fullmatch, years)):
        return False
    others = {each for record in below for i, each in enumerate(record) if each and i in numeric}
    is_monotonic = any(
        all(order * (int(right) - int(left)) > 0 for left, right in pairwise(years))
        for order in (1, -1)
    )
    return is_monotonic and not all(map(_YEAR.fullmatch, others))


def is_units_row(record: Record, below: Sequence[Record], cells: CellReader) -> bool:
    """Return whether a row has only units, like ``cm`` or ``[kg/m^3]``, above most numbers."""
    filled = [cell for cell in record if cell not in _NO_UNITS]
    numeric = _numeric_columns([_kinds(each, cells) for each in below])
    above = [record[index] for index in numeric if index < len(record) and record[index]]
    return all(map(_is_unit, filled)) and len(above) * 2 > len(numeric) and bool(filled)


def unit_in(cell: str) -> str:
    """Return the unit in a cell of a units row, without brackets."""
    unit = cell[1:-1].strip() if _BRACKETS.fullmatch(cell) else cell
    return "" if unit in _NO_UNITS else unit


def _is_unit(cell: str) -> bool:
    is_unit = _BRACKETS.fullmatch(cell) or _UNITS.fullmatch(cell)
    return is_unit is not None and not looks_numeric(cell)


def _kinds(record: Record, cells: CellReader) -> list[DataType]:
    return [cells.kind(cell) for cell in record]


def _numeric_columns(kinds: Sequence[Sequence[DataType]]) -> set[int]:
    """Return the columns with at least as many numbers as texts."""
    balance: Counter[int] = Counter()
    numbers: set[int] = set()
    for row in kinds:
        for index, kind in enumerate(row):
            if kind is DataType.NUMBER:
                balance[index] += 1
                numbers.add(index)
            elif kind in _NAMED:
                balance[index] -= 1
    return {index for index in numbers if balance[index] >= 0}


def _first_of_body(records: Sequence[Record], kinds: Sequence[Sequence[DataType]]) -> int:
    """Return the index of the first row of the body; −1 if there is none."""
    runs: list[list[int]] = []
    length = 0
    state: dict[int, DataType] = {}
    for index, row in enumerate(kinds):
        if not any(records[index]):
            continue
        if DataType.NUMBER not in row or len(row) != length:
            state, length = {}, len(row)
        if DataType.NUMBER not in row:
            continue
        known = {i: kind for i, kind in enumerate(row) if kind is not DataType.MISSING}
        if not state or any(state.get(i, kind) is not kind for i, kind in known.items()):
            state = {}
            runs.append([])
        state |= known
        runs[-1].append(index)
    if not runs:
        return -1
    run = max(reversed(runs), key=len)
    numeric = _numeric_columns([kinds[index] for index in run])
    first = run[0]
    for index in range(first - 1, -1, -1):
        if not any(records[index]):
            continue
        if all(i >= len(kinds[index]) or kinds[index][i] is not DataType.NUMBER for i in numeric):
            break
        first = index
    return first


def _can_name(records: Sequence[Record], index: int, first: int) -> bool:
    """Return whether a row is long and full enough to name the columns of rows from ``first``."""
    body = [record for record in records[first:] if any(record)]
    length = usual_length(body)
    usually_filled = usual_length([record[: _filled(record)] for record in body])
    record = without_mark(records[index], length)
    return len(record) >= length - 1 and _filled(record) >= min(usually_filled - 1, 2)


def _first_full(records: Sequence[Record]) -> int:
    """Return the index of the first row that is as long and as full as most."""
    length = usual_length([record for record in records if any(record)])
    filled = usual_length([record[: _filled(record)] for record in records if any(record)])
    for index, record in enumerate(records):
        if len(without_mark(record, length)) == length and _filled(record) >= filled:
            return index
    return 0


def _filled(record: Record) -> int:
    """Return the number of cells up to the last that is not empty."""
    return max((index + 1 for index, cell in enumerate(record) if cell), default=0)
