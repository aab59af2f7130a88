"""What a student answered in a lesson, as a small file, and the table of a class."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from linreg_gui.export.csv_file import Cell
from linreg_gui.lessons.bundled import bundled, lesson_file
from linreg_gui.lessons.lesson_files import in_english, reading_lesson
from linreg_gui.lessons.markdown import write_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.pieces import at_once
from linreg_gui.texts import cleaned, quoted, reason_of, tr

SUFFIX = ".linreg-answers"

LONGEST_ANSWER = 2000
_FORMAT = 1
_MOST_BYTES = 1_000_000
_MOST_ANSWERS = 100


class AnswersError(ValueError):
    """A file of answers that cannot be used, with a sentence for the user."""


class Result(StrEnum):
    """How an answer was judged."""

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"


@dataclass(frozen=True)
class PageAnswer:
    """The answer that was given on a page.

    Attributes
    ----------
    page : str
        The page's heading; in English if the lesson comes with the program.
    said : str
        The answer in words; empty if there is none.
    result : Result
        How it was judged.
    seconds : int
        How long after the beginning of the lesson it was given.
    """

    page: str
    said: str = ""
    result: Result = Result.OPEN
    seconds: int = 0


@dataclass(frozen=True)
class AnswerSheet:
    """What one student answered.

    Attributes
    ----------
    person, lesson : str
        The names of the student and of the lesson.
    lesson_id : str
        Tells lessons with the same name apart.
    began : str
        When, in the form of ISO 8601.
    answers : tuple of PageAnswer
        One for each page that asks.
    """

    person: str
    lesson: str
    lesson_id: str
    began: str
    answers: tuple[PageAnswer, ...]


def lesson_id(lesson: Lesson) -> str:
    """Return what tells ``lesson`` from any other one, in whatever language."""
    return hashlib.sha256(write_lesson(in_english(lesson)).encode()).hexdigest()[:16]


def to_bytes(sheet: AnswerSheet) -> bytes:
    """Return the content of a file with ``sheet``."""
    content = {"format": _FORMAT, **asdict(sheet)}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_answers(file: Path) -> AnswerSheet:
    """Read a file of answers.

    Raises
    ------
    AnswersError
        If it is none.
    """
    name = quoted(file.name)
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        words = tr("{file} could not be read ({reason}); choose another file.")
        raise AnswersError(words.format(file=name, reason=reason_of(error))) from None
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError  # noqa: TRY301 - no such file of ours is that large
        given: Any = json.loads(content)
        number = int(given["format"])
        sheet = None if number > _FORMAT else _sheet(given)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        words = tr("{file} is no file of answers; choose one that LinReg has exported.")
        raise AnswersError(words.format(file=name)) from None
    if sheet is None:
        words = tr("{file} was saved by a newer LinReg; open it with that one.")
        raise AnswersError(words.format(file=name))
    return sheet


def class_table(sheets: Mapping[str, AnswerSheet]) -> tuple[list[list[Cell]], list[str]]:
    """Return a row for each student, and a column for each page that asks; headings come first.

    The sheets are given by the names of their files. All must be of one lesson: the one with the
    most sheets. Returns also the names of those that were left out.
    """
    ids = Counter(sheet.lesson_id for sheet in sheets.values())
    ((chosen, _),) = ids.most_common(1)
    used = [sheet for sheet in sheets.values() if sheet.lesson_id == chosen]
    # Of the same lesson all have the same pages, unless somebody has edited a file.
    by_length = sorted(used, key=lambda sheet: len(sheet.answers), reverse=True)
    pages = list(dict.fromkeys(page for sheet in by_length for page in _by_page(sheet)))
    head = (tr("name"), tr("began"), tr("answered"), tr("right"), tr("wrong"), tr("minutes"))
    headings = _headings(chosen)
    rows: list[list[Cell]] = [[*head, *(headings.get(title, title) for title, _ in pages)]]
    for sheet in sorted(used, key=lambda each: (each.person.casefold(), each.began)):
        given = [answer for answer in sheet.answers if answer.said]
        results = Counter(answer.result for answer in given)
        minutes = round(max((answer.seconds for answer in given), default=0) / 60, 1)
        counts = (len(given), results[Result.RIGHT], results[Result.WRONG], minutes)
        answers = _by_page(sheet)
        cells = (_cell(answers[page]) if page in answers else "" for page in pages)
        rows.append([sheet.person, sheet.began, *counts, *cells])
    return rows, [name for name, sheet in sheets.items() if sheet.lesson_id != chosen]


def _headings(known_id: str) -> dict[str, str]:
    """Return the headings of a bundled lesson as they are now, by those in English."""
    for name in bundled():
        lesson = at_once(reading_lesson(lesson_file(name)))
        if lesson_id(lesson) == known_id:
            pairs = zip(in_english(lesson).pages, lesson.pages, strict=True)
            return {english.title: page.title for english, page in pairs}
    return {}


def _by_page(sheet: AnswerSheet) -> dict[tuple[str, int], PageAnswer]:
    """Return the answers by the title of the page, and how many before it have the same one."""
    seen: Counter[str] = Counter()
    answers = {}
    for answer in sheet.answers:
        answers[answer.page, seen[answer.page]] = answer
        seen[answer.page] += 1
    return answers


def _cell(answer: PageAnswer) -> str:
    signs = {Result.RIGHT: "✓ ", Result.WRONG: "✗ ", Result.OPEN: ""}
    return f"{signs[answer.result]}{answer.said}" if answer.said else ""


def _sheet(given: dict[str, Any]) -> AnswerSheet:
    if not 1 <= len(given["answers"]) <= _MOST_ANSWERS:
        raise ValueError
    person, lesson, known, began = (
        _text(given[key]) for key in ("person", "lesson", "lesson_id", "began")
    )
    return AnswerSheet(
        person,
        lesson,
        known,
        dt.datetime.fromisoformat(began).isoformat(timespec="seconds"),
        answers=tuple(
            PageAnswer(
                _text(each["page"]),
                _text(each["said"]),
                Result(each["result"]),
                min(max(int(each["seconds"]), 0), 10**7),
            )
            for each in given["answers"]
        ),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2 * LONGEST_ANSWER:
        raise ValueError
    return cleaned(value)
