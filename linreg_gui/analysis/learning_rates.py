"""Which learning rates train, and which settings suit the data. Derived in docs/learning-rates.md.

A minibatch's step maps the distance e from the optimum to (I − ηH_b)e, plus noise that does not
depend on e; H_b = (2/m)·Z_bᵀZ_b is the minibatch's Hessian, h = 2zzᵀ one example's, H their mean.
"""

import math
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linreg_gui.analysis.least_squares import FLAT, Axes
from linreg_gui.analysis.moments import Moments, moments_of
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.engines.steps import in_slices
from linreg_gui.number_text import round_to
from linreg_gui.settings import setting_of

if TYPE_CHECKING:
    from linreg_gui.engines.scan import GramBlock

_GRIDS, _GRID_POINTS = 6, 33


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


class Curvature:
    """The curvatures of the loss, on average and of each example.

    Parameters are measured along the eigenvectors of H here, without those that no step moves
    along. A symmetric matrix over them is a vector, as in `products_of`. In these coordinates
    H⊗I + I⊗H and H⊗H are diagonal: λi + λj and λi·λj.

    Parameters
    ----------
    moments : Moments
        Of the examples.
    is_standardized : bool
        Whether the training features are standardized.

    Attributes
    ----------
    curvatures : ndarray, shape (r,)
        The eigenvalues of H that are not flat, the largest first.
    """

    def __init__(self, moments: Moments, *, is_standardized: bool) -> None:
        self._size = moments.size
        root, from_standardized = moments.loss_root, np.eye(len(moments.ranges) + 1)
        if not is_standardized:
            root = root @ moments.scaling.to_standardized
            from_standardized = moments.scaling.to_standardized.T
        curvatures, directions = Axes.of(root).curvatures()
        steep = curvatures > FLAT * curvatures[0]
        self.curvatures = curvatures = curvatures[steep]
        products = _product_map(directions[steep] @ from_standardized)
        self._mean_square = 4 * products @ moments.fourth @ products.T  # E[h⊗h]
        first, second = np.triu_indices(len(curvatures))
        self._drift = curvatures[first] + curvatures[second]
        self._square = np.diag(curvatures[first] * curvatures[second])

    def limits(self, batch_size: int) -> LearningRateLimits:
        """Return the limits for minibatches of ``batch_size``; the typical one for full batches.

        E[(I − ηH_b)⊗(I − ηH_b)] = I − ηT + η²Q with T = H⊗I + I⊗H and Q = E[H_b⊗H_b]. Drawn
        without replacement from n examples, Q = H⊗H + (n−m)/(m(n−1))·(E[h⊗h] − H⊗H). The
        spectral radius is below 1 as long as T − ηQ is positive: η < 1/λmax(T⁻¹Q).
        """
        size, full_batch = self._size, 2.0 / float(self.curvatures[0])
        share = (size - batch_size) / (batch_size * (size - 1)) if size > 1 else 0.0
        square = self._square + share * (self._mean_square - self._square)
        whitening = np.sqrt(np.outer(self._drift, self._drift))
        mean_square = 1.0 / float(np.linalg.eigvalsh(square / whitening)[-1])
        return LearningRateLimits(
            full_batch=full_batch,
            mean_square=mean_square,
            fastest=_fastest(np.diag(self._drift), square, mean_square),
            typical=full_batch if batch_size == size else None,
        )


def _product_map(matrix: DoubleArray) -> DoubleArray:
    """Return the matrix that maps `products_of` z to those of ``matrix`` @ z."""
    first, second = np.triu_indices(matrix.shape[0])
    left, right = matrix[first], matrix[second]
    i, j = np.triu_indices(matrix.shape[1])
    pairs = left[:, i] * right[:, j] + left[:, j] * right[:, i]
    rows = np.where(first == second, 1.0, np.sqrt(2.0))[:, np.newaxis]
    result: DoubleArray = rows * pairs / np.where(i == j, 2.0, np.sqrt(2.0))
    return result


def _fastest(drift: DoubleArray, square: DoubleArray, limit: float) -> float:
    """Minimize λmax(I − ηT + η²Q), which is convex in η, on grids that close in on it."""
    identity = np.eye(len(drift))
    low, high = 0.0, limit
    for _ in range(_GRIDS):
        rates = np.linspace(low, high, _GRID_POINTS)
        each = rates[:, np.newaxis, np.newaxis]
        slowest = np.linalg.eigvalsh(identity - each * drift + each**2 * square)[:, -1]
        best = int(slowest.argmin())
        low, high = rates[max(best - 1, 0)], rates[min(best + 1, _GRID_POINTS - 1)]
    return float((low + high) / 2)


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


_FULL_BATCH, _SMALL_BATCH, _LARGE_BATCH = 32, 10, 32
_LARGE = 2_000
_CAUTION = 10.0
"""The proposed rate is the fastest one divided by this, so that the steps jump about little."""
_DECAY = 6.0
"""The error should shrink to exp(−6) along every direction."""
_FEWEST_STEPS, _MOST_STEPS = 200, 20_000


def proposed_settings(data: Dataset, *, standardize: bool) -> dict[str, Any]:
    """Return ``standardize``, and a batch size, rate and epochs that suit it.

    Such a run can be watched, and ends near its goal.
    """
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
