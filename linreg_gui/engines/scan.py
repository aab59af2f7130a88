"""SGD steps as affine maps of the parameters, composed by a parallel scan. On MXNet's thread."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np

from linreg_gui.backend import NDArray, ShuffleState, cached, nd, record_graph
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.engines.minibatch_order import Rows, epoch_orders
from linreg_gui.settings import TrainingConfig

_LONGEST_CHAIN = 10
"""Most maps that are applied one after another at the top of the tree."""


def padded_length(steps: int) -> int:
    """Return the length of a scan that holds ``steps``: chains of no more than a few trees."""
    leaves = 1
    while -(-steps // leaves) > _LONGEST_CHAIN:
        leaves *= 2
    return -(-steps // leaves) * leaves


def to_ndarray(values: DoubleArray) -> NDArray:
    """Return ``values`` as an NDArray in double precision."""
    return nd.array(values, dtype=np.float64)


def gram_matrices(rows: DoubleArray) -> NDArray:
    """Return G = Z̃ᵀZ̃ of each minibatch, shape (k, h, h), for rows of shape (k, m, h)."""
    Z = to_ndarray(rows)
    return nd.batch_dot(Z, Z, transpose_a=True)


def scan(
    grams: NDArray, rates: DoubleArray, sizes: DoubleArray, start: DoubleArray
) -> tuple[DoubleArray, DoubleArray]:
    """Apply the steps of ``k`` minibatches, one after another.

    Parameters
    ----------
    grams : NDArray, shape (padded_length(k), h, h)
        From `gram_matrices`; those beyond ``k`` have no effect.
    rates : ndarray, shape (k,)
        The learning rate of each step; 0 leaves the parameters where they are.
    sizes : ndarray, shape (k,)
        The number of examples of each minibatch.
    start : ndarray, shape (h,)
        The state before the first step. If its last coordinate is 0, only the linear part of the
        maps is applied.

    Returns
    -------
    states : ndarray, shape (k + 1, h)
        Before each step, and after the last.
    losses : ndarray, shape (k,)
        Of each minibatch, before its step. Rounding may leave one a little below 0.
    """
    steps, (length, width) = len(rates), grams.shape[:2]
    scale = np.zeros((length, width, 1))
    scale[:steps, :-1, 0] = (2.0 * rates / sizes)[:, np.newaxis]
    scale_and_start = to_ndarray(np.append(scale, start.reshape(1, width, 1), axis=0))
    result = _scan_graph(length, width)(grams, scale_and_start, _identity(width)).asnumpy()
    states, products = result[:steps, :, 0], result[length : length + steps, :, 0]
    end = states[-1] - scale[steps - 1, :, 0] * products[-1]
    losses = np.einsum("ij,ij->i", states, products) / sizes
    return np.vstack([states, end]), losses


@cached(16)
def _identity(width: int) -> NDArray:
    return to_ndarray(np.eye(width)[np.newaxis])


@cached(16)
def _scan_graph(length: int, width: int) -> Callable[..., NDArray]:
    shapes = (length, width, width), (length + 1, width, 1), (1, width, width)
    return record_graph(_scan, [to_ndarray(np.zeros(shape)) for shape in shapes])


def _scan(grams: NDArray, scale_and_start: NDArray, identity: NDArray) -> NDArray:
    """Return the state s before each step, and below them each Gs: shape (2k, h, 1)."""
    scale = nd.slice_axis(scale_and_start, axis=0, begin=0, end=-1)
    start = nd.slice_axis(scale_and_start, axis=0, begin=-1, end=None)
    maps = nd.broadcast_sub(identity, nd.broadcast_mul(grams, scale))
    firsts = []
    while len(maps) > _LONGEST_CHAIN:
        first, second = _halves(maps)
        firsts.append(first)
        maps = nd.batch_dot(second, first)
    chain = [start]
    for index in range(len(maps) - 1):
        step = nd.slice_axis(maps, axis=0, begin=index, end=index + 1)
        chain.append(nd.batch_dot(step, chain[-1]))
    states = nd.concat(*chain, dim=0)
    for first in reversed(firsts):
        between = nd.batch_dot(first, states)
        states = nd.stack(states, between, axis=1).reshape((-1, start.shape[1], 1))
    return nd.concat(states, nd.batch_dot(grams, states), dim=0)


def _halves(maps: NDArray) -> list[NDArray]:
    """Return the first and the second map of each pair."""
    count, width, _ = maps.shape
    pairs = maps.reshape((count // 2, 2, width * width))
    return [
        nd.slice_axis(pairs, axis=1, begin=place, end=place + 1).reshape((-1, width, width))
        for place in (0, 1)
    ]


MOST_STEPS = 2560
"""Minibatches in a block, by measurement; the lesson's epoch has 2,500."""

_MOST_ROWS = 2**17
"""Rows whose products are computed at a time: some megabytes."""


@dataclass(frozen=True, eq=False)
class GramBlock:
    """Consecutive minibatches for `scan`.

    Attributes
    ----------
    grams : NDArray, shape (padded_length(k), h, h)
        The Gram matrix of each minibatch.
    sizes : ndarray, shape (k,)
        The number of examples of each.
    """

    grams: NDArray
    sizes: DoubleArray

    def __len__(self) -> int:
        return len(self.sizes)


def minibatch_grams(
    dataset: Dataset,
    config: TrainingConfig,
    reference: Sequence[float],
    shuffling: ShuffleState,
) -> Iterator[GramBlock]:
    """Yield the minibatches of one epoch after another, without end, in blocks of bounded size.

    The examples are shuffled as `lesson.minibatches` shuffles them: with the same seed, the same
    examples come together in the same order.

    Parameters
    ----------
    dataset, config
        The training examples, and how they are batched and shuffled.
    reference : sequence of float, shape (d + 1,)
        Weights, then bias, that the states of the scan are measured from.
    shuffling : ShuffleState
        Its state when the lesson would make its iterator.
    """
    table = _table(dataset, reference)
    batch_size = config.batch_size
    if batch_size == dataset.size:  # the same batch over and over: its order does not matter
        grams = nd.tile(gram_matrices(table[np.newaxis, :-1]), (MOST_STEPS, 1, 1))
        yield from repeat(GramBlock(grams, np.full(MOST_STEPS, float(batch_size))))
    last_size = dataset.size % batch_size or batch_size
    most = max(1, min(MOST_STEPS, _MOST_ROWS // batch_size))
    for rows in _blocks(epoch_orders(dataset.size, config, shuffling), most):
        sizes = np.where(rows[:, -1] < dataset.size, float(batch_size), last_size)
        padded = np.full((padded_length(len(rows)), batch_size), dataset.size)
        padded[: len(rows)] = rows
        yield GramBlock(gram_matrices(table.take(padded, axis=0)), sizes)


def _table(dataset: Dataset, reference: Sequence[float]) -> DoubleArray:
    """Return [X 1 −r] in double precision, and a last row of zeros for no example."""
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
