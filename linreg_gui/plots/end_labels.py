"""Names on a picture: of each curve at its end, and of each level at its line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QTransform

from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.layer import (
    MARKER_PIXELS,
    Layer,
    draw_marker,
    line_pen,
    write_with_halo,
)
from linreg_gui.plots.series import Curve

_PIXELS = 14
"""The height of the text."""
_GAP = 9
"""Pixels between the end of a curve and its name."""
_EDGE = 4
_HALO = 2
_MOST_STAMPS = 100
_NOISY_SHARE = 0.08
"""A noisy curve has its name at the middle height of so much of the width."""


@dataclass(frozen=True)
class EndLabel:
    """The name of a curve, and the end of the curve, in the coordinates of the axes.

    Attributes
    ----------
    text, color : str
        Give a color that people can read: `Palette.text_color`.
    x, y : float
        The end.
    marker : Stroke or None
        Marks the end.
    """

    text: str
    color: str
    x: float
    y: float
    marker: Stroke | None = None


@dataclass(frozen=True)
class LevelLabel:
    """The name of a level, and its place.

    Attributes
    ----------
    text, color : str
        As in `EndLabel`.
    y : float
        The height along the y axis.
    reach : float
        How far the line reaches above and below ``y``, in pixels.
    """

    text: str
    color: str
    y: float
    reach: float


class Box(NamedTuple):
    """A rectangle in whole pixels from the top left corner of the view."""

    left: int
    top: int
    width: int
    height: int

    def meets(self, other: "Box") -> bool:
        """Return whether the two have a pixel in common."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


@dataclass(frozen=True)
class Sized:
    """A name that waits for its place.

    Attributes
    ----------
    label : EndLabel or LevelLabel
        Its coordinates are whole pixels, as in `Box`.
    width, height : int
        Of the text.
    """

    label: EndLabel | LevelLabel
    width: int
    height: int


@dataclass(frozen=True)
class PlacedLabel:
    """A name in its place.

    Attributes
    ----------
    label : EndLabel or LevelLabel
        Its coordinates are whole pixels, as in `Box`.
    box : Box or None
        Where the text is. Without room there is none, and only the end is marked.
    """

    label: EndLabel | LevelLabel
    box: Box | None

    def area(self) -> QRectF:
        """Return what is painted: the text with its halo, and the marked end."""
        area, margin = QRectF(), px(_HALO) + 1
        if self.box is not None:
            area = QRectF(*self.box).adjusted(-margin, -margin, margin, margin)
        if isinstance(self.label, EndLabel):
            area |= QRectF(*_end_box(self.label))
        return area


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
        self._sizes: dict[tuple[str, int], tuple[int, int]] = {}
        self._stamps: dict[tuple[object, ...], QPixmap] = {}

    def room_for(self, texts: Sequence[str]) -> int:
        """Return how many pixels the longest of ``texts`` needs to the right of the curves."""
        widths = [self._size_of(text)[0] for text in texts]
        return px(_EDGE) + (px(_GAP) + max(widths) if widths else 0)

    def set_labels(self, ends: Sequence[EndLabel], levels: Sequence[LevelLabel]) -> None:
        """Write exactly these names.

        Only what moves by a pixel is painted again.
        """
        view = self.getViewBox()
        rect, width, height = view.viewRect(), max(1.0, view.width()), max(1.0, view.height())
        pixel_x, pixel_y = rect.width() / width, rect.height() / height
        labels: list[EndLabel | LevelLabel] = [*ends, *levels]
        waiting = [
            Sized(self._in_pixels(label, rect, pixel_x, pixel_y), *self._size_of(label.text))
            for label in labels
        ]
        size = round(width), round(height)
        if (waiting, size) == self._waiting:
            return
        self._waiting = waiting, size
        former, self.placed = self.placed, placed_labels(waiting, *size)
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
        halo, ratio = px(_HALO), painter.device().devicePixelRatio()
        for each in shown:
            if each.box is not None:
                corner = QPointF(each.box.left - halo, each.box.top - halo)
                painter.drawPixmap(corner, self._stamp(each.label, ratio))
        painter.restore()

    @staticmethod
    def _in_pixels(
        label: EndLabel | LevelLabel, rect: QRectF, pixel_x: float, pixel_y: float
    ) -> EndLabel | LevelLabel:
        y = round((rect.bottom() - label.y) / pixel_y)
        if isinstance(label, EndLabel):
            return replace(label, x=round((label.x - rect.left()) / pixel_x), y=y)
        return replace(label, y=y)

    def _size_of(self, text: str) -> tuple[int, int]:
        key = text, px(_PIXELS)
        if key not in self._sizes:
            metrics = QFontMetricsF(base_font(_PIXELS))
            width, height = metrics.horizontalAdvance(text), metrics.height()
            self._sizes[key] = math.ceil(width), math.ceil(height)
        return self._sizes[key]

    def _stamp(self, label: EndLabel | LevelLabel, ratio: float) -> QPixmap:
        """Return an image of a name. To draw it takes much less time than to write the name."""
        halo, ground = px(_HALO), self.palette.surface
        key = label.text, label.color, type(label), ground, halo, px(_PIXELS), ratio
        if key not in self._stamps:
            if len(self._stamps) >= _MOST_STAMPS:
                self._stamps.clear()
            width, height = self._size_of(label.text)
            stamp = QPixmap(
                math.ceil((width + 2 * halo) * ratio), math.ceil((height + 2 * halo) * ratio)
            )
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            if isinstance(label, EndLabel):  # it may stand on a level, which would cross it
                painter.fillRect(QRectF(0, halo, width + 2 * halo, height), QColor(ground))
            font = base_font(_PIXELS)
            base = QPointF(halo, halo + QFontMetricsF(font).ascent())
            write_with_halo(painter, base, label.text, font, label.color, ground, halo)
            painter.end()
            self._stamps[key] = stamp
        return self._stamps[key]


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


def _end_box(label: EndLabel) -> Box:
    """Return the box around the mark at the end of a curve."""
    reach = px(MARKER_PIXELS)
    return Box(int(label.x) - reach, int(label.y) - reach, 2 * reach, 2 * reach)


def _draw_end(painter: QPainter, label: EndLabel, box: Box | None) -> None:
    """Mark the end of a curve, and draw a line to its name if that is not beside it."""
    if box is not None:
        name = QPointF(box.left - px(3), box.top + box.height / 2)
        is_far = name.x() - label.x > px(_GAP)
        if name.x() > label.x and (is_far or abs(name.y() - label.y) > box.height / 2):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(line_pen(label.color, 1))
            painter.drawLine(QPointF(label.x, label.y), name)
    if label.marker is not None:
        draw_marker(painter, label.marker, QPointF(label.x, label.y))


def placed_labels(waiting: Sequence[Sized], width: int, height: int) -> list[PlacedLabel]:
    """Return where to write names in a view of this width and height.

    Names of curves stand to the right of their ends. Those that would meet are written in one
    column, moved apart. Names of levels stand on or under their lines, where they meet nothing.
    """
    ends = [(sized.label, sized) for sized in waiting if isinstance(sized.label, EndLabel)]
    levels = [(sized.label, sized) for sized in waiting if isinstance(sized.label, LevelLabel)]
    placed = [each for column in _columns(ends) for each in _placed_column(column, width, height)]
    taken = [_end_box(label) for label, _ in ends]
    taken += [each.box for each in placed if each.box is not None]
    lines = [int(label.y) for label, _ in levels]
    for label, sized in sorted(levels, key=lambda each: each[0].y):
        for box in _boxes_at_level(label, sized, width):
            is_inside = 0 <= box.top <= height - box.height
            crosses = any(box.top < line < box.top + box.height for line in lines)
            if is_inside and not crosses and not any(box.meets(other) for other in taken):
                taken.append(box)
                placed.append(PlacedLabel(label, box))
                break
    return placed


_End = tuple[EndLabel, Sized]


def _columns(ends: Sequence[_End]) -> list[list[_End]]:
    """Gather the names that would meet if they had the same height."""
    columns: list[list[_End]] = []
    right, widest = -math.inf, 0
    for label, sized in sorted(ends, key=lambda each: each[0].x):
        if label.x - px(MARKER_PIXELS) > right:
            columns.append([])
            widest = 0
        columns[-1].append((label, sized))
        widest = max(widest, sized.width)
        right = label.x + px(_GAP) + widest
    return [[end for end in ends if end in column] for column in columns]


def _placed_column(column: Sequence[_End], width: int, height: int) -> list[PlacedLabel]:
    """Write the names of a column right of its last end."""
    widest = max(sized.width for _, sized in column)
    line = max(sized.height for _, sized in column)
    left = min(int(max(label.x for label, _ in column)) + px(_GAP), width - widest - 1)
    middles = moved_apart([label.y for label, _ in column], line / 2, height - line / 2, line)
    placed = []
    for (label, sized), middle in zip(column, middles, strict=True):
        box = None
        if middle is not None:
            box = Box(left, round(middle - sized.height / 2), sized.width, sized.height)
        placed.append(PlacedLabel(label, box))
    return placed


def _boxes_at_level(level: LevelLabel, sized: Sized, width: int) -> list[Box]:
    """Return where the name of a level may stand, the best place first."""
    lefts = px(_EDGE), width - sized.width - px(_EDGE)
    tops = int(level.y - level.reach) - sized.height, math.ceil(level.y + level.reach) + 1
    return [Box(left, top, sized.width, sized.height) for left in lefts for top in tops]


def moved_apart(
    heights: Sequence[float], top: float, bottom: float, line: float
) -> Sequence[float | None]:
    """Return where to write names that belong at ``heights``, ``line`` or more apart.

    They are moved as little as possible. If there is no room for all, some are left out: None.
    """
    wanted = [min(max(height, top), bottom) for height in heights]
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    if (len(wanted) - 1) * line > bottom - top:
        return _thinned(wanted, order, line)
    # Isotonic regression of the heights, less the lines above each: pool what is out of order.
    pools: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, count = wanted[index] - rank * line, 1
        while pools and pools[-1][0] >= mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    shifts = [mean for mean, count in pools for _ in range(count)]
    last = bottom - (len(wanted) - 1) * line
    placed = list(wanted)
    for rank, (index, shift) in enumerate(zip(order, shifts, strict=True)):
        placed[index] = min(max(shift, top), last) + rank * line
    return placed


def _thinned(heights: Sequence[float], order: Sequence[int], line: float) -> list[float | None]:
    """Leave out each name that is less than a line below the last one that is kept."""
    kept: list[float | None] = [None] * len(heights)
    last = -math.inf
    for index in order:
        if heights[index] >= last + line:
            kept[index] = last = heights[index]
    return kept
