"""How a prediction of a run compares with what happened, and which wrong idea is behind it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from linreg_gui.guide.questions import Verdict
from linreg_gui.guide.run_facts import Course, RunFacts
from linreg_gui.guide.run_prediction import (
    POINTS,
    RunPrediction,
    Topic,
    decades,
    happened_words,
    said_words,
)
from linreg_gui.number_text import rounded_down, significant, whole
from linreg_gui.texts import in_quotes, paragraph, tr, trn

_NEAR, _OF_VALUE = 0.1, 0.02
"""A parameter's end may be off by this share of its way to least squares, or of its value."""
_TIMES, _OF_STEPS = 1.5, 0.03
"""A number of steps may be off by this factor, or by this share of the run."""
_DECADES, _OF_HEIGHT = 0.5, 0.1
"""A sketch may be off by this on average: on a log axis, and as a share of the highest loss."""
_CLEARLY = 0.15
"""Decades that count as a change of the loss."""
_MOST_DECADES = 300.0
_LARGE = 0.25
"""A rate above this share of the reliable limit cannot be raised much."""


def judge(topic: Topic, prediction: RunPrediction, facts: RunFacts) -> Verdict:
    """Compare one prediction with the run. A run that was stopped leaves open what it did not show.

    Wrong predictions are answered with the idea that is likely to be behind them, and with why it
    fails; the sentences contain the numbers of the run.
    """
    is_known = topic is Topic.STEPS and facts.below(prediction.level) is not None
    if not facts.is_over and not is_known:
        words = tr("The run has not come to its end: it is at step {step} of {planned}.")
        return Verdict(None, words.format(step=whole(facts.steps), planned=whole(facts.planned)))
    judge_topic = {
        Topic.END: _judge_end,
        Topic.STEPS: _judge_steps,
        Topic.COURSE: _judge_course,
        Topic.SKETCH: _judge_sketch,
    }[topic]
    idea = judge_topic(prediction, facts)
    said = said_words(topic, prediction, facts.planned)
    happened = happened_words(topic, prediction, facts)
    if topic is Topic.COURSE:  # sentences, with signs of their own
        said, happened = in_quotes(said), in_quotes(happened)
    words = tr("You said: {said}. It was: {happened}.").format(said=said, happened=happened)
    if idea is None:
        return Verdict(is_right=True, words=words)
    return Verdict(is_right=False, words=paragraph(words, idea.why), idea=idea.name)


class _Idea(NamedTuple):
    """A wrong idea, and why it fails here."""

    name: str
    why: str


def _diverged_words(facts: RunFacts) -> str:
    """Say why a run diverged."""
    limits, rate = facts.run.limits, facts.run.config.learning_rate
    if rate <= limits.reliable:
        return tr(
            "The numbers became too large to compute with, although this rate trains here: the "
            "start is too far away, or the data is too large."
        )
    return tr(
        "A step that is too long lands on the other side of the valley, higher up than it began. "
        "With these examples and batches, rates up to {stable} train reliably."
    ).format(stable=rounded_down(limits.reliable))


def end_tolerance(prediction: RunPrediction, facts: RunFacts) -> float:
    """Return how far off the end of a parameter may be."""
    start, best = facts.start[prediction.parameter], facts.optimum[prediction.parameter]
    return max(_NEAR * abs(best - start), _OF_VALUE * abs(best), 1e-9)


def _judge_end(prediction: RunPrediction, facts: RunFacts) -> _Idea | None:
    index, said = prediction.parameter, prediction.end or 0.0
    if facts.diverged:
        return _Idea(tr("every run ends somewhere"), _diverged_words(facts))
    near = end_tolerance(prediction, facts)
    if abs(said - facts.end[index]) <= near:
        return None
    if abs(facts.end[index] - facts.optimum[index]) <= near:
        return _end_at_least_squares(said, index, near, facts)
    way = facts.optimum[index] - facts.start[index]
    name = tr("the steps add up faster")
    if abs(said - facts.optimum[index]) <= near:
        name = tr("training always arrives")
    elif (said - facts.end[index]) * way < 0:
        name = tr("the steps add up more slowly")
    why = trn(
        "A step is only the learning rate times the gradient. {steps} such step took {parameter} "
        "{percent}% of its way to least squares, {best}.",
        "A step is only the learning rate times the gradient. {steps} such steps took {parameter} "
        "{percent}% of its way to least squares, {best}.",
        facts.steps,
    )
    return _Idea(
        name,
        why.format(
            steps=whole(facts.steps),
            parameter=facts.run.parameter_names()[index],
            percent=round(100 * (facts.end[index] - facts.start[index]) / way) if way else 0,
            best=significant(facts.optimum[index], 4),
        ),
    )


def _end_at_least_squares(said: float, index: int, near: float, facts: RunFacts) -> _Idea:
    start, best = facts.start[index], facts.optimum[index]
    if facts.truth and abs(facts.truth[index] - best) > near >= abs(said - facts.truth[index]):
        name = tr("training finds the true values")
        why = tr(
            "Training sees only the examples, noise included. It finds what fits them best, "
            "{best}, and not the true value, {truth}."
        )
    elif (said - best) * (best - start) > 0:
        name = tr("it moves on past the optimum")
        why = tr(
            "Beyond the least-squares value, {best}, the gradient has the other sign and pushes it "
            "back."
        )
    elif (said - start) * (best - start) < 0:
        name = tr("it moves away from the optimum")
        why = tr("A step goes down the gradient: in the long run, toward least squares, {best}.")
    else:
        name = tr("small steps do not add up")
        why = tr(
            "It moves until its gradient is 0, and that is at least squares, {best}. It stayed "
            "near it from step {step} on."
        )
    return _Idea(
        name,
        why.format(
            best=significant(best, 4),
            truth=significant(facts.truth[index], 4) if facts.truth else "",
            step=whole(facts.within(index, near)),
        ),
    )


def _judge_steps(prediction: RunPrediction, facts: RunFacts) -> _Idea | None:
    said, happened = prediction.step or 0, facts.below(prediction.level)
    says_never = said > facts.planned
    if happened is None:
        return None if says_never else _never_below(prediction.level, facts)
    by_factor = happened / _TIMES <= said <= happened * _TIMES
    if not says_never and (by_factor or abs(said - happened) <= _OF_STEPS * facts.planned):
        return None
    if said < happened:
        words = tr(
            "The loss falls fast only at first. Nearer to the optimum the gradient is smaller, and "
            "so is each step: from 1 to 0.1 takes about as long as from 10 to 1."
        )
        return _Idea(tr("the first speed goes on"), words)
    words = tr(
        "Far from the optimum the gradient is large, and so are the steps. Half of what the loss "
        "can lose was gone after step {step}."
    )
    half = facts.below((facts.start_loss + facts.best) / 2) or 0
    return _Idea(tr("training takes all its steps"), words.format(step=whole(half)))


def _never_below(level: float, facts: RunFacts) -> _Idea:
    if facts.best >= level:
        name = tr("with enough steps, any loss can be reached")
        why = tr(
            "No line gets below {best} on these examples: the rest is noise. No number of steps "
            "changes that."
        )
    elif facts.diverged:
        return _Idea(tr("every run learns"), _diverged_words(facts))
    elif facts.still_falls or facts.course is Course.SLOW:
        name = tr("training always arrives")
        why = tr(
            "The loss was still {loss} at the end. A step is only the learning rate times the "
            "gradient, and {steps} of them were not enough."
        )
    else:
        name = tr("more steps always help")
        why = tr(
            "The loss stays near {loss}, because each minibatch pulls in a slightly different "
            "direction. A smaller rate or larger batches would help."
        )
    numbers = {
        "best": significant(facts.best),
        "loss": significant(facts.loss),
        "steps": whole(facts.steps),
    }
    return _Idea(name, why.format(**numbers))


def _judge_course(prediction: RunPrediction, facts: RunFacts) -> _Idea | None:
    said, happened = prediction.course, facts.course
    if said is happened:
        return None
    if happened is Course.DIVERGES:
        return _Idea(tr("a larger rate only makes it faster"), _diverged_words(facts))
    if happened is Course.SLOW:
        name = tr("training always arrives")
        why = trn(
            "The direction was right, but the steps were too short: after {steps} step the loss "
            "was {loss}, and least squares has {best}. Rates up to {stable} train reliably here.",
            "The direction was right, but the steps were too short: after {steps} steps the loss "
            "was {loss}, and least squares has {best}. Rates up to {stable} train reliably here.",
            facts.steps,
        )
        if facts.run.config.learning_rate > _LARGE * facts.run.limits.reliable:
            why = trn(
                "In its flat directions, the loss has a gradient that is too small for {steps} "
                "step: it was {loss} at the end, and least squares has {best}. A much larger rate "
                "would diverge. More epochs help, or standardized features.",
                "In its flat directions, the loss has a gradient that is too small for {steps} "
                "steps: it was {loss} at the end, and least squares has {best}. A much larger rate "
                "would diverge. More epochs help, or standardized features.",
                facts.steps,
            )
        if facts.run.is_stopped:
            name = tr("a stop rule waits until the run gets there")
            why = tr(
                "Your stop rule ended the run at step {steps}. The loss was {loss} then, and least "
                "squares has {best}."
            )
    elif happened is Course.RESTLESS:
        name = tr("each step improves the model")
        why = tr(
            "Each minibatch pulls in a slightly different direction. With this rate these pulls "
            "keep the loss near {loss}, and least squares has {best}. A smaller rate or larger "
            "batches calm it."
        )
    elif said is Course.SLOW:
        name = tr("a small rate is always too slow")
        why = tr(
            "The steps are short, but there are {steps} of them: the loss came to {loss}, and "
            "least squares has {best}."
        )
    else:
        name = tr("a rate is dangerous by its size alone")
        why = tr(
            "How large a rate may be depends on the examples and the batches. Here rates up to "
            "{stable} train reliably."
        )
    return _Idea(
        name,
        why.format(
            stable=rounded_down(facts.run.limits.reliable),
            loss=significant(facts.loss),
            best=significant(facts.best),
            steps=whole(facts.steps),
        ),
    )


def sketch_gap(prediction: RunPrediction, facts: RunFacts) -> float:
    """Return how far a sketch is off on average: in decades, or as a share of the highest loss."""
    assert prediction.sketch is not None
    pairs = [
        (said, height)
        for said, height in zip(prediction.sketch, facts.heights(POINTS), strict=True)
        if math.isfinite(height)
    ]
    if prediction.is_logarithmic:
        gaps = [abs(decades(said) - decades(height)) for said, height in pairs]
    else:
        top = max(height for _, height in pairs) or 1.0
        gaps = [abs(said - height) / top for said, height in pairs]
    return sum(gaps) / len(gaps)


def _judge_sketch(prediction: RunPrediction, facts: RunFacts) -> _Idea | None:
    sketch = prediction.sketch
    assert sketch is not None
    if facts.diverged:
        grows = decades(sketch[-1]) > decades(sketch[0]) + 1
        return None if grows else _Idea(tr("the loss always falls"), _diverged_words(facts))
    idea = _other_course(prediction, facts)
    gap = sketch_gap(prediction, facts)
    if idea is None and gap <= (_DECADES if prediction.is_logarithmic else _OF_HEIGHT):
        return None
    if prediction.is_logarithmic:
        words = tr("On average, your curve is off by a factor of {times}.").format(
            times=significant(10 ** min(gap, _MOST_DECADES), 2)
        )
    else:
        words = tr("On average, your curve is off by {percent}% of the highest loss.").format(
            percent=round(100 * gap)
        )
    idea = idea or _other_speed(sketch, facts)
    return idea._replace(why=paragraph(words, idea.why))


def _other_course(prediction: RunPrediction, facts: RunFacts) -> _Idea | None:
    """Return the idea of a sketch that goes another way than the loss, however near it is."""
    said, real = _on_log_axis(prediction.sketch or (), facts)
    if max(said[: POINTS // 2]) > said[0] + _CLEARLY and max(real) <= real[0] + _CLEARLY:
        why = tr(
            "Only the moving average rises first, because it starts at 0. The loss itself falls "
            "from the first steps on."
        )
        return _Idea(tr("the loss rises first"), why)
    # On a linear axis, nobody can tell one small loss from another.
    is_lower = prediction.is_logarithmic and said[-1] < real[-1] - _DECADES
    if is_lower and facts.loss <= 2 * facts.best:
        why = tr("It ends at {loss}: the noise in the examples stays, whatever the line.")
        return _Idea(tr("the loss goes to 0"), why.format(loss=significant(facts.loss, 2)))
    if said[-1] > said[0] - _CLEARLY > real[-1]:
        why = tr("Each step goes down the gradient, so the loss falls as long as there is one.")
        return _Idea(tr("the loss stays where it is"), why)
    return None


def _other_speed(sketch: Sequence[float], facts: RunFacts) -> _Idea:
    """Return the idea of a sketch that falls sooner or later than the loss."""
    said, real = _on_log_axis(sketch, facts)
    middle = (real[0] + real[-1]) / 2
    if _first_below(said, middle) > _first_below(real, middle):
        why = tr("It falls fastest at the beginning, where the gradient is large.")
        return _Idea(tr("the loss falls evenly"), why)
    why = tr("A step is only the learning rate times the gradient. Here it takes more of them.")
    return _Idea(tr("the loss falls at once"), why)


def _on_log_axis(sketch: Sequence[float], facts: RunFacts) -> tuple[list[float], list[float]]:
    """Return the logarithms of a sketch and of the loss, as far as the run went."""
    real = [decades(height) for height in facts.heights(POINTS) if math.isfinite(height)]
    return [decades(height) for height in sketch[: len(real)]], real


def _first_below(curve: Sequence[float], level: float) -> int:
    return next((index for index, height in enumerate(curve) if height <= level), POINTS)
