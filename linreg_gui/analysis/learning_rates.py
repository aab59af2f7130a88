"""Which learning rates train. Derived in docs/learning-rates.md.

A minibatch's step maps the distance e from the optimum to (I − ηH_b)e, plus noise that does not
depend on e; H_b = (2/m)·Z_bᵀZ_b is the minibatch's Hessian, h = 2zzᵀ one example's, H their mean.
"""

import math
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.engines.steps import in_slices

if TYPE_CHECKING:
    from linreg_gui.engines.scan import GramBlock

_GOLDEN = (3 - math.sqrt(5)) / 2
_CLOSE = 1e-7


@dataclass(frozen=True)
class LearningRateLimits:
    """Learning rates for one dataset and batch size.

    Attributes
    ----------
    full_batch : float
        Gradient descent on all the examples at once diverges above it: 2/λmax(H).
    mean_square : float
        Below it the expected square of the error contracts.
    fastest : float
        The expected square of the error shrinks fastest.
    typical : float or None
        A typical run diverges above it; None while it is not known.
    """

    full_batch: float
    mean_square: float
    fastest: float
    typical: float | None = None

    @property
    def reliable(self) -> float:
        """Return the rate up to which training is reliable: the lower one of the run's two limits.

        The typical one is lower only where minibatches are not all alike: where the last one of an
        epoch is short, or the examples are not shuffled.
        """
        return min(self.mean_square, self.typical or self.mean_square)


def fastest_rate(drift: DoubleArray, square: DoubleArray, limit: float) -> float:
    """Minimize λmax(I − ηT + η²Q) for T = ``drift`` and Q = ``square``, where η < ``limit``.

    It is convex in η, so a golden-section search finds it.
    """

    def slowest(rate: float) -> float:
        change = rate**2 * square
        change[diagonal] -= rate * drift
        return float(np.linalg.eigvalsh(change)[-1])

    diagonal = np.diag_indices(len(drift))
    low, high = 0.0, limit
    left, right = _GOLDEN * limit, (1 - _GOLDEN) * limit
    at_left, at_right = slowest(left), slowest(right)
    while high - low > _CLOSE * limit:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = low + _GOLDEN * (high - low)
            at_left = slowest(left)
        else:
            low, left, at_left = left, right, at_right
            right = high - _GOLDEN * (high - low)
            at_right = slowest(right)
    return (low + high) / 2


_GROWTH_STEPS, _LEAST_GROWTH_STEPS = 5_000, 200
_GROWTH_EXAMPLES = 2_000_000
"""Large minibatches are much alike: those with this many examples are enough, used repeatedly."""

_DOUBLE = math.log(2.0)
_HALVINGS = 12


@in_slices
def typical_limit(
    limits: LearningRateLimits, blocks: Iterable["GramBlock"]
) -> Iterator[float | None]:
    """Yield None between slices of a few milliseconds, and finally the limit.

    Along the run's own minibatches an error e grows like exp(λt); λ is the top Lyapunov exponent
    of the product of the steps' matrices (Furstenberg and Kesten 1960). The limit is the rate at
    which λ crosses 0, found by halving an interval of log η. Runs on MXNet's thread.

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


def _first_blocks(blocks: Iterable["GramBlock"]) -> Generator[None, None, list["GramBlock"]]:
    kept: list[GramBlock] = []
    steps, examples = 0, 0.0
    for block in blocks:
        kept.append(block)
        steps += len(block)
        examples += block.sizes.sum()
        if steps >= _GROWTH_STEPS or examples >= _GROWTH_EXAMPLES:
            break
        yield
    return kept * -(-_LEAST_GROWTH_STEPS // steps)


def _grows(blocks: list["GramBlock"], rate: float) -> Generator[None, None, bool]:
    """Return whether an error is larger after the steps of ``blocks`` than before."""
    from linreg_gui.engines.scan import scan  # noqa: PLC0415 - imports MXNet

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
