import xml.etree.ElementTree as ET

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from linreg_gui.look.palette import LIGHT
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.widgets.exports.pictures import picture_png, picture_svg
from linreg_gui.widgets.window.main_window import MainWindow

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["data", "loss", "parameters", "landscape", "residuals"]


def named(window: MainWindow, name: str) -> RunPlot:
    return next(each for each in window.pictures if each.name == name)


def texts_of(svg: bytes) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def ink(image: QImage, color: str) -> npt.NDArray[np.bool_]:
    """Return where ``image`` has nearly this color."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    wanted = [int(color[at : at + 2], 16) for at in (5, 3, 1)]
    near: npt.NDArray[np.bool_] = np.abs(pixels[:, :, :3].astype(int) - wanted).max(axis=2) < 40
    return near


def png(content: bytes) -> QImage:
    return QImage.fromData(QByteArray(content))


def rendered(svg: bytes, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_lines_and_letters_in_an_svg(trained: MainWindow, name: str) -> None:
    picture = named(trained, name)
    svg = picture_svg(picture)
    root = ET.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("800", "500")
    assert root.findtext(f"{SVG}title") == picture.title
    assert not list(root.iter(f"{SVG}image")), "nothing is an image"
    assert len(list(root.iter(f"{SVG}path"))) > 3
    texts = texts_of(svg)
    assert texts[0] == picture.title
    assert any("Step 5,000 of 5,000" in text for text in texts[-40:])


def test_an_svg_has_the_same_marks_as_an_image(trained: MainWindow) -> None:
    picture, size = named(trained, "parameters"), QSize(800, 500)
    drawn = rendered(picture_svg(picture), size * 2)
    image = png(picture_png(picture))
    assert image.size() == size * 2
    for stroke in LIGHT.parameters[:2]:
        one, other = ink(drawn, stroke.color), ink(image, stroke.color)
        both = np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other))
        assert both > 0.6, stroke.color
