"""What is JSON alone: settings, guesses, predictions, and the sweep.

Each has a function that returns its values, and one that reads them again. ``read`` and ``write``
do that for settings with their data.
"""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from linreg_gui.data.dataset import MAX_FEATURES, Dataset
from linreg_gui.guide.prediction_log import as_values, read_entries
from linreg_gui.guide.run_facts import Course
from linreg_gui.guide.run_prediction import POINTS, RunPrediction, Topic
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.sweep import MOST_VALUES, SweepPoint
from linreg_gui.sessions.fields import LARGEST_WHOLE, Fields
from linreg_gui.sessions.state import SavedGuesses, SavedPredictions, SavedSweep
from linreg_gui.settings import (
    DEFAULTS,
    Choice,
    SettingError,
    TrainingConfig,
    setting_of,
    settings,
)
from linreg_gui.tellings import with_tellings
from linreg_gui.texts import quoted

MOST_COLORS = 1000

WriteSettings = Callable[[TrainingConfig], dict[str, Any]]
ReadSettings = Callable[[Fields], TrainingConfig]


def guesses_values(guesses: SavedGuesses, write: WriteSettings) -> dict[str, Any]:
    """Return the lines drawn by hand as `read_guesses` reads them."""
    return {
        "line": None if guesses.line is None else guesses.line.tolist(),
        "is_revealed": guesses.is_revealed,
        "draws_residuals": guesses.draws_residuals,
        "draws_squares": guesses.draws_squares,
        "kept": [
            {
                "parameters": kept.parameters.tolist(),
                "settings": write(kept.config),
                "number": kept.number,
                "name": kept.name,
                "color": kept.color_index,
                "is_shown": kept.is_shown,
            }
            for kept in guesses.kept
        ],
    }


def read_guesses(facts: Fields, read: ReadSettings) -> SavedGuesses:
    """Return the lines drawn by hand."""
    kept = []
    for each in facts.each_inside("kept"):
        config = read(each.inside("settings"))
        guess = KeptGuess(
            parameters=each.numbers("parameters", config.features + 1),
            config=config,
            number=each.count("number", 1),
            color_index=each.count("color", 0, MOST_COLORS),
            name=quoted(each.text("name")),
            is_shown=each.flag("is_shown"),
        )
        kept.append(guess)
    return SavedGuesses(
        line=facts.optional("line", lambda name: facts.numbers(name, -1)),
        kept=tuple(kept),
        is_revealed=facts.flag("is_revealed"),
        draws_residuals=facts.flag("draws_residuals"),
        draws_squares=facts.flag("draws_squares"),
    )


def predictions_values(predictions: SavedPredictions, write: WriteSettings) -> dict[str, Any]:
    """Return what was predicted as `read_predictions` reads it."""
    return {
        "prediction": asdict(predictions.prediction),
        "locked": predictions.locked and write(predictions.locked),
        "log": as_values(predictions.entries),
        "own": predictions.own,
    }


def read_predictions(facts: Fields, read: ReadSettings) -> SavedPredictions:
    """Return what was predicted."""
    locked = facts.optional("locked", lambda name: read(facts.inside(name)))
    given = facts.inside("prediction")
    sketch = given.optional("sketch", lambda name: given.numbers(name, POINTS))
    prediction = RunPrediction(
        parameter=given.count("parameter", 0, 10),
        end=given.optional("end", given.number),
        level=given.number("level"),
        step=given.optional("step", given.count),
        course=given.optional("course", lambda name: given.choice(name, Course)),
        sketch=None if sketch is None else tuple(sketch.tolist()),
        is_logarithmic=given.flag("is_logarithmic"),
    )
    entries = read_entries(facts.items("log"))
    if len(entries) != len(facts.items("log")):
        raise facts.wrong("log")
    own = facts.inside("own")
    return SavedPredictions(
        prediction=prediction,
        locked=locked,
        entries=tuple(entries),
        own={
            topic: own.count(topic, 0, len(entries) - 1) for topic in Topic if topic in own.values
        },
    )


def sweep_values(sweep: SavedSweep) -> dict[str, Any]:
    """Return the sweep as `read_sweep` reads it."""
    points = [
        with_tellings(asdict(point)) | {"loss": _finite(point.loss)} for point in sweep.points
    ]
    return {"setting": sweep.name, "values": sweep.values, "points": points}


def _finite(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None


def read_sweep(facts: Fields) -> SavedSweep:
    """Return the sweep."""
    name = facts.text("setting")
    default = getattr(DEFAULTS, name, None)
    is_number = isinstance(default, int | float) and name in dict(settings())
    if not is_number or not setting_of(name).sweep:
        raise facts.wrong("setting")
    kind = type(default)
    values = tuple(map(kind, facts.numbers("values", -1).tolist()))
    if [*values] != [*facts.items("values")] or [*values] != sorted(set(values)):
        raise facts.wrong("values")
    for value in values:
        setting_of(name).check(value)
    points = facts.each_inside("points")
    if not 0 < len(points) <= len(values) <= MOST_VALUES:
        raise facts.wrong("points")
    return SavedSweep(name, values, tuple(map(_sweep_point, range(len(points)), points)))


def _sweep_point(index: int, facts: Fields) -> SweepPoint:
    loss = facts.optional("loss", facts.number)
    return SweepPoint(
        index=index,
        steps=facts.count("steps", 0),
        loss=math.inf if loss is None else loss,
        distance=facts.number("distance"),
        least_squares_loss=facts.number("least_squares_loss"),
        diverged=facts.flag("diverged"),
        messages=facts.sentences("messages"),
        stopped=facts.flag("stopped"),
    )


def settings_values(config: TrainingConfig, data: int | None) -> dict[str, Any]:
    """Return the values as `read_settings` reads them; ``data`` is the number of the dataset."""
    return {name: getattr(config, name) for name, _ in settings()} | {"data": data}


def read_settings(facts: Fields, data: Dataset | None) -> TrainingConfig:
    """Return the settings, which have passed every check.

    Raises
    ------
    WrongPartError
        If one is missing, of another type, or out of its limits.
    """
    values: dict[str, Any] = {"data": data}
    for name, _ in settings():
        default = getattr(DEFAULTS, name)
        if name == "data":
            continue
        if isinstance(default, Choice):
            values[name] = facts.choice(name, type(default))
        elif isinstance(default, bool):
            values[name] = facts.flag(name)
        elif isinstance(default, int):
            values[name] = facts.count(name, 0, LARGEST_WHOLE)
        elif isinstance(default, float):
            values[name] = facts.number(name)
        else:
            values[name] = tuple(facts.numbers(name, -1).tolist())
            if not 1 <= len(values[name]) <= MAX_FEATURES:
                raise facts.wrong(name)
    try:
        return TrainingConfig(**values)
    except SettingError as error:
        raise facts.wrong(error.name) from None
