"""Texts fit where they are shown."""

import pytest

from linreg_gui.texts import shortened_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("income ($)", "income ($)"),
        ("population (million)", "population"),
        ("high-school graduates (%)", "high-sch…graduates"),
        ("life expectancy (years)", "life expectancy"),
        ("(a name in parentheses)", "(a name…entheses)"),
    ],
)
def test_long_names_lose_their_unit_first_and_then_their_middle(name: str, short: str) -> None:
    assert shortened_name(name) == short
    assert len(short) <= 18
