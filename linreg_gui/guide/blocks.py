"""What the files of the guide are made of: headings, prose, fenced blocks, and questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from markdown_it import MarkdownIt

from linreg_gui.data.classics import samples
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.number_text import parse_real
from linreg_gui.prose import translated
from linreg_gui.settings import DEFAULTS, parse_setting, settings

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Block:
    """A piece of a file: a fenced block with its info string, or prose, whose info is empty."""

    info: str
    text: str


def read_files(folder: Path, parse: Callable[[str, str], Parsed]) -> tuple[Parsed, ...]:
    """Return what ``parse`` makes of each Markdown file in ``folder``, in the order of names.

    They are ours, and are read in the language of the program.
    """
    return tuple(
        parse(file.stem, translated(file.read_text("utf-8")))
        for file in sorted(folder.glob("*.md"))
    )


def naming_file(parse: Callable[[str, str], Parsed]) -> Callable[[str, str], Parsed]:
    """Let the sentence of a ``ValueError`` begin with the name of the Markdown file.

    ``parse`` makes something of that name and of the text.
    """

    @wraps(parse)
    def named(name: str, text: str) -> Parsed:
        try:
            return parse(name, text)
        except ValueError as error:
            raise ValueError(f"{name}.md: {str(error).rstrip('.')}.") from None

    return named


def sections_of(text: str) -> list[tuple[str, list[Block]]]:
    """Return each heading of the first two levels with the blocks below it.

    The first pair has what stands above all headings.
    """
    lines = text.splitlines()
    sections = [("", list[Block]())]
    for token in MarkdownIt().parse(text):
        if token.level or token.map is None:
            continue
        if token.tag in {"h1", "h2"}:
            sections.append((lines[token.map[0]], []))
        elif token.type == "fence":
            info = token.info.strip() or "without a name"
            sections[-1][1].append(Block(info, token.content))
        else:
            sections[-1][1].append(Block("", "\n".join(lines[slice(*token.map)]).rstrip()))
    return sections


def prose(blocks: Sequence[Block]) -> str:
    """Return the Markdown between the fenced blocks."""
    return "\n\n".join(block.text for block in blocks if not block.info)


def check_expression(text: str) -> None:
    """Raise ``ValueError`` with a sentence if ``text`` is not an expression of Python."""
    check_python(text, "eval")


def check_python(text: str, mode: str = "exec") -> None:
    """Raise ``ValueError`` with a sentence if ``text`` is not Python."""
    try:
        compile(text, "the block", mode)
    except SyntaxError as error:
        raise ValueError(f"“{(error.text or text).strip()}” is not Python") from None


def setting_value(name: str, text: str) -> Any:
    """Read the value of a setting; raise ``ValueError`` with a sentence, or the end of one."""
    if not isinstance(getattr(DEFAULTS, name), bool):
        return parse_setting(name, text)
    if text not in _SWITCHES:
        raise ValueError(f"{name} can be on or off, not {text}")
    return _SWITCHES[text]


def named_setting(text: str) -> tuple[str, Any]:
    """Return the name and the value of a setting that is written ``name = value``.

    The value of ``data`` is the name of a classic. Raises ``ValueError`` with a sentence.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or name not in dict(settings()) or name == "engine":
        raise ValueError(f"“{text.strip()}” is no setting")
    if name == "data":
        found = [sample for sample in samples() if sample.name == value]
        if not found:
            raise ValueError(f"there is no classic “{value}”")
        return name, found[0].read()
    return name, setting_value(name, value)


def question_of(
    section: Sequence[Block], check_value: Callable[[str], object] = check_expression
) -> Question:
    """Return the question of a section with a block ``answer``.

    A line ``wrong`` after an option refutes that option.

    Parameters
    ----------
    section : sequence of Block
        The section.
    check_value : callable
        Raises ``ValueError`` with the end of a sentence if the value is not what it should be.

    Raises
    ------
    ValueError
        With the end of a sentence that says what is wrong with the block.
    """
    answers = [block for block in section if block.info == "answer"]
    if len(answers) != 1:
        raise ValueError(f"a question needs one block “answer”, and this one has {len(answers)}")
    given: dict[str, str] = {}
    options: list[str] = []
    refutations: dict[int, str] = {}
    for line in answers[0].text.splitlines():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if key == "option" and value:
            options.append(value)
        elif key == "wrong" and value and options and len(options) - 1 not in refutations:
            refutations[len(options) - 1] = value
        elif colon and key in _KEYS and key not in given:
            given[key] = value
        else:
            raise ValueError(f"an answer cannot have the line “{line}”")
    if missing := [key for key in ("kind", "value") if key not in given]:
        raise ValueError(f"its answer has no {missing[0]}")
    if given["kind"] not in list(Kind):
        raise ValueError(f"an answer cannot be a {given['kind']}; it can be a {', '.join(Kind)}")
    question = Question(
        text=prose(section),
        kind=Kind(given["kind"]),
        value=given["value"],
        options=tuple(options),
        refutations=tuple(refutations.get(index, "") for index in range(len(options)))
        if refutations
        else (),
        tolerance=parse_real(given.get("tolerance", "0").removesuffix("%")) / 100,
        unit=given.get("unit", ""),
        across=given.get("across", ""),
        up=given.get("up", ""),
        why=given.get("why", ""),
    )
    if (question.kind is Kind.CHOICE) != (len(options) > 1):
        raise ValueError("a choice needs two options or more, and nothing else has any")
    check_value(question.value)
    return question


_SWITCHES = {"on": True, "off": False}

_KEYS = ("kind", "value", "tolerance", "unit", "across", "up", "why")
