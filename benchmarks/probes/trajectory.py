"""Makes up a long trajectory, in the shape and the portions of a real one."""

from collections.abc import Iterator

import numpy as np

from linreg_gui.engines.steps import StepBatch
from linreg_gui.runs.history import History

PORTION = 40
"""About as many steps as arrive in one frame."""


def fill(history: History, last_step: int, portion: int = PORTION) -> None:
    """Append steps to the history until ``last_step``."""
    for batch in _portions(history, last_step, portion):
        history.append(batch)


def _portions(history: History, last_step: int, portion: int) -> Iterator[StepBatch]:
    generator = np.random.default_rng(1)
    kind = history.start.dtype
    goal = np.array([2.0, -3.4, 4.2][-history.start.size :])
    for before in range(history.step, last_step, portion):
        steps = np.arange(before + 1, min(before + portion, last_step) + 1)
        distance = np.exp(-steps / 500.0)
        expected = 30.0 * distance**2 + 1e-4
        wander = generator.normal(scale=2e-4, size=(len(steps), len(goal)))
        parameters = goal + distance[:, None] * (history.start - goal) + wander
        yield StepBatch(
            first_step=before + 1,
            losses=(expected * generator.chisquare(4, len(steps)) / 4).astype(kind),
            moving_losses=expected * generator.normal(1.0, 0.05, len(steps)),
            parameters=parameters.astype(kind),
            learning_rate=history.learning_rate_at(history.step),
        )
