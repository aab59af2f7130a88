"""Processes that are forked from this one, so they begin at once, each within limits of its own."""

import faulthandler
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

_POLL_SECONDS = 0.005
_OUTPUT = "output.txt"

T = TypeVar("T")


class Limits(NamedTuple):
    """What a process may take: bytes of addresses, and seconds of the processor and by the clock.

    Addresses are more than the memory behind them; the libraries alone have a billion of them.
    """

    address_bytes: int
    processor_seconds: int
    wall_seconds: float


@dataclass(frozen=True)
class Ended(Generic[T]):
    """A process that has ended.

    Attributes
    ----------
    task : object
        What it was given.
    code : int
        Its exit code; of a signal that killed it, the negative number.
    output : str
        All that it has written to stdout and stderr.
    folder : Path
        Its home and working folder, which is deleted when the next one is asked for.
    """

    task: T
    code: int
    output: str
    folder: Path


def run_children(
    tasks: Iterable[T], work: Callable[[T, Path], int | None], limits: Limits, workers: int
) -> Iterator[Ended[T]]:
    """Yield the end of a process for each task, ``workers`` of them at a time.

    The process calls ``work`` with its task and folder, and ends with what that returns, as
    `sys.exit` does.
    """
    # Python 3.12 warns of NumPy's threads, which are idle.
    warnings.filterwarnings("ignore", "This process", DeprecationWarning)
    waiting = iter(tasks)
    running: dict[int, tuple[T, Path, float]] = {}
    while True:
        while len(running) < workers and (task := next(waiting, None)) is not None:
            folder = Path(tempfile.mkdtemp(prefix="linreg-child-"))
            sys.stdout.flush()
            pid = os.fork()
            if not pid:
                _enter(folder, limits)
                sys.exit(work(task, folder))  # as a program ends, with all that may fail then
            running[pid] = task, folder, time.monotonic() + limits.wall_seconds
        if not running:
            return
        time.sleep(_POLL_SECONDS)
        for pid, (task, folder, deadline) in [*running.items()]:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGXCPU)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del running[pid]
                output = (folder / _OUTPUT).read_text(encoding="utf-8", errors="replace")
                yield Ended(task, os.waitstatus_to_exitcode(status), output, folder)
                shutil.rmtree(folder, ignore_errors=True)


def _enter(folder: Path, limits: Limits) -> None:
    import resource

    os.environ["HOME"] = str(folder)
    os.environ.pop("XDG_CONFIG_HOME", None)
    os.chdir(folder)
    output = os.open(folder / _OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    faulthandler.enable()
    faulthandler.register(signal.SIGXCPU, chain=True)  # sent to a process that takes too long
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_bytes, limits.address_bytes))
    seconds = limits.processor_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # SIGXCPU first, then SIGKILL
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
