"""A run counts its steps, batches and examples, and says in words how it ended."""

from dataclasses import replace

import pytest

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import TrainingConfig
from tests.support import from_zeros, line_data, train


@pytest.fixture
def run() -> Run:
    """Return a run of ten examples in batches of 4, 4 and 2, before its first step."""
    return prepare_run(1, from_zeros(batch_size=4, epochs=3, data=line_data(1, 10)))[0]


@pytest.mark.parametrize(
    ("step", "epoch", "batch", "examples"),
    [(0, 1, 0, 0), (1, 1, 1, 4), (2, 1, 2, 8), (3, 1, 3, 10), (4, 2, 1, 14), (9, 3, 3, 30)],
)
def test_a_step_has_its_epoch_batch_and_examples_seen(
    step: int, epoch: int, batch: int, examples: int
) -> None:
    run, engine = prepare_run(1, from_zeros(learning_rate=1e-6, data=line_data(1, 10)))
    run.history.append(train(engine, step))
    assert (run.epoch_at(step), run.batch_at(step)) == (epoch, batch)
    assert run.examples_seen_at(step) == examples


def test_its_plan_ends_with_the_last_batch_of_the_last_epoch(run: Run) -> None:
    assert run.planned_steps == 9
    run.planned_epochs += 1
    assert run.planned_steps == 12


def test_parameters_are_named_by_their_index() -> None:
    run, _ = prepare_run(1, TrainingConfig(examples=4))
    assert run.parameter_names() == ("w0", "w1", "b")


def test_a_step_says_by_how_much_it_moved_the_parameters() -> None:
    config = from_zeros(batch_size=10, learning_rate=1e-3, data=line_data(1, 10))
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, 2))
    first, second = (run.history.parameters_at(step) for step in (1, 2))
    w0, b = (second - first).tolist()
    assert run.move_sentence(2) == f"Step 2 moved w0 by +{w0:.2g}, b by +{b:.2g}."
    assert run.move_sentence(1).startswith("Step 1 moved w0 by +")
    assert (run.move_sentence(0), run.move_sentence(3)) == ("", "")


def test_of_many_parameters_the_largest_move_is_told() -> None:
    weights = (0.0, 0.0, 5.0, 0.0, 0.0)
    config = from_zeros(examples=50, batch_size=50, true_weights=weights, true_bias=0.0)
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, 1))
    assert run.move_sentence(1).startswith("Step 1 moved 6 parameters; the largest move: w2 by +")


def test_completion_says_how_near_the_parameters_are() -> None:
    # From 0 to w = 2, b = 1: the larger gap is 2.
    recipe = from_zeros(examples=9, true_weights=(2.0,), true_bias=1.0, noise_std=0.0)
    run, engine = prepare_run(1, recipe)
    assert run.completion_sentence() == (
        "Completed at step 0; a parameter is still 2 off least squares."
    )
    run.history.append(train(engine, 2000))
    assert run.completion_sentence().startswith(
        "Completed at step 2,000; every parameter is within"
    )


def test_completion_says_how_well_measured_data_is_fitted(run: Run) -> None:
    assert (
        run.completion_sentence() == "Completed at step 0; RMSE 13.3041, 0.0000 at least squares."
    )


def test_divergence_names_the_step_the_rate_and_stable_ones() -> None:
    run, _ = prepare_run(1, from_zeros(learning_rate=0.01, batch_size=10, data=line_data(0, 99)))
    assert run.divergence_sentence(1234, 0.01) == (
        "Diverged at step 1,234: a learning rate of 0.01 is too large here. Rates up to 0.000283 "
        "train reliably in batches of 10; full batches allow up to 0.000304. Standardized "
        "features allow far larger rates."
    )


def test_a_rate_that_is_stable_is_not_blamed() -> None:
    run, _ = prepare_run(1, from_zeros(batch_size=10, data=line_data(0, 99)))
    sentence = run.divergence_sentence(3, 1e-4)
    assert "too large here" not in sentence
    assert "a learning rate of 0.0001 is stable here" in sentence


def test_a_rate_above_the_typical_limit_is_blamed() -> None:
    run, _ = prepare_run(1, from_zeros(batch_size=99, data=line_data(0, 99)))
    rate = 0.99 * run.limits.mean_square  # the last batch is one example
    run.limits = replace(run.limits, typical=0.9 * rate)
    assert "too large here" in run.divergence_sentence(3, rate)
