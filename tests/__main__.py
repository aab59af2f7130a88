"""Run the test suite, or what pytest's own options and paths choose: ``python3 tests -k loss``.

Paths are relative to the project's folder. The whole suite runs in two stages, each on several
processors: tests that start processes of their own come last, so that they compete with nobody.
``python3 tests --screenshots FOLDER`` takes pictures of the window instead, and
``python3 tests --texts`` brings the catalogues of texts up to date.
``python3 tests --monkey 1000`` lets a random user try to break it. ``python3 tests --soak 10`` uses
the window for ten minutes, and looks whether anything grows. ``python3 tests --fuzz 1000`` reads
damaged files, ``python3 tests --closes 1000`` closes the program at random moments, and
``python3 tests --locks`` asks whether all that is locked can be had.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path[0] = ROOT

from linreg_gui import environment, interruption  # noqa: E402

TOOLS = {
    "--screenshots": "tests.screenshots",
    "--monkey": "tests.monkey",
    "--soak": "tests.soak",
    "--fuzz": "tests.fuzz",
    "--closes": "tests.closes",
    "--locks": "tests.locks",
    "--texts": "tests.catalogues",
}
"""Options that run a module with the arguments after them, instead of the suite."""

PROCESSES = "tests/processes"
STAGES = (["--ignore=" + PROCESSES], [PROCESSES])
MOST_WORKERS = 4


def main(arguments: "list[str]") -> int:
    """Run pytest with these arguments, or every stage; return the exit code."""
    if arguments and arguments[0] in TOOLS:
        module = TOOLS[arguments[0]]
        return subprocess.call([sys.executable, "-m", module, *arguments[1:]], cwd=ROOT)
    pytest = [sys.executable, "-X", "utf8", "-m", "pytest"]  # the tests' own files are in UTF-8
    if arguments:
        return subprocess.call(pytest + arguments, cwd=ROOT)
    workers = min((os.cpu_count() or 1) + 1, MOST_WORKERS)  # one more, as tests also wait
    pytest += ["-q", "-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    return max([subprocess.call(pytest + stage, cwd=ROOT) for stage in STAGES])


if __name__ == "__main__":
    interruption.begin()
    environment.enter("tests")
    interruption.leave_to_python()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
