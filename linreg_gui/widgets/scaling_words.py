"""Why standardising helps, or does not, in words made from the data at hand."""

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.texts import tr
from linreg_gui.training.descent import Descent
from linreg_gui.training.landscape import Landscape
from linreg_gui.training.numbers import format_digits, format_whole
from linreg_gui.training.run import Run
from linreg_gui.widgets.plots.axis import plain_real

_ROUND, _LONG = 4.0, 100.0
"""Up to these condition numbers a bowl is at most 2, or 10, times as long as it is wide."""
_WORTH = 4.0
"""Standardising that makes the condition number so many times smaller is worth it."""
_UNLIKE = 3.0
"""Features of which one is so many times as large as another are not alike in size."""
_UNLIKE_BY_FAR = 10.0


def shape_words(descent: Descent) -> str:
    """Say what the bowl looks like."""
    if descent.flat:
        return tr("trough with a flat floor")
    if descent.condition <= _ROUND:
        return tr("round bowl")
    return tr("long bowl") if descent.condition <= _LONG else tr("narrow valley")


def explanation(run: Run, measured: Descent, standardised: Descent) -> str:
    """Say why the one bowl is what it is, and what the other one gains."""
    problem, names = run.problem, run.dataset.feature_names
    if measured.condition > _WORTH * standardised.condition:
        words = tr(
            "As measured, {reason}: a {shape}. The rate that its steep sides allow is slow along "
            "its floor and takes {more} to come within 1\u00a0%. Standardised, every feature has "
            "mean 0 and spread 1: a {new_shape}, and {fewer} will do."
        ).format(
            reason=_reason(problem.original.landscape, names),
            shape=shape_words(measured),
            more=_steps(measured.steps()),
            new_shape=shape_words(standardised),
            fewer=_steps(standardised.steps()),
        )
    else:
        words = _little_changes(shape_words(measured), shape_words(standardised))
    if standardised.condition > _ROUND and not standardised.flat:
        words += " " + _together(problem.standardised.landscape, names)
    return f"{words} {run.references.undetermined}".rstrip()


def large_number(value: float) -> str:
    """Write ``value`` so that its size is heard: ``1.03``, ``842,064``, ``1.76 billion``."""
    if value < 1000:
        return plain_real(value)
    if value < 1e6:
        return format_whole(round(value))
    if value >= 1e15:
        return format_digits(value)
    for power, words in ((1e12, tr("{count} trillion")), (1e9, tr("{count} billion"))):
        if value >= power:
            return words.format(count=plain_real(value / power))
    return tr("{count} million").format(count=plain_real(value / 1e6))


def _steps(count: int) -> str:
    return tr("1 step") if count == 1 else tr("{count} steps").format(count=large_number(count))


def _little_changes(shape: str, new_shape: str) -> str:
    if shape == new_shape:
        words = tr("Standardising changes little here: there is a {shape} either way.")
    else:
        words = tr(
            "Standardising changes little here: as measured there is a {shape}, and standardised "
            "a {new_shape}."
        )
    return words.format(shape=shape, new_shape=new_shape)


def _reason(landscape: Landscape, names: tuple[str, ...]) -> str:
    """Say which features differ most in size, or which one is far from 0."""
    means, squares = landscape.hessian[-1, :-1] / 2, np.diag(landscape.hessian)[:-1] / 2
    varied = np.flatnonzero(squares)
    sizes = np.sqrt(squares[varied])
    small, large = int(sizes.argmin()), int(sizes.argmax())
    if sizes[large] >= _UNLIKE_BY_FAR * sizes[small]:
        return tr("{large} counts about {size} and {small} about {other}").format(
            large=names[varied[large]],
            size=_rounded(sizes[large]),
            small=names[varied[small]],
            other=_rounded(sizes[small]),
        )
    odd = int(np.abs(np.log(sizes)).argmax())
    if not 1 / _UNLIKE < sizes[odd] < _UNLIKE:
        return tr("{name} counts about {size} and the bias’s input is always 1").format(
            name=names[varied[odd]], size=_rounded(sizes[odd])
        )
    far = int((np.abs(means[varied]) / sizes).argmax())
    return tr("{name} varies around {mean} and not around 0").format(
        name=names[varied[far]], mean=plain_real(float(means[varied[far]]), 2)
    )


def _together(landscape: Landscape, names: tuple[str, ...]) -> str:
    correlations: DoubleArray = np.triu(landscape.hessian[:-1, :-1] / 2, 1)
    first, second = np.unravel_index(np.abs(correlations).argmax(), correlations.shape)
    return tr(
        "{first} and {second} go together (correlation {value}), which standardising cannot part."
    ).format(
        first=names[first],
        second=names[second],
        value=plain_real(float(correlations[first, second]), 2),
    )


def _rounded(size: float) -> str:
    return large_number(float(f"{size:.3g}"))
