"""The same steps as the lesson's, thousands at a time: see `scan`."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui import lesson
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.engines.divergence import count_sound
from linreg_gui.engines.scan import GramBlock, scan
from linreg_gui.engines.steps import Origin, Place, StepBatch, in_slices, joined
from linreg_gui.engines.stopping import StopCheck
from linreg_gui.settings import TrainingConfig

_AVERAGED_AT_ONCE = 512
"""0.99 to this power is still far from what double precision loses."""

_KEEP, _GAIN = lesson.moving_average(1.0, 0.0), lesson.moving_average(0.0, 1.0)
_POWERS = _KEEP ** np.arange(1, _AVERAGED_AT_ONCE + 1)


class InstantEngine:
    """Takes the autograd engine's steps in double precision, a block of minibatches at a time.

    With the same settings it sees the same minibatches in the same order, and it diverges by the
    same rule. Runs on MXNet's thread.

    Attributes
    ----------
    step, learning_rate, diverged, stop_check, stopped
        As in `TrainingEngine`.

    Parameters
    ----------
    config : TrainingConfig
        Its learning rate is that of the first step.
    start : ndarray, shape (d + 1,)
        The weights, then the bias, before the first step.
    residual_bounds : ndarray, shape (d + 2,)
        From `Problem.residual_bounds`.
    reference : sequence of float, shape (d + 1,)
        Parameters to measure from. Near the optimum, most digits are kept.
    blocks : iterator of GramBlock
        The minibatches, from `minibatch_grams`.
    residual_scale : float
        The residuals at the reference are the blocks' last column times this number. It is 1 where
        the blocks were made with the same reference and target.
    skipped : int
        The number of steps that are taken already, and led to ``start``. Their minibatches are
        still drawn, in the first slices, which may take no step.
    """

    def __init__(
        self,
        config: TrainingConfig,
        start: FloatArray,
        residual_bounds: FloatArray,
        reference: Sequence[float],
        blocks: Iterator[GramBlock],
        residual_scale: float = 1.0,
        skipped: int = 0,
    ) -> None:
        self.step = skipped
        self.learning_rate = config.learning_rate
        self.diverged = False
        self.stop_check: StopCheck | None = None
        self.stopped = False
        self._moving_loss = 0.0
        self._residual_bounds = residual_bounds
        self._reference = np.array(reference)
        self._state = np.append(start.astype(np.float64) - self._reference, residual_scale)
        self._blocks = blocks
        self._block = next(self._blocks)
        self._taken = skipped  # more than the block has until `_skip` has come to the right one
        self._solution: _Solution | None = None

    @property
    def parameters(self) -> FloatArray:
        """Return the weights and the bias as they are now, shape (d + 1,)."""
        parameters: FloatArray = self._reference + self._state[:-1]
        return parameters

    def advance(self, most_steps: int, seconds: float) -> StepBatch:
        """Train a slice; see `TrainingEngine.advance`."""
        deadline = time.perf_counter() + seconds
        if not self._skip(deadline):
            nothing = np.empty((0, len(self._reference)))
            return StepBatch(
                self.step + 1, nothing[:, 0], nothing[:, 0], nothing, self.learning_rate
            )
        batches = [self._advance_in_block(most_steps)]
        count = len(batches[0])
        while (
            count < most_steps
            and not (self.diverged or self.stopped)
            and time.perf_counter() < deadline
        ):
            batches.append(self._advance_in_block(most_steps - count))
            count += len(batches[-1])
        return joined(batches)

    @in_slices
    def taking_up(self, place: Place) -> Iterator[None]:
        """Go to ``place``; see `TrainingEngine.taking_up`.

        The steps of a block are computed together, from its first one on, or from the last change
        of the rate. So the engine goes there first, and takes the last steps again. Where they lead
        elsewhere, as with another library of linear algebra, it trusts the parameters.
        """
        wanted, self.learning_rate = self.learning_rate, place.learning_rate
        state = np.append(place.parameters - self._reference, self._state[-1])
        is_there = False
        if origin := place.origin:
            yield from self._going_to(origin.step, origin.state)
            solution = self._solve()
            end = self._taken + place.step - origin.step
            is_there = end <= solution.sound and np.allclose(solution.states[end], state)
            if is_there:
                self.step, self._taken, self._state = place.step, end, solution.states[end]
        if not is_there:
            yield from self._going_to(place.step, state)
        self._moving_loss = place.moving_loss
        self.learning_rate = wanted

    def _going_to(self, step: int, state: DoubleArray) -> Iterator[None]:
        self._taken += step - self.step
        self.step, self._state, self._solution = step, state, None
        while not self._skip(deadline=0.0):
            yield

    def _skip(self, deadline: float) -> bool:
        """Go on to the block of the next step; return whether it was reached in time."""
        while self._taken > len(self._block):
            self._taken -= len(self._block)
            self._block = next(self._blocks)
            if time.perf_counter() >= deadline:
                break
        return self._taken <= len(self._block)

    def _advance_in_block(self, most_steps: int) -> StepBatch:
        if self.stopped:
            most_steps = 0
        solution = self._solve()
        first, stop = self._taken, min(self._taken + most_steps, solution.sound)
        self.diverged = stop == first and most_steps > 0
        parameters = self._reference + solution.states[first + 1 : stop + 1, :-1]
        if self.stop_check is not None and (count := self.stop_check.count_to(parameters)):
            self.stopped = True
            stop, parameters = first + count, parameters[:count]
        losses = np.maximum(solution.losses[first:stop], 0.0)
        moving_losses = averaged(losses, self._moving_loss)
        batch = StepBatch(
            *(self.step + 1, losses, moving_losses, parameters, self.learning_rate),
            origin=solution.origin,
        )
        if stop > first:
            self.step += stop - first
            self._taken = stop
            self._state = solution.states[stop]
            self._moving_loss = float(moving_losses[-1])
        return batch

    def _solve(self) -> "_Solution":
        """Return the solution of the present block from the present step, at the present rate."""
        if self._taken == len(self._block):
            self._block = next(self._blocks)
            self._taken = 0
            self._solution = None
        if self._solution is None or self._solution.learning_rate != self.learning_rate:
            rates = np.full(len(self._block), self.learning_rate)
            rates[: self._taken] = 0.0
            states, losses = scan(self._block.grams, rates, self._block.sizes, self._state)
            with np.errstate(all="ignore"):  # a diverging run goes on to ∞ − ∞
                parameters = self._reference + states[self._taken + 1 :, :-1]
            sound = count_sound(losses[self._taken :], parameters, self._residual_bounds)
            origin = Origin(self.step, self._state)
            self._solution = _Solution(
                origin, self.learning_rate, states, losses, self._taken + sound
            )
        return self._solution


@dataclass(frozen=True, eq=False)
class _Solution:
    """A block's states before each step and after the last, its losses, how many are sound."""

    origin: Origin
    learning_rate: float
    states: DoubleArray
    losses: DoubleArray
    sound: int


def averaged(losses: DoubleArray, average: float) -> DoubleArray:
    """Return `lesson.moving_average` after each of ``losses``, from ``average`` on; shape (k,).

    a + g·Σ losses/kⁱ over the steps so far, times kⁱ: the recurrence, solved for each step.
    """
    averages = np.empty(len(losses))
    for first in range(0, len(losses), _AVERAGED_AT_ONCE):
        part = losses[first : first + _AVERAGED_AT_ONCE]
        powers = _POWERS[: len(part)]
        averages[first : first + len(part)] = (average + np.cumsum(_GAIN * part / powers)) * powers
        average = averages[first + len(part) - 1]
    return averages
