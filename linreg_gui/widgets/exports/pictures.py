"""Pictures as files: what is seen, on a page with a title, a legend and the settings."""

from PySide6.QtCore import QSize

from linreg_gui.export.settings_line import settings_line
from linreg_gui.look.palette import LIGHT, Palette
from linreg_gui.plots.figure import Figure
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.widgets.exports.drawing import png_of, svg_of

USUAL_SIZE = QSize(800, 500)
"""Of a page, in pixels at 100 %."""


def figure_of(
    picture: RunPlot, size: QSize = USUAL_SIZE, palette: Palette = LIGHT, title: str = ""
) -> Figure:
    """Return a copy of ``picture`` on a page of this ``size``. The caller closes it. GUI thread."""
    run = picture.run
    caption = "" if run is None else settings_line(run, picture.shown_step)
    return Figure(picture, size, palette, caption, title)


def picture_svg(picture: RunPlot, size: QSize = USUAL_SIZE, palette: Palette = LIGHT) -> bytes:
    """Return ``picture`` as SVG, whose lines, markers and letters are themselves. GUI thread.

    Browsers and editors cut lines at the axes; Qt's own renderer does not know how.
    """
    figure = figure_of(picture, size, palette)
    try:
        return svg_of(figure.paint, size, size, picture.heading)
    finally:
        figure.close()


def picture_png(
    picture: RunPlot, size: QSize = USUAL_SIZE, palette: Palette = LIGHT, scale: float = 2.0
) -> bytes:
    """Return ``picture`` as PNG with ``scale`` pixels for one of the page. GUI thread."""
    figure = figure_of(picture, size, palette)
    try:
        return png_of(figure.paint, size, size * scale)
    finally:
        figure.close()
