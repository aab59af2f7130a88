"""The words for the phases of a step: names, and sentences that are true of this very step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.texts import paragraph, tr, trn

_MANY = 10
"""With this many examples for each parameter, the loss ends near the variance of the noise."""


@dataclass(frozen=True)
class PhaseWords:
    """The name of a phase.

    Attributes
    ----------
    short, name : str
        A short name and a long one.
    """

    short: str
    name: str


def phase_words(phase: Phase) -> PhaseWords:
    """Return the words for ``phase``, in the user's language."""
    return {
        Phase.TAKE: PhaseWords(tr("batch"), tr("Take a minibatch")),
        Phase.FORWARD: PhaseWords(tr("ŷ"), tr("Forward: predict")),
        Phase.LOSS: PhaseWords(tr("loss"), tr("Forward: the loss")),
        Phase.BACKWARD: PhaseWords(tr("grad"), tr("Backward: the gradients")),
        Phase.UPDATE_W: PhaseWords(tr("w"), tr("Update the weights")),
        Phase.UPDATE_B: PhaseWords(tr("b"), tr("Update the bias")),
        Phase.AVERAGE: PhaseWords(tr("avg"), tr("Smooth the loss")),
    }[phase]


def phase_notes(trace: StepTrace, phase: Phase, run: Run) -> list[str]:
    """Return sentences about ``phase`` of a step of ``run``."""
    return {
        Phase.TAKE: _of_taking,
        Phase.FORWARD: _of_predicting,
        Phase.LOSS: _of_the_loss,
        Phase.BACKWARD: _of_the_gradient,
        Phase.UPDATE_W: _of_the_weights,
        Phase.UPDATE_B: _of_the_bias,
        Phase.AVERAGE: _of_averaging,
    }[phase](trace, run)


def place_words(trace: StepTrace, run: Run) -> str:
    """Return which step of ``run`` this is, and which minibatch."""
    examples, step, epoch = run.dataset.size, whole(trace.step), whole(run.epoch_at(trace.step))
    if run.history.steps_per_epoch == 1:
        words = trn(
            "Step {step} · epoch {epoch} · one batch with all {examples} example",
            "Step {step} · epoch {epoch} · one batch with all {examples} examples",
            examples,
        )
        if examples == 1:
            words = tr("Step {step} · epoch {epoch} · one batch with the only example")
        return words.format(step=step, epoch=epoch, examples=whole(examples))
    words = tr("Step {step} · batch {batch} of {batches} · epoch {epoch}").format(
        step=step,
        batch=whole(run.batch_at(trace.step)),
        batches=whole(run.history.steps_per_epoch),
        epoch=epoch,
    )
    if trace.is_short:
        words += " · " + tr("short last batch: {size} of {full}").format(
            size=whole(trace.size), full=whole(trace.full_size)
        )
    return words


def picked_sentence(trace: StepTrace, picked: npt.NDArray[np.int64]) -> str:
    """Say how many of the examples at the places ``picked`` are in the minibatch; empty if none."""
    count, found = len(picked), np.intersect1d(trace.places, picked)
    if not count:
        return ""
    if count == 1:
        words = tr("Your picked example is in this minibatch.")
        return words if len(found) else tr("Your picked example is not in this minibatch.")
    if not len(found):
        words = tr("None of your {count} picked examples is in this minibatch.")
    elif len(found) == 1:
        words = tr("1 of your {count} picked examples is in this minibatch.")
    else:
        words = tr("{found} of your {count} picked examples are in this minibatch.")
    return words.format(found=whole(len(found)), count=whole(count))


def more_examples(trace: StepTrace, shown: int) -> str:
    """Return how many examples the table of a minibatch leaves out; empty if none."""
    more = trace.size - shown
    if more <= 0:
        return ""
    if more == 1:
        return tr("… and 1 more example")
    return tr("… and {more} more examples").format(more=whole(more))


def _of_taking(trace: StepTrace, run: Run) -> list[str]:
    shuffles, m = run.config.shuffle, trace.size
    if m == run.dataset.size:
        chance = tr(
            "The batch has all the examples, so nothing is left to chance: this is gradient "
            "descent on the whole data."
        )
    elif not shuffles:
        chance = tr("Shuffling is off: the minibatches are the same in every epoch.")
    elif m == 1:
        chance = tr("“Stochastic” means just this: one example, drawn at random, stands for all.")
    else:
        chance = tr("“Stochastic” means just this: a few examples, drawn at random, stand for all.")
    reset = (
        tr("reset() starts a new epoch and shuffles the examples again.")
        if shuffles
        else tr("reset() starts a new epoch.")
    )
    used_up = tr("Without it, the iterator stays at its end and gives no more batches.")
    column = tr("reshape((-1, 1)) makes y a column like ŷ.")
    flat = (
        tr("For a single example that changes no number.")
        if m == 1
        else tr(
            "A flat y would broadcast: there would be {m} × {m} differences instead of {m}, and "
            "the model would only learn the mean."
        ).format(m=whole(m))
    )
    return [chance, paragraph(reset, used_up), paragraph(column, flat)]


def _of_predicting(trace: StepTrace, _run: Run) -> list[str]:
    product = trn(
        "One product predicts all {m} row at once.",
        "One product predicts all {m} rows at once.",
        trace.size,
    ).format(m=whole(trace.size))
    if trace.size == 1:
        product = tr("The product predicts the one row of the minibatch.")
    noted = tr("Meanwhile autograd writes down each operation for the way back.")
    return [paragraph(product, noted)]


def _of_the_loss(trace: StepTrace, run: Run) -> list[str]:
    mean = trn(
        "Squares cannot cancel each other, and their mean does not grow with the batch size. A sum "
        "would make the gradient {m} time as long. Half the mean, as in some books, would make it "
        "half as long.",
        "Squares cannot cancel each other, and their mean does not grow with the batch size. A sum "
        "would make the gradient {m} times as long. Half the mean, as in some books, would make it "
        "half as long.",
        trace.size,
    ).format(m=whole(trace.size))
    if trace.size == 1:
        mean = tr(
            "The mean of one square is the square itself. Half of it, as in some books, would make "
            "the gradient half as long."
        )
    if run.config.data is not None or run.dataset.size < _MANY * (trace.dimension + 1):
        end = tr(
            "Over all the examples, the loss cannot become smaller than that of least squares."
        )
    elif run.config.noise_std == 0:
        end = tr(
            "These examples have no noise, so the loss can come as near to 0 as single precision "
            "allows."
        )
    else:
        end = tr(
            "Even the true parameters cannot predict the noise. So the loss does not end near 0, "
            "but near the variance of the noise: the square of its standard deviation."
        )
    return [mean, end]


def _of_the_gradient(trace: StepTrace, run: Run) -> list[str]:
    if trace.size == run.dataset.size:
        whose = tr("The batch has all the examples, so this is the gradient of the whole loss.")
    elif trace.size == 1:
        whose = tr("It is the gradient for one example, and only roughly that for all of them.")
    else:
        whose = tr(
            "It is the gradient of one minibatch, and only roughly that of all the examples."
        )
    slopes = tr(
        "backward() goes back through these operations. It writes into w.grad and b.grad how fast "
        "the loss rises as each parameter grows."
    )
    return [slopes, whose]


def _of_the_weights(trace: StepTrace, _run: Run) -> list[str]:
    moves = tr("Each weight moves against its slope, by the gradient times the learning rate.")
    if trace.dimension == 1:
        moves = tr("The weight moves against its slope, by the gradient times the learning rate.")
    in_place = tr(
        "The update writes into the old array, with -= or w[:] = …. A new array with the same name "
        "would have no gradient attached, and the next backward() would miss it."
    )
    return [moves, in_place]


def _of_the_bias(trace: StepTrace, _run: Run) -> list[str]:
    if trace.size == 1:
        return [tr("The bias moves in the same way. Its slope is twice the residual.")]
    return [tr("The bias moves in the same way. Its slope is twice the mean of the residuals.")]


def _of_averaging(_trace: StepTrace, _run: Run) -> list[str]:
    return [
        tr(
            "asscalar() and asnumpy() read the loss as a number. To do so, they wait until MXNet "
            "has computed it: the lines before only asked for it."
        ),
        tr("The moving average starts at 0. So it rises at first, even if the loss falls."),
    ]
