"""The lines drawn by hand as points of the landscape: my line, and the kept ones."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import px
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.grip import Grip
from linreg_gui.plots.layer import Layer
from linreg_gui.plots.place_names import PlaceName
from linreg_gui.plots.plane_series import Marker
from linreg_gui.plots.series import SeriesLayer
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.texts import tr

_EDGE = 14
"""Pixels between the grip and the edge of the picture."""
_CLEAR = 10
"""Further pixels between the point and its name."""


class PointsByHand(QObject):
    """Marks my line and the kept lines, and lets a hand move my line.

    Attributes
    ----------
    mine : Marker
        The line in hand.
    kept : dict of KeptGuess to Marker
        The kept lines on show.
    grip : Grip
        Over `mine`, if that can be taken hold of.

    Signals
    -------
    moved(float, float)
        A hand has moved my line here, in the coordinates of the axes.
    """

    moved = Signal(float, float)

    def __init__(self, canvas: Canvas, above: Layer) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.mine = Marker(lambda palette: palette.guess, tr("my line"))
        self.kept: dict[KeptGuess, Marker] = {}
        self._kept_layer = SeriesLayer[Marker]()
        self._layer = SeriesLayer(self.mine)
        canvas.add_layers(self._kept_layer, self._layer)
        for layer in (self._kept_layer, self._layer):
            layer.stackBefore(above)
        self.grip = Grip(canvas, tr("My line as a point"), self.mine.look, is_free=True)
        self.grip.moved.connect(self._on_moved)

    def show_places(
        self,
        mine: DoubleArray | None,
        kept: dict[KeptGuess, DoubleArray],
        pair: tuple[int, int],
        *,
        has_grip: bool,
    ) -> None:
        """Mark these parameters, each of shape (d + 1,), in the plane of a ``pair`` of them."""
        self.kept = {
            each: self.kept.get(each)
            or Marker(partial(Palette.kept_guess, index=each.color_index), each.title)
            for each in kept
        }
        self._kept_layer.set_series(list(self.kept.values()))
        for each, marker in self.kept.items():
            marker.move(*(float(kept[each][index]) for index in pair))
        is_shown = mine is not None
        if mine is not None:
            self.mine.move(*(float(mine[index]) for index in pair))
            self.grip.put(*self._in_sight(self.mine.x, self.mine.y))
        self.mine.set_visible(is_shown)
        self.grip.setVisible(is_shown and has_grip)

    @property
    def places(self) -> list[tuple[float, float]]:
        """Return where the lines are; mine only while no hand moves its point."""
        mine = [self.mine] if self.mine.visible and not self.grip.is_held else []
        return [(each.x, each.y) for each in (*mine, *self.kept.values())]

    def names(self) -> list[PlaceName]:
        """Return the name of each point, mine first."""
        place, text, clear = (self.mine.x, self.mine.y), self.mine.name, 0.0
        if self.grip.isVisibleTo(self._canvas):
            clear = float(px(_CLEAR))
            (left, right), (low, high) = self._canvas.x_range, self._canvas.y_range
            if not (left <= place[0] <= right and low <= place[1] <= high):
                place, text = self.grip.place, tr("my line (outside the picture)")
        mine = PlaceName(self.mine, *place, text, along=(clear, 0.0), merges=False)
        return [mine] + [
            PlaceName(marker, marker.x, marker.y, kept.short_title, merges=False)
            for kept, marker in self.kept.items()
        ]

    def _in_sight(self, x: float, y: float) -> tuple[float, float]:
        """Return the nearest place at which the grip can be seen."""
        canvas, edge = self._canvas, px(_EDGE)
        (left, right), (low, high) = canvas.x_range, canvas.y_range
        across, up = (edge * pixel for pixel in canvas.pixel)
        return min(max(x, left + across), right - across), min(max(y, low + up), high - up)

    def _on_moved(self, x: float, y: float) -> None:
        self.moved.emit(*self._in_sight(x, y))
