"""How near lines are to least squares: in loss, and in the parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from linreg_gui.analysis.landscape import Descent, Landscape
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import significant
from linreg_gui.texts import paragraph, retold, tr

_NEARLY_ALL = 0.9
"""A parameter with this share of each squared distance decides alone who is nearest."""

_ROUND_BOWL = 1.5
"""With a smaller condition number, the same distance costs nearly the same loss everywhere."""


@dataclass(frozen=True)
class Closeness:
    """How near a line is to least squares.

    Attributes
    ----------
    name : str
        The words for the line.
    loss, excess : float
        Its loss, and how far that is above the loss of least squares.
    distance : float
        How far its parameters are from least squares, in a straight line, in the data's units.
    shares : ndarray, shape (d + 1,)
        The share of each parameter in the squared distance; NaN at least squares itself.
    """

    name: str
    loss: float
    excess: float
    distance: float
    shares: DoubleArray


def closeness(lines: Sequence[tuple[str, DoubleArray]], landscape: Landscape) -> list[Closeness]:
    """Return how near each of ``lines`` is in ``landscape``, in the units of the data."""
    ranks = []
    for name, parameters in lines:
        error = parameters - landscape.optimum
        excess, distance = float(np.sum((landscape.root @ error) ** 2)), np.linalg.norm(error)
        with np.errstate(invalid="ignore"):
            shares = (error / distance) ** 2
        ranks.append(Closeness(name, landscape.loss(parameters), excess, float(distance), shares))
    return ranks


def closeness_sentences(
    ranks: Sequence[Closeness],
    landscape: Landscape,
    undetermined: str,
    parameter_names: Sequence[str],
) -> list[str]:
    """Say who is nearest, in loss and in the parameters, and where these two disagree.

    Parameters that are measured in different units are hard to compare: if one of them makes up
    nearly all of the distances, it is named.

    ``undetermined`` says which parameters least squares does not determine; mostly it is empty.
    """
    if undetermined:
        return [paragraph(retold(undetermined), tr("So only the loss can be compared."))]
    if len(ranks) == 1:
        words = tr(
            "{name} is {excess} above the loss of least squares, and {distance} away from it in "
            "the parameters, in the data's units."
        )
        return [words.format(**_words(ranks[0])), *_decisive(ranks, parameter_names)]
    by_loss = min(ranks, key=lambda each: each.excess)
    by_place = min(ranks, key=lambda each: each.distance)
    sentences = [
        tr("Nearest in loss: {name}, {excess} above least squares.").format(**_words(by_loss)),
        tr(
            "Nearest in the parameters: {name}, {distance} away from least squares, in the data's "
            "units."
        ).format(**_words(by_place)),
        *_decisive(ranks, parameter_names),
    ]
    pair = (by_place, by_loss) if by_place is not by_loss else _contradiction(ranks)
    if pair is None:
        sentences.append(tr("Here, whoever is nearer in the parameters is nearer in loss, too."))
        return sentences
    near, far = pair
    sentences.append(
        tr(
            "Near in one is not near in the other: {near} is nearer in the parameters ({distance} "
            "against {far_distance}), but {far} has the smaller loss ({far_loss} against {loss})."
        ).format(
            near=near.name,
            far=far.name,
            distance=significant(near.distance),
            far_distance=significant(far.distance),
            loss=significant(near.loss),
            far_loss=significant(far.loss),
        )
    )
    condition = Descent(landscape, landscape.optimum).condition
    if condition > _ROUND_BOWL:
        sentences.append(
            tr(
                "The loss is not a round bowl: at the same distance, it rises up to {times} times "
                "as much in one direction as in another."
            ).format(times=significant(condition, 2))
        )
    return sentences


def _decisive(ranks: Sequence[Closeness], names: Sequence[str]) -> list[str]:
    """Return a sentence about the parameter that decides all distances, if there is one."""
    least = np.min([each.shares for each in ranks], axis=0)  # NaN: somebody is at least squares
    decisive = int(least.argmax())
    if not least[decisive] >= _NEARLY_ALL:
        return []
    words = tr(
        "{name} alone decides this distance: the parameters have different units, and the errors "
        "of {name} are the largest numbers."
    )
    return [words.format(name=names[decisive])]


def _contradiction(ranks: Sequence[Closeness]) -> tuple[Closeness, Closeness] | None:
    """Return the pair, nearer in the parameters first, whose losses are the other way round most.

    None if there is none.
    """
    pairs = [
        (near, far)
        for one, other in combinations(ranks, 2)
        for near, far in [sorted((one, other), key=lambda each: each.distance)]
        if near.distance < far.distance and near.excess > far.excess
    ]
    return max(pairs, key=lambda pair: pair[0].excess - pair[1].excess, default=None)


def _words(each: Closeness) -> dict[str, str]:
    return {
        "name": each.name,
        "excess": significant(each.excess),
        "distance": significant(each.distance),
    }
