"""A kept run knows its settings and how it ended, in bounded memory."""

import numpy as np
import pytest

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import KEPT_BYTES, KeptRun, Run, differences
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Engine, Init, TrainingConfig
from tests.support import train


def trained(steps: int, config: TrainingConfig = DEFAULTS) -> Run:
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, steps))
    return run


def kept(*rates: float, **values: object) -> KeptRun:
    """Return a run that takes a step at each of ``rates`` after its first."""
    run, engine = prepare_run(1, TrainingConfig(**{"examples": 20, **values}))  # type: ignore[arg-type]
    run.history.append(train(engine, 1))
    for rate in rates:
        engine.learning_rate = rate
        run.history.append(train(engine, 1))
    return KeptRun(run, 1, RunState.COMPLETED, 0)


class TestItsNumbers:
    def test_they_equal_those_of_the_run(self) -> None:
        run = trained(2600)
        entry = KeptRun(run.reduced(), 1, RunState.STOPPED, 0)
        losses = run.history.losses[2500:].astype(np.float64)
        assert entry.final_loss == pytest.approx(losses.mean(), rel=1e-12)
        gaps = run.history.parameters[:, -1] - np.array(run.references.parameters)
        assert entry.run.distance == np.abs(gaps).max()

    def test_every_step_of_a_short_run_is_kept(self) -> None:
        run = trained(100)
        history = run.reduced().history
        assert np.array_equal(history.parameters, run.history.parameters)
        assert np.array_equal(history.losses, run.history.losses)

    def test_a_long_run_keeps_its_ends_exactly_and_little_memory(self) -> None:
        run = trained(400_000, TrainingConfig(engine=Engine.INSTANT, epochs=160))
        entry = run.reduced()
        columns = (entry.history.losses, entry.history.moving_losses, entry.history.parameters)
        assert sum(column.nbytes for column in columns) <= KEPT_BYTES
        assert len(entry.history) > 40_000
        assert entry.history.step == 400_000
        assert entry.history.epoch_means == run.history.epoch_means
        assert np.array_equal(entry.history.current_parameters, run.history.current_parameters)
        assert entry.history.recent_epoch_loss == run.history.recent_epoch_loss

    def test_it_does_not_keep_the_data(self) -> None:
        run = trained(1)
        entry = run.reduced()
        assert entry.dataset.dimension == run.dataset.dimension
        assert entry.parameter_names() == run.parameter_names()
        for array in (entry.dataset.features, entry.dataset.target):
            assert array.base is None
            assert array.nbytes < 100

    def test_a_kept_run_does_not_change_with_the_run(self) -> None:
        run, engine = prepare_run(1, DEFAULTS)
        run.history.append(train(engine, 10))
        entry = run.reduced()
        before = entry.history.parameters.copy()
        run.history.append(train(engine, 10))
        assert entry.history.step == 10
        assert np.array_equal(entry.history.parameters, before)


class TestWhatDiffers:
    def test_a_single_run_is_compared_with_the_lesson(self) -> None:
        assert differences([kept(seed=7)]) == ["Examples 20; Seed 7"]

    def test_several_runs_show_the_settings_that_differ_among_them(self) -> None:
        runs = [kept(), kept(learning_rate=0.1), kept(learning_rate=0.1, batch_size=2)]
        assert differences(runs) == [
            "Learning rate 0.001; Batch size 4",
            "Learning rate 0.1; Batch size 4",
            "Learning rate 0.1; Batch size 2",
        ]

    def test_runs_with_equal_settings_do_not_differ(self) -> None:
        assert differences([kept(), kept()]) == ["", ""]

    def test_the_engine_counts(self) -> None:
        words = differences([kept(), kept(engine=Engine.INSTANT)])
        assert words == ["Engine autograd", "Engine instant"]

    def test_a_start_counts_if_it_was_typed(self) -> None:
        typed = kept(init=Init.TYPED, start_weights=(1.0, 2.0), start_bias=3.0)
        drawn, same = kept(start_bias=9.0), kept()
        assert differences([drawn, same]) == ["", ""]
        assert differences([typed, drawn]) == [
            "Start typed; Start weights 1, 2; Start bias 3",
            "Start drawn",
        ]

    def test_a_rate_that_changed_is_shown_with_its_last_value(self) -> None:
        assert differences([kept(0.01), kept()]) == [
            "Learning rate 0.001 → 0.01",
            "Learning rate 0.001",
        ]

    def test_of_many_rates_the_first_and_the_last_are_shown(self) -> None:
        assert differences([kept(0.01, 0.02, 0.05)]) == [
            "Examples 20; Learning rate 0.001 → … → 0.05"
        ]
