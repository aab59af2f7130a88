"""The program, begun many times by a process that has loaded it, with MXNet: each is a fork."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.children import Limits, run_children
from tests.support import ROOT

Program = Callable[..., tuple[int, str, str]]
"""Takes the program's arguments, and returns exit code, standard output and stderr."""

_LIMITS = Limits(address_bytes=8_000_000_000, processor_seconds=60, wall_seconds=120.0)
_PATIENCE = _LIMITS.wall_seconds + 60.0
"""Seconds; the first run waits for MXNet, too."""

_STREAMS = {1: "out.txt", 2: "err.txt"}


@contextmanager
def loaded_program() -> Iterator[Program]:
    """Load the program in a process that begins it as often as wanted."""
    command, pipe = [sys.executable, "-m", "tests.forks"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        wanted, ended = process.stdin, process.stdout
        assert wanted is not None
        assert ended is not None

        def run(*arguments: str) -> tuple[int, str, str]:
            wanted.write(json.dumps(arguments) + "\n")
            wanted.flush()
            if not select.select([ended], [], [], _PATIENCE)[0]:
                process.kill()
            line = ended.readline()
            assert line, f"the process that loads the program has ended: {process.wait()}"
            code, out, err = json.loads(line)
            return code, out, err

        yield run


def _run(arguments: Sequence[str], folder: Path) -> int:
    from linreg_gui.__main__ import main as run

    for stream, name in _STREAMS.items():
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), stream)
    sys.argv = ["linreg-gui", *arguments]
    return run()


def main() -> None:
    """Run the program with each line of arguments that comes, one after another."""
    from linreg_gui import application, backend, batch_mode  # noqa: F401 - the forks have them

    wanted = map(json.loads, sys.stdin)
    for ended in run_children(wanted, _run, _LIMITS, workers=1):
        said = [(ended.folder / name).read_text("utf-8") for name in _STREAMS.values()]
        print(json.dumps([ended.code, *said]), flush=True)


if __name__ == "__main__":
    main()
