"""What training is measured against: least squares, the noise floor and stable learning rates."""

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
    full_batch_limit : float
        Gradient descent on all the examples at once diverges above this learning rate.
    every_batch_limit : float
        Below this rate no minibatch, whatever examples it holds, can drive the parameters apart.
    """

    weights: tuple[float, ...]
    bias: float
    loss: float
    noise_floor: float | None
    full_batch_limit: float
    every_batch_limit: float

    @property
    def parameters(self) -> tuple[float, ...]:
        """Return the least-squares weights, then the bias."""
        return (*self.weights, self.bias)


def compute_references(dataset: Dataset) -> References:
    """Solve the least-squares problem and find the stable learning rates.

    The Hessian of the mean squared error is H = (2/n)·ZᵀZ with Z = [X 1]. A gradient step contracts
    while the rate is below 2/λmax(H). A minibatch's own H has no eigenvalue above 2·max‖z‖², so
    a rate below 1/max‖z‖² is stable for each.
    """
    features = dataset.features.astype(np.float64)
    target = dataset.target.astype(np.float64)
    centre, target_centre = features.mean(axis=0), target.mean()
    # Centring first keeps the solution exact where the features are far from 0.
    weights, *_ = np.linalg.lstsq(features - centre, target - target_centre, rcond=None)
    bias = float(target_centre - centre @ weights)
    residuals = target - features @ weights - bias

    design = np.column_stack([features, np.ones(dataset.size)])
    hessian = 2.0 / dataset.size * design.T @ design
    largest_norm = np.einsum("ij,ij->i", design, design).max()
    return References(
        weights=tuple(float(weight) for weight in weights),
        bias=bias,
        loss=float(residuals @ residuals / dataset.size),
        noise_floor=None if dataset.noise_std is None else dataset.noise_std**2,
        full_batch_limit=float(2.0 / np.linalg.eigvalsh(hessian)[-1]),
        every_batch_limit=float(1.0 / largest_norm),
    )
