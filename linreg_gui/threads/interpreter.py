"""How threads share the interpreter."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL_SECONDS = sys.getswitchinterval()
_SHORT_SECONDS = 0.0001

_lock = threading.Lock()
_yielding = 0


@contextmanager
def yielding_to_the_window() -> Iterator[None]:
    """Let the GUI thread have the interpreter lock as soon as it asks; several threads may.

    What gives the lock up often and takes it back at once, as an import full of short foreign calls
    does, wakes the waiting thread each time without ever letting it in: only a wait that ends
    undisturbed asks for the lock. A short interval makes such waits.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _yielding  # noqa: PLW0603 - the interpreter has one interval for all threads
    with _lock:
        _yielding += change
        sys.setswitchinterval(_SHORT_SECONDS if _yielding else _USUAL_SECONDS)
