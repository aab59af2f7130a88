"""The contours of the loss, painted once for each range, and the smallest picture of them."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QTransform,
)

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.number_text import rounded_down, significant
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.layer import Layer, is_vector
from linreg_gui.plots.plane_series import Cloud, Marker, Path
from linreg_gui.plots.ranges import widened
from linreg_gui.plots.series import SeriesLayer
from linreg_gui.texts import tr, trn

if TYPE_CHECKING:
    from linreg_gui.analysis.landscape import Descent, Landscape, Slice

_MOST_CONTOURS = 16
_SMALLEST_PIXELS = 4.0
_LABEL_GAP = 56.0
_BOTTOM_GAP = 32.0
_LEAST_WIDTH, _LEAST_HEIGHT = 240, 120
"""In a smaller picture the contours have no labels."""
_BAND_ALPHA = 17
_BEYOND = 0.05
"""Contours are drawn this share of the picture beyond its edges."""
_LEAST_TOLD = 1e-9
"""A contour has no label if the loss is above the lowest one by a smaller share than this."""

STEPS = 50
"""The number of steps that the small picture shows."""

_MARGIN = 0.2
_STEP_PIXELS = 5
_PATH_WIDTH = 1.0
"""Thin, because a path that bounces from side to side covers itself again and again."""


class ContourLayer(Layer):
    """Draws the contours of a `Slice`: two in each power of ten of the excess over the minimum.

    Attributes
    ----------
    slice : Slice or None
        The loss that is drawn.
    pixmap : QPixmap or None
        The contours as they were painted last; None paints them again.
    labels : list of tuple
        Their labels, each with its place in pixels.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slice: Slice | None = None
        self.pixmap: QPixmap | None = None
        self.labels: list[tuple[QPointF, str]] = []
        self._key: tuple[object, ...] = ()

    def show_slice(self, shown: "Slice | None") -> None:
        """Draw the contours of ``shown``, or no contours."""
        self.slice = shown
        self.pixmap = None
        self.update()

    def levels(self, to_pixels: QTransform) -> list[float]:
        """Return the excess over the minimum at each visible contour, the highest first."""
        if self.slice is None:
            return []
        view = self.boundingRect()
        corners = np.array(
            [(x, y) for x in (view.left(), view.right()) for y in (view.top(), view.bottom())]
        )
        highest = float(self.slice.excess(corners).max())
        if highest <= 0 or not math.isfinite(highest):
            return []
        half_decade = math.floor(2 * math.log10(highest))
        levels = [
            10.0 ** (step / 2) for step in range(half_decade, half_decade - _MOST_CONTOURS, -1)
        ]
        least = _SMALLEST_PIXELS / np.abs([to_pixels.m11(), to_pixels.m22()])
        return [level for level in levels if np.any(self.slice.extent(level) >= least)]

    def _surroundings(self) -> tuple[DoubleArray, DoubleArray]:
        """Return two corners of the view, with a margin that hides where contours are cut."""
        view = self.boundingRect()
        x, y = _BEYOND * view.width(), _BEYOND * view.height()
        seen = view.adjusted(-x, -y, x, y)
        return np.array([seen.left(), seen.top()]), np.array([seen.right(), seen.bottom()])

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Show the contours; they are painted again only after a change of range, size or look."""
        if self.slice is None:
            return
        view = to_pixels.mapRect(self.boundingRect())
        if view.width() < 1 or view.height() < 1:  # a picture without room
            return
        if is_vector(painter):
            self._paint(painter, self.slice, to_pixels, view)
            return
        ratio = painter.device().devicePixelRatio()
        key = (view, to_pixels, ratio, self.palette)
        if self.pixmap is None or key != self._key:
            self._key = key
            self.pixmap = self._painted(self.slice, to_pixels, view, ratio)
        painter.drawPixmap(view.topLeft(), self.pixmap)

    def _painted(
        self, shown: "Slice", to_pixels: QTransform, view: QRectF, ratio: float
    ) -> QPixmap:
        pixmap = QPixmap((view.size() * ratio).toSize())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.translate(-view.topLeft())
        self._paint(painter, shown, to_pixels, view)
        painter.end()
        return pixmap

    def _paint(
        self, painter: QPainter, shown: "Slice", to_pixels: QTransform, view: QRectF
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        band = QColor(self.palette.contour)
        band.setAlpha(_BAND_ALPHA)
        low, high = self._surroundings()
        scale = np.array([to_pixels.m11(), to_pixels.m22()])
        origin = np.array([to_pixels.dx(), to_pixels.dy()])
        self.labels = []
        has_room = view.width() >= px(_LEAST_WIDTH) and view.height() >= px(_LEAST_HEIGHT)
        bottom = QPointF(*(shown.center * scale + origin))
        for level in self.levels(to_pixels):
            outline = shown.contour(level, low, high) * scale + origin
            if not len(outline):
                continue
            polygon = pg.functions.arrayToQPolygonF(*outline.T)
            # One after the other: some viewers of PDF draw no line around what is translucent.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(band)
            painter.drawPolygon(polygon)
            painter.setPen(QPen(QColor(self.palette.contour), px(1)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(polygon)
            is_told = has_room and level > _LEAST_TOLD * shown.lowest
            taken = [at for at, _ in self.labels]
            if is_told and (place := _label_place(outline, view, bottom, taken)):
                self.labels.append((place, _label(shown.lowest, level)))
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        painter.setFont(base_font(13))
        metrics = QFontMetricsF(base_font(13))
        for place, text in self.labels:
            rect = QRectF(0, 0, metrics.horizontalAdvance(text) + px(6), px(16))
            rect.moveCenter(place)
            painter.fillRect(rect, QColor(self.palette.surface))
            painter.setPen(QColor(self.palette.muted))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class BowlPlot(PlotCard):
    """The loss and the first steps of gradient descent.

    Both axes have the same scale, so a narrow valley looks narrow.

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
        keep_scaled(self, setMinimumSize=(140, 208))
        layout = self.layout()
        assert layout is not None
        keep_scaled(layout, setContentsMargins=(0, GRID, 0, 0))
        self.canvas.keep_square(square=True)
        self._contours = ContourLayer()
        self._steps = Cloud(lambda palette: palette.path, pixels=_STEP_PIXELS)
        self.path = Path(
            lambda palette: replace(palette.path, width=_PATH_WIDTH),
            trn("{count} step", "{count} steps", STEPS).format(count=STEPS),
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

    def show_bowl(
        self,
        landscape: "Landscape",
        descent: "Descent",
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
        self.set_axis_labels(*labels)
        self.set_note(tr("At the best rate, {rate}.").format(rate=rounded_down(descent.best_rate)))
        x, y = (widened(along, _MARGIN) for along in places)
        self.canvas.set_automatic_range(x, y)
        self.canvas.fit()


def _label(lowest: float, excess: float) -> str:
    """Return the loss of a contour with enough digits to differ from the next contour."""
    loss = lowest + excess
    return significant(loss, 2 + math.floor(math.log10(loss)) - math.floor(math.log10(excess)))


def _label_place(
    line: DoubleArray, view: QRectF, bottom: QPointF, taken: list[QPointF]
) -> QPointF | None:
    """Return a free place for a label on the upper left of a contour, in pixels.

    It keeps away from the ``bottom``, where the markers are, and from the labels ``taken``.
    """
    x, y = line.T
    inner = view.adjusted(px(24), px(12), -px(24), -px(12))
    free = (x > inner.left()) & (x < inner.right()) & (y > inner.top()) & (y < inner.bottom())
    gaps = [(bottom, px(_BOTTOM_GAP)), *((label, px(_LABEL_GAP)) for label in taken)]
    for place, gap in gaps:
        free &= np.abs(x - place.x()) + np.abs(y - place.y()) >= gap
    if not free.any():
        return None
    best = np.where(free, x + y, np.inf).argmin()
    return QPointF(x[best], y[best])
