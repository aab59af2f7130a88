"""How a run will end, said before it begins, and what would bring it nearer to least squares."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linreg_gui.analysis.problem import Problem
from linreg_gui.analysis.prospects import Prospects, allowed_excess
from linreg_gui.analysis.rounding import features_sentence, is_target_too_large
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import exact, significant, whole, whole_up_to
from linreg_gui.pieces import at_once
from linreg_gui.runs.proposal import Proposal, proposing, rate_below, searching
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, StopRule, TrainingConfig, format_setting, setting_of
from linreg_gui.texts import paragraph, tr, trn

_SURE = 0.5
"""A cure brings the run at least so near: the distance is what is expected, not what is certain."""

_WORTH = 4
"""Standardizing is worth it if it divides the number of steps by more than this."""

_MOST_STEPS = 20_000
"""An epoch of more steps would keep the run waiting."""

_FACTORS = (3, 10, 30, 100, 300, 1000)
_DIVISORS = (4.0, 2.0, 1.2)


_Cure = tuple[str, dict[str, Any]]
"""A sentence, and the settings that it tells to change."""


@dataclass(frozen=True)
class Forecast:
    """That a run will not end near least squares.

    Attributes
    ----------
    sentence : str
        Says how it will end, and what would help.
    cure : dict
        The settings that would help, by name; empty if none would.
    """

    sentence: str
    cure: dict[str, Any]


def forecast(run: Run) -> Forecast | None:
    """Return how ``run`` will end; None if near least squares, or if that cannot be known.

    A target that is too large is told by itself, and nothing else can be known.
    Features that lose their differences in single precision are worth a sentence in any case.
    A run that its stop rule will end is where a person wants it.
    Above the reliable learning rate it is up to the seed, and the limits of the rate tell so. Then
    only features that make this rate tiny are worth one.
    """
    problem, config = run.problem, run.config
    if is_target_too_large(problem):
        return None
    if sentence := features_sentence(problem):
        return Forecast(sentence, {"standardize": True})
    curvature, rate, batch_size = problem.curvature, config.learning_rate, config.batch_size
    if rate >= curvature.reliable_rate(batch_size):
        wants = problem.wants_standardizing
        return Forecast(problem.scaling_sentence(), {"standardize": True}) if wants else None
    outlook = curvature.outlook(run.history.start)
    is_rounded = config.engine is Engine.AUTOGRAD
    prospects = Prospects(problem.moments, curvature, outlook, is_rounded=is_rounded)
    shuffled = end = prospects.after(rate, batch_size, config.epochs)
    if not config.shuffle and batch_size < prospects.size:
        parameters = unshuffled_end(run)
        if parameters is None:
            return None
        end = curvature.outlook(parameters)
    if prospects.distance(end) <= 1.0 or _meets_stop_rule(config, problem, end):
        return None
    words, settings = (
        tr("The order of the examples keeps it there: shuffle them."),
        {"shuffle": True},
    )
    if prospects.distance(shuffled) > 1.0:
        words, settings = _cure(problem, config, prospects, shuffled)
    return Forecast(paragraph(_end_sentence(problem, prospects, end), words), settings)


def _meets_stop_rule(config: TrainingConfig, problem: Problem, end: DoubleArray) -> bool:
    """Return whether the run is expected to meet its stop rule by its end."""
    curvature = problem.curvature
    match config.stop_rule:
        case StopRule.LOSS:
            share = config.stop_percent / 100
            bound = allowed_excess(problem.moments, curvature.lowest, share)
            return curvature.excess(end) <= bound
        case StopRule.GRADIENT:
            return curvature.squared_gradient(end) <= config.stop_gradient**2
    return False


def _end_sentence(problem: Problem, prospects: Prospects, end: DoubleArray) -> str:
    curvature, variance = problem.curvature, problem.moments.target_variance
    of_loss, *of_parameters = prospects.distances(end).tolist()
    if variance and of_loss > 1.0:
        best = 1.0 - curvature.lowest / variance
        reached = best - curvature.excess(end) / variance
        words = tr("With these settings the run will end below R² 0; least squares has {best}.")
        if reached >= 0:
            words = tr(
                "With these settings the run will end at about R² {reached}; least squares has "
                "{best}."
            )
        return words.format(reached=significant(reached), best=significant(best))
    index = of_parameters.index(max(of_parameters))
    error, size = curvature.parameter_errors(end)[index], abs(curvature.optimum[index])
    amount = significant(error, 2)
    if error < size:
        amount = tr("{percent}\u00a0%").format(percent=significant(100 * error / size, 2))
    name = problem.dataset.parameter_names[index]
    if name in problem.dataset.feature_names:
        name = tr("the weight of {feature}").format(feature=name)
    return tr(
        "With these settings the run will end with {name} about {amount} off least squares."
    ).format(name=name, amount=amount)


def _cure(
    problem: Problem, config: TrainingConfig, prospects: Prospects, end: DoubleArray
) -> _Cure:
    """Return what brings the run near, the fastest first."""
    mean_path = problem.curvature.without_noise(end)
    if prospects.distance(mean_path) <= 1.0 and (cure := _noise_cure(config, prospects, end)):
        return cure
    other_rate = _found(config, prospects, "batch_size", "epochs")
    if other_rate.is_near and not problem.wants_standardizing:
        return _told(tr("A learning rate of {learning_rate} gets there."), other_rate)
    longer = min(
        _found(config, prospects, "batch_size", "learning_rate"),
        _found(config, prospects, "batch_size"),
        key=Proposal.rank,
    )
    if not config.standardize:
        standardized = at_once(proposing(problem.moments, standardize=True))
        if standardized.is_near and (
            not longer.is_near or _WORTH * standardized.steps < longer.steps
        ):
            sentence = trn(
                "Standardize the features: then {steps} step is enough.",
                "Standardize the features: then {steps} steps are enough.",
                standardized.steps,
            )
            return sentence.format(steps=whole(standardized.steps)), standardized.settings
    return _epochs_cure(config, prospects, longer)


def _noise_cure(config: TrainingConfig, prospects: Prospects, end: DoubleArray) -> _Cure | None:
    """Return what makes up for the noise: a smaller rate at the end, or larger minibatches."""
    rate, batch_size, epochs = config.learning_rate, config.batch_size, config.epochs
    rates = (rate_below(rate, factor, 1) for factor in _FACTORS)
    slow = (
        each
        for each in rates
        if prospects.distance(prospects.after(each, batch_size, epochs, end)) <= _SURE
    )
    sizes = (min(batch_size * factor, prospects.size) for factor in _FACTORS)
    large = (
        each for each in sizes if prospects.distance(prospects.after(rate, each, epochs)) <= _SURE
    )
    clauses = []
    if (slower := next(slow, None)) is not None:
        clauses.append(
            tr("lower the learning rate to {rate} near the end").format(rate=exact(slower))
        )
    if (larger := next(large, None)) is not None:
        clauses.append(tr("take batches of {size}").format(size=whole(larger)))
    if not clauses:
        return None
    cure = clauses[0]
    if len(clauses) > 1:
        cure = tr("{first}, or {last}").format(first=clauses[0], last=clauses[1])
    sentence = tr("Minibatch noise keeps it there: {cure}.").format(cure=cure)
    return sentence, {} if larger is None else {"batch_size": larger}


def _epochs_cure(config: TrainingConfig, prospects: Prospects, longer: Proposal) -> _Cure:
    """Return how many epochs it takes, at any rate."""
    if longer.is_near and longer.learning_rate == config.learning_rate:
        words = trn("{epochs} epoch is enough.", "{epochs} epochs are enough.", longer.epochs)
        return _told(words, longer)
    if longer.is_near:
        return _told(_rate_and_epochs(longer.epochs), longer)
    most = int(setting_of("epochs").maximum or 1)
    limit = prospects.curvature.reliable_rate(config.batch_size)
    for divisor in _DIVISORS:
        rate = rate_below(limit, divisor, 2)
        needed = prospects.epochs_to(_SURE, rate, config.batch_size, most)
        if needed is not None:
            epochs = whole_up_to(needed, 2)
            found = replace(longer, learning_rate=rate, epochs=epochs)
            return _told(_rate_and_epochs(epochs), found)
    sentence = trn(
        "No learning rate gets there in {epochs} epoch, the most there are: some features nearly "
        "determine one another.",
        "No learning rate gets there in {epochs} epochs, the most there are: some features nearly "
        "determine one another.",
        most,
    )
    return sentence.format(epochs=whole(most)), {}


def _rate_and_epochs(epochs: int) -> str:
    return trn(
        "A learning rate of {learning_rate} gets there in {epochs} epoch.",
        "A learning rate of {learning_rate} gets there in {epochs} epochs.",
        epochs,
    )


def _found(config: TrainingConfig, prospects: Prospects, *kept: str) -> Proposal:
    """Return the proposal that keeps these settings."""
    given = {name: getattr(config, name) for name in kept}
    return at_once(searching(prospects, config.standardize, given))


def _told(sentence: str, proposal: Proposal) -> _Cure:
    """Return the sentence with the settings that it has places for."""
    settings = {
        name: value for name, value in proposal.settings.items() if f"{{{name}}}" in sentence
    }
    words = {name: format_setting(value) for name, value in settings.items()}
    return sentence.format(**words), settings


def unshuffled_end(run: Run) -> DoubleArray | None:
    """Return the trained parameters at the end, shape (d + 1,); None if it would take too long.

    The run takes the same minibatches in the same order in every epoch.
    An epoch is one affine map of the parameters, the product of those of its minibatches. Runs on
    MXNet's thread.
    """
    from linreg_gui.runs.preparation import grams_of  # noqa: PLC0415 - imports MXNet

    problem, config, left = run.problem, run.config, run.history.steps_per_epoch
    if left > _MOST_STEPS:
        return None
    reference = np.array(problem.coordinates.references.parameters)
    epoch = identity = np.eye(len(reference) + 1)
    blocks = grams_of(problem, config)
    while left:
        block = next(blocks)
        sizes = block.sizes[:left]
        steps = -2 * config.learning_rate / sizes
        maps = steps[:, np.newaxis, np.newaxis] * block.grams.asnumpy()[: len(sizes)]
        maps[:, -1] = 0.0
        epoch = _product(maps + identity) @ epoch
        left -= len(sizes)
    state = np.append(run.history.start - reference, 1.0)
    with np.errstate(all="ignore"):  # of a run that diverges
        moved = np.linalg.matrix_power(epoch, config.epochs) @ state
    end: DoubleArray = reference + moved[:-1]
    return end


def _product(maps: DoubleArray) -> DoubleArray:
    """Return the product of ``maps``, shape (k, h, h), of which the first is applied first."""
    while len(maps) > 1:
        if len(maps) % 2:
            maps = np.append(maps, np.eye(maps.shape[1])[np.newaxis], axis=0)
        maps = maps[1::2] @ maps[::2]
    product: DoubleArray = maps[0]
    return product
