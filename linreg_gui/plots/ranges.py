"""How the range of a picture grows with what it shows."""

import math

import numpy as np
import numpy.typing as npt

Range = tuple[float, float]

FIRST_STEPS = 50
"""The least number of steps that a picture with the step along x shows."""

FARTHEST = 1e30
"""Nothing farther from 0 is shown: Qt fails near the largest single-precision number."""

_NARROWEST = 1e-30
_FINEST = 1e-9
"""No range is narrower than this, nor than this share of its distance from 0. In a narrower one
neighboring pixels would have equal coordinates."""

_MARGIN = 0.06
_ROUNDING = 1e-6
"""Values that differ by a smaller share than this are equal in single precision."""


def step_limit(step: int, planned_steps: int) -> int:
    """Return the last step to show: 50, 100, 200, … up to the planned steps."""
    limit = FIRST_STEPS
    while limit < step:
        limit *= 2
    return min(limit, planned_steps) if step <= planned_steps else limit


def within_reach(wanted: Range) -> Range:
    """Return ``wanted``, or the nearest range that can be drawn."""
    if not all(map(math.isfinite, wanted)):
        return -1.0, 1.0
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in sorted(wanted))
    narrowest = max(_NARROWEST, _FINEST * max(-low, high))
    if high - low >= narrowest:
        return low, high
    middle = low + (high - low) / 2
    return middle - narrowest / 2, middle + narrowest / 2


def grown(window: Range, low: float, high: float, limits: Range) -> Range:
    """Return ``window``, widened in generous steps to include ``low`` and ``high``.

    It is never wider than ``limits``, so the picture stays readable when a run diverges.
    """
    bottom, top = window
    margin = (top - bottom) / 4
    if low < bottom:
        bottom = max(limits[0], low - margin)
    if high > top:
        top = min(limits[1], high + margin)
    return min(bottom, window[0]), max(top, window[1])


def round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 1.5, 2, 3, 5, 7, 10) if factor * power >= value)


def widened(values: npt.ArrayLike, share: float) -> Range:
    """Return the range of ``values``, widened at both ends by this share of its span."""
    low, high = float(np.min(values)), float(np.max(values))
    is_spread = high - low > _ROUNDING * max(abs(low), abs(high))
    margin = share * (high - low) if is_spread else max(1.0, abs(high))
    return low - margin, high + margin


def including(window: Range, value: float) -> Range:
    """Return ``window``, widened with a margin if ``value`` is outside."""
    low, high = window
    margin = _MARGIN * (max(high, value) - min(low, value))
    if value < low:
        return value - margin, high
    return (low, value + margin) if value > high else window
