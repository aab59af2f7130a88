"""A prepared run follows its settings and has not been trained."""

import numpy as np
import pytest

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import DEFAULTS, TrainingConfig
from tests.support import line_data, made_data


def test_a_prepared_run_has_made_no_step() -> None:
    run, engine = prepare_run(7, DEFAULTS)
    assert (run.number, run.config, run.planned_epochs) == (7, DEFAULTS, 2)
    assert (run.history.step, engine.step, engine.diverged) == (0, 0, False)
    assert run.messages == []


def test_data_is_drawn_unless_it_is_given() -> None:
    config = TrainingConfig(examples=5, true_weights=(3.0,))
    drawn, _ = prepare_run(1, config)
    assert (drawn.dataset.size, drawn.dataset.true_parameters) == (5, (3.0, 4.2))
    given = line_data(1, 8)
    run, _ = prepare_run(1, config.with_value("data", given))
    assert run.dataset.features is given.features
    assert run.dataset.true_parameters is None


def test_the_engine_starts_at_the_learning_rate_of_the_settings() -> None:
    run, engine = prepare_run(1, TrainingConfig(examples=5, learning_rate=0.125))
    assert (engine.learning_rate, run.history.learning_rate_at(1)) == (0.125, 0.125)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (
            1e-30 * np.arange(8),
            (
                "“y” varies by only about 2.3e−30. Squared errors of this size are too small for "
                "single precision, so the losses will be wrong; write “y” in a smaller unit."
            ),
        ),
        (
            1e25 * np.arange(8),
            (
                "“y” has numbers of about 7e25. Squared errors of this size are too large for "
                "single precision, so every run diverges at once; write “y” in a larger unit."
            ),
        ),
        (
            2.0**24 + np.arange(8),
            (
                "Training cannot tell neighboring values of “y” apart: the numbers of single "
                "precision are up to 2 apart there. Subtract the smallest value from all of them "
                "in the file."
            ),
        ),
    ],
)
def test_a_target_that_single_precision_loses_is_told(target: DoubleArray, sentence: str) -> None:
    run, _ = prepare_run(1, TrainingConfig(data=made_data(np.arange(8), target), standardize=True))
    assert sentence in run.messages


def test_nothing_is_told_of_usual_or_constant_targets() -> None:
    for target in (np.arange(8), np.full(8, 1e-30), 1e-15 * np.arange(8)):
        data = made_data(np.arange(8), target)
        run, _ = prepare_run(1, TrainingConfig(data=data, standardize=True))
        assert not [words for words in run.messages if "single precision" in words]
