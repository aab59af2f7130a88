"""The stops of the guide, read from their Markdown files, and how a prediction is judged."""

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from markdown_it import MarkdownIt

from linreg_gui.anatomy.step_trace import lesson_source
from linreg_gui.number_text import parse_real, parse_whole, significant, whole
from linreg_gui.resources import resource_path
from linreg_gui.texts import tr

COLUMNS = 11
"""How many heights a sketch has, from the left end of its picture to the right end."""

_ROUNDING = 1e-6
"""Two numbers no farther apart are the same in single precision."""

_CLEARLY = 0.05
"""The least change of a curve that counts, as a share of its highest value."""

Answer = float | tuple[float, ...]
"""A number, the number of an option (from 1), or a sketch's heights as shares of the highest."""


class Kind(StrEnum):
    """How a prediction is given."""

    NUMBER = "number"
    COUNT = "count"
    CHOICE = "choice"
    SKETCH = "sketch"


@dataclass(frozen=True)
class Question:
    """A question that is asked before a stop runs.

    Attributes
    ----------
    text : str
        The question, in Markdown.
    kind : Kind
        How it is answered.
    value : str
        A Python expression. Once the stop has run, it gives the right answer.
    options : tuple of str
        The options to choose from.
    tolerance : float
        How far off a number may be, as a share of the right one.
    unit, across, up : str
        Words for what is counted, and for the axes of a sketch.
    """

    text: str
    kind: Kind
    value: str
    options: tuple[str, ...] = ()
    tolerance: float = 0.0
    unit: str = ""
    across: str = ""
    up: str = ""

    def read(self, text: str) -> float:
        """Read a typed number; raise ``ValueError`` with a sentence for the user."""
        return parse_whole(text) if self.kind is Kind.COUNT else parse_real(text)

    def write(self, answer: float) -> str:
        """Return a number, or the option with this number, as text."""
        if self.kind is Kind.CHOICE:
            return f"“{self.options[round(answer) - 1]}”"
        if self.kind is Kind.COUNT and abs(answer) < 1e15:
            return whole(round(answer))
        return significant(answer)

    def fits(self, answer: object) -> bool:
        """Return whether ``answer`` can be an answer to this question."""
        numbers = answer if isinstance(answer, tuple) else (answer,)
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers):
            return False
        if self.kind is Kind.SKETCH or isinstance(answer, tuple):
            return self.kind is Kind.SKETCH and len(numbers) == COLUMNS
        return self.kind is not Kind.CHOICE or answer in range(1, len(self.options) + 1)

    def compare(self, said: Answer, happened: Answer) -> str:
        """Return a sentence that compares a prediction with what happened."""
        if isinstance(said, tuple) or isinstance(happened, tuple):
            assert isinstance(said, tuple)
            assert isinstance(happened, tuple)
            return _compare_curves(said, heights_of(happened))
        words = (
            tr("You said {said}; it was {happened}: right.")
            if abs(said - happened) <= self.tolerance * abs(happened) + _ROUNDING
            else tr("You said {said}; it was {happened}.")
        )
        return words.format(said=self.write(said), happened=self.write(happened))


@dataclass(frozen=True)
class Stop:
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


def read_stops(folder: Path | None = None) -> tuple[Stop, ...]:
    """Read the stops, in the order of their file names.

    Raises
    ------
    ValueError
        With a sentence that names the file and what is wrong with it.
    """
    files = sorted((folder or resource_path("lesson")).glob("*.md"))
    return tuple(parse_stop(file.stem, file.read_text("utf-8")) for file in files)


def parse_stop(name: str, text: str) -> Stop:
    """Read one stop from its Markdown; raise ``ValueError`` as `read_stops` does."""
    try:
        return _parse(name, text)
    except ValueError as error:
        raise ValueError(f"{name}.md: {error}.") from None


def lesson_lines(functions: Sequence[str]) -> str:
    """Return the source of functions of the lesson, without importing it, so without MXNet.

    Raises
    ------
    ValueError
        If the lesson has no such function.
    """
    source = lesson_source()
    found = {
        node.name: ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    if missing := [name for name in functions if name not in found]:
        raise ValueError(f"the lesson has no function {missing[0]}")
    return "\n\n\n".join(found[name] or "" for name in functions)


def heights_of(curve: Sequence[float]) -> tuple[float, ...]:
    """Return the heights of ``curve`` at the columns of a sketch, as shares of its highest."""
    top = max(curve) or 1.0
    last = len(curve) - 1
    return tuple(curve[round(last * k / (COLUMNS - 1))] / top for k in range(COLUMNS))


@dataclass(frozen=True)
class _Block:
    """A piece of a file: a fenced block with its info string, or prose, whose info is empty."""

    info: str
    text: str


def _parse(name: str, text: str) -> Stop:
    (_, above), *sections = _sections(text)
    if above or not sections or not sections[0][0].startswith("# "):
        raise ValueError("it must begin with a heading of the first level")
    title, blocks = sections[0]
    fences = [block for block in blocks if block.info]
    if unknown := [each.info for each in fences if each.info not in _INFOS]:
        raise ValueError(f"a block cannot be “{unknown[0]}” here; it can be {', '.join(_INFOS)}")
    functions = tuple("".join(each.text for each in fences if each.info == "lesson").split())
    lesson_lines(functions)
    python = [each for each in fences if each.info != "lesson"]
    if not python:
        raise ValueError("it has no block of Python")
    for each in python:
        _check_python(each.text)
    first_fence = blocks.index(fences[0])
    question, afterwards = None, ""
    for _, section in sections[1:]:
        if any(block.info == "answer" for block in section):
            question = _question(section)
        else:
            afterwards = _prose(section)
    return Stop(
        name=name,
        title=title.removeprefix("# "),
        opening=_prose(blocks[:first_fence]),
        bridge=_prose(blocks[first_fence:]),
        afterwards=afterwards,
        functions=functions,
        lines="\n".join(each.text for each in python),
        kept="".join(each.text for each in python if each.info == "python keep"),
        question=question,
    )


_INFOS = ("lesson", "python", "python keep")


def _sections(text: str) -> list[tuple[str, list[_Block]]]:
    """Return each heading of the first two levels with the blocks below it.

    The first pair has what stands above all headings.
    """
    lines = text.splitlines()
    sections = [("", list[_Block]())]
    for token in MarkdownIt().parse(text):
        if token.level or token.map is None:
            continue
        if token.tag in {"h1", "h2"}:
            sections.append((lines[token.map[0]], []))
        elif token.type == "fence":
            info = token.info.strip() or "without a name"
            sections[-1][1].append(_Block(info, token.content))
        else:
            sections[-1][1].append(_Block("", "\n".join(lines[slice(*token.map)])))
    return sections


def _prose(blocks: Sequence[_Block]) -> str:
    return "\n\n".join(block.text for block in blocks if not block.info)


def _check_python(text: str, mode: str = "exec") -> None:
    try:
        compile(text, "the block", mode)
    except SyntaxError as error:
        raise ValueError(f"“{(error.text or text).strip()}” is not Python") from None


def _question(section: Sequence[_Block]) -> Question:
    (answer,) = (block for block in section if block.info == "answer")
    pairs = [line.partition(":") for line in answer.text.splitlines()]
    for key, colon, value in pairs:
        if not colon or key not in _KEYS:
            raise ValueError(f"an answer cannot have the line “{key}{colon}{value}”")
    given = {key: value.strip() for key, _, value in pairs}
    options = tuple(value.strip() for key, _, value in pairs if key == "option")
    if missing := [key for key in ("kind", "value") if key not in given]:
        raise ValueError(f"its answer has no {missing[0]}")
    if given["kind"] not in list(Kind):
        raise ValueError(f"an answer cannot be a {given['kind']}; it can be a {', '.join(Kind)}")
    question = Question(
        text=_prose(section),
        kind=Kind(given["kind"]),
        value=given["value"],
        options=options,
        tolerance=parse_real(given.get("tolerance", "0").removesuffix("%")) / 100,
        unit=given.get("unit", ""),
        across=given.get("across", ""),
        up=given.get("up", ""),
    )
    if (question.kind is Kind.CHOICE) != (len(options) > 1):
        raise ValueError("a choice needs two options or more, and nothing else has any")
    _check_python(question.value, "eval")
    return question


_KEYS = ("kind", "value", "option", "tolerance", "unit", "across", "up")


def _compare_curves(said: Sequence[float], happened: Sequence[float]) -> str:
    yours, its = _course(said), _course(happened)
    words = (
        tr("Your curve {yours}, and so does the real one: right.")
        if yours == its
        else tr("Your curve {yours}; the real one {its}.")
    )
    apart = sum(abs(a - b) for a, b in zip(said, happened, strict=True)) / COLUMNS
    return f"{words.format(yours=yours, its=its)} " + tr(
        "On average, your heights are off by {share} % of the highest value."
    ).format(share=round(100 * apart))


def _course(heights: Sequence[float]) -> str:
    """Return the shape of a curve in words."""
    top = max(heights)
    rises = top > heights[0] + _CLEARLY
    falls = top > heights[-1] + _CLEARLY
    if rises and falls:
        return tr("rises first, then falls")
    if rises:
        return tr("rises")
    return tr("falls") if falls else tr("stays level")
