"""Training settings that suit measured data: a run that can be watched, and ends near its goal."""

import math
from typing import Any

from linreg_gui.analysis.learning_rates import Curvature
from linreg_gui.analysis.moments import moments_of
from linreg_gui.data.dataset import Dataset
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.number_text import round_to
from linreg_gui.settings import setting_of

_FULL_BATCH, _SMALL_BATCH, _LARGE_BATCH = 32, 10, 32
_LARGE = 2_000
_CAUTION = 10.0
"""At the fastest rate divided by this, the steps of a minibatch jump about little."""
_DECAY = 6.0
"""The start's error is to shrink to exp(−6) along every direction."""
_FEWEST_STEPS, _MOST_STEPS = 200, 20_000


def proposed_settings(data: Dataset, *, standardize: bool) -> dict[str, Any]:
    """Return ``standardize``, and batch size, rate and epochs that suit it."""
    batch_size = data.size
    if data.size > _FULL_BATCH:
        batch_size = _SMALL_BATCH if data.size < _LARGE else _LARGE_BATCH
    curvature = Curvature(moments_of(data), is_standardized=standardize)
    rate = round_to(curvature.limits(batch_size).fastest / _CAUTION, 1)
    slowest = curvature.curvatures[-1]
    steps = min(max(_DECAY / (rate * slowest), _FEWEST_STEPS), _MOST_STEPS)
    batches = count_batches(data.size, batch_size)
    most = setting_of("epochs").maximum
    assert most is not None
    return {
        "standardize": standardize,
        "batch_size": batch_size,
        "learning_rate": rate,
        "epochs": min(math.ceil(steps / batches), int(most)),
    }
