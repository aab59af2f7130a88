"""Exact numbers, fast: when pandas' fast conversion is exact, and another one for long numbers."""

from contextlib import suppress

import numpy as np

from linreg_gui.data.dataset import DoubleArray

_ZERO, _POINT, _E, _PLUS, _MINUS = map(ord, "0.e+-")
_LINE_END = ord("\n")
_LOWER_CASE = 0x20
_DELIMITERS = frozenset(",;\t|:^~")
_SAMPLE = 4096
"""In letters. If there are long numbers, the first are mostly among these."""

_CELLS_AT_ONCE = 8192
"""A conversion of this number takes 1 ms, and holds Python's lock meanwhile."""


def is_exact(text: str, decimal: str) -> bool:
    """Return whether pandas' conversion "high" makes of each number in a text the nearest double.

    It adds up the digits and divides once by a power of ten. Both are exact as long as a number has
    fewer than 16 digits and the power is at most 22; so numbers with at most 15 digits and marks,
    and exponents of one digit up to 8, are safe. Whatever else may be longer, like a text, is not.
    """
    if len(text) > _SAMPLE and not is_exact(text[:_SAMPLE], decimal):
        return False
    letters = np.frombuffer(text.encode() + bytes(4), np.uint8)
    is_part = (letters - np.uint8(_ZERO) < 10) | (letters == ord(decimal))
    runs = is_part
    for half in (1, 2, 4, 8):
        runs = runs[:-half] & runs[half:]
    if runs.any():
        return False
    place = np.flatnonzero(is_part[:-4] & ((letters[1:-3] | _LOWER_CASE) == _E)) + 2
    place += (letters[place] == _PLUS) | (letters[place] == _MINUS)
    place += letters[place] == _ZERO
    is_small = (letters[place] <= _ZERO + 8) | ~is_part[place]
    return bool((is_small & ~is_part[place + 1]).all())


def plain_numbers(text: str, delimiter: str, decimal: str, width: int) -> DoubleArray | None:
    """Return the numbers in whole lines of ``width`` cells, if there is nothing else.

    Each is the nearest double, as with pandas' conversion "round_trip", in two thirds of the time.
    """
    if decimal != "." or delimiter not in _DELIMITERS or not text.endswith("\n"):
        return None
    letters = np.frombuffer(text.encode(), np.uint8)
    is_line_end = letters == _LINE_END
    is_end = is_line_end | (letters == ord(delimiter))
    is_number = (letters - np.uint8(_ZERO) < 10) | (letters == _POINT) | (letters == _MINUS)
    is_number |= (letters == _PLUS) | ((letters | _LOWER_CASE) == _E)
    ends = np.flatnonzero(is_end)
    if not (is_end | is_number).all() or len(ends) % width:
        return None
    lines = is_line_end[ends].reshape(-1, width)
    has_empty = (np.diff(ends, prepend=-1) == 1).any()
    if has_empty or lines[:, :-1].any() or not lines[:, -1].all():
        return None
    cells = text.replace(delimiter, ",").replace("\n", ",")  # NumPy takes a tab for any white space
    values = np.empty(len(ends))
    for first in range(0, len(ends), _CELLS_AT_ONCE):
        last = min(first + _CELLS_AT_ONCE, len(ends))
        # NumPy stops in a text like 1-2, and then does not come to the last number.
        piece = f"{cells[ends[first - 1] + 1 if first else 0 : ends[last - 1]]},0"
        with suppress(DeprecationWarning, ValueError):  # of NumPy 1 and 2
            found = np.fromstring(piece, sep=",")
            if len(found) == last - first + 1:
                values[first:last] = found[:-1]
                continue
        return None
    return values.reshape(-1, width)
