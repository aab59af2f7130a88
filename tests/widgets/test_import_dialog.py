"""The dialog shows a table, lets a person correct and choose, and then passes on examples."""

import gzip
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import MAX_FEATURES, Dataset
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.runs.proposal import settings_words
from linreg_gui.threads.table_import import TableImport
from linreg_gui.widgets.tables.import_dialog import ImportDialog
from linreg_gui.widgets.tables.table_views import CONTENTS, FEATURE, MISSING, NAME, TARGET
from tests.support import PATIENCE
from tests.table_cases import (
    BOM,
    DUPLICATE_HEADERS,
    MISSING_VALUES,
    NO_HEADER,
    ONLY_ONE,
    SEMICOLON,
    TEXT_COLUMN,
)
from tests.widgets.controls import controls_in, name_of

Show = Callable[..., None]
Accepted = list[tuple[Dataset, dict[str, Any]]]


@pytest.fixture
def dialog(table_import: TableImport, theme: Theme) -> Iterator[ImportDialog]:
    dialog = ImportDialog(table_import)
    yield dialog
    dialog.close()
    dialog.deleteLater()


@pytest.fixture
def show(dialog: ImportDialog, tmp_path: Path, qtbot: QtBot) -> Show:
    """Return a function that opens a file with this content, and waits until it is shown."""

    def show(content: bytes, name: str = "table.csv") -> None:
        file = tmp_path / name
        file.write_bytes(content)
        dialog.show_table(file)
        settle(dialog, qtbot)

    return show


@pytest.fixture
def accepted(dialog: ImportDialog) -> Accepted:
    taken: Accepted = []
    dialog.accepted_data.connect(lambda measured, settings: taken.append((measured, settings)))
    return taken


def settle(dialog: ImportDialog, qtbot: QtBot) -> None:
    """Wait until the table is read, and the choice is checked."""
    qtbot.waitUntil(lambda: not dialog.bar.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool(dialog.words.text() or dialog.refusal.text()), timeout=PATIENCE)


def click(qtbot: QtBot, dialog: ImportDialog, row: int, column: int) -> None:
    """Click into a cell, beside its check box or radio button."""
    view = dialog.chooser
    place = view.visualRect(view.model().index(row, column)).topLeft() + QPoint(6, 6)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(dialog, qtbot)


def press(qtbot: QtBot, widget: QWidget, *keys: Qt.Key) -> None:
    widget.setFocus()
    for key in keys:
        qtbot.keyClick(widget, key)


def pick(qtbot: QtBot, dialog: ImportDialog, field: str, words: str) -> None:
    """Choose from one of the drop-downs with the keyboard."""
    box = dialog.form.boxes[field]
    places = [index for index in range(box.count()) if box.itemText(index).startswith(words)]
    steps = places[0] - box.currentIndex()
    for _ in range(abs(steps)):
        press(qtbot, box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    settle(dialog, qtbot)


def cells(view: QTableView, column: int) -> list[str]:
    model = view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def header(view: QTableView) -> list[str]:
    model = view.model()
    return [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]


class TestWhatIsShown:
    def test_the_first_rows_as_they_are_written(self, dialog: ImportDialog, show: Show) -> None:
        show(SEMICOLON)
        assert header(dialog.preview) == ["temp", "sales"]
        assert cells(dialog.preview, 0) == ["10,5", "15,0", "20,25"]
        assert cells(dialog.preview, 1) == ["52,1", "61,4", "73,9"]

    def test_how_it_is_written(self, dialog: ImportDialog, show: Show) -> None:
        show(SEMICOLON)
        shown = {
            name: box.currentText() for name, box in dialog.form.boxes.items() if box.isVisible()
        }
        assert shown == {
            "encoding": "UTF-8",
            "delimiter": "Semicolon (;)",
            "quote": 'Double (")',
            "decimal": "Comma (1,5)",
            "thousands": "No separator (1000)",
            "has_header": "First row",
            "missing": "Only usual words",
        }
        assert dialog.form.skip.text() == "0"

    def test_what_each_column_holds(self, dialog: ImportDialog, show: Show) -> None:
        show(MISSING_VALUES)
        assert cells(dialog.chooser, NAME) == ["x", "y"]
        assert cells(dialog.chooser, MISSING) == ["1", "3"]
        assert cells(dialog.chooser, CONTENTS) == [
            "Numbers, 1 to 7.",
            "Numbers, 2 to 14. Counted as missing: “NA”, “?”.",
        ]
        assert dialog.words.text() == (
            "Predict y from x: 3 examples. 4 of 7 rows skipped: 4 have no number "
            "(lines 3, 4, 6 and 1 more)."
        )

    def test_a_byte_order_mark_is_not_part_of_a_name(
        self, dialog: ImportDialog, show: Show
    ) -> None:
        show(BOM)
        assert header(dialog.preview) == cells(dialog.chooser, NAME) == ["temp", "sales"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"x,y\n", "There are no data rows; the table needs numbers below its header."),
            (b"", "Nothing to read: the file is empty."),
            (b"100\n101\n103\n", ONLY_ONE),
        ],
    )
    def test_a_table_that_cannot_be_used_says_why(
        self, dialog: ImportDialog, show: Show, content: bytes, sentence: str
    ) -> None:
        show(content)
        assert dialog.refusal.text() == sentence
        assert not dialog.use.isEnabled()

    def test_columns_without_a_header_are_named(self, dialog: ImportDialog, show: Show) -> None:
        show(NO_HEADER)
        assert header(dialog.preview) == ["column 1", "column 2"]
        assert cells(dialog.preview, 0) == ["1", "2", "3"]

    def test_a_very_long_cell_and_many_columns_do_no_harm(
        self, dialog: ImportDialog, show: Show
    ) -> None:
        names = b"\t".join(b"a name that goes on and on %d" % each for each in range(200))
        row = b"\t".join(b"%d.5" % each for each in range(199)) + b"\t" + b"word " * 12_000 + b"\n"
        show(names + b"\n" + row * 3)
        preview = dialog.preview.model()
        assert preview.columnCount() == dialog.chooser.model().rowCount() == 200
        assert len(preview.index(0, 199).data()) <= 60
        assert len(preview.index(0, 199).data(Qt.ItemDataRole.ToolTipRole)) <= 600
        assert not dialog.grab().isNull()
        assert dialog.chooser.verticalScrollBar().maximum() > 0

    def test_every_row_of_many_columns_has_room_for_its_words(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        dialog.resize(600, 500)
        names = [f"a rather long name of a column {index}" for index in range(90)]
        show("\n".join([",".join(names), *[",".join(["only words"] * 90)] * 2]).encode())
        chooser = dialog.chooser
        rows = range(chooser.model().rowCount())
        assert len(rows) == 90
        qtbot.waitUntil(
            lambda: all(chooser.rowHeight(row) >= chooser.sizeHintForRow(row) for row in rows),
            timeout=PATIENCE,
        )
        assert chooser.rowHeight(89) > 32

    def test_check_boxes_and_radio_buttons_are_visible_in_both_themes(
        self, dialog: ImportDialog, show: Show, theme: Theme
    ) -> None:
        show(NO_HEADER)
        for mode in (Mode.LIGHT, Mode.DARK):
            theme.set_mode(mode)
            view = dialog.chooser
            for row, column in ((0, FEATURE), (1, FEATURE), (0, TARGET), (1, TARGET)):
                image = view.viewport().grab(view.visualRect(view.model().index(row, column)))
                colors = {image.toImage().pixelColor(x, 16).name() for x in range(image.width())}
                assert len(colors) > 1, (mode, row, column)


class TestCorrecting:
    def test_the_preview_follows(self, dialog: ImportDialog, show: Show, qtbot: QtBot) -> None:
        show(SEMICOLON)
        pick(qtbot, dialog, "delimiter", "Tab")
        assert header(dialog.preview) == ["temp;sales"]
        assert "numeric" in dialog.refusal.text()
        assert not dialog.use.isEnabled()
        pick(qtbot, dialog, "delimiter", "Semicolon")
        assert header(dialog.preview) == ["temp", "sales"]
        assert dialog.use.isEnabled()

    def test_the_decimal_mark(self, dialog: ImportDialog, show: Show, qtbot: QtBot) -> None:
        show(b"a;b\n1.234;2\n2.345;3\n")
        assert cells(dialog.chooser, CONTENTS)[0] == "Numbers, 1.234 to 2.345."
        pick(qtbot, dialog, "decimal", "Comma")
        assert cells(dialog.chooser, CONTENTS)[0].startswith("Numbers, 1234 to 2345.")

    def test_the_decimal_mark_is_not_offered_as_thousands_separator(
        self, dialog: ImportDialog, show: Show
    ) -> None:
        show(SEMICOLON)
        box = dialog.form.boxes["thousands"]
        assert [box.itemText(index)[:5] for index in range(box.count())] == [
            "No se",
            "Point",
            "Space",
            "Apost",
        ]

    def test_lines_to_skip_are_typed_and_enter_does_not_close_the_dialog(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
    ) -> None:
        show(b"x,y\n1,2\n3,4\n5,6\n")
        field = dialog.form.skip
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "2")
        press(qtbot, field, Qt.Key.Key_Return)
        settle(dialog, qtbot)
        assert cells(dialog.preview, 0) == ["3", "5"]
        assert dialog.isVisible()
        assert not accepted

    def test_a_sentence_refuses_an_impossible_number_of_lines(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(NO_HEADER)
        field = dialog.form.skip
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "-1")
        press(qtbot, field, Qt.Key.Key_Tab)
        assert dialog.form.error.text() == "Enter a number from 0 to 1,000. Still 0."
        assert field.text() == "0"

    def test_the_encoding(self, dialog: ImportDialog, show: Show, qtbot: QtBot) -> None:
        western = "größe".encode("cp1252")
        show(western + b",y\n1,2\n2,3\n")
        pick(qtbot, dialog, "encoding", "Greek")
        assert header(dialog.preview) == [western.decode("cp1253"), "y"]
        pick(qtbot, dialog, "encoding", "UTF-16 with BOM")
        assert "not in the encoding UTF-16 with BOM; choose another" in dialog.refusal.text()
        pick(qtbot, dialog, "encoding", "Western")
        assert header(dialog.preview) == ["größe", "y"]

    def test_the_sheet_of_a_workbook(
        self, dialog: ImportDialog, qtbot: QtBot, tmp_path: Path
    ) -> None:
        workbook = Workbook()
        workbook.active.title = "notes"
        sheet = workbook.create_sheet("numbers")
        for row in (["x", "y"], [1, 2.5], [2, 3.5]):
            sheet.append(row)
        workbook.save(tmp_path / "book.xlsx")
        dialog.show_table(tmp_path / "book.xlsx")
        settle(dialog, qtbot)
        assert not dialog.form.boxes["delimiter"].isVisible()
        assert dialog.form.boxes["sheet"].currentText() == "numbers"
        pick(qtbot, dialog, "sheet", "notes")
        assert not dialog.use.isEnabled()
        pick(qtbot, dialog, "sheet", "numbers")
        assert cells(dialog.preview, 1) == ["2.5", "3.5"]
        assert dialog.use.isEnabled()

    def test_the_choice_stays_if_the_columns_stay(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(b"a;b;c\n1.234;2;5\n2.345;3;9\n")
        click(qtbot, dialog, 1, FEATURE)
        click(qtbot, dialog, 0, FEATURE)
        pick(qtbot, dialog, "decimal", "Comma")
        assert (dialog.chooser.features, dialog.chooser.target) == ([1], 2)

    def test_the_file_is_only_read(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot, tmp_path: Path
    ) -> None:
        show(SEMICOLON)
        pick(qtbot, dialog, "delimiter", "Comma")
        press(qtbot, dialog, Qt.Key.Key_Escape)
        assert (tmp_path / "table.csv").read_bytes() == SEMICOLON
        assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


class TestDoubts:
    def test_they_are_shown_and_one_click_reads_the_table_in_the_other_way(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(b"region,2023,2024\nEMEA,10,20\nAPAC,5,6\nAMER,8,15\n")
        assert dialog.remarks.sentences == [
            "The first row (region, 2023, 2024) is read as names; it may be numbers."
        ]
        assert header(dialog.preview) == ["region", "2023", "2024"]
        assert cells(dialog.preview, 1) == ["2023", "10", "5", "8"]
        (other,) = dialog.remarks.buttons
        assert other.text() == "Read it as numbers"
        qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
        settle(dialog, qtbot)
        assert cells(dialog.preview, 1) == ["2023", "10", "5", "8"]
        assert dialog.remarks.isHidden()

    def test_a_code_is_declared_missing_with_one_click_and_taken_back(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(b"x,y\n20,1500\n25,-999\n30,2500\n35,-999\n40,3500\n45,4000\n")
        qtbot.mouseClick(dialog.remarks.buttons[0], Qt.MouseButton.LeftButton)
        settle(dialog, qtbot)
        assert dialog.words.text() == (
            "Predict y from x: 4 examples. 2 of 6 rows skipped: 2 have no number (lines 3, 5)."
        )
        assert dialog.form.boxes["missing"].currentText() == "-999"
        pick(qtbot, dialog, "missing", "Only")
        assert dialog.words.text() == "Predict y from x: 6 examples."
        assert len(dialog.remarks.buttons) == 1

    def test_names_in_a_code_page_are_read_in_another_one_with_one_click(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        content = "身高,体重\n170,60\n180,75\n"
        show(content.encode("gb18030"))
        assert dialog.remarks.sentences == [
            "Letters are read as Chinese (GB 18030): “身高 体重”; check the names."
        ]
        names = header(dialog.preview)
        other = next(each for each in dialog.remarks.buttons if "Cyrillic" in each.text())
        qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
        settle(dialog, qtbot)
        assert header(dialog.preview) != names
        assert dialog.remarks.isHidden()
        assert dialog.form.boxes["encoding"].currentText() == "Cyrillic (1251)"

    def test_hidden_columns_of_a_workbook_are_read_with_one_click(
        self, dialog: ImportDialog, qtbot: QtBot, tmp_path: Path
    ) -> None:
        workbook = Workbook()
        for row in (["x", "old", "y"], [1, 7, 2.5], [2, 8, 3.5]):
            workbook.active.append(row)
        workbook.active.column_dimensions["B"].hidden = True
        workbook.save(tmp_path / "book.xlsx")
        dialog.show_table(tmp_path / "book.xlsx")
        settle(dialog, qtbot)
        assert header(dialog.preview) == ["x", "y"]
        qtbot.mouseClick(dialog.remarks.buttons[0], Qt.MouseButton.LeftButton)
        settle(dialog, qtbot)
        assert header(dialog.preview) == ["x", "old", "y"]
        assert dialog.form.boxes["hidden_columns"].currentText() == "Read"
        pick(qtbot, dialog, "hidden_columns", "Left")
        assert header(dialog.preview) == ["x", "y"]

    def test_only_remarks_on_chosen_columns_are_shown(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(b"a,b,c\n1,5,2\n2,7,9\n-999,6,4\n3,3,8\n")
        click(qtbot, dialog, 0, FEATURE)
        click(qtbot, dialog, 1, FEATURE)
        shown = len(dialog.remarks.sentences)
        click(qtbot, dialog, 0, FEATURE)
        assert {shown, len(dialog.remarks.sentences)} == {0, 1}


class TestChoosing:
    def test_text_cannot_be_chosen_and_the_reason_is_shown(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(TEXT_COLUMN)
        assert cells(dialog.chooser, CONTENTS)[0] == "“name” holds text, e.g. “Anna”."
        click(qtbot, dialog, 0, FEATURE)
        click(qtbot, dialog, 0, TARGET)
        assert (dialog.chooser.features, dialog.chooser.target) == ([1], 2)

    def test_columns_with_the_same_name_are_both_chosen(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
    ) -> None:
        show(DUPLICATE_HEADERS)
        for row in (0, 1):
            if row not in dialog.chooser.features:
                click(qtbot, dialog, row, FEATURE)
        press(qtbot, dialog, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(accepted), timeout=PATIENCE)
        assert accepted[0][0].feature_names == ("x", "x (2)")
        assert accepted[0][0].features.tolist() == [[1, 10], [2, 30], [3, 20]]

    def test_a_sentence_refuses_a_column_as_both_feature_and_target(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(NO_HEADER)
        click(qtbot, dialog, 0, TARGET)
        assert dialog.words.text() == (
            "“column 1” cannot be both feature and target; choose another column for one of them."
        )
        assert not dialog.use.isEnabled()
        click(qtbot, dialog, 0, FEATURE)
        assert dialog.words.text() == "Choose at least one feature."
        click(qtbot, dialog, 1, FEATURE)
        assert dialog.words.text() == "Predict column 1 from column 2: 3 examples."
        assert dialog.use.isEnabled()

    def test_a_sentence_refuses_too_many_features(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        columns = MAX_FEATURES + 2
        names = b",".join(b"c%d" % each for each in range(columns))
        row = b",".join(b"%d.5" % each for each in range(columns))
        show(names + b"\n" + row + b"\n" + row + b"\n")
        view = dialog.chooser
        view.setFocus()
        for row_index in range(columns - 1):
            if row_index not in view.features:
                view.setCurrentIndex(view.model().index(row_index, FEATURE))
                press(qtbot, view, Qt.Key.Key_Space)
        settle(dialog, qtbot)
        assert dialog.words.text() == f"Choose at most {MAX_FEATURES} features."

    def test_the_keyboard_chooses_and_enter_uses(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
    ) -> None:
        show(b"a,b,c\n1.5,2,9\n2,7,1\n4,1,3\n")
        down, right, space = Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space
        press(qtbot, dialog.chooser, down, space, down, space, right, Qt.Key.Key_Up, space)
        settle(dialog, qtbot)
        assert (dialog.chooser.features, dialog.chooser.target) == ([0, 1, 2], 1)
        press(qtbot, dialog.chooser, Qt.Key.Key_Left, space)
        settle(dialog, qtbot)
        press(qtbot, dialog.chooser, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(accepted), timeout=PATIENCE)
        measured = accepted[0][0]
        assert (measured.feature_names, measured.target_name) == (("a", "c"), "b")
        assert not dialog.isVisible()

    def test_a_sentence_says_that_no_row_can_be_used(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot
    ) -> None:
        show(b"x,y\n2,NA\n,2\n3,\n,5\n")
        assert dialog.words.text() == (
            "No row has a number in each of “x”, “y”; choose other columns."
        )
        assert not dialog.use.isEnabled()


class TestClosing:
    def test_use_passes_on_the_examples_with_settings_that_suit_them(
        self,
        dialog: ImportDialog,
        table_import: TableImport,
        show: Show,
        qtbot: QtBot,
        accepted: Accepted,
    ) -> None:
        with qtbot.waitSignal(table_import.suggested, timeout=PATIENCE):
            show(gzip.compress(MISSING_VALUES), "table.csv.gz")
        assert not dialog.standardize.isChecked()
        qtbot.mouseClick(dialog.standardize, Qt.MouseButton.LeftButton, pos=QPoint(8, 15))
        settle(dialog, qtbot)
        qtbot.waitUntil(dialog.use.isEnabled, timeout=PATIENCE)
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(accepted), timeout=PATIENCE)
        ((measured, settings),) = accepted
        assert (measured.name, measured.features.tolist()) == ("table.csv.gz", [[1], [4], [7]])
        assert set(settings) == {"standardize", "learning_rate", "batch_size", "epochs"}
        assert settings["standardize"] is True
        assert table_import.table is None

    def test_settings_are_left_alone_if_none_are_wanted(
        self, dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
    ) -> None:
        show("größe;y\n1,5;2\n2,5;3\n".encode("utf-16"))
        press(qtbot, dialog.suggest, Qt.Key.Key_Space)
        settle(dialog, qtbot)
        qtbot.waitUntil(dialog.use.isEnabled, timeout=PATIENCE)
        press(qtbot, dialog.chooser, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(accepted), timeout=PATIENCE)
        ((measured, settings),) = accepted
        assert measured.feature_names == ("größe",)
        assert settings == {"standardize": False}

    @pytest.mark.parametrize("waits", [True, False])
    def test_features_are_standardized_if_that_helps(
        self,
        dialog: ImportDialog,
        table_import: TableImport,
        show: Show,
        qtbot: QtBot,
        accepted: Accepted,
        waits: bool,
    ) -> None:
        """Small numbers need it as much as large ones. Whoever is quick gets the same settings."""
        rows = "".join(f"{7 + x / 20},{30 * x}\n" for x in range(13))
        with qtbot.waitSignal(table_import.chosen, timeout=PATIENCE):
            show(f"pH,y\n{rows}".encode())
        if waits:
            qtbot.waitUntil(dialog.standardize.isChecked, timeout=PATIENCE)
        dialog.use.click()
        qtbot.waitUntil(lambda: bool(accepted), timeout=PATIENCE)
        assert accepted[0][1] == {
            "standardize": True,
            "learning_rate": 0.05,
            "batch_size": 13,
            "epochs": 200,
        }

    def test_escape_changes_nothing(
        self,
        dialog: ImportDialog,
        table_import: TableImport,
        show: Show,
        qtbot: QtBot,
        accepted: Accepted,
    ) -> None:
        show(SEMICOLON)
        press(qtbot, dialog.chooser, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        assert not accepted
        assert table_import.table is None

    def test_cancel_stops_the_reading(
        self,
        dialog: ImportDialog,
        table_import: TableImport,
        qtbot: QtBot,
        tmp_path: Path,
        accepted: Accepted,
    ) -> None:
        file = tmp_path / "long.csv"
        file.write_bytes(b"a,b,c,d\n" + b"1.5,2.5,3.5,4.5\n" * 500_000)
        dialog.show_table(file)
        qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=PATIENCE)
        assert dialog.bar.isVisible()
        qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
        assert not dialog.isVisible()
        assert not table_import.is_reading
        assert not accepted


@pytest.fixture
def waiting(
    dialog: ImportDialog,
    table_import: TableImport,
    show: Show,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], None]:
    """Return a function that finds the settings for which the dialog waits."""
    asked: list[Callable[[], None]] = []
    suggest = table_import.suggest
    show(BOM)
    qtbot.waitUntil(lambda: bool(dialog.settings_words.text()), timeout=PATIENCE)
    monkeypatch.setattr(
        table_import, "suggest", lambda *data, **how: asked.append(partial(suggest, *data, **how))
    )
    dialog.standardize.click()
    dialog.use.click()
    return asked[-1]


def test_options_cannot_be_changed_while_settings_are_being_found(
    dialog: ImportDialog, waiting: Callable[[], None], qtbot: QtBot, show: Show
) -> None:
    assert dialog.words.text() == "Finding settings …"
    assert not dialog.standardize.isEnabled()
    assert not dialog.suggest.isEnabled()
    waiting()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=PATIENCE)
    show(BOM)
    assert dialog.standardize.isEnabled()


def test_cancel_while_settings_are_being_found_passes_on_nothing(
    dialog: ImportDialog, waiting: Callable[[], None], qtbot: QtBot, accepted: Accepted
) -> None:
    dialog.cancel.click()
    waiting()
    qtbot.wait(50)
    assert not accepted


@pytest.mark.usefixtures("waiting")
def test_options_can_be_changed_after_a_correction_meanwhile(
    dialog: ImportDialog, table_import: TableImport, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(table_import.chosen, timeout=PATIENCE):
        table_import.choose((1,), 0)
    assert dialog.standardize.isEnabled()
    assert dialog.use.isEnabled()


def test_what_will_be_set_stands_beside_its_box(
    dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
) -> None:
    rows = "".join(f"{7 + x / 20},{30 * x}\n" for x in range(13))
    show(f"pH,y\n{rows}".encode())
    label = dialog.settings_words
    qtbot.waitUntil(lambda: bool(label.text()), timeout=PATIENCE)
    assert label.text() == "This also sets: learning rate 0.05, batches of 13, 200 epochs."
    assert dialog.standardize.isChecked()
    dialog.suggest.click()
    assert label.text() == ""
    dialog.suggest.click()
    dialog.standardize.click()
    assert label.text() == ""
    qtbot.waitUntil(lambda: bool(label.text()), timeout=PATIENCE)
    as_measured = label.text()
    assert as_measured != "This also sets: learning rate 0.05, batches of 13, 200 epochs."
    dialog.use.click()
    ((_, settings),) = accepted
    assert settings.pop("standardize") is False
    assert as_measured == f"This also sets: {settings_words(settings)}."


def test_the_box_counts_if_it_is_set_while_columns_are_still_being_selected(
    dialog: ImportDialog, show: Show, qtbot: QtBot, accepted: Accepted
) -> None:
    rows = "".join(f"{7 + x / 20},{30 * x}\n" for x in range(13))
    show(f"pH,y\n{rows}".encode())
    qtbot.waitUntil(lambda: bool(dialog.settings_words.text()), timeout=PATIENCE)
    assert dialog.standardize.isChecked()
    dialog.chooser.choice_changed.emit()
    dialog.standardize.click()
    qtbot.waitUntil(lambda: bool(dialog.settings_words.text()), timeout=PATIENCE)
    dialog.use.click()
    ((_, settings),) = accepted
    assert settings["standardize"] is dialog.standardize.isChecked() is False


def test_a_refusal_stands_where_the_table_would_be(
    dialog: ImportDialog, show: Show, qtbot: QtBot
) -> None:
    show(b"place,x\nOslo,a\nRome,b\n")
    assert dialog.refusal.text() == (
        "There is no numeric column; two are needed, a feature and the target."
    )
    assert dialog.refusal.isVisible()
    places = [each.mapTo(dialog, QPoint()).y() for each in (dialog.refusal, dialog.preview)]
    assert places[0] < places[1]
    assert dialog.preview.isVisible()
    assert not dialog.suggest.isVisible()
    show(b"%PDF")
    assert dialog.refusal.text().startswith("This is not a table;")
    assert not dialog.preview.isVisible()
    show(BOM)
    assert not dialog.refusal.isVisible()
    assert dialog.preview.isVisible()
    assert dialog.suggest.isVisible()


def test_examples_can_be_used_even_if_no_settings_are_found(
    dialog: ImportDialog, table_import: TableImport, show: Show, qtbot: QtBot
) -> None:
    show(BOM)
    table_import.refused.emit("No settings could be found.")
    assert dialog.words.text() == "No settings could be found."
    dialog.suggest.click()
    with qtbot.waitSignal(dialog.accepted_data, timeout=PATIENCE) as accepted:
        dialog.use.click()
    assert accepted.args is not None
    assert list(accepted.args[1]) == ["standardize"]


def test_every_control_of_the_dialog_has_a_name(dialog: ImportDialog, show: Show) -> None:
    show(SEMICOLON)
    assert [each for each in controls_in(dialog) if not name_of(each)] == []


def test_a_workbook_that_cannot_be_read_has_no_format(show: Show, dialog: ImportDialog) -> None:
    show(b"PK\x03\x04 and then nothing", "broken.xlsx")
    assert dialog.refusal.text().endswith("save it again as .xlsx or CSV.")
    assert not dialog.form.isVisible()
