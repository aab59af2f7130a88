"""Numbers as people type them, in every country, and as they read them.

Between `SMALLEST` and `LARGEST` numbers have plain digits, otherwise a power of ten: ``1.23e−7``.
Counts and ticks group their digits, as in ``10,000``. Other numbers do not, because a feature may
be a year. All have a true minus sign, except in `shortest` and `typed`.

The decimal mark is that of the program's language. Where it is a comma, a narrow blank groups the
digits, and semicolons separate the numbers of a list. Only `shortest` is the same in every
language: it is for code, files and options.
"""

import math
import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from linreg_gui.languages import EAST_ASIAN, clauses, decimal_mark, in_a_row, language
from linreg_gui.texts import quoted, tellable, tr, trn

SMALLEST, LARGEST = 1e-6, 1e6
"""Sizes between these have plain digits: their zeros can be counted at a glance."""

NOTHING = "–"
"""Stands where there is no number."""

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""A space as wide as a digit."""

_ROUNDING = 1e-6
"""How much of a number single precision may have lost."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ .,'’\u00a0\u202f])\d{3})(?:\1\d{3})*")
_SEPARATORS = re.compile(r"[ .,'’\u00a0\u202f]")
_REAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_WITH_COMMA = str.maketrans(".,", ",\N{NARROW NO-BREAK SPACE}")
_WITH_POINT = str.maketrans(",\N{NARROW NO-BREAK SPACE}", ".,")
_LIST_WITH_COMMA = str.maketrans(".,", ",;")
_SUPERSCRIPTS = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
                text=quoted(text), example=as_typed(example)
            )
        )
    value = float(compact.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(tr("{text} is too large to compute with.").format(text=quoted(text)))
    return value


def parse_whole(text: str) -> int:
    """Read a whole number: ``10000``, ``10 000``, ``10,000`` or ``1e4``.

    Raises
    ------
    ValueError
        With a sentence for the user, if the text is not a whole number.
    """
    compact = text.strip().replace("−", "-")
    is_grouped = _GROUPED.fullmatch(compact) is not None
    if is_grouped:
        compact = _SEPARATORS.sub("", compact)
    value = parse_real(compact, example="100")
    if not value.is_integer():
        raise ValueError(tr("{text} is not a whole number.").format(text=quoted(text)))
    return int(compact if is_grouped else value)


def parse_shown(text: str) -> Decimal:
    """Read what `fixed` or `exact` wrote, digit by digit.

    In a context without traps, a number too large to be shown reads as NaN.
    """
    return Decimal(with_point(text).replace("−", "-"))


def with_point(shown: str) -> str:
    """Return a number as it is shown in the program's language as English would show it."""
    return shown.translate(_WITH_POINT) if decimal_mark() == "," else shown


def shortest(value: float) -> str:
    """Return the shortest text that reads back as ``value``, as code and files have it."""
    mantissa, _, power = repr(float(value) + 0.0).partition("e")  # + 0.0 takes the sign of −0
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(power)}" if power else mantissa


def typed(value: float) -> str:
    """Return the digits of `shortest` as a field shows them, and as they can be typed."""
    return as_typed(shortest(value))


@tellable
def as_typed(code: str) -> str:
    """Return a number or a list, ``0.1, 1``, as it is typed in the language: ``0,1; 1``."""
    return code.translate(_LIST_WITH_COMMA) if decimal_mark() == "," else code


@tellable
def exact(value: float) -> str:
    """Return the digits of `shortest` for people to read."""
    return typed(value).replace("-", "−")


def joined(numbers: Iterable[str]) -> str:
    """Return numbers, or words with numbers, as a list in one line; `as_typed` for a field."""
    return _joined(*numbers)


@tellable
def whole(count: int) -> str:
    """Return ``count`` with its digits grouped: ``10,000``."""
    return _in_language(f"{count:,}").replace("-", "−")


@tellable
def fixed(value: float | Decimal, decimals: int = 4) -> str:
    """Return ``value`` with fixed decimals, or as in ``1.23e−7`` where they would say little."""
    size = abs(float(value))
    is_plain = not size or max(10.0**-decimals, SMALLEST) <= size < LARGEST
    return _written(value, f"z.{decimals}f" if is_plain else f".{min(max(decimals - 2, 2), 8)}e")


@tellable
def signed(value: float, decimals: int = 5) -> str:
    """Return ``value`` with fixed decimals and always a sign, so that the digits stay in place."""
    return _written(value, f"+z.{decimals}f" if abs(value) < LARGEST else "+.2e")


@tellable
def significant(value: float, digits: int = 3) -> str:
    """Return ``value`` rounded to significant digits, without zeros at its end."""
    if not value or SMALLEST <= abs(value) < LARGEST:
        return _written(Decimal(f"{value:.{digits}g}"), "zf")
    return _written(value, f".{digits}g")


def aligned(value: float, digits: int) -> str:
    """Return ``value`` with significant digits, in a width that does not depend on it."""
    return _written(value, f"z#.{digits}g").ljust(digits + 5, FIGURE_SPACE)


@tellable
def spoken(value: float) -> str:
    """Return a positive ``value`` as it is said: ``1.03``, ``842,064``, ``1.76 billion``."""
    if value < 1000:
        return significant(value)
    if value < 1e6:
        return whole(round(value))
    million, billion = (1e4, 1e8) if language() in EAST_ASIAN else (1e6, 1e9)
    if value < billion:
        size = round_to(value / million, 3)
        words = trn("{count} million", "{count} million", math.ceil(size))
    elif value < 1e12:
        size = round_to(value / billion, 3)
        words = trn("{count} billion", "{count} billion", math.ceil(size))
    elif value < 1e15:
        size = round_to(value / 1e12, 3)
        words = trn("{count} trillion", "{count} trillion", math.ceil(size))
    else:
        return significant(value)
    return words.format(count=significant(size))


def percent(number: str) -> str:
    """Return a number in percent with its sign, as the language writes it."""
    return tr("{number}%").format(number=number)


def tick(value: float, spacing: float, *, grouped: bool = True) -> str:
    """Return ``value`` with the decimals that tell it from one ``spacing`` away.

    Its digits are grouped by thousands, unless it is a year.
    """
    if not 1e-7 <= spacing < 1e9:
        digits = 1 + math.floor(math.log10(abs(value) or spacing)) - math.floor(math.log10(spacing))
        mantissa, _, power = _written(value, f".{max(digits, 3)}g").partition("e")
        return f"{mantissa}×10{power.translate(_SUPERSCRIPTS)}" if power else mantissa
    decimals = max(0, math.ceil(-math.log10(spacing) - 1e-9))
    return _written(value, f"z{',' if grouped else ''}.{decimals}f")


def decade(power: int) -> str:
    """Return 10 to the ``power``: ``10⁻³``."""
    return f"10{str(power).translate(_SUPERSCRIPTS)}" if power else "1"


def rounded_down(value: float) -> str:
    """Return ``value`` with three significant digits that make it no larger, but for rounding."""
    raised = float(value) * (1 + _ROUNDING)  # which would push a round number over its edge
    exactly = Context(prec=3, rounding=ROUND_FLOOR).create_decimal(repr(raised))
    return exact(float(exactly))


def rounded_up(value: float) -> str:
    """Return ``value`` with one significant digit that makes it no smaller."""
    exactly = Context(prec=1, rounding=ROUND_CEILING).create_decimal(repr(float(value)))
    return exact(float(exactly))


def round_to(value: float, digits: int) -> float:
    """Return ``value`` rounded to significant digits."""
    return float(f"{value:.{digits}g}")


def decimals_in(step: float) -> int:
    """Return how many decimals tell numbers apart by ``step``; fewer than 0 from 10 on."""
    return math.ceil(-math.log10(step))


def whole_up_to(count: int, digits: int) -> int:
    """Return ``count`` with significant digits that make it no smaller."""
    unit: int = 10 ** max(len(str(count)) - digits, 0)
    return -(-count // unit) * unit


def decimals_for(value: float) -> int:
    """Return how many decimals give numbers like ``value`` four to seven significant digits."""
    if not value or not math.isfinite(value):
        return 4
    power = math.floor(math.log10(abs(value)))
    return min(max(3 - power, min(4, 6 - power), 0), 10)


@tellable
def _joined(*numbers: str) -> str:
    return clauses(numbers) if decimal_mark() == "," else in_a_row(numbers)


def _written(value: float | Decimal, form: str) -> str:
    """Return ``value`` in a format of Python's, with a minus sign and a short power of ten."""
    if not math.isfinite(value):
        return tr("too\u00a0large")
    mantissa, _, power = format(value, form).partition("e")
    written = f"{mantissa}e{int(power)}" if power else mantissa
    return _in_language(written).replace("-", "−")


def _in_language(written: str) -> str:
    """Return a number that Python has written with the marks of the program's language."""
    return written.translate(_WITH_COMMA) if decimal_mark() == "," else written
