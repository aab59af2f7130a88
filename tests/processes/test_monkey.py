"""A random user does not break the window, in twenty short sessions of fixed seeds."""

import os
import subprocess
import sys
from pathlib import Path

from tests.monkey.actions import Action
from tests.monkey.shrink import shrunk
from tests.support import PATIENCE, ROOT


def test_twenty_short_sessions(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.monkey", "20", "--actions", "40", "--no-shrink"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE / 1000,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("20 sessions, 0 failed\n", "", 0)


def test_a_failure_is_found_and_played_again_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "actions.txt"
    file.write_text('# not an action\n["wait", 20]\n["no such action"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.monkey", str(file)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE / 1000,
        check=False,
    )
    assert done.returncode == 1
    assert "AttributeError" in done.stdout
    written = next(tmp_path.glob("linreg-monkey-*/*.txt")).read_text(encoding="utf-8")
    actions = [line for line in written.splitlines() if not line.startswith("#")]
    assert actions == ['["no such action"]']


def test_a_failure_is_made_as_short_as_possible() -> None:
    actions = [Action("key", (str(number),)) for number in range(300)]
    culprits = {actions[7], actions[150], actions[151]}
    assert set(shrunk(actions, culprits.issubset)) == culprits


def test_an_action_reads_back_from_its_line() -> None:
    action = Action("fill", ('Größe\n\x00 "x"', "", 3))
    assert Action.parse(str(action)) == action
