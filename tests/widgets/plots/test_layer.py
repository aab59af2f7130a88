import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from linreg_gui.widgets.plots.layer import draw_level, draw_line
from linreg_gui.widgets.theme import Stroke


def painted_pixels(level_first: bool) -> int:
    stroke = Stroke("#ff0000", Qt.PenStyle.DotLine)
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    if level_first:
        draw_level(painter, stroke, 5, 0, 200)
    image.fill(Qt.GlobalColor.white)
    x, y = np.array([0.0, 200.0]), np.array([20.0, 20.0])
    draw_line(painter, stroke, x, y, QRectF(0, 0, 200, 40), smooth=False)
    painter.end()
    return sum(image.pixel(column, 20) != 0xFFFFFFFF for column in range(200))


def test_a_dashed_level_leaves_the_dashes_of_a_curve_as_they_are(qapp: QApplication) -> None:
    assert painted_pixels(level_first=True) == painted_pixels(level_first=False) > 50
