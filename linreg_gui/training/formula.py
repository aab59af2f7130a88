"""The fitted line as a formula: with the features' names, and with the numbers of an example."""

import math
import operator
from collections.abc import Iterable, Sequence
from decimal import Decimal

from linreg_gui.training.arithmetic import enclosed, read_number, write_number
from linreg_gui.training.numbers import format_real

_MOST_DECIMALS = 10
_LONGEST_NAME = 18


class Formula:
    """Writes a line and what it predicts, with digits that keep their places as numbers change.

    A prediction has four significant digits of the target's spread. Each weight has so many
    decimals that its rounding moves no prediction by more than a tenth of that one's last digit.

    Parameters
    ----------
    names : sequence of str
        One for each feature.
    largest : sequence of float
        The largest magnitude of each feature.
    spread : float
        Standard deviation of the target; 0 where it is always the same.

    Attributes
    ----------
    decimals : int
        Of a prediction.
    """

    def __init__(self, names: Sequence[str], largest: Sequence[float], spread: float) -> None:
        self._names = [
            elided(name, _LONGEST_NAME).replace(" ", "\N{NO-BREAK SPACE}") for name in names
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
        """Return ŷ in full precision; infinite or NaN where it is too large to compute."""
        return sum(map(operator.mul, parameters, features), start=parameters[-1])

    def written(self, parameters: Sequence[float], features: Sequence[float]) -> str:
        """Return ``1.99981·0.5 − 3.39992·1.2 + 4.2001 = 1.120``.

        Where whoever computes with these digits comes to another last digit, it says ≈.
        """
        numbers = self._write(parameters)
        xs = [format_real(each).replace("-", "−") for each in features]
        *weights, bias = map(read_number, numbers)
        exact = sum(map(operator.mul, weights, map(read_number, xs)), start=bias)
        result = self.write(self.predict(parameters, features))
        sign = "=" if self.write(exact) == result else "≈"
        return f"{_sum(numbers, map(enclosed, xs))} {sign}\N{NO-BREAK SPACE}{result}"

    def write(self, prediction: float | Decimal) -> str:
        """Return a prediction as it is shown."""
        return write_number(prediction, self.decimals)

    def _write(self, parameters: Sequence[float]) -> list[str]:
        return [*map(write_number, parameters, self._decimals)]


def elided(name: str, longest: int) -> str:
    """Return ``name``, or its beginning, in so many letters."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


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
