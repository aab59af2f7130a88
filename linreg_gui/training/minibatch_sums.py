"""The lesson's minibatches in their order, each as its sums of products."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np

from linreg_gui.backend import NDArray, OwnShuffling, nd
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.training.affine_scan import padded_length, sums_of_products
from linreg_gui.training.config import TrainingConfig
from linreg_gui.training.dealing import Rows, deal

MOST_STEPS = 2560
"""Minibatches in a block, by measurement; the lesson's epoch has 2,500."""

_MOST_ROWS = 2**17
"""Rows that are multiplied out at a time: some megabytes."""


@dataclass(frozen=True, eq=False)
class SumsBlock:
    """Consecutive minibatches, as `affine_scan.scan` takes them.

    Attributes
    ----------
    sums : NDArray, shape (padded_length(k), h, h)
        Of each minibatch.
    sizes : ndarray, shape (k,)
        How many examples each has.
    """

    sums: NDArray
    sizes: DoubleArray

    def __len__(self) -> int:
        return len(self.sizes)


def deal_sums(
    dataset: Dataset,
    config: TrainingConfig,
    reference: Sequence[float],
    shuffling: OwnShuffling,
) -> Iterator[SumsBlock]:
    """Yield the minibatches of epoch after epoch, without end, in blocks of bounded size.

    The examples are shuffled as `lesson.minibatches` shuffles them: with the same seed, the same
    examples come together in the same order.

    Parameters
    ----------
    dataset, config
        What to train on, in batches of which size, shuffled or not.
    reference : sequence of float, shape (d + 1,)
        Weights, then bias, that the states of the scan are measured from.
    shuffling : OwnShuffling
        As it stands when the iterator of the lesson would be made.
    """
    table = _table(dataset, reference)
    batch_size = config.batch_size
    if batch_size == dataset.size:  # the same batch over and over: its order does not matter
        sums = nd.tile(sums_of_products(table[np.newaxis, :-1]), (MOST_STEPS, 1, 1))
        yield from repeat(SumsBlock(sums, np.full(MOST_STEPS, float(batch_size))))
    last_size = dataset.size % batch_size or batch_size
    most = max(1, min(MOST_STEPS, _MOST_ROWS // batch_size))
    for rows in _blocks(deal(dataset.size, config, shuffling), most):
        sizes = np.where(rows[:, -1] < dataset.size, float(batch_size), last_size)
        padded = np.full((padded_length(len(rows)), batch_size), dataset.size)
        padded[: len(rows)] = rows
        yield SumsBlock(sums_of_products(table.take(padded, axis=0)), sizes)


def _table(dataset: Dataset, reference: Sequence[float]) -> DoubleArray:
    """Return [X 1 −r] in double precision, and a row of zeros that stands for no example."""
    size, dimension = dataset.features.shape
    table = np.zeros((size + 1, dimension + 2))
    table[:size, :dimension] = dataset.features
    table[:size, dimension] = 1.0
    table[:size, -1] = table[:size, :-1] @ np.array(reference) - dataset.target
    return table


def _blocks(epochs: Iterator[Rows], most: int) -> Iterator[Rows]:
    """Yield the rows in blocks of ``most`` steps or less: parts of an epoch, or whole ones."""
    for epoch in epochs:
        if len(epoch) <= most // 2:
            others = islice(epochs, most // len(epoch) - 1)
            yield np.concatenate([epoch, *others])
        else:
            parts = -(-len(epoch) // most)
            yield from np.array_split(epoch, parts)
