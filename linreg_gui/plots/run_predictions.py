"""What the pictures of the parameters and of the loss draw of a prediction."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.guide.run_prediction import POINTS, DrawnPrediction, Topic, said_words
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.number_text import decimals_in, significant, whole
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.prediction_marks import Bar, Between, Handle, Mark, Outline, Ruler
from linreg_gui.plots.series import Look
from linreg_gui.runs.run import Run
from linreg_gui.texts import shortened_name, tr

_CURVE_POINTS = 201
_BEYOND_PIXELS = 14
"""A step that is not in the run is this far beyond its last one."""


def said_look(palette: Palette) -> Stroke:
    """Return the look of what a person predicted."""
    return Stroke(palette.accent, symbol="d")


def end_marks(drawn: DrawnPrediction, run: Run, look: Look) -> list[Mark]:
    """Return the marks of where a parameter, which looks like ``look``, will be at the end."""
    prediction, facts = drawn.prediction, drawn.facts
    index, last = prediction.parameter, run.configured_steps
    name = shortened_name(run.parameter_names()[index])
    if prediction.end is None:
        start, words = float(run.parameters_at(0)[index]), tr("drag: {name} at the end")
        parked = Handle(last, start, look, words.format(name=name), is_at_end=True)
        return [parked] if drawn.is_open else []
    said = tr("you: {value}").format(value=significant(prediction.end, 4))
    if facts is None or facts.diverged or not facts.is_over:
        return [Handle(last, prediction.end, look, said, is_at_end=True)]
    end = facts.end[index]
    happened = tr("{name}: {value}").format(name=name, value=significant(end, 4))
    side = 1 if prediction.end >= end else -1
    return [
        Bar((last, prediction.end), (last, end)),
        Handle(last, end, look, happened, is_filled=True, side=-side, is_at_end=True),
        Handle(last, prediction.end, look, said, side=side, is_at_end=True),
    ]


def end_at(y: float, canvas: Canvas) -> float:
    """Return the value at a height, with the decimals that a pixel is worth."""
    low, high = canvas.y_range
    return round(min(max(y, low), high), max(0, decimals_in(canvas.pixel[1])))


def loss_marks(drawn: DrawnPrediction, run: Run, canvas: Canvas, *, log: bool) -> list[Mark]:
    """Return the marks of when the loss will be below a level, and of the sketch."""
    real = _real_curve(drawn, run, log=log)
    sketch = _sketch_marks(drawn, run, real, log=log)
    return [*sketch, *real, *_step_marks(drawn, run, canvas, log=log)]


def step_at(x: float, run: Run, canvas: Canvas) -> int:
    """Return the step at a place, rounded to what a pixel is worth; one more than there are."""
    planned = run.configured_steps
    if x > planned + canvas.pixel[0]:
        return planned + 1
    unit = int(10 ** math.floor(math.log10(max(canvas.pixel[0], 1.0))))
    return min(max(1, round(x / unit) * unit), planned)


def sketched(
    sketch: Sequence[float] | None, former: QPointF, place: QPointF, run: Run, *, log: bool
) -> tuple[float, ...]:
    """Return ``sketch`` with the mouse having drawn from ``former`` to ``place``.

    The first stroke gives all of it the height at which it begins.
    """
    planned = run.configured_steps
    places = [point.x() / planned * (POINTS - 1) for point in (former, place)]
    ups = [former.y(), place.y()]
    heights = np.full(POINTS, ups[0]) if sketch is None else _heights(np.array(sketch), log=log)
    first, last = sorted(min(max(round(each), 0), POINTS - 1) for each in places)
    columns = np.arange(first, last + 1)
    order = np.argsort(places)
    heights[first : last + 1] = np.interp(columns, np.array(places)[order], np.array(ups)[order])
    values = 10.0 ** np.clip(heights, -300, 300) if log else np.maximum(heights, 0.0)
    return tuple(values.tolist())


def _step_marks(drawn: DrawnPrediction, run: Run, canvas: Canvas, *, log: bool) -> list[Mark]:
    prediction, facts = drawn.prediction, drawn.facts
    planned = run.configured_steps
    level = float(_heights(np.array([prediction.level]), log=log)[0])
    if prediction.step is None:
        if not drawn.is_open:
            return []
        words = tr("drag: below {level}").format(level=significant(prediction.level))
        return [Ruler(_muted, y=level), Handle(0, level, said_look, words)]
    beyond = planned + _BEYOND_PIXELS * canvas.pixel[0]
    said = prediction.step if prediction.step <= planned else beyond
    words = tr("you: {step}").format(step=said_words(Topic.STEPS, prediction, planned))
    marks: list[Mark] = [Ruler(_muted, y=level), Ruler(said_look, x=said)]
    happened = facts.below(prediction.level) if facts is not None else None
    if facts is not None and (facts.is_over or happened is not None):
        reached = beyond if happened is None else happened
        really = (
            tr("never below {level}").format(level=significant(prediction.level))
            if happened is None
            else tr("step {step}").format(step=whole(happened))
        )
        marks += [
            Ruler(_happened, x=reached, is_solid=True),
            Bar((said, level), (reached, level)),
            Handle(reached, level, _happened, really, is_filled=True, side=-1),
        ]
    return [*marks, Handle(said, level, said_look, words)]


def _real_curve(drawn: DrawnPrediction, run: Run, *, log: bool) -> list[Outline]:
    """Return the loss over all the examples, once it is compared with a prediction of it."""
    prediction, facts = drawn.prediction, drawn.facts
    is_of_loss = prediction.sketch is not None or prediction.step is not None
    if facts is None or not is_of_loss or not facts.steps:
        return []
    losses = np.array(facts.heights(_CURVE_POINTS))
    is_there = np.isfinite(losses)
    at = np.linspace(0, run.configured_steps, _CURVE_POINTS)[is_there]
    heights = _heights(losses[is_there], log=log)
    return [Outline(at, heights, _all_examples, tr("all examples"), is_solid=True)]


def _sketch_marks(
    drawn: DrawnPrediction, run: Run, real: Sequence[Outline], *, log: bool
) -> list[Mark]:
    sketch = drawn.prediction.sketch
    if sketch is None:
        return []
    steps = np.linspace(0, run.configured_steps, POINTS)
    said = _heights(np.array(sketch), log=log)
    between = [Between(curve.x, curve.y, np.interp(curve.x, steps, said)) for curve in real]
    return [*between, Outline(steps, said, said_look, tr("you"))]


def _heights(values: DoubleArray, *, log: bool) -> DoubleArray:
    return np.log10(np.maximum(values, 1e-300)) if log else values


def _happened(palette: Palette) -> Stroke:
    return Stroke(palette.text, symbol="d")


def _all_examples(palette: Palette) -> Stroke:
    return palette.full_gradient


def _muted(palette: Palette) -> Stroke:
    return Stroke(palette.muted)
