"""A random user does not break the window, in twelve short sessions of fixed seeds."""

import os
import subprocess
import sys
from pathlib import Path

from tests.monkey.actions import Action
from tests.monkey.shrink import shrunk
from tests.support import PATIENCE, ROOT, needs_posix


def play(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.monkey", *arguments, "--no-shrink"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE / 1000,
        check=False,
    )


@needs_posix("forks")
def test_twelve_short_sessions(tmp_path: Path) -> None:
    done = play(tmp_path, "12", "--actions", "30")
    assert (done.stdout, done.stderr, done.returncode) == ("12 sessions, 0 failed\n", "", 0)


@needs_posix("forks")
def test_a_failure_is_written_into_a_file_that_is_played_again(tmp_path: Path) -> None:
    file, actions = tmp_path / "actions.txt", '["wait", 20]\n["no such action"]\n'
    file.write_text(f"# not an action\n{actions}", encoding="utf-8")
    done = play(tmp_path, str(file))
    assert done.returncode == 1
    assert "AttributeError" in done.stdout
    written = next(tmp_path.glob("linreg-monkey-*/*.txt")).read_text(encoding="utf-8")
    assert written.startswith("# seed 0, as it was found\n# log: ")
    assert written.endswith(actions)


def test_a_failure_is_made_as_short_as_possible() -> None:
    actions = [Action("key", (str(number),)) for number in range(300)]
    culprits = {actions[7], actions[150], actions[151]}
    assert set(shrunk(actions, culprits.issubset)) == culprits


def test_an_action_reads_back_from_its_line() -> None:
    action = Action("fill", ('Größe\n\x00 "x"', "", 3))
    assert Action.parse(str(action)) == action
