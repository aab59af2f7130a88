"""Numbers that often stand for a missing value, like −999."""

import re

from linreg_gui.data.dataset import DoubleArray

_MAX_CODES = 4
_CODE = re.compile(r"-?9{2,}(\.9+|\.0|\.25)?|-(7{2,}|8{2,})(\.0)?|-32768\.0|-2147483648\.0")
_HUGE = 1e19
"""Programs mark missing values with 1e20, −1e30, or the largest number that there is."""


def find_missing_codes(values: DoubleArray) -> list[float]:
    """Return the numbers at the edge of a column that look like codes and are far from the rest.

    Far is another sign than that of all others, or a distance of half of what they span.
    """
    rest = values
    found: list[float] = []
    while rest.size and len(found) < _MAX_CODES:
        edges = [float(edge) for edge in (rest.min(), rest.max()) if _is_code(float(edge))]
        if not edges:
            break
        found.append(edges[0])
        rest = rest[rest != edges[0]]
    return [code for code in found if rest.size > 1 and _is_far(code, rest)]


def _is_code(value: float) -> bool:
    return abs(value) >= _HUGE or _CODE.fullmatch(repr(value)) is not None


def _is_far(code: float, rest: DoubleArray) -> bool:
    low, high = float(rest.min()), float(rest.max())
    gap = low - code if code < low else code - high
    return (code < 0 <= low) or gap > 0.5 * (high - low)
