"""The landscape in words and numbers: its note, its summary and its table."""

import math

import numpy as np

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.data.dataset import FloatArray
from linreg_gui.number_text import fixed, joined, significant, whole
from linreg_gui.plots.landscape_slice import Held
from linreg_gui.plots.picture_table import (
    PictureTable,
    TableColumn,
    counts,
    losses,
    numbers,
    step_note,
)
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.texts import clauses, tr

MOST_ROWS = 2_000
"""The table has no more steps of the path than this, at even distances."""


def slice_note(names: list[str], values: list[float], held: Held) -> str:
    """Say at which values of the parameters on no axis the landscape is cut."""
    at = joined(f"{name} = {fixed(value)}" for name, value in zip(names, values, strict=True))
    if held is Held.NOW:
        return tr("Drawn for {values} (now); earlier steps had other values.").format(values=at)
    if held is Held.MINE:
        return tr("Drawn for {values} (my line); the run changes that, too.").format(values=at)
    where = tr("optimum") if held is Held.OPTIMUM else tr("typed")
    return tr("Drawn for {values} ({where}); the run changes that, too.").format(
        values=at, where=where
    )


def whole_note(run: Run, coordinates: Coordinates) -> str:
    """Say where the steps go in a landscape of all the parameters."""
    if coordinates.from_trained is not None:
        if run.config.standardize:
            return tr("Training uses standardized features, so here the steps look slanted.")
        return tr("Training uses the features as they are, so here the steps look slanted.")
    if run.config.batch_size >= run.dataset.size:
        return tr("Each step goes straight down the gradient of all the examples.")
    return tr("Each step goes down the gradient of one minibatch, not of all the examples.")


def landscape_table(
    run: Run,
    coordinates: Coordinates,
    pair: tuple[int, int],
    step: int,
    names: tuple[str, str],
    guesses: ShownGuesses,
) -> PictureTable:
    """Return the marked points at ``step`` and the path, with the loss of all examples at each."""
    history = run.history
    rows = np.linspace(0, len(history) - 1, min(len(history), MOST_ROWS)).astype(np.int64)
    marked: list[tuple[str, float, FloatArray | tuple[float, ...] | None]] = [
        (tr("start"), 0, coordinates.parameters(history.start)),
        (tr("now"), step, coordinates.parameters(history.parameters_at(step))),
    ]
    if not guesses.hides_solution:
        marked.append((tr("least squares"), math.nan, coordinates.landscape.optimum))
        marked.append((tr("true"), math.nan, coordinates.true_parameters))
    marked += [
        (name, math.nan, coordinates.of_measured(line))
        for name, line in guesses.lines()
        if len(line) == len(coordinates.landscape.optimum)
    ]
    places, steps, points = zip(*(each for each in marked if each[2] is not None), strict=True)
    path = coordinates.parameters(history.parameters[:, rows])
    parameters = np.column_stack([*points, path]).astype(np.float64)
    return PictureTable(
        step_note(len(rows), history.step),
        (
            TableColumn(tr("point"), [*places, *([""] * len(rows))]),
            counts(tr("step"), np.append(steps, 1 + history.stride * rows)),
            *map(numbers, names, parameters[list(pair)]),
            losses(tr("loss, all examples"), coordinates.landscape.losses(parameters)),
        ),
    )


def landscape_summary(
    run: Run,
    coordinates: Coordinates,
    pair: tuple[int, int],
    step: int,
    names: tuple[str, str],
    *,
    hides_solution: bool,
) -> str:
    """Say with numbers what the landscape shows at ``step``; ``names`` are those of the axes.

    With ``hides_solution`` it tells neither least squares nor the true parameters.
    """

    def place(parameters: FloatArray | tuple[float, ...]) -> str:
        return joined(significant(float(parameters[index]), 4) for index in pair)

    now = coordinates.parameters(run.history.parameters_at(step))
    facts = [tr("now {place}").format(place=place(now))]
    if not hides_solution:
        best = place(coordinates.references.parameters)
        facts.append(tr("least squares {place}").format(place=best))
    start = place(coordinates.parameters(run.history.start))
    facts.append(tr("start {place}").format(place=start))
    if (truth := coordinates.true_parameters) is not None and not hides_solution:
        facts.append(tr("true {place}").format(place=place(truth)))
    loss = significant(coordinates.landscape.loss(now), 3)
    facts.append(tr("loss now {loss}").format(loss=loss))
    return tr("Landscape of {x} and {y} at step {step}: {facts}.").format(
        x=names[0], y=names[1], step=whole(step), facts=clauses(facts)
    )
