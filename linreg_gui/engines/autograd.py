"""Trains with the lesson's own functions, a slice at a time."""

import time
from collections.abc import Iterator

import numpy as np

from linreg_gui import lesson
from linreg_gui.backend import NDArray, autograd_at_rest, mx, nd, record_graph
from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.divergence import is_sound
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.engines.steps import Place, StepBatch, in_slices
from linreg_gui.engines.stopping import StopCheck
from linreg_gui.settings import TrainingConfig


class AutogradEngine:
    """Takes the lesson's steps, one minibatch at a time.

    The same arguments give the same run, bit for bit. Runs on MXNet's thread.

    Parameters
    ----------
    dataset, config
        The training examples and the settings.
    start : ndarray, shape (d + 1,)
        The weights, then the bias, before the first step.
    residual_bounds : ndarray, shape (d + 2,)
        From `Problem.residual_bounds`.
    shuffling : ShuffleState
        Shuffles the examples.

    Attributes
    ----------
    step, learning_rate, diverged, stop_check, stopped
        As in `TrainingEngine`.
    """

    def __init__(
        self,
        dataset: Dataset,
        config: TrainingConfig,
        start: FloatArray,
        residual_bounds: FloatArray,
        shuffling: ShuffleState,
    ) -> None:
        self.step = 0
        self.learning_rate = config.learning_rate
        self.diverged = False
        self.stop_check: StopCheck | None = None
        self.stopped = False
        self._moving_loss = 0.0
        self._weights = nd.array(start[:-1]).reshape((-1, 1))
        self._bias = nd.array(start[-1:])
        for parameter in (self._weights, self._bias):
            parameter.attach_grad()
        self._residual_bounds = residual_bounds.tolist()
        X, y = nd.array(dataset.features), nd.array(dataset.target)
        self._forward = record_graph(
            lesson.loss_of, [X[:1], y[:1].reshape((-1, 1)), self._weights, self._bias]
        )
        with shuffling:
            self._iterator = lesson.data_iterator(X, y, config.batch_size, config.shuffle)
        self._shuffling = shuffling
        self._minibatches = _endless_minibatches(self._iterator, shuffling)
        self._steps_per_epoch = count_batches(dataset.size, config.batch_size)

    @property
    def parameters(self) -> FloatArray:
        """Return the weights and the bias as they are now, shape (d + 1,)."""
        return np.append(self._weights.asnumpy(), self._bias.asnumpy())

    @autograd_at_rest()
    def advance(self, most_steps: int, seconds: float) -> StepBatch:
        """Train a slice, as `TrainingEngine.advance` says."""
        deadline = time.perf_counter() + seconds
        first_step = self.step + 1
        losses: list[float] = []
        moving_losses: list[float] = []
        parameters: list[list[float]] = []
        while len(losses) < most_steps and not (self.diverged or self.stopped):
            X, y = next(self._minibatches)
            loss = lesson.train_step(
                X, y, self._weights, self._bias, self.learning_rate, self._forward
            )
            loss_value = loss.asnumpy().item()
            values = self.parameters.tolist()
            if not is_sound(loss_value, values, self._residual_bounds):
                self.diverged = True
                break
            self.step += 1
            self._moving_loss = lesson.moving_average(self._moving_loss, loss_value)
            losses.append(loss_value)
            moving_losses.append(self._moving_loss)
            parameters.append(values)
            self.stopped = self.stop_check is not None and self.stop_check.is_met(values)
            if time.perf_counter() >= deadline:
                break
        return StepBatch(
            first_step=first_step,
            losses=np.array(losses, np.float32),
            moving_losses=np.array(moving_losses),
            parameters=np.array(parameters, np.float32).reshape(-1, self._weights.size + 1),
            learning_rate=self.learning_rate,
        )

    @in_slices
    def taking_up(self, place: Place) -> Iterator[None]:
        """Go to ``place``; see `TrainingEngine.taking_up`."""
        epochs, batches = divmod(place.step, self._steps_per_epoch)
        for _ in range(epochs):
            with self._shuffling:
                self._iterator.reset()
            yield
        for _ in range(batches):
            next(self._minibatches)
            yield
        self._weights[:] = nd.array(place.parameters[:-1]).reshape((-1, 1))
        self._bias[:] = nd.array(place.parameters[-1:])
        self.step, self._moving_loss = place.step, place.moving_loss


def _endless_minibatches(
    iterator: mx.io.NDArrayIter, shuffling: ShuffleState
) -> Iterator[tuple[NDArray, NDArray]]:
    while True:
        epoch = lesson.minibatches(iterator)
        with shuffling:  # the first minibatch resets the iterator
            first = next(epoch)
        yield first
        yield from epoch
