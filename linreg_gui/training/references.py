"""What training is measured against: least squares and the noise floor."""

from dataclasses import dataclass

import numpy as np

from linreg_gui.data.dataset import Dataset


@dataclass(frozen=True)
class References:
    """The dataset's exact answers, computed in float64.

    Attributes
    ----------
    weights, bias : tuple of float, float
        The least-squares solution.
    loss : float
        Mean squared error there: no line does better on these examples.
    noise_floor : float or None
        Variance of the recipe's noise; None for measured data.
    """

    weights: tuple[float, ...]
    bias: float
    loss: float
    noise_floor: float | None

    @property
    def parameters(self) -> tuple[float, ...]:
        """Return the least-squares weights, then the bias."""
        return (*self.weights, self.bias)


def compute_references(dataset: Dataset) -> References:
    """Solve the least-squares problem."""
    features = dataset.features.astype(np.float64)
    target = dataset.target.astype(np.float64)
    centre, target_centre = features.mean(axis=0), target.mean()
    # Centring first keeps the solution exact where the features are far from 0.
    weights, *_ = np.linalg.lstsq(features - centre, target - target_centre, rcond=None)
    bias = float(target_centre - centre @ weights)
    residuals = target - features @ weights - bias
    return References(
        weights=tuple(float(weight) for weight in weights),
        bias=bias,
        loss=float(residuals @ residuals / dataset.size),
        noise_floor=None if dataset.noise_std is None else dataset.noise_std**2,
    )
