"""The points of interest of the landscape: starts, the step on show, optimum and truth."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.palette import Stroke
from linreg_gui.plots.place_names import PlaceName
from linreg_gui.plots.plane_series import Marker
from linreg_gui.plots.series import SeriesLayer
from linreg_gui.texts import tr

_START_PIXELS = 15.0
_OUTLINE = 2.5


class PlaneMarkLayer(SeriesLayer[Marker]):
    """Marks the points of interest in the plane of two parameters.

    Attributes
    ----------
    start, now, optimum, truth : Marker
        Where the run starts, where it is at the step on show, least squares, and the true values.
    edited : Marker
        Least squares of examples that a person has edited, if the run has begun with others.
    new_start : Marker
        Where it would start now, if that is another place and the run has begun.
    """

    def __init__(self) -> None:
        self.start = Marker(
            lambda palette: Stroke(palette.muted, symbol="s"), tr("start"), pixels=_START_PIXELS
        )
        self.new_start = Marker(
            self.start.look, tr("new start"), pixels=_START_PIXELS, outline=_OUTLINE
        )
        self.now = Marker(lambda palette: palette.prediction, tr("now"))
        self.optimum = Marker(
            lambda palette: palette.least_squares, tr("least squares"), tr("least sq.")
        )
        self.truth = Marker(lambda palette: palette.truth, tr("true"))
        self.edited = Marker(
            lambda palette: replace(palette.least_squares, symbol="o"),
            tr("least squares, edited"),
            outline=_OUTLINE,
        )
        marks = (self.edited, self.optimum, self.truth, self.now)
        super().__init__(self.start, self.new_start, *marks)

    def clear(self) -> None:
        """Mark nothing."""
        for marker in self.series:
            marker.move(math.nan, math.nan)

    def show_places(
        self,
        pair: tuple[int, int],
        now: FloatArray,
        optimum: FloatArray,
        truth: Sequence[float] | None,
        edited: FloatArray | None,
    ) -> None:
        """Mark these parameters, each of shape (d + 1,), in the plane of a ``pair`` of them."""
        if edited is None:
            self.edited.move(math.nan, math.nan)
        else:
            _move(self.edited, edited, pair)
        _move(self.now, now, pair)
        _move(self.optimum, optimum, pair)
        if truth is not None:
            _move(self.truth, truth, pair)

    def show_starts(
        self,
        pair: tuple[int, int],
        own: FloatArray,
        wanted: FloatArray,
        *,
        has_begun: bool,
        pixel: tuple[float, float],
    ) -> None:
        """Mark where the run starts; once it has begun, also where it would start now.

        ``pixel`` is the size of a pixel in the coordinates of the axes.
        """
        _move(self.start, own if has_begun else wanted, pair)
        moved = np.abs(wanted - own)[list(pair)] >= pixel
        if has_begun and moved.any():
            _move(self.new_start, wanted, pair)
        else:
            self.new_start.move(math.nan, math.nan)

    def names(self, *, was_moved: bool, is_at_start: bool) -> list[PlaceName]:
        """Return the name of each mark, the most important first.

        Until the start ``was_moved`` once, its name says how to do that. A run that ``is_at_start``
        has no other place to name.
        """
        start = self.start.name if was_moved else tr("drag ■ to move the start")
        words = {self.new_start: self.new_start.name, self.start: start}
        if not is_at_start:
            words[self.now] = self.now.name
        rest = (self.optimum, self.edited, self.truth)
        words |= {marker: marker.name for marker in rest}
        return [
            PlaceName(marker, marker.x, marker.y, text, merges=marker is not self.start)
            for marker, text in words.items()
        ]


def _move(marker: Marker, parameters: FloatArray | Sequence[float], pair: tuple[int, int]) -> None:
    marker.move(*(float(parameters[index]) for index in pair))
