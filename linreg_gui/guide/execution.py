"""Executes the lines of a guide's stop, a slice at a time. Runs on MXNet's thread."""

import ast
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from linreg_gui import lesson
from linreg_gui.backend import ShuffleState, seed_generators
from linreg_gui.engines.steps import in_slices
from linreg_gui.guide.stops import Answer, Question, Stop, StopOutput
from linreg_gui.runs.preparation import limit_batch_size
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import tr

MAX_LINES = 200
MAX_POINTS = 500
"""A curve that answers a question is thinned out to about so many."""

_NOT_FINITE = re.compile(r"\b(?:nan|inf)\b")


def run_stop(
    stops: Sequence[Stop], index: int, config: TrainingConfig
) -> Iterator[StopOutput | None]:
    """Run a stop from a fresh start; yield what it has printed whenever that has grown.

    The kept lines of the stops before it run first, in silence, so that it gives the same
    whichever others have run. What they draw is what the run of ``config`` draws.

    Raises
    ------
    FloatingPointError
        If a number is not finite.
    Exception
        What the lines raise.
    """
    stop, printer, shown = stops[index], _Printer(), ""
    namespace = _names(config)
    seed_generators(config.seed)
    shuffling = ShuffleState()
    script = _script("".join(each.kept for each in stops[:index]), stop.lines, namespace, printer)
    while True:
        with shuffling:
            is_over = next(script)
        if is_over:
            break
        yield None if printer.text == shown else StopOutput(printer.text, config.seed)
        shown = printer.text
    happened = _answer(stop.question, namespace) if stop.question else None
    yield StopOutput(printer.text, config.seed, happened)


def _names(config: TrainingConfig) -> dict[str, Any]:
    """Return the names that the lines may use: the lesson's, and the settings'."""
    config, _ = limit_batch_size(replace(config, data=None, test_share=0.0))
    return {
        **{name: value for name, value in vars(lesson).items() if not name.startswith("__")},
        "n": config.examples,
        "weights": list(config.true_weights),
        "bias": config.true_bias,
        "noise_std": config.noise_std,
        "batch_size": config.batch_size,
        "shuffle": config.shuffle,
        "learning_rate": config.learning_rate,
        "epochs": config.epochs,
        "seed": config.seed,
        "_cut": _Cut(),
    }


@in_slices
def _script(
    kept: str, lines: str, namespace: dict[str, Any], printer: "_Printer"
) -> Iterator[bool | None]:
    """Run both; yield True at the end."""
    namespace["print"] = _keep_silent
    yield from _execute(kept, namespace)
    namespace["print"] = printer.print
    yield from _execute(lines, namespace)
    yield True


def _execute(lines: str, namespace: dict[str, Any]) -> Iterator[None]:
    """Run ``lines`` as a module's; yield at every turn of a loop.

    Until the first loop nothing is yielded: nobody else can draw from MXNet's generator while the
    data and the parameters are drawn.
    """
    tree = ast.parse(lines)
    _Cuts().visit(tree)
    code = compile(
        ast.fix_missing_locations(tree), "<stop>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    )
    coroutine = eval(code, namespace)  # noqa: S307 - the program's own lines
    if coroutine is not None:  # there is a loop
        yield from coroutine.__await__()


def _answer(question: Question, namespace: dict[str, Any]) -> Answer:
    value = eval(question.value, namespace)  # noqa: S307 - the program's own expression
    if not isinstance(value, Sequence):
        return _finite(float(value))
    return tuple(_finite(float(each)) for each in value[:: len(value) // MAX_POINTS + 1])


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise _not_finite()
    return number


def _not_finite() -> FloatingPointError:
    return FloatingPointError(
        tr("its numbers are not finite; a smaller learning rate or more examples may help")
    )


def _keep_silent(*_values: object, **_options: Any) -> None:
    pass


class _Printer:
    """Stands in for Python's ``print``.

    Attributes
    ----------
    text : str
        What was printed, up to `MAX_LINES` lines.
    """

    def __init__(self) -> None:
        self.text = ""
        self._lines = 0

    def print(self, *values: object, **options: Any) -> None:
        """Write ``values`` as Python does."""
        written = io.StringIO()
        print(*values, file=written, **options)
        if _NOT_FINITE.search(written.getvalue()):
            raise _not_finite()
        if self._lines > MAX_LINES:
            return
        self.text += written.getvalue()
        self._lines = self.text.count("\n")
        if self._lines > MAX_LINES:
            kept = self.text.split("\n")[:MAX_LINES]
            cut = tr("… only {most} lines are shown.").format(most=MAX_LINES)
            self.text = "\n".join([*kept, cut])


class _Cut:
    """To wait for it hands control back, for once."""

    def __await__(self) -> Iterator[None]:
        yield


class _Cuts(ast.NodeTransformer):
    """Puts a cut into every loop, at the beginning of its turn.

    But not inside of ``with``, which changes the thread until it is left; nor in a function.
    """

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.With | ast.FunctionDef):
            return node
        self.generic_visit(node)
        if isinstance(node, ast.For | ast.While):
            node.body[:0] = ast.parse("await _cut").body
        return node
