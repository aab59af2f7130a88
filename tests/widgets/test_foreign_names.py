"""Names from files and typed text are shown as given, wherever they appear, and break nothing."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui import platforms
from linreg_gui.__main__ import main
from linreg_gui.application import create_window
from linreg_gui.plots.picture_table import PictureTable, TableColumn, numbers
from linreg_gui.widgets.panels.picture_table_page import PictureTableView
from linreg_gui.widgets.panels.registry import PREDICT
from linreg_gui.widgets.tables.table_views import FEATURE, TARGET
from linreg_gui.widgets.window.main_window import MainWindow
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS
from tests.support import LastingThread, is_prepared, wait_until
from tests.visible_texts import bad_texts, painted_texts, visible_texts

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]

FEATURES = (
    "Weight <kg>", "Loss < 5 & up", "Research&amp;D", "<b>bold</b>x", "<img src=x>pic",
    "%s{0}{x}%n", "Kurs ŷ\u202e rtl", "line\r\nbreak\ttab", "w" * 100_000, "שלום עולם 12",
)  # fmt: skip
TARGET_NAME = "<a href='x'>Link</a> & 'more'"
OTHERS = (
    "zero\0byte",
    "\U0001f469\u200d\U0001f467 family" * 9,
    "Zalgo" + "\u0301\u0300" * 60,
    "=1+1",
)
# In names of files Windows has neither "<" nor line breaks.
BEGINNING, BREAK = ("A&B b", " ") if platforms.IS_WINDOWS else ("A&B <b>", "\n")
FILE_NAME = f"{BEGINNING}Bold{BREAK}{{0}}%s\u202e.csv"
MARKS = {
    "Weight": "Weight <kg>",
    "Loss <": "Loss < 5 & up",
    "Research": "Research&amp;D",
    "bold": "<b>bold</b>x",
    "src": "<img src=x>pic",
    "%s{": "%s{0}{x}%n",
    "Kurs": "Kurs ŷ rtl",
    "line br": "line break tab",
    "Link": TARGET_NAME,
    "Bold": BEGINNING + "Bold {0}%s.csv",
}
"""A part of each name that stands in no sentence of ours, and what must then stand there."""

INVISIBLE = re.compile("[\\s\u200b\u2060\u2068\u2069]+")
SEEN_MARKS = {INVISIBLE.sub("", mark): INVISIBLE.sub("", name) for mark, name in MARKS.items()}
VIEWS_WITH_NAMES = (
    "data", "loss", "parameters", "landscape", "grid", "legend", "panel-settings", "panel-code",
    "panel-code-network", "panel-code-gradient", "panel-data", "panel-compare", "panel-sweep",
    "panel-predict-first", "panel-example", "panel-numbers", "panel-numbers-table", "panel-scaling",
    "panel-log",
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a table whose names could break something."""
    names = (*FEATURES, *OTHERS, TARGET_NAME)
    values = np.random.default_rng(1).normal(size=(40, len(names))).round(3)
    values[:, -1] = (values[:, : len(FEATURES)] @ np.arange(1.0, len(FEATURES) + 1)).round(3)
    file = tmp_path / FILE_NAME
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([names, *values.tolist()])
    return file


@pytest.fixture
def pilot(qapp: QApplication, lasting_thread: LastingThread) -> Iterator[Pilot]:
    window = create_window(qapp, background=lasting_thread)
    pilot = Pilot(window)
    pilot.resize(1280, 800)
    yield pilot
    window.close()
    window.deleteLater()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_names_are_shown_as_given_wherever_they_appear(pilot: Pilot, file: Path) -> None:
    window = pilot.window
    with painted_texts() as painted:

        def faults(place: str) -> list[str]:
            pilot.settle()
            windows = window, *pilot.extra_windows()
            found = [*misfits(*windows), *_faults_in(windows, painted)]
            found += _mnemonics_in(windows)
            painted.clear()
            return [f"{place}: {fault}" for fault in found]

        found = []
        STATES["ready"](pilot)
        _open(pilot, file)
        found += faults("import")
        pilot.click(window.session.tables.dialog.use)
        wait_until(lambda: pilot.controller.settings.data and is_prepared(pilot.controller))
        pilot.press(Qt.Key.Key_Space)
        wait_until(lambda: window.session.kept_runs.runs)
        window.session.kept_runs.rename(window.session.kept_runs.runs[0], TARGET_NAME)
        for view in VIEWS_WITH_NAMES:
            with VIEWS[view](pilot):
                found += faults(view)
        for picture in window.pictures:
            window.stage.show_picture(picture)
            viewport = picture.canvas.viewport()
            QTest.mouseMove(viewport, viewport.rect().center())
            picture.update_description()
            found += faults(f"hovering over {picture.title}")
    assert not found, "\n".join(found)


def _open(pilot: Pilot, file: Path) -> None:
    """Open the file in the import dialog, and choose the features and the target."""
    tables = pilot.window.session.tables
    tables.open(file)
    dialog = tables.dialog
    wait_until(lambda: not dialog.bar.isVisible() and dialog.chooser.model().rowCount())
    last = dialog.chooser.model().rowCount() - 1
    for row, column in (*((row, FEATURE) for row in range(len(FEATURES))), (last, TARGET)):
        cell = dialog.chooser.model().index(row, column)
        if cell.data(Qt.ItemDataRole.CheckStateRole) != Qt.CheckState.Checked:
            dialog.chooser.setCurrentIndex(cell)
            QTest.keyClick(dialog.chooser, Qt.Key.Key_Space)
    wait_until(dialog.use.isEnabled)


def _faults_in(windows: tuple[QWidget, ...], painted: set[str]) -> Iterator[str]:
    yield from bad_texts(*windows, painted=painted, foreign=(*FEATURES, *OTHERS, FILE_NAME))
    texts = [each for window in windows for each in visible_texts(window)]
    for place, text in (*texts, *(("painted", each) for each in painted)):
        seen = INVISIBLE.sub("", text)
        for mark, name in SEEN_MARKS.items():
            if mark in seen and name not in seen and "…" not in seen:
                yield f"{place}: not {name!r}, but {text[:300]!r}"
        if "w" * 61 in seen or len(text) > 2000:
            yield f"{place}: {len(text)} characters, {text[:80]!r}"


def _mnemonics_in(windows: tuple[QWidget, ...]) -> Iterator[str]:
    for window in windows:
        for button in window.findChildren(QAbstractButton):
            if not button.shortcut().isEmpty():
                yield f"a mnemonic: {button.text()!r}"
        for label in window.findChildren(QLabel):
            if label.buddy() is not None and "&" in label.text():
                yield f"a mnemonic: {label.text()!r}"


@pytest.mark.usefixtures("painted")
@pytest.mark.parametrize("letters", ["x" * 3000, "W" * 60 + "\u0301" * 900, "\U0001f600" * 500])
def test_a_long_text_typed_by_mistake_widens_nothing(
    window: MainWindow, wait_for: WaitFor, letters: str
) -> None:
    without_panels = window.minimumSizeHint()
    window.actions_of.settings.setChecked(True)
    window.session.switches[PREDICT].setChecked(True)
    predict = window.side.panel(PREDICT)
    seed = next(row for row in window.panel.rows if row.name == "seed")
    wait_for(lambda: window.minimumSizeHint() != without_panels)  # they are laid out
    least = window.minimumSizeHint()
    for field, note in ((seed.editor, seed), (predict.rows[0].field, predict.rows[0])):
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        field.insert(letters)
        QTest.keyClick(field, Qt.Key.Key_Return)
        QApplication.processEvents()
        complaint = next(
            each for each in note.findChildren(QLabel) if "not a number" in each.text()
        )
        assert complaint.isVisible()
        assert len(complaint.text()) < 150
        assert complaint.mapTo(window, QPoint(complaint.width(), 0)).x() <= window.width()
        wait_for(lambda: not misfits(window))  # once the layout has made room
    assert window.minimumSizeHint() == least
    assert bad_texts(window) == []
    window.actions_of.settings.setChecked(False)


def test_what_is_copied_runs_in_no_spreadsheet(qtbot: QtBot) -> None:
    view = PictureTableView()
    qtbot.addWidget(view)
    words = TableColumn("=1+1", ["@sum", "a", "\u2068\u05d0\u2069"])
    view.show_table(PictureTable("", (words, numbers("-x", np.array([-1.5, 2.0, np.nan])))))
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "'=1+1\t'-x\n'@sum\t-1.5\na\t2\n\u05d0\t"


def test_the_command_line_says_one_short_sentence(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linreg_gui.application.open_error_log", lambda: None)
    folder = str(tmp_path / "out")
    for arguments in (["--features", "y" * 9000], ["--target", "a\nb"]):
        assert main(["--batch", folder, "--csv", str(file), *arguments]) == 2
        complaint = capsys.readouterr().err
        assert complaint.count("\n") == 1
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u2068]|w{61}|y{61}", complaint)
