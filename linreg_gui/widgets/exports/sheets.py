"""Pages of pictures: one alone, or all that are on the stage."""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter

from linreg_gui.export.settings_line import settings_line
from linreg_gui.look.palette import LIGHT, Palette
from linreg_gui.plots.figure import MARGIN, Figure, caption_height, draw_caption
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.widgets.window.stage import Layout

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow


class Sheet:
    """Copies of pictures on one page. GUI thread. Call `close` when it is no longer needed.

    Attributes
    ----------
    size : QSize
        Of the page, in pixels at 100 %.
    title : str
        What is on it.
    figures : list of Figure
        The pictures, once they are made.

    Parameters
    ----------
    size : QSize
        As the attribute.
    palette : Palette
        The colors.
    title : str
        As the attribute.
    run : Run or None
        The run whose settings stand below all the pictures.
    """

    def __init__(self, size: QSize, palette: Palette, title: str, run: Run | None = None) -> None:
        self.size, self.title = size, title
        self.figures: list[Figure] = []
        self._palette, self._run = palette, run
        self._making: list[Callable[[], Figure]] = []
        self._corners: list[QPointF] = []
        self._step: int | None = None
        width = size.width() - 2 * MARGIN
        height = caption_height(self._caption, width)
        top = size.height() - height - MARGIN / 2
        self._caption_area = QRectF(MARGIN, top, width, height)

    @property
    def room(self) -> QSize:
        """Return how much of the page the pictures have."""
        height = self._caption_area.top() if self._run is not None else self.size.height()
        return QSize(self.size.width(), math.floor(height))

    @property
    def last_step(self) -> int:
        """Return the newest step of all runs here."""
        runs = [figure.copy.run for figure in self.figures]
        return max((run.history.step for run in runs if run is not None), default=0)

    def add(
        self,
        picture: RunPlot,
        size: QSize,
        corner: QPointF,
        title: str = "",
        *,
        has_caption: bool = True,
    ) -> None:
        """Put a copy of ``picture`` on the page, with its upper left corner there."""
        palette = self._palette
        self._making.append(lambda: Figure(picture, size, palette, title, has_caption=has_caption))
        self._corners.append(corner)

    def filling(self) -> Iterator[None]:
        """Make the copies, in pieces."""
        while self._making:
            figure = self._making.pop(0)()
            self.figures.append(figure)
            yield
            yield from figure.preparing

    def filled(self) -> Self:
        """Make the copies at once, and return the page."""
        for _ in self.filling():
            pass
        return self

    def show_step(self, step: int) -> Iterator[None]:
        """Show all runs after ``step``, one in each piece."""
        self._step = step
        for figure in self.figures:
            figure.show_step(step)
            yield

    def draw(self, painter: QPainter) -> None:
        """Draw the page."""
        for _ in self.drawing(painter):
            pass

    def drawing(self, painter: QPainter) -> Iterator[None]:
        """Draw the page, a picture in each piece."""
        painter.fillRect(QRectF(QPointF(), self.size), QColor(self._palette.surface))
        draw_caption(painter, self._caption_area, self._caption, self._palette)
        for figure, corner in zip(self.figures, self._corners, strict=True):
            figure.paint(painter, corner)
            yield

    def close(self) -> None:
        """Delete the copies."""
        for figure in self.figures:
            figure.close()

    @property
    def _caption(self) -> str:
        return "" if self._run is None else settings_line(self._run, self._step)


def picture_sheet(picture: RunPlot, size: QSize, palette: Palette = LIGHT) -> Sheet:
    """Return a page with ``picture`` alone."""
    sheet = Sheet(size, palette, picture.heading)
    sheet.add(picture, size, QPointF())
    return sheet


def stage_sheet(window: "MainWindow", size: QSize, palette: Palette = LIGHT) -> Sheet:
    """Return a page with what is on the stage: one picture, all of them, or two runs."""
    stage = window.stage
    if stage.cover is not None:
        return _contrast_sheet(window, size, palette)
    if stage.layout_now is not Layout.GRID:
        return picture_sheet(stage.current, size, palette)
    sheet = Sheet(size, palette, tr("All pictures"), window.controller.run)
    columns = math.ceil(math.sqrt(len(stage.pictures)))
    rows = math.ceil(len(stage.pictures) / columns)
    cell = QSize(sheet.room.width() // columns, sheet.room.height() // rows)
    for index, picture in enumerate(stage.pictures):
        row, column = divmod(index, columns)
        corner = QPointF(column * cell.width(), row * cell.height())
        sheet.add(picture, cell, corner, has_caption=False)
    return sheet


def _contrast_sheet(window: "MainWindow", size: QSize, palette: Palette) -> Sheet:
    halves = window.contrast.side_by_side.halves
    sheet = Sheet(size, palette, tr("Side by side"))
    half_size = QSize(size.width() // len(halves), size.height())
    for index, half in enumerate(halves):
        assert half.picture is not None
        title = tr("{title}: {words}").format(title=half.picture.title, words=half.words.text())
        corner = QPointF(index * half_size.width(), 0)
        sheet.add(half.picture, half_size, corner, title)
    return sheet
