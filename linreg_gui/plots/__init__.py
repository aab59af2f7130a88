"""The pictures: a kit, one file for each picture, and the list that the window shows."""

from collections.abc import Callable

from linreg_gui.look.theme import Theme
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.plots.run_plot import RunPlot

PICTURES: list[Callable[[Theme], RunPlot]] = [
    DataPlot,
    LossPlot,
    ParametersPlot,
    LandscapePlot,
    ResidualPlot,
]
"""The class of each picture, in the order of the window. A new picture only has to join them."""
