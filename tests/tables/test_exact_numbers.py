"""Tests that each number is the nearest double to what is written, however it is read."""

import random

import numpy as np
import pytest

from linreg_gui.tables.exact_numbers import is_exact, plain_numbers
from linreg_gui.tables.reading import read_table


@pytest.mark.parametrize("digits", range(1, 20))
@pytest.mark.parametrize("exponent", [0, 3, 8, 9, 15, 300])
def test_numbers_of_every_length_are_exact(digits: int, exponent: int) -> None:
    chance = random.Random(digits * 1000 + exponent)
    written = [_number(chance, digits, exponent) for _ in range(60)]
    table = read_table("\n".join(["x,y", *(f"{each},{each}" for each in written)]).encode())
    assert table.columns[1].values.tolist() == list(map(float, written))


@pytest.mark.parametrize("odd", ["1-2", "", ".", "1e", "--1", "1.2.3", "e5", "NA", "2,3"])
def test_one_odd_cell_among_long_numbers_changes_no_other(odd: str) -> None:
    long = [f"{1 / (row + 3)!r}" for row in range(20)]
    lines = [f"{each},{each}" for each in long]
    table = read_table("\n".join(["x,y", *lines[:10], f"{odd},1.5", *lines[10:]]) + "\n")
    written = [each.name for each in table.columns]
    values = [value for value in table.columns[0].values.tolist() if value in set(map(float, long))]
    assert (written[:2], values) == (["x", "y"], list(map(float, long)))


def test_long_numbers_are_converted_at_once_only_if_there_is_nothing_else() -> None:
    values = np.random.default_rng(1).normal(size=(3000, 5)) * 10.0 ** np.arange(-300, 300, 120)
    text = "".join(";".join(map(repr, row)) + "\n" for row in values.tolist())
    found = plain_numbers(text, ";", ".", 5)
    assert found is not None
    assert np.array_equal(found, values)
    for other in (text[:-1], text + "\n", text.replace(";", ";;", 1), text + "1;2;3;4;5-6\n"):
        assert plain_numbers(other, ";", ".", 5) is None
    assert plain_numbers(text, ";", ".", 3) is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # as it is outside of the tests
@pytest.mark.parametrize("delimiter", [",", "\t", ":"])
@pytest.mark.parametrize("odd", [["5-6"], ["1.2.3"], ["1e"], ["5-6", "1e"], ["5-6", "1e", "7"]])
def test_no_cell_is_read_in_part(delimiter: str, odd: list[str]) -> None:
    cells = ["1.5", *odd]
    assert plain_numbers(f"{delimiter.join(cells)}\n", delimiter, ".", len(cells)) is None


def test_most_tables_can_be_converted_fast() -> None:
    rows = np.random.default_rng(0).normal(size=(1000, 5)) * 1e4
    lines = [",".join(f"{value:.6g}" for value in row) for row in rows.tolist()]
    assert is_exact("\n".join(lines), ".")
    assert not is_exact("1.234567890123456\n", ".")
    assert not is_exact("1.5e-09\n", ".")


def _number(chance: random.Random, digits: int, exponent: int) -> str:
    figures = "".join(chance.choices("0123456789", k=digits))
    place = chance.randrange(digits + 1)
    number = f"{chance.choice('-+ ').strip()}{figures[:place]}.{figures[place:]}"
    power = chance.randint(-exponent, exponent)
    return f"{number}{chance.choice('eE')}{power:{chance.choice(['', '+', '03', '+03'])}}"
