"""Lines that people draw by hand, and what the pictures show of them."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import decimals_in
from linreg_gui.settings import TrainingConfig, setting_of
from linreg_gui.texts import quoted, shortened, tr

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape

_MOST_LETTERS = 18


@dataclass(eq=False)
class KeptGuess:
    """A line that somebody has kept.

    Attributes
    ----------
    parameters : ndarray, shape (d + 1,), float64
        Weights, then bias, in the units of the data. Never changed in place.
    config : TrainingConfig
        The settings then: they tell for which data it was made.
    number : int
        From 1, in the order in which they were kept.
    color_index : int
        The index of its color, line and marker in the palette.
    name : str
        The name that a person gave it; empty if none.
    is_shown : bool
        Whether it is drawn in the pictures.
    """

    parameters: DoubleArray
    config: TrainingConfig
    number: int
    color_index: int
    name: str = ""
    is_shown: bool = True

    @property
    def title(self) -> str:
        """Return the name, or the number if it has none."""
        return self.name or tr("Guess {number}").format(number=self.number)

    @property
    def short_title(self) -> str:
        """Return as much of the title as a picture has room for."""
        return shortened(self.title, _MOST_LETTERS)

    def rename(self, text: str) -> None:
        """Take a name that a person typed."""
        self.name = quoted(text.strip())


@dataclass(frozen=True, eq=False)
class ShownGuesses:
    """What the pictures show of the lines drawn by hand.

    Attributes
    ----------
    mine : ndarray, shape (d + 1,), float64, or None
        The line in hand, in the units of the data; None while nobody draws one.
    kept : tuple of KeptGuess
        The kept lines that are drawn.
    hides_solution : bool
        Whether least squares and the true parameters are hidden, so that a class guesses first.
    draws_residuals, draws_squares : bool
        Whether the residuals of the line in hand are drawn, as lines or as squares.
    """

    mine: DoubleArray | None = None
    kept: tuple[KeptGuess, ...] = ()
    hides_solution: bool = False
    draws_residuals: bool = True
    draws_squares: bool = False

    def lines(self) -> list[tuple[str, DoubleArray]]:
        """Return the name and the parameters of each line, the one in hand first."""
        mine = [] if self.mine is None else [(tr("my line"), self.mine)]
        return mine + [(kept.title, kept.parameters) for kept in self.kept]


NO_GUESSES = ShownGuesses()


def first_line(landscape: "Landscape", target_mean: float, dimension: int) -> DoubleArray:
    """Return the line that a person gets first, shape (d + 1,): flat, below the middle.

    It gives nothing away: at the mean of the target, it would show the bias of the lesson's data.
    """
    spread = math.sqrt(landscape.variance) or 1.0
    line = np.zeros(dimension + 1)
    line[-1] = _rounded(target_mean - spread, spread / 10)
    return line


def within_limits(parameters: DoubleArray) -> DoubleArray:
    """Return the nearest parameters with which a run can start; see the setting's limits."""
    limits = setting_of("start_bias")  # the weights' too
    return np.array([limits.nearest(value) for value in parameters.tolist()])


def rounded_line(
    parameters: DoubleArray, feature: int, span: tuple[float, float], step: float
) -> DoubleArray:
    """Return the parameters with no more decimals than can be seen.

    Parameters
    ----------
    parameters : ndarray, shape (d + 1,)
        Weights, then bias, in the units of the data.
    feature : int
        The one along x. Only its weight and the bias are rounded, the bias so that the line stays
        in its place in the middle of ``span``, even if that is far from 0.
    span : (float, float)
        The smallest and the largest x on show.
    step : float
        No place of the line within ``span`` moves by more than this.
    """
    low, high = span
    weight = float(parameters[feature])
    rounded = parameters.copy()
    rounded[feature] = _rounded(weight, step / max(high - low, 1e-300))
    rounded[-1] += (weight - rounded[feature]) * (low + high) / 2
    rounded[-1] = _rounded(float(rounded[-1]), step / 2)
    return rounded


def _rounded(value: float, step: float) -> float:
    """Return ``value`` with the fewest decimals that leave it within half a ``step``."""
    return round(value, decimals_in(step))
