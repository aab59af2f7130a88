"""The bowl as gradient descent meets it: contours, and the first steps of its way down."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot

from linreg_gui.analysis.landscape import Descent, Landscape
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import rounded_down
from linreg_gui.plots.canvas import Range
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.contours import ContourLayer
from linreg_gui.plots.path import Marker, Path, PathLayer
from linreg_gui.plots.points import PointLayer
from linreg_gui.plots.ranges import equal_scale
from linreg_gui.texts import tr

STEPS = 50
"""So many steps are drawn."""

_MARGIN = 0.2
_STEP_PIXELS = 5
_PATH_WIDTH = 1.0
"""Thin, because a path that bounces from side to side goes over itself again and again."""


class BowlPlot(PlotCard):
    """Both axes have the same scale, so that a narrow valley is seen to be one.

    Attributes
    ----------
    path : Path
        Start and steps, as they are drawn.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, "", "", theme)
        self.setObjectName("plain")
        self.setMinimumSize(160, 208)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, GRID, 0, 0)
        self.path = Path(theme.palette.path)
        self._optimum: DoubleArray = np.zeros(2)
        self._window: tuple[Range, Range] = ((-1.0, 1.0), (-1.0, 1.0))
        self._contours, self._ways = ContourLayer(), PathLayer()
        self._steps = PointLayer(theme.palette.path, _STEP_PIXELS)
        for layer in (self._contours, self._steps, self._ways):
            self.canvas.add_layer(layer)
        self.entries = {
            "path": self.add_entry(tr("{count} steps").format(count=STEPS), marker=True),
            "start": self.add_entry(tr("start"), line=False, marker=True),
            "optimum": self.add_entry(
                tr("least squares"), tr("least sq."), line=False, marker=True
            ),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._draw)
        self.canvas.view_changed.connect(self._update_range)
        self.restyle(theme.palette)

    def show_bowl(
        self,
        landscape: Landscape,
        descent: Descent,
        pair: tuple[int, int],
        labels: tuple[str, str],
    ) -> None:
        """Show the plane of two parameters, the others held at their optimum."""
        axes = list(pair)
        self._optimum = landscape.optimum[axes]
        self._contours.show_slice(landscape.slice(pair, landscape.optimum))
        self._ways.set_points(self.path, descent.path(STEPS)[axes])
        self._steps.set_points(*self.path.points)
        places = np.column_stack([self.path.points, self._optimum])
        x, y = (_around(along) for along in places)
        self._window = (x, y)
        self.set_axis_labels(*labels)
        self.set_note(tr("At the best rate, {rate}.").format(rate=rounded_down(descent.best_rate)))
        self._update_range()
        self.canvas.fit()
        self._draw()

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        super().restyle(palette)
        self._contours.restyle(palette)
        self._ways.surface = palette.surface
        self.path.stroke = replace(palette.path, width=_PATH_WIDTH)
        self._steps.set_stroke(palette.path)
        for name, stroke in self._looks().items():
            self.entries[name].set_look(stroke, palette)
        self._draw()

    def _looks(self) -> dict[str, Stroke]:
        palette = self._theme.palette
        return {
            "path": palette.path,
            "start": Stroke(palette.muted, symbol="s"),
            "optimum": palette.least_squares,
        }

    @Slot()
    def _draw(self) -> None:
        if not self.path.points.size:
            return
        looks, shows = self._looks(), {name for name, e in self.entries.items() if e.isChecked()}
        self._ways.set_paths([self.path] if "path" in shows else [])
        self._steps.setVisible("path" in shows)
        places = {"optimum": self._optimum, "start": self.path.points[:, 0]}
        self._ways.set_markers(
            [
                Marker(float(x), float(y), looks[name])
                for name, (x, y) in places.items()
                if name in shows
            ]
        )

    @Slot()
    def _update_range(self) -> None:
        self.canvas.set_automatic_range(*equal_scale(self._window, self.canvas.pixels))


def _around(places: DoubleArray) -> Range:
    low, high = float(places.min()), float(places.max())
    margin = _MARGIN * (high - low) or _MARGIN
    return low - margin, high + margin
