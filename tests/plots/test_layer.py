import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from linreg_gui.look.palette import Stroke
from linreg_gui.plots.layer import cut_off, draw_level, line_pen


def test_a_dashed_level_leaves_the_pen_of_curves_solid(qapp: QApplication) -> None:
    stroke = Stroke("#ff0000", Qt.PenStyle.DotLine)
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_level(painter, stroke, 5, 0, 200)
    painter.end()
    assert line_pen(stroke.color, stroke.width).style() is Qt.PenStyle.SolidLine


@pytest.mark.parametrize("slope", [0.5, -30.0, 1e-6, 1e6])
def test_a_line_far_beyond_the_view_keeps_its_place_and_slope(slope: float) -> None:
    ends = np.array([-3e6, 1e9])
    x, y = cut_off(ends, 40 + slope * ends)
    assert max(np.abs(x).max(), np.abs(y).max()) <= 20_000
    visible = slice(len(x) // 2 - 1, len(x) // 2 + 1)
    assert np.diff(y[visible]) / np.diff(x[visible]) == pytest.approx(slope)
    assert y[visible] - slope * x[visible] == pytest.approx(40.0, abs=1e-2)


def test_a_line_within_reach_does_not_change() -> None:
    line = np.array([0.0, 1.0, 2.0]), np.array([5.0, np.nan, 7.0])
    for found, given in zip(cut_off(*line), line, strict=True):
        assert np.array_equal(found, given, equal_nan=True)
