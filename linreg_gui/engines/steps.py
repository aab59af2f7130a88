"""What every engine returns, and slices of background jobs."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

import numpy as np

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.engines.stopping import StopCheck

JOB_SECONDS = 0.006
"""How long a background job works at a time. The run waits meanwhile."""

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def in_slices(
    job: Callable[_Arguments, Iterator[_Answer | None]],
) -> Callable[_Arguments, Iterator[_Answer | None]]:
    """Decorate a generator that yields None wherever it can be interrupted.

    Answers are passed on at once, None only after `JOB_SECONDS` of work.
    """

    @wraps(job)
    def sliced(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Iterator[_Answer | None]:
        due = time.perf_counter() + JOB_SECONDS
        for answer in job(*args, **kwargs):
            if answer is not None or time.perf_counter() >= due:
                yield answer
                due = time.perf_counter() + JOB_SECONDS

    return sliced


@dataclass(frozen=True, eq=False)
class Origin:
    """From where the steps were computed, for an engine to which that makes a difference in bits.

    Attributes
    ----------
    step : int
        After this one.
    state : ndarray, shape (d + 2,), float64
        Of the engine then.
    """

    step: int
    state: DoubleArray


@dataclass(frozen=True, eq=False)
class Place:
    """Where a run stands, for `TrainingEngine.taking_up`.

    Attributes
    ----------
    step : int
        The number of steps that are taken.
    parameters : ndarray, shape (d + 1,)
        After them.
    moving_loss : float
        After them.
    learning_rate : float
        The rate of the last of them.
    origin : Origin or None
        As in `StepBatch`, of the last one.
    """

    step: int
    parameters: FloatArray
    moving_loss: float
    learning_rate: float
    origin: Origin | None


@dataclass(frozen=True, eq=False)
class StepBatch:
    """The trajectory of ``k`` consecutive steps. Its arrays are read-only and cross threads.

    Attributes
    ----------
    first_step : int
        The number of the first of these steps. The run's first step is 1.
    losses : ndarray, shape (k,)
        The mean squared error of each minibatch, before its update.
    moving_losses : ndarray, shape (k,), float64
        The lesson's moving average of the losses, which starts at 0.
    parameters : ndarray, shape (k, d + 1)
        The weights, then the bias, after each update.
    learning_rate : float
        The learning rate of all these steps.
    origin : Origin or None
        From where the last of them was computed; None if from the step before.
    """

    first_step: int
    losses: FloatArray
    moving_losses: FloatArray
    parameters: FloatArray
    learning_rate: float
    origin: Origin | None = None

    def __post_init__(self) -> None:
        for array in (self.losses, self.moving_losses, self.parameters):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.losses)

    @property
    def last_step(self) -> int:
        """Return the number of the last step; ``first_step - 1`` if there is none."""
        return self.first_step + len(self) - 1


class TrainingEngine(Protocol):
    """The engine of a run, as the worker uses it. Runs on MXNet's thread.

    Attributes
    ----------
    step : int
        How many steps were taken.
    learning_rate : float
        The rate from the next minibatch on.
    diverged : bool
        Whether the last step that was tried gave a number, or parameters with a loss, that is not
        finite. That step, ``step + 1``, is in no `StepBatch`.
    stop_check : StopCheck or None
        Ends the run; None to train on whatever the parameters are.
    stopped : bool
        Whether ``stop_check`` was met at ``step``. There are no further steps while this is True.
    """

    step: int
    learning_rate: float
    diverged: bool
    stop_check: StopCheck | None
    stopped: bool

    @property
    def parameters(self) -> FloatArray:
        """Return the weights and the bias as they are now, shape (d + 1,)."""
        ...

    def advance(self, most_steps: int, seconds: float) -> StepBatch:
        """Train up to ``most_steps`` further steps, and stop after ``seconds`` if that is sooner.

        Takes at least one step unless the run has diverged or stopped. Epochs follow each other
        without end: the caller decides when a run is complete.
        """
        ...

    def taking_up(self, place: Place) -> Iterator[None]:
        """Go to ``place`` in the run before the first step; yield every few milliseconds.

        From there on the engine takes the same steps as if it had come there by itself.
        """
        ...


def joined(batches: Sequence[StepBatch]) -> StepBatch:
    """Return consecutive steps of one learning rate as one batch."""
    if len(batches) == 1:
        return batches[0]
    return StepBatch(
        first_step=batches[0].first_step,
        losses=np.concatenate([batch.losses for batch in batches]),
        moving_losses=np.concatenate([batch.moving_losses for batch in batches]),
        parameters=np.concatenate([batch.parameters for batch in batches]),
        learning_rate=batches[0].learning_rate,
        origin=batches[-1].origin,
    )
