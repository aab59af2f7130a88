"""How soon the window of the package without a Python is painted, beside that from source."""

import shutil
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, ratio_of
from benchmarks.processes import ROOT, alternate, run_module

PACKAGE = ROOT / "dist" / "linreg-gui" / "linreg-gui"

_NOTE = "From the start of the process until its window is painted, on a screen of its own."


def measure(effort: Effort) -> Iterator[Figure]:
    for lack, is_there in (
        ("no package is built; build one with: python3 packaging", PACKAGE.exists()),
        ("Xvfb is not installed", bool(shutil.which("Xvfb"))),
    ):
        if not is_there:
            print(f"skipped: {lack}", file=sys.stderr)
            return
    commands = ([PACKAGE], [sys.executable, "-m", "linreg_gui"])
    runs = [partial(run_module, "probes.screen_paint", *command) for command in commands]
    for run in runs:
        run()  # the first start reads from disk and compiles
    paints = [[run["window"] for run in each] for each in alternate(effort.start_repeats, *runs)]
    package, source = paints
    yield ratio_of("first paint of the package / from source", package, source, Goal(1.5), _NOTE)
    yield median_of("first paint of the package", "s", package, None, _NOTE)
    yield median_of("first paint from source", "s", source, None, _NOTE)
