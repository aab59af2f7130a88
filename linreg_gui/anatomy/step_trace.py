"""The numbers of one training step at each of its phases, as tables and equations too."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files

import numpy as np

from linreg_gui.anatomy.arithmetic import (
    Equation,
    WeightedSum,
    write_average,
    write_loss,
    write_prediction,
    write_residual,
    write_update,
)
from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.engines.minibatch_order import Rows
from linreg_gui.number_text import fixed, whole
from linreg_gui.texts import tr

MOST_ROWS = 8
"""How many examples of a minibatch its table has."""


class Phase(IntEnum):
    """The phases of a step, in order. After the last one the step is over."""

    TAKE = 0
    FORWARD = 1
    LOSS = 2
    BACKWARD = 3
    UPDATE_W = 4
    UPDATE_B = 5
    AVERAGE = 6


@dataclass(frozen=True, eq=False)
class StepRequest:
    """Asks for one step of a run, and gives an earlier step to compute it from.

    Attributes
    ----------
    run_number : int
        The number of the run.
    dataset : Dataset
        The training examples.
    batch_size : int
        The size of every minibatch but a short last one.
    known_step : int
        An earlier step; 0 for the start.
    parameters : ndarray, shape (d + 1,)
        The weights, then the bias, after the known step.
    average : float
        The moving average after the known step.
    learning_rates : tuple of float
        The rate of each step after the known one. The last one is the requested step's.
    """

    run_number: int
    dataset: Dataset
    batch_size: int
    known_step: int
    parameters: FloatArray
    average: float
    learning_rates: tuple[float, ...]


@dataclass(frozen=True)
class Lines:
    """Lines of the lesson's source, counted from 1.

    Attributes
    ----------
    running : tuple of int
        The lines that did the work.
    calling : tuple of int
        The lines from which their functions were called.
    """

    running: tuple[int, ...] = ()
    calling: tuple[int, ...] = ()


@dataclass(frozen=True)
class Names:
    """The names of a step's arrays in the lesson's source."""

    X: str = "X"
    y: str = "y"
    w: str = "w"
    b: str = "b"
    y_hat: str = "y_hat"
    loss: str = "loss"


@dataclass(frozen=True, eq=False)
class StepTrace:
    """One step of a run, as the lesson's own functions computed it. Arrays are read-only.

    Attributes
    ----------
    run_number, step : int
        The number of the run, and of the step in it. The first step is 1.
    rows : ndarray, shape (m,), int64
        The rows of the minibatch in the dataset, in the order of the minibatch.
    places : ndarray, shape (m,), int64
        Where they stand among all examples, those held out included: the rows that people see.
    full_size : int
        The size m of every minibatch but a short last one.
    features : ndarray, shape (m, d), float32
        X of the minibatch.
    target, predictions : ndarray, shape (m,), float32
        y and ŷ, before the update.
    loss : float
        The loss of the minibatch, before the update.
    gradient : ndarray, shape (d + 1,), float32
        Gradient of the loss by the weights, then by the bias: ``w.grad`` and ``b.grad``.
    before, after : ndarray, shape (d + 1,), float32
        The weights, then the bias, before and after the update.
    learning_rate : float
        The learning rate of the step.
    average_before, average_after : float
        The lesson's moving average of the losses.
    source : str
        The text of the lesson.
    lines : mapping of Phase to Lines
        The lines of the source that ran in each phase.
    names : Names
        The names of these arrays in the source.
    """

    run_number: int
    step: int
    rows: Rows
    places: Rows
    full_size: int
    features: FloatArray
    target: FloatArray
    predictions: FloatArray
    loss: float
    gradient: FloatArray
    before: FloatArray
    after: FloatArray
    learning_rate: float
    average_before: float
    average_after: float
    source: str
    lines: Mapping[Phase, Lines]
    names: Names = Names()

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def residuals(self) -> FloatArray:
        """Return ŷ − y, shape (m,), in single precision as the lesson computes it."""
        return self.predictions - self.target

    @property
    def squares(self) -> FloatArray:
        """Return (ŷ − y)², shape (m,); infinite where it is too large for single precision."""
        with np.errstate(over="ignore"):
            return self.residuals**2

    @property
    def size(self) -> int:
        """Return m, the number of examples in the minibatch."""
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Return d, the number of features."""
        return self.features.shape[1]

    @property
    def is_short(self) -> bool:
        """Return whether this is a short last minibatch."""
        return self.size < self.full_size

    def parameters_at(self, phase: Phase) -> FloatArray:
        """Return the parameters after ``phase``, shape (d + 1,)."""
        if phase is Phase.UPDATE_W:
            return np.append(self.after[:-1], self.before[-1:])
        return self.after if phase > Phase.UPDATE_W else self.before


@dataclass(frozen=True)
class Table:
    """Text in rows and columns.

    Attributes
    ----------
    header : tuple of str
        The headings, one for each column.
    rows : tuple of tuple of str
        The cells. They are empty until they are computed.
    fresh : tuple of int
        The columns that were just computed.
    groups : tuple of (str, int)
        Headings above these, each with the number of columns below it; may be empty.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fresh: tuple[int, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()


def minibatch_table(
    trace: StepTrace,
    phase: Phase,
    feature_names: tuple[str, ...],
    picked: Container[int] = (),
) -> Table:
    """Return the first examples of the minibatch, with the numbers known after ``phase``.

    Those whose places are ``picked`` are marked.
    """
    names, m, d = trace.names, trace.size, trace.dimension
    y_hat, residual = names.y_hat, f"{names.y_hat} − {names.y}"
    shown = slice(0, MOST_ROWS)
    columns = [
        [
            f"● {whole(place)}" if place in picked else whole(place)
            for place in trace.places[shown].tolist()
        ],
        *(_cells(trace.features[shown, index]) for index in range(d)),
        _cells(trace.target[shown]),
        _cells(trace.predictions[shown], shown=phase >= Phase.FORWARD),
        _cells(trace.residuals[shown], shown=phase >= Phase.LOSS),
        _cells(trace.squares[shown], shown=phase >= Phase.LOSS),
    ]
    return Table(
        groups=(
            (tr("row"), 1),
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
    """Return each parameter before the step, its gradient, and its value after ``phase``."""
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
        header=(
            "",
            f"{names.w} ({d}, 1), {names.b} (1,)",
            f"{names.w}.grad, {names.b}.grad",
            tr("{parameters} after").format(parameters=f"{names.w}, {names.b}"),
        ),
        rows=tuple(zip(*columns, strict=True)),
        fresh={
            Phase.BACKWARD: (2,),
            Phase.UPDATE_W: (3,),
            Phase.UPDATE_B: (3,),
        }.get(phase, ()),
    )


def equations(
    trace: StepTrace, phase: Phase, example: int, names: tuple[str, ...]
) -> Iterator[str]:
    """Yield the computations of ``phase``; a prediction is that of ``example``."""
    row = tr("row {row}").format(row=whole(trace.places[example].item()))
    match phase:
        case Phase.FORWARD:
            yield f"{row}: ŷ = {prediction_of(trace, example, 4).text}"
        case Phase.LOSS:
            yield f"{row}: ŷ − y = {residual_of(trace, example)}"
            yield f"{trace.names.loss} = {write_loss(trace.residuals, trace.loss, 4)}"
        case Phase.UPDATE_W:
            for index in range(trace.dimension):
                yield f"{names[index]} ← {update_of(trace, index)}"
        case Phase.UPDATE_B:
            yield f"{names[-1]} ← {update_of(trace, trace.dimension)}"
        case Phase.AVERAGE:
            yield write_average(trace.average_before, trace.loss, trace.average_after)


def prediction_of(trace: StepTrace, example: int, decimals: int) -> WeightedSum:
    """Return the prediction for ``example``, written out."""
    bias, predicted = trace.before[-1].item(), trace.predictions[example].item()
    return write_prediction(trace.features[example], trace.before[:-1], bias, predicted, decimals)


def residual_of(trace: StepTrace, example: int) -> Equation:
    """Return the residual of ``example``, written out."""
    numbers = (trace.predictions, trace.target, trace.residuals)
    predicted, target, residual = (each[example].item() for each in numbers)
    return write_residual(predicted, target, residual, 4)


def update_of(trace: StepTrace, index: int) -> Equation:
    """Return the update of a parameter, written out. The index of the bias is d."""
    before, gradient = trace.before[index].item(), trace.gradient[index].item()
    return write_update(before, trace.learning_rate, gradient, trace.after[index].item())


def _cells(values: FloatArray, *, shown: bool = True) -> list[str]:
    return [fixed(value) if shown else "" for value in values.tolist()]


def lesson_source() -> str:
    """Return the source of `linreg_gui.lesson`, without importing it."""
    return files("linreg_gui").joinpath("lesson.py").read_text("utf-8")
