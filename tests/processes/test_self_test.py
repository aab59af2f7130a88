"""``--self-test`` says whether everything works, with an exit code to match."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from linreg_gui import self_test
from linreg_gui.application import ErrorReporter
from linreg_gui.self_test import SelfTest
from linreg_gui.settings import Engine
from linreg_gui.widgets.exports.kinds import EXPORTS, ExportKind, Writing
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import ROOT


def test_all_is_well_here(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    done = subprocess.run(
        [sys.executable, "-m", "linreg_gui", "--self-test"],
        cwd=ROOT,
        env=environment | {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    checks, verdict, facts = done.stdout.split("\n\n")
    lines = checks.splitlines()
    assert (done.returncode, done.stderr) == (0, ""), checks
    assert [line for line in lines if not line.startswith("ok  ")] == []
    assert verdict == f"All is well: {len(lines)} checks."
    for kind in EXPORTS:
        assert f"Export “{kind.name}” as ." in checks
    for suffix in {suffix for kind in EXPORTS for suffix in kind.suffixes}:
        assert f"” as {suffix}: " in checks
    assert f"MXNet: {version('mxnet')}, loaded in its own thread" in facts.splitlines()
    assert not [*tmp_path.glob("tmp*")]


def rubbish(_window: Any, file: Path, _options: Any, _suffix: str) -> Writing:
    file.write_bytes(b"rubbish")
    yield 1.0
    return ""


def broken(_window: Any, _file: Path, _options: Any, _suffix: str) -> Iterator[float]:
    yield 0.5
    raise RuntimeError("the pen is dry")


@pytest.mark.usefixtures("painted")
def test_what_does_not_work_is_named(
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    suffixes = (".csv", ".png", ".svg", ".pdf", ".html", ".ipynb", ".json")
    kinds = (
        ExportKind("rubbish", lambda: "", suffixes, rubbish),
        ExportKind("broken", lambda: "", (".csv",), broken),  # type: ignore[arg-type]
    )
    monkeypatch.setattr(self_test, "EXPORTS", kinds)
    monkeypatch.setattr(self_test, "_NEARNESS", 1e-9)
    window.controller.change_setting("engine", Engine.INSTANT)
    assert SelfTest(window, ErrorReporter(window).reported, tmp_path).run() == 1
    lines = capsys.readouterr().out.splitlines()
    failed = [line.removeprefix("FAILED").strip() for line in lines if line.startswith("FAILED")]
    assert failed[0].startswith("The lesson's run ends where it should: w0 ")
    assert len(failed) == len(suffixes) + 2
    assert "Export “broken” as .csv: the pen is dry" in failed
    assert f"{len(failed)} of {len(failed) + 5} checks failed." in "\n".join(lines)


def test_without_a_folder_for_its_files_it_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(self_test, "TemporaryDirectory", refuse)
    assert self_test.run_self_test(window, ErrorReporter(window).reported) == 1
    assert "(No space left on device); set TMPDIR to another folder." in capsys.readouterr().err
    assert not window.isVisible()
