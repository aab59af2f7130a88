"""A sweep: one run for each of several values of a setting, which a person types."""

import math
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.languages import decimal_mark
from linreg_gui.number_text import as_typed, round_to, typed
from linreg_gui.runs.training import steps_to_end
from linreg_gui.settings import (
    DEFAULTS,
    Engine,
    SettingError,
    TrainingConfig,
    parse_setting,
    setting_of,
    split_numbers,
    used_settings,
)
from linreg_gui.texts import tr

MOST_VALUES = 50
DEFAULT_COUNT = 8
_RANGE = re.compile(
    r"(?P<first>.*?)(?:…|\.\.+)(?P<last>.*?)(?:(?:[:;]|,\s)\s*(?P<count>\d+)[^\d]*)?"
)
_MOST_DIGITS = 4
"""A longer count is cut off: it is too large anyway."""
_DECADE = 10.0


@dataclass(frozen=True)
class SweepPoint:
    """How one run of a sweep ended.

    Attributes
    ----------
    index : int
        The index of its settings.
    steps : int
        The number of steps it took.
    loss : float
        The mean loss of its last epoch.
    distance : float
        The largest difference of a parameter from its least-squares value.
    least_squares_loss : float
        The lowest loss that a line has on the data of this run.
    diverged : bool
        Whether it diverged; loss and distance are then the last finite ones.
    messages : tuple of str
        The messages about this run.
    stopped : bool
        Whether it met its stop rule.
    """

    index: int
    steps: int
    loss: float
    distance: float
    least_squares_loss: float
    diverged: bool
    messages: tuple[str, ...] = ()
    stopped: bool = False


def sweepable(config: TrainingConfig = DEFAULTS) -> list[str]:
    """Return the fields that can be swept and have an effect in ``config``."""
    return [name for name, setting in used_settings(config).items() if setting.sweep]


def parse_values(name: str, text: str) -> tuple[float, ...]:
    """Read what is typed: a list, ``0.001, 0.01, 0.1``, or a range with the number of its values.

    A range is written ``0.001 … 1`` or ``0.001 ... 1``, and may end in ``: 12`` or
    ``, 12 values``. Its values are spread evenly, or evenly on a log scale where it spans more
    than a decade.

    Raises
    ------
    SettingError
        With a sentence for the user.
    """
    range_match = _RANGE.fullmatch(text)
    if range_match:
        low, high = sorted(parse_setting(name, range_match[end]) for end in ("first", "last"))
        count = range_match["count"] or str(DEFAULT_COUNT)
        values = _spread(low, high, int(count[:_MOST_DIGITS]))
        if isinstance(low, int):
            values = [round(value) for value in values]
    else:
        values = [parse_setting(name, part) for part in split_numbers(text, decimal_mark())]
    unique = tuple(sorted(set(values)))
    if not 1 < len(unique) <= MOST_VALUES:
        raise SettingError(name, tr("Give 2 to {most} different values.").format(most=MOST_VALUES))
    return unique


def proposed_values(name: str, limit: float | None) -> str:
    """Return a text that `parse_values` reads; ``limit`` is the stable learning rate if known."""
    setting = setting_of(name)
    if name != "learning_rate" or limit is None:
        return as_typed(setting.sweep)
    assert setting.maximum is not None
    high = min(2 * limit, setting.maximum)
    low, high = max(round_to(high / 200, 1), SMALLEST), max(round_to(high, 1), 10 * SMALLEST)
    return f"{typed(low)} … {typed(high)}"


def _spread(low: float, high: float, count: int) -> list[float]:
    """Return ``count`` rounded values between two exact ends, or one more than is allowed."""
    count = min(count, MOST_VALUES + 1)
    if low > 0 and high / low > _DECADE:
        inner = [round_to(value, 3) for value in np.geomspace(low, high, count)[1:-1]]
    else:
        inner = [round_to(value, 6) for value in np.linspace(low, high, count)[1:-1]]
    return [low, *inner, high][:count]


_HISTORY_BYTES = 2_000


def sweep(configs: Sequence[TrainingConfig]) -> Generator[SweepPoint | None, None, None]:
    """Train each of ``configs`` with the instant engine, and yield None between the slices.

    Runs on MXNet's thread.
    """
    from linreg_gui.runs.preparation import prepare_run  # noqa: PLC0415 - imports MXNet

    for index, config in enumerate(configs):
        run, engine = prepare_run(
            index, config.with_value("engine", Engine.INSTANT), memory_limit=_HISTORY_BYTES
        )
        history = run.history
        for steps in steps_to_end(run, engine):
            steps.take()
            yield None
        yield SweepPoint(
            index=index,
            steps=history.step,
            loss=math.inf if history.recent_epoch_loss is None else history.recent_epoch_loss,
            distance=run.distance,
            least_squares_loss=run.references.loss,
            diverged=engine.diverged,
            messages=tuple(run.messages),
            stopped=engine.stopped,
        )
