"""Numbers as people type them, in every country, and as they read them."""

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from linreg_gui.texts import tr

SMALLEST, LARGEST = 1e-6, 1e6
"""Numbers between these are of ordinary size; the others are written with a power of ten."""

_ROUNDING = 1e-6
"""What single precision may have taken from a number."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ .,'’\u00a0\u202f])\d{3})(?:\1\d{3})*")
_SEPARATORS = re.compile(r"[ .,'’\u00a0\u202f]")
_REAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")


def parse_real(text: str, example: str = "0.05") -> float:
    """Read ``0.05``, ``0,05`` and ``5e-2`` as the same number, whatever the locale.

    Raises
    ------
    ValueError
        With a sentence for the user, if the text is not a finite number.
    """
    compact = text.strip().replace("−", "-")
    if not _REAL.fullmatch(compact):
        raise ValueError(
            tr("“{text}” is not a number; type one like {example}.").format(
                text=text, example=example
            )
        )
    value = float(compact.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(tr("{text} is too large a number to compute with.").format(text=compact))
    return value


def parse_whole(text: str) -> int:
    """Read a whole number: ``10000``, ``10 000``, ``10,000`` or ``1e4``.

    Raises
    ------
    ValueError
        With a sentence for the user, if the text is not a whole number.
    """
    compact = text.strip()
    if _GROUPED.fullmatch(compact):
        return int(_SEPARATORS.sub("", compact))
    value = parse_real(compact, example="100")
    if not value.is_integer():
        raise ValueError(tr("{text} is not a whole number.").format(text=compact))
    return int(value)


def format_real(value: float) -> str:
    """Return the shortest text that reads back as ``value``, in plain digits where they are few."""
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(float(value)).partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def format_whole(value: int) -> str:
    """Return ``value`` with its digits grouped, as in ``10,000``."""
    return f"{value:,}"


def decimals_for(value: float) -> int:
    """Return how many decimals give numbers like ``value`` four to seven significant digits."""
    if not value or not math.isfinite(value):
        return 4
    power = math.floor(math.log10(abs(value)))
    return min(max(3 - power, min(4, 6 - power), 0), 10)


def format_digits(value: float | Decimal, digits: int = 4) -> str:
    """Return ``value`` with fixed decimals where it is of ordinary size, else as in ``1.23e−7``."""
    if not math.isfinite(value):
        return tr("too large")
    size = abs(float(value))
    if not size or max(10.0**-digits, SMALLEST) <= size < LARGEST:
        return f"{value:.{digits}f}".replace("-", "−")
    mantissa, _, power = f"{value:.{min(max(digits - 2, 2), 8)}e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def rounded_down(value: float) -> str:
    """Return ``value`` with three significant digits that make it no larger, but for rounding."""
    raised = float(value) * (1 + _ROUNDING)  # which would push a round number over its edge
    exact = Context(prec=3, rounding=ROUND_FLOOR).create_decimal(repr(raised))
    return format_real(float(exact))


def round_up(value: float) -> str:
    """Return ``value`` with one significant digit that makes it no smaller."""
    exact = Context(prec=1, rounding=ROUND_CEILING).create_decimal(repr(float(value)))
    return format_real(float(exact))
