"""Takes the chosen measurements, prints their table and saves it."""

import argparse
import dataclasses
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.effort import QUICK, Effort
from benchmarks.figures import Figure, table
from benchmarks.measurements import (
    data_picture,
    inside_a_step,
    instant_engine,
    loading,
    memory,
    my_line,
    package,
    responsiveness,
    sessions,
    start_up,
    step_cost,
    training_speed,
    what_if,
)

MEASUREMENTS: dict[str, Callable[[Effort], Iterator[Figure]]] = {
    "training-speed": training_speed.measure,
    "instant-engine": instant_engine.measure,
    "responsiveness": responsiveness.measure,
    "what-if": what_if.measure,
    "my-line": my_line.measure,
    "inside-a-step": inside_a_step.measure,
    "loading": loading.measure,
    "sessions": sessions.measure,
    "start-up": start_up.measure,
    "package": package.measure,
    "step-cost": step_cost.measure,
    "memory": memory.measure,
    "data-picture": data_picture.measure,
}


def main(arguments: list[str]) -> int:
    """Measure and print; return 1 if a goal is not met (not with ``--quick``), else 0."""
    options = _parse(arguments)
    effort = QUICK if options.quick else Effort()
    effort = dataclasses.replace(effort, train_there=options.full)
    figures: list[Figure] = []
    for name in options.only or MEASUREMENTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += MEASUREMENTS[name](effort)
    print(table(figures))
    if options.json:
        options.json.write_text(
            json.dumps(
                {"machine": _machine(), "figures": [figure.as_json() for figure in figures]},
                ensure_ascii=False,
                indent=1,
                allow_nan=False,
            )
            + "\n",
            encoding="utf-8",
        )
    return int(not options.quick and any(figure.is_met is False for figure in figures))


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 benchmarks",
        description="Measure the program's speed and print a table.",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also save the figures there")
    parser.add_argument(
        "--only", nargs="+", choices=[*MEASUREMENTS], metavar="NAME", help=", ".join(MEASUREMENTS)
    )
    parser.add_argument(
        "--quick", action="store_true", help="check that it works; the figures say little"
    )
    parser.add_argument(
        "--full", action="store_true", help="train long runs instead of filling their history"
    )
    return parser.parse_args(arguments)


def _machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": None if sys.platform == "win32" else os.getloadavg()[0],
        "platform": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
