"""A picture on a page: as it is seen, with its title, a legend and a line of settings."""

import math
from collections.abc import Iterator
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication

from linreg_gui.export.settings_line import settings_line
from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import at_full_scale
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.plots.examples_plot import ExamplesPlot
from linreg_gui.plots.layer import draw_level, draw_marker
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.series import Series

MARGIN = 2 * GRID
_TITLE, _TEXT = 16, 13
"""The heights of the letters, in pixels."""
_SAMPLE, _GAP, _SPACING, _ROW = 26, 6, 16, 20
_WRAPPED = Qt.TextFlag.TextWordWrap
_LEAST_CANVAS = 120
_ROUNDS = 4
"""An axis is as wide as its numbers, which depend on how wide it is."""


class Figure:
    """A copy of a picture, on a page of its own. GUI thread.

    The picture on screen stays as it is, whatever its size and its colors are. Call `close` when
    the copy is no longer needed.

    Attributes
    ----------
    copy : RunPlot
        The copy, which is on no screen.
    preparing : iterator
        Makes the copy look like the picture, and lays out the page, in pieces. What is left of it
        is done before the copy goes to a step, or is drawn.

    Parameters
    ----------
    picture : RunPlot
        What is copied.
    size : QSize
        Of the page, in pixels at 100 %.
    palette : Palette
        The colors.
    title : str
        The words above it; by default those of the picture.
    has_caption : bool
        Whether the settings are below it.
    """

    def __init__(
        self,
        picture: RunPlot,
        size: QSize,
        palette: Palette,
        title: str = "",
        *,
        has_caption: bool = True,
    ) -> None:
        self._size, self._palette = size, palette
        self._title, self._has_caption = title or picture.heading, has_caption
        with at_full_scale():
            make: Any = type(picture)
            self.copy: RunPlot = make(_PaperTheme(palette))
            card = self.copy.layout()
            assert card is not None
            card.removeWidget(self.copy.canvas)  # which has the page to itself
            self.copy.canvas.keep_images(wanted=False)
        self.preparing = self._prepare(picture)

    def _prepare_rest(self) -> None:
        for _ in self.preparing:
            pass

    def _prepare(self, picture: RunPlot) -> Iterator[None]:
        with at_full_scale():
            self.copy.look_like(picture)
            if isinstance(self.copy, ExamplesPlot):
                self.copy.key.hide()  # the legend has the same names
            self.copy.redraw()  # now it has what the legend names
        yield
        with at_full_scale():
            self._lay_out()
        yield

    def show_step(self, step: int) -> None:
        """Show the run until ``step`` instead, or to its end if that was before.

        Curves grow with the step, and the range follows it, as they do on screen.
        """
        self._prepare_rest()
        self.copy.grows = True
        run, canvas = self.copy.run, self.copy.canvas
        canvas.shares = None
        with at_full_scale():
            self.copy.show_step(step if run is None else min(step, run.history.step))
            self.copy.redraw()
            canvas.show_automatic_range(*canvas.wanted_range)

    def paint(self, painter: QPainter, corner: QPointF | None = None) -> None:
        """Draw the page with its upper left corner at ``corner``."""
        self._prepare_rest()
        with at_full_scale():
            painter.save()
            painter.translate(corner or QPointF())
            painter.fillRect(QRectF(QPointF(), self._size), QColor(self._palette.surface))
            painter.setFont(_title_font())
            painter.setPen(QColor(self._palette.text))
            painter.drawText(self._title_area, _WRAPPED, self._title)
            for series, place in self._entries:
                self._draw_entry(painter, series, place)
            draw_caption(painter, self._caption_area, self._caption, self._palette)
            self._draw_canvas(painter)
            painter.restore()

    def close(self) -> None:
        """Delete the copy, here and now: not with a collection of garbage in another thread."""
        shiboken6.delete(self.copy)

    @property
    def _caption(self) -> str:
        run = self.copy.run
        if run is None or not self._has_caption:
            return ""
        return settings_line(run, self.copy.shown_step)

    def _draw_canvas(self, painter: QPainter) -> None:
        canvas, place = self.copy.canvas, self._canvas_area
        painter.translate(place.topLeft())
        canvas.page = painter.transform()
        area = QRectF(QPointF(), place.size())
        canvas.scene().render(painter, area, area)

    def _lay_out(self) -> None:
        """Find a place for everything; the picture has all the room that is left."""
        width, bottom = self._size.width() - 2 * MARGIN, self._size.height() - GRID
        self._title_area = QRectF(MARGIN, MARGIN, width, _height(_title_font(), width, self._title))
        top = self._legend_below(self._title_area.bottom() + GRID / 2, width)
        caption = caption_height(self._caption, width)
        self._caption_area = QRectF(MARGIN, bottom - caption, width, caption)
        room = max(_LEAST_CANVAS, math.floor(bottom - caption - GRID / 2 - top))
        self._canvas_area = QRectF(GRID, top, self._size.width() - 2 * GRID, room)
        size = self._canvas_area.size().toSize()
        canvas = self.copy.canvas
        for widget in (self.copy, canvas, canvas.viewport()):  # hidden: nobody else tells them
            widget.resize(size)
            QApplication.sendEvent(widget, QResizeEvent(size, size))
        for _ in range(_ROUNDS):
            canvas.centralLayout.activate()
            self.copy.redraw()

    def _legend_below(self, top: float, width: float) -> float:
        """Find places for the entries of the legend, in rows; return where the rows end."""
        metrics, left = QFontMetricsF(base_font(_TEXT)), 0.0
        self._entries: list[tuple[Series, QPointF]] = []
        for series in self.copy.legend:
            needed = _SAMPLE + _GAP + metrics.horizontalAdvance(series.name)
            if left and left + needed > width:
                left, top = 0.0, top + _ROW
            self._entries.append((series, QPointF(MARGIN + left, top)))
            left += needed + _SPACING
        return top + (_ROW if self._entries else 0)

    def _draw_entry(self, painter: QPainter, series: Series, place: QPointF) -> None:
        stroke, middle = series.look(self._palette), place.y() + _ROW / 2
        if series.has_line:
            draw_level(painter, stroke, middle, place.x(), place.x() + _SAMPLE)
        if series.markers:
            center = QPointF(place.x() + _SAMPLE / 2, middle)
            draw_marker(painter, stroke, center, outline=series.outline)
        painter.setFont(base_font(_TEXT))
        painter.setPen(QColor(self._palette.text))
        words = QRectF(place.x() + _SAMPLE + _GAP, place.y(), self._size.width(), _ROW)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, series.name)


class _PaperTheme(Theme):
    """Colors that nothing else has, and that stay."""

    def __init__(self, palette: Palette) -> None:
        QObject.__init__(self)
        self.palette = palette

    def icon(self, _name: str, _color: str | None = None) -> QIcon:
        """Return no icon: a page has no buttons."""
        return QIcon()


def caption_height(caption: str, width: float) -> float:
    """Return how high ``caption`` is on a page, in pixels at 100 %."""
    with at_full_scale():
        return _height(base_font(_TEXT), width, caption) if caption else 0.0


def draw_caption(painter: QPainter, place: QRectF, caption: str, palette: Palette) -> None:
    """Write the line below a picture, or below several."""
    with at_full_scale():
        painter.setFont(base_font(_TEXT))
    painter.setPen(QColor(palette.muted))
    painter.drawText(place, _WRAPPED, caption)


def _title_font() -> QFont:
    return base_font(_TITLE, QFont.Weight.DemiBold)


def _height(font: QFont, width: float, text: str) -> float:
    room = QRectF(0, 0, width, 10_000)
    return math.ceil(QFontMetricsF(font).boundingRect(room, _WRAPPED, text).height())
