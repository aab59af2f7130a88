"""Measure the program's speed: ``python3 benchmarks``, see ``--help``.

It runs in the project's own environment, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path[0] = ROOT

from linreg_gui import environment, interruption  # noqa: E402

if __name__ == "__main__":
    interruption.begin()
    environment.enter("tests")
    interruption.leave_to_python()

    from benchmarks.suite import main

    sys.exit(main(sys.argv[1:]))
