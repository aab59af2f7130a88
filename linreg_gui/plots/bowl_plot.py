"""The loss as gradient descent meets it: contours, and the first steps of the descent."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot

from linreg_gui.analysis.landscape import Descent, Landscape
from linreg_gui.look.palette import Stroke
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import rounded_down
from linreg_gui.plots.canvas import Range, equal_scale, widened
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.contours import ContourLayer
from linreg_gui.plots.series import Cloud, Marker, Path, SeriesLayer
from linreg_gui.texts import tr

STEPS = 50
"""The number of steps that are drawn."""

_MARGIN = 0.2
_STEP_PIXELS = 5
_PATH_WIDTH = 1.0
"""Thin, because a path that bounces from side to side covers itself again and again."""


class BowlPlot(PlotCard):
    """Both axes have the same scale, so a narrow valley looks narrow.

    Attributes
    ----------
    path : Path
        The start and the steps.
    start, optimum : Marker
        The start, and the least-squares parameters.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, "", "", theme)
        self.setObjectName("plain")
        self.setMinimumSize(160, 208)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, GRID, 0, 0)
        self._window: tuple[Range, Range] = ((-1.0, 1.0), (-1.0, 1.0))
        self._contours = ContourLayer()
        self._steps = Cloud(lambda palette: palette.path, pixels=_STEP_PIXELS)
        self.path = Path(
            lambda palette: replace(palette.path, width=_PATH_WIDTH),
            tr("{count} steps").format(count=STEPS),
            markers=True,
            parts=[self._steps],
        )
        self.start = Marker(lambda palette: Stroke(palette.muted, symbol="s"), tr("start"))
        self.optimum = Marker(
            lambda palette: palette.least_squares, tr("least squares"), tr("least sq.")
        )
        self.canvas.add_layers(
            self._contours, SeriesLayer(self._steps, self.path, self.optimum, self.start)
        )
        self.add_to_legend(self.path, self.start, self.optimum)
        self.canvas.view_changed.connect(self._update_range)

    def show_bowl(
        self,
        landscape: Landscape,
        descent: Descent,
        pair: tuple[int, int],
        labels: tuple[str, str],
    ) -> None:
        """Show the plane of two parameters; the others are at their optimum."""
        axes = list(pair)
        optimum = landscape.optimum[axes]
        self._contours.show_slice(landscape.slice(pair, landscape.optimum))
        self.path.set_points(*descent.path(STEPS)[axes])
        self._steps.set_points(*self.path.points)
        self.start.move(*self.path.points[:, 0].tolist())
        self.optimum.move(*optimum.tolist())
        places = np.column_stack([self.path.points, optimum])
        x, y = (widened(along, _MARGIN) for along in places)
        self._window = (x, y)
        self.set_axis_labels(*labels)
        self.set_note(tr("At the best rate, {rate}.").format(rate=rounded_down(descent.best_rate)))
        self._update_range()
        self.canvas.fit()

    @Slot()
    def _update_range(self) -> None:
        self.canvas.set_automatic_range(*equal_scale(self._window, self.canvas.pixels))
