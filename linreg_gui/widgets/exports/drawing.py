"""Drawings as PNG, SVG or PDF: as an image, or as lines and letters that others can edit."""

import itertools
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from linreg_gui.pieces import at_once

Draw = Callable[[QPainter], None]
"""Draws a page, in pixels at 100 %."""
DrawInPieces = Callable[[QPainter], Iterator[None]]
"""Does the same, and yields in between."""

_DPI = 96
_PDF_DPI = 1200
"""As fine as printers are."""
_CM_PER_INCH = 2.54
_MILLIMETERS = re.compile(r'width="[\d.]+mm" height="[\d.]+mm"')
_PROLOG = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_ID = re.compile(r'(\bid="|url\(#|href="#)')


@contextmanager
def painting_on(device: QPaintDevice) -> Iterator[QPainter]:
    """Paint on ``device``, and end that whatever goes wrong: Qt would end the process."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


def empty_image(size: QSize, pixels: QSize) -> QImage:
    """Return a white image of so many ``pixels`` to draw a page of this ``size`` on."""
    image = QImage(pixels, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(pixels.width() / size.width())
    image.fill(0xFFFFFF)
    return image


def image_of(draw: Draw, size: QSize, pixels: QSize) -> QImage:
    """Return an image of so many ``pixels`` of a page of this ``size``."""
    return at_once(drawing_image(_in_one(draw), size, pixels))


def drawing_image(draw: DrawInPieces, size: QSize, pixels: QSize) -> Generator[None, None, QImage]:
    """Draw a page as `image_of` does, in the pieces in which ``draw`` does; return it."""
    image = empty_image(size, pixels)
    with painting_on(image) as painter:
        yield from draw(painter)
    return image


def as_png(image: QImage) -> bytes:
    """Return ``image`` as a file. Any thread."""
    content = _buffer()
    QImageWriter(content, QByteArray(b"png")).write(image)
    return _bytes_of(content)


def svg_of(draw: Draw, size: QSize, pixels: QSize, title: str) -> bytes:
    """Return a page of this ``size`` as SVG, shown ``pixels`` large. The title is for readers.

    Its letters are in no file before `with_fonts` puts them there.
    Lines are cut at the axes by a clip path, which Qt's own renderer does not know.
    """
    return at_once(drawing_svg(_in_one(draw), size, pixels, title))


def drawing_svg(
    draw: DrawInPieces, size: QSize, pixels: QSize, title: str
) -> Generator[None, None, bytes]:
    """Draw a page as `svg_of` does, in the pieces in which ``draw`` does; return it."""
    content = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # it has clip paths
    generator.setOutputDevice(content)
    generator.setResolution(_DPI)
    generator.setSize(pixels)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    with painting_on(generator) as painter:
        yield from draw(painter)
    yield
    text = _bytes_of(content).decode()
    shown = f'width="{pixels.width()}" height="{pixels.height()}"'
    return _MILLIMETERS.sub(shown, text, count=1).encode()


def inner_svg(svg: bytes, prefix: str) -> str:
    """Return an SVG for the inside of a page, where no other one may have the same ids."""
    return _ID.sub(rf"\g<1>{prefix}", _PROLOG.sub("", svg.decode()))


def widget_svg(widget: QWidget, pixels: QSize, title: str) -> bytes:
    """Return a widget and all that is in it as SVG, shown ``pixels`` large.

    Each one is drawn by itself, and put into the one around it: where several are drawn at once, Qt
    cuts all but the first at the wrong place.
    """
    numbers = itertools.count()

    def svg_with_children(shown: QWidget, size: QSize, title: str = "") -> str:
        svg = svg_of(partial(_draw_alone, shown), shown.size(), size, title)
        text = inner_svg(svg, f"w{next(numbers)}-").rstrip().removesuffix("</svg>")
        for child in shown.children():
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
                inside = svg_with_children(child, child.size())
                place = f'<svg x="{child.x()}" y="{child.y()}" '
                text += inside.replace("<svg ", place, 1)
        return f"{text}</svg>\n"

    prolog = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    return (prolog + svg_with_children(widget, pixels, title)).encode()


def _draw_alone(widget: QWidget, painter: QPainter) -> None:
    QWidget.render(widget, painter, QPoint(), QRegion(), QWidget.RenderFlag(0))


def drawing_pdf(
    draw: DrawInPieces, size: QSize, centimeters: float, title: str
) -> Generator[None, None, bytes]:
    """Draw a page as PDF, in the pieces in which ``draw`` does; return it, ``centimeters`` wide."""
    content = _buffer()
    writer = QPdfWriter(content)
    writer.setTitle(title)
    writer.setResolution(_PDF_DPI)
    height = centimeters * size.height() / size.width()
    paper = QSizeF(10 * centimeters, 10 * height)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(paper, QPageSize.Unit.Millimeter, "", exact))
    writer.setPageMargins(QMarginsF())
    scale = centimeters / _CM_PER_INCH * _PDF_DPI / size.width()
    with painting_on(writer) as painter:
        painter.scale(scale, scale)
        yield from draw(painter)
    return _bytes_of(content)


def _in_one(draw: Draw) -> DrawInPieces:
    def draw_at_once(painter: QPainter) -> Iterator[None]:
        draw(painter)
        yield

    return draw_at_once


def _buffer() -> QBuffer:
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    return content


def _bytes_of(content: QBuffer) -> bytes:
    return bytes(content.data().data())
