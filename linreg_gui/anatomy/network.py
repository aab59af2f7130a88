"""The contents of the network picture: an example's numbers at each phase of a step."""

from dataclasses import dataclass
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
"""Pixels of an edge whose weight is 0, and how much wider the largest weight makes it."""


@dataclass(frozen=True)
class Label:
    """A number on the picture.

    Attributes
    ----------
    lead : str
        What the number is; left out if there is no room.
    number : str
        The number, as it is shown.
    fresh : bool
        Whether it has changed since the phase before.
    """

    lead: str
    number: str
    fresh: bool = False


@dataclass(frozen=True)
class Edge:
    """The line from a feature to the output.

    Attributes
    ----------
    label : Label
        The text on it.
    width : float
        In pixels.
    negative : bool
        Whether its weight is negative.
    """

    label: Label
    width: float
    negative: bool


@dataclass(frozen=True)
class Contents:
    """Everything that is shown of an example at a phase. Equal contents look the same.

    Attributes
    ----------
    inputs : tuple of Label
        On the nodes of the features; empty once the example is used up.
    edges : tuple of Edge
        One for each feature.
    bias, output : Label
        On their nodes.
    bias_negative : bool
        Whether the bias is negative.
    compared : tuple of Label
        Under the output: the target, the residual and its square, if they are known.
    written : str
        The computation written out, or a sentence.
    """

    inputs: tuple[Label, ...]
    edges: tuple[Edge, ...]
    bias: Label
    bias_negative: bool
    output: Label
    compared: tuple[Label, ...]
    written: str


def contents_of(trace: StepTrace, phase: Phase, example: int, target: str = "y") -> Contents:
    """Return the contents for ``example``, counted from 0, after ``phase``.

    The numbers of the example disappear with the update: they belong to the old parameters.
    """
    shown = _Example(trace, phase, example)
    return Contents(
        inputs=shown.inputs(),
        edges=shown.edges(),
        bias=shown.bias(),
        bias_negative=bool(trace.parameters_at(phase)[-1] < 0),
        output=shown.output(),
        compared=shown.compared(),
        written=shown.written(target),
    )


class _Example:
    """An example after a phase. Only the numbers that the phase shows are written out."""

    def __init__(self, trace: StepTrace, phase: Phase, example: int) -> None:
        self._trace = trace
        self._phase = phase
        self._example = example
        self._is_used_up = phase >= Phase.UPDATE_W

    @cached_property
    def _prediction(self) -> WeightedSum:
        trace, example = self._trace, self._example
        bias, predicted = trace.before[-1].item(), trace.predictions[example].item()
        return write_prediction(trace.features[example], trace.before[:-1], bias, predicted)

    @cached_property
    def _residual(self) -> Equation:
        trace, example = self._trace, self._example
        predicted, target = trace.predictions[example].item(), trace.target[example].item()
        return write_residual(predicted, target, trace.residuals[example].item(), decimals=4)

    @cached_property
    def _square(self) -> Equation:
        residual = self._trace.residuals[self._example : self._example + 1]
        return write_loss(residual, residual.item() ** 2, decimals=4)

    @cached_property
    def _updates(self) -> list[Equation]:
        trace = self._trace
        numbers = (trace.before.tolist(), trace.gradient.tolist(), trace.after.tolist())
        return [
            write_update(before, trace.learning_rate, gradient, after)
            for before, gradient, after in zip(*numbers, strict=True)
        ]

    def inputs(self) -> tuple[Label, ...]:
        if self._is_used_up:
            return (Label("", ""),) * self._trace.dimension
        fresh = self._phase is Phase.TAKE
        return tuple(Label("", number, fresh) for number in self._prediction.features)

    def edges(self) -> tuple[Edge, ...]:
        trace, parameters = self._trace, self._trace.parameters_at(self._phase)
        sizes = np.abs([parameters, trace.before, trace.after])[:, :-1]
        sizes = np.fmin(sizes, np.finfo(np.float32).max)  # NaN counts as the largest
        shares = sizes[0] / (sizes.max() or 1.0)
        return tuple(
            Edge(
                self._edge_label(index),
                # In steps of a quarter pixel: a smaller change needs no repainting.
                width=_THINNEST + round(share * _WIDER * 4) / 4,
                negative=bool(parameters[index] < 0),
            )
            for index, share in enumerate(shares.tolist())
        )

    def _edge_label(self, index: int) -> Label:
        trace = self._trace
        match self._phase:
            case Phase.FORWARD:
                total = self._prediction
                return Label(f"{total.terms[index]} =", total.products[index], fresh=True)
            case Phase.BACKWARD:
                return Label(f"{trace.names.w}.grad =", fixed(trace.gradient[index]), fresh=True)
            case Phase.UPDATE_W:
                return _change(self._updates[index])
            case Phase.UPDATE_B | Phase.AVERAGE:
                return Label(f"w{index} =", fixed(trace.after[index]))
        return Label(f"w{index} =", self._prediction.weights[index])

    def bias(self) -> Label:
        trace = self._trace
        match self._phase:
            case Phase.BACKWARD:
                return Label(f"{trace.names.b}.grad =", fixed(trace.gradient[-1]), fresh=True)
            case Phase.UPDATE_B:
                return _change(self._updates[-1])
            case Phase.UPDATE_W | Phase.AVERAGE:
                return Label("b =", fixed(trace.parameters_at(self._phase)[-1]))
        return Label("b =", self._prediction.bias)

    def output(self) -> Label:
        match self._phase:
            case Phase.FORWARD:
                return Label("ŷ =", self._prediction.prediction, fresh=True)
            case Phase.LOSS | Phase.BACKWARD:
                return Label("ŷ =", self._residual.terms[0])
        return Label("", "ŷ")

    def compared(self) -> tuple[Label, ...]:
        if self._is_used_up:
            return ()
        target = Label("y =", self._residual.terms[1], fresh=self._phase is Phase.TAKE)
        if self._phase < Phase.LOSS:
            return (target,)
        fresh = self._phase is Phase.LOSS
        return (
            target,
            Label("ŷ − y =", self._residual.result, fresh),
            Label("(ŷ − y)² =", self._square.result, fresh),
        )

    def written(self, target: str) -> str:
        match self._phase:
            case Phase.TAKE:
                sentence = tr("The features come in, and {target} to compare the prediction with.")
                return sentence.format(target=target)
            case Phase.FORWARD:
                return self._prediction.text
            case Phase.LOSS:
                return f"ŷ − y = {self._residual}; {self._square}"
            case Phase.BACKWARD:
                return tr("These gradients belong to the whole minibatch, not to one example.")
            case Phase.UPDATE_W | Phase.UPDATE_B:
                return "; ".join(self._updates_written())
        return tr("These are the new parameters, ready for the next minibatch.")

    def _updates_written(self) -> list[str]:
        """Return one or two updates in full, or the old and the new value of more weights."""
        *updates, bias = self._updates
        if self._phase is Phase.UPDATE_B:
            return [f"b = {bias}"]
        if len(updates) <= 2:
            return [f"w{index} = {update}" for index, update in enumerate(updates)]
        changes = enumerate(map(_change, updates))
        return [f"w{index}: {change.lead} {change.number}" for index, change in changes]


def _change(update: Equation) -> Label:
    """Return the old and the new value of a parameter."""
    return Label(f"{update.terms[1]} →", update.result, fresh=True)
