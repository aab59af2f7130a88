"""Which examples come together in which minibatch, epoch after epoch."""

from collections.abc import Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from linreg_gui.backend import OwnShuffling

Rows = npt.NDArray[np.int64]


def deal(size: int, batch_size: int, shuffling: "OwnShuffling | None") -> Iterator[Rows]:
    """Yield the row numbers of each epoch's minibatches (batches, m); ``size`` for no example.

    `NDArrayIter` deals its arrays by an index that it shuffles, once when it is made and again at
    each reset, and deals what it dealt before. To do the same here spares its copies. Runs on
    MXNet's thread.

    Parameters
    ----------
    size, batch_size : int
        How many examples there are, and how many a minibatch has.
    shuffling : OwnShuffling or None
        As it stands when the lesson's iterator would be made; None to keep the order.
    """
    index, order = np.arange(size), np.arange(size)
    batches = -(-size // batch_size)
    for epoch in count():
        if shuffling is not None:
            for _ in range(1 if epoch else 2):
                shuffling.shuffle(index)
                order = order[index]
        rows = np.full(batches * batch_size, size)
        rows[:size] = order
        yield rows.reshape(batches, -1)


class Dealer:
    """Finds the rows of any minibatch of a run. Used on MXNet's thread alone.

    Parameters
    ----------
    size, batch_size, shuffling
        As `deal` has them.

    Attributes
    ----------
    steps_per_epoch : int
        How many minibatches an epoch has.
    """

    def __init__(self, size: int, batch_size: int, shuffling: "OwnShuffling | None") -> None:
        self.steps_per_epoch = -(-size // batch_size)
        self._size = size
        self._batch_size = batch_size
        self._shuffling = shuffling
        self._begin()

    def find(self, step: int) -> Generator[None, None, Rows]:
        """Return the rows (m,) of the minibatch of ``step``; yield after each epoch dealt.

        Going on is quick; going back to an earlier epoch deals all from the first one.
        """
        epoch, batch = divmod(step - 1, self.steps_per_epoch)
        if epoch < self._epoch:
            self._begin()
        while self._epoch < epoch:
            self._rows = next(self._epochs)
            self._epoch += 1
            yield
        rows: Rows = self._rows[batch]
        found: Rows = rows[rows < self._size]
        return found

    def _begin(self) -> None:
        shuffling = None if self._shuffling is None else self._shuffling.again()
        self._epochs = deal(self._size, self._batch_size, shuffling)
        self._epoch = -1
        self._rows = np.empty((0, 0), np.int64)
