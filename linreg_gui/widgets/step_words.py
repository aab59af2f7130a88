"""Words for the phases of a step, and answers to what learners ask about each."""

from dataclasses import dataclass

from linreg_gui.texts import tr
from linreg_gui.training.anatomy import Phase


@dataclass(frozen=True)
class PhaseWords:
    """What a phase is called in little room, and at length, and what is to be said about it."""

    short: str
    name: str
    answers: tuple[str, ...]


def phase_words(phase: Phase) -> PhaseWords:
    """Return the words for ``phase``, in the user's language."""
    return {
        Phase.TAKE: PhaseWords(
            tr("batch"),
            tr("Take a minibatch"),
            (
                tr(
                    "“Stochastic” means just this: a few examples, drawn at random, stand for all "
                    "of them."
                ),
                tr(
                    "reset() deals the examples anew, once an epoch. Without it the iterator stays "
                    "at its end and gives no further batch."
                ),
                tr(
                    "reshape((-1, 1)) makes y a column like ŷ. A flat y would broadcast: m × m "
                    "differences instead of m, and the model would only learn the mean."
                ),
            ),
        ),
        Phase.FORWARD: PhaseWords(
            tr("ŷ"),
            tr("Forward: predict"),
            (
                tr(
                    "One product predicts all the rows at once, while autograd writes down each "
                    "operation for the way back."
                ),
            ),
        ),
        Phase.LOSS: PhaseWords(
            tr("loss"),
            tr("Forward: the loss"),
            (
                tr(
                    "Squares do not cancel one another, and their mean does not grow with the "
                    "batch. A sum would make the gradient m times as long; a half in front, as "
                    "some books have it, half as long."
                ),
                tr(
                    "Even the true parameters leave the noise: the loss ends near its variance, "
                    "the square of its standard deviation, and not at 0."
                ),
            ),
        ),
        Phase.BACKWARD: PhaseWords(
            tr("grad"),
            tr("Backward: the gradients"),
            (
                tr(
                    "backward() goes back through what was written down, and leaves in w.grad and "
                    "b.grad how fast the loss rises as each parameter grows."
                ),
            ),
        ),
        Phase.UPDATE_W: PhaseWords(
            tr("w"),
            tr("Update the weights"),
            (
                tr("Each weight goes against its slope: by the gradient, times the learning rate."),
                tr(
                    "It is overwritten in place, by -= or w[:] = …: a new array under the old name "
                    "would have no gradient attached, and the next backward() would miss it."
                ),
            ),
        ),
        Phase.UPDATE_B: PhaseWords(
            tr("b"),
            tr("Update the bias"),
            (tr("The same for the bias, whose slope is twice the mean of the residuals."),),
        ),
        Phase.AVERAGE: PhaseWords(
            tr("avg"),
            tr("Smooth the loss"),
            (
                tr(
                    "Reading the loss as a number, with asscalar() or asnumpy(), waits until MXNet "
                    "has computed it. Everything before was only asked for."
                ),
                tr(
                    "The moving average starts at 0. So it rises at first, even while the loss "
                    "falls."
                ),
            ),
        ),
    }[phase]
