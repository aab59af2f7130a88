"""Ranges that change seldom and stay readable."""

import math

from linreg_gui.plots.canvas import Range

FIRST_STEPS = 50
_MARGIN = 0.06


def step_limit(step: int, planned_steps: int) -> int:
    """Return the last step to show: 50, 100, 200, … up to the planned ones."""
    limit = FIRST_STEPS
    while limit < step:
        limit *= 2
    return min(limit, planned_steps) if step <= planned_steps else limit


def grown(window: Range, low: float, high: float, limits: Range) -> Range:
    """Return ``window``, widened in generous steps until ``low`` and ``high`` are in it.

    It is never wider than ``limits``, so that a diverging run leaves the picture readable.
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


def including(window: Range, value: float) -> Range:
    """Return ``window``, widened where ``value`` is outside of it, with a margin beyond."""
    low, high = window
    margin = _MARGIN * (max(high, value) - min(low, value))
    if value < low:
        return value - margin, high
    return (low, value + margin) if value > high else window


def equal_scale(window: tuple[Range, Range], pixels: tuple[float, float]) -> tuple[Range, Range]:
    """Return ``window``, widened along one axis until a pixel is as much along both."""
    spans = zip(window, pixels, strict=True)
    per_pixel = max((high - low) / size for (low, high), size in spans)
    x, y = (
        ((low + high - size * per_pixel) / 2, (low + high + size * per_pixel) / 2)
        for (low, high), size in zip(window, pixels, strict=True)
    )
    return x, y
