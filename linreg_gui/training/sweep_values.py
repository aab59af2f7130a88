"""What a sweep goes over, as a person types it, and what it finds."""

from dataclasses import dataclass

import numpy as np

from linreg_gui.texts import tr
from linreg_gui.training.config import (
    DEFAULTS,
    SettingError,
    parse_numbers,
    settings,
)
from linreg_gui.training.numbers import format_real, parse_real

MOST_VALUES = 50
DEFAULT_COUNT = 8
_RANGE = "…"
_DECADE = 10.0


@dataclass(frozen=True)
class SweepPoint:
    """How one run of a sweep ended.

    Attributes
    ----------
    index : int
        Which of the settings it belongs to.
    steps : int
        How many it took.
    loss : float
        The mean loss of its last epoch.
    distance : float
        How far the farthest parameter is from its least-squares value.
    diverged : bool
        Whether it ended before its time; loss and distance are then the last finite ones.
    """

    index: int
    steps: int
    loss: float
    distance: float
    diverged: bool


def sweepable() -> list[str]:
    """Return the fields that one number sets."""
    return [
        name
        for name, _ in settings()
        if isinstance(getattr(DEFAULTS, name), int | float)
        and not isinstance(getattr(DEFAULTS, name), bool)
        and name != "start_bias"
    ]


def parse_values(name: str, text: str) -> tuple[float, ...]:
    """Read a list, ``0.001, 0.01, 0.1``, or a range with the number of its values.

    A range is written ``0.001 … 1`` or ``0.001 ... 1``, and may end in ``: 12``. Its values are
    spread evenly, or evenly on a log scale where it spans more than a decade.

    Raises
    ------
    SettingError
        With a sentence for the user.
    """
    whole = isinstance(getattr(DEFAULTS, name), int)
    try:
        values = _numbers(text.replace("...", _RANGE))
    except ValueError as error:
        raise SettingError(name, str(error)) from None
    if whole:
        values = [round(value) for value in values]
    unique = tuple(sorted(dict.fromkeys(values)))
    if not 1 < len(unique) <= MOST_VALUES:
        raise SettingError(name, tr("Give 2 to {most} different values.").format(most=MOST_VALUES))
    for value in unique:
        DEFAULTS.with_value(name, value)
    return unique


def proposed_values(name: str, limit: float) -> str:
    """Return a text that `parse_values` reads; ``limit`` is the stable learning rate."""
    if name == "learning_rate":
        low, high = (format_real(float(f"{end:.1g}")) for end in (limit / 100, limit * 2))
        return f"{low} {_RANGE} {high}"
    return {
        "examples": "100 … 10000",
        "noise_std": "0.001 … 10",
        "batch_size": "1, 2, 4, 8, 16, 32, 64, 128",
        "epochs": "1 … 8",
        "seed": "1 … 8",
        "true_bias": "-10 … 10",
    }[name]


def _numbers(text: str) -> list[float]:
    if _RANGE not in text:
        return list(parse_numbers(text))
    ends, _, count_text = text.partition(":")
    first, _, last = ends.partition(_RANGE)
    low, high = parse_real(first), parse_real(last)
    count = parse_real(count_text) if count_text.strip() else DEFAULT_COUNT
    if not 2 <= count <= MOST_VALUES:
        raise ValueError(tr("Give 2 to {most} different values.").format(most=MOST_VALUES))
    if low > 0 and high / low > _DECADE:
        return [float(f"{value:.3g}") for value in np.geomspace(low, high, int(count))]
    return [float(f"{value:.6g}") for value in np.linspace(low, high, int(count))]
