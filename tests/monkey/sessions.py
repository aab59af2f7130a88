"""Sessions in processes of their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from linreg_gui.widgets.window.main_window import MainWindow
from tests.children import Ended, Limits, run_children
from tests.monkey.actions import Action
from tests.monkey.chance import RandomUser
from tests.monkey.session import NextAction, play

LIMITS = Limits(address_bytes=8_000_000_000, processor_seconds=240, wall_seconds=900.0)
"""A wall for what grows within one action; `watch.MOST_MEMORY` is the limit that counts."""

_FAULTS, _ACTIONS = "faults.txt", "actions.txt"


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
    return map(_verdict, run_children(tasks, _play, LIMITS, workers))


def _play(task: Task, folder: Path) -> bool:
    faults = play(task.chooser(), folder)
    (folder / _FAULTS).write_text("\n".join(faults), encoding="utf-8")
    return bool(faults)


def _verdict(ended: Ended[Task]) -> Verdict:
    faults = _read(ended.folder / _FAULTS)
    if ended.code < 0:
        faults = f"killed by signal {-ended.code}\n{faults}\n{ended.output}"
    elif ended.output:
        faults = f"{faults}\nwritten to the terminal: {ended.output}".strip()
    elif ended.code and not faults:
        faults = f"exit code {ended.code}"
    actions = tuple(map(Action.parse, _read(ended.folder / _ACTIONS).splitlines()))
    return Verdict(ended.task, faults, actions)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
