"""Runs one step of the lesson and writes down what each of its lines did. On MXNet's thread."""

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from linreg_gui.anatomy.step_trace import Lines, Names, Phase, StepRequest, StepTrace
from linreg_gui.backend import NDArray, nd
from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.minibatch_order import MinibatchOrder, Rows
from linreg_gui.engines.steps import in_slices

_UPDATES = (Phase.UPDATE_W, Phase.UPDATE_B)


@in_slices
def trace_step(
    request: StepRequest, order: MinibatchOrder, module: ModuleType
) -> Iterator[StepTrace | None]:
    """Yield the trace of the step that is asked for; None now and then before.

    The step is run by the functions of ``module``, the lesson, from the parameters before it, and
    Python's own tracing tells which lines run.
    """
    weights, bias = _parameters(request.parameters)
    average = request.average
    for step, rate in enumerate(request.learning_rates[:-1], request.known_step + 1):
        X, y = _minibatch(request, (yield from order.find(step)))
        loss = module.train_step(X, y, weights, bias, rate)
        average = module.moving_average(average, loss.asnumpy().item())
        yield None
    step = request.known_step + len(request.learning_rates)
    rows = yield from order.find(step)
    is_first = (step - 1) % order.steps_per_epoch == 0
    rows_before = np.arange(0) if is_first else (yield from order.find(step - 1))
    tracer = _LineTracer(module, (weights, bias))
    before = _joined(weights, bias)
    X, y = _take(request, rows_before, rows, module, tracer)
    rate = request.learning_rates[-1]
    with tracer.following(Phase.FORWARD):
        loss = module.train_step(X, y, weights, bias, rate)
    loss_value = loss.asnumpy().item()
    with tracer.following(Phase.AVERAGE):
        average_after = module.moving_average(average, loss_value)
    yield StepTrace(
        run_number=request.run_number,
        step=step,
        rows=rows,
        full_size=request.batch_size,
        features=X.asnumpy(),
        target=y.asnumpy().ravel(),
        predictions=tracer.predictions,
        loss=loss_value,
        gradient=_joined(weights.grad, bias.grad),
        before=before,
        after=_joined(weights, bias),
        learning_rate=rate,
        average_before=average,
        average_after=average_after,
        source=source_of(module),
        lines=tracer.lines(),
        names=tracer.names,
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
    """Take the minibatch with the lesson's own lines, and no more of the data than they need.

    The first of an epoch is taken from a fresh iterator; any other after the one before it.
    """
    both = np.append(rows_before, rows)
    X, y = nd.array(request.dataset.features[both]), nd.array(request.dataset.target[both])
    epoch = module.minibatches(module.data_iterator(X, y, request.batch_size, shuffle=False))
    if len(rows_before):
        next(epoch)
    with tracer.following(Phase.TAKE):
        minibatch: tuple[NDArray, NDArray] = next(epoch)
    return minibatch


class _LineTracer:
    """Follows the module's lines as they run.

    A line of ``sgd`` belongs to the parameter that has changed when it is over, and so do those
    before it that changed none.

    Parameters
    ----------
    module : module
        The lesson, or a copy of it.
    parameters : tuple of NDArray
        The weights and the bias, which tell whose update it is.
    """

    def __init__(self, module: ModuleType, parameters: tuple[NDArray, NDArray]) -> None:
        self.names = Names()
        self.predictions: FloatArray = np.empty(0)
        self._file = module.__file__
        self._spans = _statements(source_of(module))
        self._parameters = dict(zip(_UPDATES, parameters, strict=True))
        self._values = {phase: _bits(array) for phase, array in self._parameters.items()}
        self._held: set[int] = set()
        self._callers_of_update: set[int] = set()
        self._phase = Phase.TAKE
        self._running: dict[Phase, set[int]] = defaultdict(set)
        self._calling: dict[Phase, set[int]] = defaultdict(set)

    @contextmanager
    def following(self, phase: Phase) -> Iterator[None]:
        """Follow what runs inside of ``with``; it begins with ``phase``."""
        self._phase = phase
        former = sys.gettrace()
        sys.settrace(self._on_call)
        try:
            yield
        finally:
            sys.settrace(former)

    def lines(self) -> dict[Phase, Lines]:
        """Return all the lines of each statement that ran, by phase."""
        return {
            phase: Lines(
                self._whole(self._running[phase]),
                self._whole(self._calling[phase] - self._running[phase]),
            )
            for phase in Phase
        }

    def _whole(self, lines: set[int]) -> tuple[int, ...]:
        return tuple(sorted({each for line in lines for each in self._spans.get(line, (line,))}))

    def _on_call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        match frame.f_code.co_name:
            case "square_loss":
                self._phase = Phase.LOSS
                name = frame.f_code.co_varnames[0]
                self.predictions = frame.f_locals[name].asnumpy().ravel()
                self.names = self._renamed(y_hat=name)
            case "sgd":
                return self._on_update_event
            case "train_step":
                X, y, w, b = frame.f_code.co_varnames[:4]
                self.names = self._renamed(X=X, y=y, w=w, b=b)
        self._calling[self._phase] |= self._callers(frame)
        return self._on_event

    def _on_event(self, frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_name
        if event == "line":
            self._note_line(frame)
        elif event == "return" and name == "square_loss":
            self._phase = Phase.BACKWARD
        elif event == "return" and name == "train_step":
            self._end_updates()
            names = (name for name, value in frame.f_locals.items() if value is argument)
            self.names = self._renamed(loss=next(names, self.names.loss))
        return self._on_event

    def _on_update_event(self, frame: FrameType, event: str, _argument: Any) -> Any:
        self._assign_held_lines(frame)
        if event == "line":
            self._held.add(frame.f_lineno)
        elif event == "return":
            self._end_call(frame)
        return self._on_update_event

    def _assign_held_lines(self, frame: FrameType) -> None:
        changed = [
            phase
            for phase, array in self._parameters.items()
            if _bits(array) != self._values[phase]
        ]
        for phase in changed:
            self._running[phase] |= self._held
            self._calling[phase] |= self._callers(frame)
            self._values[phase] = _bits(self._parameters[phase])
        if changed:
            self._held.clear()

    def _end_call(self, frame: FrameType) -> None:
        self._callers_of_update = self._callers(frame)
        self._running[Phase.BACKWARD] -= self._callers_of_update
        self._calling[Phase.AVERAGE] -= self._callers_of_update
        self._phase = Phase.AVERAGE

    def _end_updates(self) -> None:
        """Give what is left to the updates that have changed nothing: a gradient may be 0."""
        for phase in _UPDATES:
            if not self._running[phase]:
                self._running[phase] |= self._held
                self._calling[phase] |= self._callers_of_update

    def _renamed(self, **names: str) -> Names:
        return Names(**{**vars(self.names), **names})

    def _note_line(self, frame: FrameType) -> None:
        # A line of the functions that call the others only prepares their phase, or ends it.
        line, name = frame.f_lineno, frame.f_code.co_name
        is_again = line in self._calling[Phase.FORWARD]  # the end of the `with`
        if name in {"train_step", "loss_of"} and self._phase is not Phase.BACKWARD:
            self._calling[self._phase].add(line)
        elif not is_again:
            self._running[self._phase].add(line)

    def _callers(self, frame: FrameType) -> set[int]:
        lines, caller = set(), frame.f_back
        while caller is not None and caller.f_code.co_filename == self._file:
            lines.add(caller.f_lineno)
            caller = caller.f_back
        return lines


def _bits(array: NDArray) -> bytes:
    bits: bytes = array.asnumpy().tobytes()
    return bits


@cache
def source_of(module: ModuleType) -> str:
    """Return the text of ``module``, read once: who edits it meanwhile does not run the new one."""
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
