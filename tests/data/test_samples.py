"""The bundled classics are as described, and train with their proposed settings."""

import csv
import math
from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.data.classics import Sample, is_sample, samples
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.resources import resource_path
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import Engine, TrainingConfig
from tests.support import train

BY_NAME = {sample.name: sample for sample in samples()}
each_sample = pytest.mark.parametrize("sample", samples(), ids=list(BY_NAME))


def columns(sample: Sample) -> tuple[DoubleArray, DoubleArray]:
    measured = sample.read()
    return measured.features, measured.target


@each_sample
def test_a_table_has_the_proposed_columns_and_the_stated_rows(sample: Sample) -> None:
    features, target = columns(sample)
    assert features.shape == (sample.rows, len(sample.features))
    assert target.shape == (sample.rows,)


@each_sample
def test_every_row_is_complete_and_every_number_is_finite(sample: Sample) -> None:
    with sample.file.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} == {len(header)}
    for name, *column in zip(header, *rows, strict=True):
        if name != "state":
            assert np.isfinite(np.array(column, float)).all()


@each_sample
def test_what_it_teaches_is_one_sentence(sample: Sample) -> None:
    assert sample.teaches.endswith(".")
    assert ". " not in sample.teaches


@each_sample
def test_the_readme_names_it_with_its_rows(sample: Sample) -> None:
    readme = resource_path("samples", "README.md").read_text(encoding="utf-8")
    assert f"| `{sample.file.name}` | {sample.title} | {sample.rows} |" in readme


def test_every_table_has_a_sample_and_is_small() -> None:
    tables = list(resource_path("samples").glob("*.csv"))
    assert {table.stem for table in tables} == set(BY_NAME)
    sizes = [table.stat().st_size for table in tables]
    assert max(sizes) <= 20_000
    assert sum(sizes) <= 100_000


@each_sample
def test_the_app_accepts_the_proposed_settings(sample: Sample) -> None:
    TrainingConfig(
        learning_rate=sample.learning_rate, epochs=sample.epochs, batch_size=sample.batch_size
    )
    assert sample.epochs * math.ceil(sample.rows / sample.batch_size) <= 5_000


@each_sample
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_proposed_settings_reach_least_squares(sample: Sample, seed: int) -> None:
    config = TrainingConfig(
        data=sample.read(),
        standardize=sample.standardize,
        learning_rate=sample.learning_rate,
        epochs=sample.epochs,
        batch_size=sample.batch_size,
        seed=seed,
        engine=Engine.INSTANT,
    )
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, run.planned_steps))
    assert not run.references.undetermined
    np.testing.assert_allclose(run.references.parameters, _least_squares(sample), rtol=1e-6)
    np.testing.assert_allclose(run.current_parameters, _least_squares(sample), rtol=0.01)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_anscombes_four_look_the_same_in_numbers(number: int) -> None:
    sample = BY_NAME[f"anscombe_{number}"]
    features, y = columns(sample)
    x = features[:, 0]
    assert (x.mean(), x.var(ddof=1)) == (9, 11)
    assert y.mean() == pytest.approx(7.50, abs=0.005)
    assert y.var(ddof=1) == pytest.approx(4.125, abs=0.003)
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0.816, abs=0.001)
    assert _least_squares(sample) == pytest.approx([0.500, 3.00], abs=0.005)


def test_the_ozone_monitor_has_the_line_certified_by_nist() -> None:
    certified = [1.00211681802045, -0.262323073774029]
    np.testing.assert_allclose(_least_squares(BY_NAME["ozone_monitor"]), certified, rtol=1e-10)


def test_the_four_giants_turn_the_line_around() -> None:
    features, target = columns(BY_NAME["star_cluster"])
    others = features[:, 0] > 3.6
    assert np.count_nonzero(~others) == 4
    assert _fit(features, target)[0] < 0 < _fit(features[others], target[others])[0]


def test_longleys_features_rise_together() -> None:
    features, _ = columns(BY_NAME["longley"])
    assert np.corrcoef(features.T)[0, 1] > 0.99


def test_the_line_through_the_us_population_is_below_zero_before_1825() -> None:
    weight, bias = _least_squares(BY_NAME["us_population"])
    assert -bias / weight == pytest.approx(1825, abs=1)


def _least_squares(sample: Sample) -> DoubleArray:
    return _fit(*columns(sample))


def _fit(features: DoubleArray, target: DoubleArray) -> DoubleArray:
    """Return least squares' w and b."""
    design = np.column_stack([features, np.ones(len(target))])
    solution: DoubleArray = np.linalg.lstsq(design, target, rcond=None)[0]
    return solution


def test_data_that_only_says_that_it_is_a_sample_is_none() -> None:
    hubble = BY_NAME["hubble"].read()
    assert is_sample(replace(hubble, name="In another language"))
    assert not is_sample(replace(hubble, target=hubble.target + 1))
    assert not is_sample(replace(hubble, sample="galton"))
    assert not is_sample(replace(hubble, sample="none"))
