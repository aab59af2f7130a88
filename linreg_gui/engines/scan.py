"""SGD steps as affine maps of the parameters, composed by a parallel scan. On MXNet's thread."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice, repeat

import numpy as np

from linreg_gui.backend import NDArray, cached, nd, record_graph, to_ndarray
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.minibatch_order import Rows, epoch_orders
from linreg_gui.settings import TrainingConfig

_LONGEST_CHAIN = 10
"""Most maps that are applied one after another at the top of the tree."""


def padded_length(steps: int) -> int:
    """Return the length of a scan that holds ``steps``: chains of no more than a few trees.

    It is 2 or more, so that the graph has a map to apply, and uses all of its arguments.
    """
    leaves = 1
    while -(-steps // leaves) > _LONGEST_CHAIN:
        leaves *= 2
    return max(2, -(-steps // leaves) * leaves)


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
    arrays = grams, to_ndarray(scale), to_ndarray(start.reshape(1, width, 1)), _identity(width)
    states = _scan_graph(length, width)(*arrays).asnumpy()[:steps, :, 0]
    products = np.einsum("kij,kj->ki", grams.asnumpy()[:steps], states)
    with np.errstate(all="ignore"):  # a diverging run goes on to 0 · ∞
        end = states[-1] - scale[steps - 1, :, 0] * products[-1]
    losses = np.einsum("ij,ij->i", states, products) / sizes
    return np.vstack([states, end]), losses


@cached(16)
def _identity(width: int) -> NDArray:
    return to_ndarray(np.eye(width)[np.newaxis])


@cached(16)
def _scan_graph(length: int, width: int) -> Callable[..., NDArray]:
    shapes = (length, width, width), (length, width, 1), (1, width, 1), (1, width, width)
    return record_graph(_scan, [to_ndarray(np.zeros(shape)) for shape in shapes])


def _scan(grams: NDArray, scale: NDArray, start: NDArray, identity: NDArray) -> NDArray:
    """Return the state before each step, shape (k, h, 1)."""
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
    return states


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


class GramBlock:
    """Consecutive minibatches for `scan`.

    Parameters
    ----------
    compute : callable
        Returns `grams`. It is called once they are wanted: blocks that are skipped need none.
    sizes : ndarray, shape (k,)
        The number of examples of each minibatch.
    """

    def __init__(self, compute: Callable[[], NDArray], sizes: DoubleArray) -> None:
        self.sizes = sizes
        self._compute: Callable[[], NDArray] | None = compute

    @cached_property
    def grams(self) -> NDArray:
        """Return the Gram matrix of each minibatch, shape (padded_length(k), h, h)."""
        assert self._compute is not None
        grams = self._compute()
        self._compute = None  # it holds examples
        return grams

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
    if config.batch_size == dataset.size:
        yield from repeat(_whole_block(table))
    for rows in _row_blocks(dataset.size, config, shuffling):
        yield _block(table, rows)


@dataclass(eq=False)
class MinibatchGrams:
    """What `minibatch_grams` yields, computed once and read any number of times.

    Where a few examples have moved, only the minibatches that have them are computed again.

    Attributes
    ----------
    dataset : Dataset
        The training examples.
    reference : sequence of float, shape (d + 1,)
        What the states of the scan are measured from.
    table : ndarray, shape (n + 1, d + 2)
        The examples as `minibatch_grams` uses them.
    order : _Order or None
        The rows of each minibatch; None for the same batch of all examples over and over.
    blocks : list of GramBlock
        Those that are computed.
    moved : list of ndarray of int
        The rows that have moved since each of them was computed.
    """

    dataset: Dataset
    reference: Sequence[float]
    table: DoubleArray
    order: "_Order | None"
    blocks: list[GramBlock]
    moved: list[Rows]

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        config: TrainingConfig,
        reference: Sequence[float],
        shuffling: ShuffleState,
    ) -> "MinibatchGrams":
        """Return those that `minibatch_grams` yields."""
        order = None  # that of a batch of all the examples does not matter
        if config.batch_size < dataset.size:
            order = _Order(lambda: _row_blocks(dataset.size, config, shuffling.copy()))
        return cls(dataset, reference, _table(dataset, reference), order, [], [])

    def replay(self) -> Iterator[GramBlock]:
        """Yield the blocks from the first one on."""
        if self.order is None:
            yield from repeat(_whole_block(self.table))
            return
        for index in count():
            if index == len(self.blocks):
                self.blocks.append(_block(self.table, self.order.block(index)))
                self.moved.append(_NO_ROWS)
            elif len(self.moved[index]):
                block, rows = self.blocks[index], self.order.block(index)
                self.blocks[index] = _patched(block, self.table, rows, self.moved[index])
                self.moved[index] = _NO_ROWS
            yield self.blocks[index]

    def after_moves(self, dataset: Dataset) -> "MinibatchGrams | None":
        """Return those for ``dataset``, in which a few examples have moved; None if more differ."""
        is_kept = self.order is None or self.order.is_kept
        if dataset.features.shape != self.dataset.features.shape or not is_kept:
            return None
        differ = dataset.target != self.dataset.target
        for column, former in zip(dataset.features.T, self.dataset.features.T, strict=True):
            differ |= column != former
        rows = np.flatnonzero(differ)
        if len(rows) > _MOST_MOVED:
            return None
        table = self.table.copy()
        table[rows] = _table(dataset.rows(rows), self.reference)[:-1]
        moved = [np.union1d(each, rows) for each in self.moved]
        return MinibatchGrams(dataset, self.reference, table, self.order, self.blocks.copy(), moved)


_NO_ROWS: Rows = np.empty(0, np.int64)

_MOST_MOVED = 64
"""If more examples than this have moved, everything is computed again."""

_MOST_KEPT = 2_000_000
"""Rows of minibatches that are kept to find those that have moved; of longer runs, none are."""


class _Order:
    """Blocks of rows, made once and kept, as long as they are not too many."""

    def __init__(self, make: Callable[[], Iterator[Rows]]) -> None:
        self.is_kept = True
        self._make = make
        self._source: Iterator[Rows] | None = None
        self._next = 0
        self._blocks: list[Rows] = []
        self._left = _MOST_KEPT

    def block(self, index: int) -> Rows:
        """Return a block: it is kept, or the next one, or found again."""
        if index < len(self._blocks):
            return self._blocks[index]
        source = self._source if index == self._next else None
        source = source or islice(self._make(), index, None)
        self._source = None  # a generator that fails is at its end
        rows = next(source)
        self._source, self._next = source, index + 1
        self._left -= rows.size
        if self._left < 0:
            self.is_kept = False
            self._blocks.clear()
        if self.is_kept:
            self._blocks.append(rows)
        return rows


def _whole_block(table: DoubleArray) -> GramBlock:
    """Return the same batch of all examples over and over: their order does not matter."""

    def compute() -> NDArray:
        return nd.tile(gram_matrices(table[np.newaxis, :-1]), (MOST_STEPS, 1, 1))

    return GramBlock(compute, np.full(MOST_STEPS, float(len(table) - 1)))


def _block(table: DoubleArray, rows: Rows) -> GramBlock:
    """Return the minibatches in ``rows`` of ``table``, whose last row is no example."""
    (steps, batch_size), size = rows.shape, len(table) - 1
    sizes = np.where(rows[:, -1] < size, float(batch_size), size % batch_size or batch_size)

    def compute() -> NDArray:
        padded = np.full((padded_length(steps), batch_size), size)
        padded[:steps] = rows
        return gram_matrices(table.take(padded, axis=0))

    return GramBlock(compute, sizes)


def _patched(block: GramBlock, table: DoubleArray, rows: Rows, moved: Rows) -> GramBlock:
    """Return ``block`` with those minibatches of ``rows`` computed again that have a moved one."""
    steps = np.flatnonzero(np.isin(rows, moved).any(axis=1))
    if not len(steps):
        return block
    grams = block.grams.asnumpy()
    grams[steps] = gram_matrices(table.take(rows[steps], axis=0)).asnumpy()
    return GramBlock(lambda: to_ndarray(grams), block.sizes)


def _row_blocks(size: int, config: TrainingConfig, shuffling: ShuffleState) -> Iterator[Rows]:
    most = max(1, min(MOST_STEPS, _MOST_ROWS // config.batch_size))
    return _blocks(epoch_orders(size, config, shuffling), most)


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
