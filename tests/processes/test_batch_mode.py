import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtGui import QImage

from linreg_gui.number_text import significant
from linreg_gui.texts import quoted
from linreg_gui.widgets.window.main_window import MainWindow
from tests.forks import Program
from tests.support import ROOT, at_home_in, needs_posix, settle

FILES = {"summary.json", "trajectory.csv", "window.png"}


def start_batch(folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    return subprocess.Popen(
        [sys.executable, "-m", "linreg_gui", "--batch", str(folder), *options],
        cwd=ROOT,
        env=environment | at_home_in(folder.parent / "config"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return exit code, standard output and stderr."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def run_batch(program: Program) -> Program:
    """Return a function that takes a folder and options."""
    return lambda folder, *options: program("--batch", str(folder), *options)


def read_summary(folder: Path) -> dict[str, object]:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not JSON")

    text = (folder / "summary.json").read_text(encoding="utf-8")
    summary: dict[str, object] = json.loads(text, parse_constant=refuse)
    return summary


def read_trajectory(folder: Path) -> list[dict[str, str]]:
    with (folder / "trajectory.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_lesson_is_trained_and_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    assert finish(start_batch(folder)) == (0, "", "")
    assert {file.name for file in folder.iterdir()} == FILES

    summary = read_summary(folder)
    rows = read_trajectory(folder)
    assert summary["outcome"] == "completed"
    assert (summary["steps"], summary["examples"], summary["seed"]) == (5000, 10000, 1)
    assert summary["engine"] == "autograd"
    assert summary["weights"] == pytest.approx([2, -3.4], abs=0.002)
    assert summary["bias"] == pytest.approx(4.2, abs=0.002)
    assert set(summary) == {
        "outcome", "steps", "engine", "seed", "weights", "bias", "loss", "moving_loss",
        "least_squares", "learning_rate_limit", "examples", "standardized", "training", "test",
        "skipped_rows", "messages", "features", "target", "stop_rule",
    }  # fmt: skip
    limits: Any = summary["learning_rate_limit"]
    assert limits["full_batch"] == pytest.approx(0.99, abs=0.01)
    assert limits["mean_square"] == pytest.approx(0.53, abs=0.01)
    assert limits["typical"] == pytest.approx(0.75, abs=0.03)

    assert list(rows[0]) == ["step", "epoch", "loss", "moving_loss", "w0", "w1", "b"]
    assert [int(row["step"]) for row in rows] == list(range(1, 5001))
    assert [rows[2499]["epoch"], rows[2500]["epoch"]] == ["1", "2"]
    last_epoch = [float(row["loss"]) for row in rows[2500:]]
    assert summary["loss"] == pytest.approx(sum(last_epoch) / 2500, rel=1e-6)
    assert [float(rows[-1][name]) for name in ("w0", "w1")] == summary["weights"]
    assert float(rows[-1]["moving_loss"]) == summary["moving_loss"]

    picture = QImage(str(folder / "window.png"))
    assert (picture.width(), picture.height()) == (1280, 800)


def test_files_for_programs_do_not_depend_on_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ("--examples", "30", "--batch-size", "50", "--learning-rate", "0.05")
    written = []
    for folder, language, options in (
        ("english", "en_US.UTF-8", ()),
        ("japanese", "de_DE.UTF-8", ("--language", "ja")),
    ):
        monkeypatch.setenv("LC_ALL", language)
        monkeypatch.setenv("LANGUAGE", "")
        assert finish(start_batch(tmp_path / folder, *few, *options))[0] == 0
        files = FILES - {"window.png"}
        written.append({name: (tmp_path / folder / name).read_bytes() for name in files})
    assert written[0] == written[1]
    assert read_summary(tmp_path / "japanese")["messages"]


def test_a_stop_rule_completes_the_run_and_is_reported(tmp_path: Path, run_batch: Program) -> None:
    folder = tmp_path / "out"
    assert run_batch(
        folder, "--examples", "200", "--learning-rate", "0.02", "--epochs", "4",
        "--stop-rule", "loss", "--stop-percent", "5",
    ) == (0, "", "")  # fmt: skip
    summary: Any = read_summary(folder)
    step = summary["steps"]
    assert summary["outcome"] == "completed"
    assert summary["stop_rule"] == {
        "rule": "loss", "bound": 5.0, "met_at_step": step, "planned_steps": 200,
    }  # fmt: skip
    assert len(read_trajectory(folder)) == step < 200
    stopped, going_on, _shortfall = summary["messages"][-3:]
    assert stopped.startswith(f"Stopped by your rule at step {step} of 200. R² is at least ")
    assert going_on.startswith(f"{200 - step} more steps would have lowered the loss by ")


def test_a_table_is_trained_on_in_its_own_units(tmp_path: Path, run_batch: Program) -> None:
    table, folder = tmp_path / "years.csv", tmp_path / "out"
    rows = [
        f"{year};{0.5 * (year - 2000) + 10:.1f}".replace(".", ",") for year in range(2001, 2021)
    ]
    table.write_text("\n".join(["x;y", *rows, "2021;", "2022;?"]), encoding="utf-8")
    before = table.read_bytes()
    assert run_batch(
        folder, "--csv", str(table), "--features", "x", "--target", "y", "--standardize",
        "--learning-rate", "0.1", "--epochs", "200", "--batch-size", "20",
    ) == (0, "", "")  # fmt: skip
    summary: Any = read_summary(folder)
    assert summary["weights"] == pytest.approx([0.5], abs=5e-5)
    assert summary["bias"] == pytest.approx(-990, abs=0.05)
    assert summary["least_squares"]["bias"] == pytest.approx(-990)
    assert summary["messages"] == [
        "2 of 22 rows skipped: 2 have no number (lines 22, 23).",
        "“y”: Counted as missing: “?”.",
    ]
    assert (summary["skipped_rows"], summary["examples"], summary["standardized"]) == (2, 20, True)
    assert summary["training"]["r_squared"] == pytest.approx(1)
    last = read_trajectory(folder)[-1]
    assert [float(last["w0"]), float(last["b"])] == [*summary["weights"], summary["bias"]]
    assert table.read_bytes() == before


def test_held_out_examples_are_told_apart(tmp_path: Path, run_batch: Program) -> None:
    table, folder = tmp_path / "constant.csv", tmp_path / "out"
    table.write_text("x,y\n" + "".join(f"4,{y}\n" for y in range(1, 11)), encoding="utf-8")
    assert run_batch(folder, str(table), "--test-share", "0.3") == (0, "", "")
    summary: Any = read_summary(folder)
    assert (summary["training"]["examples"], summary["test"]["examples"]) == (7, 3)
    assert (summary["features"], summary["target"]) == (["x"], "y")
    assert summary["test"]["rmse"] > 0
    assert summary["messages"] == [
        (
            "Proposed for this table: features as measured, learning rate 0.003, batches of 7, "
            "200 epochs."
        ),
        "“y” is predicted from “x”; name other columns with --features and --target.",
        "“y” has the values 1, 2, 3 …; if it only numbers the rows, choose another target.",
        "x has no spread, so its weight is not determined.",
    ]


SPRING = "extension,force\n0.001,1.0\n0.002,2.1\n0.003,2.9\n0.004,4.2\n0.005,5.0\n0.006,6.1\n"


def test_settings_that_suit_a_table_are_proposed_and_told(
    tmp_path: Path, run_batch: Program
) -> None:
    table, folder = tmp_path / "spring.csv", tmp_path / "out"
    table.write_text(SPRING, encoding="utf-8")
    options = ("--csv", str(table), "--features", "extension", "--target", "force")
    assert run_batch(folder, *options) == (0, "", "")
    summary: Any = read_summary(folder)
    assert summary["weights"] == pytest.approx([1014.3], abs=0.1)
    assert summary["bias"] == pytest.approx(0, abs=1e-3)
    assert (summary["steps"], summary["standardized"]) == (200, True)
    assert summary["messages"] == [
        (
            "Proposed for this table: standardized features, learning rate 0.05, batches of 6, "
            "200 epochs."
        )
    ]


def test_settings_that_are_given_stay_and_a_run_that_ends_far_away_says_so(
    tmp_path: Path, run_batch: Program
) -> None:
    table, folder = tmp_path / "spring.csv", tmp_path / "out"
    table.write_text(SPRING, encoding="utf-8")
    for options, steps in ((("--settings", "lesson"), 4), (("--learning-rate", "0.3"), 200)):
        assert run_batch(folder, "--csv", str(table), *options, "--engine", "instant")[0] == 0
        summary: Any = read_summary(folder)
        assert (summary["standardized"], summary["steps"] >= steps) == (False, True)
        before, after = summary["messages"][-2:]
        assert before.startswith("With these settings the run will end")
        assert before.endswith("Standardize the features: then 200 steps are enough.")
        reached = summary["training"]["r_squared"]
        assert after == f"The run ended at R² {significant(reached)}; least squares has 0.997."


def test_how_a_table_is_written_can_be_told(tmp_path: Path, run_batch: Program) -> None:
    table, folder = tmp_path / "points.txt", tmp_path / "out"
    rows = [f"{x}|{2 * x + 1}".replace(".", ",") for x in (1.5, 2.5, 3.25, 4.75)]
    table.write_bytes("\n".join(["größe|preis", *rows]).encode("cp1252"))
    told = ("--delimiter", "|", "--decimal", "comma", "--header", "yes", "--encoding", "cp1252")
    assert run_batch(folder, "--csv", str(table), "--features", "größe", *told) == (0, "", "")
    summary: Any = read_summary(folder)
    assert summary["least_squares"]["weights"] == pytest.approx([2])
    assert summary["weights"] == pytest.approx([2], abs=0.01)
    code, _, complaint = run_batch(
        folder, "--csv", str(table), "--features", "größe", *told[:4], "--header", "no"
    )
    assert (code, "There is no column “größe”" in complaint) == (2, True)


def test_what_stands_for_a_missing_value_can_be_told(tmp_path: Path, run_batch: Program) -> None:
    table, folder = tmp_path / "incomes.csv", tmp_path / "out"
    table.write_text("age,income\n20,1500\n25,-999\n30,2500\n35,-999\n40,3500\n45,4000\n")
    assert run_batch(folder, "--csv", str(table), "--missing", "-999") == (0, "", "")
    summary: Any = read_summary(folder)
    assert summary["weights"] == pytest.approx([100], rel=1e-3)
    assert summary["bias"] == pytest.approx(-500, rel=1e-2)
    assert "2 of 6 rows skipped: 2 have no number (lines 3, 5)." in summary["messages"]


def test_two_processes_write_the_same_bits(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    options = ("--examples", "300", "--batch-size", "7")
    processes = [start_batch(folder, *options) for folder in folders]
    assert [process.communicate(timeout=120) for process in processes] == [("", "")] * 2
    assert [process.returncode for process in processes] == [0, 0]
    for name in ("summary.json", "trajectory.csv"):
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second


def test_a_diverged_run_is_written_up_to_its_last_finite_step(
    tmp_path: Path, run_batch: Program
) -> None:
    code, _, err = run_batch(tmp_path, "--learning-rate", "1.2")
    assert code == 3
    assert err.count("\n") == 1
    summary, rows = read_summary(tmp_path), read_trajectory(tmp_path)
    assert summary["outcome"] == "diverged"
    assert summary["steps"] == len(rows) < 100
    assert f"step {len(rows) + 1}" in err
    assert err.strip().removeprefix("linreg-gui: ") in summary["messages"]  # type: ignore[operator]
    assert all(float(row["loss"]) < float("inf") for row in rows)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, run_batch: Program) -> Path:
    """Return a folder that held notes before a small run was written into it."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    options = ("--examples", "10", "--batch-size", "25", "--learning-rate", "0.1")
    assert run_batch(folder, *options, "--epochs", "200") == (0, "", "")
    return folder


def test_what_was_in_the_folder_stays(small: Path) -> None:
    assert (small / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert {file.name for file in small.iterdir()} == FILES | {"notes.txt"}


def test_a_reduced_batch_size_is_in_the_messages(small: Path) -> None:
    assert read_summary(small)["messages"] == [
        "Batch size 25 was reduced to 10: there are no more examples."
    ]


def test_a_file_in_the_folders_place_is_bad_input_and_stays(
    tmp_path: Path, run_batch: Program
) -> None:
    file = tmp_path / "out"
    file.write_text("mine", encoding="utf-8")
    code, _, err = run_batch(file)
    assert code == 2
    assert err.count("\n") == 1
    assert file.read_text(encoding="utf-8") == "mine"


@needs_posix("signals between processes")
def test_an_interrupted_run_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "linreg_gui", "--batch", str(folder), "--epochs", "10000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_draft(folder)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "linreg-gui: Interrupted; nothing was written.\n"
    assert not folder.exists()


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that unpacks to rows without a number, which take minutes to read."""
    file = tmp_path_factory.mktemp("bomb") / "bomb.csv.gz"
    rows = gzip.compress(b"a,b,c\n" * 100_000, mtime=0)
    file.write_bytes(gzip.compress(b"x,y\n1,2\n3,5\n" * 20_000, mtime=0) + rows * 1500)
    return file


def test_a_table_beyond_a_bound_is_bad_input(tmp_path: Path, run_batch: Program) -> None:
    file = tmp_path / "line.csv.gz"
    blanks = gzip.compress(b" " * 1_000_000, mtime=0)
    file.write_bytes(gzip.compress(b"x,y\n1,2\n3,5\n", mtime=0) + blanks * 1500)
    sentence = "linreg-gui: A line has more than 1,000,000 letters; this is not a table.\n"
    assert run_batch(tmp_path / "out", "--csv", str(file)) == (2, "", sentence)
    assert not (tmp_path / "out").exists()


@needs_posix("signals between processes")
def test_reading_can_be_interrupted(tmp_path: Path, bomb: Path) -> None:
    process = start_batch(tmp_path / "out", "--csv", str(bomb))
    reader = psutil.Process(process.pid)
    wait_until(lambda: str(bomb) in [file.path for file in reader.open_files()])
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130
    assert not (tmp_path / "out").exists()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_draft(folder: Path) -> None:
    wait_until(lambda: any(folder.glob("*/trajectory.csv")))


@needs_posix("names of files that are no text")
def test_what_a_killed_run_leaves_is_deleted_by_the_next_whatever_the_folder_is_called(
    tmp_path: Path, run_batch: Program
) -> None:
    folder = tmp_path / os.fsdecode(b"\xff out")
    killed = start_batch(folder, "--epochs", "10000")
    wait_for_draft(folder)
    killed.kill()
    assert killed.communicate() == ("", "")
    assert {file.name for file in folder.iterdir()}.isdisjoint(FILES)
    assert run_batch(folder, "--examples", "10") == (0, "", "")
    assert {file.name for file in folder.iterdir()} == FILES


@needs_posix("open files that can be deleted")
def test_a_folder_that_is_deleted_midway_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    process = start_batch(folder, "--epochs", "1")
    wait_for_draft(folder)
    shutil.rmtree(folder.parent)
    code, out, err = finish(process)
    assert (code, out) == (1, "")
    assert err == (
        "linreg-gui: The files could not be written (No such file or directory); none were kept.\n"
    )
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "config"])


def test_a_folder_in_the_place_of_a_file_is_bad_input(tmp_path: Path, run_batch: Program) -> None:
    (tmp_path / "window.png").mkdir()
    code, _, err = run_batch(tmp_path)
    assert code == 2
    assert err == (
        f"linreg-gui: {quoted(str(tmp_path))} cannot be written to (window.png is a folder there); "
        "name another folder.\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["window.png"]


@needs_posix("pseudo-terminals in Python")
def test_a_terminal_is_shown_the_progress_and_gets_its_line_back(tmp_path: Path) -> None:
    import pty

    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [
            *[sys.executable, "-m", "linreg_gui", "--batch", str(tmp_path / "out")],
            *["--epochs", "1", "--examples", "4000"],
        ],
        cwd=ROOT,
        stderr=end,
    )
    os.close(end)
    shown = ""
    with suppress(OSError):  # how a terminal tells that its other end is closed
        while piece := os.read(terminal, 65536).decode():
            shown += piece
    os.close(terminal)
    assert process.wait() == 0
    assert "of 1,000   batch loss" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\033[K")


@needs_posix("limits for a process")
def test_a_full_disk_leaves_the_old_files_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "summary.json").write_text("old", encoding="utf-8")
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "from linreg_gui.__main__ import main;"
        "sys.exit(main(['--batch', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [file.name for file in folder.iterdir()] == ["summary.json"]
    assert (folder / "summary.json").read_text(encoding="utf-8") == "old"


def test_a_session_is_trained_to_its_end(
    window: MainWindow,
    pause_at: Callable[..., None],
    wait_for: Callable[..., None],
    tmp_path: Path,
    run_batch: Program,
) -> None:
    controller = window.controller
    controller.change_settings(examples=40, epochs=6, seed=5)
    controller.reset()
    controller.set_pace(200)
    pause_at(controller, 5)
    settle(controller)
    paused_at = controller.run.history.step  # type: ignore[union-attr]
    assert paused_at < 60
    window.document.save_in(tmp_path / "half.linreg")
    wait_for(lambda: window.document.file is not None)
    folder, other = tmp_path / "out", tmp_path / "at once"
    assert run_batch(folder, "--open", str(tmp_path / "half.linreg")) == (0, "", "")
    options = ("--examples", "40", "--epochs", "6", "--seed", "5")
    assert run_batch(other, *options) == (0, "", "")
    assert read_trajectory(folder) == read_trajectory(other)
    assert read_summary(folder) == read_summary(other)


def test_a_damaged_session_is_bad_input(tmp_path: Path, run_batch: Program) -> None:
    (tmp_path / "broken.linreg").write_bytes(b"PK")
    code, out, err = run_batch(tmp_path / "out", str(tmp_path / "broken.linreg"))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "broken.linreg" in err
    assert not (tmp_path / "out").exists()
