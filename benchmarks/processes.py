"""Runs each measurement in a fresh process with fresh settings."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_VARIABLE = "LINREG_BENCHMARK_START"
"""Holds the time just before the process started, on the clock of ``time.monotonic``."""

_TIMEOUT_SECONDS = 1800

Measured = dict[str, Any]


def run_module(module: str, *arguments: object) -> Measured:
    """Run ``benchmarks.<module>`` in a fresh Python and return the JSON of its last line.

    The process sees no MXNet variable, none of the user's settings and, unless a platform is set,
    no screen.
    """
    with tempfile.TemporaryDirectory(prefix="linreg-benchmark-") as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MXNET_")}
        # A user's Python keeps compiled modules; otherwise every start would compile again.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.update(XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder)
        environment[START_VARIABLE] = repr(time.monotonic())
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr.strip()}")
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def alternate(repeats: int, *runs: Callable[[], Measured]) -> Sequence[list[Measured]]:
    """Call each of ``runs`` in turn, ``repeats`` times, and return the results of each."""
    results: list[list[Measured]] = [[] for _ in runs]
    for _ in range(repeats):
        for run, measured in zip(runs, results, strict=True):
            measured.append(run())
    return results


def seconds_since_start() -> float:
    """Return how long ago the parent started this process."""
    return time.monotonic() - float(os.environ[START_VARIABLE])
