"""The benchmarks measure the real program and show the same figures as a table and as JSON."""

import json
from pathlib import Path

import pytest

from benchmarks import suite


def test_a_measurement_ends_in_a_table_and_the_same_figures_as_json(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert suite.main(["--quick", "--only", "training-speed", "--json", str(file)]) == 0
    table = capfd.readouterr().out
    figures = {figure["name"]: figure for figure in json.loads(file.read_text("utf-8"))["figures"]}
    for name, figure in figures.items():
        assert name in table
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["value"] > 0.0
    pace, plain = figures["training in the live window"], figures["plain lesson"]
    ratio = figures["training in the live window / plain lesson"]
    assert ratio["value"] == pytest.approx(pace["value"] / plain["value"])
    assert ratio["met"] is (ratio["value"] >= 1.5)
