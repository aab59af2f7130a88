"""What the landscape shows of a step: arrows down its minibatch's gradient and the full one."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from linreg_gui.analysis.problem import Coordinates
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.layer import Layer, Pixels
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace


LONGEST = 64.0
"""Pixels of the longer arrow."""

_SHORTEST = 3.0
_HEAD = 11.0
_SLENDERNESS = 0.45
_HALO = 2.0
_MARKER_RADIUS = 8.0
"""Pixels around the tail that a halo leaves to the marker of the parameters there."""
_REACH = LONGEST + _HEAD
_ROUNDING = 1e-6
"""A gradient with no more than this of its size at w = 0, b = 0 is 0 in single precision."""


class GradientLens(QObject):
    """Draws arrows from where a step was taken, down its minibatch's gradient and the full one.

    Parameters
    ----------
    plot : PlotCard
        On whose canvas, and in whose legend. It is to show the entries while there are arrows.

    Attributes
    ----------
    trace : StepTrace or None
        The step; None where no one looks into one.
    is_on : bool
        Whether there are arrows.
    minibatch, full : Arrow
        Down the gradient of the minibatch, and of all the examples.
    entries : dict
        What switches each of them on and off.
    """

    def __init__(self, plot: PlotCard) -> None:
        # The plot is not held here: it would end in a garbage collection, perhaps amid painting.
        super().__init__(plot)
        self.trace: StepTrace | None = None
        self.is_on = False
        self.minibatch, self.full = Arrow(Stroke("#808080")), Arrow(Stroke("#808080"))
        self.layer = ArrowLayer([self.minibatch, self.full])
        plot.canvas.add_layer(self.layer)
        self.entries = {
            self.minibatch: plot.add_entry(""),
            self.full: plot.add_entry(""),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._on_entry_toggled)

    def draw(self, run: Run | None, pair: tuple[int, int], coordinates: Coordinates | None) -> None:
        """Point down the gradients in the plane of ``pair``, if `trace` is of ``run``.

        In the units of ``frame``: where the run trains in others, the way that its step takes.
        """
        trace = self.trace
        if run is None or coordinates is None or trace is None or trace.run_number != run.number:
            self.is_on = False
            self.layer.point(np.zeros(2), np.zeros((2, 2)))
            return
        landscape = run.problem.coordinates.landscape
        axes = list(pair)
        gradients = np.array([trace.gradient, landscape.gradient(trace.before)])
        usual = np.abs(landscape.gradient(np.zeros_like(landscape.optimum)))
        gradients[np.all(np.abs(gradients) <= _ROUNDING * usual, axis=1)] = 0.0
        tail = coordinates.parameters(trace.before.astype(np.float64))
        self.layer.point(tail[axes], -coordinates.parameters(gradients.T).T[:, axes])
        arrow = tr("−gradient") if coordinates.from_trained is None else tr("step")
        self.entries[self.minibatch].rename(*_batch_words(arrow, trace))
        self.entries[self.full].rename(*_full_words(arrow))
        self.is_on = True

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        self.layer.surface = palette.surface
        self.minibatch.stroke, self.full.stroke = palette.minibatch, palette.full_gradient
        for arrow, entry in self.entries.items():
            entry.set_look(arrow.stroke, palette)

    @Slot()
    def _on_entry_toggled(self) -> None:
        for arrow, entry in self.entries.items():
            arrow.visible = entry.isChecked()
        self.layer.repaint()


@dataclass(eq=False)
class Arrow:
    """How an arrow is drawn, and whether. A solid one has a filled head, a dashed one an open."""

    stroke: Stroke
    visible: bool = True


class ArrowLayer(Layer):
    """Draws arrows from one place in one scale: the longest is of the same length at any zoom.

    Parameters
    ----------
    arrows : list of Arrow
        The last one on top.
    """

    def __init__(self, arrows: list[Arrow]) -> None:
        super().__init__()
        self.surface = "#ffffff"
        self._arrows = arrows
        self._tail: DoubleArray = np.zeros(2)
        self._directions: DoubleArray = np.zeros((len(arrows), 2))

    def point(self, tail: DoubleArray, directions: DoubleArray) -> None:
        """Have the arrows start at ``tail``, shape (2,), and point in ``directions``, (k, 2).

        Both are in the coordinates of the axes.
        """
        if not np.array_equal([tail, *directions], [self._tail, *self._directions]):
            self.repaint()
            self._tail, self._directions = tail, directions
            self.repaint()

    def repaint(self) -> None:
        """Repaint where arrows may be."""
        x, y = self._tail.tolist()
        self.repaint_around((x, x), (y, y), left=_REACH, right=_REACH, above_below=_REACH)

    def ways(self, to_pixels: QTransform) -> Pixels:
        """Return how far each arrow goes to the right and down, in pixels, shape (k, 2)."""
        ways: Pixels = self._directions * [to_pixels.m11(), to_pixels.m22()]
        longest = np.hypot(*ways.T).max()
        return ways / longest * LONGEST if longest else ways

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Draw the arrows that are long enough to have a direction."""
        tail = to_pixels.map(QPointF(*self._tail))
        if not exposed.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(tail):
            return
        arrows = [
            (arrow.stroke, QPointF(*way))
            for arrow, way in zip(self._arrows, self.ways(to_pixels).tolist(), strict=True)
            if arrow.visible and math.hypot(*way) >= _SHORTEST
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke, way in arrows:
            halo = Stroke(self.surface, width=stroke.width + _HALO)
            _draw_arrow(painter, halo, tail, way, since=_MARKER_RADIUS)
        for stroke, way in arrows:
            _draw_arrow(painter, stroke, tail, way)


def _draw_arrow(
    painter: QPainter, stroke: Stroke, tail: QPointF, way: QPointF, since: float = 0.0
) -> None:
    """Draw an arrow, its shaft from ``since`` pixels after ``tail`` on."""
    color, tip, length = QColor(stroke.color), tail + way, math.hypot(way.x(), way.y())
    back = way * (min(_HEAD, 0.6 * length) / length)
    side = QPointF(-back.y(), back.x()) * _SLENDERNESS
    head = QPolygonF([tip - back + side, tip, tip - back - side])
    if length > since:
        painter.setPen(QPen(color, stroke.width, stroke.line, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(tail + way * (since / length), tip - back))
    painter.setPen(QPen(color, stroke.width))
    if stroke.line is Qt.PenStyle.SolidLine:
        painter.setBrush(color)
        painter.drawPolygon(head)
    else:
        painter.drawPolyline(head)


def _batch_words(arrow: str, trace: "StepTrace") -> tuple[str, str]:
    """Name the arrow of the minibatch, at length and in short."""
    if trace.is_short:
        words = tr("{arrow}, short last batch"), tr("{arrow}, short batch")
    else:
        words = tr("{arrow}, minibatch"), tr("{arrow}, batch")
    return words[0].format(arrow=arrow), words[1].format(arrow=arrow)


def _full_words(arrow: str) -> tuple[str, str]:
    """Name the arrow of all the examples, likewise."""
    return tr("{arrow}, all examples").format(arrow=arrow), tr("{arrow}, all").format(arrow=arrow)
