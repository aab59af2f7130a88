"""Arithmetic written out for people. It holds for the digits that are shown."""

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Self

import numpy as np

from linreg_gui.data.dataset import FloatArray
from linreg_gui.number_text import LARGEST, SMALLEST, exact, fixed, parse_shown, whole
from linreg_gui.texts import shortened, tr

MOST_SQUARES = 6
"""How many squares are written out. The sum of the others is one number."""

_SIGNIFICANT = 7
"""How many digits single precision has of every number. It takes 9 to tell neighbors apart."""

_EXACT = Context(prec=200, traps=[])
"""Holds sums of products of single-precision numbers. Other texts than numbers read as NaN."""


class Equation(str):
    """The text of an equation, with its numbers.

    Attributes
    ----------
    terms : tuple of str
        The numbers to compute with, as they are written.
    result : str
        The result, as it is written.
    """

    terms: tuple[str, ...]
    result: str

    def __new__(cls, left: str, sign: str, terms: Iterable[str], result: str) -> Self:
        """Write ``left`` on one side of ``sign``, and ``result`` on the other."""
        equation = super().__new__(cls, f"{left} {sign} {result}")
        equation.terms, equation.result = tuple(terms), result
        return equation


@dataclass(frozen=True)
class WeightedSum:
    """A prediction, written out.

    Attributes
    ----------
    text : str
        The equation.
    terms : tuple of str
        Each feature times its weight, as in the equation.
    features, weights, products : tuple of str
        For each feature its value, its weight, and the product of these two texts.
    bias, prediction : str
        The last term, and the result. The products and the bias add up to it.
    """

    text: str
    terms: tuple[str, ...]
    features: tuple[str, ...]
    weights: tuple[str, ...]
    products: tuple[str, ...]
    bias: str
    prediction: str


def write_update(before: float, learning_rate: float, gradient: float, after: float) -> Equation:
    """Return ``0.3127 − 0.001 × (−4.8312) = 0.3175``, with digits that show the change.

    Its terms are the gradient and the old value.
    """
    rate = exact(learning_rate)
    return _fewest_digits(
        [_Kind([gradient], 4)],
        _Kind([before, after], 4),
        lambda slope, start: start - parse_shown(rate) * slope,
        lambda slope, start: f"{start} − {rate} × {enclosed(slope)}",
        show_change=before != after,
    )


def write_prediction(
    features: FloatArray, weights: FloatArray, bias: float, prediction: float, decimals: int = 2
) -> WeightedSum:
    """Return ``0.52·2.00 + (−1.23)·3.40 + 4.20 = 1.06`` and its parts.

    ``features`` and ``weights`` have the shape (d,). Numbers of ordinary size have at least
    ``decimals`` decimals; features have no more than they need.
    """
    d = len(features)
    equation = _fewest_digits(
        [_Kind(features, 0), _Kind([*weights, bias], decimals)],
        _Kind([prediction], decimals),
        lambda *terms: sum(map(operator.mul, terms[:d], terms[d:-1]), terms[-1]),
        lambda *terms: " + ".join([*map(_product, terms[:d], terms[d:-1]), enclosed(terms[-1])]),
    )
    xs, ws, b = equation.terms[:d], equation.terms[d:-1], equation.terms[-1]
    return WeightedSum(
        text=equation,
        terms=tuple(map(_product, xs, ws)),
        features=xs,
        weights=ws,
        products=tuple(_products(xs, ws, b, equation.result, decimals)),
        bias=b,
        prediction=equation.result,
    )


def write_residual(
    prediction: float, target: float, residual: float, decimals: int = 2
) -> Equation:
    """Return ``1.06 − 1.10 = −0.04``, with at least ``decimals`` decimals."""
    return _fewest_digits(
        [],
        _Kind([prediction, target, residual], decimals),
        lambda y_hat, y: y_hat - y,
        lambda y_hat, y: f"{y_hat} − {enclosed(y)}",
    )


def write_loss(residuals: FloatArray, loss: float, decimals: int = 2) -> Equation:
    """Return ``(0.04² + (−1.23)² + … + 12.31 (996 more))/1,002 = 0.3786``.

    ``residuals`` has the shape (m,). They have at least ``decimals`` decimals.
    """
    m = len(residuals)
    first, others = np.split(residuals.astype(np.float64), [MOST_SQUARES])

    def write_mean(*terms: str) -> str:
        squares = [f"{enclosed(root)}²" for root in terms[:-1]]
        if len(others):
            squares.append(tr("{sum} ({n} more)").format(sum=terms[-1], n=whole(len(others))))
        return f"({' + '.join(squares)})/{whole(m)}" if m > 1 else squares[0]

    return _fewest_digits(
        [_Kind(first, decimals), _Kind([float(others @ others)], decimals)],
        _Kind([loss], 4),
        lambda *terms: sum(map(operator.mul, terms[:-1], terms[:-1]), terms[-1]) / m,
        write_mean,
    )


def write_average(before: float, loss: float, after: float) -> Equation:
    """Return ``0.99 × 0.0000 + 0.01 × 8.2310 = 0.0823``."""
    kept, added = exact(0.99), exact(0.01)
    return _fewest_digits(
        [_Kind([loss], 4)],
        _Kind([before, after], 4),
        lambda new, old: Decimal("0.99") * old + Decimal("0.01") * new,
        lambda new, old: f"{kept} × {enclosed(old)} + {added} × {enclosed(new)}",
    )


class _Kind:
    """Numbers that are written with the same number of decimals, from ``fewest`` to ``most``.

    ``fewest`` is the requested number, or less if a number of ordinary size would otherwise have
    more digits than single precision has. With ``most``, no two different numbers look alike.
    """

    def __init__(self, values: Iterable[float], fewest: int) -> None:
        self._values = [float(value) for value in values]
        largest = max((abs(each) for each in self._values if abs(each) < LARGEST), default=0.0)
        self.fewest = max(0, min(fewest, _SIGNIFICANT - len(str(int(largest)))))
        self.most = max([self.fewest, *map(_needed_decimals, self._values)])

    def write(self, decimals: int) -> list[str]:
        decimals = max(self.fewest, min(decimals, self.most))
        return [fixed(value, decimals) for value in self._values]


def _fewest_digits(
    operands: Sequence[_Kind],
    results: _Kind,
    compute: Callable[..., Decimal],
    write: Callable[..., str],
    *,
    show_change: bool = False,
) -> Equation:
    """Return the equation with the fewest digits that make it true.

    ``compute`` takes all numbers but the last of ``results``, and returns what that one should be.
    ``write`` takes the texts of the same numbers, and returns the left side. With ``show_change``
    the last two of ``results`` do not look alike.
    """
    start = max((kind.fewest for kind in operands), default=0)
    end = max((kind.most for kind in operands), default=start)
    choices = itertools.product(range(start, end + 1), range(results.fewest, results.most + 1))
    close: Equation | None = None
    for finer, decimals in sorted(choices, key=lambda choice: (sum(choice), choice[1])):
        texts = [text for kind in operands for text in kind.write(finer)]
        *terms, result = texts + results.write(decimals)
        if show_change and terms[-1] == result and decimals < results.most:
            continue
        off = _off_by(compute, terms, result)
        if off <= 0.5:
            return Equation(write(*terms), "=", terms, result)
        if off <= 2 and close is None:
            close = Equation(write(*terms), "≈", terms, result)
    return close or Equation(write(*terms), "≈", terms, result)


def _product(feature: str, weight: str) -> str:
    return f"{enclosed(feature)}·{enclosed(weight)}"


def _products(
    features: Sequence[str], weights: Sequence[str], bias: str, total: str, fewest: int
) -> list[str]:
    """Return the products of the texts, with the fewest digits that add up to ``total``."""
    with localcontext(_EXACT):
        unrounded = [
            parse_shown(x) * parse_shown(w) for x, w in zip(features, weights, strict=True)
        ]
    for decimals in range(fewest, 2 * _SIGNIFICANT):
        products = [fixed(product, decimals) for product in unrounded]
        if _off_by(lambda *terms: sum(terms), [*products, bias], total) <= 0.5:
            return products
    return [fixed(product, fewest) for product in unrounded]


def _off_by(compute: Callable[..., Decimal], terms: Iterable[str], result: str) -> Decimal:
    """Return how far ``compute`` of the terms is from ``result``, in units of its last digit.

    Up to 0.5 is due to rounding. It is 0 if a number is too large to be shown.
    """
    with localcontext(_EXACT):
        shown, value = parse_shown(result), compute(*map(parse_shown, terms))
        exponent = shown.as_tuple().exponent
        if not isinstance(exponent, int) or value.is_nan():
            return Decimal(0)
        return abs(value - shown).scaleb(-exponent)


def _needed_decimals(value: float) -> int:
    """Return how many decimals tell ``value`` from all others in single precision."""
    if value == 0:
        return 0
    if not SMALLEST <= abs(value) < LARGEST:
        return 10
    text = np.format_float_positional(np.float32(value), trim="-")
    return len(text.partition(".")[2])


def enclosed(text: str) -> str:
    """Return a number in parentheses if it needs them to be multiplied or squared."""
    return f"({text})" if "−" in text or "e" in text else text


_MOST_DECIMALS = 10
_LONGEST_NAME = 18


class Formula:
    """Writes a model and its predictions, with digits that stay in place as numbers change.

    A prediction has four significant digits of the target's spread. A weight has enough decimals
    that its rounding changes no prediction by more than a tenth of the last digit.

    Parameters
    ----------
    names : sequence of str
        One for each feature.
    largest : sequence of float
        The largest magnitude of each feature.
    spread : float
        Standard deviation of the target; 0 if the target is constant.

    Attributes
    ----------
    decimals : int
        How many decimals a prediction has.
    """

    def __init__(self, names: Sequence[str], largest: Sequence[float], spread: float) -> None:
        self._names = [
            shortened(name, _LONGEST_NAME).replace(" ", "\N{NO-BREAK SPACE}") for name in names
        ]
        self.decimals = _within_limits(3 - _power(spread)) if spread else 4
        finer = self.decimals + 1
        self._decimals = [
            *(_within_limits(finer + 1 + _power(each)) if each else finer for each in largest),
            finer,
        ]

    def named(self, parameters: Sequence[float]) -> str:
        """Return ``1.99981·x0 − 3.39992·x1 + 4.2001``; a line breaks only between two terms."""
        return _sum(self._write(parameters), self._names)

    def predict(self, parameters: Sequence[float], features: Sequence[float]) -> float:
        """Return ŷ in full precision; infinite or NaN if it is too large to compute."""
        return sum(map(operator.mul, parameters, features), start=parameters[-1])

    def written(self, parameters: Sequence[float], features: Sequence[float]) -> str:
        """Return ``1.99981·0.5 − 3.39992·1.2 + 4.2001 = 1.120``.

        The sign is ≈ if a computation with these digits gives a different last digit.
        """
        numbers = self._write(parameters)
        xs = [exact(each) for each in features]
        *weights, bias = map(parse_shown, numbers)
        result_of_shown = sum(map(operator.mul, weights, map(parse_shown, xs)), start=bias)
        result = self.write(self.predict(parameters, features))
        sign = "=" if self.write(result_of_shown) == result else "≈"
        return f"{_sum(numbers, map(enclosed, xs))} {sign}\N{NO-BREAK SPACE}{result}"

    def write(self, prediction: float | Decimal) -> str:
        """Return a prediction as it is shown."""
        return fixed(prediction, self.decimals)

    def _write(self, parameters: Sequence[float]) -> list[str]:
        return [*map(fixed, parameters, self._decimals)]


def _sum(numbers: Sequence[str], factors: Iterable[str]) -> str:
    products = map("{}·{}".format, numbers, factors)
    first, *others = [*products, numbers[-1]]
    return first + "".join(map(_added, others))


def _added(term: str) -> str:
    sign, size = ("−", term[1:]) if term.startswith("−") else ("+", term)
    return f" {sign}\N{NO-BREAK SPACE}{size}"


def _power(size: float) -> int:
    return math.floor(math.log10(size))


def _within_limits(decimals: int) -> int:
    return min(max(decimals, 0), _MOST_DECIMALS)
