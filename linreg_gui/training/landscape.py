"""The loss everywhere: a bowl over the parameters, from the moments of the data alone.

With Z = [X 1] and S = ZᵀZ/n, the mean squared error over all the examples is
L(θ) = L(θ*) + (θ − θ*)ᵀS(θ − θ*) around the least-squares solution θ*. Once S is known,
nothing depends on how many examples there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.training.references import References

_FLAT = 1e-12
"""Below this curvature a direction is flat, where each parameter alone has one of 1."""
_CONTOUR_POINTS = 361


class Landscape:
    """The loss over all the examples, as a function of the parameters.

    Parameters
    ----------
    moments : ndarray, shape (d + 1, d + 1)
        S = ZᵀZ/n.
    references : References
        The least-squares solution and the loss there.

    Attributes
    ----------
    optimum : ndarray, shape (d + 1,)
        The least-squares solution: weights, then bias.
    lowest : float
        The loss there.
    """

    def __init__(self, moments: DoubleArray, references: References) -> None:
        self.optimum = np.array(references.parameters)
        self.lowest = references.loss
        self._moments = moments

    def loss(self, parameters: Sequence[float] | DoubleArray) -> float:
        """Return the loss at ``parameters``, shape (d + 1,)."""
        return float(self.losses(np.asarray(parameters)[:, np.newaxis])[0])

    def losses(self, parameters: FloatArray) -> DoubleArray:
        """Return the loss at each column of ``parameters``, shape (d + 1, k)."""
        distances = parameters - self.optimum[:, np.newaxis]
        excess = np.sum(distances * (self._moments @ distances), axis=0)
        losses: DoubleArray = self.lowest + np.maximum(excess, 0.0)  # rounding may leave less
        return losses

    @property
    def hessian(self) -> DoubleArray:
        """Return the loss's second derivatives 2·S, shape (d + 1, d + 1); the same everywhere."""
        return 2 * self._moments

    @property
    def stable_rate(self) -> float:
        """Return the learning rate above which full batches diverge: 2/λmax of the Hessian 2·S."""
        return 1.0 / float(np.linalg.eigvalsh(self._moments)[-1])

    def gradient(self, parameters: Sequence[float] | DoubleArray) -> DoubleArray:
        """Return the loss's gradient 2·S·(θ − θ*) at ``parameters``, shape (d + 1,) both."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        gradient: DoubleArray = 2 * self._moments @ distance
        return gradient

    def slice(self, pair: tuple[int, int], parameters: Sequence[float] | DoubleArray) -> "Slice":
        """Return the plane of two parameters, the others held at those of ``parameters``."""
        distance = np.asarray(parameters, np.float64) - self.optimum
        distance[list(pair)] = 0.0
        matrix = self._moments[np.ix_(pair, pair)]
        # Where the others are off their optimum, the bottom of the slice is moved.
        pull = (self._moments @ distance)[list(pair)]
        steep, _ = _half_axes(matrix)
        shift = -steep @ steep.T @ pull
        raised = float(distance @ self._moments @ distance + shift @ pull)
        return Slice(self.optimum[list(pair)] + shift, self.lowest + max(0.0, raised), matrix)


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

    centre: DoubleArray
    lowest: float
    matrix: DoubleArray

    def excess(self, points: DoubleArray) -> DoubleArray:
        """Return how far the loss is above ``lowest`` at ``points``, shape (k, 2)."""
        distance = points - self.centre
        excess: DoubleArray = np.einsum("ki,ij,kj->k", distance, self.matrix, distance)
        return excess

    def extent(self, excess: float) -> DoubleArray:
        """Return how far the contour's steep axes reach along each parameter, shape (2,)."""
        extent: DoubleArray = np.sqrt(excess) * np.linalg.norm(_half_axes(self.matrix)[0], axis=1)
        return extent

    def contour(self, excess: float, reach: float) -> list[DoubleArray]:
        """Return the lines on which the loss is ``lowest + excess``, each of shape (k, 2).

        They are an ellipse; or two parallel lines, drawn as far as ``reach`` from the centre,
        where one direction is flat; or none, where both are.
        """
        steep, flat = _half_axes(self.matrix)
        steep = np.sqrt(excess) * steep.T
        if len(steep) == 0:
            return []
        if len(steep) == 1:
            along = np.linspace(-reach, reach, _CONTOUR_POINTS)
            line = np.outer(along, flat / np.linalg.norm(flat))
            return [self.centre + side * steep + line for side in (1, -1)]
        angles = np.linspace(0.0, 2 * np.pi, _CONTOUR_POINTS)
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        return [self.centre + circle @ steep]


def balanced_axes(matrix: DoubleArray) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Return the eigenvalues and eigenvectors where every parameter alone has a curvature of 1.

    In such steps neither a large nor a small feature drowns in the other's rounding, and one far
    from 0, such as a year, is not taken for a constant. Flat directions have an eigenvalue of 0.

    Parameters
    ----------
    matrix : ndarray, shape (k, k)
        Second moments, or a Hessian.

    Returns
    -------
    steps : ndarray, shape (k,)
        How long a step of 1 is, in each parameter's own units.
    curvatures : ndarray, shape (k,)
        The smallest first.
    axes : ndarray, shape (k, k)
        In columns, in these steps.
    """
    costs = np.diag(matrix)
    steps = 1 / np.sqrt(np.where(costs > 0, costs, 1.0))
    curvatures, axes = np.linalg.eigh(matrix * np.outer(steps, steps))
    return steps, np.where(curvatures > _FLAT, curvatures, 0.0), axes


def _half_axes(matrix: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Return those of the contour with an excess of 1, and the flat directions, in columns."""
    steps, curvatures, axes = balanced_axes(matrix)
    axes *= steps[:, np.newaxis]
    steep = curvatures > 0
    return axes[:, steep] / np.sqrt(curvatures[steep]), axes[:, ~steep]
