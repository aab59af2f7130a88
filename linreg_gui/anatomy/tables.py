"""The numbers of one step as tables of text, with names and shapes as the code has them."""

from dataclasses import dataclass

from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.data.dataset import FloatArray
from linreg_gui.number_text import fixed, whole

MOST_ROWS = 8
"""So many examples of a minibatch are written out."""


@dataclass(frozen=True)
class Table:
    """Text in rows and columns.

    Attributes
    ----------
    groups : tuple of (str, int)
        Headings, and over how many columns each goes.
    header : tuple of str
        A heading for each column; may be empty.
    rows : tuple of tuple of str
        The cells. What is not computed yet is empty.
    fresh : tuple of int
        The columns that have just been computed.
    """

    groups: tuple[tuple[str, int], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fresh: tuple[int, ...] = ()


def minibatch_table(trace: StepTrace, phase: Phase, feature_names: tuple[str, ...]) -> Table:
    """Return the minibatch's first examples with what ``phase`` and those before it computed."""
    names, m, d = trace.names, trace.size, trace.dimension
    y_hat, residual = names.y_hat, f"{names.y_hat} − {names.y}"
    shown = slice(0, MOST_ROWS)
    columns = [
        [whole(row) for row in trace.rows[shown].tolist()],
        *(_cells(trace.features[shown, index]) for index in range(d)),
        _cells(trace.target[shown]),
        _cells(trace.predictions[shown], shown=phase >= Phase.FORWARD),
        _cells(trace.residuals[shown], shown=phase >= Phase.LOSS),
        _cells(trace.squares[shown], shown=phase >= Phase.LOSS),
    ]
    return Table(
        groups=(
            ("row", 1),
            (f"{names.X} ({m}, {d})", d),
            (f"{names.y} ({m}, 1)", 1),
            (f"{y_hat} ({m}, 1)", 1),
            (residual, 1),
            (f"({residual})²", 1),
        ),
        header=("", *feature_names, "", "", "", ""),
        rows=tuple(zip(*columns, strict=True)),
        fresh={
            Phase.TAKE: tuple(range(d + 2)),
            Phase.FORWARD: (d + 2,),
            Phase.LOSS: (d + 3, d + 4),
        }.get(phase, ()),
    )


def parameter_table(trace: StepTrace, phase: Phase, parameter_names: tuple[str, ...]) -> Table:
    """Return each parameter before, its gradient, and what ``phase`` has left of it."""
    names, d = trace.names, trace.dimension
    after = _cells(trace.parameters_at(phase))
    updated = {Phase.UPDATE_W: d, Phase.UPDATE_B: d + 1, Phase.AVERAGE: d + 1}.get(phase, 0)
    columns = [
        parameter_names,
        _cells(trace.before),
        _cells(trace.gradient, shown=phase >= Phase.BACKWARD),
        after[:updated] + [""] * (len(after) - updated),
    ]
    return Table(
        groups=(
            ("", 1),
            (f"{names.w} ({d}, 1), {names.b} (1,)", 1),
            (f"{names.w}.grad, {names.b}.grad", 1),
            (f"{names.w}, {names.b} after", 1),
        ),
        header=(),
        rows=tuple(zip(*columns, strict=True)),
        fresh={
            Phase.BACKWARD: (2,),
            Phase.UPDATE_W: (3,),
            Phase.UPDATE_B: (3,),
        }.get(phase, ()),
    )


def _cells(values: FloatArray, *, shown: bool = True) -> list[str]:
    return [fixed(value) if shown else "" for value in values.tolist()]
