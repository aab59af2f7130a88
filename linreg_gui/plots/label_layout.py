"""Where the names of curves and levels stand, so that none covers another or the end of a curve."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from PySide6.QtCore import QRectF

from linreg_gui.look.palette import Stroke
from linreg_gui.look.scale import px
from linreg_gui.plots.halo_text import HALO
from linreg_gui.plots.layer import MARKER_PIXELS

GAP = 9
"""Pixels between the end of a curve and its name."""
EDGE = 4
"""Pixels between a name and the edge of the picture."""


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

    @classmethod
    def around(cls, area: QRectF) -> Self:
        """Return the smallest one that holds ``area``."""
        rect = area.toAlignedRect()
        return cls(rect.left(), rect.top(), rect.width(), rect.height())


def _meets(box: Box, others: Iterable[Box]) -> bool:
    return any(box.meets(other) for other in others)


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
        area, margin = QRectF(), px(HALO) + 1
        if self.box is not None:
            area = QRectF(*self.box).adjusted(-margin, -margin, margin, margin)
        if isinstance(self.label, EndLabel):
            area |= QRectF(*_end_box(self.label))
        return area


def _end_box(label: EndLabel) -> Box:
    """Return the box around the mark at the end of a curve."""
    reach = px(MARKER_PIXELS)
    return Box(int(label.x) - reach, int(label.y) - reach, 2 * reach, 2 * reach)


def placed_labels(
    waiting: Sequence[Sized], width: int, height: int, covered: Sequence[Box] = ()
) -> list[PlacedLabel]:
    """Return where to write names in a view of this width and height.

    Names of curves stand to the right of their ends. Those that would meet are written in one
    column, moved apart. Names of levels stand on or under their lines, where they meet nothing.
    No name is where the picture is ``covered``.
    """
    ends = [(sized.label, sized) for sized in waiting if isinstance(sized.label, EndLabel)]
    levels = [(sized.label, sized) for sized in waiting if isinstance(sized.label, LevelLabel)]
    placed = [each for column in _columns(ends) for each in _placed_column(column, width, height)]
    taken = [_end_box(label) for label, _ in ends]
    placed = [
        replace(each, box=None) if each.box is not None and _meets(each.box, covered) else each
        for each in placed
    ]
    taken += [*covered, *(each.box for each in placed if each.box is not None)]
    lines = [int(label.y) for label, _ in levels]
    for label, sized in sorted(levels, key=lambda each: each[0].y):
        for box in _boxes_at_level(label, sized, width):
            is_inside = 0 <= box.top <= height - box.height and 0 <= box.left <= width - box.width
            crosses = any(box.top < line < box.top + box.height for line in lines)
            if is_inside and not crosses and not _meets(box, taken):
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
        right = label.x + px(GAP) + widest
    return [[end for end in ends if end in column] for column in columns]


def _placed_column(column: Sequence[_End], width: int, height: int) -> list[PlacedLabel]:
    """Write the names of a column right of its last end."""
    widest = max(sized.width for _, sized in column)
    line = max(sized.height for _, sized in column)
    left = min(int(max(label.x for label, _ in column)) + px(GAP), width - widest - 1)
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
    lefts = px(EDGE), width - sized.width - px(EDGE)
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
