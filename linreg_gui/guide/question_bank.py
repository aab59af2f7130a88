"""The questions to predict before a run, read from their Markdown files.

The program answers each of them by itself: it makes the runs that a file names, and computes which
option is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from linreg_gui.guide.blocks import (
    Block,
    check_expression,
    named_setting,
    naming_file,
    prose,
    question_of,
    read_files,
    sections_of,
)
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.run_facts import RunFacts
from linreg_gui.languages import language
from linreg_gui.number_text import aligned, significant, whole
from linreg_gui.prose import translated
from linreg_gui.resources import resource_path
from linreg_gui.settings import DEFAULTS, SettingError, TrainingConfig
from linreg_gui.texts import tellable, tr

_ONLY_RUN = "run"
"""The name of the run of a file that names none."""

_INFOS = ("runs", "answer", "shows")
_ANSWER = "## Why"


@dataclass(frozen=True)
class BankQuestion:
    """A question with the runs that answer it.

    Attributes
    ----------
    name, title : str
        The name of its file, without the suffix, and its heading.
    question : Question
        The question, its options and the refutations of the wrong ones.
    right : int
        The number of the option without a refutation: the right one, from 1.
    runs : mapping of str to dict
        The settings of each run that differ from the lesson's, by the name of the run. The window
        shows the first run.
    shows : tuple of (str, str)
        Words, and a Python expression for a number that they stand for.
    why : str
        Markdown that explains the right answer.
    """

    name: str
    title: str
    question: Question
    right: int
    runs: Mapping[str, dict[str, Any]]
    shows: tuple[tuple[str, str], ...]
    why: str

    def configs(self, config: TrainingConfig) -> dict[str, TrainingConfig]:
        """Return the settings of each run: the lesson's, with the seed and engine of ``config``."""
        base = replace(DEFAULTS, seed=config.seed, engine=config.engine)
        return {name: replace(base, **values) for name, values in self.runs.items()}

    def answer(self, facts: Mapping[str, RunFacts]) -> int:
        """Return the number of the option that is right, given what the runs did."""
        answer = self.question.answer(dict(facts))
        assert not isinstance(answer, tuple)
        return round(answer)

    def values(self, facts: Mapping[str, RunFacts]) -> list[Any]:
        """Return what the runs gave of all that is shown."""
        return [
            eval(value, dict(facts))  # noqa: S307 - the program's own
            for _, value in self.shows
        ]

    def evidence(self, values: list[Any]) -> list[str]:
        """Return what `values` has returned, in words."""
        return [
            tr("{name}: {words}").format(name=words, words=_written(value, values))
            for (words, _), value in zip(self.shows, values, strict=True)
        ]


def read_bank(folder: Path | None = None) -> tuple[BankQuestion, ...]:
    """Read the questions, in the order of their file names.

    Raises
    ------
    ValueError
        With a sentence that names the file and what is wrong with it.
    """
    return read_files(folder or resource_path("questions"), parse_bank_question)


@tellable
def words_of(name: str, option: int = 0) -> str:
    """Return the title of the question with this name, or the words of an option, from 1."""
    title, *options = _words(name, language())
    return options[option - 1] if option else title


@cache
def _words(name: str, _language: str) -> tuple[str, ...]:
    if name not in bank_names():  # a session of unknown origin may ask for any file
        raise ValueError(name)
    text = resource_path("questions", f"{name}.md").read_text(encoding="utf-8")
    asked = parse_bank_question(name, translated(text))
    return asked.title, *asked.question.options


def bank_names() -> list[str]:
    """Return the names of the questions, without reading them."""
    return sorted(file.stem for file in resource_path("questions").glob("*.md"))


@naming_file
def parse_bank_question(name: str, text: str) -> BankQuestion:
    """Read one question from its Markdown; raise ``ValueError`` as `read_bank` does."""
    (_, above), *sections = sections_of(text)
    if above or not sections or not sections[0][0].startswith("# "):
        raise ValueError("it must begin with a heading of the first level")
    if [heading for heading, _ in sections[1:]] != [_ANSWER]:
        raise ValueError(f"after the question it must have one more heading, “{_ANSWER}”")
    (title, blocks), (_, why) = sections
    for block in (*blocks, *why):
        if block.info and (block.info not in _INFOS or block in why):
            raise ValueError(f"a block cannot be “{block.info}” here")
    question = question_of(blocks)
    if question.kind is not Kind.CHOICE:
        raise ValueError("its answer must be a choice")
    right = [number for number, words in enumerate(question.refutations, 1) if not words]
    if len(right) != 1:
        raise ValueError(
            "each option but the right one needs a line “wrong” below it, and the right one none"
        )
    if not question.text or not prose(why):
        raise ValueError("it needs a text for the question, and one for why")
    return BankQuestion(
        name=name,
        title=title.removeprefix("# "),
        question=question,
        right=right[0],
        runs=_runs([block for block in blocks if block.info == "runs"]),
        shows=tuple(_shown(line) for block in blocks if block.info == "shows"
                    for line in block.text.splitlines()),
        why=prose(why),
    )  # fmt: skip


def _runs(blocks: list[Block]) -> dict[str, dict[str, Any]]:
    runs: dict[str, dict[str, Any]] = {}
    for line in "".join(block.text for block in blocks).splitlines():
        name, colon, values = (part.strip() for part in line.partition(":"))
        if not colon or not name.isidentifier() or name in runs:
            raise ValueError(f"a run cannot have the line “{line}”")
        runs[name] = dict(named_setting(part) for part in values.split(",") if part.strip())
        try:
            replace(DEFAULTS, **runs[name])
        except SettingError as error:
            raise ValueError(f"run “{name}”: {error}") from None
    return runs or {_ONLY_RUN: {}}


def _shown(line: str) -> tuple[str, str]:
    words, equals, value = (part.strip() for part in line.rpartition(" = "))
    if not (words and equals and value):
        raise ValueError(f"a number that is shown cannot have the line “{line}”")
    check_expression(value)
    return words, value


def _written(value: Any, values: list[Any]) -> str:
    """Write ``value`` with as many digits as tell it from the other ``values``."""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return whole(value)
    others = [float(each) for each in values if not isinstance(each, str) and each != value]
    if significant(value) not in map(significant, others):
        return significant(value)
    for digits in range(4, 10):  # single precision has no more
        if aligned(value, digits) not in (aligned(each, digits) for each in others):
            break
    return aligned(value, digits).rstrip()
