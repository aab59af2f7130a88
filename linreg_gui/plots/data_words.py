"""The data picture in words and numbers: its note, summary and table, and names on it."""

from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.data.dataset import FloatArray, counted_examples, counted_features
from linreg_gui.number_text import NOTHING, fixed, joined, significant, whole
from linreg_gui.plots.data_view import View
from linreg_gui.plots.examples import Examples
from linreg_gui.plots.picture_table import PictureTable, TableColumn, counts, numbers
from linreg_gui.runs.run import Run
from linreg_gui.texts import in_a_row, paragraph, retold, shortened_name, tr, trn

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.engines.minibatch_order import Rows

_NEARLY_ALL = 0.95
"""With at least this R², the examples of a good fit lie close to the line."""


def data_note(run: Run, view: View, *, is_near: bool) -> str:
    """Say what to look for; true for these examples, however well a line can fit them."""
    if run.references.undetermined:
        return retold(run.references.undetermined)
    best = run.problem.training.r_squared(run.problem.training.optimum)
    if best is None:
        return tr("The target is the same for all examples: the best line is flat.")
    bound = ""
    if best < _NEARLY_ALL:
        bound = tr("No fit has an R² above {best}.").format(best=fixed(best, 2))
    match view:
        case View.ADJUSTED if is_near:
            hint = tr("The examples are close to the line, so the picture has come closer.")
        case View.RAW if run.dataset.dimension > 1:
            hint, bound = _raw_hint(run.dataset.dimension), ""
        case View.RAW:
            hint = tr("The line should settle in the middle of the examples.")
        case View.ADJUSTED if bound:
            hint = tr("The examples gather around the line as w and b improve.")
        case View.ADJUSTED:
            hint = tr("The examples gather close to the line as w and b improve.")
        case View.PREDICTED:
            hint = tr("The nearer to the diagonal, the better the prediction.")
    return paragraph(hint, bound)


def _raw_hint(features: int) -> str:
    return trn(
        "This shows 1 of {count} feature; “adjusted” subtracts the share of the others.",
        "This shows 1 of {count} features; “adjusted” subtracts the share of the others.",
        features,
    ).format(count=features)


def examples_table(
    run: Run,
    size: int,
    examples: Examples,
    held_out: Examples,
    rows: "Rows",
    picked: "Rows",
    parameters: FloatArray,
    step: int,
    names: list[str],
) -> PictureTable:
    """Return the ``examples`` and those ``held_out`` that are drawn, with residuals at ``step``.

    ``size`` is the number of examples for training, ``rows`` are those of all of them in the data,
    ``picked`` the rows that a person has picked, and ``names`` those of the features.
    """
    target, count = run.dataset.target_name, len(held_out.target)
    drawn = examples.followed_by(held_out)
    predicted = drawn.predicted(np.asarray(parameters))
    words = trn(
        "{drawn} of {size} example, with predictions and residuals after step {step}.",
        "{drawn} of {size} examples, with predictions and residuals after step {step}.",
        size,
    )
    use = [tr("training")] * len(examples.target) + [tr("held out")] * count
    return PictureTable(
        words.format(drawn=whole(len(examples.target)), size=whole(size), step=whole(step)),
        (
            counts(tr("row"), rows),
            *_picked_column(rows, picked),
            *([TableColumn(tr("used for"), use)] if count else []),
            *map(numbers, names, drawn.features.T),
            numbers(target, drawn.target),
            numbers(tr("prediction ŷ"), predicted),
            numbers(f"{target} − ŷ", drawn.target - predicted),
        ),
        rows,
        np.isin(rows, picked),
    )


def data_summary(
    run: Run,
    coordinates: Coordinates,
    view: View,
    feature: int,
    step: int,
    words: str,
    *,
    hides_solution: bool,
) -> str:
    """Say with numbers what the data picture shows at ``step``; ``words`` name the feature.

    With ``hides_solution`` it does not tell least squares.
    """
    parameters = coordinates.parameters(run.history.parameters_at(step))
    name = run.parameter_names()[feature]
    slope, best = float(parameters[feature]), coordinates.references.parameters[feature]
    fit = tr("{name} {slope}") if hides_solution else tr("{name} {slope}, least squares {best}")
    fit = fit.format(name=name, slope=significant(slope, 4), best=significant(best, 4))
    seen = {
        View.RAW: tr("{target} against {feature}; {fit}"),
        View.ADJUSTED: tr("{target} without the share of the rest, against {feature}; {fit}"),
        View.PREDICTED: tr("predicted against actual {target}"),
    }[view].format(target=run.dataset.target_name, feature=words, fit=fit)
    return tr("Data at step {step}: {examples} of {features}; {seen}; R² {r_squared}.").format(
        step=whole(step),
        examples=counted_examples(run.dataset.size),
        features=counted_features(run.dataset.dimension),
        seen=seen,
        r_squared=_r_squared(coordinates, parameters),
    )


def sample_words(drawn: int, size: int) -> tuple[str, str]:
    """Return long and short words for the number of examples drawn."""
    if drawn == size:
        return tr("examples"), ""
    long = trn("{drawn} of {size} example", "{drawn} of {size} examples", size)
    short = tr("{drawn} of {size}")
    values = {"drawn": whole(drawn), "size": whole(size)}
    return long.format(**values), short.format(**values)


def picked_count(count: int) -> tuple[str, str]:
    """Return long and short words for the number of examples that are picked."""
    long = trn("{count} picked example", "{count} picked examples", count)
    short = trn("{count} picked", "{count} picked", count)
    return long.format(count=whole(count)), short.format(count=whole(count))


def picked_words(
    picked: Examples, places: "Rows", parameters: FloatArray, names: list[str], target: str
) -> str:
    """Say what the picked examples are: all numbers of a single one, else their residuals."""
    parameters = np.asarray(parameters)
    predicted, residuals = picked.predicted(parameters), picked.residuals(parameters)
    if len(places) == 1:
        values = [*picked.features[0].tolist(), float(picked.target[0]), float(predicted[0])]
        facts = zip([*names, target, "ŷ"], values, strict=True)
        words = joined(f"{shortened_name(name)} {significant(value, 4)}" for name, value in facts)
        return tr("Picked: row {row}: {numbers}; residual {residual}.").format(
            row=whole(int(places[0])), numbers=words, residual=significant(float(residuals[0]), 3)
        )
    words = tr("{picked}: their residuals have mean {mean} and standard deviation {deviation}.")
    return words.format(
        picked=picked_count(len(places))[0],
        mean=significant(float(residuals.mean()), 3),
        deviation=significant(float(residuals.std()), 3),
    )


def with_picked(words: str, picked: int) -> str:
    """Add to the words for a minibatch how many of its examples are picked, if any are."""
    if not words or not picked:
        return words
    return in_a_row([words, picked_count(picked)[1]])


def _picked_column(places: "Rows", picked: "Rows") -> list[TableColumn]:
    """Return a column that marks the examples whose places are ``picked``; none if none are."""
    if not len(picked):
        return []
    marks = [tr("● picked") if each else "" for each in np.isin(places, picked).tolist()]
    return [TableColumn(tr("picked"), marks)]


def batch_words(trace: "StepTrace", drawn: int, total: int) -> tuple[str, str]:
    """Return long and short words for a minibatch; ``drawn`` of ``total`` examples are drawn."""
    if drawn == trace.size == total:
        long, short = tr("this batch (all examples)"), tr("this batch (all)")
    elif drawn < trace.size:
        long = trn(
            "{name} ({drawn} of {size} example)", "{name} ({drawn} of {size} examples)", trace.size
        )
        short = tr("{name} ({drawn} of {size})")
    else:
        long = trn("{name} ({size} example)", "{name} ({size} examples)", trace.size)
        short = tr("{name} ({size})")
    name = tr("short last batch") if trace.is_short else tr("this minibatch")
    values = {"name": name, "drawn": whole(drawn), "size": whole(trace.size)}
    return long.format(**values), short.format(**values)


def residual_words(trace: "StepTrace", most: int) -> tuple[str, str]:
    """Return long and short words for the residuals, at ``most`` this many of them drawn."""
    if trace.size <= most:
        return tr("residuals"), ""
    words = trn("{drawn} of {size} residual", "{drawn} of {size} residuals", trace.size)
    return words.format(drawn=whole(most), size=whole(trace.size)), tr("residuals")


def _r_squared(coordinates: Coordinates, parameters: FloatArray) -> str:
    value = coordinates.landscape.r_squared(parameters)
    return NOTHING if value is None else fixed(value, 2)
