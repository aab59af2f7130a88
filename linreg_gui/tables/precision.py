"""When pandas' fast conversion of numbers is exact."""

import numpy as np

_ZERO, _POINT, _E, _PLUS, _MINUS = map(ord, "0.e+-")
_LOWER_CASE = 0x20


def is_exact(text: str, decimal: str) -> bool:
    """Return whether pandas' conversion "high" makes of each number in a text the nearest double.

    It adds up the digits and divides once by a power of ten. Both are exact as long as a number has
    fewer than 16 digits and the power is at most 22; so numbers with at most 15 digits and marks,
    and exponents of one digit up to 8, are safe. Whatever else may be longer, like a text, is not.
    """
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
