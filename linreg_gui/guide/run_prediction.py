"""What a person expects of a run before it begins, in numbers and in words."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linreg_gui.guide.run_facts import Course, RunFacts, course_words
from linreg_gui.number_text import significant, whole
from linreg_gui.texts import tr

POINTS = 21
"""How many heights a sketch has, evenly spaced from step 0 to the planned end."""


class Topic(StrEnum):
    """What is predicted."""

    END = "end"
    STEPS = "steps"
    COURSE = "course"
    SKETCH = "sketch"


@dataclass(frozen=True)
class RunPrediction:
    """A prediction of a run. What is None is not predicted.

    Attributes
    ----------
    parameter : int
        Whose end is predicted: the index of a weight, or the number of weights for the bias.
    end : float or None
        Where it will be at the end, in the units of the data.
    level : float
        The loss over all the training examples that is waited for.
    step : int or None
        After which step it is below `level`; a step after the last one stands for "not in this
        run".
    course : Course or None
        How the run will go.
    sketch : tuple of float or None
        The loss over all the training examples at `POINTS` steps.
    is_logarithmic : bool
        Whether the sketch was drawn on a log axis.
    """

    parameter: int = 0
    end: float | None = None
    level: float = 0.01
    step: int | None = None
    course: Course | None = None
    sketch: tuple[float, ...] | None = None
    is_logarithmic: bool = True

    @property
    def topics(self) -> list[Topic]:
        """Return what is predicted."""
        given = {
            Topic.END: self.end,
            Topic.STEPS: self.step,
            Topic.COURSE: self.course,
            Topic.SKETCH: self.sketch,
        }
        return [topic for topic, value in given.items() if value is not None]


def topic_words(topic: Topic, prediction: RunPrediction, names: Sequence[str]) -> str:
    """Return what ``topic`` is about, for parameters with these names."""
    return {
        Topic.END: tr("{name} at the end").format(name=names[prediction.parameter]),
        Topic.STEPS: tr("steps until the loss is below {level}").format(
            level=significant(prediction.level)
        ),
        Topic.COURSE: tr("whether it trains"),
        Topic.SKETCH: tr("the loss, sketched"),
    }[topic]


def said_words(topic: Topic, prediction: RunPrediction, planned: int) -> str:
    """Return in words what was predicted for a run of ``planned`` steps."""
    match topic:
        case Topic.END:
            return significant(prediction.end or 0.0, 4)
        case Topic.STEPS:
            step = prediction.step or 0
            return tr("not in this run") if step > planned else whole(step)
        case Topic.COURSE:
            assert prediction.course is not None
            return course_words(prediction.course)
        case Topic.SKETCH:
            assert prediction.sketch is not None
            return tr("from {first} to {last}").format(
                first=significant(prediction.sketch[0], 2),
                last=significant(prediction.sketch[-1], 2),
            )


def happened_words(topic: Topic, prediction: RunPrediction, facts: RunFacts) -> str:
    """Return in words what happened in a run that is over."""
    match topic:
        case Topic.COURSE:
            return course_words(facts.course)
        case Topic.STEPS:
            step = facts.below(prediction.level)
            if step is None:
                return tr("not in this run")
            return whole(step) if facts.is_exact else tr("about {step}").format(step=whole(step))
        case _ if facts.diverged:
            return tr("diverged at step {step}").format(step=whole(facts.steps + 1))
        case Topic.END:
            return significant(facts.end[prediction.parameter], 4)
        case Topic.SKETCH:
            return tr("from {first} to {last}").format(
                first=significant(facts.start_loss, 2), last=significant(facts.loss, 2)
            )


def decades(value: float) -> float:
    """Return the logarithm of a loss; that of the smallest number for 0."""
    return math.log10(max(value, 1e-300))


class Shape(StrEnum):
    """A curve to choose instead of drawing one."""

    LEVELS_OFF = "levels off"
    EVEN = "even"
    TO_ZERO = "to zero"
    STAYS = "stays"
    RISES_FIRST = "rises first"
    GROWS = "grows"


def shape_words(shape: Shape) -> str:
    """Return the shape as a person chooses it."""
    return {
        Shape.LEVELS_OFF: tr("falls, then stays level"),
        Shape.EVEN: tr("falls until the end"),
        Shape.TO_ZERO: tr("falls to 0"),
        Shape.STAYS: tr("stays where it is"),
        Shape.RISES_FIRST: tr("rises first, then falls"),
        Shape.GROWS: tr("grows without end"),
    }[shape]


def shaped(shape: Shape, start: float, lowest: float) -> tuple[float, ...]:
    """Return a sketch of this shape from the loss at the start; ``lowest`` is the least loss."""
    first = decades(start)
    floor = min(decades(lowest), first - 1.0) if lowest > 0 else first - 6.0
    corners = {
        Shape.LEVELS_OFF: ((0.0, first), (0.4, floor + 0.1), (1.0, floor + 0.1)),
        Shape.EVEN: ((0.0, first), (1.0, floor + 0.1)),
        Shape.TO_ZERO: ((0.0, first), (1.0, floor - 2.0)),
        Shape.STAYS: ((0.0, first), (1.0, first)),
        Shape.RISES_FIRST: ((0.0, first), (0.1, first + 0.6), (0.5, floor + 0.1), (1.0, floor)),
        Shape.GROWS: ((0.0, first), (1.0, first + 6.0)),
    }[shape]
    return tuple(10 ** _between(corners, index / (POINTS - 1)) for index in range(POINTS))


def _between(corners: Sequence[tuple[float, float]], share: float) -> float:
    """Return the height of a line through ``corners`` at ``share``."""
    for (left, low), (right, high) in itertools.pairwise(corners):
        if share <= right:
            return low + (high - low) * (share - left) / (right - left)
    return corners[-1][1]


@dataclass(frozen=True, eq=False)
class DrawnPrediction:
    """A prediction as the pictures draw it.

    Attributes
    ----------
    prediction : RunPrediction
        What is predicted.
    is_open : bool
        Whether it can still be changed, in the pictures too.
    is_sketching : bool
        Whether the mouse draws the loss.
    facts : RunFacts or None
        What happened; None until it is compared.
    """

    prediction: RunPrediction
    is_open: bool
    is_sketching: bool = False
    facts: RunFacts | None = None
