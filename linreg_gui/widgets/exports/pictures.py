"""Pictures as files: what is seen, on a page with a title, a legend and the settings."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from linreg_gui.export.aside import done_aside
from linreg_gui.look.palette import DARK, LIGHT, Palette
from linreg_gui.look.theme import Mode
from linreg_gui.pieces import at_once, told
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.widgets.exports.drawing import (
    DrawInPieces,
    as_png,
    drawing_image,
    drawing_pdf,
    drawing_svg,
    image_of,
    svg_of,
    widget_svg,
)
from linreg_gui.widgets.exports.sheets import Sheet, picture_sheet, stage_sheet
from linreg_gui.widgets.exports.svg_fonts import adding_fonts, with_fonts
from linreg_gui.widgets.window.stage import Layout

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_MOST_FILM_PIXELS = 400_000_000


@dataclass(frozen=True)
class PictureWish:
    """How a person wants a picture.

    Attributes
    ----------
    width, height : int
        Of an image, or of an SVG where it is shown, in pixels.
    text : float
        The size of text, lines and markers; 1 is 100 %.
    centimeters : float
        The width of a PDF, in centimeters. Its height follows.
    like_screen : bool
        Whether its colors are those on screen, and not the light ones.
    """

    width: int = 1600
    height: int = 1000
    text: float = 2.0
    centimeters: float = 16.0
    like_screen: bool = False

    @property
    def pixels(self) -> QSize:
        """Return width and height in pixels."""
        return QSize(self.width, self.height)

    @property
    def page(self) -> QSize:
        """Return the size of the page in pixels at 100 %."""
        return QSize(round(self.width / self.text), round(self.height / self.text))

    def palette(self, window: "MainWindow") -> Palette:
        """Return the colors."""
        return DARK if self.like_screen and window.session.theme.palette.dark else LIGHT


@dataclass(frozen=True)
class FilmWish(PictureWish):
    """How a person wants an animation.

    Attributes
    ----------
    seconds : float
        How long it takes.
    rate : int
        How many frames it has in each second.
    """

    width: int = 800
    height: int = 500
    text: float = 1.0
    seconds: float = 8.0
    rate: int = 12

    @property
    def frames(self) -> int:
        """Return how many frames it has."""
        return max(2, round(self.seconds * self.rate))

    @property
    def is_too_large(self) -> bool:
        """Return whether its frames may need too much memory: GIF keeps them until the end."""
        return self.width * self.height * self.frames > _MOST_FILM_PIXELS


def usual_wish(window: "MainWindow") -> PictureWish:
    """Return how what is on the stage looks if nobody has chosen: several need more room."""
    stage = window.stage
    if stage.cover is not None:
        return PictureWish(width=2400, height=1200, centimeters=24.0)
    if stage.layout_now is Layout.GRID:
        return PictureWish(width=2400, height=1600, centimeters=24.0)
    return PictureWish()


def usual_film(window: "MainWindow") -> FilmWish:
    """Return how an animation looks if nobody has chosen."""
    wish = usual_wish(window)
    return FilmWish(round(wish.width / wish.text), round(wish.height / wish.text))


def window_wish(window: "MainWindow") -> PictureWish:
    """Return how the whole window looks if nobody has chosen: it has its own shape."""
    size = window.size() * 2
    return PictureWish(size.width(), size.height(), centimeters=24.0)


def copy_picture(picture: RunPlot) -> None:
    """Put ``picture`` on the clipboard, as an image and as SVG."""
    wish = PictureWish()
    _copy(picture_sheet(picture, wish.page), wish)


def copy_stage(window: "MainWindow") -> None:
    """Put what is on the stage on the clipboard, as an image and as SVG."""
    wish = usual_wish(window)
    _copy(stage_sheet(window, wish.page), wish)


def copy_window(window: "MainWindow") -> None:
    """Put an image of the whole window on the clipboard."""
    wish = window_wish(window)
    with _dressed(window, wish):
        image = image_of(
            lambda painter: window.render(painter, QPoint()), window.size(), wish.pixels
        )
    QGuiApplication.clipboard().setImage(image)


def _copy(empty: Sheet, wish: PictureWish) -> None:
    content = QMimeData()
    with closing(empty.filled()) as sheet:
        content.setImageData(image_of(sheet.draw, sheet.size, wish.pixels))
        svg = svg_of(sheet.draw, sheet.size, sheet.size, sheet.title)
        content.setData("image/svg+xml", with_fonts(svg))
    QGuiApplication.clipboard().setMimeData(content)


def writing_sheet(
    make: Callable[[QSize, Palette], Sheet],
    window: "MainWindow",
    file: Path,
    wish: PictureWish,
    suffix: str,
) -> Generator[float, None, str]:
    """Write the page that ``make`` returns for a size and colors, in the format of ``suffix``.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    yield 0.0
    with closing(make(wish.page, wish.palette(window))) as sheet:
        for _ in sheet.filling():
            yield 0.2
        drawing = _drawing(sheet.drawing, sheet.size, wish, suffix, sheet.title)
        drawn = yield from told(drawing, 0.4)
    yield 0.5
    return (yield from _writing(drawn, file, suffix))


def writing_window(
    window: "MainWindow", file: Path, wish: PictureWish, suffix: str
) -> Generator[float, None, str]:
    """Write the whole window in its own shape, as wide as it is wished.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    size = window.size()
    wish = replace(wish, height=round(wish.width * size.height() / size.width()))

    def draw(painter: QPainter) -> Iterator[None]:
        window.render(painter, QPoint())
        yield

    with _dressed(window, wish):
        title = window.windowTitle().replace("[*]", "")
        if suffix == ".svg":
            drawn: QImage | bytes = widget_svg(window, wish.pixels, title)
        else:
            drawn = at_once(_drawing(draw, size, wish, suffix, title))
    yield 0.5
    return (yield from _writing(drawn, file, suffix))


@contextmanager
def _dressed(window: "MainWindow", wish: PictureWish) -> Iterator[None]:
    """Give the window the colors for its picture, and axes of letters. Nobody sees it like this."""
    window.refresher.refresh_all()
    theme = window.session.theme
    mode, is_turned = theme.mode, theme.palette.dark and not wish.like_screen
    if is_turned:
        theme.set_mode(Mode.LIGHT)
    for picture in window.pictures:
        picture.canvas.keep_images(wanted=False)
    try:
        yield
    finally:
        for picture in window.pictures:
            picture.canvas.keep_images(wanted=True)
        if is_turned:
            theme.set_mode(mode)


def _drawing(
    draw: DrawInPieces, size: QSize, wish: PictureWish, suffix: str, title: str
) -> Generator[None, None, QImage | bytes]:
    """Draw a page in the format of ``suffix``, in pieces; return it, an image still as it is."""
    match suffix:
        case ".svg":
            return (yield from drawing_svg(draw, size, wish.pixels, title))
        case ".pdf":
            return (yield from drawing_pdf(draw, size, wish.centimeters, title))
        case _:
            return (yield from drawing_image(draw, size, wish.pixels))


def _writing(drawn: QImage | bytes, file: Path, suffix: str) -> Generator[float, None, str]:
    """Write ``drawn``; a large image takes long, and has a thread of its own."""
    if isinstance(drawn, QImage):
        drawn = yield from done_aside(as_png, drawn)
    if suffix == ".svg":
        drawn = yield from told(adding_fonts(drawn), 0.8)
    file.write_bytes(drawn)
    yield 1.0
    return ""
