"""What a run did, measured on all its training examples: with this, predictions are judged."""

import math
from collections.abc import Generator, Mapping
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.runs.run import Run
from linreg_gui.runs.training import trained
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import tr

_MOST_ROWS = 2**14
"""The loss of a longer run is computed at this number of steps: it takes a few milliseconds."""

_ARRIVED, _OF_LOWEST = 1e-3, 0.1
"""A run has arrived if its loss is above the lowest by no more than the sum of two shares: of the
excess at the start or the target's variance, whichever is less, and of the lowest loss."""

_FALLS = 0.7
"""A loss that shrinks to less than this between two eighths of the run still falls."""
_RESTLESS = 0.2
"""A loss whose standard deviation is more than this share of its excess goes up and down."""


class Course(StrEnum):
    """How a run went."""

    ARRIVES = "arrives"
    SLOW = "slow"
    RESTLESS = "restless"
    DIVERGES = "diverges"


def course_words(course: Course) -> str:
    """Return the course as a person chooses it."""
    return {
        Course.ARRIVES: tr("It gets there"),
        Course.SLOW: tr("Too slow: it is still on its way at the end"),
        Course.RESTLESS: tr("It comes near, but never settles"),
        Course.DIVERGES: tr("It diverges"),
    }[course]


class RunFacts:
    """What ``run`` did so far. The expressions of the questions read these names.

    All losses but those in `batch_losses` and `moving_losses` are over all the training examples,
    so they do not jump as those of the minibatches do. Parameters are in the units of the data,
    weights first. Reads the history when it is first asked, so it must not grow meanwhile.

    Attributes
    ----------
    run : Run
        The run.
    planned : int
        The number of the step that completed it, or was to complete it, as its settings want it.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.planned = run.configured_steps

    @property
    def steps(self) -> int:
        """Return how many steps were taken."""
        return self.run.history.step

    @property
    def diverged(self) -> bool:
        """Return whether it diverged."""
        return self.run.diverged_at is not None

    @property
    def is_over(self) -> bool:
        """Return whether it went to its planned end, or to what its stop rule takes for one."""
        return self.diverged or self.run.is_stopped or self.steps >= self.planned

    @property
    def is_exact(self) -> bool:
        """Return whether every step is looked at."""
        return self._every == self.run.history.stride == 1

    @property
    def start_loss(self) -> float:
        """Return the loss at the start."""
        return float(self.losses[0])

    @property
    def loss(self) -> float:
        """Return the loss at the end."""
        return float(self.losses[-1])

    @property
    def best(self) -> float:
        """Return the loss of least squares, the lowest one that a line has."""
        return self.run.problem.training.lowest

    @property
    def start(self) -> list[float]:
        """Return the parameters at the start."""
        return list(map(float, self.parameters[:, 0]))

    @property
    def end(self) -> list[float]:
        """Return the parameters at the end."""
        return list(map(float, self.parameters[:, -1]))

    @property
    def optimum(self) -> list[float]:
        """Return the least-squares parameters."""
        return list(self.run.references.parameters)

    @property
    def truth(self) -> list[float]:
        """Return the true parameters; empty for measured data."""
        return list(self.run.dataset.true_parameters or ())

    @property
    def way(self) -> list[float]:
        """Return which share of its way to least squares each parameter has made; 1 is all."""
        places = zip(self.start, self.end, self.optimum, strict=True)
        return [(end - start) / ((best - start) or math.nan) for start, end, best in places]

    @property
    def wobble(self) -> list[float]:
        """Return the standard deviation of each parameter over the last quarter of the steps."""
        last = self.parameters[:, -max(1, self.parameters.shape[1] // 4) :]
        return list(map(float, last.std(axis=1)))

    @property
    def largest_rate(self) -> float:
        """Return the learning rate above which full batches diverge."""
        return self.run.limits.full_batch

    @property
    def batch_losses(self) -> list[float]:
        """Return the loss of each minibatch that is kept."""
        return list(map(float, self.run.history.losses))

    @property
    def moving_losses(self) -> list[float]:
        """Return the lesson's moving average at each step that is kept."""
        return list(map(float, self.run.history.moving_losses))

    @cached_property
    def at(self) -> npt.NDArray[np.int64]:
        """Return the steps that are looked at, shape (k,): 0, kept ones, and the last."""
        history = self.run.history
        return np.concatenate([[0], history.steps[:: self._every], [history.step]])

    @cached_property
    def losses(self) -> DoubleArray:
        """Return the loss at the steps of `at`, shape (k,)."""
        return self._losses(self._trained)

    @cached_property
    def parameters(self) -> DoubleArray:
        """Return the parameters at the steps of `at`, shape (d + 1, k)."""
        with np.errstate(all="ignore"):
            return np.asarray(self.run.problem.original.parameters(self._trained), np.float64)

    def below(self, level: float) -> int | None:
        """Return the first step after which the loss is below ``level``; None if there is none.

        In a long run, a short dip may be missed: see `is_exact`.
        """
        under = self.losses < level
        if not under.any():
            return None
        index = int(under.argmax())
        history, step = self.run.history, int(self.at[index])
        before = int(self.at[index - 1]) if index else 0
        first, stop = (max(before, 1) - 1) // history.stride, (step - 1) // history.stride + 1
        if step == 0 or self._every == 1:
            return step
        between = self._losses(history.parameters[:, first:stop]) < level
        return 1 + (first + int(between.argmax())) * history.stride if between.any() else step

    def within(self, index: int, tolerance: float) -> int:
        """Return the step from which parameter ``index`` stays that near to least squares.

        The last step if it never does.
        """
        far = np.flatnonzero(np.abs(self.parameters[index] - self.optimum[index]) > tolerance)
        return int(self.at[min(far[-1] + 1, len(self.at) - 1)]) if len(far) else 0

    def heights(self, count: int) -> tuple[float, ...]:
        """Return the loss at ``count`` steps from 0 to the planned end.

        After the last step it is NaN, unless the stop rule was met there: then the model stays.
        """
        steps = np.linspace(0, self.planned, count)
        after = self.loss if self.run.is_stopped else math.nan
        heights = np.interp(steps, self.at, self.losses, right=after)
        return tuple(heights.tolist())

    @property
    def still_falls(self) -> bool:
        """Return whether the loss still fell at the end."""
        late, later = self._last_eighths
        return bool(later.mean() < _FALLS * late.mean())

    @cached_property
    def course(self) -> Course:
        """Return how the run went. It must be over."""
        if self.diverged:
            return Course.DIVERGES
        excess, variance = self.start_loss - self.best, self.run.problem.training.variance
        allowed = _ARRIVED * min(excess, variance or excess) + _OF_LOWEST * self.best
        late, later = self._last_eighths
        # Where a rule has stopped the run, the model stays at its last step.
        reached = self.loss - self.best if self.run.is_stopped else np.median(later)
        if reached <= allowed:
            return Course.ARRIVES
        quarter = np.concatenate([late, later])
        if not self.still_falls and quarter.std() > _RESTLESS * quarter.mean():
            return Course.RESTLESS
        return Course.SLOW

    @property
    def _last_eighths(self) -> tuple[DoubleArray, DoubleArray]:
        """Return the excess loss of the last but one eighth of the steps, and of the last one."""
        excess = self.losses - self.best
        eighth = max(1, len(excess) // 8)
        return excess[-2 * eighth : -eighth], excess[-eighth:]

    @property
    def _every(self) -> int:
        return -(-len(self.run.history) // _MOST_ROWS) or 1

    @cached_property
    def _trained(self) -> DoubleArray:
        """Return the parameters in the units of the training at the steps of `at`."""
        history = self.run.history
        kept = history.parameters[:, :: self._every]
        return np.column_stack([history.start, kept, history.current_parameters])

    def _losses(self, trained: FloatArray) -> DoubleArray:
        with np.errstate(all="ignore"):  # a run that diverged ends in enormous numbers
            return self.run.problem.training.losses(trained)


def facts_of(
    configs: Mapping[str, TrainingConfig],
) -> Generator[None, None, dict[str, RunFacts]]:
    """Run each of ``configs`` to its end, as `trained` does; return what happened, by name."""
    runs = yield from trained(configs)
    return {name: RunFacts(run) for name, run in runs.items()}
