"""The learning rate above which a typical run diverges. Runs on MXNet's thread."""

import math
from collections.abc import Iterable, Iterator

import numpy as np

from linreg_gui.training.affine_scan import scan
from linreg_gui.training.minibatch_sums import SumsBlock
from linreg_gui.training.stability import LearningRateLimits

_STEPS = 5_000
_HALVINGS = 12


def typical_limit(
    limits: LearningRateLimits, blocks: Iterable[SumsBlock]
) -> Iterator[float | None]:
    """Yield None between slices of a few milliseconds, and the limit at last.

    Along the run's own minibatches an error e grows like exp(λt); λ is the top Lyapunov exponent
    of the product of the steps' matrices (Furstenberg and Kesten 1960). The limit is the rate at
    which λ crosses 0, found by halving an interval of log η.

    Parameters
    ----------
    limits : LearningRateLimits
        The ones that are known: the search begins at the mean-square limit.
    blocks : iterable of SumsBlock
        The run's minibatches; some 5,000 are used.
    """
    kept: list[SumsBlock] = []
    steps = 0
    for block in blocks:
        kept.append(block)
        steps += len(block)
        if steps >= _STEPS:
            break
        yield None
    low, high = math.log(limits.mean_square), math.log(2 * limits.full_batch)
    while not _grows(kept, math.exp(high)):
        low, high = high, high + math.log(2)
        yield None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _grows(kept, math.exp(middle)):
            high = middle
        else:
            low = middle
        yield None
    yield math.exp((low + high) / 2)


def _grows(blocks: list[SumsBlock], rate: float) -> bool:
    """Return whether an error is larger after the steps of ``blocks`` than before."""
    width = blocks[0].sums.shape[1]
    state = np.ones(width)
    state[-1] = 0.0  # the linear part alone
    growth = -math.log(np.linalg.norm(state))
    for block in blocks:
        with np.errstate(all="ignore"):
            states, _ = scan(block.sums, np.full(len(block), rate), block.sizes, state)
            size = float(np.linalg.norm(states[-1]))
        if size == 0.0:
            return False
        if not math.isfinite(size):
            return True
        growth += math.log(size)
        state = states[-1] / size
    return growth > 0
