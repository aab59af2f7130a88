"""Pairs of runs that were made to be compared, read from their Markdown files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linreg_gui.guide.blocks import (
    Block,
    naming_file,
    prose,
    read_files,
    sections_of,
    setting_value,
)
from linreg_gui.resources import resource_path
from linreg_gui.settings import DEFAULTS

LESSON, OUTLIER, OWN = "lesson", "outlier", "own"
"""Where the data of a contrast comes from, besides a classic: the lesson, an outlier in the data on
screen, or both settings from the person."""

_QUESTION = "## What differs, and why?"
_SIDES = ("left", "right")


@dataclass(frozen=True)
class Side:
    """One half of a contrast.

    Attributes
    ----------
    words : str
        What is different here; empty if it depends on the data or the settings on screen.
    settings : dict
        The settings that differ from the lesson's, by name.
    is_standardized : bool
        Whether its landscape is in the units of standardized features.
    """

    words: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    is_standardized: bool = False


@dataclass(frozen=True)
class Contrast:
    """Two runs to compare.

    Attributes
    ----------
    name : str
        The name of its file, without the suffix.
    title : str
        Its heading.
    look : str
        One sentence: what to look for.
    answer : str
        Markdown: what differs, and why.
    picture : str
        The name of the picture to begin with.
    data : str
        `LESSON`, `OUTLIER`, `OWN`, or the name of a classic.
    sides : tuple of Side
        The left half and the right one.
    """

    name: str
    title: str
    look: str
    answer: str
    picture: str
    data: str
    sides: tuple[Side, Side]


def read_contrasts(folder: Path | None = None) -> tuple[Contrast, ...]:
    """Read the contrasts, in the order of their file names.

    Raises
    ------
    ValueError
        With a sentence that names the file and what is wrong with it.
    """
    return read_files(folder or resource_path("contrasts"), parse_contrast)


@naming_file
def parse_contrast(name: str, text: str) -> Contrast:
    """Read one contrast from its Markdown; raise ``ValueError`` as `read_contrasts` does."""
    (_, above), *sections = sections_of(text)
    if above or [heading[:2] for heading, _ in sections] != ["# ", "##"]:
        raise ValueError("it must have one heading of the first level, and one of the second")
    (title, blocks), (question, answer) = sections
    if question != _QUESTION:
        raise ValueError(f"its second heading must be “{_QUESTION}”")
    fences = [block for block in (*blocks, *answer) if block.info]
    if [block.info for block in fences] != ["contrast"]:
        raise ValueError("it must have one block “contrast” and no other")
    if not prose(blocks) or not prose(answer):
        raise ValueError("it must say what to look for, and what differs")
    return Contrast(
        name=name,
        title=title.removeprefix("# "),
        look=prose(blocks),
        answer=prose(answer),
        **_facts(fences[0]),
    )


def _facts(block: Block) -> dict[str, Any]:
    """Return picture, data and sides."""
    given: dict[str, str] = {}
    for line in block.text.splitlines():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not value or key not in _KEYS or key in given:
            raise ValueError(f"a contrast cannot have the line “{line}”")
        given[key] = value
    if "picture" not in given:
        raise ValueError("it has no picture")
    data = given.get("data", LESSON)
    has_sides = data not in {OUTLIER, OWN}
    if any((f"{side} words" in given) != has_sides for side in _SIDES):
        raise ValueError("each side needs words, unless they depend on the screen")
    both = _settings(given.get("both", ""))
    left, right = (
        Side(
            words=given.get(f"{side} words", ""),
            settings=both | _settings(given.get(side, "")),
            is_standardized=given.get(f"{side} units") == "standardized",
        )
        for side in _SIDES
    )
    return {"picture": given["picture"], "data": data, "sides": (left, right)}


_KEYS: Sequence[str] = (
    "picture",
    "data",
    "both",
    *_SIDES,
    *(f"{side} {what}" for side in _SIDES for what in ("words", "units")),
)


def _settings(text: str) -> dict[str, Any]:
    """Read ``name value; name value``."""
    values: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = part.partition(" ")
        if not hasattr(DEFAULTS, name) or not value:
            raise ValueError(f"“{part}” is no setting with a value")
        values[name] = setting_value(name, value)
    return values
