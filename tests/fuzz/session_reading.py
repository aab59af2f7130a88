"""Reads damaged sessions, and lets their runs go on where they can be read."""

import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from linreg_gui.lessons.progress import read_lesson
from linreg_gui.lessons.saved_drafts import read_draft
from linreg_gui.sessions.archive import ArchiveError
from linreg_gui.sessions.restoring import restoring
from linreg_gui.sessions.state import SessionState
from tests.fuzz.session_damage import damaged_session
from tests.saved_sessions import read

NAME = "any.linreg"


def fault_of_session(seed: int, folder: Path) -> str:
    """Return what is wrong with the answer to the file of ``seed``; empty if nothing is."""
    file = folder / NAME
    file.write_bytes(damaged_session(seed))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of zipfile, about names that come twice
            state = read(file)
    except ArchiveError as error:
        said = str(error)
        is_odd = len(said) > 300 or "\n" in said or "None" in said or NAME not in said
        return f"said: {said[:300]}" if is_odd else ""
    except Exception as error:  # noqa: BLE001 - each is a fault
        return f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    try:
        with suppress(ValueError):  # is said in a sentence
            _ = state.lesson and read_lesson(state.lesson)
        with suppress(ValueError):
            _ = state.draft and read_draft(state.draft).lesson()
        going_on(state)
        if state.lesson:
            going_on(state.lesson.window)
    except Exception as error:  # noqa: BLE001 - likewise
        return f"restoring: {type(error).__name__}: {error}".replace("\n", " ")[:300]
    return ""


def going_on(state: SessionState) -> None:
    """Restore a session, and take a step of its run."""
    restoration = restoring(state, 1)
    while True:
        try:
            next(restoration)
        except StopIteration as end:
            session, engine = end.value
            break
    if not (engine.diverged or engine.stopped):
        session.run.history.append(engine.advance(1, 1.0))


def session_faults(seeds: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield each seed whose file is not read as it should be, and what happens."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            if fault := fault_of_session(seed, Path(folder)):
                yield seed, fault
