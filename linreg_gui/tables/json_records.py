"""Tables written as JSON: records, lines of records, columns, or rows."""

import csv
import io
import json
import re
from array import array
from collections.abc import Generator, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from linreg_gui.number_text import whole
from linreg_gui.tables.bounds import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_JSON_BYTES,
    MOST_LETTERS,
    too_many_cells,
    too_many_columns,
)
from linreg_gui.tables.source import TableError, TableSource
from linreg_gui.texts import tr

_FIELDS = {"delimiter": ",", "quote": '"', "decimal": ".", "thousands": ""}
_BLANKS = re.compile(r"[ \t\r\n]*")
_LETTERS_PER_SLICE = 256 * 1024
_ROWS_PER_SLICE = 5000
_decode = json.JSONDecoder().raw_decode


def looks_like_json(head: bytes) -> bool:
    """Return whether a file begins like a list of records, columns or rows in JSON."""
    start = b"".join(head[:1000].removeprefix(b"\xef\xbb\xbf").split())[:2]
    return start in {b"[{", b"[[", b'{"'}


def as_csv(source: TableSource) -> Generator[float, None, tuple[str, dict[str, Any]]]:
    """Yield which share has been read; return the table as CSV, and what is certain about it.

    The text is empty if the file is not JSON after all. What is certain are fields of the
    `Dialect`.

    Raises
    ------
    TableError
        If it is JSON, but not a table.
    """
    with source.open() as content:
        written = content.read(MOST_JSON_BYTES + 1)
    if len(written) > MOST_JSON_BYTES:
        sentence = tr("This JSON file has more than {most} MB; save the table as CSV.")
        raise TableError(sentence.format(most=whole(MOST_JSON_BYTES // 1_000_000)))
    rows = _Rows()
    try:
        scanner = _Scanner(written.decode("utf-8-sig"))
        for _ in _read(scanner, rows):
            if scanner.has_moved_on():
                source.check()
                yield scanner.share
    except TableError:
        raise
    except (ValueError, RecursionError):
        return "", {}
    text = io.StringIO()
    for part in rows.parts():
        text.write(part)
        source.check()
        yield 1.0
    return text.getvalue(), _FIELDS | ({"has_header": True, "skip": 0} if rows.names else {})


class _Scanner:
    """Takes JSON values from a text, one by one. What is not JSON raises ``ValueError``.

    A value has at most `MOST_LETTERS`: Python's decoder cannot be stopped, and other threads wait.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._window = range(0)
        self._shown = ""
        self._reported = 0

    @property
    def share(self) -> float:
        return self._at / len(self._text)

    def has_moved_on(self) -> bool:
        """Return whether it is time to report."""
        is_time = self._at - self._reported > _LETTERS_PER_SLICE
        self._reported = self._at if is_time else self._reported
        return is_time

    def next(self) -> str:
        """Go past blanks; return the next letter, which is empty at the end."""
        blanks = _BLANKS.match(self._text, self._at)
        self._at = blanks.end() if blanks else self._at
        return self._text[self._at : self._at + 1]

    def take(self, mark: str) -> bool:
        """Return whether this mark comes next, and go past it."""
        is_next = self.next() == mark
        self._at += is_next
        return is_next

    def expect(self, mark: str) -> None:
        """Go past this mark."""
        if not self.take(mark):
            raise ValueError(mark)

    def value(self) -> Any:
        """Return the next value, and go past it."""
        self.next()
        if self._at + MOST_LETTERS > self._window.stop:
            self._window = range(self._at, min(self._at + 2 * MOST_LETTERS, len(self._text)))
            self._shown = self._text[self._window.start : self._window.stop]
        value, end = _decode(self._shown, self._at - self._window.start)
        self._at = self._window.start + end
        if self._at == self._window.stop < len(self._text):
            raise ValueError("a number may be cut off")
        return value

    def items(self, end: str) -> Iterator[Any]:
        """Yield the values up to the mark that ends their list."""
        if self.take(end):
            return
        yield self.value()
        while not self.take(end):
            self.expect(",")
            yield self.value()

    def names(self) -> Iterator[str]:
        """Yield the names in an object. After each, its value has to be taken."""
        if self.take("}"):
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                raise ValueError(name)  # noqa: TRY004 - see above
            self.expect(":")
            yield name
            if self.take("}"):
                return
            self.expect(",")


class _Rows:
    """The rows of the table as lines of CSV, which the garbage collector need not look through.

    Attributes
    ----------
    names : dict of str to int
        The place of each named column; empty if they have no names.
    """

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self._kind: type = object
        self._lines: list[str] = []
        self._lengths = array("i")
        self._cells = 0

    def add(self, value: Any) -> None:
        """Add a record or a row."""
        kind = type(value)
        if kind not in {dict, list} or self._kind not in {kind, object}:
            raise TableError(_not_a_table())
        self._kind = kind
        self._add(self._in_place(value) if kind is dict else [_cell(each) for each in value])

    def add_columns(self, columns: Mapping[str, list[Any]]) -> Iterator[None]:
        """Add all rows; yield after each."""
        self.names = {name: index for index, name in enumerate(columns)}
        for row in zip_longest(*columns.values()):
            self._add([_cell(each) for each in row])
            yield

    def parts(self) -> Iterator[str]:
        """Yield the line of names, and some lines at a time, filled up to the same length."""
        width = len(self.names)
        if not self._cells:
            raise TableError(_not_a_table())
        if len(self._lines) * width > MOST_CELLS:
            raise TableError(too_many_cells(MOST_CELLS))
        if self.names:
            yield _line(self.names)
        for first in range(0, len(self._lines), _ROWS_PER_SLICE):
            part = slice(first, first + _ROWS_PER_SLICE)
            lines = zip(self._lines[part], self._lengths[part], strict=True)
            yield "".join(f"{line[:-1]}{',' * (width - length)}\n" for line, length in lines)

    def _in_place(self, record: Mapping[str, Any]) -> list[str]:
        row: list[str] = []
        for name, value in record.items():
            index = self.names.setdefault(name, len(self.names))
            if index >= MOST_COLUMNS:
                raise TableError(too_many_columns(MOST_COLUMNS))
            row += [""] * (index + 1 - len(row))
            row[index] = _cell(value)
        return row

    def _add(self, row: list[str]) -> None:
        self._lines.append(_line(row))
        self._lengths.append(len(row))
        self._cells += len(row)
        if self._cells > MOST_CELLS:
            raise TableError(too_many_cells(MOST_CELLS))


def _read(scanner: _Scanner, rows: _Rows) -> Iterator[None]:
    """Read a list of records or of rows, a dictionary of columns, or records one after another."""
    if scanner.take("["):
        for value in scanner.items("]"):
            rows.add(value)
            yield
        scanner.expect("")
        return
    scanner.expect("{")
    fields: dict[str, Any] = {}
    for name in scanner.names():
        if scanner.take("["):
            column = fields[name] = []
            for value in scanner.items("]"):
                column.append(value)
                yield
        else:
            fields[name] = scanner.value()
        if len(fields) > MOST_COLUMNS:
            raise TableError(too_many_columns(MOST_COLUMNS))
    if fields and not scanner.next() and all(isinstance(each, list) for each in fields.values()):
        yield from rows.add_columns(fields)
        return
    rows.add(fields)
    while scanner.next():
        rows.add(scanner.value())
        yield


class _Echo:
    def write(self, line: str) -> str:
        return line


_line = csv.writer(_Echo(), lineterminator="\n").writerow
"""Returns a row as a line of CSV."""


def _not_a_table() -> str:
    return tr("This JSON is not a table; it has to be a list of records.")


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    # A record stays a line, so that lines count records.
    return " ".join(value.splitlines()) if isinstance(value, str) else json.dumps(value)
