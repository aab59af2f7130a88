"""Which example pulls least squares most."""

import numpy as np

from linreg_gui.data.dataset import Dataset
from linreg_gui.data.scaling import Scaling

LEAST_DISTANCE = 0.5
"""Cook's distance from which on an example is worth a look, as R marks it in its diagnostics."""

LEAST_RATIO = 2.0
"""It stands out if its distance is at least this multiple of that of any other example."""

_MOST_LEVERAGE = 1 - 1e-9
"""With more, a parameter is not determined without this example."""


def standing_out(dataset: Dataset) -> int | None:
    """Return the row of the example that pulls least squares most, if it stands out.

    Its leverage h and its residual e tell how far the solution moves without it, Cook's distance:
    e²·h / (p·s²·(1 − h)²), with p parameters and the variance s² of the residuals (Cook 1977). An
    example without which the solution is not determined does not count.
    """
    features = Scaling.of(dataset.features).standardize(dataset.features)
    table = np.column_stack([features, np.ones(dataset.size)]).astype(np.float64)
    target = dataset.target - dataset.target.mean(dtype=np.float64)
    # The same as the left singular vectors of the table, in a tenth of the time.
    _, sizes, directions = np.linalg.svd(np.linalg.qr(table, mode="r"), full_matrices=False)
    kept = sizes > _ROUNDING * sizes[0]
    outputs = table @ (directions[kept].T / sizes[kept])
    count = outputs.shape[1]
    residuals = target - outputs @ (outputs.T @ target)
    squares = float(residuals @ residuals)
    free = dataset.size - count
    if free <= 0 or squares <= _ROUNDING * float(target @ target):
        return None
    leverage = np.einsum("ij,ij->i", outputs, outputs)
    rest = np.maximum(1 - leverage, 1 - _MOST_LEVERAGE)
    distances = residuals**2 * leverage / (count * squares / free * rest**2)
    distances[leverage > _MOST_LEVERAGE] = 0.0
    row = int(distances.argmax())
    others = float(np.delete(distances, row).max(initial=0.0))
    return row if distances[row] >= max(LEAST_DISTANCE, LEAST_RATIO * others) else None


_ROUNDING = 1e-12
