"""A random user: ``python3 tests --monkey N`` plays N sessions, ``--monkey FILE`` one again.

A failure is made as short as possible, and written into a file.
"""

import argparse
import gc
import importlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import linreg_gui
from tests.monkey.actions import Action
from tests.monkey.sessions import Task, Verdict, run_sessions
from tests.monkey.shrink import shrunk

MOST_WORKERS = 2
_SESSIONS_FOR_A_REPORT = 50
_TIMES_TO_SEE_AGAIN = 3
"""A fault that depends on the moment may not be seen when the session is played again."""


def main(arguments: list[str]) -> int:
    """Play what ``arguments`` ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 tests --monkey")
    parser.add_argument("what", metavar="N|FILE", help="number of sessions, or one to play again")
    parser.add_argument("--seed", type=int, default=1, help="of the first session")
    parser.add_argument("--actions", type=int, default=300, help="in each session")
    parser.add_argument("--no-shrink", action="store_true", help="keep failures as they are")
    options = parser.parse_args(arguments)
    if not options.what.isdigit():
        tasks = [Task(actions=tuple(_read(Path(options.what))))]
    else:
        last = options.seed + int(options.what)
        tasks = [Task(seed, options.actions) for seed in range(options.seed, last)]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _load_everything()
    seen: set[str] = set()
    failed = 0
    verdicts = run_sessions(tasks, min(os.cpu_count() or 1, MOST_WORKERS))
    for done, verdict in enumerate(verdicts, start=1):
        if done % _SESSIONS_FOR_A_REPORT == 0:
            print(f"{done} sessions played", flush=True)
        if verdict.fault:
            failed += 1
            print(f"session {verdict.task.seed}: {verdict.fault}", flush=True)
            if verdict.kind not in seen:
                print(f"written into {_write(verdict, options.no_shrink)}", flush=True)
            seen.add(verdict.kind)
    print(f"{len(tasks)} sessions, {failed} failed" + (f" in {len(seen)} ways" if seen else ""))
    return bool(failed)


def _load_everything() -> None:
    """Load once what each session would load again, and hide it from their garbage collectors."""
    for module in pkgutil.walk_packages(linreg_gui.__path__, "linreg_gui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("pandas")  # which tables import late
    gc.collect()
    gc.freeze()


def _read(file: Path) -> Iterator[Action]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Action.parse(line)


def _write(verdict: Verdict, as_it_is: bool) -> Path:
    """Write the failure into a file, in its shortest form unless ``as_it_is``."""
    actions: Sequence[Action] = verdict.actions
    note = "as it was found"

    def fails(shorter: Sequence[Action]) -> bool:
        (again,) = run_sessions([Task(actions=tuple(shorter))], workers=1)
        return again.kind == verdict.kind

    if not as_it_is:
        if any(fails(actions) for _ in range(_TIMES_TO_SEE_AGAIN)):
            actions, note = shrunk(actions, fails), f"made shorter from {len(actions)} actions"
        else:
            note = "not seen again when it was played again"
    lines = [f"# seed {verdict.task.seed}, {note}"]
    lines += [f"# {line}" for line in verdict.fault.splitlines()]
    lines += [str(action) for action in actions]
    file = Path(tempfile.mkdtemp(prefix="linreg-monkey-"), f"seed-{verdict.task.seed}.txt")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
