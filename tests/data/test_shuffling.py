"""Shuffling in pieces is `np.random.shuffle`, to the last number."""

import numpy as np
import pytest

from linreg_gui.data import shuffling
from linreg_gui.data.shuffling import ShuffleState


@pytest.mark.parametrize(("seed", "size"), [(1, 2), (2, 4097), (3, 30_000), (4, 2**16 + 1)])
def test_pieces_lead_to_the_same_order(
    monkeypatch: pytest.MonkeyPatch, seed: int, size: int
) -> None:
    monkeypatch.setattr(shuffling, "_AT_ONCE", 2**10)
    monkeypatch.setattr(shuffling, "_PIECE", 2**9)  # so that many swaps meet
    np.random.seed(seed)
    state = ShuffleState()
    here, there = np.arange(size), np.arange(size)
    for _ in range(3):
        state.shuffle(here)
        np.random.shuffle(there)
        assert (here == there).all()


def test_a_million_numbers_are_in_the_same_order() -> None:
    np.random.seed(5)
    state = ShuffleState()
    here, there = np.arange(1_000_000), np.arange(1_000_000)
    state.shuffle(here)
    np.random.shuffle(there)
    assert (here == there).all()


def test_other_draws_meanwhile_change_nothing() -> None:
    np.random.seed(6)
    first, second = ShuffleState(), ShuffleState()
    here, there = np.arange(2**19), np.arange(2**19)
    first.shuffle(here)
    before = np.random.random()
    second.shuffle(there)
    np.random.seed(6)
    assert (here == there).all()
    assert np.random.random() == before
