"""The loss picture in words: its note, and the numbers of its summary."""

from linreg_gui.number_text import significant, whole
from linreg_gui.runs.history import StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr, trn

_SLOW_STEPS = 100
"""At the end of a shorter run the moving average is mostly what is left of its start at 0."""


def loss_note(run: Run) -> str:
    """Say what the loss cannot fall below, or why the moving average is below it at first."""
    if run.planned_steps < _SLOW_STEPS:
        steps = run.planned_steps
        return trn(
            "The moving average starts at 0: {steps} step is too few for it.",
            "The moving average starts at 0: {steps} steps are too few for it.",
            steps,
        ).format(steps=whole(steps))
    references = run.references
    loss = significant(references.loss)
    if references.noise_floor is None:
        words = tr("No line beats least squares, {loss}. The moving average starts at 0.")
        return words.format(loss=loss)
    return tr("Noise floor σ² {floor}; least squares {loss}.").format(
        floor=significant(references.noise_floor), loss=loss
    )


def loss_numbers(run: Run, record: StepRecord, *, hides_solution: bool) -> list[str]:
    """Return the losses of ``run`` at a step, and its lower bound, each with its name.

    With ``hides_solution`` the loss of least squares is no such bound.
    """
    references = run.references
    numbers = []
    if record.step:
        numbers = [
            tr("{loss} in the last minibatch").format(loss=significant(record.loss)),
            tr("moving average {loss}").format(loss=significant(record.moving_loss)),
        ]
    if (testing := run.problem.testing) is not None:
        loss = testing.loss(record.parameters)
        numbers.append(tr("{loss} for held-out examples").format(loss=significant(loss)))
    if references.noise_floor is not None:
        numbers.append(tr("noise floor {loss}").format(loss=significant(references.noise_floor)))
    elif not hides_solution:
        numbers.append(tr("least squares {loss}").format(loss=significant(references.loss)))
    return numbers or [tr("no minibatch yet")]
