"""Running a program without a word reaching the user."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType


def run(
    command: list[str],
    on_line: Callable[[str], object],
    variables: Mapping[str, str] = MappingProxyType({}),
    keep_open: Iterable[int] = (),
) -> bool:
    """Run a program, hand over what it prints line by line, and tell whether it succeeded.

    An exception, Ctrl-C among them, interrupts the program and all that it started, then goes on.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    on_line : callable
        Takes each line of output and errors.
    variables : mapping of str to str, optional
        Environment variables on top of the present ones.
    keep_open : iterable of int, optional
        File descriptors that the program inherits.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **variables},
        pass_fds=tuple(keep_open),
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                on_line(line)
        except BaseException:
            os.killpg(process.pid, signal.SIGINT)
            process.wait()
            raise
    return process.returncode == 0
