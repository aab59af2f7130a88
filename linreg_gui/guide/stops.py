"""The stops of the guide, read from their Markdown files."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from linreg_gui.anatomy.step_trace import lesson_source
from linreg_gui.guide.blocks import (
    check_python,
    naming_file,
    prose,
    question_of,
    read_files,
    sections_of,
)
from linreg_gui.guide.questions import Answer, Question
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.resources import resource_path
from linreg_gui.settings import settings
from linreg_gui.texts import tr

MAX_LINES = 200
"""How many lines of an output are kept."""


class Highlight(StrEnum):
    """What of a step a stop wants the pictures to highlight."""

    MINIBATCH = "minibatch"
    GRADIENT = "gradient"


@dataclass(frozen=True)
class StageWish:
    """A picture that should be on the stage.

    Attributes
    ----------
    picture : str
        The picture's name.
    view : str
        Which of its views; empty for the one it has.
    """

    picture: str
    view: str = ""


@dataclass(frozen=True, kw_only=True)
class WindowWishes:
    """What should be in sight in the window.

    Attributes
    ----------
    stage : StageWish or None
        The picture that is wanted on the stage.
    highlight : Highlight or None
        What the pictures should highlight.
    settings : tuple of str
        The settings that are wanted in sight.
    predicts : tuple of Topic
        What of the window's run a person is asked to predict.
    """

    stage: StageWish | None = None
    highlight: Highlight | None = None
    settings: tuple[str, ...] = ()
    predicts: tuple[Topic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stop(WindowWishes):
    """One stop of the guide.

    Attributes
    ----------
    name : str
        The name of its file, without the suffix.
    title : str
        Its heading.
    opening, bridge, afterwards : str
        Markdown before the lesson's lines, between them and its own, and after the run.
    functions : tuple of str
        Functions of `linreg_gui.lesson` whose source it shows.
    lines : str
        The lines it runs.
    kept : str
        Those of its lines that later stops build on.
    question : Question or None
        The question asked before.
    trains : bool
        Whether its lines are the training of the window: then the window's run stands for them.
    """

    name: str
    title: str
    opening: str
    bridge: str
    afterwards: str
    functions: tuple[str, ...]
    lines: str
    kept: str
    question: Question | None
    trains: bool = False


@dataclass(frozen=True)
class StopOutput:
    """The output of a stop so far, and at the end the right answer.

    Attributes
    ----------
    text : str
        The lines it has printed.
    seed : int
        The seed of the run.
    happened : Answer or None
        The right answer; None until the stop is over.
    """

    text: str
    seed: int
    happened: Answer | None = None


def cut_short(text: str) -> str:
    """Return ``text``; of a longer one its first `MAX_LINES` lines, and a line that says so."""
    if text.count("\n") <= MAX_LINES:
        return text
    cut = tr("… only {most} lines are shown.").format(most=MAX_LINES)
    return "\n".join([*text.split("\n")[:MAX_LINES], cut])


def read_stops(folder: Path | None = None) -> tuple[Stop, ...]:
    """Read the stops, in the order of their file names.

    Raises
    ------
    ValueError
        With a sentence that names the file and what is wrong with it.
    """
    return read_files(folder or resource_path("lesson"), parse_stop)


def lesson_lines(functions: Sequence[str]) -> str:
    """Return the source of functions of the lesson, without importing it, so without MXNet.

    Raises
    ------
    ValueError
        If the lesson has no such function.
    """
    found = _functions_in(lesson_source())
    if missing := [name for name in functions if name not in found]:
        raise ValueError(f"the lesson has no function {missing[0]}")
    return "\n\n\n".join(found[name] for name in functions)


@cache
def _functions_in(source: str) -> dict[str, str]:
    """Return the source of each function. To find it takes longer than to show it."""
    lines = source.split("\n")
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


@naming_file
def parse_stop(name: str, text: str) -> Stop:
    """Read one stop from its Markdown; raise ``ValueError`` as `read_stops` does."""
    (_, above), *sections = sections_of(text)
    if above or not sections or not sections[0][0].startswith("# "):
        raise ValueError("it must begin with a heading of the first level")
    title, blocks = sections[0]
    window_lines = "".join(block.text for block in blocks if block.info == "window").splitlines()
    trains = "run: window" in window_lines
    wishes = window_wishes([line for line in window_lines if line != "run: window"])
    fences = [block for block in blocks if block.info not in {"", "window"}]
    if unknown := [each.info for each in fences if each.info not in _INFOS]:
        raise ValueError(f"a block cannot be “{unknown[0]}” here; it can be {', '.join(_INFOS)}")
    functions = tuple("".join(each.text for each in fences if each.info == "lesson").split())
    lesson_lines(functions)
    python = [each for each in fences if each.info != "lesson"]
    if not python:
        raise ValueError("it has no block of Python")
    for each in python:
        check_python(each.text)
    first_fence = blocks.index(fences[0])
    question, afterwards = None, ""
    for _, section in sections[1:]:
        if any(block.info == "answer" for block in section):
            question = question_of(section)
        else:
            afterwards = prose(section)
    return Stop(
        name=name,
        title=title.removeprefix("# "),
        opening=prose(blocks[:first_fence]),
        bridge=prose(blocks[first_fence:]),
        afterwards=afterwards,
        functions=functions,
        lines="\n".join(each.text for each in python),
        kept="".join(each.text for each in python if each.info == "python keep"),
        question=question,
        trains=trains,
        **wishes,
    )


_INFOS = ("lesson", "python", "python keep")


def window_wishes(lines: Sequence[str]) -> dict[str, Any]:
    """Return the fields of `WindowWishes` that the lines of a block ``window`` give.

    Raises
    ------
    ValueError
        With the end of a sentence that names the line that is none.
    """
    fields: dict[str, Any] = {}
    for line in lines:
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "stage" and value:
            picture, _, view = value.partition(" ")
            fields["stage"] = StageWish(picture, view)
        elif key == "highlight" and value in list(Highlight):
            fields["highlight"] = Highlight(value)
        elif key == "settings" and set(value.split()) <= set(dict(settings())):
            fields["settings"] = tuple(value.split())
        elif key == "predict" and value and set(value.split()) <= set(Topic):
            fields["predicts"] = tuple(map(Topic, value.split()))
        else:
            raise ValueError(f"the window cannot have the line “{line}”")
    return fields
