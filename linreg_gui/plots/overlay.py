"""Another run drawn over the one that is shown: what if, or a run of before."""

from dataclasses import dataclass

from linreg_gui.analysis.problem import Coordinates, ParameterMap
from linreg_gui.look.palette import Stroke
from linreg_gui.runs.run import Run


@dataclass(frozen=True, eq=False)
class Overlay:
    """A run to be drawn over the current one.

    Attributes
    ----------
    run : Run
        Whose history is drawn, as far as it goes.
    stroke : Stroke
        Color and line style of its loss curve and of its path in the landscape.
    is_what_if : bool
        Whether it is the run that the settings as they are would give: its parameters keep their
        own colors. Another run's are drawn in the run's color.
    """

    run: Run
    stroke: Stroke
    is_what_if: bool = False

    def units_in(self, coordinates: Coordinates) -> ParameterMap:
        """Return what maps the run's trained parameters into the units of ``frame``."""
        return coordinates.from_run(self.run.problem.original)
