"""What counts as diverged, in both engines."""

import math

import numpy as np

from linreg_gui.data.dataset import Dataset, FloatArray

LARGEST_LOSS = float(np.finfo(np.float32).max)
"""The largest that MXNet's single precision holds."""

LARGEST_RESIDUAL = math.sqrt(LARGEST_LOSS)
"""Its square is the largest loss."""


def reach_of(dataset: Dataset) -> FloatArray:
    """Return how far each term of a residual reaches: features, bias and target, shape (d + 2,).

    With weights w and bias b, no example's residual is larger than
    ``reach @ [|w|, |b|, 1]``. It is past `LARGEST_RESIDUAL` long before the parameters are
    past what they can hold, and the run has then diverged.
    """
    features = np.abs(dataset.features).max(axis=0)
    return np.array([*features, 1.0, np.abs(dataset.target).max()], np.float64)
