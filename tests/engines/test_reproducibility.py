"""The same seed gives the same run, to the last bit, and another seed another one."""

import json

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


def test_another_seed_changes_everything(lesson_fingerprint: dict[str, str]) -> None:
    other = fingerprint(TrainingConfig(seed=2), STEPS)
    assert set(other) == EVERYTHING
    assert {name for name in EVERYTHING if other[name] != lesson_fingerprint[name]} == EVERYTHING


def test_another_seed_deals_other_batches() -> None:
    # The same data and start in another order: only the shuffle can tell them apart.
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
