"""Which examples come together in which minibatch, epoch after epoch."""

from collections.abc import Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linreg_gui.settings import TrainingConfig

if TYPE_CHECKING:
    from linreg_gui.backend import ShuffleState


Rows = npt.NDArray[np.int64]


def count_batches(examples: int, batch_size: int) -> int:
    """Return how many minibatches an epoch has; the last one may be short."""
    return -(-examples // batch_size)


def epoch_orders(size: int, config: TrainingConfig, shuffling: "ShuffleState") -> Iterator[Rows]:
    """Yield the row numbers of each epoch's minibatches (batches, m); ``size`` for no example.

    `NDArrayIter` deals its arrays by an index that it shuffles, once when it is made and again at
    each reset, and deals what it dealt before. To do the same here spares its copies. Runs on
    MXNet's thread.

    Parameters
    ----------
    size : int
        How many examples there are.
    config : TrainingConfig
        How many a minibatch has, and whether they are shuffled.
    shuffling : ShuffleState
        As it stands when the lesson's iterator would be made.
    """
    index, order = np.arange(size), np.arange(size)
    batches = count_batches(size, config.batch_size)
    for epoch in count():
        if config.shuffle:
            for _ in range(1 if epoch else 2):
                shuffling.shuffle(index)
                order = order[index]
        rows = np.full(batches * config.batch_size, size)
        rows[:size] = order
        yield rows.reshape(batches, -1)


class MinibatchOrder:
    """Finds the rows of any minibatch of a run. Used on MXNet's thread alone.

    Parameters
    ----------
    size, config, shuffling
        As `epoch_orders` has them.

    Attributes
    ----------
    steps_per_epoch : int
        How many minibatches an epoch has.
    """

    def __init__(self, size: int, config: TrainingConfig, shuffling: "ShuffleState") -> None:
        self.steps_per_epoch = count_batches(size, config.batch_size)
        self._size = size
        self._config = config
        self._shuffling = shuffling
        self._begin()

    def find(self, step: int) -> Generator[None, None, Rows]:
        """Return the rows (m,) of the minibatch of ``step``; yield after each epoch on the way.

        Going on is quick. Going back to an earlier epoch starts again from the first.
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
        self._epochs = epoch_orders(self._size, self._config, self._shuffling.copy())
        self._epoch = -1
        self._rows = np.empty((0, 0), np.int64)
