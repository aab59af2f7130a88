"""Curves keep every peak with few points, and a frame reads only the new rows."""

import numpy as np
import pytest

from linreg_gui.data.dataset import FloatArray
from linreg_gui.plots.thinning import Column, Envelope


def column(values: FloatArray, stride: int = 1) -> Column:
    return Column(lambda first, stop: values[first:stop], len(values), 1, stride)


def test_few_rows_are_all_drawn() -> None:
    values = np.array([3.0, 1.0, 2.0])
    steps, drawn = Envelope().reduce(column(values, stride=4), 0, 20, 500)
    assert steps.tolist() == [1, 5, 9]
    assert drawn.tolist() == [3, 1, 2]


def test_every_peak_is_kept_with_no_more_points_than_pixels() -> None:
    values = np.random.default_rng(1).normal(size=100_000)
    values[[17, 54_321]] = 99.0, -99.0
    steps, drawn = Envelope().reduce(column(values), 0, 100_000, 500)
    assert len(steps) <= 2 * 500 + 3
    assert drawn.max() == 99.0
    assert steps[drawn.argmax()] == 18
    assert drawn.min() == -99.0
    assert np.array_equal(drawn, values[steps.astype(int) - 1])


@pytest.mark.parametrize("chunk", [1, 7, 40, 999])
def test_growing_gives_the_same_points_as_reducing_at_once(chunk: int) -> None:
    values = np.random.default_rng(2).normal(size=5_000).astype(np.float32)
    envelope = Envelope()
    for stop in [*range(chunk, 5_000, chunk), 5_000]:
        grown = envelope.reduce(column(values[:stop]), 0, 5_000, 300)
    at_once = Envelope().reduce(column(values), 0, 5_000, 300)
    assert np.array_equal(grown, at_once)


def test_a_frame_reads_only_its_new_rows() -> None:
    values = np.zeros(100_000)
    envelope = Envelope()
    envelope.reduce(column(values[:90_000]), 0, 100_000, 500)
    read: list[int] = []

    def counted(first: int, stop: int) -> FloatArray:
        read.append(stop - first)
        return values[first:stop]

    envelope.reduce(Column(counted, 90_040, 1, 1), 0, 100_000, 500)
    assert sum(read) < 1_000


def test_a_thinned_history_or_a_zoom_starts_again() -> None:
    values = np.arange(1_000.0)
    envelope = Envelope()
    envelope.reduce(column(values), 0, 1_000, 100)
    steps, drawn = envelope.reduce(column(values[::2], stride=2), 0, 1_000, 100)
    assert np.array_equal(drawn, steps - 1)
    steps, _ = envelope.reduce(column(values[::2], stride=2), 400, 420, 100)
    assert steps[0] <= 400
    assert steps[-1] >= 420
    assert len(steps) < 20
