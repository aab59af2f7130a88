"""The questions of the guide, and how a prediction is judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linreg_gui.number_text import parse_real, parse_whole, significant, whole
from linreg_gui.texts import in_quotes, paragraph, quoted, retold, tr

COLUMNS = 11
"""How many heights a sketch has, from the left end of its picture to the right end."""

_ROUNDING = 1e-6
"""Two numbers no farther apart are the same in single precision."""

_CLEARLY = 0.05
"""The least change of a curve that counts, as a share of its highest value."""

_LARGEST = 1e300
"""No prediction is larger."""

MAX_POINTS = 500
"""About how many points are kept of a curve that answers a question."""

Answer = float | tuple[float, ...]
"""A number, the number of an option (from 1), or a sketch's heights as shares of the highest."""


class Kind(StrEnum):
    """How a prediction is given."""

    NUMBER = "number"
    COUNT = "count"
    CHOICE = "choice"
    SKETCH = "sketch"


@dataclass(frozen=True)
class Verdict:
    """How a prediction compares with what happened.

    Attributes
    ----------
    is_right : bool or None
        Whether it was right; None if that is not known yet.
    words : str
        Both, and the reason if they differ.
    idea : str
        The wrong idea that is likely to be behind it; empty if there is none.
    """

    is_right: bool | None
    words: str
    idea: str = ""

    def retold(self) -> "Verdict":
        """Return it in the language of now."""
        return Verdict(self.is_right, retold(self.words), retold(self.idea))


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
    options, refutations : tuple of str
        The options to choose from, and for each the sentence for those who chose it and were
        wrong, which may be empty; or no sentences at all.
    tolerance : float
        How far off a number may be, as a share of the right one.
    unit, across, up : str
        Words for what is counted, and for the axes of a sketch.
    why : str
        The reason for the right answer, for those who gave another one.
    """

    text: str
    kind: Kind
    value: str
    options: tuple[str, ...] = ()
    refutations: tuple[str, ...] = ()
    tolerance: float = 0.0
    unit: str = ""
    across: str = ""
    up: str = ""
    why: str = ""

    def read(self, text: str) -> float:
        """Read a typed number; raise ``ValueError`` with a sentence for the user."""
        if not text.strip():
            raise ValueError(tr("Type a number first."))
        number = parse_whole(text) if self.kind is Kind.COUNT else parse_real(text)
        if not self.fits(number):
            raise ValueError(tr("{text} is too large to compute with.").format(text=quoted(text)))
        return number

    def write(self, answer: float) -> str:
        """Return a number, or the option with this number, as text for inside a sentence."""
        if self.kind is Kind.CHOICE:
            return in_quotes(self.options[round(answer) - 1].removesuffix(".").removesuffix("。"))
        if self.kind is Kind.COUNT and abs(answer) < 1e15:
            return whole(round(answer))
        return significant(answer)

    def fits(self, answer: object) -> bool:
        """Return whether ``answer`` can be an answer to this question."""
        numbers = answer if isinstance(answer, tuple) else (answer,)
        # Comparing also sorts out NaN, and whole numbers too large for a float.
        if not all(isinstance(each, int | float) and abs(each) < _LARGEST for each in numbers):
            return False
        if self.kind is Kind.SKETCH or isinstance(answer, tuple):
            return self.kind is Kind.SKETCH and len(numbers) == COLUMNS
        return self.kind is not Kind.CHOICE or answer in range(1, len(self.options) + 1)

    def answer(self, names: dict[str, Any]) -> Answer:
        """Return the right answer, computed with these values of the names in `value`.

        Raises
        ------
        FloatingPointError
            If it is not finite.
        """
        value = eval(self.value, names)  # noqa: S307 - the program's own expression
        if not isinstance(value, Sequence):
            return _finite(float(value))
        return tuple(_finite(float(each)) for each in value[:: len(value) // MAX_POINTS + 1])

    def judge(self, said: Answer, happened: Answer) -> Verdict:
        """Compare a prediction with what happened."""
        if isinstance(said, tuple) or isinstance(happened, tuple):
            assert isinstance(said, tuple)
            assert isinstance(happened, tuple)
            verdict = _judge_curve(said, heights_of(happened))
        else:
            words = tr("You said {said}; it was {happened}.")
            verdict = Verdict(
                abs(said - happened) <= self.tolerance * abs(happened) + _ROUNDING,
                words.format(said=self.write(said), happened=self.write(happened)),
            )
        if verdict.is_right:
            return verdict
        why = self.why
        if self.refutations and not isinstance(said, tuple):
            why = self.refutations[round(said) - 1] or why
        return Verdict(is_right=False, words=paragraph(verdict.words, why))


def not_finite() -> FloatingPointError:
    """Return the error of a stop whose numbers are not finite."""
    return FloatingPointError(
        tr("its numbers are not finite; a smaller learning rate or more examples may help")
    )


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise not_finite()
    return number


def heights_of(curve: Sequence[float]) -> tuple[float, ...]:
    """Return the heights of ``curve`` at the columns of a sketch, as shares of its highest."""
    top = max(curve) or 1.0
    last = len(curve) - 1
    return tuple(curve[round(last * k / (COLUMNS - 1))] / top for k in range(COLUMNS))


def _judge_curve(said: Sequence[float], happened: Sequence[float]) -> Verdict:
    yours, its = _course(said), _course(happened)
    words = (
        tr("Your curve {yours}, and so does the real one.")
        if yours == its
        else tr("Your curve {yours}; the real one {its}.")
    )
    apart = sum(abs(a - b) for a, b in zip(said, happened, strict=True)) / COLUMNS
    off = tr("On average, your heights are off by {share}% of the highest value.")
    words = paragraph(words.format(yours=yours, its=its), off.format(share=round(100 * apart)))
    return Verdict(yours == its, words)


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
