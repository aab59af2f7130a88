"""The gradients of a step, as arrows from the parameters before it."""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import px
from linreg_gui.plots.place_names import PlaceName
from linreg_gui.plots.series import Series, SeriesLayer
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.analysis.coordinates import Coordinates
    from linreg_gui.analysis.problem import Problem
    from linreg_gui.anatomy.step_trace import StepTrace

LONGEST = 72.0
"""The length of the longer arrow in pixels, where the picture is large enough."""

_LARGEST_SHARE = 0.35
"""An arrow is no longer than this share of the picture's height or width."""

_LEAST = 24.0
_EDGE = 6.0
"""The longer arrow has at least this length, even if it leaves the picture; and keeps this away."""

_SHORTEST = 3.0
_HEAD = 12.0
_SLENDERNESS = 0.45
_HALO = 2.0
_MARKER_RADIUS = 8.0
"""The halo of an arrow leaves this many pixels to the marker at its tail."""
_REACH = LONGEST + _HEAD
_ROUNDING = 1e-6
"""A gradient below this share of the gradient at w = 0, b = 0 is 0 in single precision."""


class ArrowLayer(SeriesLayer[Series]):
    """Arrows from one place on one scale: the longer one has the same length at any zoom.

    Both are shorter where an arrow would leave the picture. A solid arrow has a filled head, a
    dashed arrow an open one.

    Attributes
    ----------
    minibatch, full : Series
        Down the gradient of the minibatch, and of all examples.
    tail : ndarray, shape (2,)
        The place where both start.
    """

    def __init__(self) -> None:
        self.minibatch = Series(lambda palette: palette.minibatch)
        self.full = Series(lambda palette: palette.full_gradient)
        self.tail: DoubleArray = np.zeros(2)
        self._directions: DoubleArray = np.zeros((2, 2))
        super().__init__(self.minibatch, self.full)

    def show_gradients(
        self,
        problem: "Problem",
        trace: "StepTrace",
        coordinates: "Coordinates",
        pair: tuple[int, int],
    ) -> None:
        """Draw arrows for a step of a run, in the plane of a ``pair`` of its parameters.

        In other units than those of the training an arrow shows the step, not the gradient.
        """
        landscape = problem.coordinates.landscape
        gradients = np.array([trace.gradient, landscape.gradient(trace.before)])
        usual = np.abs(landscape.gradient(np.zeros_like(landscape.optimum)))
        gradients[np.all(np.abs(gradients) <= _ROUNDING * usual, axis=1)] = 0.0
        axes = list(pair)
        tail = coordinates.parameters(trace.before.astype(np.float64))
        self.point(tail[axes], -coordinates.parameters(gradients.T).T[:, axes])

    def point(self, tail: DoubleArray, directions: DoubleArray) -> None:
        """Draw arrows from ``tail``, shape (2,), in ``directions``, shape (2, 2).

        Both are in the coordinates of the axes.
        """
        if not np.array_equal([tail, *directions], [self.tail, *self._directions]):
            for place in (self.tail, tail):
                x, y = place.tolist()
                self.repaint_around((x, x), (y, y), left=_REACH, right=_REACH, above_below=_REACH)
            self.tail, self._directions = tail, directions

    def shafts(self, to_pixels: QTransform) -> DoubleArray:
        """Return how far each arrow goes to the right and down, in pixels, shape (2, 2)."""
        shafts: DoubleArray = self._directions * [to_pixels.m11(), to_pixels.m22()]
        longest = float(np.hypot(*shafts.T).max())
        if not longest:
            return shafts
        view = to_pixels.mapRect(self.boundingRect())
        length = min(px(LONGEST), _LARGEST_SHARE * min(view.width(), view.height()))
        ways = shafts / longest
        room = _room(view, to_pixels.map(QPointF(*self.tail)), ways)
        return ways * max(min(length, room), min(length, px(_LEAST)))

    def names(self) -> list[PlaceName]:
        """Return the name of each arrow that is drawn, at its tip."""
        x, y = self.tail.tolist()
        return [
            PlaceName(series, x, y, series.name, (right, down), merges=False)
            for series, (right, down) in zip(
                self.series, self.shafts(self.to_pixels()).tolist(), strict=True
            )
            if math.hypot(right, down) >= _SHORTEST
        ]

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the arrows that are long enough to have a direction."""
        tail, reach = to_pixels.map(QPointF(*self.tail)), px(_REACH)
        if not exposed.adjusted(-reach, -reach, reach, reach).contains(tail):
            return
        arrows = [
            (series.stroke, QPointF(*shaft))
            for series, shaft in zip(self.series, self.shafts(to_pixels).tolist(), strict=True)
            if series.visible and math.hypot(*shaft) >= _SHORTEST
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke, shaft in arrows:
            halo = Stroke(self.palette.surface, width=stroke.width + px(_HALO))
            _draw_arrow(painter, halo, tail, shaft, since=px(_MARKER_RADIUS))
        for stroke, shaft in arrows:
            _draw_arrow(painter, stroke, tail, shaft)


def arrow_words(
    trace: "StepTrace", coordinates: "Coordinates", *, has_rest: bool
) -> list[tuple[str, str]]:
    """Return long and short words for the arrow of the minibatch, and of all examples.

    ``has_rest`` tells whether there are examples that are not in the minibatch.
    """
    arrow = tr("−gradient") if coordinates.from_trained is None else tr("step")
    all_examples = tr("{arrow}, all examples"), tr("{arrow}, all")
    if not has_rest:
        minibatch = all_examples
    elif trace.is_short:
        minibatch = tr("{arrow}, short last batch"), tr("{arrow}, short batch")
    else:
        minibatch = tr("{arrow}, minibatch"), tr("{arrow}, batch")
    return [
        (long.format(arrow=arrow), short.format(arrow=arrow))
        for long, short in (minibatch, all_examples)
    ]


def _room(view: QRectF, tail: QPointF, ways: DoubleArray) -> float:
    """Return how many times ``ways`` may be as long before one of them leaves the ``view``."""
    edge = px(_EDGE)
    left, up = tail.x() - view.left() - edge, tail.y() - view.top() - edge
    right, down = view.right() - tail.x() - edge, view.bottom() - tail.y() - edge
    if min(left, up, right, down) < 0:
        return math.inf  # the tail is at the edge itself
    spaces = np.where(ways > 0, [right, down], [left, up])
    with np.errstate(divide="ignore", over="ignore"):
        return float((spaces / np.abs(ways)).min())


def _draw_arrow(
    painter: QPainter, stroke: Stroke, tail: QPointF, shaft: QPointF, since: float = 0.0
) -> None:
    """Draw an arrow; its shaft begins ``since`` pixels after ``tail``."""
    color, tip, length = QColor(stroke.color), tail + shaft, math.hypot(shaft.x(), shaft.y())
    back = shaft * (min(px(_HEAD), 0.6 * length) / length)
    side = QPointF(-back.y(), back.x()) * _SLENDERNESS
    head = QPolygonF([tip - back + side, tip, tip - back - side])
    if length > since:
        painter.setPen(QPen(color, stroke.width, stroke.line, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(tail + shaft * (since / length), tip - back))
    painter.setPen(QPen(color, stroke.width))
    if stroke.line is Qt.PenStyle.SolidLine:
        painter.setBrush(color)
        painter.drawPolygon(head)
    else:
        painter.drawPolyline(head)
