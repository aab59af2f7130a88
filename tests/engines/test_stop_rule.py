"""A run stops at the first step that meets its rule, at the same one with both engines.

The expected step is found from the examples alone: their loss and its gradient after every step of
a run without a rule, in double precision.
"""

from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.engines.steps import TrainingEngine
from linreg_gui.runs.going_on import going_on
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.runs.sweep import sweep
from linreg_gui.runs.what_if import what_if
from linreg_gui.settings import Engine, StopRule, TrainingConfig
from tests.support import UNLIMITED, from_zeros, line_data, made_data, train

BY_LOSS = TrainingConfig(examples=500, learning_rate=0.01, stop_rule=StopRule.LOSS)
BY_GRADIENT = replace(BY_LOSS, stop_rule=StopRule.GRADIENT, stop_gradient=0.2)


def trained(config: TrainingConfig) -> tuple[Run, TrainingEngine]:
    run, engine = prepare_run(1, config)
    while engine.step < run.planned_steps and not (engine.diverged or engine.stopped):
        run.history.append(train(engine, run.planned_steps - engine.step))
    return run, engine


def expected_stop(config: TrainingConfig) -> int | None:
    """Return the first step that meets the rule of ``config``; None if there is none."""
    run, _ = trained(replace(config, stop_rule=StopRule.NONE))
    data = run.problem.trained
    X = np.column_stack([data.features.astype(np.float64), np.ones(data.size)])
    y = data.target.astype(np.float64)
    residuals = X @ run.history.parameters.astype(np.float64) - y[:, np.newaxis]
    if config.stop_rule is StopRule.GRADIENT:
        lengths = np.linalg.norm(2 / data.size * X.T @ residuals, axis=0)
        return _first(lengths <= config.stop_gradient)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    lowest = np.mean((X @ best - y) ** 2)
    gain = np.var(y) - lowest
    above = np.mean(residuals**2, axis=0) - lowest
    return _first(above <= config.stop_percent / 100 * gain)


def _first(met: DoubleArray) -> int | None:
    return int(met.argmax()) + 1 if met.any() else None


def far_features() -> Dataset:
    x = np.arange(40.0)
    return made_data(np.column_stack([2000 + x, x**2]), 3 * x + np.sin(x))


class TestStopping:
    @pytest.mark.parametrize(
        "config",
        [
            BY_LOSS,
            BY_GRADIENT,
            replace(BY_LOSS, batch_size=3, stop_percent=0.2, seed=5),
            replace(BY_LOSS, noise_std=0.0, stop_percent=0.01, learning_rate=0.03),
            replace(BY_GRADIENT, batch_size=500, epochs=60, noise_std=2.0, learning_rate=0.1),
            from_zeros(data=line_data(-5, 5), batch_size=11, learning_rate=0.05, epochs=60,
                       stop_rule=StopRule.LOSS, stop_percent=0.1),
            from_zeros(data=far_features(), standardize=True, batch_size=8, learning_rate=0.05,
                       epochs=60, stop_rule=StopRule.LOSS, stop_percent=0.5),
            from_zeros(data=far_features(), standardize=True, batch_size=8, learning_rate=0.05,
                       epochs=60, stop_rule=StopRule.GRADIENT, stop_gradient=2.0),
            replace(BY_LOSS, true_weights=(1.0, 2.0, 3.0, -4.0), test_share=0.2, batch_size=7,
                    learning_rate=0.04),
        ],
        ids=["loss", "gradient", "short last batch", "no noise", "noisy full batches",
             "perfect fit", "standardized, loss", "standardized, gradient", "held out"],
    )  # fmt: skip
    def test_both_engines_stop_at_the_step_that_the_examples_tell(
        self, config: TrainingConfig
    ) -> None:
        for engine in Engine:
            own = replace(config, engine=engine)
            run, trained_engine = trained(own)
            expected = expected_stop(own)
            assert expected is not None
            assert trained_engine.stopped
            assert run.history.step == expected < run.planned_steps
        assert expected_stop(replace(config, engine=Engine.AUTOGRAD)) == expected

    @pytest.mark.parametrize("engine", Engine)
    def test_a_diverging_run_and_one_that_never_gets_there_do_not_stop(
        self, engine: Engine
    ) -> None:
        diverging = replace(BY_LOSS, learning_rate=1.5, engine=engine)
        assert trained(diverging)[1].diverged
        assert not trained(diverging)[1].stopped
        run, never = trained(replace(BY_LOSS, stop_percent=1e-9, engine=engine))
        assert not never.stopped
        assert run.history.step == run.planned_steps

    @pytest.mark.parametrize("engine", Engine)
    def test_the_steps_are_those_of_a_run_without_a_rule(self, engine: Engine) -> None:
        config = replace(BY_LOSS, engine=engine)
        run, stopped = trained(config)
        whole, _ = trained(replace(config, stop_rule=StopRule.NONE))
        step = run.history.step
        assert np.array_equal(run.history.parameters, whole.history.parameters[:, :step])
        assert np.array_equal(run.history.moving_losses, whole.history.moving_losses[:step])
        assert len(stopped.advance(100, UNLIMITED)) == 0
        stopped.stop_check, stopped.stopped = None, False
        rest = train(stopped, run.planned_steps - step)
        assert np.array_equal(rest.parameters.T, whole.history.parameters[:, step:])

    def test_a_target_without_spread_has_a_bound_too(self) -> None:
        data = made_data(np.linspace(-1, 1, 8), np.full(8, 5.0))
        config = from_zeros(data=data, batch_size=8, learning_rate=0.3, epochs=100)
        run, engine = trained(replace(config, stop_rule=StopRule.LOSS))
        assert engine.stopped
        assert run.problem.training.loss(run.current_parameters) < (1e-3 * 5) ** 2


class TestFollowers:
    def test_what_if_and_sweep_stop_where_the_run_does(self) -> None:
        config = replace(BY_LOSS, engine=Engine.INSTANT)
        step = trained(config)[0].history.step
        *_, last = what_if(config)
        assert last.stopped
        assert last.steps.last_step == step
        (point,) = (point for point in sweep([config]) if point is not None)
        assert (point.steps, point.stopped, point.diverged) == (step, True, False)

    def test_what_going_on_would_bring_is_what_it_brings(self) -> None:
        run, _ = trained(BY_LOSS)
        *_, outlook = going_on(run)
        assert outlook is not None
        whole, _ = trained(replace(BY_LOSS, stop_rule=StopRule.NONE))
        assert outlook.steps == whole.history.step - run.history.step
        loss = whole.problem.training.loss(whole.history.current_parameters)
        assert outlook.loss == pytest.approx(loss, rel=1e-4)
        assert outlook.diverged_at is None

    def test_going_on_holds_the_thread_for_no_longer_where_the_run_stopped_late(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run, _ = trained(BY_LOSS)
        *_, expected = going_on(run)
        monkeypatch.setattr("linreg_gui.engines.scan._MOST_ROWS", 50)  # blocks of 12 minibatches
        monkeypatch.setattr("linreg_gui.runs.training.JOB_SECONDS", 0.0)
        *slices, outlook = going_on(run)
        assert len(slices) >= run.planned_steps // 12
        assert outlook is not None
        assert expected is not None
        assert outlook == replace(expected, loss=outlook.loss)
        assert outlook.loss == pytest.approx(expected.loss, rel=1e-9)  # sums in another order

    def test_going_on_may_diverge(self) -> None:
        data = line_data(-5, 5)  # full batches diverge above a rate of 0.1
        config = from_zeros(
            data=data, batch_size=11, learning_rate=0.11, epochs=2000, engine=Engine.INSTANT,
            stop_rule=StopRule.GRADIENT, stop_gradient=1e6,
        )  # fmt: skip
        run, engine = trained(config)
        assert (engine.step, engine.stopped) == (1, True)
        whole, diverged = trained(replace(config, stop_rule=StopRule.NONE))
        assert diverged.diverged
        *_, outlook = going_on(run)
        assert outlook is not None
        assert outlook.diverged_at == whole.history.step + 1
