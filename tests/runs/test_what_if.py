"""A what-if is the run that the settings would give."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from linreg_gui.backend import clear_caches
from linreg_gui.data.point_edits import PointEdits, Points
from linreg_gui.runs import preparation
from linreg_gui.runs import what_if as what_if_module
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.runs.what_if import what_if
from linreg_gui.settings import DEFAULTS, Engine, Init, TrainingConfig
from tests.support import made_data, train

TARGETS: list[dict[str, Any]] = [
    {"noise_std": 0.5},
    {"noise_std": 0.0},
    {"noise_std": 1e-7},
    {"noise_std": 300.0},
    {"true_weights": (1.0, 5.0)},
    {"true_weights": (4.0,)},
    {"true_weights": (1.0, 2.0, 3.0, -4.0, 5.0, 0.5)},
    {"true_bias": -100.0},
    {"true_weights": (0.0, 0.0), "true_bias": 0.0, "noise_std": 0.0},
]
CHANGES: list[dict[str, Any]] = [
    *TARGETS,
    {"learning_rate": 0.02},
    {"batch_size": 7},
    {"epochs": 3},
    {"seed": 9},
    {"init": Init.ZEROS},
    {"init": Init.TYPED, "start_weights": (3.0, 1.0), "start_bias": -2.0},
    {"examples": 999},
    {"shuffle": False},
    {"batch_size": 50_000},
]


def computed(config: TrainingConfig) -> tuple[Run, bool]:
    run, diverged = None, False
    for steps in what_if(config):
        run, diverged = steps.run, steps.diverged
        run.history.append(steps.steps)
    assert run is not None
    return run, diverged


SHARED = [
    {},
    {"standardize": True, "test_share": 0.3},
    {"standardize": True, "test_share": 0.25, "init": Init.TYPED, "start_weights": (3.0, 1.0)},
]
FORMER = replace(DEFAULTS, learning_rate=0.01, examples=2000)
ROUNDING = 2.0**-24


@pytest.mark.parametrize("shared", SHARED, ids=lambda values: ",".join(values) or "plain")
@pytest.mark.parametrize("values", CHANGES, ids=str)
def test_it_equals_the_run_with_these_settings(
    values: dict[str, Any], shared: dict[str, Any]
) -> None:
    former = replace(FORMER, **shared)
    computed(former)  # so that something is kept that must not be used for other settings
    config = replace(former, **values)
    run, diverged = computed(config)
    real, engine = prepare_run(1, config.with_value("engine", Engine.INSTANT))
    expected = train(engine, real.planned_steps)
    assert (run.history.step, diverged) == (real.planned_steps, False)
    assert run.config == real.config
    # How a matrix product rounds depends on the processor, and on where the numbers lie in memory.
    limits, real_limits = (
        [each.full_batch, each.mean_square, each.fastest] for each in (run.limits, real.limits)
    )
    assert limits == pytest.approx(real_limits, rel=1e-9)
    # The target of the real run is rounded to single precision, as the lesson computes it.
    size = np.abs([*config.true_weights, config.true_bias, config.noise_std, 4.0]).sum()
    drift = 20 * ROUNDING * size
    assert pytest.approx(expected.parameters, rel=0, abs=drift) == run.history.parameters.T
    allowed = 10 * drift * (np.sqrt(expected.losses) + drift)
    assert (np.abs(run.history.losses - expected.losses) <= allowed).all()


@pytest.mark.parametrize("shared", SHARED, ids=lambda values: ",".join(values) or "plain")
@pytest.mark.parametrize("values", TARGETS, ids=str)
def test_the_analysis_of_its_data_equals_that_of_the_run(
    values: dict[str, Any], shared: dict[str, Any]
) -> None:
    config = replace(FORMER, **shared, **values)
    run, _ = computed(config)
    real, _ = prepare_run(1, config)
    size = np.abs([*config.true_weights, config.true_bias, config.noise_std]).sum()
    drift = max(20 * ROUNDING * size, 1e-30)
    found, expected = run.problem, real.problem
    for one, other in (
        (found.original, expected.original),
        (found.standardized, expected.standardized),
    ):
        assert one.references.parameters == pytest.approx(
            other.references.parameters, rel=0, abs=drift
        )
        assert one.references.loss == pytest.approx(other.references.loss, abs=drift**2, rel=1e-5)
        assert one.references.noise_floor == other.references.noise_floor
        assert one.references.undetermined == other.references.undetermined
        assert one.true_parameters == pytest.approx(other.true_parameters)
        assert one.landscape.hessian == pytest.approx(other.landscape.hessian)
    start = real.history.start
    assert run.history.start == pytest.approx(start)
    for one_metrics, other_metrics in (
        (found.training, expected.training),
        (found.testing, expected.testing),
    ):
        assert (one_metrics is None) == (other_metrics is None)
        if one_metrics is not None and other_metrics is not None:
            assert one_metrics.size == other_metrics.size
            assert one_metrics.rmse(start) == pytest.approx(other_metrics.rmse(start), rel=1e-5)
            assert one_metrics.variance == pytest.approx(
                other_metrics.variance, rel=1e-5, abs=drift**2
            )
    assert (found.residual_bounds >= expected.residual_bounds * (1 - 1e-6)).all()
    kept, drawn = run.dataset, real.dataset
    assert kept.dimension == drawn.dimension
    assert kept.feature_names == drawn.feature_names
    assert kept.true_parameters == drawn.true_parameters
    assert np.array_equal(kept.features[0], drawn.features[0])
    assert kept.target[0] == pytest.approx(drawn.target[0], rel=1e-5, abs=drift)


@pytest.mark.parametrize(
    "values", [{"true_weights": (1e5, -2e5), "noise_std": 1e-3}, {"noise_std": 0.0}], ids=str
)
def test_with_noise_below_the_targets_rounding_it_equals_the_run_bit_for_bit(
    values: dict[str, Any],
) -> None:
    config = replace(FORMER, **values)
    run, _ = computed(config)
    real, engine = prepare_run(1, config.with_value("engine", Engine.INSTANT))
    assert np.array_equal(run.history.losses, train(engine, real.planned_steps).losses)
    assert run.references == real.references


def test_on_measured_data_it_equals_the_run_bit_for_bit() -> None:
    data = made_data(range(50), np.sin(range(50)))
    config = TrainingConfig(data=data, learning_rate=0.01, standardize=True, test_share=0.2)
    computed(config)
    run, _ = computed(config.with_value("learning_rate", 0.03))
    real, engine = prepare_run(1, replace(config, learning_rate=0.03, engine=Engine.INSTANT))
    expected = train(engine, real.planned_steps)
    assert np.array_equal(run.history.parameters.T, expected.parameters)
    assert np.array_equal(run.history.losses, expected.losses)


def test_another_target_needs_no_draw_and_no_pass_over_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed(DEFAULTS)
    for name in ("draw_dataset", "moments_of", "minibatch_grams"):
        monkeypatch.setattr(preparation, name, None)
    computed(
        replace(
            DEFAULTS,
            true_weights=(1.0, 5.0),
            true_bias=3.0,
            noise_std=0.5,
            init=Init.ZEROS,
            learning_rate=0.02,
        )
    )


def test_without_noise_another_rate_needs_no_draw_either(monkeypatch: pytest.MonkeyPatch) -> None:
    config = DEFAULTS.with_value("noise_std", 0.0)
    computed(config)
    for name in ("draw_dataset", "moments_of", "minibatch_grams"):
        monkeypatch.setattr(preparation, name, None)
    computed(config.with_value("learning_rate", 0.02))


def test_it_diverges_where_the_run_does() -> None:
    run, diverged = computed(DEFAULTS.with_value("learning_rate", 1.2))
    _, engine = prepare_run(1, TrainingConfig(learning_rate=1.2))
    train(engine, 5000)
    assert diverged
    assert run.history.step == engine.step


def test_a_long_run_comes_in_parts_and_in_bounded_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(what_if_module, "_MOST_GRAM_NUMBERS", 16 * 30_000)
    clear_caches()
    parts = list(what_if(DEFAULTS.with_value("epochs", 10_000)))
    assert len(parts) > 1
    assert parts[0].steps.first_step == 1
    assert sum(len(part.steps) for part in parts) == 30_000


@pytest.mark.parametrize(
    "values",
    [
        {"batch_size": 7, "epochs": 40},
        {"batch_size": 4, "test_share": 0.3, "epochs": 3},
        {"batch_size": 90},
        {"batch_size": 8, "standardize": True},
    ],
)
def test_after_moved_points_it_is_the_run_that_these_points_give(values: dict[str, Any]) -> None:
    """The minibatches without a moved point are not computed again."""
    rng = np.random.default_rng(4)
    features = rng.normal(5.0, 2.0, (90, 2))
    data = made_data(features, features @ [1.0, -2.0] + 3 + 0.1 * rng.normal(size=90))
    edits = PointEdits(data)
    config = TrainingConfig(data=data, learning_rate=0.005, **values)
    computed(config)
    for place in (3, 88, 3):
        at = np.array([place])
        now = edits.at(at)
        edits.move(at, Points(now.features + 0.5, now.target - 2.0))
        moved = replace(config, data=edits.dataset())
        history = computed(moved)[0].history
    clear_caches()
    run, engine = prepare_run(1, replace(moved, engine=Engine.INSTANT))
    expected = train(engine, run.planned_steps)
    assert history.step == run.planned_steps
    np.testing.assert_allclose(history.parameters.T, expected.parameters, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(history.losses, expected.losses, rtol=1e-9)
