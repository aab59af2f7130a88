"""Numbers on axes are plain."""

import pytest
from PySide6.QtWidgets import QApplication

from linreg_gui.plots.axis import NumberAxis, plain_number, plain_real


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [
        (1_000_000, 500_000, "1,000,000"),
        (-3.5, 0.5, "−3.5"),
        (0, 0.5, "0.0"),
        (0.0002, 0.0001, "0.0002"),
        (3, 1, "3"),
    ],
)
def test_ticks_are_written_out(value: float, spacing: float, text: str) -> None:
    assert plain_number(value, spacing) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0001, "0.0001"),
        (9.703e-5, "0.000097"),
        (0, "0"),
        (25.9049, "25.9"),
        (9.4e8, "9.4e8"),
        (3.2e11, "3.2e11"),
        (940_000, "940000"),
        (1.5e-8, "1.5e−8"),
    ],
)
def test_small_numbers_are_plain_too(value: float, text: str) -> None:
    assert plain_real(value) == text


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
