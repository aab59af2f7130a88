"""The report has everything about the run on one page, in letters and lines."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog

from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.prediction_log import Entry
from linreg_gui.number_text import fixed, significant
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.exports.exporter import write_at_once
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], object]], None]

REPORT = export_of("report")
HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"


def page_of(window: MainWindow, folder: Path) -> ET.Element:
    file = folder / "report.html"
    write_at_once(REPORT, window, file)
    page = ET.fromstring(file.read_text(encoding="utf-8").removeprefix("<!DOCTYPE html>\n"))
    for style in page.iter(f"{SVG}style"):
        style.text = ""  # fonts, in which any word may come up
    return page


def tables_in(page: ET.Element) -> dict[str, list[list[str]]]:
    """Return the cells of each section's table, by its heading."""
    found = {}
    for section in page.iter(f"{HTML}section"):
        rows = [["".join(cell.itertext()) for cell in row] for row in section.iter(f"{HTML}tr")]
        found[section.findtext(f"{HTML}h2") or ""] = rows
    return found


def run_of(window: MainWindow) -> Run:
    run = window.controller.run
    assert run is not None
    return run


def finish(window: MainWindow, wait_for: WaitFor) -> None:
    controller = window.controller
    controller.reset()
    controller.start()
    finished = {RunState.COMPLETED, RunState.DIVERGED}
    wait_for(lambda: controller.state in finished)


@pytest.fixture
def trained(window: MainWindow, wait_for: WaitFor) -> MainWindow:
    """Return the window after a run whose examples are few, and so soon drawn."""
    window.controller.change_settings(examples=400, engine=Engine.INSTANT)
    finish(window, wait_for)
    return window


def test_the_page_has_all_numbers_of_the_run(trained: MainWindow, tmp_path: Path) -> None:
    page, run = page_of(trained, tmp_path), run_of(trained)
    tables = tables_in(page)
    assert page.findtext(f".//{HTML}h1") == "Linear regression: y from x0, x1"
    assert trained.controller.outcome in "".join(page.itertext())
    headings, *rows = tables["Parameters"]
    assert headings == ["", "start", "now", "true", "least squares"]
    for index, (name, start, now, true, best) in enumerate(rows):
        assert name == run.parameter_names()[index]
        values = (run.parameters_at(0), run.current_parameters, run.references.parameters)
        assert [start, now, best] == [fixed(float(each[index])) for each in values]
        assert true == fixed((2.0, -3.4, 4.2)[index])
    fit = {row[0]: row[1:] for row in tables["Fit"]}
    landscape, now_at = run.problem.training, run.history.current_parameters
    assert fit["loss"] == [
        significant(landscape.loss(now_at), 4), significant(landscape.lowest, 4)
    ]  # fmt: skip
    assert fit["RMSE"][0] == landscape.fit_texts(now_at)[0]
    last_epoch = run.history.recent_epoch_loss
    assert last_epoch is not None
    assert fit["mean loss of the last epoch"][0] == significant(last_epoch, 4)
    assert ["Learning rate", "0.001"] in tables["Settings"]
    bold = ["".join(each.itertext()) for each in page.iter(f"{HTML}strong")]
    assert bold == ["400", "instant"]


def test_it_has_the_name_of_the_learner_or_a_place_for_it(
    trained: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Name: ____" in "".join(page_of(trained, tmp_path).itertext())
    proposed: list[str] = []

    def get_text(*given: object) -> tuple[str, bool]:
        proposed.append(str(given[-1]))
        return " <b>Ada</b> ", True

    monkeypatch.setattr(QInputDialog, "getText", get_text)
    assert REPORT.ask is not None
    name = REPORT.ask(trained)
    assert name == REPORT.ask(trained)
    assert proposed == ["", "<b>Ada</b>"]
    file = tmp_path / "hers.html"
    write_at_once(REPORT, trained, file, name)
    assert "<p>Name: &lt;b&gt;Ada&lt;/b&gt;</p>" in file.read_text(encoding="utf-8")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("", False))
    assert REPORT.ask(trained) is None
    assert trained.session.predict_first.person == "<b>Ada</b>"


def test_pictures_are_drawn_in_it_and_share_no_names(trained: MainWindow, tmp_path: Path) -> None:
    page = page_of(trained, tmp_path)
    assert len(list(page.iter(f"{SVG}svg"))) == 4
    assert not list(page.iter(f"{SVG}image"))
    assert len(list(page.iter(f"{SVG}style"))) == 1, "the letters of all of them"
    names = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(names) == len(set(names))
    text = ET.tostring(page, encoding="unicode")
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(names)
    assert "http" not in text.replace("http://www.w3.org/", "")


def test_each_table_says_what_its_rows_and_columns_are(trained: MainWindow, tmp_path: Path) -> None:
    page = page_of(trained, tmp_path)
    cells = list(page.iter(f"{HTML}th"))
    assert cells
    assert {cell.get("scope") for cell in cells} == {"row", "col"}
    figures = list(page.iter(f"{HTML}figure"))
    assert [each.get("aria-label") for each in figures] == [
        "Data", "Loss", "Parameters", "Landscape"
    ]  # fmt: skip


def test_held_out_examples_kept_runs_messages_and_predictions_are_told(
    trained: MainWindow, tmp_path: Path, wait_for: WaitFor
) -> None:
    trained.controller.change_settings(test_share=0.3, learning_rate=3.0)
    finish(trained, wait_for)
    log, session = trained.session.predict_first, trained.session
    session.kept_runs.rename(session.kept_runs.runs[0], "<b>slow</b>")
    entry = Entry("Ada", log._session, "b at the end", "3 & more", "<4.2>", is_right=False)
    log.entries.append(entry)
    log.entries.append(Entry("Ben", "2020-01-01 08:00", "long ago", "1"))
    page = page_of(trained, tmp_path)
    tables, run = tables_in(page), run_of(trained)
    testing = run.problem.testing
    assert testing is not None
    assert tables["Fit"][0] == ["", "now", "held out", "least squares"]
    assert tables["Fit"][3][2] == testing.fit_texts(run.history.current_parameters)[0]
    assert [row[0] for row in tables["Kept runs"]] == ["run", "Run 1: <b>slow</b>", "Run 2"]
    assert tables["Kept runs"][2][2] == "Diverged"
    assert tables["Predictions"] == [
        ["what", "predicted", "happened", "verdict", "who"],
        ["b at the end", "3 & more", "<4.2>", "not right", "Ada"],
    ]
    assert "Diverged at step" in "".join(page.itertext())
    assert "NaN" not in "".join(page.itertext())


def test_a_pdf_is_one_page_of_letters_and_lines(
    trained: MainWindow, tmp_path: Path, wait_for: WaitFor
) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 10))
    names = tuple(f"<{index}> a rather long name of a column & its unit" for index in range(10))
    data = Dataset(X, X.sum(axis=1), names, "größe", "long names.csv")
    trained.controller.use_data(data, learning_rate=0.02, epochs=10)
    finish(trained, wait_for)
    log = trained.session.predict_first
    log.entries += [Entry("A", log._session, "what " * 20, "that " * 20)] * 40
    for name in ("report.pdf", "again.pdf"):
        write_at_once(REPORT, trained, tmp_path / name)
        content = (tmp_path / name).read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
        assert b"/MediaBox [0 0 595" in content
        assert b"/FontFile" in content
        assert not re.search(rb"/Subtype\s*/Image", content)
