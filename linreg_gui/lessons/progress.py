"""How far a person has come in a lesson, and what they answered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from linreg_gui.guide.questions import Verdict
from linreg_gui.lessons.answers import LONGEST_ANSWER, PageAnswer, Result
from linreg_gui.lessons.lesson_files import known_as
from linreg_gui.lessons.markdown import parse_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.sessions.fields import Fields
from linreg_gui.sessions.state import SavedLesson
from linreg_gui.tellings import with_tellings
from linreg_gui.texts import cleaned

_LONGEST_SECONDS = 10**7


@dataclass(frozen=True)
class PageProgress:
    """What has happened on a page.

    Attributes
    ----------
    answer : PageAnswer or None
        The answer that was given there.
    said : float or None
        The same as a number: the one that was typed, or that of the option.
    verdict : Verdict or None
        How it was judged, if it can be.
    is_met : bool
        Whether what the page waits for has happened.
    has_changed : bool
        Whether the settings that it changes were changed.
    """

    answer: PageAnswer | None = None
    said: float | None = None
    verdict: Verdict | None = None
    is_met: bool = False
    has_changed: bool = False


@dataclass(frozen=True)
class Progress:
    """All that is known of a person's way through a lesson.

    Attributes
    ----------
    is_open : bool
        Whether the lesson is open; otherwise it was left, and its answers were not exported.
    index, reached : int
        The present page, and the farthest one.
    person, began : str
        Who answers, and when they began, in the form of ISO 8601.
    has_own_data, is_exported : bool
        Whether a person has opened data of their own, and whether all answers are in a file.
    pages : tuple of PageProgress
        One for each page.
    bundled : str
        As in `Lesson`.
    seconds : float
        How long ago it began; does not count when two are compared.
    """

    is_open: bool
    index: int
    reached: int
    person: str
    began: str
    has_own_data: bool
    is_exported: bool
    pages: tuple[PageProgress, ...]
    bundled: str = ""
    seconds: float = field(compare=False, default=0.0)

    def values(self) -> dict[str, Any]:
        """Return it as plain data of JSON, which `read` reads."""
        values = asdict(self)
        for page in values["pages"]:  # the words of an answer stay as they were given
            page["verdict"] = page["verdict"] and with_tellings(page["verdict"])
        return values

    @classmethod
    def read(cls, values: Mapping[str, Any], lesson: Lesson) -> Self:
        """Return what `values` has returned for ``lesson``.

        Raises
        ------
        ValueError
            If it is something else.
        """
        facts, last = Fields(dict(values)), len(lesson.pages) - 1
        pages = facts.each_inside("pages")
        if len(pages) != len(lesson.pages):
            raise facts.wrong("pages")
        return cls(
            is_open=facts.flag("is_open"),
            index=facts.count("index", 0, last),
            reached=facts.count("reached", facts.count("index"), last),
            person=cleaned(facts.text("person")),
            began=cleaned(facts.text("began")),
            has_own_data=facts.flag("has_own_data"),
            is_exported=facts.flag("is_exported"),
            pages=tuple(
                _read_page(each, page.title) for each, page in zip(pages, lesson.pages, strict=True)
            ),
            bundled=lesson.bundled,
            seconds=min(max(facts.number("seconds"), 0.0), _LONGEST_SECONDS),
        )


def read_lesson(saved: SavedLesson) -> tuple[Lesson, Progress]:
    """Return the lesson that was saved, and how far a person has come in it.

    Raises
    ------
    ValueError
        If it is none.
    """
    lesson = parse_lesson(saved.text, saved.tables)
    lesson = known_as(lesson, str(saved.progress.get("bundled", "")))
    return lesson, Progress.read(saved.progress, lesson)


def _read_page(facts: Fields, title: str) -> PageProgress:
    return PageProgress(
        answer=facts.optional("answer", lambda name: _read_answer(facts.inside(name), title)),
        said=facts.optional("said", facts.number),
        verdict=facts.optional("verdict", lambda name: _read_verdict(facts.inside(name))),
        is_met=facts.flag("is_met"),
        has_changed=facts.flag("has_changed"),
    )


def _read_answer(facts: Fields, title: str) -> PageAnswer:
    return PageAnswer(
        page=title,
        said=cleaned(facts.text("said"))[:LONGEST_ANSWER],
        result=facts.choice("result", Result),
        seconds=facts.count("seconds", 0, _LONGEST_SECONDS),
    )


def _read_verdict(facts: Fields) -> Verdict:
    is_right = facts.optional("is_right", facts.flag)
    return Verdict(is_right, facts.sentence("words"), facts.sentence("idea"))
