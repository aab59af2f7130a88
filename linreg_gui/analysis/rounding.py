"""What is said before training if single precision is too coarse for the examples."""

import math

from linreg_gui.analysis.problem import Problem
from linreg_gui.data.dataset import FloatArray
from linreg_gui.data.single_precision import SMALLEST, merging_distance
from linreg_gui.engines.divergence import LARGEST_RESIDUAL
from linreg_gui.number_text import significant
from linreg_gui.texts import paragraph, tr

_LEAST_VARIANCE = 1e6 * SMALLEST
"""Below this, a loss near least squares has lost digits, or is 0."""


def features_sentence(problem: Problem) -> str:
    """Say which feature loses differences of its values, and the cure; empty if none does.

    Standardizing is done in double precision, before the numbers are rounded.
    """
    if problem.is_standardized:
        return ""
    dataset = problem.dataset
    for name, values in zip(dataset.feature_names, dataset.features.T, strict=True):
        if sentence := _merging(name, values):
            return paragraph(sentence, tr("Standardize the features."))
    return ""


def is_target_too_large(problem: Problem) -> bool:
    """Return whether every run diverges at its first step."""
    return problem.moments.largest_target >= LARGEST_RESIDUAL


def target_sentence(problem: Problem) -> str:
    """Say what the target loses, and what would help; empty if it loses nothing that matters."""
    name, variance = problem.dataset.target_name, problem.moments.target_variance
    if is_target_too_large(problem):
        return tr(
            "“{name}” has numbers of about {largest}. Squared errors of this size are too large "
            "for single precision, so every run diverges at once; write “{name}” in a larger unit."
        ).format(name=name, largest=significant(problem.moments.largest_target, 2))
    if 0 < variance < _LEAST_VARIANCE:
        return tr(
            "“{name}” varies by only about {spread}. Squared errors of this size are too small for "
            "single precision, so the losses will be wrong; write “{name}” in a smaller unit."
        ).format(name=name, spread=significant(math.sqrt(variance), 2))
    if sentence := _merging(name, problem.dataset.target):
        return paragraph(sentence, tr("Subtract the smallest value from all of them in the file."))
    return ""


def _merging(name: str, values: FloatArray) -> str:
    distance = merging_distance(values)
    if not distance:
        return ""
    return tr(
        "Training cannot tell neighboring values of “{name}” apart: the numbers of single "
        "precision are up to {distance} apart there."
    ).format(name=name, distance=significant(distance, 3))
