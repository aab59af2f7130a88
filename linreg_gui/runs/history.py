"""The trajectory of a run as it grows, in bounded memory."""

from bisect import bisect_right
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.engines.steps import Origin, StepBatch

MEMORY_LIMIT = 60_000_000
"""Most bytes for the steps of a run of any length; the epoch means take a few more."""

_AT_ONCE = 2**16
_TAKEN_AT_ONCE = 2**13


@dataclass(frozen=True)
class RateChange:
    """The learning rate from step ``step`` on.

    Attributes
    ----------
    step : int
    learning_rate : float
    gesture : int or None
        Counts the movements of a hand: the changes of one drag have the same number. None for a
        change of its own.
    """

    step: int
    learning_rate: float
    gesture: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class StepRecord:
    """One step's numbers.

    Attributes
    ----------
    step : int
        The run's first step is 1.
    loss, moving_loss : float
        The minibatch's loss before the update, and the lesson's moving average.
    parameters : ndarray, shape (d + 1,)
        The weights, then the bias, after the update.
    """

    step: int
    loss: float
    moving_loss: float
    parameters: FloatArray

    @property
    def corrected_loss(self) -> float:
        """Return the moving average without the pull of its start at 0."""
        return self.moving_loss / (1.0 - 0.99**self.step)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """All that a `History` has at one moment; its arrays stay as they are.

    Attributes
    ----------
    start, stride, last, rate_changes
        As in `History`.
    losses, moving_losses, parameters : ndarray
        Of the kept steps, as in `History`.
    epoch_means : ndarray, shape (epochs,), float64
        The mean loss of each epoch that is complete.
    epoch_sum : float
        Of the losses of the examples of the newest epoch, unless it is complete.
    epoch_examples : int
        How many these are.
    origin : Origin or None
        As in `StepBatch`, of the newest step.
    """

    start: FloatArray
    stride: int
    losses: FloatArray
    moving_losses: FloatArray
    parameters: FloatArray
    last: StepRecord | None
    epoch_means: DoubleArray
    epoch_sum: float
    epoch_examples: int
    rate_changes: tuple[RateChange, ...]
    origin: Origin | None

    @property
    def step(self) -> int:
        """Return the number of the newest step; 0 before the first."""
        return self.last.step if self.last else 0


class History:
    """Every step of a run, or evenly spaced ones once the memory limit is reached.

    At the limit, every second of the kept steps is dropped: row ``i`` holds step
    ``1 + i·stride``. The newest step, the epoch means and the changes of the learning rate are
    always exact. Lives on the thread that appends.

    Parameters
    ----------
    start : ndarray, shape (d + 1,)
        The weights, then the bias, before the first step.
    examples, batch_size : int
        The size of the dataset, and of every minibatch but a short last one.
    learning_rate : float
        The rate of the first step.
    memory_limit : int
        In bytes.

    Attributes
    ----------
    rate_changes : list of RateChange
        Every change of the learning rate.
    rate_marks : list of RateChange
        The last change of each gesture: a drag of the slider makes one for each rate on its way.
    origin : Origin or None
        As in `StepBatch`, of the newest step.
    """

    def __init__(
        self,
        start: FloatArray,
        examples: int,
        batch_size: int,
        learning_rate: float,
        memory_limit: int = MEMORY_LIMIT,
    ) -> None:
        self.start = start
        self.examples = examples
        self.batch_size = batch_size
        self.steps_per_epoch = count_batches(examples, batch_size)
        self.stride = 1
        self.last: StepRecord | None = None
        self.epoch_means: list[float] = []
        self.rate_changes: list[RateChange] = []
        self.rate_marks: list[RateChange] = []
        self.origin: Origin | None = None
        self._first_rate = learning_rate
        self._rows = 0
        self._epoch_sum = 0.0
        self._epoch_examples = 0
        self._is_seen = False  # whether somebody else has views of the arrays
        most = capacity(start, memory_limit)
        # Untouched pages cost nothing, so the whole capacity is reserved at once.
        self._losses = np.empty(most, start.dtype)
        self._moving_losses = np.empty(most, np.float64)
        self._parameters = np.empty((start.size, most), start.dtype)

    def __len__(self) -> int:
        """Return the number of steps that are kept."""
        return self._rows

    @property
    def step(self) -> int:
        """Return the number of the newest step; 0 before the first."""
        return self.last.step if self.last else 0

    @property
    def steps(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the kept steps, shape (rows,)."""
        return 1 + self.stride * np.arange(self._rows, dtype=np.int64)

    @property
    def losses(self) -> FloatArray:
        """Return the kept steps' losses, shape (rows,): a view, valid until the next append."""
        return self._losses[: self._rows]

    @property
    def moving_losses(self) -> FloatArray:
        """Return the kept steps' moving averages, shape (rows,): a view, as above."""
        return self._moving_losses[: self._rows]

    @property
    def parameters(self) -> FloatArray:
        """Return the kept steps' parameters, shape (d + 1, rows): a view, as above."""
        return self._parameters[:, : self._rows]

    @property
    def current_parameters(self) -> FloatArray:
        """Return the weights and the bias as they are now, shape (d + 1,)."""
        return self.last.parameters if self.last else self.start

    @property
    def recent_epoch_loss(self) -> float | None:
        """Return the mean loss of the newest epoch so far; None before any step."""
        if self._epoch_examples:
            return self._epoch_sum / self._epoch_examples
        return self.epoch_means[-1] if self.epoch_means else None

    def append(self, batch: StepBatch, gesture: int | None = None) -> None:
        """Add the steps that follow the newest one.

        ``gesture`` is that of their learning rate, see `RateChange`.

        Raises
        ------
        ValueError
            If ``batch`` does not follow the newest step.
        """
        if batch.first_step != self.step + 1:
            raise ValueError(f"step {batch.first_step} does not follow step {self.step}")
        if not len(batch):
            return
        if batch.learning_rate != self.learning_rate_at(self.step):
            self._note(RateChange(batch.first_step, batch.learning_rate, gesture))
        self._store(batch)
        self._add_to_epochs(batch)
        self.origin = batch.origin
        self.last = StepRecord(
            step=batch.last_step,
            loss=float(batch.losses[-1]),
            moving_loss=float(batch.moving_losses[-1]),
            parameters=batch.parameters[-1],
        )

    def nearest(self, step: float) -> StepRecord | None:
        """Return the kept step nearest to ``step``; None before the first."""
        if self.last is None:
            return None
        row = min(max(round((step - 1) / self.stride), 0), self._rows - 1)
        kept_step = 1 + row * self.stride
        if abs(step - self.last.step) <= abs(step - kept_step):
            return self.last
        return StepRecord(
            step=kept_step,
            loss=float(self._losses[row]),
            moving_loss=float(self._moving_losses[row]),
            parameters=self._parameters[:, row].copy(),
        )

    def up_to(self, step: int) -> StepRecord:
        """Return the last kept step that is not after ``step``; before the first, the start."""
        if self.last is None or step < 1:
            return StepRecord(step=0, loss=0.0, moving_loss=0.0, parameters=self.start)
        if step >= self.last.step:
            return self.last
        kept = self.nearest(step - (step - 1) % self.stride)
        assert kept is not None
        return kept

    def learning_rate_at(self, step: int) -> float:
        """Return the rate of ``step``; for a step to come, that of the newest one."""
        changes = bisect_right(self.rate_changes, step, key=attrgetter("step"))
        return self.rate_changes[changes - 1].learning_rate if changes else self._first_rate

    def parameters_at(self, step: float) -> FloatArray:
        """Return the parameters after the kept step nearest to ``step``; 0 for the start."""
        record = self.nearest(step) if step > 0 else None
        return record.parameters if record else self.start

    def reduced(self, memory_limit: int) -> "History":
        """Return a copy of at most ``memory_limit`` bytes, with fewer steps if necessary."""
        every = 1
        while -(-self._rows // every) > capacity(self.start, memory_limit):
            every *= 2
        kept = slice(0, self._rows, every)
        reduced: History = copy(self)
        reduced.stride = self.stride * every
        reduced.epoch_means = [*self.epoch_means]
        reduced.rate_changes = [*self.rate_changes]
        reduced.rate_marks = [*self.rate_marks]
        reduced._losses = self._losses[kept].copy()
        reduced._moving_losses = self._moving_losses[kept].copy()
        reduced._parameters = self._parameters[:, kept].copy()
        reduced._rows = len(reduced._losses)
        return reduced

    def trajectory(self) -> Trajectory:
        """Return all that there is now, without a copy of the steps."""
        self._is_seen = True
        return Trajectory(
            start=self.start,
            stride=self.stride,
            losses=self.losses,
            moving_losses=self.moving_losses,
            parameters=self.parameters,
            last=self.last,
            epoch_means=np.array(self.epoch_means, np.float64),
            epoch_sum=self._epoch_sum,
            epoch_examples=self._epoch_examples,
            rate_changes=tuple(self.rate_changes),
            origin=self.origin,
        )

    def taking_up(self, trajectory: Trajectory) -> Iterator[None]:
        """Have these steps; there must be none so far, and room for these. Yield between pieces."""
        self.start, self.stride = trajectory.start, trajectory.stride
        self._rows = len(trajectory.losses)
        for first in range(0, self._rows, _TAKEN_AT_ONCE):
            piece = slice(first, min(first + _TAKEN_AT_ONCE, self._rows))
            self._losses[piece] = trajectory.losses[piece]
            self._moving_losses[piece] = trajectory.moving_losses[piece]
            self._parameters[:, piece] = trajectory.parameters[:, piece]
            yield
        self.last, self.origin = trajectory.last, trajectory.origin
        self.epoch_means = trajectory.epoch_means.tolist()
        self._epoch_sum = trajectory.epoch_sum
        self._epoch_examples = trajectory.epoch_examples
        for change in trajectory.rate_changes:
            self._note(change)

    def _note(self, change: RateChange) -> None:
        self.rate_changes.append(change)
        marks, gesture = self.rate_marks, change.gesture
        if gesture is not None and marks and marks[-1].gesture == gesture:
            marks.pop()
        marks.append(change)

    def _store(self, batch: StepBatch) -> None:
        while (batch.last_step - 1) // self.stride >= len(self._losses):
            self._thin()
        kept = slice(-(batch.first_step - 1) % self.stride, None, self.stride)
        rows = slice(self._rows, (batch.last_step - 1) // self.stride + 1)
        self._losses[rows] = batch.losses[kept]
        self._moving_losses[rows] = batch.moving_losses[kept]
        self._parameters[:, rows] = batch.parameters[kept].T
        self._rows = rows.stop

    def _thin(self) -> None:
        half = -(-self._rows // 2)
        columns = (self._losses, self._moving_losses, *self._parameters)
        if self._is_seen:  # whoever has views keeps the numbers that were in them
            self._is_seen = False
            self._losses = np.empty_like(self._losses)
            self._moving_losses = np.empty_like(self._moving_losses)
            self._parameters = np.empty_like(self._parameters)
        thinned = (self._losses, self._moving_losses, *self._parameters)
        for source, column in zip(columns, thinned, strict=True):
            kept = source[: self._rows : 2]
            for first in range(0, half, _AT_ONCE):  # in pieces, to need little memory
                piece = slice(first, min(first + _AT_ONCE, half))
                column[piece] = kept[piece]
        self._rows = half
        self.stride *= 2

    def _add_to_epochs(self, batch: StepBatch) -> None:
        losses = batch.losses.astype(np.float64)
        sizes = np.full(len(batch), self.batch_size)
        end = -batch.first_step % self.steps_per_epoch
        sizes[end :: self.steps_per_epoch] = (
            self.examples - (self.steps_per_epoch - 1) * self.batch_size
        )
        first = 0
        for stop in (*range(end + 1, len(batch), self.steps_per_epoch), len(batch)):
            self._epoch_sum += float(losses[first:stop] @ sizes[first:stop])
            self._epoch_examples += int(sizes[first:stop].sum())
            first = stop
            if self._epoch_examples == self.examples:
                self.epoch_means.append(self._epoch_sum / self.examples)
                self._epoch_sum, self._epoch_examples = 0.0, 0


def capacity(start: FloatArray, memory_limit: int) -> int:
    """Return how many steps fit in ``memory_limit`` bytes."""
    row_bytes = start.dtype.itemsize * (1 + start.size) + np.dtype(np.float64).itemsize
    return max(2, memory_limit // row_bytes)
