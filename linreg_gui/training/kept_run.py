"""A run that is kept to be compared: its settings, how it ended, and some of its steps."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linreg_gui.training.config import DEFAULTS, differing_settings
from linreg_gui.training.numbers import format_real
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import RunState

KEPT_BYTES = 4_000_000
"""So much of a trajectory is kept: every step of all but very long runs."""
_KEPT_ROWS = 1


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

    @property
    def distance(self) -> float:
        """Return how far the farthest parameter is from its least-squares value."""
        gaps = self.run.history.current_parameters - self.run.references.parameters
        return float(np.abs(gaps).max())


def reduced(run: Run) -> Run:
    """Return ``run`` without what takes much memory and is not drawn over other runs."""
    dataset = dataclasses.replace(
        run.dataset,
        features=run.dataset.features[:_KEPT_ROWS].copy(),
        target=run.dataset.target[:_KEPT_ROWS].copy(),
    )
    return dataclasses.replace(run, dataset=dataset, history=run.history.reduced(KEPT_BYTES))


def differences(kept: Sequence[KeptRun]) -> list[str]:
    """Tell each run's settings from the others'; a single one's from the lesson's."""
    if len(kept) == 1:
        return [_words(kept[0].run, differing_settings(kept[0].run.config, DEFAULTS))]
    configs = [each.run.config for each in kept]
    words = []
    for each in kept:
        differing: dict[str, None] = {}
        for other in configs:
            differing |= dict.fromkeys(differing_settings(each.run.config, other))
        words.append(_words(each.run, list(differing)))
    return words


def _words(run: Run, differing: list[str]) -> str:
    rates = [format_real(change.learning_rate) for change in run.history.rate_changes]
    if rates:
        differing = [*differing, " → ".join([format_real(run.config.learning_rate), *rates[-2:]])]
    return "; ".join(differing)
