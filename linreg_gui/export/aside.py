"""Work of some length beside the window."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_PIECE_SECONDS = 0.005


def done_aside(
    function: Callable[Arguments, Result], *values: Arguments.args, **named: Arguments.kwargs
) -> Generator[float, None, Result]:
    """Call ``function`` in a thread of its own and return its result; yield 0 until it is there.

    The function must neither change anything that others read nor read what others change. If the
    generator is closed, the result is dropped.
    """
    thread = ThreadPoolExecutor(1)
    try:
        result = thread.submit(function, *values, **named)
        while not result.done():
            wait([result], _PIECE_SECONDS)
            yield 0.0
        return result.result()
    finally:
        thread.shutdown(wait=False)
