"""The same seed gives the same run, bit for bit. A different seed gives a different run."""

import json
import platform
import sys

import numpy as np
import pytest

from linreg_gui.settings import DEFAULTS, TrainingConfig
from tests.support import fingerprint, run_python

STEPS = 300

EVERYTHING = {"features", "target", "start", "losses", "moving_losses", "parameters"}


@pytest.fixture(scope="module")
def lesson_fingerprint() -> dict[str, str]:
    return fingerprint(DEFAULTS, STEPS)


def test_twice_in_one_process_is_the_same(lesson_fingerprint: dict[str, str]) -> None:
    assert fingerprint(DEFAULTS, STEPS) == lesson_fingerprint


def test_in_another_process_it_is_the_same(lesson_fingerprint: dict[str, str]) -> None:
    process = run_python(
        "import json; from tests.support import fingerprint; "
        "from linreg_gui.settings import DEFAULTS; "
        f"print(json.dumps(fingerprint(DEFAULTS, {STEPS})))"
    )
    assert process.stderr == ""
    assert json.loads(process.stdout) == lesson_fingerprint


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="stored on Linux, x86-64"
)
def test_every_python_takes_the_same_steps() -> None:
    # Each kind of processor rounds in its own way. Prescott is what all of them can do.
    process = run_python(
        "import json; from dataclasses import replace; from tests.support import fingerprint; "
        "from linreg_gui.settings import DEFAULTS, Engine; "
        f"print(json.dumps([fingerprint(replace(DEFAULTS, engine=e), {STEPS}) for e in Engine]))",
        OPENBLAS_CORETYPE="Prescott",
    )
    assert process.stderr == ""
    autograd, instant = json.loads(process.stdout)
    assert autograd["losses"][:16] == "2500b76c0353df15"
    assert autograd["parameters"][:16] == "74306ba16e81a1ea"
    # The instant engine also computes with NumPy, whose generations round each in its own way.
    new = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
    assert instant["losses"][:16] == ("2160c7582f7434f7" if new else "4e26dd5cd50975d7")
    assert instant["parameters"][:16] == ("785fd6b1b865f8e7" if new else "eac1ccf2b96a3944")


def test_a_different_seed_changes_everything(lesson_fingerprint: dict[str, str]) -> None:
    other = fingerprint(TrainingConfig(seed=2), STEPS)
    assert set(other) == EVERYTHING
    assert {name for name in EVERYTHING if other[name] != lesson_fingerprint[name]} == EVERYTHING


def test_a_different_seed_gives_different_batches() -> None:
    # The data and the start are the same: only the order differs.
    from linreg_gui.runs.preparation import prepare_run
    from linreg_gui.settings import Init
    from tests.support import line_data, train

    losses = [
        train(
            prepare_run(1, TrainingConfig(seed=s, init=Init.ZEROS, data=line_data(1, 40)))[1],
            5,
        )
        for s in (1, 1, 2)
    ]
    assert losses[0].losses.tolist() == losses[1].losses.tolist() != losses[2].losses.tolist()
