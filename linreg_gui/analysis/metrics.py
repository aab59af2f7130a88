"""How well a line predicts some examples, wherever its parameters are."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linreg_gui.data.dataset import DoubleArray, FloatArray

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape


@dataclass(frozen=True, eq=False)
class FitMetrics:
    """The loss over a set of examples, and what is told by it. Parameters are those trained.

    Attributes
    ----------
    size : int
        How many examples there are.
    variance : float
        Of their target: the loss of the best constant.
    landscape : Landscape
        Their loss everywhere. What is asked costs no pass over the examples.
    """

    size: int
    variance: float
    landscape: "Landscape"

    def losses(self, trained: FloatArray) -> DoubleArray:
        """Return the loss at each column of ``trained``, shape (d + 1, k)."""
        return self.landscape.losses(trained)

    def rmse(self, trained: FloatArray) -> float:
        """Return the root of the loss, in units of the target."""
        return math.sqrt(self.landscape.loss(trained))

    def r_squared(self, trained: FloatArray) -> float | None:
        """Return 1 − loss/variance; None where the target has no spread."""
        if self.variance == 0:
            return None
        return 1.0 - self.landscape.loss(trained) / self.variance
