"""Tests that each number is the nearest double to what is written, however it is read."""

import random

import numpy as np
import pytest

from linreg_gui.tables.precision import is_exact
from linreg_gui.tables.reading import read_table


@pytest.mark.parametrize("digits", range(1, 20))
@pytest.mark.parametrize("exponent", [0, 3, 8, 9, 15, 300])
def test_numbers_of_every_length_are_exact(digits: int, exponent: int) -> None:
    chance = random.Random(digits * 1000 + exponent)
    written = [_number(chance, digits, exponent) for _ in range(60)]
    table = read_table("\n".join(["x,y", *(f"{each},{each}" for each in written)]).encode())
    assert table.columns[1].values.tolist() == list(map(float, written))


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
