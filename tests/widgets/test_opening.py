"""The window opens tables in several ways; a canceled or failed import changes nothing."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.tables.import_dialog import ImportDialog
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import history_digests, settle

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]

PASTED = "size\tprice\n10,5\t52,1\n15,0\t61,4\n20,25\t73,9\n"
LINES = "x,y\n" + "".join(f"{x},{2 * x + 1}\n" for x in range(1, 41))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "lines.csv"
    file.write_text(LINES, encoding="utf-8")
    return file


@pytest.fixture
def dialog_of(window: MainWindow, wait_for: Wait) -> Iterator[Callable[[], ImportDialog]]:
    def dialog() -> ImportDialog:
        found = window.session.tables.dialog
        wait_for(lambda: found.isVisible() and not found.table_import.is_reading)
        return found

    yield dialog
    if "dialog" in vars(window.session.tables):
        window.session.tables.dialog.reject()


@pytest.fixture
def use(window: MainWindow, wait_for: Wait, dialog_of: Any) -> Callable[[], ImportDialog]:
    def accept() -> ImportDialog:
        dialog: ImportDialog = dialog_of()
        wait_for(dialog.use.isEnabled)
        dialog.use.click()
        wait_for(lambda: not dialog.isVisible())
        wait_for(lambda: window.controller.current_run is not None)
        return dialog

    return accept


def files(*paths: Path) -> QMimeData:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return content


def drop(onto: QWidget, content: QMimeData) -> bool:
    """Drop as the desktop does: a widget that ignores the content passes it to its parent."""
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    offered = copy | Qt.DropAction.MoveAction
    entering = QDragEnterEvent(QPoint(20, 20), offered, content, left, none)
    entering.setDropAction(Qt.DropAction.MoveAction)
    QCoreApplication.sendEvent(onto, entering)
    if not entering.isAccepted():
        return False
    assert entering.dropAction() is copy  # so that nobody deletes the file
    window = onto.window()
    place = QPointF(onto.mapTo(window, QPoint(20, 20)))
    QCoreApplication.sendEvent(window, QDropEvent(place, copy, content, left, none))
    return True


class TestWaysToOpen:
    def test_a_file_can_be_dropped_anywhere(
        self, window: MainWindow, use: Any, table: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parts: list[QWidget] = [picture.canvas for picture in window.pictures]
        parts += [window.panel, window.readout, window.timeline, window.run_bar]
        opened: list[Path] = []
        with monkeypatch.context() as patch:
            patch.setattr(window.session.tables, "open", lambda file, _note: opened.append(file))
            for part in parts:
                assert drop(part, files(table))
        assert opened == [table] * len(parts)
        assert drop(window.stage, files(table))
        use()
        data = window.controller.settings.data
        assert data is not None
        assert (data.name, data.size, data.feature_names) == ("lines.csv", 40, ("x",))

    def test_cells_of_a_spreadsheet_can_be_pasted(
        self, qtbot: QtBot, window: MainWindow, use: Any
    ) -> None:
        QGuiApplication.clipboard().setText(PASTED)
        qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        use()
        data = window.controller.settings.data
        assert data is not None
        assert data.features.ravel().tolist() == [10.5, 15.0, 20.25]
        assert data.target.tolist() == [52.1, 61.4, 73.9]
        assert data.name == "the clipboard"

    def test_a_file_that_was_copied_can_be_pasted(
        self, window: MainWindow, use: Any, table: Path
    ) -> None:
        QGuiApplication.clipboard().setMimeData(files(table))
        window.session.tables.paste()
        use()
        assert str(window.controller.settings.data) == "lines.csv"

    def test_a_sentence_says_that_the_clipboard_is_empty(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        QGuiApplication.clipboard().clear()
        qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert "no table in the clipboard" in window.messages.label.text()

    def test_a_file_can_be_chosen(
        self, qtbot: QtBot, window: MainWindow, use: Any, table: Path, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        use()
        assert str(window.controller.settings.data) == "lines.csv"

    def test_a_link_is_not_taken_for_a_table(self, window: MainWindow) -> None:
        content = QMimeData()
        content.setUrls([QUrl("https://example.org/table.csv")])
        assert drop(window.stage, content)
        assert "download the table" in window.messages.label.text()
        assert "dialog" not in vars(window.session.tables)

    def test_of_several_files_the_first_is_opened_and_that_is_said(
        self, window: MainWindow, dialog_of: Any, table: Path
    ) -> None:
        assert drop(window.stage, files(table, table.with_name("other.csv")))
        dialog = dialog_of()
        assert dialog.note.isVisible()
        assert dialog.note.text() == (
            "Only the first of 2 files is opened; open the others one by one."
        )
        assert dialog.table_import.name == "lines.csv"
        dialog.reject()
        assert drop(window.stage, files(table))
        assert not dialog_of().note.isVisible()

    def test_content_without_a_table_is_not_opened(self, window: MainWindow) -> None:
        content = QMimeData()
        content.setData("image/png", b"\x89PNG")
        assert not drop(window.picture(DataPlot).canvas, content)


class TestPreview:
    def test_the_run_uses_the_corrected_table(
        self, window: MainWindow, wait_for: Wait, dialog_of: Any, use: Any, tmp_path: Path
    ) -> None:
        file = tmp_path / "doubtful.csv"
        file.write_text("a;b\n1,500;2,000\n2,500;4,000\n3,500;6,000\n", encoding="utf-8")
        window.session.tables.open(file)
        dialog = dialog_of()
        found = dialog.table_import
        assert found.dialect is not None
        assert found.dialect.decimal == ","
        dialog.form.corrected.emit("decimal", ".")
        wait_for(lambda: not found.is_reading)
        assert found.dialect.thousands == ","
        use()
        data = window.controller.settings.data
        assert data is not None
        assert data.target.tolist() == [2000, 4000, 6000]

    def test_training_goes_on_behind_the_dialog(
        self, window: MainWindow, wait_for: Wait, dialog_of: Any, table: Path
    ) -> None:
        controller = window.controller
        controller.set_pace(100)
        controller.start()
        window.session.tables.open(table)
        dialog_of()
        run = controller.run
        assert run is not None
        step = run.history.step
        wait_for(lambda: run.history.step > step)
        assert controller.state is RunState.RUNNING
        controller.set_pace(math.inf)

    def test_with_the_suggested_settings_the_run_ends_near_least_squares(
        self, window: MainWindow, wait_for: Wait, use: Any, table: Path
    ) -> None:
        window.session.tables.open(table)
        use()
        controller = window.controller
        assert controller.settings.standardize
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
        assert controller.run is not None
        assert controller.run.current_parameters.tolist() == pytest.approx([2, 1], rel=0.05)


class TestNothingIsLost:
    @pytest.fixture
    def before(
        self, window: MainWindow, pause_at: Callable[[TrainingController, int], None]
    ) -> Any:
        pause_at(window.controller, 30)
        settle(window.controller)
        return self.all_of(window)

    def all_of(self, window: MainWindow) -> Any:
        controller = window.controller
        assert controller.run is not None
        window.refresher.refresh_all()
        return (
            controller.run,
            controller.settings,
            controller.state,
            history_digests(controller.run),
            window.picture(LossPlot).batch.y.tolist(),
            window.picture(DataPlot).examples.y.tolist(),
            window.readout.parameters[0].number.text(),
        )

    def test_a_canceled_import_changes_nothing(
        self, window: MainWindow, before: Any, dialog_of: Any, table: Path
    ) -> None:
        content = table.read_bytes()
        window.session.tables.open(table)
        dialog_of().cancel.click()
        assert self.all_of(window) == before
        assert table.read_bytes() == content

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Nothing to read: the file is empty."),
            (b"x,y\n", "There are no data rows"),
            (b"x\n1\n2\n", "There is only one numeric column"),
            (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "This is not a table"),
            (b"\x1f\x8b\x08\x00broken", "damaged"),
        ],
    )
    def test_a_failed_import_says_why_and_changes_nothing(
        self,
        window: MainWindow,
        before: Any,
        dialog_of: Any,
        tmp_path: Path,
        content: bytes,
        sentence: str,
    ) -> None:
        file = tmp_path / "bad.csv"
        file.write_bytes(content)
        window.session.tables.open(file)
        dialog = dialog_of()
        assert sentence in dialog.refusal.text()
        assert not dialog.use.isEnabled()
        dialog.reject()
        assert self.all_of(window) == before

    def test_a_sentence_says_that_a_file_is_missing(
        self, window: MainWindow, before: Any, dialog_of: Any, tmp_path: Path
    ) -> None:
        window.session.tables.open(tmp_path / "gone.csv")
        assert "There is no file “gone.csv”" in dialog_of().refusal.text()
        assert self.all_of(window) == before

    def test_a_new_table_replaces_the_one_being_read(
        self, window: MainWindow, wait_for: Wait, use: Any, table: Path, tmp_path: Path
    ) -> None:
        large = tmp_path / "large.csv"
        large.write_text("a,b\n" + "1.25,2.5\n" * 300_000, encoding="utf-8")
        window.session.tables.open(large)
        window.session.tables.open(table)
        use()
        assert str(window.controller.settings.data) == "lines.csv"


def test_the_window_closes_while_a_table_is_read(
    loading_window: MainWindow, tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    large.write_text("a,b\n" + "1.25,2.5\n" * 300_000, encoding="utf-8")
    loading_window.session.tables.open(large)
    QCoreApplication.processEvents()
    assert loading_window.close()
