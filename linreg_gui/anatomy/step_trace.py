"""The numbers of one training step at each of its phases, and the lesson's source."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib.abc import InspectLoader
from importlib.util import find_spec

import numpy as np

from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.engines.minibatch_order import Rows


class Phase(IntEnum):
    """The parts of a step, in their order. A step that is looked at after its last one is over."""

    TAKE = 0
    FORWARD = 1
    LOSS = 2
    BACKWARD = 3
    UPDATE_W = 4
    UPDATE_B = 5
    AVERAGE = 6


@dataclass(frozen=True, eq=False)
class StepRequest:
    """Asks for one step of a run, and says what is known from which it can be found.

    Attributes
    ----------
    run_number : int
        Of which run.
    dataset : Dataset
        What it trains on.
    batch_size : int
        The size of every minibatch but a short last one.
    known_step : int
        A step before it, 0 for the start.
    parameters : ndarray, shape (d + 1,)
        The weights, then the bias, after that step.
    average : float
        The moving average after that step.
    learning_rates : tuple of float
        Of each step after the known one; the last is that of the step that is asked for.
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
        The lines of the function that did the work.
    calling : tuple of int
        The lines from which it was called, and on whose behalf it ran.
    """

    running: tuple[int, ...] = ()
    calling: tuple[int, ...] = ()


@dataclass(frozen=True)
class Names:
    """What the lesson's source calls the values of a step."""

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
        Of which run, and which step; the first one is 1.
    rows : ndarray, shape (m,), int64
        The minibatch's rows in the dataset, in its order.
    full_size : int
        What m is in every minibatch but a short last one.
    features : ndarray, shape (m, d), float32
        The minibatch's examples: X.
    target, predictions : ndarray, shape (m,), float32
        y and ŷ, before the update.
    loss : float
        Of the minibatch, before the update.
    gradient : ndarray, shape (d + 1,), float32
        Of the loss by the weights, then by the bias: ``w.grad`` and ``b.grad``.
    before, after : ndarray, shape (d + 1,), float32
        The weights, then the bias, before and after the update.
    learning_rate : float
        The step's.
    average_before, average_after : float
        The lesson's moving average of the losses.
    source : str
        The module's text, whose lines `lines` counts.
    lines : mapping of Phase to Lines
        Which of them ran in which phase.
    names : Names
        What the source calls these values.
    """

    run_number: int
    step: int
    rows: Rows
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
        """Return (ŷ − y)², shape (m,); infinite where single precision has no room for one."""
        with np.errstate(over="ignore"):
            return self.residuals**2

    @property
    def size(self) -> int:
        """Return how many examples the minibatch has, m."""
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Return the number of features, d."""
        return self.features.shape[1]

    @property
    def is_short(self) -> bool:
        """Return whether it is a short last batch."""
        return self.size < self.full_size

    def parameters_at(self, phase: Phase) -> FloatArray:
        """Return the parameters once ``phase`` is done, shape (d + 1,)."""
        if phase is Phase.UPDATE_W:
            return np.append(self.after[:-1], self.before[-1:])
        return self.after if phase > Phase.UPDATE_W else self.before


def lesson_source() -> str:
    """Return the source of `linreg_gui.lesson`, as the loader of the module has it."""
    spec = find_spec("linreg_gui.lesson")
    assert spec is not None
    assert isinstance(spec.loader, InspectLoader)
    return spec.loader.get_source(spec.name) or ""
