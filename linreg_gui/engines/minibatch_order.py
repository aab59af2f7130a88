"""The examples of each minibatch, epoch after epoch."""

from collections.abc import Generator, Iterator
from itertools import count

import numpy as np
import numpy.typing as npt

from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.settings import TrainingConfig

Rows = npt.NDArray[np.int64]


def count_batches(examples: int, batch_size: int) -> int:
    """Return how many minibatches an epoch has; the last one may be short."""
    return -(-examples // batch_size)


def epoch_orders(size: int, config: TrainingConfig, shuffling: ShuffleState) -> Iterator[Rows]:
    """Yield the rows of each epoch's minibatches, shape (batches, m); ``size`` means no example.

    `NDArrayIter` keeps an index, shuffles it when it is made and at each reset, and puts its arrays
    in the order of this index, each time from the order before. The same is done here without
    copies of the arrays. Runs on MXNet's thread.

    Parameters
    ----------
    size : int
        The number of examples.
    config : TrainingConfig
        With the batch size, and whether to shuffle.
    shuffling : ShuffleState
        Its state when the lesson's iterator would be made.
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
    """Finds the rows of any minibatch of a run. For MXNet's thread only.

    Parameters
    ----------
    size, config, shuffling
        As in `epoch_orders`.

    Attributes
    ----------
    steps_per_epoch : int
        How many minibatches an epoch has.
    """

    def __init__(self, size: int, config: TrainingConfig, shuffling: ShuffleState) -> None:
        self.steps_per_epoch = count_batches(size, config.batch_size)
        self._size = size
        self._config = config
        self._shuffling = shuffling
        self._begin()

    def find(self, step: int) -> Generator[None, None, Rows]:
        """Return the rows (m,) of the minibatch of ``step``; yield after each epoch on the way.

        Later epochs are found quickly. An earlier epoch is counted from the first one again.
        """
        epoch, batch = divmod(step - 1, self.steps_per_epoch)
        if epoch < self._epoch:
            self._begin()
        while self._epoch < epoch:
            try:
                self._rows = next(self._epochs)
            except Exception:  # a generator that has failed is at its end
                self._begin()
                raise
            self._epoch += 1
            yield
        rows: Rows = self._rows[batch]
        found: Rows = rows[rows < self._size]
        return found

    def _begin(self) -> None:
        self._epochs = epoch_orders(self._size, self._config, self._shuffling.copy())
        self._epoch = -1
        self._rows = np.empty((0, 0), np.int64)
