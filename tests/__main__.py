"""Run the test suite, or what pytest's own options and paths choose: ``python3 tests -k loss``.

Paths are relative to the project's folder.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path[0] = ROOT

from linreg_gui import environment  # noqa: E402

if __name__ == "__main__":
    environment.enter("tests")

    import pytest

    os.chdir(ROOT)
    sys.exit(pytest.main(sys.argv[1:]))
