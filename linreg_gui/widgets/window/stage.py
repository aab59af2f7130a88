"""One picture large, and the others as live thumbnails beside it."""

import math
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.look.scale import px
from linreg_gui.look.theme import GRID
from linreg_gui.plots.card import Form
from linreg_gui.plots.run_plot import RunPlot

if TYPE_CHECKING:
    from linreg_gui.guide.stops import StageWish

_THUMBNAIL_SHARE = 0.27
_THUMBNAIL_WIDTHS = (190, 520)
_LEAST_HEIGHT = 96
_LEAST_THUMBNAILS = 3
"""There are as many thumbnails as have this room, or none if these would be fewer than three.

There are none, either, where they would take more than half of the width.
"""
_LEAST_CELL = (160, 120)
"""With less room than this for a column or a row of the grid, there is no grid."""
_LEAST_LARGE = 200
"""With less room than this for a column or a row of the grid, its pictures are thumbnails."""


class Layout(Enum):
    """How the pictures share the stage."""

    THUMBNAILS = "thumbnails"
    ALONE = "alone"
    GRID = "grid"


Arrangement = tuple[RunPlot, bool, bool]
"""The picture on the stage, whether all have equal sizes, and whether it is alone."""


class Cover(QWidget):
    """Something else than the pictures of the run, for a while."""

    @property
    def picture(self) -> RunPlot:
        """Return the picture in it that is zoomed and copied."""
        raise NotImplementedError

    def show_legends(self, *, wanted: bool) -> None:
        """Show the legend of every picture in it, or hide it."""
        raise NotImplementedError

    def show_units(self) -> None:
        """Draw every picture in it in the units of the picture on the stage."""
        raise NotImplementedError


class Stage(QWidget):
    """The pictures. One is on the stage, and the others are beside it if there is room.

    The pictures are placed by hand: a change of their parents would style them again.

    Parameters
    ----------
    first : RunPlot
        The picture that is on the stage at first.
    count : int
        How many pictures there will be. They have their room before they are there.

    Attributes
    ----------
    pictures : list of RunPlot
        In the order of their keys.
    current : RunPlot
        The picture on the stage.
    is_grid : bool
        Whether all pictures are shown in equal sizes.
    is_maximized : bool
        Whether a person wants to see the current picture alone.
    cover : Cover or None
        What is shown instead of the pictures.
    has_legends : bool
        Whether large pictures show their legends.

    Signals
    -------
    arranged()
        The pictures have their places: maybe other ones, or in another size.
    """

    arranged = Signal()

    def __init__(self, first: RunPlot, count: int) -> None:
        super().__init__()
        self.pictures: list[RunPlot] = []
        self.current = first
        self.is_grid = False
        self.is_maximized = False
        self.cover: Cover | None = None
        self.has_legends = False
        self._count = count
        self._is_beside_panel = False
        self.add(first)
        self.arrange()

    def add(self, picture: RunPlot) -> None:
        """Take one more picture, which `arrange` shows."""
        self.pictures.append(picture)
        picture.setParent(self)
        picture.stage_wanted.connect(self.show_picture)
        picture.maximize_wanted.connect(self._on_maximize_wanted)

    @property
    def visible_pictures(self) -> list[RunPlot]:
        """Return the pictures that can be seen, the one on the stage first."""
        return [self.current, *(each for each in self._others if not each.isHidden())]

    @property
    def active(self) -> RunPlot:
        """Return the large picture that has the focus, or else the one on the stage."""
        if self.cover is not None:
            return self.cover.picture
        focused = QApplication.focusWidget()
        for picture in self.visible_pictures:
            if not picture.is_thumbnail and focused and picture.isAncestorOf(focused):
                return picture
        return self.current

    @property
    def layout_now(self) -> Layout:
        """Return how the pictures share the stage now, under a cover too."""
        if self.cover is not None:
            return Layout.ALONE
        columns, rows = self._grid_shape
        least_width, least_height = map(px, _LEAST_CELL)
        has_room = self.width() >= columns * least_width and self.height() >= rows * least_height
        if self.is_grid and has_room:
            return Layout.GRID
        is_alone = self.is_maximized or self._is_beside_panel or not self._thumbnail_count
        return Layout.ALONE if is_alone else Layout.THUMBNAILS

    @Slot(object)
    def show_picture(self, picture: RunPlot) -> None:
        """Put ``picture`` on the stage."""
        self.current, self.is_grid = picture, False
        self.arrange()

    def suggest(self, name: str) -> None:
        """Put the picture called ``name`` on the stage, unless a person works in the one there."""
        is_busy = bool(QApplication.mouseButtons()) or self.current.canvas.is_zoomed
        if not is_busy and not self.is_grid:
            self.show_picture(next(each for each in self.pictures if each.name == name))

    @Slot(object)
    def show_view(self, wish: "StageWish") -> None:
        """Show a view of a picture, which may be on the stage or not."""
        for picture in self.pictures:
            if picture.name == wish.picture:
                picture.show_view(wish.view)

    def show_grid(self, *, wanted: bool) -> None:
        """Show all pictures in equal sizes, or one on the stage."""
        self.is_grid = wanted
        self.arrange()

    @Slot()
    def toggle_grid(self) -> None:
        """Show all pictures in equal sizes, or one on the stage."""
        self.show_grid(wanted=not self.is_grid)

    @Slot()
    def toggle_maximized(self) -> None:
        """Show the picture on the stage alone, or the others beside it."""
        self.maximize(wanted=not self.is_maximized)

    @Slot(bool)
    def show_legends(self, wanted: bool) -> None:
        """Show the legend of every large picture, or hide it."""
        self.has_legends = wanted
        for picture in self.pictures:
            picture.show_legend(wanted=wanted)
        if self.cover is not None:
            self.cover.show_legends(wanted=wanted)

    def maximize(self, *, wanted: bool) -> None:
        """Show the current picture alone, or the others beside it."""
        self.is_maximized, self.is_grid = wanted, False
        self.arrange()

    def show_cover(self, cover: "Cover | None") -> None:
        """Show ``cover`` instead of the pictures, or the pictures again, as they were."""
        former, self.cover = self.cover, cover
        if former is not None:
            former.hide()
        if cover is not None:
            cover.setParent(self)
            cover.show()
        self.arrange()

    @property
    def arrangement(self) -> Arrangement:
        """Return how the pictures are arranged, for `show_as`."""
        return self.current, self.is_grid, self.is_maximized

    def show_as(self, arrangement: Arrangement) -> None:
        """Arrange the pictures as they were."""
        self.current, self.is_grid, self.is_maximized = arrangement
        self.arrange()

    def make_room_for_panel(self, *, is_open: bool) -> None:
        """Leave the place of the thumbnails to a panel, or take it back."""
        self._is_beside_panel = is_open
        self.arrange()

    @property
    def _others(self) -> list[RunPlot]:
        return [each for each in self.pictures if each is not self.current]

    @property
    def _thumbnail_count(self) -> int:
        """Return how many pictures have room beside the one on the stage."""
        room, others = self.height() // px(_LEAST_HEIGHT), self._count - 1
        is_wide = self.width() >= 2 * px(_THUMBNAIL_WIDTHS[0])
        has_room = is_wide and room >= min(_LEAST_THUMBNAILS, others)
        return min(room, others) if has_room else 0

    def arrange(self) -> None:
        """Place the pictures."""
        area = self.rect()
        match self.layout_now:
            case Layout.GRID:
                places = self._grid(area)
            case Layout.ALONE:
                places = {self.current: area}
            case Layout.THUMBNAILS:
                places = self._beside(area)
        for picture in self.pictures:
            if picture in places:
                least_side = min(places[picture].width(), places[picture].height())
                in_grid = self.layout_now is Layout.GRID
                is_large = least_side >= px(_LEAST_LARGE) if in_grid else picture is self.current
                picture.set_form(Form.LARGE if is_large else Form.THUMBNAIL)
                picture.setGeometry(places[picture])
            picture.setVisible(picture in places and self.cover is None)
        if self.cover is not None:
            self.cover.setGeometry(area)
        self.arranged.emit()

    @property
    def _grid_shape(self) -> tuple[int, int]:
        """Return how many columns and rows the grid has."""
        columns = math.ceil(math.sqrt(self._count))
        return columns, math.ceil(self._count / columns)

    def _grid(self, area: QRect) -> dict[RunPlot, QRect]:
        columns, rows = self._grid_shape
        return {
            picture: _cell(area, index % columns, columns, index // columns, rows)
            for index, picture in enumerate(self.pictures)
        }

    def _beside(self, area: QRect) -> dict[RunPlot, QRect]:
        least, most = map(px, _THUMBNAIL_WIDTHS)
        width = min(max(round(_THUMBNAIL_SHARE * area.width()), least), most)
        column = area.adjusted(area.width() - width, 0, 0, 0)
        count = self._thumbnail_count
        places = {
            picture: _cell(column, 0, 1, row, count)
            for row, picture in enumerate(self._others[:count])
        }
        places[self.current] = area.adjusted(0, 0, -width - px(GRID), 0)
        return places

    @Slot(object)
    def _on_maximize_wanted(self, picture: RunPlot) -> None:
        was_alone = self.is_maximized and not self.is_grid
        self.current = picture
        self.maximize(wanted=not was_alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the pictures in the new size."""
        super().resizeEvent(event)
        self.arrange()


def _cell(area: QRect, column: int, columns: int, row: int, rows: int) -> QRect:
    """Return a cell of a grid in ``area``."""
    gap = px(GRID)
    width, height = (area.width() + gap) / columns, (area.height() + gap) / rows
    left, top = round(column * width), round(row * height)
    right, bottom = round((column + 1) * width) - gap, round((row + 1) * height) - gap
    return QRect(area.left() + left, area.top() + top, right - left, bottom - top)
