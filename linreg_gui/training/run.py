"""One run: its settings, its data, its references and its trajectory."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.texts import tr
from linreg_gui.training.config import TrainingConfig
from linreg_gui.training.history import History
from linreg_gui.training.numbers import (
    decimals_for,
    format_digits,
    format_real,
    format_whole,
    round_up,
    rounded_down,
)

if TYPE_CHECKING:
    from linreg_gui.training.problem import Problem
    from linreg_gui.training.references import References
    from linreg_gui.training.stability import LearningRateLimits


@dataclass(eq=False)
class Run:
    """What the views show. Made on MXNet's thread, then owned by the GUI thread.

    Attributes
    ----------
    number : int
        Counts the runs of this session; results of any other number are not this run's.
    config : TrainingConfig
        As it was set, but for a batch size reduced to the data.
    problem : Problem
        What is trained on, and what follows from it.
    limits : LearningRateLimits
        Which learning rates train on these data in batches of this size.
    history : History
        The trajectory so far, in the units that are trained in.
    planned_epochs : int
        Where the run is complete; grows when a completed run is taken further.
    messages : list of str
        What the user was told about this run.
    """

    number: int
    config: TrainingConfig
    problem: "Problem"
    limits: "LearningRateLimits"
    history: History
    planned_epochs: int
    messages: list[str] = field(default_factory=list)

    @property
    def dataset(self) -> Dataset:
        """Return the training examples, as they were measured."""
        return self.problem.dataset

    @property
    def references(self) -> "References":
        """Return the exact answers, in the units of the data."""
        return self.problem.original.references

    @property
    def start(self) -> FloatArray:
        """Return the parameters before the first step in the units of the data, shape (d + 1,)."""
        return self.parameters_at(0)

    @property
    def current_parameters(self) -> FloatArray:
        """Return the parameters as they are now in the units of the data, shape (d + 1,)."""
        return self.problem.original.parameters(self.history.current_parameters)

    def parameters_at(self, step: float) -> FloatArray:
        """Return the parameters after the kept step nearest to ``step``, in the data's units."""
        return self.problem.original.parameters(self.history.parameters_at(step))

    @property
    def planned_steps(self) -> int:
        """Return the number of the step that completes the run."""
        return self.planned_epochs * self.history.steps_per_epoch

    @property
    def is_complete(self) -> bool:
        """Return whether all the planned steps are made."""
        return self.history.step >= self.planned_steps

    def epoch_at(self, step: int) -> int:
        """Return the epoch of ``step``, from 1; the first one for the start, step 0."""
        return max(0, step - 1) // self.history.steps_per_epoch + 1

    def batch_at(self, step: int) -> int:
        """Return which batch of its epoch ``step`` is, from 1; 0 for the start."""
        return (step - 1) % self.history.steps_per_epoch + 1 if step else 0

    def examples_seen_at(self, step: int) -> int:
        """Return how many examples the steps looked at, short batches by their real size."""
        done, batches = divmod(step, self.history.steps_per_epoch)
        return done * self.dataset.size + batches * self.config.batch_size

    def parameter_names(self) -> tuple[str, ...]:
        """Return ``w0``, …, ``b``."""
        return (*(f"w{index}" for index in range(self.dataset.dimension)), "b")

    @property
    def distance(self) -> float:
        """Return how far the farthest parameter is from its least-squares value now."""
        return float(np.abs(self.current_parameters - self.references.parameters).max())

    def completion_sentence(self) -> str:
        """Say how near the run came to the least-squares solution.

        By the parameters, where each has a true value of much the same size; for measured data,
        whose parameters have units of their own or are not even determined, by the error.
        """
        if self.config.data is not None:
            training = self.problem.training
            rmse, spread = training.rmse(self.history.current_parameters), training.variance**0.5
            return tr("Completed at step {steps}; RMSE {rmse}, {best} at least squares.").format(
                steps=format_whole(self.history.step),
                rmse=format_digits(rmse, decimals_for(spread)),
                best=format_digits(math.sqrt(self.references.loss), decimals_for(spread)),
            )
        # Less the error of single precision, which would push a round number over its edge.
        gap = self.distance * (1 - 1e-6)
        return tr(
            "Completed at step {steps}; every parameter is within {gap} of least squares."
        ).format(steps=format_whole(self.history.step), gap=round_up(gap))

    def divergence_sentence(self, step: int, learning_rate: float) -> str:
        """Say that step ``step`` was not finite, and which rates would have been stable."""
        limits, batch_size = self.limits, self.config.batch_size
        if learning_rate > limits.reliable:
            sentence = tr(
                "Diverged at step {step}: a learning rate of {rate} is too large here. Rates up to "
                "{stable} train reliably in batches of {size}; full batches allow up to {full}."
            )
        else:
            sentence = tr(
                "Diverged at step {step}, though a learning rate of {rate} is stable here: the "
                "numbers are too large to compute with. Start nearer, or with smaller data."
            )
        if self.problem.wants_standardising:
            sentence += " " + tr("Standardised features allow far larger ones.")
        return sentence.format(
            step=format_whole(step),
            rate=format_real(learning_rate),
            stable=rounded_down(limits.reliable),
            size=format_whole(batch_size),
            full=rounded_down(limits.full_batch),
        )
