"""Sessions in processes of their own, which are forked from this one: so they begin at once."""

import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from linreg_gui.widgets.window.main_window import MainWindow
from tests.monkey.actions import Action
from tests.monkey.chance import RandomUser
from tests.monkey.session import NextAction, play

WALL_SECONDS, PROCESSOR_SECONDS = 900.0, 240
ADDRESS_BYTES = 8_000_000_000
"""A wall for what grows within one action; `watch.MOST_MEMORY` is the limit that counts."""

_POLL_SECONDS = 0.01
_FAULTS, _OUTPUT, _ACTIONS = "faults.txt", "output.txt", "actions.txt"


class Task(NamedTuple):
    """What to do in a session: ``length`` random actions from ``seed`` on, or these ``actions``."""

    seed: int = 0
    length: int = 0
    actions: tuple[Action, ...] = ()

    def chooser(self) -> NextAction:
        """Return what chooses the actions."""
        left = iter(self.actions) if self.actions else None
        done = 0
        user: RandomUser | None = None

        def choose(window: MainWindow) -> Action | None:
            nonlocal done, user
            if left is not None:
                return next(left, None)
            user = user or RandomUser(window, self.seed)
            done += 1
            return user.next_action() if done <= self.length else None

        return choose


@dataclass
class Verdict:
    """How a session went.

    Attributes
    ----------
    task : Task
        The session.
    fault : str
        What went wrong; empty if nothing did.
    actions : tuple of Action
        What was done.
    """

    task: Task
    fault: str
    actions: tuple[Action, ...]

    @property
    def kind(self) -> str:
        """Return the first line of the fault, without numbers: the same fault has the same one."""
        return re.sub(r"[\d.]+", "0", self.fault.split("\n")[0])[:100]


def run_sessions(tasks: Iterable[Task], workers: int) -> Iterator[Verdict]:
    """Yield how each session went, ``workers`` of them at a time."""
    waiting = iter(tasks)
    running: dict[int, tuple[Task, Path, float]] = {}
    while True:
        while len(running) < workers and (task := next(waiting, None)) is not None:
            folder = Path(tempfile.mkdtemp(prefix="linreg-session-"))
            running[_fork(task, folder)] = task, folder, time.monotonic() + WALL_SECONDS
        if not running:
            return
        time.sleep(_POLL_SECONDS)
        for pid, (task, folder, deadline) in [*running.items()]:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGXCPU)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del running[pid]
                yield _verdict(task, folder, os.waitstatus_to_exitcode(status))
                shutil.rmtree(folder, ignore_errors=True)


def _fork(task: Task, folder: Path) -> int:
    """Return the number of a new process; in that process, play the session and end it."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    os.environ["HOME"] = str(folder)
    os.chdir(folder)
    output = os.open(folder / _OUTPUT, os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(output, stream)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    faults = play(task.chooser(), folder)
    (folder / _FAULTS).write_text("\n".join(faults), encoding="utf-8")
    sys.exit(bool(faults))  # as the program ends, so that faults of its very end are seen


def _verdict(task: Task, folder: Path, code: int) -> Verdict:
    faults, output = _read(folder / _FAULTS), _read(folder / _OUTPUT)
    if code < 0:
        faults = f"killed by signal {-code}\n{faults}\n{output}"
    elif output:
        faults = f"{faults}\nwritten to the terminal: {output}".strip()
    elif code and not faults:
        faults = f"exit code {code}"
    actions = tuple(map(Action.parse, _read(folder / _ACTIONS).splitlines()))
    return Verdict(task, faults, actions)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
