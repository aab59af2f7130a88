"""The learning rate above which a typical run diverges. Runs on MXNet's thread."""

import math
from collections.abc import Generator, Iterable, Iterator

import numpy as np

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.engines.scan import GramBlock, scan
from linreg_gui.engines.steps import in_slices

_STEPS, _FEWEST_STEPS = 5_000, 200
_EXAMPLES = 2_000_000
"""Large minibatches are much alike: those with this many examples are enough, used repeatedly."""

_DOUBLE = math.log(2.0)
_HALVINGS = 12


@in_slices
def typical_limit(
    limits: LearningRateLimits, blocks: Iterable[GramBlock]
) -> Iterator[float | None]:
    """Yield None between slices of a few milliseconds, and finally the limit.

    Along the run's own minibatches an error e grows like exp(λt); λ is the top Lyapunov exponent
    of the product of the steps' matrices (Furstenberg and Kesten 1960). The limit is the rate at
    which λ crosses 0, found by halving an interval of log η.

    Parameters
    ----------
    limits : LearningRateLimits
        The limits that are known. The search begins at the mean-square limit.
    blocks : iterable of GramBlock
        The run's minibatches, of which some 5,000 are used.
    """
    kept = yield from _first_blocks(blocks)
    low = math.log(limits.mean_square)
    while (yield from _grows(kept, math.exp(low))):
        low -= _DOUBLE
    high = low + _DOUBLE
    while not (yield from _grows(kept, math.exp(high))):
        low, high = high, high + _DOUBLE
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (yield from _grows(kept, math.exp(middle))):
            high = middle
        else:
            low = middle
    yield math.exp((low + high) / 2)


def _first_blocks(blocks: Iterable[GramBlock]) -> Generator[None, None, list[GramBlock]]:
    kept: list[GramBlock] = []
    steps, examples = 0, 0.0
    for block in blocks:
        kept.append(block)
        steps += len(block)
        examples += block.sizes.sum()
        if steps >= _STEPS or examples >= _EXAMPLES:
            break
        yield
    return kept * -(-_FEWEST_STEPS // steps)


def _grows(blocks: list[GramBlock], rate: float) -> Generator[None, None, bool]:
    """Return whether an error is larger after the steps of ``blocks`` than before."""
    width = blocks[0].grams.shape[1]
    # Not all ones: an error of equal components would not move for a feature that is -1 everywhere.
    state = np.sqrt(np.arange(1.0, width + 1))
    state[-1] = 0.0  # the linear part alone
    growth = -math.log(np.linalg.norm(state))
    for block in blocks:
        with np.errstate(all="ignore"):
            states, _ = scan(block.grams, np.full(len(block), rate), block.sizes, state)
            size = float(np.linalg.norm(states[-1]))
        if size == 0.0:
            return False
        if not math.isfinite(size):
            return True
        growth += math.log(size)
        state = states[-1] / size
        yield
    return growth > 0
