"""Tables written as JSON: records, lines of records, columns, or rows."""

import csv
import io
import json
from typing import Any

from linreg_gui.tables.source import TableError, TableSource
from linreg_gui.texts import tr

MOST_BYTES = 20_000_000
"""JSON is parsed in one go, which takes ten times as much memory."""

_FIELDS = {"delimiter": ",", "quote": '"', "decimal": ".", "thousands": ""}


def looks_like_json(head: bytes) -> bool:
    """Return whether a file begins like a list of records, columns or rows in JSON."""
    start = b"".join(head[:1000].removeprefix(b"\xef\xbb\xbf").split())[:2]
    return start in {b"[{", b"[[", b'{"'}


def as_csv(source: TableSource) -> tuple[str, dict[str, Any]]:
    """Return the table as CSV, and what is certain about its `Dialect`.

    The text is empty if the file is not JSON after all.

    Raises
    ------
    TableError
        If it is JSON, but not a table.
    """
    with source.open() as content:
        written = content.read(MOST_BYTES + 1)
    if len(written) > MOST_BYTES:
        raise TableError(tr("This JSON file is too large; save the table as CSV."))
    try:
        found = _parsed(written.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "", {}
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_rows(found))
    is_named = isinstance(found, dict) or not isinstance(found[0], list)
    return text.getvalue(), _FIELDS | ({"has_header": True, "skip": 0} if is_named else {})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def _rows(found: Any) -> list[list[str]]:
    """Return the header and the rows of a list of records, a dictionary of columns, or rows."""
    if isinstance(found, dict) and found and all(isinstance(each, list) for each in found.values()):
        most = max(map(len, found.values()))
        columns = [[*each, *[None] * (most - len(each))] for each in found.values()]
        return [list(found), *([_cell(each) for each in row] for row in zip(*columns, strict=True))]
    records = [found] if isinstance(found, dict) else found
    if isinstance(records, list) and all(isinstance(record, dict) for record in records):
        names = list(dict.fromkeys(name for record in records for name in record))
        return [names, *([_cell(record.get(name)) for name in names] for record in records)]
    if isinstance(records, list) and all(isinstance(record, list) for record in records):
        return [[_cell(each) for each in record] for record in records]
    raise TableError(tr("This JSON is not a table; it has to be a list of records."))


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    # A record stays a line, so that lines count records.
    return " ".join(value.splitlines()) if isinstance(value, str) else json.dumps(value)
