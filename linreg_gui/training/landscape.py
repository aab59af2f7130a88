"""The loss everywhere: a bowl over the parameters, from the moments of the data alone.

With Z = [X 1] and S = ZᵀZ/n, the mean squared error over all the examples is
L(θ) = L(θ*) + (θ − θ*)ᵀS(θ − θ*) around the least-squares solution θ*. Once S is known,
nothing depends on how many examples there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_gui.training.references import References

Values = npt.NDArray[np.float64]

_FLAT = 1e-12
"""A direction whose curvature is below this share of the steepest one's is flat."""
_CONTOUR_POINTS = 97


class Landscape:
    """The loss over all the examples, as a function of the parameters.

    Parameters
    ----------
    moments : ndarray, shape (d + 1, d + 1)
        S = ZᵀZ/n, from `Curvature`.
    references : References
        The least-squares solution and the loss there.

    Attributes
    ----------
    optimum : ndarray, shape (d + 1,)
        The least-squares solution: weights, then bias.
    lowest : float
        The loss there.
    """

    def __init__(self, moments: Values, references: References) -> None:
        self.optimum = np.array(references.parameters)
        self.lowest = references.loss
        self._moments = moments

    def loss(self, parameters: Sequence[float] | Values) -> float:
        """Return the loss at ``parameters``, shape (d + 1,)."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        return float(self.lowest + distance @ self._moments @ distance)

    def slice(self, pair: tuple[int, int], parameters: Sequence[float] | Values) -> "Slice":
        """Return the plane of two parameters, the others held at those of ``parameters``."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        distance[list(pair)] = 0.0
        matrix = self._moments[np.ix_(pair, pair)]
        # Where the others are off their optimum, the bottom of the slice is moved.
        pull = (self._moments @ distance)[list(pair)]
        shift = -np.linalg.pinv(matrix, rcond=_FLAT, hermitian=True) @ pull
        lowest = self.lowest + distance @ self._moments @ distance + shift @ pull
        return Slice(self.optimum[list(pair)] + shift, float(lowest), matrix)


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss over two parameters: a paraboloid.

    Attributes
    ----------
    centre : ndarray, shape (2,)
        Where it is lowest.
    lowest : float
        The loss there.
    matrix : ndarray, shape (2, 2)
        The loss is ``lowest + uᵀ·matrix·u`` at a distance u from the centre.
    """

    centre: Values
    lowest: float
    matrix: Values

    def excess(self, points: Values) -> Values:
        """Return how far the loss is above ``lowest`` at ``points``, shape (k, 2)."""
        distance = points - self.centre
        excess: Values = np.einsum("ki,ij,kj->k", distance, self.matrix, distance)
        return excess

    def radii(self, excess: float) -> Values:
        """Return the contour's two half axes, the short one first; ∞ along a flat direction."""
        curvatures = self._axes()[0]
        with np.errstate(divide="ignore"):
            radii: Values = np.sqrt(excess / curvatures)
        return radii[::-1]

    def contour(self, excess: float, reach: float) -> list[Values]:
        """Return the lines on which the loss is ``lowest + excess``, each of shape (k, 2).

        They are an ellipse; or two parallel lines, drawn as far as ``reach`` from the centre,
        where one direction is flat; or none, where both are.
        """
        curvatures, axes = self._axes()
        if curvatures[1] == 0:
            return []
        if curvatures[0] == 0:
            along, across = reach * axes[:, 0], np.sqrt(excess / curvatures[1]) * axes[:, 1]
            return [
                self.centre + np.array([side * across - along, side * across + along])
                for side in (1, -1)
            ]
        angles = np.linspace(0.0, 2 * np.pi, _CONTOUR_POINTS)
        circle = np.array([np.cos(angles), np.sin(angles)])
        ellipse: Values = self.centre + (axes @ (np.sqrt(excess / curvatures) * circle.T).T).T
        return [ellipse]

    def _axes(self) -> tuple[Values, Values]:
        """Return the curvatures, the smaller first, and their directions in columns."""
        curvatures, axes = np.linalg.eigh(self.matrix)
        curvatures[curvatures <= _FLAT * curvatures[1]] = 0.0
        return curvatures, axes
