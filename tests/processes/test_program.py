"""An exported program, run without LinReg, ends with the very parameters that LinReg shows."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from linreg_gui.analysis.moments import remember
from linreg_gui.analysis.running_moments import RunningMoments
from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.point_edits import PointEdits, Points
from linreg_gui.export import program
from linreg_gui.export.program_files import notebook_of, script_of
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import DEFAULTS, Engine, Init, StopRule, TrainingConfig
from linreg_gui.tables.reading import read_columns
from tests.support import ROOT, made_data, train

SMALL = TrainingConfig(examples=50, batch_size=8, learning_rate=0.05)


@dataclass
class Case:
    """Settings; the steps, if they are not those planned; learning rates from steps on."""

    config: TrainingConfig | Callable[[Path], TrainingConfig]
    steps: int | None = None
    rates: Sequence[tuple[int, float]] = ()


def from_csv(folder: Path) -> TrainingConfig:
    generator = np.random.default_rng(8)
    rows = generator.normal([1990.0, 0.003, 70.0], [30.0, 0.001, 9.0], (60, 3))
    file = folder / "table.csv"
    lines = ["year;α <b>;#:price", *(";".join(f"{x:.5f}" for x in row) for row in rows), "1;x;2"]
    file.write_text("\n".join(lines).replace(".", ","), encoding="utf-8")
    data = read_columns(file, ("year", "α <b>"), "#:price")
    return replace(SMALL, data=data, standardize=True, test_share=0.3, epochs=4)


def edited(_folder: Path) -> TrainingConfig:
    x = np.random.default_rng(4).normal(1900, 30, 41)
    edits = PointEdits(made_data(x, 0.1 * x + np.sin(x)))
    sums = RunningMoments(edits.original)
    for place in range(3, 30):
        moved = Points(np.array([[1801.1 + place / 7]]), np.array([177.7]))
        sums.follow(edits.move(np.array([place]), moved))
    sums.follow(edits.remove(np.array([5])))
    data = edits.dataset()
    remember(data, sums.moments(data))
    return replace(SMALL, data=data, standardize=True)


def large(_folder: Path) -> TrainingConfig:
    rows = np.random.default_rng(5).normal(size=(program.MOST_ROWS + 1, 3)) * [1, 9, 5] + [0, 3, 7]
    data = Dataset(rows[:, :2], rows[:, 2], ("a", "b"), name="large")
    return TrainingConfig(data=data, batch_size=64, standardize=True)


def constant(_folder: Path) -> TrainingConfig:
    data = made_data([[0.1, number] for number in range(20)], range(20))
    return replace(SMALL, data=data, standardize=True)


def classic(_folder: Path) -> TrainingConfig:
    sample = next(each for each in samples() if each.name == "hubble")
    return TrainingConfig(data=sample.read(), standardize=sample.standardize, batch_size=5)


TYPED = replace(SMALL, init=Init.TYPED, start_weights=(0.1, -7.5), start_bias=1 / 3)

CASES = {
    "default": Case(DEFAULTS),
    "csv": Case(from_csv),
    "classic": Case(classic),
    "edited": Case(edited),
    "large": Case(large),
    "constant": Case(constant),
    "short last batch": Case(SMALL),
    "one feature": Case(replace(SMALL, true_weights=(1.5,), seed=7)),
    "six features": Case(replace(SMALL, true_weights=(1.0, -2.0, 3.0, -4.0, 5.0, -6.0))),
    "typed start": Case(TYPED),
    "typed and standardized": Case(replace(TYPED, standardize=True, test_share=0.2)),
    "zeros": Case(replace(SMALL, init=Init.ZEROS)),
    "rates": Case(SMALL, rates=[(3, 0.01), (4, 1e-05), (5, 0.3), (9, 0.02), (10, 0.1)]),
    "not begun": Case(SMALL, steps=0),
    "stopped": Case(SMALL, steps=9),
    "stop rule": Case(replace(SMALL, stop_rule=StopRule.LOSS, stop_percent=60.0)),
    "taken further": Case(SMALL, steps=19),
    "one by one, in order": Case(replace(SMALL, shuffle=False, batch_size=1)),
    "other noise": Case(replace(SMALL, noise_std=2.5, seed=0)),
}


def run_of(case: Case, folder: Path) -> tuple[Run, Run]:
    """Return the run that is exported, and the one with the parameters to be found."""
    config = case.config if isinstance(case.config, TrainingConfig) else case.config(folder)
    run, engine = prepare_run(1, config)
    steps = run.planned_steps if case.steps is None else case.steps
    for step, rate in case.rates:
        run.history.append(train(engine, step - 1 - engine.step))
        engine.learning_rate = rate
    run.history.append(train(engine, steps - engine.step))
    if engine.stopped:
        run.stopped_at = run.history.step
    if steps:
        return run, run
    return run, run_of(Case(config), folder)[0]


def write(run: Run, folder: Path, name: str) -> tuple[Path, Path]:
    script, notebook = folder / f"{name}.py", folder / f"{name}.ipynb"
    script.write_text(script_of(program.snapshot(run)), encoding="utf-8")
    notebook.write_text(notebook_of(program.snapshot(run)), encoding="utf-8")
    return script, notebook


def run_alone(code: str, folder: Path, files: Iterable[Path], **variables: str) -> list[str]:
    """Run ``code`` in a clean process with another home; return the lines it prints.

    Of the environment, only what decides which kernels OpenBLAS takes is kept, because others round
    differently, and what no program is without.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("OPENBLAS_") or name in {"PATH", "APPDATA", "SYSTEMROOT", "TEMP"}
    }
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", code, *map(str, files)],
        cwd=folder,
        env={**kept, "HOME": str(folder), "USERPROFILE": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Run, Path, Path]]:
    """Return the run with the parameters to be found, the script and the notebook of each case."""
    folder = tmp_path_factory.mktemp("programs")
    made = {}
    for name, case in CASES.items():
        run, ended = run_of(case, folder)
        made[name] = (ended, *write(run, folder, name))
    return made


Programs = dict[str, tuple[Run, Path, Path]]


def bits_in(lines: Sequence[str]) -> list[list[str]]:
    return [line.split()[1:] for line in lines if line.startswith("bits ")]


def bits_of(run: Run) -> list[str]:
    return [float(value).hex() for value in run.current_parameters]


RUN_SCRIPTS = """
import runpy, sys
for file in sys.argv[1:]:
    names = runpy.run_path(file)
    print("bits", *(float(value).hex() for value in (*names["weights"], names["bias"])))
"""


def test_the_scripts_end_with_the_same_bits(programs: Programs, tmp_path: Path) -> None:
    lines = run_alone(RUN_SCRIPTS, tmp_path, (script for _, script, _ in programs.values()))
    expected = {name: bits_of(run) for name, (run, _, _) in programs.items()}
    assert dict(zip(programs, bits_in(lines), strict=True)) == expected
    *weights, bias = map(str, programs["default"][0].current_parameters)
    assert {f"w: {' '.join(weights)}", f"b: {bias}"} <= set(lines)
    log = [line for line in lines if line.startswith("epoch")]
    assert log[0].startswith("epoch 0  batch 499  average ")
    assert len(log) >= 10


RUN_NOTEBOOKS = """
import sys
import nbformat
from nbclient import NotebookClient
cells = []
for file in sys.argv[1:]:
    cells += nbformat.read(file, as_version=4).cells
    show = 'print("bits", *(float(value).hex() for value in (*weights, bias)))'
    cells.append(nbformat.v4.new_code_cell(show))
for number, cell in enumerate(cells):
    cell.id = str(number)
whole = nbformat.v4.new_notebook(cells=cells)
NotebookClient(whole, timeout=100, kernel_name="python3").execute()
for cell in whole.cells:
    for output in cell.get("outputs", ()):
        print(output.text, end="")
"""


def test_the_notebooks_do_so_too(programs: Programs, tmp_path: Path) -> None:
    files = [notebook for _, _, notebook in programs.values()]
    # MXNet's other engine computes the same, and is faster.
    lines = run_alone(RUN_NOTEBOOKS, tmp_path, files, MXNET_ENGINE_TYPE="NaiveEngine")
    expected = {name: bits_of(run) for name, (run, _, _) in programs.items()}
    assert dict(zip(programs, bits_in(lines), strict=True)) == expected


def test_script_and_notebook_have_the_same_code(programs: Programs) -> None:
    for _, script, notebook in programs.values():
        text = script.read_text(encoding="utf-8")
        cells = nbformat.read(notebook, as_version=4).cells
        assert "linreg_gui" not in text
        for cell in cells:
            if cell.cell_type == "code":
                assert cell.source in text


def test_the_lessons_functions_are_there_word_for_word(programs: Programs) -> None:
    text = programs["default"][1].read_text(encoding="utf-8")
    lesson = (ROOT / "linreg_gui" / "lesson.py").read_text(encoding="utf-8")
    for function in lesson.split("\n\n\n")[1:]:
        assert function.strip() in text


def test_the_script_names_what_it_needs(programs: Programs) -> None:
    text = programs["default"][1].read_text(encoding="utf-8")
    block = text.split("# ///")[1].split("\n", 1)[1]
    needs = tomllib.loads("\n".join(line.removeprefix("# ") for line in block.splitlines()))
    assert needs["requires-python"] == ">=3.11,<3.13"
    mxnet, numpy, setuptools = needs["dependencies"]
    assert (mxnet, numpy[:11]) == ("mxnet==1.9.1", "numpy==1.26")
    assert setuptools.endswith("; python_version >= '3.12'")


def test_the_same_run_gives_the_same_files(programs: Programs, tmp_path: Path) -> None:
    run, *files = programs["csv"]
    again = write(run, tmp_path, "csv")
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in again]


def test_the_words_tell_of_the_run(programs: Programs) -> None:
    def words(name: str) -> str:
        cells = json.loads(programs[name][2].read_text(encoding="utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells).replace("\n# ", " ")

    assert "1 of 61 rows skipped" in words("csv")
    assert "The run had come to step 9." in words("stopped")
    assert "The stop rule was met at step " in words("stop rule")
    assert "np.savetxt" in words("large")
    assert "LinReg shows" not in words("not begun")
    assert "X.mean(axis=0), but for rounding" in words("edited")


def test_a_run_of_the_instant_engine_says_what_differs(tmp_path: Path) -> None:
    run, _ = run_of(Case(replace(SMALL, engine=Engine.INSTANT)), tmp_path)
    script, _ = write(run, tmp_path, "instant")
    assert "the last digits may differ" in re.sub(r"\n# ", " ", script.read_text("utf-8"))


def test_what_cannot_be_a_program_is_said() -> None:
    assert "no run yet" in program.obstacle(None)
    run, _ = prepare_run(1, SMALL)
    assert program.obstacle(run) == ""
    run.diverged_at = 1
    assert "smaller learning rate" in program.obstacle(run)
    size = program.MOST_NUMBERS // 2 + 1
    run.config = replace(SMALL, data=made_data(np.zeros(size), np.zeros(size)))
    run.diverged_at = None
    assert "more than 1,000,000 numbers" in program.obstacle(run)
