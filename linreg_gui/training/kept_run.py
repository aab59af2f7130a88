"""A run that is kept to be compared: its settings, how it ended, and some of its steps."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from linreg_gui.training.config import DEFAULTS, TrainingConfig, setting_words
from linreg_gui.training.history import RateChange
from linreg_gui.training.numbers import format_real
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import RunState

KEPT_BYTES = 4_000_000
"""So much of a trajectory is kept: every step of all but very long runs."""


@dataclass(eq=False)
class KeptRun:
    """A finished run.

    Attributes
    ----------
    run : Run
        With a history of bounded size, and an example instead of the dataset.
    name : str
        What the person calls it.
    state : RunState
        How it ended.
    color_index : int
        Which of the palette's colours for runs it has.
    is_shown, is_pinned : bool
        Whether it is drawn over the pictures, and whether it stays when room is needed.
    """

    run: Run
    name: str
    state: RunState
    color_index: int
    is_shown: bool = True
    is_pinned: bool = False

    @property
    def final_loss(self) -> float:
        """Return the mean loss of the last epoch."""
        loss = self.run.history.recent_epoch_loss
        assert loss is not None
        return loss


def reduced(run: Run) -> Run:
    """Return ``run`` without what takes much memory and is not drawn over other runs."""
    return dataclasses.replace(
        run, problem=run.problem.reduced(), history=run.history.reduced(KEPT_BYTES)
    )


def differences(kept: Sequence[KeptRun]) -> list[str]:
    """Tell each run's settings from the others'; a single one's from the lesson's.

    Where nothing is different, the text is empty.
    """
    words = [_words(each.run.config, each.run.history.rate_changes) for each in kept]
    compared = words if len(words) > 1 else [*words, _words(DEFAULTS)]
    return [
        "; ".join(
            text for name, text in own.items() if any(text != other.get(name) for other in compared)
        )
        for own in words
    ]


def _words(config: TrainingConfig, rate_changes: Sequence[RateChange] = ()) -> dict[str, str]:
    """Return each setting that has an effect, in words, and where the rate went meanwhile."""
    words = setting_words(config)
    if rate_changes:
        between = ["…"] if len(rate_changes) > 1 else []
        way = [words["learning_rate"], *between, format_real(rate_changes[-1].learning_rate)]
        words["learning_rate"] = " → ".join(way)
    return words
