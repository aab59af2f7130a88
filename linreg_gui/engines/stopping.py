"""When a run stops by its rule. Both engines decide by this.

A rule bounds a length that is linear in the distance from the least-squares solution: the root of
the loss above least squares, or the gradient. So it costs a small matrix and no example.
"""

import operator
from collections.abc import Sequence

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray


class StopCheck:
    """Parameters θ meet the rule if ``|root·(θ − optimum)|² ≤ bound``.

    Parameters
    ----------
    root : ndarray, shape (k, d + 1)
        It maps a distance in the units that are trained in.
    optimum : ndarray, shape (d + 1,)
        The least-squares solution in these units.
    bound : float
    """

    def __init__(self, root: DoubleArray, optimum: DoubleArray, bound: float) -> None:
        self._root = np.asarray(np.linalg.qr(root, mode="r"))  # gives the same lengths
        self._rows = [row[index:] for index, row in enumerate(self._root.tolist())]
        self._optimum = optimum
        self._target = optimum.tolist()
        self._bound = bound

    def is_met(self, parameters: Sequence[float]) -> bool:
        """Return whether ``parameters`` meet the rule; for one step faster than NumPy."""
        distance = list(map(operator.sub, parameters, self._target))
        square = 0.0
        for index, row in enumerate(self._rows):
            length = sum(map(operator.mul, row, distance[index:]))
            square += length * length
            if not square <= self._bound:
                return False
        return True

    def count_to(self, parameters: FloatArray) -> int:
        """Return after how many steps the rule is met for the first time; 0 if it never is.

        ``parameters`` has shape (k, d + 1): after each of k steps.
        """
        lengths = (parameters - self._optimum) @ self._root.T
        met = np.einsum("ij,ij->i", lengths, lengths) <= self._bound
        return int(met.argmax()) + 1 if met.any() else 0
