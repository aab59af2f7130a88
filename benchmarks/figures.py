"""Measured figures, and how to print and save them."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """The promise about a figure: at least, or at most, a number."""

    limit: float
    at_least: bool = False

    def is_met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_number(self.limit)}"


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes
    ----------
    name : str
        The measured quantity.
    value : float
        The median of the samples, unless `note` says otherwise.
    unit : str
        Of the value; "×" for a ratio.
    samples : tuple of float
        One for each repeat.
    goal : Goal or None
        The promise; None for a figure that explains another one.
    note : str
        How it was measured, in one line.
    """

    name: str
    value: float
    unit: str
    samples: tuple[float, ...]
    goal: Goal | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"{self.name} was not measured")

    @property
    def is_met(self) -> bool | None:
        return None if self.goal is None else self.goal.is_met_by(self.value)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "low": min(self.samples),
            "high": max(self.samples),
            "samples": list(self.samples),
            "goal": None if self.goal is None else str(self.goal),
            "met": self.is_met,
            "note": self.note,
        }


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` of ``values`` are, by interpolation."""
    return statistics.quantiles(values, n=100)[percent - 1]


def median_of(
    name: str, unit: str, samples: Sequence[float], goal: Goal | None = None, note: str = ""
) -> Figure:
    """Return a figure with the median of the samples."""
    return Figure(name, statistics.median(samples), unit, tuple(samples), goal, note)


def worst_of(
    name: str, unit: str, samples: Sequence[float], goal: Goal | None = None, note: str = ""
) -> Figure:
    """Return a figure with the largest sample."""
    return Figure(name, max(samples), unit, tuple(samples), goal, note)


def ratio_of(
    name: str,
    numerators: Sequence[float],
    denominators: Sequence[float],
    goal: Goal | None = None,
    note: str = "",
) -> Figure:
    """Return a figure with the median of the ratios of pairs measured side by side."""
    pairs = zip(numerators, denominators, strict=True)
    return median_of(name, "×", [a / b for a, b in pairs], goal, note)


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as aligned text, with their notes below."""
    rows = [("", "figure", "unit", "spread", "goal", "")]
    notes: list[str] = []
    for figure in figures:
        if figure.note and figure.note not in notes:
            notes.append(figure.note)
        mark = f" [{notes.index(figure.note) + 1}]" if figure.note else ""
        rows.append(
            (
                figure.name + mark,
                _number(figure.value),
                figure.unit,
                _spread(figure.samples),
                "" if figure.goal is None else str(figure.goal),
                {None: "", True: "met", False: "NOT MET"}[figure.is_met],
            )
        )
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    right_aligned = (1, 3, 4)
    lines = [
        "  ".join(
            cell.rjust(width) if index in right_aligned else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    if notes:
        lines += ["", *(f"[{index}] {note}" for index, note in enumerate(notes, 1))]
    return "\n".join(lines)


def _spread(samples: Sequence[float]) -> str:
    low, high = _number(min(samples)), _number(max(samples))
    return "" if len(samples) < 2 else f"{low} – {high}"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 3 - (math.floor(math.log10(abs(value))) + 1 if value else 0)
    return f"{value:.{min(digits, 3)}f}"
