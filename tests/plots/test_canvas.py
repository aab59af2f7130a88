"""Axes have plain numbers, and ranges seldom change."""

import pytest
from PySide6.QtWidgets import QApplication

from linreg_gui.plots.axes import NumberAxis
from linreg_gui.plots.ranges import grown, round_up, step_limit


def test_a_log_axis_shows_decades(qapp: QApplication) -> None:
    axis = NumberAxis("left")
    axis.logarithmic = True
    ((spacing, ticks),) = axis.tickValues(-4.2, 2.3, 300)
    assert ticks == [-4, -3, -2, -1, 0, 1, 2]
    assert axis.tickStrings(ticks[:3], 1, spacing) == ["0.0001", "0.001", "0.01"]
    assert axis.tickStrings([-12.0, 0.0], 1, spacing) == ["10⁻¹²", "1"]


def test_steps_have_no_fractions(qapp: QApplication) -> None:
    axis = NumberAxis("bottom")
    axis.whole = True
    ((_, ticks),) = axis.tickValues(0, 2, 900)
    assert ticks == [0, 1, 2]


@pytest.mark.parametrize(
    ("step", "planned", "limit"),
    [(0, 5_000, 50), (51, 5_000, 100), (3_300, 5_000, 5_000), (3, 10, 10), (12, 10, 50)],
)
def test_the_last_step_shown_doubles_until_the_planned_one(
    step: int, planned: int, limit: int
) -> None:
    assert step_limit(step, planned) == limit


def test_a_million_steps_change_the_range_fifteen_times() -> None:
    assert len({step_limit(step, 10**6) for step in range(0, 10**6, 10)}) <= 16


def test_a_window_grows_in_generous_steps_within_its_limits() -> None:
    window = grown((0, 4), 1, 4.1, (-10, 10))
    assert window == (0, 5.1)
    assert grown(window, 1, 5, (-10, 10)) == window
    assert grown(window, -1e30, 1e38, (-10, 10)) == (-10, 10)


def test_round_numbers() -> None:
    assert [round_up(value) for value in (0.9, 1.2, 64, 1e5)] == [1, 1.5, 70, 1e5]


def test_years_have_no_thousands_marks(qapp: QApplication) -> None:
    axis = NumberAxis("bottom")
    assert axis.tickStrings([1900, 1950], 1, 50) == ["1,900", "1,950"]
    axis.grouped = False
    assert axis.tickStrings([1900, 1950], 1, 50) == ["1900", "1950"]


def test_an_axis_ends_at_its_last_value(qapp: QApplication) -> None:
    axis = NumberAxis("bottom")
    axis.last = 100
    ((_, ticks),) = axis.tickValues(0, 140, 600)
    assert ticks[-1] == 100
