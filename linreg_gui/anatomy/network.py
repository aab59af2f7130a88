"""What the picture of the network shows of an example at each phase of a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

import numpy as np

from linreg_gui.anatomy.arithmetic import (
    Equation,
    WeightedSum,
    write_loss,
    write_prediction,
    write_residual,
    write_update,
)
from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.number_text import fixed
from linreg_gui.texts import tr

_THINNEST, _WIDER = 1.0, 7.0
"""Pixels of an edge whose weight is 0, and how many more the largest weight gives."""


class Part(Enum):
    """What a phase brings anew."""

    INPUTS = auto()
    TARGET = auto()
    EDGES = auto()
    BIAS = auto()
    OUTPUT = auto()
    LOSS = auto()


@dataclass(frozen=True)
class Label:
    """A number on the picture.

    Attributes
    ----------
    lead : str
        What it is; left out where there is no room.
    number : str
        In the digits that are shown.
    """

    lead: str
    number: str


@dataclass(frozen=True)
class Edge:
    """The line from a feature to the output.

    Attributes
    ----------
    label : Label
        What is written on it.
    width : float
        In pixels.
    negative : bool
        Whether its weight is.
    """

    label: Label
    width: float
    negative: bool


@dataclass(frozen=True)
class Contents:
    """All that is shown of an example at a phase. What is equal looks the same.

    Attributes
    ----------
    inputs : tuple of str
        On the features' nodes; empty once the example has done its work.
    edges : tuple of Edge
        One for each feature.
    bias, output : Label
        On their nodes.
    bias_negative : bool
        Whether the bias is.
    compared : tuple of Label
        Under the output: the target, the residual and its square, as far as they are known.
    fresh : frozenset of Part
        What has changed since the phase before.
    written : str
        The sum written out, or a sentence.
    """

    inputs: tuple[str, ...]
    edges: tuple[Edge, ...]
    bias: Label
    bias_negative: bool
    output: Label
    compared: tuple[Label, ...]
    fresh: frozenset[Part]
    written: str


_FRESH: dict[Phase, frozenset[Part]] = {
    Phase.TAKE: frozenset({Part.INPUTS, Part.TARGET}),
    Phase.FORWARD: frozenset({Part.EDGES, Part.OUTPUT}),
    Phase.LOSS: frozenset({Part.LOSS}),
    Phase.BACKWARD: frozenset({Part.EDGES, Part.BIAS}),
    Phase.UPDATE_W: frozenset({Part.EDGES}),
    Phase.UPDATE_B: frozenset({Part.BIAS}),
    Phase.AVERAGE: frozenset(),
}


class _Arithmetic:
    """An example's way through a step, written out as far as a phase asks for it."""

    def __init__(self, trace: StepTrace, example: int) -> None:
        self._trace = trace
        self._example = example

    @cached_property
    def prediction(self) -> WeightedSum:
        trace, example = self._trace, self._example
        *_, bias = trace.before.tolist()
        predicted = trace.predictions[example].item()
        return write_prediction(trace.features[example], trace.before[:-1], bias, predicted)

    @cached_property
    def residual(self) -> Equation:
        trace, example = self._trace, self._example
        predicted, target = trace.predictions[example].item(), trace.target[example].item()
        return write_residual(predicted, target, trace.residuals[example].item(), decimals=4)

    @cached_property
    def square(self) -> Equation:
        residual = self._trace.residuals[self._example : self._example + 1]
        return write_loss(residual, residual.item() ** 2, decimals=4)

    @cached_property
    def updates(self) -> list[Equation]:
        trace = self._trace
        numbers = (trace.before.tolist(), trace.gradient.tolist(), trace.after.tolist())
        return [
            write_update(before, trace.learning_rate, gradient, after)
            for before, gradient, after in zip(*numbers, strict=True)
        ]


def contents_of(trace: StepTrace, phase: Phase, example: int, target: str = "y") -> Contents:
    """Return what is shown of ``example``, counted from 0, once ``phase`` is done.

    The example's own numbers end with the update: they belong to the parameters before.
    """
    arithmetic = _Arithmetic(trace, example)
    is_flowing = phase < Phase.UPDATE_W
    return Contents(
        inputs=arithmetic.prediction.features if is_flowing else ("",) * trace.dimension,
        edges=_edges(trace, phase, arithmetic),
        bias=_bias_label(trace, phase, arithmetic),
        bias_negative=bool(trace.parameters_at(phase)[-1] < 0),
        output=_output_label(phase, arithmetic),
        compared=_compared(phase, arithmetic) if is_flowing else (),
        fresh=_FRESH[phase],
        written=_written(phase, arithmetic, target),
    )


def _written(phase: Phase, arithmetic: _Arithmetic, target: str) -> str:
    match phase:
        case Phase.FORWARD:
            return arithmetic.prediction.text
        case Phase.LOSS:
            return f"ŷ − y = {arithmetic.residual}; {arithmetic.square}"
        case Phase.UPDATE_W:
            return _weights_written(arithmetic.updates[:-1])
        case Phase.UPDATE_B:
            return f"b = {arithmetic.updates[-1]}"
    return {
        Phase.TAKE: tr("The features come in, and {target} to compare with."),
        Phase.BACKWARD: tr("Gradients of the whole minibatch, not of one example."),
        Phase.AVERAGE: tr("The new parameters, ready for the next minibatch."),
    }[phase].format(target=target)


def _edges(trace: StepTrace, phase: Phase, arithmetic: _Arithmetic) -> tuple[Edge, ...]:
    sizes = np.abs([trace.parameters_at(phase), trace.before, trace.after])[:, :-1]
    sizes = np.fmin(sizes, np.finfo(np.float32).max)  # what has diverged is the thickest
    shares = sizes[0] / (sizes.max() or 1.0)
    return tuple(
        Edge(
            _edge_label(trace, phase, arithmetic, index),
            # In steps of a quarter pixel: less is not worth painting anew.
            width=_THINNEST + round(share * _WIDER * 4) / 4,
            negative=bool(trace.parameters_at(phase)[index] < 0),
        )
        for index, share in enumerate(shares.tolist())
    )


def _edge_label(trace: StepTrace, phase: Phase, arithmetic: _Arithmetic, index: int) -> Label:
    match phase:
        case Phase.FORWARD:
            total = arithmetic.prediction
            return Label(f"{total.terms[index]} =", total.products[index])
        case Phase.BACKWARD:
            return Label(f"{trace.names.w}.grad =", fixed(trace.gradient[index]))
        case Phase.UPDATE_W:
            return _change(arithmetic.updates[index])
        case Phase.UPDATE_B | Phase.AVERAGE:
            return Label(f"w{index} =", fixed(trace.after[index]))
    return Label(f"w{index} =", arithmetic.prediction.weights[index])


def _bias_label(trace: StepTrace, phase: Phase, arithmetic: _Arithmetic) -> Label:
    match phase:
        case Phase.BACKWARD:
            return Label(f"{trace.names.b}.grad =", fixed(trace.gradient[-1]))
        case Phase.UPDATE_W:
            return Label("b =", fixed(trace.before[-1]))
        case Phase.UPDATE_B:
            return _change(arithmetic.updates[-1])
        case Phase.AVERAGE:
            return Label("b =", fixed(trace.after[-1]))
    return Label("b =", arithmetic.prediction.bias)


def _output_label(phase: Phase, arithmetic: _Arithmetic) -> Label:
    match phase:
        case Phase.FORWARD:
            return Label("ŷ =", arithmetic.prediction.prediction)
        case Phase.LOSS | Phase.BACKWARD:
            return Label("ŷ =", arithmetic.residual.terms[0])
    return Label("", "ŷ")


def _compared(phase: Phase, arithmetic: _Arithmetic) -> tuple[Label, ...]:
    """Return the target, and once they are known the residual and its square."""
    _, target = arithmetic.residual.terms
    given = Label("y =", target)
    if phase < Phase.LOSS:
        return (given,)
    return (
        given,
        Label("ŷ − y =", arithmetic.residual.result),
        Label("(ŷ − y)² =", arithmetic.square.result),
    )


def _weights_written(updates: Sequence[Equation]) -> str:
    """Return the updates in full where they are few, else from where to where."""
    if len(updates) <= 2:
        return "; ".join(f"w{index} = {update}" for index, update in enumerate(updates))
    changes = enumerate(map(_change, updates))
    return "; ".join(f"w{index}: {change.lead} {change.number}" for index, change in changes)


def _change(update: Equation) -> Label:
    """Return the parameter before and after an update."""
    _, before = update.terms
    return Label(f"{before} →", update.result)
