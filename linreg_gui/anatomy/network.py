"""The contents of the network picture: an example's numbers at each phase of a step."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linreg_gui.anatomy.arithmetic import Equation, WeightedSum, write_loss
from linreg_gui.anatomy.step_trace import (
    Phase,
    StepTrace,
    prediction_of,
    residual_of,
    update_of,
)
from linreg_gui.data.single_precision import LARGEST
from linreg_gui.number_text import fixed
from linreg_gui.texts import clauses, tr

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
        bias=shown.parameter(trace.dimension),
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
        return prediction_of(self._trace, self._example, 2)

    @cached_property
    def _residual(self) -> Equation:
        return residual_of(self._trace, self._example)

    @cached_property
    def _square(self) -> Equation:
        residual = self._trace.residuals[self._example : self._example + 1]
        return write_loss(residual, residual.item() ** 2, decimals=4)

    @cached_property
    def _updates(self) -> list[Equation]:
        return [update_of(self._trace, index) for index in range(self._trace.dimension + 1)]

    def inputs(self) -> tuple[Label, ...]:
        if self._is_used_up:
            return (Label("", ""),) * self._trace.dimension
        fresh = self._phase is Phase.TAKE
        return tuple(Label("", number, fresh) for number in self._prediction.features)

    def edges(self) -> tuple[Edge, ...]:
        trace, parameters = self._trace, self._trace.parameters_at(self._phase)
        sizes = np.abs([parameters, trace.before, trace.after])[:, :-1]
        sizes = np.fmin(sizes, LARGEST)  # NaN counts as the largest
        shares = sizes[0] / (sizes.max() or 1.0)
        return tuple(
            Edge(
                self.parameter(index),
                # In steps of a quarter pixel: a smaller change needs no repainting.
                width=_THINNEST + round(share * _WIDER * 4) / 4,
                negative=bool(parameters[index] < 0),
            )
            for index, share in enumerate(shares.tolist())
        )

    def parameter(self, index: int) -> Label:
        """Return the label of a weight's edge, or of the node of the bias."""
        trace, phase, is_bias = self._trace, self._phase, index == self._trace.dimension
        name, array = ("b", trace.names.b) if is_bias else (f"w{index}", trace.names.w)
        if phase is Phase.FORWARD and not is_bias:
            product = self._prediction.products[index]
            return Label(f"{self._prediction.terms[index]} =", product, fresh=True)
        if phase is Phase.BACKWARD:
            return Label(f"{array}.grad =", fixed(trace.gradient[index]), fresh=True)
        if phase is (Phase.UPDATE_B if is_bias else Phase.UPDATE_W):
            return _change(self._updates[index])
        if self._is_used_up:
            return Label(f"{name} =", fixed(trace.parameters_at(phase)[index]))
        return Label(f"{name} =", (*self._prediction.weights, self._prediction.bias)[index])

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
                if self._trace.dimension == 1:
                    sentence = tr(
                        "The feature comes in, and {target} to compare the prediction with."
                    )
                return sentence.format(target=target)
            case Phase.FORWARD:
                return self._prediction.text
            case Phase.LOSS:
                return f"ŷ − y = {self._residual}; {self._square}"
            case Phase.BACKWARD:
                return (
                    tr("These gradients belong to this example: the minibatch has no other.")
                    if self._trace.size == 1
                    else tr("These gradients belong to the whole minibatch, not to one example.")
                )
            case Phase.UPDATE_W | Phase.UPDATE_B:
                return clauses(self._updates_written())
        return tr("These are the new parameters, ready for the next step.")

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
