"""Runs one step of the lesson and notes what each of its lines does. On MXNet's thread.

Python's own tracing tells which lines run. What a line is for follows from what happens in it, not
from names: which arrays it computes, and from what; whether it changes a gradient or a parameter.
So a copy of the lesson may rename, split or join its functions.
"""

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import takewhile
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from linreg_gui.anatomy.step_trace import Lines, Names, Phase, StepRequest, StepTrace
from linreg_gui.backend import NDArray, autograd, autograd_at_rest, mx, nd
from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.minibatch_order import MinibatchOrder, Rows
from linreg_gui.engines.steps import in_slices

_UNTOUCHED = 1.2345678e-30
"""Fills the gradients before the step. No real gradient is this number."""


@in_slices
def trace_step(
    request: StepRequest, order: MinibatchOrder, module: ModuleType
) -> Iterator[StepTrace | None]:
    """Yield None now and then, and at last the trace of the requested step.

    The functions of ``module``, the lesson, take this step and those between the known step and it.
    """
    weights, bias = _parameters(request.parameters)
    average = request.average
    for step, rate in enumerate(request.learning_rates[:-1], request.known_step + 1):
        X, y = _minibatch(request, (yield from order.find(step)))
        with autograd_at_rest():
            loss = module.train_step(X, y, weights, bias, rate)
        average = module.moving_average(average, loss.asnumpy().item())
        yield None
    step = request.known_step + len(request.learning_rates)
    rows = yield from order.find(step)
    is_first = (step - 1) % order.steps_per_epoch == 0
    rows_before = np.arange(0) if is_first else (yield from order.find(step - 1))
    before = _joined(weights, bias)
    taking, averaging = _LineTracer(module), _LineTracer(module)
    X, y = _take(request, rows_before, rows, module, taking)
    training = _StepTracer(module, X, y, weights, bias)
    rate = request.learning_rates[-1]
    with training.following():
        loss = module.train_step(X, y, weights, bias, rate)
    loss_value = loss.asnumpy().item()
    with averaging.following():
        average_after = module.moving_average(average, loss_value)
    lit = training.lit_lines()
    lit.add(Phase.TAKE, taking.ran)
    lit.add(Phase.AVERAGE, averaging.ran)
    yield StepTrace(
        run_number=request.run_number,
        step=step,
        rows=rows,
        places=request.dataset.places_of(rows),
        full_size=request.batch_size,
        features=X.asnumpy(),
        target=y.asnumpy().ravel(),
        predictions=training.predictions.asnumpy().ravel(),
        loss=loss_value,
        gradient=_joined(weights.grad, bias.grad),
        before=before,
        after=_joined(weights, bias),
        learning_rate=rate,
        average_before=average,
        average_after=average_after,
        source=source_of(module),
        lines=lit.whole_statements(source_of(module)),
        names=training.names,
    )


def _parameters(values: FloatArray) -> tuple[NDArray, NDArray]:
    weights, bias = nd.array(values[:-1]).reshape((-1, 1)), nd.array(values[-1:])
    for parameter in (weights, bias):
        parameter.attach_grad()
    return weights, bias


def _joined(weights: NDArray, bias: NDArray) -> FloatArray:
    return np.append(weights.asnumpy(), bias.asnumpy())


def _minibatch(request: StepRequest, rows: Rows) -> tuple[NDArray, NDArray]:
    dataset = request.dataset
    return nd.array(dataset.features[rows]), nd.array(dataset.target[rows]).reshape((-1, 1))


def _take(
    request: StepRequest, rows_before: Rows, rows: Rows, module: ModuleType, tracer: "_LineTracer"
) -> tuple[NDArray, NDArray]:
    """Take the minibatch with the lesson's own lines, from no more of the data than they need.

    The first of an epoch comes from a fresh iterator, any other after the one before it.
    """
    both = np.append(rows_before, rows)
    X, y = nd.array(request.dataset.features[both]), nd.array(request.dataset.target[both])
    epoch = module.minibatches(module.data_iterator(X, y, request.batch_size, shuffle=False))
    if len(rows_before):
        next(epoch)
    with tracer.following():
        minibatch: tuple[NDArray, NDArray] = next(epoch)
    return minibatch


@dataclass(eq=False)
class _Ran:
    """A line that has run, in one call of its function.

    Attributes
    ----------
    line : int
        Its number.
    callers : frozenset of int
        The module's lines from which its function was called, directly or not.
    began : int
        When, counted in events.
    is_recording : bool
        Whether autograd was recording then.
    calls : bool
        Whether it called a function of the module.
    did : set of Phase
        What it did itself: computed predictions or a loss, wrote gradients, updated parameters.
    """

    line: int
    callers: frozenset[int]
    began: int
    is_recording: bool
    calls: bool = False
    did: set[Phase] = field(default_factory=set)

    @property
    def works(self) -> bool:
        """Return whether it does more than call other lines."""
        return bool(self.did) or not self.calls


class _LitLines:
    """The lines that work in each phase, and those that call them."""

    def __init__(self) -> None:
        self.running: dict[Phase, set[int]] = defaultdict(set)
        self.calling: dict[Phase, set[int]] = defaultdict(set)

    def add(self, phase: Phase, lines: Iterable[_Ran]) -> None:
        """Add those of ``lines`` that work, and their callers."""
        for ran in lines:
            if ran.works:
                self.running[phase].add(ran.line)
                self.calling[phase] |= ran.callers

    def whole_statements(self, source: str) -> dict[Phase, Lines]:
        """Return them with all the other lines of their statements."""
        spans = _statements(source)

        def whole(lines: set[int]) -> tuple[int, ...]:
            return tuple(sorted({each for line in lines for each in spans.get(line, (line,))}))

        return {
            phase: Lines(
                whole(self.running[phase]), whole(self.calling[phase] - self.running[phase])
            )
            for phase in Phase
        }


class _LineTracer:
    """Follows the lines of a module as they run.

    Attributes
    ----------
    ran : list of _Ran
        In the order in which they ended.
    """

    def __init__(self, module: ModuleType) -> None:
        self.ran: list[_Ran] = []
        self._file = module.__file__
        self._open: dict[FrameType, _Ran] = {}
        self._events = 0

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow what runs inside of ``with``."""
        former = sys.gettrace()
        sys.settrace(self._on_call)
        try:
            # An error in the tracing itself can leave a ``with`` of the lesson without its end.
            with autograd_at_rest():
                yield
        finally:
            sys.settrace(former)

    def _on_call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        if callers := self._callers(frame):
            ran = self._open[callers[0]]
            ran.calls = True
            self._observe(ran, frame)
        return self._on_event

    def _on_event(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._events += 1
        if event in {"line", "return"} and (ran := self._open.pop(frame, None)):
            self._observe(ran, frame, argument)
            self.ran.append(ran)
        if event == "line":
            self._open[frame] = _Ran(
                line=frame.f_lineno,
                callers=frozenset(caller.f_lineno for caller in self._callers(frame)),
                began=self._events,
                is_recording=autograd.is_recording(),
            )
        return self._on_event

    def _callers(self, frame: FrameType) -> list[FrameType]:
        """Return the module's frames from which ``frame`` was called, the nearest first."""
        found, caller = [], frame.f_back
        while caller is not None:
            if caller in self._open:
                found.append(caller)
            caller = caller.f_back
        return found

    def _observe(self, ran: _Ran, frame: FrameType, result: Any = None) -> None:
        """Note what ``ran`` has done: the names in ``frame`` and ``result`` hold what it made."""


class _StepTracer(_LineTracer):
    """Follows a training step, and finds out which line does what.

    Attributes
    ----------
    predictions : NDArray, shape (m, 1)
        The last array that is computed from X and all parameters, but not from y.
    """

    def __init__(
        self, module: ModuleType, X: NDArray, y: NDArray, weights: NDArray, bias: NDArray
    ) -> None:
        super().__init__(module)
        self.predictions = nd.dot(X, weights) + bias  # unless the lesson's own come to light
        self._loss: NDArray | None = None
        self._predicted = 0
        for array in (X, y):
            array.attach_grad()  # so that autograd knows what is computed from it
        for parameter in (weights, bias):
            parameter.grad[:] = _UNTOUCHED
        self._inputs = {"X": X, "y": y, "w": weights, "b": bias}
        self._X, self._y, w, b = map(_sources, self._inputs.values())
        self._parameters = w | b
        self._seen = {id(array): array for array in self._inputs.values()}
        self._names: dict[int, tuple[int, str]] = {}
        self._watched = {
            Phase.BACKWARD: weights.grad,
            Phase.UPDATE_W: weights,
            Phase.UPDATE_B: bias,
        }
        self._bits = {phase: _bits(array) for phase, array in self._watched.items()}

    @property
    def names(self) -> Names:
        """Return what the source calls the arrays. The outermost function decides."""
        arrays = {**self._inputs, "y_hat": self.predictions, "loss": self._loss}
        places = {role: self._names.get(id(array)) for role, array in arrays.items()}
        return Names(**{role: place[1] for role, place in places.items() if place})

    def lit_lines(self) -> _LitLines:
        """Return the lines of each phase of the step.

        After recording, a line that changes nothing belongs to the next change. A parameter that
        does not change, as its gradient is 0, has the lines of both updates.
        """
        lit, held, updating = _LitLines(), list[_Ran](), list[_Ran]()
        preparing = [ran.line for ran in takewhile(lambda ran: not ran.is_recording, self.ran)]
        lit.calling[Phase.FORWARD].update(preparing)
        *lines, last = self.ran
        lit.calling[Phase.AVERAGE].add(last.line)
        for ran in (self.ran if last.did else lines)[len(preparing) :]:
            is_forward = ran.is_recording and Phase.BACKWARD not in ran.did
            if is_forward and ran.line not in preparing:  # else recording ends with this line
                for phase in self._forward_phases(ran):
                    lit.add(phase, [ran])
            elif not is_forward and ran.works:
                held.append(ran)
                for phase in ran.did:
                    lit.running[phase] |= {each.line for each in held}
                    lit.calling[phase] |= ran.callers
                if ran.did:
                    held.clear()
                if Phase.BACKWARD in lit.running and Phase.BACKWARD not in ran.did:
                    updating.append(ran)
        for phase in (Phase.UPDATE_W, Phase.UPDATE_B):
            if phase not in lit.running:
                lit.add(phase, updating)
        return lit

    def _forward_phases(self, ran: _Ran) -> set[Phase]:
        if ran.calls:
            return ran.did
        return ran.did | {Phase.FORWARD if ran.began < self._predicted else Phase.LOSS}

    def _observe(self, ran: _Ran, frame: FrameType, result: Any = None) -> None:
        depth = len(self._callers(frame))
        for name, value in frame.f_locals.items():
            if isinstance(value, NDArray):
                self._see(value, ran)
                place = self._names.get(id(value))
                if place is None or depth < place[0]:
                    self._names[id(value)] = depth, name
        if isinstance(result, NDArray):
            self._see(result, ran)
        for phase, array in self._watched.items():
            if _bits(array) != self._bits[phase]:
                self._bits[phase] = _bits(array)
                ran.did.add(phase)

    def _see(self, array: NDArray, ran: _Ran) -> None:
        """Note what ``array`` is, unless it was seen before: else ``ran`` has computed it."""
        if id(array) in self._seen:
            return
        self._seen[id(array)] = array  # kept, so that no other array gets its id
        sources = _sources(array)
        if sources & self._y and sources & self._parameters:
            ran.did.add(Phase.LOSS)
            self._loss = array
            self._predicted = self._predicted or self._events
        elif sources & self._X and sources & self._parameters:
            ran.did.add(Phase.FORWARD)
            if sources >= self._parameters:
                self.predictions, self._predicted = array, self._events


def _sources(array: NDArray) -> frozenset[str]:
    """Return the names of the variables from which autograd has recorded ``array``."""
    try:
        return frozenset(autograd.get_symbol(array).list_inputs())
    except mx.base.MXNetError:  # it was not recorded
        return frozenset()


def _bits(array: NDArray) -> bytes:
    bits: bytes = array.asnumpy().tobytes()
    return bits


@cache
def source_of(module: ModuleType) -> str:
    """Return the text of ``module``, read once: edits made later do not run."""
    return inspect.getsource(module)


@lru_cache(maxsize=4)
def _statements(source: str) -> dict[int, tuple[int, ...]]:
    """Return all the lines of the statement, or the head of a compound one, that has each line."""
    spans: dict[int, tuple[int, ...]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            lines = tuple(range(node.lineno, max(last, node.lineno) + 1))
            for line in lines:
                if line not in spans or len(lines) < len(spans[line]):
                    spans[line] = lines
    return spans
