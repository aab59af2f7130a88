"""Numbers on axes are plain."""

from PySide6.QtWidgets import QApplication

from linreg_gui.plots.canvas import NumberAxis


def test_a_log_axis_shows_decades(qapp: QApplication) -> None:
    axis = NumberAxis("left")
    axis.logarithmic = True
    ((spacing, ticks),) = axis.tickValues(-4.2, 2.3, 300)
    assert ticks == [-4, -3, -2, -1, 0, 1, 2]
    assert axis.tickStrings(ticks[:3], 1, spacing) == ["0.0001", "0.001", "0.01"]
    assert axis.tickStrings([-12.0, 0.0], 1, spacing) == ["10⁻¹²", "1"]


def test_steps_have_no_fractions(qapp: QApplication) -> None:
    ((_, ticks),) = NumberAxis("bottom", whole=True).tickValues(0, 2, 900)
    assert ticks == [0, 1, 2]
