"""The pictures: a kit, one file for each picture, and the list that the window shows."""

from collections.abc import Callable

from linreg_gui.look.theme import Theme
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.run_plot import RunPlot

# The first picture is there at the first paint. Not even the modules of the others are.


def _loss(theme: Theme) -> RunPlot:
    from linreg_gui.plots.loss_plot import LossPlot  # noqa: PLC0415 - after first paint

    return LossPlot(theme)


def _parameters(theme: Theme) -> RunPlot:
    from linreg_gui.plots.parameters_plot import ParametersPlot  # noqa: PLC0415 - likewise

    return ParametersPlot(theme)


def _landscape(theme: Theme) -> RunPlot:
    from linreg_gui.plots.landscape_plot import LandscapePlot  # noqa: PLC0415 - likewise

    return LandscapePlot(theme)


def _residuals(theme: Theme) -> RunPlot:
    from linreg_gui.plots.residual_plot import ResidualPlot  # noqa: PLC0415 - likewise

    return ResidualPlot(theme)


PICTURES: list[Callable[[Theme], RunPlot]] = [DataPlot, _loss, _parameters, _landscape, _residuals]
"""What makes each picture, in the order of the window. A new picture only has to join them."""

NAMES = ("data", "loss", "parameters", "landscape", "residuals")
"""The names of `PICTURES`, which are not loaded yet."""
