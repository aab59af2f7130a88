"""Work in pieces: generators that do a little at each ``next``, and return a result at the end."""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def at_once(
    work: Generator[Any, None, _Result], between: Callable[[], object] = lambda: None
) -> _Result:
    """Do all of ``work``, with nothing but ``between`` after each piece; return what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result
        between()


def told(work: Generator[None, None, _Result], share: float) -> Generator[float, None, _Result]:
    """Do ``work``, and yield after each piece which share of something larger is done by then."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield share
