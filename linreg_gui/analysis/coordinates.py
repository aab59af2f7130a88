"""The units of parameters: of the data as they were measured, or of standardized features."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Landscape
    from linreg_gui.analysis.least_squares import References
    from linreg_gui.data.scaling import Scaling

ParameterMap = DoubleArray | None
"""A matrix that maps parameters into other units, shape (d + 1, d + 1); None for the same ones."""


def map_parameters(parameter_map: ParameterMap, parameters: FloatArray) -> FloatArray:
    """Return ``parameters``, shape (d + 1,) or (d + 1, k), in other units."""
    return parameters if parameter_map is None else parameter_map @ parameters


@dataclass(frozen=True, eq=False)
class Coordinates:
    """A run's answers in one set of units, and the maps of its parameters and data into them.

    Attributes
    ----------
    references, landscape
        The exact answers, and the loss over the training examples.
    true_parameters : tuple of float or None
        The weights, then the bias, the data was drawn with; None for measured data.
    from_trained : ParameterMap
        It maps the parameters that are trained.
    scaling : Scaling or None
        It standardizes the features here; None where they are as they were measured.
    """

    references: "References"
    landscape: "Landscape"
    true_parameters: tuple[float, ...] | None
    from_trained: ParameterMap
    scaling: "Scaling | None"

    @property
    def from_measured(self) -> ParameterMap:
        """Return the map of the parameters for features as they were measured."""
        return None if self.scaling is None else self.scaling.to_standardized

    def parameters(self, trained: FloatArray) -> FloatArray:
        """Return parameters of the run's history in these units, shape (d + 1,) or (d + 1, k)."""
        return map_parameters(self.from_trained, trained)

    def of_measured(self, parameters: DoubleArray) -> DoubleArray:
        """Return parameters for features as they were measured, shape (d + 1,), in these units."""
        return np.asarray(map_parameters(self.from_measured, parameters), np.float64)

    def features(self, measured: FloatArray) -> FloatArray:
        """Return features, shape (n, d), in these units."""
        return measured if self.scaling is None else self.scaling.standardize(measured)

    def from_run(self, original: "Coordinates") -> ParameterMap:
        """Return the map of another run's trained parameters; ``original`` is that run's."""
        if self.from_measured is None or original.from_trained is None:
            return original.from_trained if self.from_measured is None else self.from_measured
        product: DoubleArray = self.from_measured @ original.from_trained
        return product
