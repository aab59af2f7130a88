"""Runs the lines of a guide's stop, a slice at a time. On MXNet's thread."""

import ast
import io
import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from linreg_gui import lesson
from linreg_gui.backend import autograd_at_rest, seed_generators
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.steps import in_slices
from linreg_gui.guide.questions import not_finite
from linreg_gui.guide.stops import MAX_LINES, Stop, StopOutput, cut_short
from linreg_gui.runs.preparation import limit_batch_size
from linreg_gui.settings import TrainingConfig

_NOT_FINITE = re.compile(r"\b(?:nan|inf)\b")


def run_stop(
    stops: Sequence[Stop], index: int, config: TrainingConfig
) -> Iterator[StopOutput | None]:
    """Run a stop from a fresh start. Yield its output each time it has grown, None in between.

    The kept lines of the earlier stops run first, in silence. So the result does not depend on
    which other stops were run. They draw the same numbers as the run of ``config``.

    Raises
    ------
    FloatingPointError
        If a number is not finite.
    Exception
        Whatever the lines raise.
    """
    stop, printer, shown = stops[index], _Printer(), ""
    namespace = {**_names(config), "print": printer.print}
    seed_generators(config.seed)
    shuffling = ShuffleState()
    script = _script("".join(each.kept for each in stops[:index]), stop.lines, namespace, printer)
    while True:
        with shuffling, autograd_at_rest():
            is_over = next(script, True)
        if is_over:
            break
        yield None if printer.text == shown else StopOutput(printer.text, config.seed)
        shown = printer.text
    happened = stop.question.answer(namespace) if stop.question else None
    yield StopOutput(printer.text, config.seed, happened)


def _names(config: TrainingConfig) -> dict[str, Any]:
    """Return the names that the lines may use: the lesson's, and the settings'."""
    config, _ = limit_batch_size(replace(config, data=None, test_share=0.0))
    return {
        **{name: value for name, value in vars(lesson).items() if not name.startswith("__")},
        **vars(config),
        "n": config.examples,
        "weights": list(config.true_weights),
        "bias": config.true_bias,
        "_pause": _pause,
    }


@in_slices
def _script(
    kept: str, lines: str, namespace: dict[str, Any], printer: "_Printer"
) -> Iterator[None]:
    """Run ``kept`` and then ``lines``, which may print."""
    yield from _execute(kept, namespace)
    printer.is_silent = False
    yield from _execute(lines, namespace)


def _execute(lines: str, namespace: dict[str, Any]) -> Iterator[None]:
    """Run ``lines`` as module code. Yield at the start of every turn of a loop.

    Nothing is yielded before the first loop. So nobody else can draw from MXNet's generator while
    the data and the parameters are drawn.
    """
    tree = ast.parse(lines)
    _PausingLoops().visit(tree)
    ast.fix_missing_locations(tree)
    code = compile(tree, "<stop>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    coroutine = eval(code, namespace)  # noqa: S307 - the program's own lines
    if coroutine is not None:  # there is a loop
        yield from coroutine.__await__()


@types.coroutine
def _pause() -> Iterator[None]:
    """Give control back once when awaited."""
    yield


class _PausingLoops(ast.NodeTransformer):
    """Puts a pause at the start of every loop's body.

    Loops inside of functions and of ``with`` run through: a ``with`` changes the thread's state
    until it is left.
    """

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.With | ast.FunctionDef):
            return node
        self.generic_visit(node)
        if isinstance(node, ast.For | ast.While):
            node.body[:0] = ast.parse("await _pause()").body
        return node


class _Printer:
    """Stands in for Python's ``print``.

    Attributes
    ----------
    is_silent : bool
        Whether nothing is kept.
    """

    def __init__(self) -> None:
        self.is_silent = True
        self._written = ""

    @property
    def text(self) -> str:
        """Return what was printed, up to `MAX_LINES` lines."""
        return cut_short(self._written)

    def print(self, *values: object, **options: Any) -> None:
        """Write ``values`` as Python does."""
        if self.is_silent:
            return
        written = io.StringIO()
        print(*values, file=written, **options)
        if _NOT_FINITE.search(written.getvalue()):
            raise not_finite()
        if self._written.count("\n") <= MAX_LINES:
            self._written += written.getvalue()
