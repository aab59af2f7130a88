"""The start of a run in the hand of a person: dragged with the mouse, or moved with the keys."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.keys import ARROWS
from linreg_gui.look.scale import px
from linreg_gui.number_text import decimals_in
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.plane_series import Marker
from linreg_gui.settings import setting_of

if TYPE_CHECKING:
    from linreg_gui.data.scaling import Scaling

_REACH_PIXELS = 12
"""A press this far from a marker still takes hold of it."""

_EDGE_PIXELS = 8
"""The start stays this far inside the picture, so that it can be seen and taken again."""

_KEYS_ACROSS = 50
"""This many presses of a key move the start from one edge of the picture to the other."""

_STEPS_ACROSS = 500
"""A chosen start is rounded to a step: the picture is this many steps wide."""


class StartHandle(QObject):
    """Moves the start within the visible range.

    Parameters
    ----------
    canvas : Canvas
        The picture.
    markers : sequence of Marker
        What can be taken hold of; the keys move the first that is drawn.

    Attributes
    ----------
    was_used : bool
        Whether a person has moved the start here before.

    Signals
    -------
    moved(float, float)
        The start should be here, in the coordinates of the axes.
    """

    moved = Signal(float, float)

    def __init__(self, canvas: Canvas, markers: Sequence[Marker]) -> None:
        super().__init__(canvas)
        self.was_used = False
        self._canvas = canvas
        self._markers = markers
        self._grip = (0.0, 0.0)
        canvas.grips = lambda place: self._marker_at(place) is not None
        canvas.grip_cursor = Qt.CursorShape.OpenHandCursor
        canvas.gripped.connect(self._on_gripped)
        canvas.dragged.connect(self._on_dragged)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move the start with Shift and an arrow key; return whether the key was one of these."""
        direction = ARROWS.get(Qt.Key(event.key()))
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        drawn = [marker for marker in self._markers if math.isfinite(marker.x)]
        if direction is None or not shift or not drawn or not self._canvas.hasFocus():
            return False
        spans = (high - low for low, high in (self._canvas.x_range, self._canvas.y_range))
        across, up = (
            sign * span / _KEYS_ACROSS for sign, span in zip(direction, spans, strict=True)
        )
        self._move(drawn[0].x + across, drawn[0].y + up)
        return True

    def _marker_at(self, place: QPointF) -> Marker | None:
        """Return the marker nearest to a place of the scene if it is within reach."""
        gaps = {}
        for marker in self._markers:
            if math.isfinite(marker.x) and marker.visible:
                at = self._canvas.view.mapViewToScene(QPointF(marker.x, marker.y))
                gaps[marker] = math.hypot(at.x() - place.x(), at.y() - place.y())
        nearest = min(gaps, key=gaps.__getitem__, default=None)
        return nearest if nearest is not None and gaps[nearest] <= px(_REACH_PIXELS) else None

    @Slot(float, float)
    def _on_gripped(self, x: float, y: float) -> None:
        """Note where the marker is held, so that it does not jump to the mouse."""
        marker = self._marker_at(self._canvas.view.mapViewToScene(QPointF(x, y)))
        if marker is not None:
            self._grip = marker.x - x, marker.y - y

    @Slot(float, float)
    def _on_dragged(self, x: float, y: float) -> None:
        self._move(x + self._grip[0], y + self._grip[1])

    def _move(self, x: float, y: float) -> None:
        self.was_used = True
        canvas = self._canvas
        ranges, pixels = (canvas.x_range, canvas.y_range), canvas.pixel
        x, y = (
            min(max(at, low + px(_EDGE_PIXELS) * pixel), high - px(_EDGE_PIXELS) * pixel)
            for at, (low, high), pixel in zip((x, y), ranges, pixels, strict=True)
        )
        self.moved.emit(x, y)


def start_at(
    place: tuple[float, float],
    pair: tuple[int, int],
    start: DoubleArray,
    scaling: "Scaling | None",
    spans: Sequence[float],
) -> dict[int, float]:
    """Return the settings of a start: the value of each parameter that they have to change.

    Parameters
    ----------
    place : tuple of float
        Where the parameters ``pair`` start.
    pair : tuple of int
        The parameters on the axes, the bias last.
    start : ndarray, shape (d + 1,)
        Where the parameters start so far.
    scaling : Scaling or None
        It standardizes the features in these units.
    spans : sequence of float
        The width and the height of the picture.
    """
    steps = [span / _STEPS_ACROSS for span in spans]
    if scaling is None:
        chosen = zip(pair, place, steps, strict=True)
        values = {index: _rounded(value, step) for index, value, step in chosen}
    else:
        start = start.copy()
        start[list(pair)] = place
        values = _measured(start, scaling, min(steps))
    limits = setting_of("start_bias")  # the weights' too
    return {index: limits.nearest(value) for index, value in values.items()}


def _measured(start: DoubleArray, scaling: "Scaling", step: float) -> dict[int, float]:
    """Return a start in standardized units in the units of the data, rounded to about ``step``.

    The bias is computed from the rounded weights: it must match them if features are far from 0.
    """
    weights = [
        _rounded(weight / scale, step / scale)
        for weight, scale in zip(start[:-1].tolist(), scaling.scale.tolist(), strict=True)
    ]
    bias = float(start[-1] - scaling.center @ weights)
    return dict(enumerate([*weights, _rounded(bias, step)]))


def _rounded(value: float, step: float) -> float:
    """Return ``value`` with the decimals that tell it from one ``step`` away."""
    return round(value, max(0, decimals_in(step)))
