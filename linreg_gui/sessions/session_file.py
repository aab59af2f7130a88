"""Sessions as files. docs/session-format.md describes each part."""

import json
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from linreg_gui import __version__
from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.prediction_log import from_json as read_entries
from linreg_gui.guide.run_facts import Course
from linreg_gui.guide.run_prediction import POINTS, RunPrediction, Topic
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.history import MEMORY_LIMIT
from linreg_gui.runs.run import KEPT_BYTES
from linreg_gui.sessions.archive import Archive, ArchiveWriter
from linreg_gui.sessions.datasets import DatasetReader, DatasetWriter
from linreg_gui.sessions.fields import Fields
from linreg_gui.sessions.saved_runs import moments_values, read_moments, reading_run, writing_run
from linreg_gui.sessions.settings_fields import read_settings, settings_values
from linreg_gui.sessions.state import (
    SavedGuesses,
    SavedKeptRun,
    SavedPredictions,
    SavedRun,
    SessionState,
)
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import quoted

FORMAT = 1
"""Of the files that are written. Files of a later one are refused."""

_MOST_KEPT = 100
_COLORS = 1000
_MOST_VIEW_BYTES = 1_000_000
_MOST_DEPTH = 20


def writing_session(file: Path, state: SessionState) -> Generator[None, None, None]:
    """Write a session; yield every few milliseconds.

    Parameters
    ----------
    file : Path
        Is made, or overwritten: pass the draft of `files.replacing`.
    state : SessionState
        What to write.

    Raises
    ------
    OSError
        If the file cannot be written.
    ArchiveError
        If the session is too large.
    """
    with ArchiveWriter(file) as archive:
        yield from _writing(archive, state)


def reading_session(file: Path) -> Generator[None, None, SessionState]:
    """Read a session; yield every few milliseconds, and return it.

    Raises
    ------
    ArchiveError
        If the file cannot be read, is no session, is damaged, was saved by a newer program, or is
        too large. It is one sentence.
    """
    with Archive(file) as archive:
        return (yield from _Reader(archive).reading())


def _writing(archive: ArchiveWriter, state: SessionState) -> Generator[None, None, None]:
    datasets = DatasetWriter(archive)

    def settings(config: TrainingConfig) -> dict[str, Any]:
        return settings_values(config, datasets.number(config.data))

    archive.add_json(
        "session.json",
        {"format": FORMAT, "program": f"LinReg {__version__}", "kept_runs": len(state.kept)},
    )
    guesses, predictions = state.guesses, state.predictions
    configs = [state.settings, *(kept.run.config for kept in state.kept)]
    configs += [state.run.config] if state.run else []
    configs += [kept.config for kept in guesses.kept] if guesses else []
    configs += [predictions.locked] if predictions and predictions.locked else []
    for data in (*(config.data for config in configs), *state.drawn):
        yield from datasets.writing(data)
    archive.add_json("settings.json", settings(state.settings))
    archive.add_json("view.json", dict(state.view))
    if state.run is not None:
        more: dict[str, Any] = {
            "settings": settings(state.run.config),
            "drawn": [datasets.number(each) for each in state.drawn],
        }
        yield from writing_run(archive, "run", state.run, more)
    for place, kept in enumerate(state.kept, 1):
        yield from datasets.writing(kept.example)
        more = {
            "number": kept.number,
            "name": kept.name,
            "color": kept.color_index,
            "is_shown": kept.is_shown,
            "is_pinned": kept.is_pinned,
            "is_on_screen": kept.is_on_screen,
            "settings": settings(kept.run.config),
            "example": datasets.number(kept.example),
            "moments": moments_values(kept.moments),
            "held_out": kept.held_out and moments_values(kept.held_out),
        }
        yield from writing_run(archive, f"kept/{place}", kept.run, more)
    if guesses is not None:
        archive.add_json(
            "guesses.json",
            {
                "line": None if guesses.line is None else guesses.line.tolist(),
                "is_revealed": guesses.is_revealed,
                "draws_residuals": guesses.draws_residuals,
                "draws_squares": guesses.draws_squares,
                "kept": [
                    {
                        "parameters": kept.parameters.tolist(),
                        "settings": settings(kept.config),
                        "number": kept.number,
                        "name": kept.name,
                        "color": kept.color_index,
                        "is_shown": kept.is_shown,
                    }
                    for kept in guesses.kept
                ],
            },
        )
    if predictions is not None:
        archive.add_json(
            "predictions.json",
            {
                "prediction": asdict(predictions.prediction),
                "locked": predictions.locked and settings(predictions.locked),
                "log": [asdict(entry) for entry in predictions.entries],
                "own": predictions.own,
            },
        )


class _Reader:
    """Reads the parts of a session."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._datasets = DatasetReader(archive)

    def reading(self) -> Generator[None, None, SessionState]:
        archive = self._archive
        about = archive.read_fields("session.json")
        with archive.checking("session.json"):
            if about.count("format", 1) > FORMAT:
                raise archive.newer()
            kept_runs = about.count("kept_runs", 0, _MOST_KEPT)
        yield from self._datasets.reading()
        with archive.checking("settings.json"):
            settings = self._settings(archive.read_fields("settings.json"))
        yield
        run: SavedRun | None = None
        drawn: tuple[Dataset, ...] = ()
        if "run/run.json" in archive:
            facts = archive.read_fields("run/run.json")
            with archive.checking("run/run.json"):
                config = self._settings(facts.inside("settings"))
                drawn = self._drawn(facts, config)
            run = yield from reading_run(archive, "run", facts, config, MEMORY_LIMIT)
        kept: list[SavedKeptRun] = []
        while len(kept) < kept_runs:
            kept += [(yield from self._reading_kept_run(f"kept/{len(kept) + 1}"))]
        guesses = predictions = None
        with archive.checking("guesses.json"):
            if "guesses.json" in archive:
                guesses = self._guesses(archive.read_fields("guesses.json"))
        yield
        with archive.checking("predictions.json"):
            if "predictions.json" in archive:
                predictions = self._predictions(archive.read_fields("predictions.json"))
        yield
        view = archive.read_fields("view.json")
        if archive.parts["view.json"] > _MOST_VIEW_BYTES or _depth(view.values) > _MOST_DEPTH:
            raise archive.wrong("view.json")
        return SessionState(settings, run, drawn, tuple(kept), guesses, predictions, view.values)

    def _settings(self, facts: Fields) -> TrainingConfig:
        return read_settings(facts, self._datasets.get(facts, "data"))

    def _drawn(self, facts: Fields, config: TrainingConfig) -> tuple[Dataset, ...]:
        sizes = (
            [] if config.data else [size for size in (config.trained_on, config.held_out) if size]
        )
        numbers = facts.items("drawn")
        parts = [self._datasets.get(Fields({"drawn": number}), "drawn") for number in numbers]
        drawn = tuple(part for part in parts if part is not None)
        shapes = [part.features.shape for part in drawn]
        if len(parts) != len(sizes) or shapes != [(size, config.features) for size in sizes]:
            raise facts.wrong("drawn")
        return drawn

    def _reading_kept_run(self, folder: str) -> Generator[None, None, SavedKeptRun]:
        archive = self._archive
        facts = archive.read_fields(f"{folder}/run.json")
        yield
        with archive.checking(f"{folder}/run.json"):
            config = self._settings(facts.inside("settings"))
        run = yield from reading_run(archive, folder, facts, config, KEPT_BYTES)
        with archive.checking(f"{folder}/run.json"):
            if run.trajectory.last is None:
                raise facts.wrong("last")
            example = self._datasets.get(facts, "example")
            if example is None or (example.dimension, example.size) != (config.features, 1):
                raise facts.wrong("example")
            held_out = facts.optional(
                "held_out", lambda name: read_moments(facts.inside(name), config.features)
            )
            return SavedKeptRun(
                run=run,
                is_on_screen=facts.flag("is_on_screen"),
                example=example,
                moments=read_moments(facts.inside("moments"), config.features),
                held_out=held_out,
                number=facts.count("number", 1),
                name=quoted(facts.text("name")),
                color_index=facts.count("color", 0, _COLORS),
                is_shown=facts.flag("is_shown"),
                is_pinned=facts.flag("is_pinned"),
            )

    def _guesses(self, facts: Fields) -> SavedGuesses:
        kept = []
        for each in facts.each_inside("kept"):
            config = self._settings(each.inside("settings"))
            guess = KeptGuess(
                parameters=each.numbers("parameters", config.features + 1),
                config=config,
                number=each.count("number", 1),
                color_index=each.count("color", 0, _COLORS),
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

    def _predictions(self, facts: Fields) -> SavedPredictions:
        locked = facts.optional("locked", lambda name: self._settings(facts.inside(name)))
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
        entries = read_entries(json.dumps(facts.items("log")))
        if len(entries) != len(facts.items("log")):
            raise facts.wrong("log")
        own = facts.inside("own")
        return SavedPredictions(
            prediction=prediction,
            locked=locked,
            entries=tuple(entries),
            own={
                topic: own.count(topic, 0, len(entries) - 1)
                for topic in Topic
                if topic in own.values
            },
        )


def _depth(values: Any) -> int:
    """Return how many lists and objects are in one another."""
    depth, level = 0, [values]
    while level:
        depth += 1
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
    return depth
