"""The settings that suit a table: a run that can be watched, and ends near least squares."""

from collections.abc import Container, Generator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from linreg_gui.analysis.curvature import Curvature
from linreg_gui.analysis.moments import Moments, moments_of
from linreg_gui.analysis.prospects import Prospects
from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.number_text import exact, joined, round_to, whole, whole_up_to
from linreg_gui.pieces import at_once
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import tr, trn

MOST_STEPS = 20_000
"""A proposed run takes no more steps, unless the settings that a person has chosen need them."""

_WATCHABLE = 1_000
"""A run with this number of steps is short enough. If the features as measured need more, they are
standardized where that is shorter; of longer runs, the shortest is proposed."""

_FEWEST_STEPS = 200
_AIM = 0.05
"""The expected distance at the end. The distance of a single run can be some times as large."""

_FULL_BATCH, _SMALL_BATCH, _LARGE_BATCH = 32, 10, 32
_LARGE = 2_000
_LONGEST_EPOCH = 5_000
_LARGER, _LARGEST_BATCH = 4, 10_000

_CALM = 20.0
"""The reliable rate divided by this lets the steps jump about little. The fastest is half of it."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})

_PROPOSED = ("standardize", "learning_rate", "batch_size", "epochs")
_FASTER, _SLOWER = (8.0, 4.0, 2.0, 1.2), (60.0, 200.0, 600.0)


@dataclass(frozen=True)
class Proposal:
    """Settings, and how the run with them is expected to end.

    Attributes
    ----------
    standardize, batch_size, learning_rate, epochs
        As in `TrainingConfig`.
    steps : int
        How many steps the run takes.
    distance, of_loss : float
        From least squares at the end, as `Prospects.distance` returns it, and that of the loss.
    """

    standardize: bool
    batch_size: int
    learning_rate: float
    epochs: int
    steps: int
    distance: float
    of_loss: float

    @property
    def settings(self) -> dict[str, Any]:
        """Return the settings by name."""
        return {name: getattr(self, name) for name in _PROPOSED}

    @property
    def is_near(self) -> bool:
        """Return whether the run will end near least squares, with some reserve."""
        return self.distance <= _AIM

    def rank(self) -> tuple[bool, float]:
        """Return what is smaller for a better proposal."""
        return not self.is_near, self.steps if self.is_near else self.of_loss


def proposing(
    moments: Moments, *, standardize: bool | None = None, given: Mapping[str, Any] = _NOTHING
) -> Generator[None, None, Proposal]:
    """Return settings that suit a table, after slices of a few milliseconds.

    Parameters
    ----------
    moments : Moments
        Of the training examples.
    standardize : bool, optional
        Whether to standardize the features; by default only where that is much faster.
    given : mapping, optional
        The ``batch_size``, ``learning_rate`` and ``epochs`` that must stay.
    """
    best: Proposal | None = None
    for is_standardized in (False, True) if standardize is None else (standardize,):
        curvature = Curvature(moments, is_standardized=is_standardized)
        prospects = Prospects(moments, curvature, curvature.drawn_outlook(), is_rounded=True)
        found = yield from searching(prospects, is_standardized, given)
        best = found if best is None else min(best, found, key=Proposal.rank)
        if best.is_near and best.steps <= _WATCHABLE:
            break
    assert best is not None
    return best


def with_proposal(config: TrainingConfig, given: Container[str]) -> tuple[TrainingConfig, str]:
    """Return ``config`` with settings that suit its data, and a sentence that says which.

    Those that are ``given`` stay. With the learning rate stays whether to standardize, because the
    rate is for features of that kind.
    """
    assert config.data is not None
    proposed = [name for name in _PROPOSED if name not in given]
    if "learning_rate" in given or config.standardize:
        proposed = [name for name in proposed if name != "standardize"]
    if not proposed:
        return config, ""
    training, _ = config.data.divided(config.held_out, config.seed)
    proposal = at_once(
        proposing(
            moments_of(training),
            standardize=None if "standardize" in proposed else config.standardize,
            given={name: getattr(config, name) for name in _PROPOSED[1:] if name not in proposed},
        )
    )
    found = {name: proposal.settings[name] for name in proposed}
    sentence = tr("Proposed for this table: {settings}.")
    return replace(config, **found), sentence.format(settings=settings_words(found))


def settings_words(settings: Mapping[str, Any]) -> str:
    """Return the proposed ``settings``, by name, in words."""
    words = {
        "standardize": lambda value: (
            tr("standardized features") if value else tr("features as measured")
        ),
        "learning_rate": lambda value: tr("learning rate {rate}").format(rate=exact(value)),
        "batch_size": lambda value: tr("batches of {size}").format(size=whole(value)),
        "epochs": lambda value: trn("{epochs} epoch", "{epochs} epochs", value).format(
            epochs=whole(value)
        ),
    }
    return joined(words[name](value) for name, value in settings.items())


def searching(
    prospects: Prospects, standardize: bool, given: Mapping[str, Any] = _NOTHING
) -> Generator[None, None, Proposal]:
    """Return the first proposal that is near and watchable, or the best one there is."""
    best: Proposal | None = None
    for batch_size in _batch_sizes(prospects.size, given.get("batch_size")):
        limit = prospects.curvature.reliable_rate(batch_size)
        rates = [given.get("learning_rate", rate_below(limit, _CALM, 1))]
        for rate in rates:
            yield
            epochs = given.get("epochs") or _epochs(prospects, rate, batch_size)
            end = prospects.after(rate, batch_size, epochs)
            steps = epochs * count_batches(prospects.size, batch_size)
            of_loss, *of_parameters = prospects.distances(end).tolist()
            distance = max(of_loss, *of_parameters)
            found = Proposal(standardize, batch_size, rate, epochs, steps, distance, of_loss)
            best = found if best is None else min(best, found, key=Proposal.rank)
            if best.is_near and best.steps <= _WATCHABLE:
                return best
            if len(rates) == 1 and "learning_rate" not in given:
                mean_path = prospects.curvature.without_noise(end)
                is_noisy = (
                    batch_size < prospects.size
                    and not found.is_near
                    and prospects.distance(mean_path) <= _AIM
                )
                others = _SLOWER if is_noisy else _FASTER
                rates += (rate_below(limit, each, 1 if each >= 4 else 2) for each in others)
    assert best is not None
    return best


def rate_below(limit: float, divisor: float, digits: int) -> float:
    """Return ``limit / divisor``, rounded to ``digits``, or the least rate that can be set."""
    return max(round_to(limit / divisor, digits), SMALLEST)


def _epochs(prospects: Prospects, rate: float, batch_size: int) -> int:
    """Return how many epochs bring the run near, within `MOST_STEPS`."""
    batches = count_batches(prospects.size, batch_size)
    most = max(1, MOST_STEPS // batches)
    needed = prospects.epochs_to(_AIM, rate, batch_size, most) or most
    return min(max(whole_up_to(needed, 2), -(-_FEWEST_STEPS // batches)), most)


def _batch_sizes(size: int, given: int | None) -> list[int]:
    """Return the sizes to try, the smallest first."""
    if given is not None:
        return [min(given, size)]
    if size <= _FULL_BATCH:
        return [size]
    sizes = [max(_SMALL_BATCH if size < _LARGE else _LARGE_BATCH, -(-size // _LONGEST_EPOCH))]
    while sizes[-1] < min(size, _LARGEST_BATCH):
        sizes.append(min(_LARGER * sizes[-1], size))
    return sizes
