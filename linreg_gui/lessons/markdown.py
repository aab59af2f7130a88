"""Lessons as Markdown, in the grammar of the guide: read, and written so that it reads the same.

Nothing in such a text is ever run: the value of an answer is a number.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.blocks import (
    Block,
    named_setting,
    prose,
    question_of,
    sections_of,
    setting_value,
)
from linreg_gui.guide.question_bank import bank_names
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.stops import window_wishes
from linreg_gui.lessons.pages import (
    MOST_PAGES,
    PANELS,
    STAGES,
    Asked,
    FromBank,
    Lesson,
    Page,
    Wait,
    WaitFor,
    WordsQuestion,
)
from linreg_gui.number_text import parse_real, parse_whole, round_to, shortest
from linreg_gui.settings import DEFAULTS, SettingError, parse_setting, settings
from linreg_gui.texts import cleaned_lines, in_a_row, quoted, tr, trn

FORMAT = 1
MOST_LETTERS = 60_000
_TABLE = "table"
"""What stands for a table of the lesson's own, before its number."""

_Number = Callable[[Dataset], int | None]

_INFOS = ("lesson", "set", "window", "answer", "teacher")
_OWN_LINES = ("panel", "controls", "wait")
_ALL, _NONE = "all", "none"
_LONGEST_TITLE = 80


def parse_lesson(text: str, tables: Sequence[Dataset] = ()) -> Lesson:
    """Read a lesson.

    Parameters
    ----------
    text : str
        Its Markdown.
    tables : sequence of Dataset
        Its own tables: ``data = table 1`` is the first one.

    Raises
    ------
    ValueError
        With the end of a sentence that says what is wrong.
    """
    if len(text) > MOST_LETTERS:
        words = tr("it has more than {most} letters; divide it into several lessons")
        raise ValueError(words.format(most=MOST_LETTERS))
    (_, above), *sections = sections_of(cleaned_lines(text))
    if above or not sections or not sections[0][0].startswith("# "):
        raise ValueError(tr("it must begin with a heading of the first level, “# ”"))
    (title, head), *rest = sections
    if not rest:
        raise ValueError(tr("it has no page: a page begins with a heading “## ”"))
    if len(rest) > MOST_PAGES:
        words = trn(
            "it has {count} page, and a lesson can have {most}",
            "it has {count} pages, and a lesson can have {most}",
            len(rest),
        )
        raise ValueError(words.format(count=len(rest), most=MOST_PAGES))
    minutes = _minutes(_lines(head, "lesson"))
    changes = _changes(_lines(head, "set"), tables)
    pages = []
    for number, (heading, blocks) in enumerate(rest, 1):
        try:
            pages.append(_page(heading, blocks, tables))
        except ValueError as error:
            words = tr("page {number}: {reason}")
            raise ValueError(words.format(number=number, reason=str(error))) from None
    lesson = Lesson(
        title=_title(title, "# "),
        summary=_prose(head),
        minutes=minutes,
        settings=changes,
        pages=tuple(pages),
    )
    for index in range(len(pages)):
        try:
            lesson.config(index)
        except SettingError as error:
            words = tr("page {number}: {reason}")
            raise ValueError(words.format(number=index + 1, reason=str(error))) from None
    return lesson


def write_lesson(lesson: Lesson, number: _Number | None = None) -> str:
    """Return the Markdown that `parse_lesson` reads as ``lesson``.

    ``number`` gives the place of a table among those that `parse_lesson` will get, from 1; by
    default these are `own_tables`.
    """
    tables = own_tables(lesson)
    number = number or (lambda table: 1 + [each is table for each in tables].index(True))
    head = [f"format: {FORMAT}", *([f"minutes: {lesson.minutes}"] if lesson.minutes else [])]
    parts = [f"# {lesson.title}", lesson.summary, _fenced("lesson", head)]
    parts.append(_fenced("set", _set_lines(lesson.settings, number)))
    for page in lesson.pages:
        parts += [f"## {page.title}", _fenced("window", _window_lines(page))]
        parts += [_fenced("set", _set_lines(page.changes, number)), page.text]
        if page.asks is not None:
            parts.append(_fenced("answer", _answer_lines(page.asks)))
        parts.append(_fenced("teacher", page.note.splitlines()))
    return "\n\n".join(part for part in parts if part) + "\n"


def own_tables(lesson: Lesson) -> list[Dataset]:
    """Return the data of a lesson that are no classics, each once."""
    tables: list[Dataset] = []
    for values in (lesson.settings, *(page.changes for page in lesson.pages)):
        data = values.get("data")
        if data is not None and not _is_classic(data) and not any(each is data for each in tables):
            tables.append(data)
    return tables


def read_text(markdown: str) -> str:
    """Return Markdown that a person has typed for a page as `parse_lesson` will read it.

    Raises
    ------
    ValueError
        With a sentence, if it is more than the text of a page.
    """
    (_, blocks), *sections = sections_of(cleaned_lines(markdown))
    if sections:
        raise ValueError(tr("Inside a page, begin headings with ###: # and ## begin a new page."))
    if any(block.info in _INFOS for block in blocks):
        raise ValueError(tr("A block in the text cannot be named like a part of a lesson file."))
    return _prose(blocks)


def read_wait(text: str) -> Wait:
    """Read what a page waits for: a word, or a setting with its range.

    Raises
    ------
    ValueError
        With the end of a sentence.
    """
    kind, _, rest = text.strip().partition(" ")
    if kind in set(WaitFor) - {WaitFor.SETTING} and not rest:
        return Wait(WaitFor(kind))
    if kind not in waitable_settings():
        words = tr("a page cannot wait for “{text}”")
        raise ValueError(words.format(text=quoted(text)))
    low, _, high = (part.strip() for part in rest.partition(" to "))
    ends = [float(setting_value(kind, end)) for end in (low, high or low)]
    if ends[0] > ends[1]:
        raise ValueError(tr("a range goes from the smaller number to the larger one"))
    return Wait(WaitFor.SETTING, kind, *ends)


def write_wait(wait: Wait) -> str:
    """Return the text that `read_wait` reads as ``wait``."""
    if wait.kind is not WaitFor.SETTING:
        return str(wait.kind)
    if isinstance(getattr(DEFAULTS, wait.setting), bool):
        return f"{wait.setting} {'on' if wait.low else 'off'}"
    low, high = (shortest(end) for end in (wait.low, wait.high))
    return f"{wait.setting} {low}" if low == high else f"{wait.setting} {low} to {high}"


def waitable_settings() -> list[str]:
    """Return the settings that a page can wait for: numbers and switches."""
    return [name for name, _ in settings() if isinstance(getattr(DEFAULTS, name), int | float)]


def _page(heading: str, blocks: Sequence[Block], tables: Sequence[Dataset]) -> Page:
    own: dict[str, str] = {}
    wishes = []
    for line in _lines(blocks, "window"):
        key, _, value = (part.strip() for part in line.partition(":"))
        if key in _OWN_LINES and value and key not in own:
            own[key] = value
        else:
            wishes.append(line)
    if "panel" in own and own["panel"] not in PANELS:
        words = tr("there is no panel “{name}”; there are {names}")
        raise ValueError(words.format(name=quoted(own["panel"]), names=in_a_row(PANELS)))
    in_window = window_wishes(wishes)
    stage = in_window.get("stage")
    if stage is not None and stage.view not in STAGES.get(stage.picture, ()) + ("",) * (
        stage.picture in STAGES
    ):
        words = tr("there is no picture “{name}”")
        raise ValueError(words.format(name=quoted(f"{stage.picture} {stage.view}".rstrip())))
    asks = _asks(blocks)
    usual = WaitFor.NOTHING if asks is None else WaitFor.ANSWER
    wait = read_wait(own["wait"]) if "wait" in own else Wait(usual)
    if wait.kind is WaitFor.ANSWER and asks is None:
        raise ValueError(tr("it waits for an answer, but has no block “answer”"))
    if wait.kind is WaitFor.PREDICTION and "predicts" not in in_window:
        raise ValueError(tr("it waits for a prediction, but has no line “predict: end course”"))
    return Page(
        title=_title(heading, "## "),
        text=_prose(blocks),
        note="\n".join(_lines(blocks, "teacher")),
        panel=own.get("panel", ""),
        controls=_controls(own.get("controls", _ALL)),
        changes=_changes(_lines(blocks, "set"), tables),
        asks=asks,
        wait=wait,
        **in_window,
    )


def _title(heading: str, sign: str) -> str:
    title = heading.removeprefix(sign).strip()
    if not title or len(title) > _LONGEST_TITLE:
        words = tr("a heading must have 1 to {most} letters")
        raise ValueError(words.format(most=_LONGEST_TITLE))
    return title


def _lines(blocks: Sequence[Block], info: str) -> list[str]:
    return "".join(block.text for block in blocks if block.info == info).splitlines()


def _prose(blocks: Sequence[Block]) -> str:
    """Return the text between our blocks, with all other blocks as they are."""
    return prose(
        [
            Block("", _fenced(block.info, block.text.splitlines())) if block.info else block
            for block in blocks
            if block.info not in _INFOS
        ]
    )


def _minutes(lines: Sequence[str]) -> int:
    minutes = 0
    for line in lines:
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "format" and parse_whole(value) > FORMAT:
            raise ValueError(tr("it was made by a newer LinReg; open it with that one"))
        if key == "minutes":
            minutes = round(min(max(parse_whole(value), 0), 999))
    return minutes


def _changes(lines: Sequence[str], tables: Sequence[Dataset]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for line in lines:
        name, _, value = (part.strip() for part in line.partition("="))
        word, _, number = value.partition(" ")
        if (name, word) == ("data", _TABLE):
            if number not in map(str, range(1, len(tables) + 1)):
                raise ValueError(tr("its table is missing"))
            changes[name] = tables[int(number) - 1]
        elif name == "engine":
            changes[name] = parse_setting(name, value)
        else:
            name, changes[name] = named_setting(line)
    return changes


def _controls(text: str) -> tuple[str, ...] | None:
    if text == _ALL:
        return None
    names = () if text == _NONE else tuple(text.split())
    if unknown := [name for name in names if name not in dict(settings())]:
        words = tr("there is no setting “{name}”")
        raise ValueError(words.format(name=quoted(unknown[0])))
    return names


def _asks(blocks: Sequence[Block]) -> Asked | None:
    answers = [block for block in blocks if block.info == "answer"]
    if not answers:
        return None
    given = [line.partition(":") for line in answers[0].text.splitlines()]
    first = {key.strip(): value.strip() for key, _, value in given}
    if "bank" in first:
        if first["bank"] not in bank_names():
            words = tr("there is no question “{name}” in the program")
            raise ValueError(words.format(name=quoted(first["bank"])))
        return FromBank(first["bank"])
    if first.get("kind") == "words":
        return WordsQuestion(first.get("model", ""))
    question = question_of([Block("", ""), *answers], parse_real)
    if question.kind is Kind.SKETCH:
        raise ValueError(tr("an answer can be a choice, a number, a count, or words"))
    if not question.fits(parse_real(question.value)):
        raise ValueError(tr("the value of its answer must be the number of an option, or a number"))
    return question


def _fenced(info: str, lines: Sequence[str]) -> str:
    """Return a block; its fence is longer than all that look like one inside. Empty if it is."""
    if not lines:
        return ""
    runs = re.findall(r"`{3,}", "\n".join(lines))
    fence = "`" * max([3, *(len(run) + 1 for run in runs)])
    return "\n".join([f"{fence}{info.replace('without a name', '')}", *lines, fence])


def _set_lines(values: Mapping[str, Any], number: _Number) -> list[str]:
    return [f"{name} = {_written(value, number)}" for name, value in values.items()]


def _is_classic(data: Dataset) -> bool:
    return bool(data.sample) and data.edited is None


def _written(value: Any, number: _Number) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Dataset):
        return value.sample if _is_classic(value) else f"{_TABLE} {number(value)}"
    if isinstance(value, tuple):
        return "; ".join(shortest(number) for number in value)
    return shortest(value) if isinstance(value, int | float) else str(value)


def _window_lines(page: Page) -> list[str]:
    lines = []
    if page.stage is not None:
        lines.append(f"stage: {page.stage.picture} {page.stage.view}".rstrip())
    if page.highlight is not None:
        lines.append(f"highlight: {page.highlight}")
    if page.settings:
        lines.append(f"settings: {' '.join(page.settings)}")
    if page.predicts:
        lines.append(f"predict: {' '.join(page.predicts)}")
    if page.panel:
        lines.append(f"panel: {page.panel}")
    if page.controls is not None:
        lines.append(f"controls: {' '.join(page.controls) or _NONE}")
    return [*lines, f"wait: {write_wait(page.wait)}"]


def _answer_lines(asked: Asked) -> list[str]:
    if isinstance(asked, FromBank):
        return [f"bank: {asked.name}"]
    if isinstance(asked, WordsQuestion):
        return ["kind: words", *([f"model: {asked.model}"] if asked.model else [])]
    lines = [f"kind: {asked.kind}"]
    for index, option in enumerate(asked.options):
        lines.append(f"option: {option}")
        if asked.refutations and asked.refutations[index]:
            lines.append(f"wrong: {asked.refutations[index]}")
    lines.append(f"value: {asked.value}")
    lines += _optional_lines(asked)
    return lines


def _optional_lines(question: Question) -> list[str]:
    tolerance = f"{shortest(round_to(100 * question.tolerance, 12))}%" if question.tolerance else ""
    values = {"tolerance": tolerance, "unit": question.unit, "why": question.why}
    return [f"{key}: {value}" for key, value in values.items() if value]
