"""One run: its settings, its data, its references and its trajectory."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

import numpy as np

from linreg_gui.data.dataset import Dataset
from linreg_gui.texts import tr
from linreg_gui.training.config import TrainingConfig
from linreg_gui.training.history import History
from linreg_gui.training.numbers import format_real, format_whole
from linreg_gui.training.references import References


@dataclass(eq=False)
class Run:
    """What the views show. Made on MXNet's thread, then owned by the GUI thread.

    Attributes
    ----------
    number : int
        Counts the runs of this session; results of any other number are not this run's.
    config : TrainingConfig
        As it was set, but for a batch size reduced to the data.
    dataset, references
        What is trained on, and its exact answers.
    history : History
        The trajectory so far.
    planned_epochs : int
        Where the run is complete; grows when a completed run is taken further.
    messages : list of str
        What the user was told about this run.
    """

    number: int
    config: TrainingConfig
    dataset: Dataset
    references: References
    history: History
    planned_epochs: int
    messages: list[str] = field(default_factory=list)

    @property
    def planned_steps(self) -> int:
        """Return the number of the step that completes the run."""
        return self.planned_epochs * self.history.steps_per_epoch

    @property
    def epoch(self) -> int:
        """Return the epoch of the newest step, from 1; the first one before any step."""
        return max(0, self.history.step - 1) // self.history.steps_per_epoch + 1

    @property
    def batch(self) -> int:
        """Return which batch of its epoch the newest step was, from 1; 0 before any step."""
        step = self.history.step
        return (step - 1) % self.history.steps_per_epoch + 1 if step else 0

    @property
    def examples_seen(self) -> int:
        """Return how many examples the steps looked at, short batches by their real size."""
        done, batches = divmod(self.history.step, self.history.steps_per_epoch)
        return done * self.dataset.size + batches * self.config.batch_size

    def parameter_names(self) -> tuple[str, ...]:
        """Return ``w0``, …, ``b``."""
        return (*(f"w{index}" for index in range(self.dataset.dimension)), "b")

    def completion_sentence(self) -> str:
        """Say how near the parameters came to the least-squares solution."""
        # Less the error of single precision, which would push a round number over its edge.
        gap = np.abs(self.history.current_parameters - self.references.parameters).max()
        return tr(
            "Completed at step {steps}; every parameter is within {gap} of least squares."
        ).format(steps=format_whole(self.history.step), gap=round_up(gap * (1 - 1e-6)))

    def divergence_sentence(self, step: int) -> str:
        """Say that step ``step`` was not finite, and what would have been stable."""
        rate = format_real(self.history.learning_rate)
        return tr(
            "Diverged at step {step}: a learning rate of {rate} is too large here. "
            "{safe} is stable for every minibatch; full batches allow up to {limit}."
        ).format(
            step=format_whole(step),
            rate=rate,
            safe=round_down(self.references.every_batch_limit),
            limit=format_real(float(f"{self.references.full_batch_limit:.3g}")),
        )


def round_down(value: float) -> str:
    """Return ``value`` with one significant digit that makes it no larger."""
    return _one_digit(value, ROUND_FLOOR)


def round_up(value: float) -> str:
    """Return ``value`` with one significant digit that makes it no smaller."""
    return _one_digit(value, ROUND_CEILING)


def _one_digit(value: float, rounding: str) -> str:
    exact = repr(float(value))
    return format_real(float(Context(prec=1, rounding=rounding).create_decimal(exact)))
