"""Numbers with thousands separators, made plain while they are still part of a text."""

import numpy as np
import numpy.typing as npt

from linreg_gui.tables.dialect import Dialect

_LINE_END = ord("\n")
_PAD = 4


def without_thousands(
    text: str, dialect: Dialect, *, finds_columns: bool
) -> tuple[str, dict[int, str]] | None:
    """Return a text without quotes and thousands separators, if it is nothing but numbers.

    If ``finds_columns``, the first cell of each column that has a separator is returned too. None
    if there is anything else in the text, or a separator or a quote in a wrong place.
    """
    delimiter, quote, decimal, thousands = (
        ord(mark or "\0")
        for mark in (dialect.delimiter, dialect.quote, dialect.decimal, dialect.thousands)
    )
    if not thousands or dialect.thousands not in text or not text.isascii():
        return None
    letters = np.full(len(text) + 2 * _PAD, _LINE_END, np.uint8)
    letters[_PAD:-_PAD] = np.frombuffer(text.encode(), np.uint8)
    is_quote, is_delimiter, is_mark = (
        letters == each for each in (quote, delimiter, thousands)
    )  # fmt: skip
    is_inside = np.cumsum(is_quote, dtype=np.uint8) & 1 == 1  # from one quote to before the next
    if thousands == delimiter:
        is_mark &= is_inside
        is_delimiter &= ~is_inside
    is_digit = letters - np.uint8(ord("0")) < 10
    is_end = is_delimiter | (letters == _LINE_END)
    is_part = is_digit | is_end | is_mark | is_quote | (letters == decimal)
    is_part |= (letters == ord("-")) | (letters == ord("+"))
    marks = np.flatnonzero(is_mark)
    if not is_part.all() or not len(marks) or (is_end & is_inside).any():
        return None
    quotes = np.flatnonzero(is_quote)
    if not (is_end[quotes[0::2] - 1].all() and is_end[quotes[1::2] + 1].all()):
        return None
    if not _separate(marks, is_digit, letters == decimal):
        return None
    plain = letters[~(is_mark | is_quote)][_PAD:-_PAD].tobytes().decode()
    return plain, _first_cells(letters, marks, is_end, dialect.quote) if finds_columns else {}


def _separate(
    marks: npt.NDArray[np.intp], is_digit: npt.NDArray[np.bool_], is_point: npt.NDArray[np.bool_]
) -> bool:
    """Return whether three digits follow each of the marks, and one to three come before it.

    What is before these is no digit and no decimal mark.
    """
    follow = is_digit[marks + 1] & is_digit[marks + 2] & is_digit[marks + 3] & ~is_digit[marks + 4]
    left = marks - 2
    for _ in range(2):
        left = left - is_digit[left]
    fits = follow & is_digit[marks - 1] & ~is_digit[left] & ~is_point[left]
    return bool(fits.all())


def _first_cells(
    letters: npt.NDArray[np.uint8],
    marks: npt.NDArray[np.intp],
    is_end: npt.NDArray[np.bool_],
    quote: str,
) -> dict[int, str]:
    """Return the first cell with one of the marks in each column that has one."""
    ends = np.flatnonzero(is_end)
    line_ends = np.where(letters[ends] == _LINE_END, np.arange(len(ends)), 0)
    cells = np.searchsorted(ends, marks) - 1
    columns = cells - np.maximum.accumulate(line_ends)[cells]
    first = np.zeros(columns.max() + 1, np.intp)
    first[columns[::-1]] = cells[::-1]  # of several, the last one stays
    return {
        column: letters[ends[cell] + 1 : ends[cell + 1]].tobytes().decode().strip(quote or None)
        for column, cell in enumerate(first.tolist())
        if cell
    }
