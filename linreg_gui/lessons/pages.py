"""What a lesson consists of: pages, what each one asks, and what it waits for."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from linreg_gui.guide.questions import Question
from linreg_gui.guide.stops import WindowWishes
from linreg_gui.settings import DEFAULTS, TrainingConfig

MOST_PAGES = 60

PANELS = (
    "code",
    "data",
    "compare",
    "sweep",
    "predict first",
    "my line",
    "contrasts",
    "example",
    "points",
    "numbers",
    "log",
    "scaling",
)
"""The names of the panels that a page can offer."""


STAGES: dict[str, tuple[str, ...]] = {
    "data": ("raw", "adjusted", "predicted"),
    "loss": ("noise floor",),
    "parameters": (),
    "residuals": ("prediction", "feature", "order", "histogram", "normal"),
    "landscape": (),
}
"""The pictures that a page can bring to the stage, and the views of each."""


class WaitFor(StrEnum):
    """What a page waits for before the next one."""

    NOTHING = "nothing"
    RUN = "run"
    """A run that has gone to its end, or diverged."""
    PREDICTION = "prediction"
    """A prediction of the run, locked."""
    ANSWER = "answer"
    DATA = "data"
    """A table of the student's own."""
    SETTING = "setting"
    """A setting within a range."""


@dataclass(frozen=True)
class Wait:
    """What a page waits for.

    Attributes
    ----------
    kind : WaitFor
        What it is.
    setting : str
        The setting; empty unless it waits for one.
    low, high : float
        Its range, both ends included. A switch that is on counts as 1.
    """

    kind: WaitFor = WaitFor.NOTHING
    setting: str = ""
    low: float = -math.inf
    high: float = math.inf

    def is_met_by(self, config: TrainingConfig) -> bool:
        """Return whether the setting is in the range."""
        return self.low <= float(getattr(config, self.setting)) <= self.high


@dataclass(frozen=True)
class WordsQuestion:
    """A question that is answered in words, and judged by the teacher alone.

    Attributes
    ----------
    model : str
        A good answer, for the teacher.
    """

    model: str = ""


@dataclass(frozen=True)
class FromBank:
    """A question of the bank, by the name of its file."""

    name: str


Asked = Question | WordsQuestion | FromBank


@dataclass(frozen=True, kw_only=True)
class Page(WindowWishes):
    """A page of a lesson.

    Attributes
    ----------
    title : str
        Its heading.
    text, note : str
        Markdown for everybody, and for the teacher alone.
    panel : str
        One of `PANELS` that the page offers to open; empty for none.
    controls : tuple of str or None
        The settings that students can change; None for all of them.
    changes : mapping of str to value
        What it changes in the settings when it is reached.
    asks : Asked or None
        Its question. The value of a `Question` is a number, not an expression.
    wait : Wait
        What it waits for.
    """

    title: str
    text: str = ""
    note: str = ""
    panel: str = ""
    controls: tuple[str, ...] | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    asks: Asked | None = None
    wait: Wait = Wait()

    @property
    def is_asking(self) -> bool:
        """Return whether a student leaves an answer here."""
        return self.asks is not None or bool(self.predicts)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    title, summary : str
        Its heading, and Markdown on what it is about.
    minutes : int
        How long it takes; 0 if nobody has said.
    settings : mapping of str to value
        Its settings, where they differ from the defaults.
    pages : tuple of Page
        At least one.
    bundled : str
        The name of its file if it comes with the program; empty if a teacher has made it.
    """

    title: str
    summary: str = ""
    minutes: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[Page, ...]
    bundled: str = ""

    def config(self, index: int) -> TrainingConfig:
        """Return the settings that the page of this index begins with."""
        values = dict(self.settings)
        for page in self.pages[: index + 1]:
            values |= page.changes
        return replace(DEFAULTS, **values)
