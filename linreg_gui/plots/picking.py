"""Picks examples in a picture: with a click, with a band around them, or one after the other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.scale import px
from linreg_gui.plots.canvas import Canvas

_REACH_PIXELS = 12
"""A click this far from an example still picks it."""

Places = npt.NDArray[np.int64]

_DIRECTIONS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


@dataclass(frozen=True, eq=False)
class Drawn:
    """The examples that a picture draws.

    Attributes
    ----------
    x, y : ndarray, shape (n,)
        Where they are, in the coordinates of the axes.
    places : ndarray of int, shape (n,)
        Where they stand among all examples.
    bar_width : float
        If it is not 0, they are in bars of this width, which stand on 0: x are the middles of these
        bars, and y their heights.
    """

    x: DoubleArray
    y: DoubleArray
    places: Places
    bar_width: float = 0.0

    def within(self, area: QRectF) -> Places:
        """Return the places of those in ``area``, or whose bars meet it."""
        half, bottom = self.bar_width / 2, 0.0 if self.bar_width else self.y
        inside = (self.x + half >= area.left()) & (self.x - half <= area.right())
        inside &= (self.y >= area.top()) & (bottom <= area.bottom())
        places: Places = self.places[inside]
        return places


class Picker(QObject):
    """Turns gestures on a canvas into examples.

    Parameters
    ----------
    canvas : Canvas
        The picture.
    drawn : callable
        Returns the examples that it draws now.
    picked_now : callable
        Returns the places of those that are picked.

    Signals
    -------
    picked(ndarray of int, bool)
        A person picks the examples at these places; True if they join those picked before.
    """

    picked = Signal(object, bool)

    def __init__(
        self, canvas: Canvas, drawn: Callable[[], Drawn], picked_now: Callable[[], Places]
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._drawn = drawn
        self._picked_now = picked_now
        self._let_go: Places | None = None  # with the last click
        canvas.takes_bands = True
        canvas.clicked.connect(self._on_clicked)
        canvas.click_doubled.connect(self._on_click_doubled)
        canvas.banded.connect(self._on_banded)

    def at(self, x: float, y: float) -> Places:
        """Return the place of the example near a point of the picture, or those of a bar there."""
        drawn = self._drawn()
        if drawn.bar_width:
            return drawn.within(QRectF(x, y, 0, 0))
        across, up = self._canvas.pixel
        gaps = np.hypot((drawn.x - x) / across, (drawn.y - y) / up)
        near = np.flatnonzero(gaps <= px(_REACH_PIXELS))
        nearest: Places = drawn.places[near[gaps[near].argsort()[:1]]]
        return nearest

    def handle_key(self, event: QKeyEvent) -> bool:
        """Pick the next example along x, or the one before; return whether the key says so."""
        direction = _DIRECTIONS.get(Qt.Key(event.key()))
        if direction is None or not self._canvas.hasFocus():
            return False
        drawn = self._drawn()
        order = drawn.places[np.lexsort((drawn.y, drawn.x))]
        at = np.flatnonzero(np.isin(order, self._picked_now()))
        if len(order):
            if len(at):
                now = int(at[-1] if direction > 0 else at[0])
            else:
                now = -1 if direction > 0 else len(order)
            wanted = min(max(now + direction, 0), len(order) - 1)
            self.picked.emit(order[[wanted]], False)
        return True

    @Slot(float, float, bool)
    def _on_clicked(self, x: float, y: float, extends: bool) -> None:
        places = self.at(x, y)
        self._let_go = None if len(places) or extends else self._picked_now()
        if len(places) or not extends:
            self.picked.emit(places, extends)

    @Slot()
    def _on_click_doubled(self) -> None:
        """Pick again what the first half of a double click has let go."""
        if self._let_go is not None:
            self.picked.emit(self._let_go, False)

    @Slot(object)
    def _on_banded(self, band: QRectF) -> None:
        places = self._drawn().within(band)
        if len(places):
            self.picked.emit(places, True)
