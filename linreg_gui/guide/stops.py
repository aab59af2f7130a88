"""The stops of the guide, as their Markdown files have them, and what a prediction is worth."""

import ast
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from linreg_gui.anatomy.step_trace import lesson_source
from linreg_gui.number_text import parse_real, parse_whole, significant, whole
from linreg_gui.resources import resource_path
from linreg_gui.texts import tr

COLUMNS = 11
"""A sketch has so many heights, from the left end of its picture to the right one."""

_ROUNDING = 1e-6
"""Single precision: so far apart, two numbers are the same."""

_CLEARLY = 0.05
"""A change of a curve counts from this share of its highest value on."""

Answer = float | tuple[float, ...]
"""A number; which option, from 1; or a sketch's heights, as shares of the highest."""


class Kind(StrEnum):
    """How a prediction is given."""

    NUMBER = "number"
    COUNT = "count"
    CHOICE = "choice"
    SKETCH = "sketch"


@dataclass(frozen=True)
class Question:
    """What is asked before a stop is run.

    Attributes
    ----------
    text : str
        In Markdown.
    kind : Kind
        How it is answered.
    value : str
        The Python expression that is the right answer, once the stop has run.
    options : tuple of str
        To choose from.
    tolerance : float
        How far off a number may be, as a share of the right one.
    unit, across, up : str
        Words: what is counted, and what the axes of a sketch are.
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
        """Read a number as it is typed; raise ``ValueError`` with a sentence for the user."""
        return parse_whole(text) if self.kind is Kind.COUNT else parse_real(text)

    def write(self, answer: float) -> str:
        """Return a number, or the option of this number, as text."""
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
        """Say how near a prediction came."""
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
        The file's, without its suffix.
    title : str
        What it is called.
    opening, bridge, afterwards : str
        Markdown: before the lesson's lines, between them and its own, and once it has run.
    functions : tuple of str
        Functions of `linreg_gui.lesson` whose source it shows.
    lines : str
        What it runs.
    kept : str
        Those of its lines that later stops build on.
    question : Question or None
        What is asked before.
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
    """What a stop has printed so far, and once it is over, the right answer.

    Attributes
    ----------
    seed : int
        What it was run with.
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
    """Return the source of functions of the lesson, which is not imported: no MXNet is needed.

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
    sections = list(_sections(text))
    if not sections or not sections[0][0].startswith("# "):
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


def _sections(text: str) -> Iterator[tuple[str, list[_Block]]]:
    """Yield each heading of the first two levels, with what is below it."""
    lines = text.splitlines()
    heading, blocks = "", list[_Block]()
    for token in MarkdownIt().parse(text):
        if token.level or token.map is None:
            continue
        if token.tag in {"h1", "h2"}:
            if heading or blocks:
                yield heading, blocks
            heading, blocks = lines[token.map[0]], []
        else:
            blocks.append(_block(token, lines))
    if heading or blocks:
        yield heading, blocks


def _block(token: Token, lines: list[str]) -> _Block:
    if token.type == "fence":
        return _Block(token.info.strip() or "without a name", token.content)
    assert token.map is not None
    return _Block("", "\n".join(lines[slice(*token.map)]))


def _prose(blocks: Sequence[_Block]) -> str:
    return "\n\n".join(block.text for block in blocks if not block.info)


def _check_python(text: str, mode: str = "exec") -> None:
    try:
        compile(text, "the block", mode)
    except SyntaxError as error:
        raise ValueError(f"“{(error.text or text).strip()}” is not Python") from None


def _question(section: Sequence[_Block]) -> Question:
    (answer,) = (block for block in section if block.info == "answer")
    options: list[str] = []
    given: dict[str, str] = {}
    for line in answer.text.splitlines():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key not in _READERS:
            raise ValueError(f"an answer cannot have the line “{line}”")
        if key == "option":
            options.append(value)
        else:
            given[key] = value
    if missing := [key for key in ("kind", "value") if key not in given]:
        raise ValueError(f"its answer has no {missing[0]}")
    values = {key: _READERS[key](value) for key, value in given.items()}
    question = Question(text=_prose(section), options=tuple(options), **values)  # type: ignore[arg-type]
    if (question.kind is Kind.CHOICE) != (len(options) > 1):
        raise ValueError("a choice needs two options or more, and nothing else has any")
    _check_python(question.value, "eval")
    return question


def _read_kind(text: str) -> Kind:
    if text not in list(Kind):
        raise ValueError(f"an answer cannot be a {text}; it can be a {', '.join(Kind)}")
    return Kind(text)


def _read_share(text: str) -> float:
    return parse_real(text.removesuffix("%")) / 100


_READERS: dict[str, Callable[[str], object]] = {
    "kind": _read_kind,
    "value": str,
    "option": str,
    "tolerance": _read_share,
    "unit": str,
    "across": str,
    "up": str,
}


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
    """Return how a curve goes, in words."""
    top = max(heights)
    rises = top > heights[0] + _CLEARLY
    falls = top > heights[-1] + _CLEARLY
    if rises and falls:
        return tr("rises first, then falls")
    if rises:
        return tr("rises")
    return tr("falls") if falls else tr("stays level")
