"""Names on a picture: of each curve at its end, and of each level at its line."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.look.scale import px
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.halo_text import HALO, HaloText
from linreg_gui.plots.label_layout import (
    EDGE,
    GAP,
    Box,
    EndLabel,
    LevelLabel,
    PlacedLabel,
    Sized,
    placed_labels,
)
from linreg_gui.plots.layer import Layer, draw_marker, line_pen
from linreg_gui.plots.series import Curve

_NOISY_SHARE = 0.08
"""A noisy curve has its name at the middle height of so much of the width."""


class EndLabelLayer(Layer):
    """Writes the names of curves and levels.

    Attributes
    ----------
    placed : list of PlacedLabel
        What is drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.placed: list[PlacedLabel] = []
        self._waiting: object = None
        self._words = HaloText()
        self._words_at_ends = HaloText(plate=True)  # one may stand on a level, which would cross it

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the names that have room."""
        corner = self.to_pixels().mapRect(self.boundingRect()).topLeft()
        return [
            (each.label.text, QRectF(*each.box).translated(corner))
            for each in self.placed
            if each.box is not None
        ]

    def room_for(self, texts: Sequence[str]) -> int:
        """Return how many pixels the longest of ``texts`` needs to the right of the curves."""
        widths = [self._words.size(text).width() for text in texts]
        return px(EDGE) + (px(GAP) + max(widths) if widths else 0)

    def set_labels(
        self,
        ends: Sequence[EndLabel],
        levels: Sequence[LevelLabel],
        covered: Sequence[QRectF] = (),
    ) -> None:
        """Write exactly these names, but none where the picture is ``covered``.

        That is in pixels of the scene. Only what moves by a pixel is painted again.
        """
        view = self.getViewBox()
        rect, width, height = view.viewRect(), max(1.0, view.width()), max(1.0, view.height())
        pixel_x, pixel_y = rect.width() / width, rect.height() / height
        labels: list[EndLabel | LevelLabel] = [*ends, *levels]
        waiting = [
            Sized(self._in_pixels(label, rect, pixel_x, pixel_y), size.width(), size.height())
            for label in labels
            for size in [self._words.size(label.text)]
        ]
        size = round(width), round(height)
        boxes = []
        if covered:
            corner = self.to_pixels().mapRect(self.boundingRect()).topLeft()
            boxes = [Box.around(area.translated(-corner)) for area in covered]
        if (waiting, size, boxes) == self._waiting:
            return
        self._waiting = waiting, size, boxes
        former, self.placed = self.placed, placed_labels(waiting, *size, boxes)
        for each in set(former) ^ set(self.placed):
            area = each.area()
            left, low = rect.left() + area.left() * pixel_x, rect.bottom() - area.bottom() * pixel_y
            self.update(QRectF(left, low, area.width() * pixel_x, area.height() * pixel_y))

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Mark the ends, and write the names over them."""
        view = to_pixels.mapRect(self.boundingRect())
        painter.save()
        painter.translate(round(view.left()), round(view.top()))
        part = exposed.translated(-round(view.left()), -round(view.top()))
        shown = [each for each in self.placed if each.area().intersects(part)]
        for each in shown:
            if isinstance(each.label, EndLabel):
                _draw_end(painter, each.label, each.box)
        halo, ground = px(HALO), self.palette.surface
        for each in shown:
            if each.box is not None:
                corner = QPointF(each.box.left - halo, each.box.top - halo)
                label = each.label
                words = self._words_at_ends if isinstance(label, EndLabel) else self._words
                words.write(painter, corner, label.text, label.color, ground)
        painter.restore()

    @staticmethod
    def _in_pixels(
        label: EndLabel | LevelLabel, rect: QRectF, pixel_x: float, pixel_y: float
    ) -> EndLabel | LevelLabel:
        y = round((rect.bottom() - label.y) / pixel_y)
        if isinstance(label, EndLabel):
            return replace(label, x=round((label.x - rect.left()) / pixel_x), y=y)
        return replace(label, y=y)


def end_of(curve: Curve, canvas: Canvas) -> tuple[float, float] | None:
    """Return the last point of ``curve`` that can be seen; None if none can.

    A noisy curve ends at the middle height of its last part.
    """
    (left, right), (low, high) = canvas.x_range, canvas.y_range
    stop = int(np.searchsorted(curve.x, right, "right"))
    seen = np.flatnonzero((curve.y[:stop] >= low) & (curve.y[:stop] <= high))
    if not len(seen) or curve.x[seen[-1]] < left:
        return None
    end = float(curve.x[seen[-1]])
    if curve.smooth:
        return end, float(curve.y[seen[-1]])
    since = np.searchsorted(curve.x, end - _NOISY_SHARE * (right - left))
    return end, float(np.median(curve.y[seen[seen >= since]]))


def _draw_end(painter: QPainter, label: EndLabel, box: Box | None) -> None:
    """Mark the end of a curve, and draw a line to its name if that is not beside it."""
    if box is not None:
        name = QPointF(box.left - px(3), box.top + box.height / 2)
        is_far = name.x() - label.x > px(GAP)
        if name.x() > label.x and (is_far or abs(name.y() - label.y) > box.height / 2):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(line_pen(label.color, 1))
            painter.drawLine(QPointF(label.x, label.y), name)
    if label.marker is not None:
        draw_marker(painter, label.marker, QPointF(label.x, label.y))
