"""One run: its settings, data, and trajectory; its log; and a copy kept to compare."""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.number_text import (
    decimals_for,
    exact,
    fixed,
    joined,
    rounded_down,
    rounded_up,
    significant,
    whole,
)
from linreg_gui.runs.history import History, RateChange
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, StopRule, TrainingConfig, setting_words
from linreg_gui.texts import clauses, paragraph, quoted, retold, tr, trn

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits
    from linreg_gui.analysis.least_squares import References
    from linreg_gui.analysis.problem import Problem
    from linreg_gui.runs.forecast import Forecast


MOST_MOVES = 4
"""Of more parameters than this, only the largest move is told."""

KEPT_BYTES = 4_000_000
"""Memory for the trajectory of a kept run: room for every step of all but very long runs."""


@dataclass(eq=False)
class Run:
    """One run, as the views show it. Made on MXNet's thread, then owned by the GUI thread.

    Attributes
    ----------
    number : int
        Counts the runs of this session; results of any other number are not this run's.
    config : TrainingConfig
        The settings, with a batch size that is no larger than the data.
    problem : Problem
        The training examples, and all that follows from them.
    limits : LearningRateLimits
        Which learning rates train on this data in batches of this size.
    history : History
        The trajectory so far, in the units that are trained in.
    planned_epochs : int
        The epochs after which the run is complete; more when a completed run is taken further.
    messages : list of str
        The messages about this run that the user has seen.
    diverged_at : int or None
        The step that was not finite, once it was tried.
    stopped_at : int or None
        The step at which the stop rule was met, once it was.
    forecast : Forecast or None
        How the run will end, unless that is near least squares or not known.
    """

    number: int
    config: TrainingConfig
    problem: "Problem"
    limits: "LearningRateLimits"
    history: History
    planned_epochs: int
    messages: list[str] = field(default_factory=list)
    diverged_at: int | None = None
    stopped_at: int | None = None
    forecast: "Forecast | None" = None

    @property
    def dataset(self) -> Dataset:
        """Return the training examples, as they were measured."""
        return self.problem.dataset

    @property
    def references(self) -> "References":
        """Return the exact answers, in the units of the data."""
        return self.problem.original.references

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
    def configured_steps(self) -> int:
        """Return `planned_steps` as the settings have it, before a completed run is taken on."""
        return self.config.epochs * self.history.steps_per_epoch

    @property
    def is_complete(self) -> bool:
        """Return whether all the planned steps are made, or the stop rule has just been met."""
        return self.history.step >= self.planned_steps or self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """Return whether the run stands where its stop rule was met."""
        return self.stopped_at is not None and self.history.step == self.stopped_at

    def epoch_at(self, step: int) -> int:
        """Return the epoch of ``step``, from 1; the first one for the start, step 0."""
        return max(0, step - 1) // self.history.steps_per_epoch + 1

    def batch_at(self, step: int) -> int:
        """Return which batch of its epoch ``step`` is, from 1; 0 for the start."""
        return (step - 1) % self.history.steps_per_epoch + 1 if step else 0

    def examples_seen_at(self, step: int) -> int:
        """Return how many examples the steps looked at, short batches by their real size."""
        done, batches = divmod(step, self.history.steps_per_epoch)
        return done * self.history.examples + batches * self.config.batch_size

    def parameter_names(self) -> tuple[str, ...]:
        """Return the parameters' names on screen, as in `Dataset.parameter_names`."""
        return self.dataset.parameter_names

    def parameter_symbols(self) -> tuple[str, ...]:
        """Return ``w0``, …, ``b``: the parameters in code, equations and files."""
        return (*(f"w{index}" for index in range(self.dataset.dimension)), "b")

    @property
    def edits_sentence(self) -> str:
        """Say that a person has edited the examples, and how; empty if nobody has."""
        data = self.config.data
        if data is None or data.edited is None:
            return ""
        if not data.edited.original.size:
            return tr("The examples were drawn by hand.")
        return tr("The examples were edited by hand: {changes}.").format(changes=data.edited.words)

    @property
    def distance(self) -> float:
        """Return the largest difference of a parameter from its least-squares value now."""
        return float(np.abs(self.current_parameters - self.references.parameters).max())

    def move_sentence(self, step: int) -> str:
        """Say by how much ``step`` moved the parameters, in the units of the data.

        Empty for the start, and where the steps around it are not kept.
        """
        before, after = self.history.up_to(step - 1), self.history.up_to(step)
        if step < 1 or (before.step, after.step) != (step - 1, step):
            return ""
        original = self.problem.original
        moves = original.parameters(after.parameters) - original.parameters(before.parameters)
        words = [
            tr("{name} by {move}").format(name=name, move=_with_sign(float(move)))
            for name, move in zip(self.parameter_names(), moves, strict=True)
        ]
        if len(words) > MOST_MOVES:
            largest = words[int(np.abs(moves).argmax())]
            return trn(
                "Step {step} moved {count} parameter; the largest move: {largest}.",
                "Step {step} moved {count} parameters; the largest move: {largest}.",
                len(words),
            ).format(step=whole(step), count=len(words), largest=largest)
        return tr("Step {step} moved {moves}.").format(step=whole(step), moves=joined(words))

    def reduced(self) -> Self:
        """Return a copy that holds one example, and not all steps.

        Measured data stays in its settings, which tell whether two runs have the same data.
        """
        return dataclasses.replace(
            self, problem=self.problem.reduced(), history=self.history.reduced(KEPT_BYTES)
        )

    def retell(self) -> None:
        """Have in the language of now what was said of the run."""
        self.messages[:] = map(retold, self.messages)
        if self.forecast is not None:
            sentence = retold(self.forecast.sentence)
            self.forecast = dataclasses.replace(self.forecast, sentence=sentence)

    def completion_sentence(self) -> str:
        """Say why the run is complete, and how near it came to least squares."""
        if self.is_stopped:
            return self._stop_sentence()
        sentence = self._nearness_sentence()
        if self.config.stop_rule is not StopRule.NONE and self.stopped_at is None:
            sentence = paragraph(sentence, tr("Your stop rule was not met."))
        return sentence

    def _stop_sentence(self) -> str:
        numbers = {"step": whole(self.history.step), "planned": whole(self.planned_steps)}
        if self.config.stop_rule is StopRule.GRADIENT:
            words = tr(
                "Stopped by your rule at step {step} of {planned}. The gradient is no longer than "
                "{bound}."
            )
            return words.format(bound=exact(self.config.stop_gradient), **numbers)
        training = self.problem.training
        loss = training.loss(self.history.current_parameters)
        percent = 100 - self.config.stop_percent
        words = tr(
            "Stopped by your rule at step {step} of {planned}. R² is at least {percent}% of its "
            "best."
        )
        if training.variance - loss < percent / 100 * (training.variance - training.lowest):
            # Least squares explains next to nothing, so the rule had to measure by the variance.
            words = tr(
                "Stopped by your rule at step {step} of {planned}. The loss is {loss}, and least "
                "squares has {best}."
            )
        return words.format(
            percent=exact(round(percent, 9)),
            loss=significant(loss),
            best=significant(training.lowest),
            **numbers,
        )

    def _nearness_sentence(self) -> str:
        """Say how near the run came to the least-squares solution.

        For drawn data by the parameters, whose true values are of a similar size. Those of measured
        data have different units, or are not even determined; so for measured data by the error.
        """
        if self.config.data is not None:
            training = self.problem.training
            rmse, spread = training.rmse(self.history.current_parameters), training.variance**0.5
            reached = fixed(rmse, decimals_for(spread))
            best = fixed(math.sqrt(self.references.loss), decimals_for(spread))
            words = tr("Completed at step {steps}; RMSE {rmse}, {best} at least squares.")
            if reached == best:
                words = tr("Completed at step {steps}; RMSE {rmse}, as good as least squares.")
            return words.format(steps=whole(self.history.step), rmse=reached, best=best)
        # Without the error of single precision, which would push a round number over its edge.
        gap = rounded_up(self.distance * (1 - 1e-6))
        words = tr("Completed at step {steps}; every parameter is within {gap} of least squares.")
        if self._is_far:
            gap = significant(self.distance, 2)
            words = tr("Completed at step {steps}; a parameter is still {gap} off least squares.")
        return words.format(steps=whole(self.history.step), gap=gap)

    @property
    def _is_far(self) -> bool:
        """Return whether more of the loss is left than a forecast would call near."""
        from linreg_gui.analysis.prospects import allowed_excess  # noqa: PLC0415 - after first paint

        training = self.problem.training
        excess = training.loss(self.history.current_parameters) - training.lowest
        return excess > allowed_excess(self.problem.moments, training.lowest)

    def divergence_sentence(self, step: int, learning_rate: float) -> str:
        """Say that step ``step`` was not finite, and which rates are stable."""
        limits, batch_size = self.limits, self.config.batch_size
        if learning_rate > limits.reliable:
            sentence = tr(
                "Diverged at step {step}: a learning rate of {rate} is too large here. Rates up to "
                "{stable} train reliably in batches of {size}; full batches allow up to {full}."
            )
        else:
            sentence = tr(
                "Diverged at step {step}, though a learning rate of {rate} is stable here: the "
                "numbers are too large to compute with. Start nearer to the optimum, or use "
                "smaller data."
            )
        if self.problem.wants_standardizing:
            sentence = paragraph(sentence, tr("Standardized features allow far larger rates."))
        return sentence.format(
            step=whole(step),
            rate=exact(learning_rate),
            stable=rounded_down(limits.reliable),
            size=whole(batch_size),
            full=rounded_down(limits.full_batch),
        )


def _with_sign(move: float) -> str:
    return ("+" if move > 0 else "") + significant(move, 2)


BATCHES_PER_LINE = 500


@dataclass(frozen=True)
class LogLine:
    """The line that is printed after step ``step``."""

    step: int
    text: str


def log_lines(batch: StepBatch, steps_per_epoch: int) -> Iterator[LogLine]:
    """Yield the lines of the steps of ``batch``; epoch and batch index count from 0."""
    steps = np.arange(batch.first_step, batch.last_step + 1)
    epochs, indices = np.divmod(steps - 1, steps_per_epoch)
    for row in np.flatnonzero(indices % BATCHES_PER_LINE == BATCHES_PER_LINE - 1).tolist():
        text = tr("epoch {epoch}  batch {index}  average {loss}").format(
            epoch=epochs[row], index=indices[row], loss=significant(batch.moving_losses[row], 6)
        )
        yield LogLine(batch.first_step + row, text)


@dataclass(eq=False)
class KeptRun:
    """A finished run.

    Attributes
    ----------
    run : Run
        As `Run.reduced` returns it.
    number : int
        From 1, in the order in which they were kept.
    name : str
        The name that the person gave it; empty if none.
    state : RunState
        How it ended.
    color_index : int
        The index of its color in the palette's colors for runs.
    is_shown, is_pinned : bool
        Whether it is drawn over the pictures, and whether it stays when room is needed.
    """

    run: Run
    number: int
    state: RunState
    color_index: int
    name: str = ""
    is_shown: bool = True
    is_pinned: bool = False

    @property
    def title(self) -> str:
        """Return the number, and the name if the run has one."""
        if not self.name:
            return self._numbered
        return tr("{name}: {words}").format(name=self._numbered, words=self.name)

    @property
    def _numbered(self) -> str:
        return tr("Run {number}").format(number=self.number)

    def rename(self, text: str) -> None:
        """Take the name from ``text``, which may begin with the number as `title` does."""
        name = text.strip().removeprefix(self._numbered).lstrip(": ")
        self.name = quoted(name)

    def difference_from(self, config: TrainingConfig) -> str:
        """Say why the run cannot be drawn over a run of ``config``; empty if it can.

        Over another problem a curve would only seem to be worse or better, and a path would not
        lead to the least-squares solution of the picture.
        """
        own = self.run.config
        if poses_same_problem(own, config):
            return ""
        if own.data is None and config.data is None:
            if own.features != config.features:
                return tr("It has another number of features than the run on screen.")
            return tr("Its data was drawn with other true parameters.")
        return tr("It was trained on other data.")

    @property
    def final_loss(self) -> float:
        """Return the mean loss of the last epoch."""
        loss = self.run.history.recent_epoch_loss
        assert loss is not None
        return loss


def poses_same_problem(
    own: TrainingConfig, other: TrainingConfig, *, before_edits: bool = False
) -> bool:
    """Return whether both have the same measured data, or draw it with the same true parameters.

    With ``before_edits``, examples that a person has edited count as they were before.
    """
    data, others = (own.origin, other.origin) if before_edits else (own.data, other.data)
    if data is None and others is None:
        same = own.features == other.features
        return same and (own.true_weights, own.true_bias) == (other.true_weights, other.true_bias)
    return data is not None and others is not None and data.is_like(others)


def differences(kept: Sequence[KeptRun]) -> list[str]:
    """Return the settings that differ among the runs, for each; empty where none do.

    A single run is compared with the lesson's.
    """
    words = [_words(each.run.config, each.run.history.rate_changes) for each in kept]
    compared = words if len(words) > 1 else [*words, _words(DEFAULTS)]
    return [
        clauses(
            text for name, text in own.items() if any(text != other.get(name) for other in compared)
        )
        for own in words
    ]


def _words(config: TrainingConfig, rate_changes: Sequence[RateChange] = ()) -> dict[str, str]:
    """Return each setting that has an effect, in words, and how the rate changed meanwhile."""
    words = setting_words(config)
    if rate_changes:
        between = ["…"] if len(rate_changes) > 1 else []
        way = [words["learning_rate"], *between, exact(rate_changes[-1].learning_rate)]
        words["learning_rate"] = " → ".join(way)
    return words
