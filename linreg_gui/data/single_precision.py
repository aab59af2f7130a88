"""What single precision, in which MXNet trains, can hold."""

import numpy as np

from linreg_gui.data.dataset import FloatArray

SMALLEST = 1.2e-38
"""Smaller numbers, except 0, have fewer digits or none. It is rounded up."""

LARGEST = float(np.finfo(np.float32).max)

_NOTICEABLE = 1e-4
"""Values that are rounded by a smaller share of their standard deviation are as good as exact."""

_LARGEST_WHOLE = 2.0**53
"""From here on every number of double precision is whole, measured or counted."""


def merging_distance(values: FloatArray) -> float:
    """Return how far apart the numbers of single precision are if some of ``values`` become equal.

    Otherwise return 0, and also if measured values are rounded by a share that does not matter.
    Whole numbers are meant exactly.
    """
    if values.dtype == np.float32:
        return 0.0
    rounded = values.astype(np.float32)
    error = float(np.abs(rounded - values).max())
    if not error:
        return 0.0
    is_whole = np.abs(values).max() < _LARGEST_WHOLE and not np.any(values % 1)
    if not is_whole and error <= _NOTICEABLE * float(values.std(dtype=np.float64)):
        return 0.0
    if len(np.unique(rounded)) == len(np.unique(values)):
        return 0.0
    return float(np.spacing(np.abs(rounded).max()))
