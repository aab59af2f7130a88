"""A prediction in a picture with the step along x: what can be dragged, and what happened.

A prediction is dashed and hollow, what happened is solid and filled, and a bar shows how far apart
they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.scale import px
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.grip import Grip
from linreg_gui.plots.halo_text import HALO, HaloText
from linreg_gui.plots.layer import Layer, draw_marker, x_pixels, y_pixels
from linreg_gui.plots.series import Look

if TYPE_CHECKING:
    from linreg_gui.guide.run_prediction import DrawnPrediction

_PIXELS = 14.0
_OUTLINE = 2.5
_GAP = 15
"""Between a mark and its words: the disc of a grip lies over the mark."""
_MOST_FOR_WORDS = 0.4
"""Words that need more than this share of the width are left out."""
_ALONG_OUTLINE = (1 / 3, 2 / 3, 1 / 2, 1 / 6)
"""At these shares of a curve there may be its words, the best place first."""
_TINT = 40
"""Of 255: how much of what is between a sketch and the curve is covered."""


@dataclass(frozen=True)
class Handle:
    """A place that was predicted, hollow, or that was reached, filled; with words beside it.

    Attributes
    ----------
    x, y : float
        Its place.
    look : callable
        Returns its color and symbol.
    words : str
        Stand beside it.
    is_filled : bool
        Whether it happened.
    side : int
        The words are above it (1) or below (-1).
    is_at_end : bool
        Whether it is at the last step: the names of the curves stand to the right of it, so its
        words stand to the left.
    """

    x: float
    y: float
    look: Look
    words: str = ""
    is_filled: bool = False
    side: int = 1
    is_at_end: bool = False


@dataclass(frozen=True)
class Ruler:
    """A dashed line through all of the picture, at ``x`` or at ``y``; solid if it happened."""

    look: Look
    x: float | None = None
    y: float | None = None
    is_solid: bool = False


@dataclass(frozen=True)
class Bar:
    """How far apart two places are."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Outline:
    """A curve through points, dashed or solid, with words beside it."""

    x: DoubleArray
    y: DoubleArray
    look: Look
    words: str = ""
    is_solid: bool = False

    def at(self, share: float) -> "Handle":
        """Return a place for its words, at this ``share`` of its points."""
        index = int(share * (len(self.x) - 1))
        return Handle(float(self.x[index]), float(self.y[index]), self.look, self.words)


@dataclass(frozen=True, eq=False)
class Between:
    """The area between two curves through points with the same ``x``."""

    x: DoubleArray
    y: DoubleArray
    other: DoubleArray


Mark = Handle | Ruler | Bar | Outline | Between


class PredictionLayer(Layer):
    """Draws a prediction and what happened.

    Attributes
    ----------
    marks : list of Mark
        What it draws, the last on top. Change it with `set_marks`.
    writes : bool
        Whether there are words beside the handles: a thumbnail has no room for them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []
        self.writes = True
        self._words = HaloText(plate=True)

    @property
    def words(self) -> list[str]:
        """Return the words of its handles, whether they have room or not."""
        return [mark.words for mark in self.marks if isinstance(mark, Handle) and mark.words]

    def set_marks(self, marks: Sequence[Mark], *, writes: bool) -> None:
        """Draw exactly ``marks``."""
        if marks or self.marks:
            self.marks, self.writes = list(marks), writes
            self.update()

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the words and where they stand, in pixels of the scene."""
        to_pixels = self.to_pixels()
        view = to_pixels.mapRect(self.boundingRect())
        return [(handle.words, area) for handle, area in self._placed(to_pixels, view)]

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw everything."""
        if not self.marks:
            return
        view = to_pixels.mapRect(self.boundingRect())
        painter.save()
        painter.setClipRect(view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self.marks:
            match mark:
                case Handle():
                    self._draw_handle(painter, mark, to_pixels)
                case Ruler():
                    self._draw_ruler(painter, mark, to_pixels, view)
                case Bar():
                    self._draw_bar(painter, mark, to_pixels)
                case Outline():
                    painter.setPen(self._pen(mark.look, is_solid=mark.is_solid))
                    painter.drawPolyline(_points(to_pixels, mark.x, mark.y))
                case Between():
                    self._draw_between(painter, mark, to_pixels)
        halo, ground = px(HALO), self.palette.surface
        for handle, area in self._placed(to_pixels, view):
            corner = area.topLeft() - QPointF(halo, halo)
            color = self.palette.text_color(handle.look(self.palette))
            self._words.write(painter, corner, handle.words, color, ground)
        painter.restore()

    def _placed(self, to_pixels: QTransform, view: QRectF) -> list[tuple[Handle, QRectF]]:
        """Return what has words, and a free place for them each; without one they are left out.

        The words of handles come first, and no words cover a handle.
        """
        if not self.writes:
            return []
        handles = [mark for mark in self.marks if isinstance(mark, Handle)]
        outlines = [mark for mark in self.marks if isinstance(mark, Outline)]
        choices = [[each, replace(each, side=-each.side)] for each in handles]
        choices += [
            [replace(each.at(share), side=side) for share in _ALONG_OUTLINE for side in (1, -1)]
            for each in outlines
        ]
        reach, most = px(_PIXELS) / 2, _MOST_FOR_WORDS * view.width()
        around = QMarginsF(reach, reach, reach, reach)
        taken = [
            QRectF(at, at).marginsAdded(around)
            for at in (_point(to_pixels, each.x, each.y) for each in handles)
        ]
        placed = []
        for several in choices:
            if not several[0].words or self._words.size(several[0].words).width() > most:
                continue
            areas = ((each, self._area(each, to_pixels, view)) for each in several)
            for handle, area in areas:
                if not any(area.intersects(other) for other in taken):
                    taken.append(area)
                    placed.append((handle, area))
                    break
        return placed

    def _area(self, handle: Handle, to_pixels: QTransform, view: QRectF) -> QRectF:
        """Return where the words of ``handle`` would be, inside the view."""
        size, at = self._words.size(handle.words), _point(to_pixels, handle.x, handle.y)
        gap = px(_GAP)
        top = at.y() - gap - size.height() if handle.side > 0 else at.y() + gap
        left = at.x() - (size.width() if handle.is_at_end else size.width() / 2)
        left = min(max(left, view.left() + gap), view.right() - gap - size.width())
        top = min(max(top, view.top()), view.bottom() - size.height())
        return QRectF(QPointF(round(left), round(top)), size)

    def _draw_handle(self, painter: QPainter, handle: Handle, to_pixels: QTransform) -> None:
        outline = 0.0 if handle.is_filled else _OUTLINE
        at = _point(to_pixels, handle.x, handle.y)
        ground = Stroke(self.palette.surface, symbol=handle.look(self.palette).symbol)
        draw_marker(painter, ground, at, _PIXELS + 2)
        draw_marker(painter, handle.look(self.palette), at, _PIXELS, outline=outline)

    def _draw_ruler(
        self, painter: QPainter, ruler: Ruler, to_pixels: QTransform, view: QRectF
    ) -> None:
        painter.setPen(self._pen(ruler.look, is_solid=ruler.is_solid))
        at = _point(to_pixels, ruler.x or 0.0, ruler.y or 0.0)
        if ruler.x is not None:
            painter.drawLine(QLineF(at.x(), view.top(), at.x(), view.bottom()))
        else:
            painter.drawLine(QLineF(view.left(), at.y(), view.right(), at.y()))

    def _draw_bar(self, painter: QPainter, bar: Bar, to_pixels: QTransform) -> None:
        line = QLineF(_point(to_pixels, *bar.start), _point(to_pixels, *bar.end))
        painter.setPen(QPen(QColor(self.palette.warning), px(3)))
        painter.drawLine(line)

    def _draw_between(self, painter: QPainter, area: Between, to_pixels: QTransform) -> None:
        forth = _points(to_pixels, area.x, area.y)
        back = _points(to_pixels, area.x[::-1], area.other[::-1])
        tint = QColor(self.palette.warning)
        tint.setAlpha(_TINT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF([*forth, *back]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _pen(self, look: Look, *, is_solid: bool) -> QPen:
        pen = QPen(QColor(look(self.palette).color), px(2))
        if not is_solid:
            pen.setDashPattern([4, 3])
        return pen


class PredictionView(QObject):
    """A prediction on a canvas: its marks, a grip on the open one, and a mouse that draws.

    Parameters
    ----------
    canvas : Canvas
        The picture.
    name : str
        What the grip moves, for people who cannot see it.
    is_loss : bool
        Whether it is a prediction of the loss: then the grip moves to the sides, and the mouse
        draws when a person wants to sketch.

    Attributes
    ----------
    layer : PredictionLayer
        Draws the marks.
    grip : Grip
        On the hollow mark, as long as the prediction is open.

    Signals
    -------
    drawn(QPointF, QPointF)
        The mouse drew from one place to the other, in the coordinates of the axes.
    """

    drawn = Signal(object, object)

    def __init__(self, canvas: Canvas, name: str, *, is_loss: bool) -> None:
        super().__init__(canvas)
        self.layer = PredictionLayer()
        self.grip = Grip(canvas, name, self._look_of_grip, is_free=is_loss)
        self._is_loss = is_loss
        self._canvas = canvas
        self._handle: Handle | None = None
        self._is_sketching = False
        self._last = QPointF()
        canvas.add_layers(self.layer)
        canvas.grips = self._is_drawn_on
        canvas.gripped.connect(self._on_gripped)
        canvas.dragged.connect(self._on_dragged)

    def show(self, marks: Sequence[Mark], drawn: "DrawnPrediction | None", *, writes: bool) -> None:
        """Draw ``marks``, with a grip on the last handle if the prediction is open.

        Without ``writes`` there are no words and no grip.
        """
        is_open = writes and drawn is not None and drawn.is_open
        self._is_sketching = self._is_loss and is_open and bool(drawn and drawn.is_sketching)
        self.layer.set_marks(marks, writes=writes)
        handles = [mark for mark in marks if isinstance(mark, Handle)]
        self._handle = handles[-1] if handles and is_open and not self._is_sketching else None
        if self._handle is not None:
            self.grip.put(self._handle.x, self._handle.y)
        self.grip.setVisible(self._handle is not None)

    def _look_of_grip(self, palette: Palette) -> Stroke:
        return Stroke(palette.accent) if self._handle is None else self._handle.look(palette)

    def _is_drawn_on(self, place: QPointF) -> bool:
        return self._is_sketching and bool(self._canvas.view.sceneBoundingRect().contains(place))

    @Slot(float, float)
    def _on_gripped(self, x: float, y: float) -> None:
        self._last = QPointF(x, y)
        self.drawn.emit(self._last, self._last)

    @Slot(float, float)
    def _on_dragged(self, x: float, y: float) -> None:
        former, self._last = self._last, QPointF(x, y)
        self.drawn.emit(former, self._last)


def _point(to_pixels: QTransform, x: float, y: float) -> QPointF:
    (at,) = _points(to_pixels, np.array([x]), np.array([y]))
    return at


def _points(to_pixels: QTransform, x: DoubleArray, y: DoubleArray) -> list[QPointF]:
    across, up = x_pixels(to_pixels, x).tolist(), y_pixels(to_pixels, y).tolist()
    return [QPointF(*pair) for pair in zip(across, up, strict=True)]
