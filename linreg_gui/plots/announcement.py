"""Large words over a picture, for an event that nobody should overlook."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTransform

from linreg_gui.look.scale import px
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import whole
from linreg_gui.plots.layer import Layer, write_with_halo
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

_PIXELS = 31
_HALO = 4
_LEAST_PIXELS = 14
_SHARE_OF_WIDTH = 0.92
_SHARE_OF_HEIGHT = 0.13
_PLATE = 8
"""Beside the words, a plate covers this many pixels of the picture."""
_OPACITY = 225
_HEIGHT = 0.15
"""The middle of the words is this share of the height below the top."""


def diverged_run(run: Run | None, overlays: Iterable[Overlay] = ()) -> Run | None:
    """Return the run whose divergence is on show: the what-if run, or without one this run."""
    tried = next((each.run for each in overlays if each.is_what_if), run)
    return None if tried is None or tried.diverged_at is None else tried


class AnnouncementLayer(Layer):
    """Writes a few words in the color of errors, as large as the picture has room for.

    Attributes
    ----------
    text : str
        The words; empty for none.
    middle : float
        The middle of the words, as a share of the width.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.middle = 0.5

    def announce(self, text: str) -> None:
        """Write ``text``; an empty text removes the words."""
        if text != self.text:
            self.text = text
            self.update()

    def announce_divergence(self, diverged: Run | None, shown: Run | None) -> None:
        """Say at which step ``diverged`` did so, or would if it is not the run ``shown``.

        If that has begun, its own steps are on show, and the words say whose the others are.
        """
        text = ""
        if diverged is not None and diverged.diverged_at is not None:
            happened = diverged is shown
            words = tr("diverged at step {step}") if happened else tr("diverges at step {step}")
            text = words.format(step=whole(diverged.diverged_at))
            if not happened and shown is not None and shown.history.step:
                text = tr("{title}: {words}").format(title=tr("what if"), words=text)
        self.announce(text)

    def written(self) -> list[tuple[str, QRectF]]:
        """Return the words with their plate, which covers what is under it."""
        if not self.text:
            return []
        return [(self.text, self._laid_out(self.to_pixels())[2])]

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF) -> None:
        """Write the words."""
        if not self.text:
            return
        font, place, plate = self._laid_out(to_pixels)
        error, ground = self.palette.error, self.palette.surface
        painter.setPen(Qt.PenStyle.NoPen)
        color = QColor(ground)
        color.setAlpha(_OPACITY)
        painter.setBrush(color)
        painter.drawRoundedRect(plate, px(_PLATE), px(_PLATE))
        write_with_halo(painter, place, self.text, font, error, ground, px(_HALO))

    def _laid_out(self, to_pixels: QTransform) -> tuple[QFont, QPointF, QRectF]:
        """Return how the words are written, where their baseline begins, and their plate."""
        view = to_pixels.mapRect(self.boundingRect())
        font = base_font(_PIXELS, QFont.Weight.DemiBold)
        tallest = max(px(_LEAST_PIXELS), int(_SHARE_OF_HEIGHT * view.height()))
        font.setPixelSize(min(font.pixelSize(), tallest))
        width = QFontMetricsF(font).horizontalAdvance(self.text)
        if (most := _SHARE_OF_WIDTH * view.width() - 2 * px(_PLATE)) < width:
            font.setPixelSize(max(1, int(font.pixelSize() * most / width)))
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self.text)
        plate = px(_PLATE)
        left = max(plate, self.middle * view.width() - width / 2)
        left = min(left, view.width() - width - plate)
        below = max(_HEIGHT * view.height() + metrics.capHeight() / 2, metrics.ascent())
        place = view.topLeft() + QPointF(left, below)
        words = QRectF(place.x(), place.y() - metrics.ascent(), width, metrics.height())
        return font, place, words.adjusted(-plate, 0, plate, 0)
