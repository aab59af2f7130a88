"""Long words can be broken, and long names are shortened where they tell least."""

import pytest

from linreg_gui.texts import breakable, shortened_inside

BREAK = "\N{ZERO WIDTH SPACE}"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("short words stay as they are", ["short words stay as they are"]),
        ("annual_average-temperature", ["annual_", "average-", "temperature"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijkl", "mnopqrstuvwx", "yz"]),
        ("2.5·income + 3·(−1)", ["2.5·", "income + 3·", "(−1)"]),
        ("ends-", ["ends-"]),
    ],
)
def test_a_line_may_end_inside_long_words(text: str, pieces: list[str]) -> None:
    assert breakable(text).split(BREAK) == pieces
    assert breakable(text).replace(BREAK, "") == text


def test_only_a_longer_text_loses_its_middle() -> None:
    text = "".join(chr(ord("a") + index % 26) for index in range(60))
    assert shortened_inside(text) == text
    longer = f"{text}.csv"
    assert shortened_inside(longer) == f"{longer[:29]}…{longer[-30:]}"
    assert len(shortened_inside(longer)) == 60
