from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from linreg_gui.widgets.plots.layer import draw_level, line_pen
from linreg_gui.widgets.theme import Stroke


def test_a_dashed_level_leaves_the_pen_of_curves_solid(qapp: QApplication) -> None:
    stroke = Stroke("#ff0000", Qt.PenStyle.DotLine)
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_level(painter, stroke, 5, 0, 200)
    painter.end()
    assert line_pen(stroke).style() is Qt.PenStyle.SolidLine
