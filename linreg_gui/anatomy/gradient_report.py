"""What a gradient check has found."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.anatomy.arithmetic import write_number
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.texts import tr


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The gradient of one minibatch's loss, found in three ways. Arrays have the shape (d + 1,).

    Attributes
    ----------
    size : int
        How many examples the minibatch has, m.
    autograd, by_hand, central : ndarray
        By the weights, then by the bias.
    step_sizes : ndarray
        The h of each central difference.
    roundings : ndarray
        What rounding once in single precision changes, at the size of the numbers added up.
    """

    size: int
    autograd: DoubleArray
    by_hand: DoubleArray
    central: DoubleArray
    step_sizes: DoubleArray
    roundings: DoubleArray

    @property
    def spreads(self) -> DoubleArray:
        """Return the largest difference between any two of the three, shape (d + 1,)."""
        ways = np.stack([self.autograd, self.by_hand, self.central])
        with np.errstate(invalid="ignore"):
            spreads: DoubleArray = ways.max(axis=0) - ways.min(axis=0)
        return spreads

    @property
    def spreads_in_roundings(self) -> DoubleArray:
        """Return `spreads` in units of `roundings`."""
        with np.errstate(invalid="ignore"):
            return self.spreads / self.roundings

    @property
    def allowed(self) -> int:
        """Return how many roundings may be due to single precision.

        Most sums lose less than one. Where all examples are alike each addition rounds the same
        way. Then up to 5 were measured for m = 64, 15 for 10,000 and 720 for a million.
        """
        return 8 + self.size // 500

    @property
    def agrees(self) -> bool | None:
        """Return whether the three agree; None where numbers are too large to tell."""
        spreads = self.spreads_in_roundings
        return bool((spreads <= self.allowed).all()) if np.isfinite(spreads).all() else None

    def verdict(self, names: Sequence[str]) -> str:
        """Return a sentence; ``names`` are those of the parameters."""
        if self.agrees is None:
            return tr("The numbers are too large to be checked.")
        spreads = self.spreads_in_roundings
        worst = int(spreads.argmax())
        if self.agrees:
            return tr("They agree: at most {count} roundings apart.").format(
                count=math.ceil(spreads[worst] * 10) / 10
            )
        return tr("They do not agree: for {name} they are {difference} apart.").format(
            name=names[worst], difference=write_number(float(self.spreads[worst]), 4)
        )
