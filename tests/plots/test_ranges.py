"""Ranges change seldom and stay readable."""

import pytest

from linreg_gui.plots.canvas import grown, round_up, step_limit


@pytest.mark.parametrize(
    ("step", "planned", "limit"),
    [(0, 5_000, 50), (51, 5_000, 100), (3_300, 5_000, 5_000), (3, 10, 10), (12, 10, 50)],
)
def test_steps_grow_by_doubling_up_to_the_planned_ones(step: int, planned: int, limit: int) -> None:
    assert step_limit(step, planned) == limit


def test_a_run_of_a_million_steps_changes_its_range_fifteen_times() -> None:
    assert len({step_limit(step, 10**6) for step in range(0, 10**6, 10)}) <= 16


def test_a_window_grows_in_generous_steps_and_not_beyond_its_limits() -> None:
    window = grown((0, 4), 1, 4.1, (-10, 10))
    assert window == (0, 5.1)
    assert grown(window, 1, 5, (-10, 10)) == window
    assert grown(window, -1e30, 1e38, (-10, 10)) == (-10, 10)


def test_round_numbers() -> None:
    assert [round_up(value) for value in (0.9, 1.2, 64, 1e5)] == [1, 1.5, 70, 1e5]
