"""How near to least squares a run is expected to end. Derived in docs/learning-rates.md."""

import math

import numpy as np

from linreg_gui.analysis.curvature import Curvature
from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import DoubleArray

NEAR = 0.01
"""The loss above least squares may be this share of what least squares gains over the mean."""

_NOTICED = 0.1
"""A parameter may be wrong by this share of its size, by its standard error, or, where it is almost
0, by `NEAR` of a size that would count."""

_LEAST_GAIN = 1e-4
"""At least this share of the variance counts as a gain: less cannot be seen."""

_OF_CONSTANT = 1e-3
"""A target without spread counts as if its standard deviation were this share of it."""


def allowed_excess(moments: Moments, lowest: float, share: float = NEAR) -> float:
    """Return how far the loss may be above least squares, where it is ``lowest``.

    That is a ``share`` of what least squares gains over the mean.
    """
    variance = moments.target_variance
    gain = max(variance - lowest, _LEAST_GAIN * variance)
    return share * (gain or (_OF_CONSTANT * (moments.largest_target or 1.0)) ** 2)


class Prospects:
    """Where the runs from one start are expected to end.

    Parameters
    ----------
    moments : Moments
        Of the training examples.
    curvature : Curvature
        Of the loss over them.
    start : ndarray
        The outlook at the start.
    is_rounded : bool
        Whether training is in single precision.
    """

    def __init__(
        self, moments: Moments, curvature: Curvature, start: DoubleArray, *, is_rounded: bool
    ) -> None:
        self.curvature = curvature
        self.size = moments.size
        self._start = start
        self._is_rounded = is_rounded
        self._measures = curvature.measures(
            allowed_excess(moments, curvature.lowest),
            _noticed_errors(moments, curvature),
        )

    def distances(self, outlook: DoubleArray) -> DoubleArray:
        """Return how far the loss, and then each parameter, is from least squares; 1 is near."""
        with np.errstate(all="ignore"):
            distances: DoubleArray = self._measures @ outlook
        return np.nan_to_num(distances, nan=math.inf)

    def distance(self, outlook: DoubleArray) -> float:
        """Return the largest of the `distances`; ∞ of a run that diverges."""
        return float(self.distances(outlook).max())

    def after(
        self, rate: float, batch_size: int, epochs: int, start: DoubleArray | None = None
    ) -> DoubleArray:
        """Return the outlook after ``epochs``, from another ``start`` if one is given."""
        outlook = self._start if start is None else start
        epoch = self.curvature.epoch(rate, batch_size)
        with np.errstate(all="ignore"):
            end: DoubleArray = np.linalg.matrix_power(epoch, epochs) @ outlook
        return self._rounded(end, rate, batch_size)

    def epochs_to(self, aim: float, rate: float, batch_size: int, most: int) -> int | None:
        """Return after how many epochs the distance is ``aim``; None after ``most``.

        The distance is taken to shrink all the way.
        """
        powers = [self.curvature.epoch(rate, batch_size)]
        with np.errstate(all="ignore"):
            while 2 ** len(powers) <= most:
                powers.append(powers[-1] @ powers[-1])
            outlook, done = self._start, 0
            for place in reversed(range(len(powers))):
                later = powers[place] @ outlook
                if not self.distance(self._rounded(later, rate, batch_size)) <= aim:
                    outlook, done = later, done + 2**place
        return done + 1 if done < most else None

    def _rounded(self, outlook: DoubleArray, rate: float, batch_size: int) -> DoubleArray:
        """Return the outlook in the precision of the run. Noise helps it over the rounding."""
        if self._is_rounded and batch_size == self.size:
            return self.curvature.rounded(outlook, self._start, rate)
        return outlook


def _noticed_errors(moments: Moments, curvature: Curvature) -> DoubleArray:
    """Return the errors of the parameters that a person would notice, shape (d + 1,)."""
    weights, scaling = curvature.optimum[:-1], moments.scaling
    deviation = math.sqrt(moments.target_variance)
    of_bias = deviation + float(np.abs(weights * scaling.center).sum())
    sizes = np.append(deviation / scaling.scale, of_bias)
    standard = math.sqrt(curvature.lowest / moments.size)
    with np.errstate(all="ignore"):  # of numbers whose squares are too small or too large
        errors: DoubleArray = np.maximum.reduce(
            [
                _NOTICED * np.abs(curvature.optimum),
                standard * np.linalg.norm(curvature.parameters, axis=1),
                NEAR * sizes,
            ]
        )
    return np.where(errors > 0, errors, np.inf)
