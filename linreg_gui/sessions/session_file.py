"""Sessions as files. docs/session-format.md describes each part."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from linreg_gui import __version__
from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.history import MEMORY_LIMIT
from linreg_gui.runs.run import KEPT_BYTES
from linreg_gui.sessions.archive import Archive, ArchiveWriter
from linreg_gui.sessions.datasets import DatasetReader, DatasetWriter
from linreg_gui.sessions.fields import Fields
from linreg_gui.sessions.json_parts import (
    MOST_COLORS,
    guesses_values,
    predictions_values,
    read_guesses,
    read_predictions,
    read_settings,
    read_sweep,
    settings_values,
    sweep_values,
)
from linreg_gui.sessions.saved_runs import moments_values, read_moments, reading_run, writing_run
from linreg_gui.sessions.state import (
    SavedDraft,
    SavedKeptRun,
    SavedLesson,
    SavedRun,
    SessionState,
)
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.texts import quoted

FORMAT = 1
"""Of the files that are written. Files of a later one are refused."""

_IN_LESSON = "lesson/"
"""Where the parts are of what the window has in a lesson."""
_MOST_KEPT = 100
_MOST_VIEW_BYTES = 1_000_000
_MOST_DEPTH = 20

_Part = TypeVar("_Part")


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
        yield from _Writer(archive).writing(state)


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


class _Writer:
    """Writes the parts of a session."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._datasets = DatasetWriter(archive)

    def writing(self, state: SessionState) -> Generator[None, None, None]:
        archive, lesson, draft = self._archive, state.lesson, state.draft
        archive.add_json(
            "session.json",
            {"format": FORMAT, "program": f"LinReg {__version__}", "kept_runs": len(state.kept)},
        )
        yield from self._writing_window("", state)
        if lesson is not None:
            yield from self._writing_lesson(lesson)
        if draft is not None:
            settings = yield from self._writing_settings(draft.settings)
            archive.add_json("draft.json", {**draft.values, "settings": settings})

    def _writing_window(self, folder: str, state: SessionState) -> Generator[None, None, None]:
        """Write all but the lesson and the draft."""
        archive, datasets, settings = self._archive, self._datasets, self._settings
        guesses, predictions = state.guesses, state.predictions
        configs = [state.settings, *(kept.run.config for kept in state.kept)]
        configs += [state.run.config] if state.run else []
        configs += [kept.config for kept in guesses.kept] if guesses else []
        configs += [predictions.locked] if predictions and predictions.locked else []
        for data in (*(config.data for config in configs), *state.drawn):
            yield from datasets.writing(data)
        archive.add_json(f"{folder}settings.json", settings(state.settings))
        archive.add_json(f"{folder}view.json", dict(state.view))
        if state.run is not None:
            more: dict[str, Any] = {
                "settings": settings(state.run.config),
                "drawn": [datasets.number(each) for each in state.drawn],
            }
            yield from writing_run(archive, f"{folder}run", state.run, more)
        for place, kept in enumerate(state.kept, 1):
            yield from datasets.writing(kept.example)
            more = _kept_values(kept) | {
                "settings": settings(kept.run.config),
                "example": datasets.number(kept.example),
            }
            yield from writing_run(archive, f"{folder}kept/{place}", kept.run, more)
        if guesses is not None:
            archive.add_json(f"{folder}guesses.json", guesses_values(guesses, settings))
        if predictions is not None:
            values = predictions_values(predictions, settings)
            archive.add_json(f"{folder}predictions.json", values)
        if state.sweep is not None:
            archive.add_json(f"{folder}sweep.json", sweep_values(state.sweep))

    def _writing_lesson(self, lesson: SavedLesson) -> Generator[None, None, None]:
        for table in lesson.tables:
            yield from self._datasets.writing(table)
        self._archive.add("lesson.md", lesson.text.encode())
        yield from self._writing_window(_IN_LESSON, lesson.window)
        values = {
            "settings": self._settings(lesson.window.settings),  # an early program wants them here
            "tables": [self._datasets.number(table) for table in lesson.tables],
            "progress": lesson.progress,
            "kept_runs": len(lesson.window.kept),
        }
        self._archive.add_json("lesson.json", values)

    def _writing_settings(
        self, configs: Iterable[TrainingConfig]
    ) -> Generator[None, None, list[dict[str, Any]]]:
        """Write the datasets of ``configs``, and return their values."""
        for config in configs:
            yield from self._datasets.writing(config.data)
        return [self._settings(config) for config in configs]

    def _settings(self, config: TrainingConfig) -> dict[str, Any]:
        return settings_values(config, self._datasets.number(config.data))


def _kept_values(kept: SavedKeptRun) -> dict[str, Any]:
    return {
        "number": kept.number,
        "name": kept.name,
        "color": kept.color_index,
        "is_shown": kept.is_shown,
        "is_pinned": kept.is_pinned,
        "is_on_screen": kept.is_on_screen,
        "moments": moments_values(kept.moments),
        "held_out": kept.held_out and moments_values(kept.held_out),
    }


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
        state = yield from self._reading_window("", kept_runs)
        lesson = (yield from self._reading_lesson()) if "lesson.json" in archive else None
        yield
        return replace(state, lesson=lesson, draft=self._part("draft.json", self._draft))

    def _reading_window(self, folder: str, kept_runs: int) -> Generator[None, None, SessionState]:
        """Read all but the lesson and the draft."""
        archive = self._archive
        name = f"{folder}settings.json"
        with archive.checking(name):
            settings = self._settings(archive.read_fields(name))
        yield
        run: SavedRun | None = None
        drawn: tuple[Dataset, ...] = ()
        name = f"{folder}run/run.json"
        if name in archive:
            facts = archive.read_fields(name)
            with archive.checking(name):
                config = self._settings(facts.inside("settings"))
                drawn = self._drawn(facts, config)
            run = yield from reading_run(archive, f"{folder}run", facts, config, MEMORY_LIMIT)
        kept: list[SavedKeptRun] = []
        while len(kept) < kept_runs:
            kept += [(yield from self._reading_kept_run(f"{folder}kept/{len(kept) + 1}"))]
        guesses = self._part(f"{folder}guesses.json", partial(read_guesses, read=self._settings))
        yield
        name = f"{folder}predictions.json"
        predictions = self._part(name, partial(read_predictions, read=self._settings))
        yield
        sweep = self._part(f"{folder}sweep.json", read_sweep)
        name = f"{folder}view.json"
        view = archive.read_fields(name)
        if archive.parts[name] > _MOST_VIEW_BYTES or _depth(view.values) > _MOST_DEPTH:
            raise archive.wrong(name)
        return SessionState(
            settings=settings,
            run=run,
            drawn=drawn,
            kept=tuple(kept),
            guesses=guesses,
            predictions=predictions,
            sweep=sweep,
            view=view.values,
        )

    def _part(self, name: str, read: Callable[[Fields], _Part]) -> _Part | None:
        """Return what ``read`` finds in a part that may be missing."""
        with self._archive.checking(name):
            return read(self._archive.read_fields(name)) if name in self._archive else None

    def _settings(self, facts: Fields) -> TrainingConfig:
        return read_settings(facts, self._datasets.get(facts, "data"))

    def _drawn(self, facts: Fields, config: TrainingConfig) -> tuple[Dataset, ...]:
        sizes = (
            [] if config.data else [size for size in (config.trained_on, config.held_out) if size]
        )
        parts = self._all_data(facts, "drawn")
        drawn = tuple(part for part in parts if part is not None)
        shapes = [part.features.shape for part in drawn]
        if len(parts) != len(sizes) or shapes != [(size, config.features) for size in sizes]:
            raise facts.wrong("drawn")
        return drawn

    def _all_data(self, facts: Fields, name: str) -> list[Dataset | None]:
        return [self._datasets.get(Fields({name: each}), name) for each in facts.items(name)]

    def _reading_lesson(self) -> Generator[None, None, SavedLesson]:
        archive = self._archive
        facts = archive.read_fields("lesson.json")
        with archive.checking("lesson.json"):
            tables = self._all_data(facts, "tables")
            progress = facts.inside("progress").values
            is_whole = "kept_runs" in facts.values  # else an early program wrote the settings only
            kept_runs = facts.count("kept_runs", 0, _MOST_KEPT) if is_whole else 0
            settings = DEFAULTS if is_whole else self._settings(facts.inside("settings"))
        window = SessionState(settings)
        if is_whole:
            window = yield from self._reading_window(_IN_LESSON, kept_runs)
        return SavedLesson(
            text=archive.read_text("lesson.md"),
            tables=tuple(table for table in tables if table is not None),
            window=window,
            progress=progress,
        )

    def _draft(self, facts: Fields) -> SavedDraft:
        settings = tuple(map(self._settings, facts.each_inside("settings")))
        return SavedDraft(facts.values, settings)

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
                color_index=facts.count("color", 0, MOST_COLORS),
                is_shown=facts.flag("is_shown"),
                is_pinned=facts.flag("is_pinned"),
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
