"""Every table of a run reads back as exactly the numbers of that run."""

import csv
import dataclasses
import io
import tokenize
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from linreg_gui.data.dataset import Dataset, DoubleArray, Edited
from linreg_gui.export.comparison_files import kept_runs_table, sweep_table
from linreg_gui.export.csv_file import write_table
from linreg_gui.export.example_files import writing_examples
from linreg_gui.export.program_files import script_of
from linreg_gui.export.run_files import writing_trajectory
from linreg_gui.runs.history import History
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import KeptRun, Run
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import SweepPoint
from linreg_gui.settings import Engine, StopRule, TrainingConfig, settings
from tests.pseudo_languages import spoken
from tests.support import from_zeros, made_data, train


def trained(config: TrainingConfig, steps: int = 40) -> Run:
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, steps))
    return run


def finish(writing: Generator[float, None, str]) -> str:
    """Write all of it; return what the file says of itself."""
    shares = []
    while True:
        try:
            shares.append(next(writing))
        except StopIteration as end:
            assert shares == sorted(shares)
            assert shares[-1] == 1
            return str(end.value)


def columns_of(file: Path) -> dict[str, list[str]]:
    with file.open(encoding="utf-8", newline="") as table:
        header, *rows = csv.reader(table)
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def numbers_in(cells: list[str]) -> DoubleArray:
    return np.array(cells, np.float64)


def examples_of(run: Run, file: Path) -> tuple[dict[str, list[str]], str]:
    said = finish(writing_examples(file, run))
    return columns_of(file), said


@pytest.mark.parametrize("share", [0.0, 0.3])
@pytest.mark.parametrize("features", [1, 10])
def test_examples_have_their_order_predictions_and_residuals(
    tmp_path: Path, share: float, features: int
) -> None:
    weights = tuple(float(index) for index in range(features))
    run = trained(TrainingConfig(examples=1000, true_weights=weights, test_share=share))
    columns, said = examples_of(run, tmp_path / "examples.csv")
    assert not said
    assert columns["row"] == [str(number) for number in range(1000)]
    held_out = run.problem.held_out_examples
    rows_held = [] if held_out is None else held_out.places_of(np.arange(held_out.size)).tolist()
    assert [row for row, word in enumerate(columns["held_out"]) if word == "yes"] == rows_held
    assert len(rows_held) == round(share * 1000)
    for part in (run.dataset, held_out):
        if part is None:
            continue
        rows = part.places_of(np.arange(part.size))
        X = np.column_stack([numbers_in(columns[name])[rows] for name in part.feature_names])
        y = numbers_in(columns["y"])[rows]
        assert np.array_equal(X, part.features)
        assert np.array_equal(y, part.target)
        predicted = numbers_in(columns["prediction"])[rows]
        *w, b = run.current_parameters
        assert predicted == pytest.approx(X @ np.array(w, np.float64) + b)
        assert np.array_equal(numbers_in(columns["residual"])[rows], y - predicted)


def test_examples_of_standardized_runs_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    data = made_data([1000.25, 2000.5, 3000.75, 4100.125], [1.1, 1.9, 3.2, 3.8])
    run = trained(from_zeros(data=data, standardize=True, batch_size=4, learning_rate=0.3))
    columns, _ = examples_of(run, tmp_path / "examples.csv")
    assert numbers_in(columns["x0"]).tolist() == data.features[:, 0].tolist()
    assert numbers_in(columns["y"]).tolist() == data.target.tolist()
    best = run.problem.original.references.parameters
    expected = data.features[:, 0] * best[0] + best[1]
    assert numbers_in(columns["prediction"]) == pytest.approx(expected, abs=1e-3)


def test_edited_examples_say_so(tmp_path: Path) -> None:
    original = made_data([1, 2, 3, 4], [1, 2, 3, 4])
    places = [np.array(each) for each in ([1], [4], [2])]
    edited = dataclasses.replace(
        made_data([1, 2.5, 4, 9], [1, 2, 4, 9]),
        places=np.array([0, 1, 3, 4]),
        edited=Edited(original, *places),
    )
    run = trained(from_zeros(data=edited, batch_size=2, learning_rate=0.001), 2)
    columns, said = examples_of(run, tmp_path / "examples.csv")
    assert columns["row"] == ["0", "1", "3", "4"]
    assert columns["edited"] == ["", "moved", "", "added"]
    assert said == (
        "The points are edited (1 moved, 1 added, 1 removed); the file has no removed ones."
    )


def test_names_of_any_country_stay_and_none_is_a_formula(tmp_path: Path) -> None:
    data = Dataset(np.arange(8.0).reshape(4, 2), np.arange(4.0), ("=größe, cm", "年"), "@y")
    run = trained(from_zeros(data=data, batch_size=2, learning_rate=0.001), 2)
    columns, _ = examples_of(run, tmp_path / "examples.csv")
    assert list(columns)[1:4] == ["'=größe, cm", "年", "'@y"]


def test_a_diverged_run_has_its_last_finite_numbers(tmp_path: Path) -> None:
    run, engine = prepare_run(1, TrainingConfig(examples=200, learning_rate=3.0))
    run.history.append(train(engine, 10_000))
    assert engine.diverged
    for name, writing in (("examples", writing_examples), ("trajectory", writing_trajectory)):
        file = tmp_path / f"{name}.csv"
        finish(writing(file, run))
        for title, cells in columns_of(file).items():
            if title != "held_out":
                assert np.isfinite(numbers_in(cells)).all()
    last = [cells[-1] for cells in columns_of(file).values()]
    assert np.array_equal(numbers_in(last[4:]).astype(np.float32), run.current_parameters)


def test_the_trajectory_reads_back_bit_for_bit(tmp_path: Path) -> None:
    run = trained(TrainingConfig(examples=100, engine=Engine.INSTANT), 50)
    assert finish(writing_trajectory(tmp_path / "run.csv", run)) == ""
    columns = columns_of(tmp_path / "run.csv")
    history = run.history
    assert numbers_in(columns["loss"]).tobytes() == history.losses.astype(np.float64).tobytes()
    assert numbers_in(columns["moving_loss"]).tobytes() == history.moving_losses.tobytes()
    parameters = np.array([numbers_in(columns[name]) for name in ("w0", "w1", "b")])
    assert np.array_equal(parameters, history.parameters)
    assert columns["epoch"] == ["1"] * 25 + ["2"] * 25


def test_a_trajectory_of_which_not_every_step_is_kept_says_so(tmp_path: Path) -> None:
    run, engine = prepare_run(1, TrainingConfig(examples=100))
    run.history = History(run.history.start, 100, 4, 0.001, memory_limit=300)
    run.history.append(train(engine, 48))
    said = finish(writing_trajectory(tmp_path / "run.csv", run))
    assert said == ("Of a run this long one step in 4 is kept, and the file has these steps."), (
        run.history.stride
    )
    columns = columns_of(tmp_path / "run.csv")
    assert columns["step"] == [*(str(step) for step in range(1, 48, 4)), "48"]
    last = np.array([columns[name][-1] for name in ("w0", "w1", "b")], np.float32)
    assert np.array_equal(last, run.current_parameters)


def test_kept_runs_have_settings_outcome_and_exact_numbers(tmp_path: Path) -> None:
    one = KeptRun(trained(TrainingConfig(examples=100, test_share=0.2)).reduced(), 1,
                  RunState.STOPPED, 0, name="=first")  # fmt: skip
    other = KeptRun(
        trained(
            from_zeros(
                data=made_data([1, 2, 3, 4], [1, 2, 3, 5]),
                batch_size=2,
                stop_rule=StopRule.LOSS,
                learning_rate=0.01,
            )
        ).reduced(),
        2,
        RunState.COMPLETED,
        1,
    )
    file = tmp_path / "runs.csv"
    write_table(file, kept_runs_table([one, other]))
    columns = columns_of(file)
    assert columns["name"] == ["'=first", ""]
    assert columns["outcome"] == ["stopped", "completed"]
    assert columns["w1"][1] == ""
    for row, kept in enumerate((one, other)):
        run = kept.run
        assert float(columns["b"][row]) == run.current_parameters[-1]
        assert float(columns["loss"][row]) == kept.final_loss
        assert float(columns["learning_rate"][row]) == run.config.learning_rate
        assert float(columns["rmse"][row]) == run.problem.training.rmse(
            run.history.current_parameters
        )
    testing = one.run.problem.testing
    assert testing is not None
    assert columns["held_out_rmse"] == [
        repr(testing.rmse(one.run.history.current_parameters)), ""
    ]  # fmt: skip
    assert columns["examples"] == ["100", ""]
    assert columns["stop_percent"] == ["", "1.0"]
    assert set(columns) >= {name for name, _ in settings()}


def test_files_and_code_have_a_point_in_every_language(tmp_path: Path) -> None:
    run = trained(TrainingConfig(examples=2000, learning_rate=0.05, test_share=0.2))
    kept = KeptRun(run, 1, RunState.STOPPED, 0, name="first")

    def written(code: str) -> tuple[object, ...]:
        file = tmp_path / f"{code}.csv"
        with spoken(code):
            finish(writing_trajectory(file, run))
            steps = file.read_bytes()
            finish(writing_examples(file, run))
            table = columns_of(file)
            headings, row = kept_runs_table([kept])
            weights = row[headings.index("true_weights")]
            return steps, table, weights, code_of(script_of(run))

    assert written("de") == written("fr") == written("en")


def code_of(script: str) -> list[str]:
    """Return the tokens that are no comment."""
    tokens = tokenize.generate_tokens(io.StringIO(script).readline)
    return [each.string for each in tokens if each.type not in {tokenize.COMMENT, tokenize.NL}]


def test_a_sweep_has_a_row_for_each_value(tmp_path: Path) -> None:
    points = [
        SweepPoint(0, 40, 1 / 3, 0.1, 0.0001, False),
        SweepPoint(1, 7, 1e30, 9.5, 0.0001, True, ("Too large.", "Twice.")),
        SweepPoint(2, 20, 0.25, 0.1, 0.0001, False, stopped=True),
    ]
    file = tmp_path / "sweep.csv"
    write_table(file, sweep_table("learning_rate", (0.001, 3.0, 0.2), points))
    columns = columns_of(file)
    assert numbers_in(columns["learning_rate"]).tolist() == [0.001, 3.0, 0.2]
    assert columns["outcome"] == ["completed", "diverged", "stopped by its rule"]
    assert numbers_in(columns["loss"]).tolist() == [point.loss for point in points]
    assert columns["messages"] == ["", "Too large. Twice.", ""]
