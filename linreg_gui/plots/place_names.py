"""Words beside the places of a picture that they name, moved apart, so that no legend is needed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPainter, QTransform

from linreg_gui.look.scale import px, scale_factor
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.halo_text import HALO, HaloText
from linreg_gui.plots.layer import Layer
from linreg_gui.plots.series import Series

SAME_PLACE_PIXELS = 9
"""Places no farther apart than this share their words: “least squares ≈ true”."""

_GAP = 4
_MARK_RADIUS = 7
_SHAFT_RADIUS = 5
_ALONG_SHAFT = (0.3, 0.5, 0.7, 0.9, 1.0)
"""Words keep away from these places on an arrow."""
_ROOM = (240, 160)

Mark = tuple[float, float, float]
"""Something that is drawn: its place in the coordinates of the axes, and its radius in pixels."""

_SIDES = [
    (1, 0),
    (-1, 0),
    (0, -1),
    (0, 1),
    (1, -1),
    (-1, -1),
    (1, 1),
    (-1, 1),
]
"""Where words can be, seen from their place: right, left, above, below, and in the corners."""


def has_room_for_names(canvas: Canvas) -> bool:
    """Return whether a picture is large enough for words on it: a thumbnail is not."""
    least_width, least_height = _ROOM
    width, height = canvas.pixels
    return width >= px(least_width) and height >= px(least_height)


@dataclass(frozen=True)
class PlaceName:
    """Words beside a place.

    Attributes
    ----------
    series : Series
        What they name. Only a visible series has a name.
    x, y : float
        The place in the coordinates of the axes. Where it is not finite, nothing is named.
    text : str
        The words.
    along : tuple of float
        How many pixels to the right and down of the place the words belong: to the tip of an arrow.
    merges : bool
        Whether it shares its words with a name at nearly the same place. If not, the words have the
        color of the series.
    other_end : tuple of float or None
        Of a line: x and y of its other visible end, where its name is if there is no room here.
        Lines only share their words if both ends do.
    """

    series: Series
    x: float
    y: float
    text: str
    along: tuple[float, float] = (0.0, 0.0)
    merges: bool = True
    other_end: tuple[float, float] | None = None


@dataclass(frozen=True)
class _Written:
    """Words and where they are written, in pixels of the scene."""

    text: str
    color: str
    rect: QRectF
    side: tuple[int, int]


_Anchor = tuple[PlaceName, QPointF, QPointF, QPointF | None]
"""A name, and what `_ends` returns for it."""


class PlaceNameLayer(Layer):
    """Writes names beside their places, each on a side where it covers nothing.

    A name without room is left out; the first ones are the last to go. As long as the names are the
    same, words stay on their side if they can, so that they do not jump while their place moves.
    """

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[PlaceName, ...] = ()
        self._written: list[_Written] = []
        self._arranged: list[str] = []
        self._key: tuple[object, ...] = ()
        self._clear: tuple[Mark, ...] = ()
        self._covered: list[QRectF] = []
        self._words = HaloText(QFont.Weight.DemiBold)

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the names that have room."""
        self._keep_arranged(self.to_pixels())
        return [(each.text, each.rect) for each in self._written]

    def keep_clear(self, marks: Iterable[Mark], covered: Iterable[QRectF]) -> None:
        """Write nothing over ``marks`` as long as there is room elsewhere.

        And write nothing at all on areas that are ``covered``, in pixels of the scene.
        """
        self._clear, self._covered = tuple(marks), [QRectF(area) for area in covered]

    def show_names(self, names: Sequence[PlaceName]) -> None:
        """Write exactly ``names``, as far as there is room; the most important one is the first."""
        names = tuple(name for name in names if name.text and math.isfinite(name.x + name.y))
        to_pixels = self.to_pixels()
        former, self._names = self._written, names
        if self._key == self._key_of(names, to_pixels):
            return
        self._arrange(to_pixels)
        inverted, _ = to_pixels.inverted()
        for each in (*former, *self._written):
            if each not in former or each not in self._written:
                self.update(inverted.mapRect(each.rect))

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Write the names."""
        self._keep_arranged(to_pixels)
        ground = self.palette.surface
        for each in self._written:
            if each.rect.intersects(exposed):
                self._words.write(painter, each.rect.topLeft(), each.text, each.color, ground)

    def _key_of(self, names: Sequence[PlaceName], to_pixels: QTransform) -> tuple[object, ...]:
        """Return what the arrangement of ``names`` depends on."""
        places = [
            (name.series, name.series.visible, name.text, name.merges, *_ends(name, to_pixels))
            for name in names
        ]
        ink, box = self.palette.text, self.boundingRect()
        return places, self._clear, self._covered, to_pixels, box, ink, scale_factor()

    def _keep_arranged(self, to_pixels: QTransform) -> None:
        if self._key != self._key_of(self._names, to_pixels):
            self._arrange(to_pixels)

    def _arrange(self, to_pixels: QTransform) -> None:
        """Find a place for each name."""
        self._key = self._key_of(self._names, to_pixels)
        view = to_pixels.mapRect(self.boundingRect())
        texts = [name.text for name in self._names if name.series.visible]
        is_same = texts == self._arranged
        sides = {each.text: each.side for each in self._written} if is_same else {}
        self._arranged = texts
        anchors = [(name, *_ends(name, to_pixels)) for name in self._names if name.series.visible]
        anchors = [each for each in anchors if view.contains(each[1])]
        marks = [_around(place, _MARK_RADIUS) for name, place, *_ in anchors if not any(name.along)]
        arrows = [
            _around(place + (tip - place) * share, _SHAFT_RADIUS)
            for name, place, tip, _ in anchors
            if any(name.along)
            for share in _ALONG_SHAFT
        ]
        clear = [_around(to_pixels.map(QPointF(x, y)), radius) for x, y, radius in self._clear]
        self._written = []
        for name, place, tip, other_end in _merged(anchors):
            size = QSizeF(self._words.size(name.text)) + QSizeF(2 * px(HALO), 2 * px(HALO))
            reach = _SHAFT_RADIUS if any(name.along) else _MARK_RADIUS
            efforts = {side: _effort(side, tip - place, sides.get(name.text)) for side in _SIDES}
            boxes = [
                (side, _beside(end, side, size, px(reach + _GAP)))
                for end in (tip, other_end)
                if end is not None
                for side in sorted(_SIDES, key=efforts.__getitem__)
            ]
            taken = [*marks, *self._covered, *(each.rect for each in self._written)]
            inside = [(side, box) for side, box in boxes if view.contains(box)]
            # Rather across an arrow, or over a mark, than nowhere.
            for side, box in [
                *((side, box) for side, box in inside if _is_free(box, [*taken, *arrows, *clear])),
                *((side, box) for side, box in inside if _is_free(box, [*taken, *clear])),
                *((side, box) for side, box in inside if _is_free(box, taken)),
            ][:1]:
                own = self.palette.text_color(name.series.stroke)
                color = self.palette.text if name.merges else own
                self._written.append(_Written(name.text, color, box, side))


def _ends(name: PlaceName, to_pixels: QTransform) -> tuple[QPointF, QPointF, QPointF | None]:
    """Return where it is, the tip of its arrow, and its other end, in whole pixels of the scene."""
    place = to_pixels.map(QPointF(name.x, name.y))
    tip, end = place + QPointF(*name.along), name.other_end
    if end is None or not all(map(math.isfinite, end)):
        return _whole(place), _whole(tip), None
    return _whole(place), _whole(tip), _whole(to_pixels.map(QPointF(*end)))


def _whole(place: QPointF) -> QPointF:
    return QPointF(place.toPoint())


def _merged(anchors: list[_Anchor]) -> list[_Anchor]:
    """Return the names with those at nearly the same place in one: “least squares ≈ true”."""
    kept: list[_Anchor] = []
    for name, place, tip, end in anchors:
        for index, (other, taken, other_tip, other_end) in enumerate(kept):
            near = _are_near(place, taken)
            if end is not None and other_end is not None:
                near = near and _are_near(end, other_end)
            if name.merges and other.merges and near:
                both = replace(other, text=f"{other.text} ≈ {name.text}")
                kept[index] = both, taken, other_tip, other_end
                break
        else:
            kept.append((name, place, tip, end))
    return kept


def _are_near(one: QPointF, other: QPointF) -> bool:
    between = other - one
    return math.hypot(between.x(), between.y()) <= px(SAME_PLACE_PIXELS)


def _around(place: QPointF, radius: float) -> QRectF:
    reach = px(radius)
    return QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)


def _is_free(box: QRectF, taken: Sequence[QRectF]) -> bool:
    return not any(box.intersects(other) for other in taken)


def _effort(
    side: tuple[int, int], arrow: QPointF, former: tuple[int, int] | None
) -> tuple[bool, float, int]:
    """Return what speaks against words on ``side`` of the tip of ``arrow``; less is better."""
    right, down = arrow.x(), arrow.y()
    length = math.hypot(right, down) * math.hypot(*side)
    against = -(right * side[0] + down * side[1]) / length if length else 0.0
    return side != (former or side), against, _SIDES.index(side)


def _beside(place: QPointF, side: tuple[int, int], size: QSizeF, gap: float) -> QRectF:
    """Return the area of words of this ``size`` on a ``side`` of ``place``."""
    across, down = side
    # In a corner the words keep clear of the place along one axis only.
    dx = across * (gap + size.width() / 2) * (1.0 if not down else 0.8)
    dy = down * (gap + size.height() / 2)
    rect = QRectF(QPointF(), size)
    rect.moveCenter(place + QPointF(round(dx), round(dy)))
    return QRectF(rect.topLeft().toPoint(), size)
