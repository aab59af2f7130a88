"""What if foretells the very run that the settings would give."""

from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.backend import clear_caches
from linreg_gui.runs import what_if as what_if_module
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.runs.what_if import what_if
from linreg_gui.settings import DEFAULTS, Engine, Init, TrainingConfig
from tests.support import train

OTHERS = [
    {"learning_rate": 0.02},
    {"batch_size": 7},
    {"epochs": 3},
    {"noise_std": 0.5},
    {"true_weights": (1.0, 5.0)},
    {"seed": 9},
    {"init": Init.ZEROS},
    {"init": Init.TYPED, "start_weights": (3.0, 1.0), "start_bias": -2.0},
    {"examples": 999},
    {"shuffle": False},
    {"batch_size": 50_000},
]


def foretold(config: TrainingConfig) -> tuple[Run, bool]:
    run, diverged = None, False
    for steps in what_if(config):
        run, diverged = steps.run, steps.diverged
        run.history.append(steps.steps)
    assert run is not None
    return run, diverged


@pytest.mark.parametrize("values", OTHERS, ids=lambda values: next(iter(values)))
def test_it_is_the_run_with_these_settings(values: dict[str, object]) -> None:
    config = replace(DEFAULTS, **values)  # type: ignore[arg-type]
    foretold(DEFAULTS)  # so that something is remembered, rightly or wrongly
    run, diverged = foretold(config)
    real, engine = prepare_run(1, config.with_value("engine", Engine.INSTANT))
    expected = train(engine, real.planned_steps)
    assert (run.history.step, diverged) == (real.planned_steps, False)
    assert run.config == real.config
    assert np.array_equal(run.history.parameters.T, expected.parameters)
    assert np.array_equal(run.history.losses, expected.losses)


def test_divergence_is_foretold() -> None:
    run, diverged = foretold(DEFAULTS.with_value("learning_rate", 1.2))
    _, engine = prepare_run(1, TrainingConfig(learning_rate=1.2))
    train(engine, 5000)
    assert diverged
    assert run.history.step == engine.step


def test_of_a_long_run_the_first_steps_come_first_and_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(what_if_module, "_MOST_GRAM_NUMBERS", 16 * 30_000)
    clear_caches()
    parts = list(what_if(DEFAULTS.with_value("epochs", 10_000)))
    assert len(parts) > 1
    assert parts[0].steps.first_step == 1
    assert sum(len(part.steps) for part in parts) == 30_000
