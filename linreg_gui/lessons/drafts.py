"""Lessons while a teacher writes them: what is typed is kept as it is, until it is a lesson."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import Highlight, StageWish
from linreg_gui.lessons.markdown import (
    own_tables,
    parse_lesson,
    read_text,
    read_wait,
    write_lesson,
    write_wait,
)
from linreg_gui.lessons.pages import (
    Asked,
    FromBank,
    Lesson,
    Page,
    Wait,
    WaitFor,
    WordsQuestion,
)
from linreg_gui.number_text import as_typed, parse_real, parse_whole, round_to, shortest, typed
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.texts import tr

RIGHT = "*"
WHY = " | "
"""What begins the line of the right option, and what comes between a wrong one and its reason."""


@dataclass
class PageDraft:
    """A page as a teacher has typed it. The fields are those of `Page` and of its question.

    Attributes
    ----------
    stage : str
        A picture and its view, as in the file.
    predicts : tuple of Topic
        Used if the page waits for a prediction.
    setting, low, high : str
        Used if the page waits for a setting.
    asks : str
        The kind of its question: one of `Kind`, ``words`` or ``bank``; empty for none.
    options : str
        The options of a choice, one a line: see `RIGHT` and `WHY`.
    value, tolerance : str
        The right number, and how far off it may be in percent.
    unit, why, model, bank : str
        As in the file.
    """

    title: str = ""
    text: str = ""
    note: str = ""
    stage: str = ""
    highlight: Highlight | None = None
    settings: tuple[str, ...] = ()
    predicts: tuple[Topic, ...] = tuple(Topic)
    panel: str = ""
    controls: tuple[str, ...] | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    waits: WaitFor = WaitFor.NOTHING
    setting: str = "learning_rate"
    low: str = ""
    high: str = ""
    asks: str = ""
    options: str = ""
    value: str = ""
    tolerance: str = ""
    unit: str = ""
    why: str = ""
    model: str = ""
    bank: str = ""

    def page(self) -> Page:
        """Return the page; raise ``ValueError`` with a sentence if something is missing."""
        picture, _, view = self.stage.partition(" ")
        return Page(
            title=self.title.strip() or tr("Untitled"),
            text=read_text(self.text),
            note=self.note.strip(),
            stage=StageWish(picture, view) if picture else None,
            highlight=self.highlight,
            settings=self.settings,
            predicts=self.predicts if self.waits is WaitFor.PREDICTION else (),
            panel=self.panel,
            controls=self.controls,
            changes=self.changes,
            asks=self._asked(),
            wait=self._wait(),
        )

    def _wait(self) -> Wait:
        if self.waits is not WaitFor.SETTING:
            return Wait(self.waits)
        if isinstance(getattr(DEFAULTS, self.setting), bool):
            return read_wait(f"{self.setting} on")
        if not self.low.strip() or not self.high.strip():
            raise ValueError(tr("Give both ends of the range that the page waits for."))
        return read_wait(f"{self.setting} {self.low} to {self.high}")

    def _asked(self) -> Asked | None:
        if not self.asks:
            return None
        if self.asks == "words":
            return WordsQuestion(" ".join(self.model.split()))
        if self.asks == "bank":
            return FromBank(self.bank)
        if self.asks == Kind.CHOICE:
            return self._choice()
        if not self.value.strip():
            raise ValueError(tr("Give the right answer, as a number."))
        share = parse_real(self.tolerance) / 100 if self.tolerance.strip() else 0.0
        read = parse_whole if self.asks == Kind.COUNT else parse_real
        return Question(
            "",
            Kind(self.asks),
            shortest(read(self.value)),
            tolerance=share,
            unit=self.unit.strip(),
            why=" ".join(self.why.split()),
        )

    def shown_options(self) -> list[str]:
        """Return the options of a choice as students read them."""
        return [option.strip() for option, _, _ in self._option_parts()]

    def _option_lines(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]

    def _option_parts(self) -> list[tuple[str, str, str]]:
        return [line.removeprefix(RIGHT).partition(WHY) for line in self._option_lines()]

    def _choice(self) -> Question:
        lines = self._option_lines()
        right = [number for number, line in enumerate(lines, 1) if line.startswith(RIGHT)]
        if len(lines) < 2 or len(right) != 1:
            raise ValueError(tr("Give two options or more, one a line, and begin the right one "
                                "with *."))  # fmt: skip
        parts = self._option_parts()
        reasons = tuple(reason.strip() for _, _, reason in parts)
        return Question(
            "",
            Kind.CHOICE,
            str(right[0]),
            options=tuple(option.strip() for option, _, _ in parts),
            refutations=reasons if any(reasons) else (),
            why=" ".join(self.why.split()),
        )


@dataclass
class LessonDraft:
    """A lesson as a teacher has typed it.

    Attributes
    ----------
    title, summary, minutes : str
        Its heading, what it is about, and how long it takes.
    settings : mapping of str to value
        Its settings where they differ from the defaults.
    pages : list of PageDraft
        Its pages.
    """

    title: str = ""
    summary: str = ""
    minutes: str = "10"
    settings: Mapping[str, Any] = field(default_factory=dict)
    pages: list[PageDraft] = field(default_factory=list)

    def copy(self) -> Self:
        """Return a draft that does not change with this one."""
        return replace(self, pages=[replace(page) for page in self.pages])

    def lesson(self) -> Lesson:
        """Return the lesson as its file will give it back.

        Raises
        ------
        ValueError
            With a sentence that says what is missing, and on which page.
        """
        if not self.title.strip():
            raise ValueError(tr("Give the lesson a title."))
        if not self.pages:
            raise ValueError(tr("A lesson needs a page; add one."))
        pages = []
        for number, draft in enumerate(self.pages, 1):
            try:
                pages.append(draft.page())
            except ValueError as error:
                words = tr("Page {number}: {reason}")
                raise ValueError(words.format(number=number, reason=str(error))) from None
        minutes = parse_real(self.minutes) if self.minutes.strip() else 0
        written = Lesson(
            title=self.title.strip(),
            summary=read_text(self.summary),
            minutes=round(min(max(minutes, 0), 999)),
            settings=self.settings,
            pages=tuple(pages),
        )
        return parse_lesson(write_lesson(written), own_tables(written))


def draft_of(lesson: Lesson) -> LessonDraft:
    """Return ``lesson`` as a teacher would type it."""
    return LessonDraft(
        lesson.title,
        lesson.summary,
        str(lesson.minutes or ""),
        lesson.settings,
        [_draft_of_page(page) for page in lesson.pages],
    )


def changes_between(before: TrainingConfig, after: TrainingConfig) -> dict[str, Any]:
    """Return the settings in which ``after`` differs from ``before``."""
    pairs = ((each.name, getattr(before, each.name)) for each in fields(before))
    return {name: getattr(after, name) for name, value in pairs if getattr(after, name) != value}


def _draft_of_page(page: Page) -> PageDraft:
    stage = f"{page.stage.picture} {page.stage.view}".rstrip() if page.stage else ""
    draft = PageDraft(
        title=page.title,
        text=page.text,
        note=page.note,
        stage=stage,
        highlight=page.highlight,
        settings=page.settings,
        predicts=page.predicts or tuple(Topic),
        panel=page.panel,
        controls=page.controls,
        changes=page.changes,
        waits=page.wait.kind,
    )
    if page.wait.kind is WaitFor.SETTING:
        draft.setting, _, ends = write_wait(page.wait).partition(" ")
        draft.low, _, high = as_typed(ends).partition(" to ")
        draft.high = high or draft.low
    match page.asks:
        case WordsQuestion(model):
            draft.asks, draft.model = "words", model
        case FromBank(name):
            draft.asks, draft.bank = "bank", name
        case Question() as question:
            draft.asks, draft.value = str(question.kind), as_typed(question.value)
            draft.unit, draft.why = question.unit, question.why
            draft.options = _option_lines(question)
            percent = round_to(100 * question.tolerance, 12)
            draft.tolerance = typed(percent) if percent else ""
    return draft


def _option_lines(question: Question) -> str:
    reasons: Sequence[str] = question.refutations or [""] * len(question.options)
    lines = []
    for number, (option, reason) in enumerate(zip(question.options, reasons, strict=True), 1):
        sign = RIGHT if str(number) == question.value else ""
        lines.append(f"{sign}{option}{WHY + reason if reason else ''}")
    return "\n".join(lines)
