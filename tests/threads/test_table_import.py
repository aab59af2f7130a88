"""Tables are read on their own thread. The newest request wins, and no file is written."""

import gzip
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset
from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.reading import reading
from linreg_gui.threads.table_import import TableImport
from tests.support import PATIENCE, LoggedErrors, run_python
from tests.table_cases import (
    BOM,
    DUPLICATE_HEADERS,
    MISSING_VALUES,
    NO_HEADER,
    ONLY_ONE,
    SEMICOLON,
    TEXT_COLUMN,
)

Write = Callable[..., Path]
Read = Callable[[Path | str], TableImport]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: bytes, name: str = "table.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(content)
        return file

    return write


@pytest.fixture
def read(table_import: TableImport, qtbot: QtBot) -> Read:
    def read(source: Path | str) -> TableImport:
        table_import.open(source)
        wait_until_read(qtbot, table_import)
        return table_import

    return read


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file whose reading takes long enough to be interrupted."""
    file = tmp_path_factory.mktemp("long") / "long.csv"
    row = b"1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5,9.5,10.5\n"
    file.write_bytes(b"a,b,c,d,e,f,g,h,i,j\n" + row * 400_000)
    return file


def wait_until_read(qtbot: QtBot, table_import: TableImport) -> None:
    qtbot.waitUntil(lambda: not table_import.is_reading, timeout=PATIENCE)


def correct(qtbot: QtBot, table_import: TableImport, **fields: object) -> None:
    table_import.correct(fields)
    wait_until_read(qtbot, table_import)


def choose(qtbot: QtBot, table_import: TableImport, *features: int, target: int) -> Dataset:
    with qtbot.waitSignal(table_import.chosen, timeout=PATIENCE) as chosen:
        table_import.choose(features, target)
    assert chosen.args is not None
    measured = chosen.args[0]
    assert isinstance(measured, Dataset)
    return measured


def refusal(qtbot: QtBot, table_import: TableImport, *features: int, target: int) -> str:
    with qtbot.waitSignal(table_import.refused, timeout=PATIENCE) as refused:
        table_import.choose(features, target)
    assert refused.args is not None
    return str(refused.args[0])


def columns_of(table_import: TableImport) -> dict[str, list[float]]:
    assert table_import.table is not None
    return {column.name: column.values.tolist() for column in table_import.table.columns}


class TestReading:
    def test_a_decimal_comma_between_semicolons(self, read: Read, write: Write) -> None:
        assert columns_of(read(write(SEMICOLON))) == {
            "temp": [10.5, 15.0, 20.25],
            "sales": [52.1, 61.4, 73.9],
        }

    def test_a_byte_order_mark_is_no_part_of_a_name(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        assert choose(qtbot, read(write(BOM)), 0, target=1).feature_names == ("temp",)

    def test_rows_without_a_value_are_skipped_and_counted(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        measured = choose(qtbot, read(write(MISSING_VALUES)), 0, target=1)
        assert measured.features.tolist() == [[1], [4], [7]]
        assert measured.target.tolist() == [2, 8, 14]
        assert (
            measured.skipped.sentence
            == "4 of 7 rows skipped: 4 have no number (lines 3, 4, 6 and 1 more)."
        )

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"x,y\n", "There are no data rows; the table needs numbers below its header."),
            (b"", "Nothing to read: the file is empty."),
            (b"100\n101\n103\n", ONLY_ONE),
        ],
    )
    def test_a_table_that_cannot_be_used_says_why(
        self, read: Read, write: Write, content: bytes, sentence: str
    ) -> None:
        table_import = read(write(content))
        assert table_import.complaint == sentence
        assert table_import.proposal is None

    def test_columns_without_a_header_are_named(self, read: Read, write: Write) -> None:
        assert columns_of(read(write(NO_HEADER))) == {
            "column 1": [1, 2, 3],
            "column 2": [2, 4, 6],
        }

    def test_a_column_of_text_is_refused_and_not_proposed(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        table_import = read(write(TEXT_COLUMN))
        assert table_import.proposal == ((1,), 2)
        assert refusal(qtbot, table_import, 0, target=2) == "“name” holds text, e.g. “Anna”."

    def test_columns_of_one_name_are_told_apart(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        measured = choose(qtbot, read(write(DUPLICATE_HEADERS)), 0, 1, target=2)
        assert measured.feature_names == ("x", "x (2)")
        assert measured.features.tolist() == [[1, 10], [2, 30], [3, 20]]

    def test_a_column_cannot_be_feature_and_target(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        assert refusal(qtbot, read(write(NO_HEADER)), 1, target=1) == (
            "“column 2” cannot be both feature and target; choose another column for one of them."
        )

    def test_pasted_text_is_read_too(self, qtbot: QtBot, read: Read) -> None:
        table_import = read("x\ty\n1\t2\n3\t4\n")
        assert columns_of(table_import) == {"x": [1, 3], "y": [2, 4]}
        assert table_import.name == choose(qtbot, table_import, 0, target=1).name
        assert table_import.name == "the clipboard"

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (gzip.compress("größe;y\n1,5;2\n2,5;3\n".encode(), mtime=0), "table.csv.gz"),
            ("größe\ty\n1,5\t2\n2,5\t3\n".encode("utf-16"), "table.txt"),
            ("größe;y\n1,5;2\n2,5;3\n".encode("cp1252"), "table.csv"),
        ],
    )
    def test_compressed_and_in_other_encodings(
        self, read: Read, write: Write, content: bytes, name: str
    ) -> None:
        assert columns_of(read(write(content, name))) == {"größe": [1.5, 2.5], "y": [2, 3]}

    def test_the_file_is_only_read(self, qtbot: QtBot, read: Read, write: Write) -> None:
        file = write(SEMICOLON)
        os.utime(file, (1, 1))
        file.chmod(0o444)
        table_import = read(file)
        correct(qtbot, table_import, has_header=False)
        choose(qtbot, table_import, 0, target=1)
        assert file.read_bytes() == SEMICOLON
        assert file.stat().st_mtime == 1
        assert [each.name for each in file.parent.iterdir()] == ["table.csv"]

    def test_progress_grows_and_comes_at_most_20_times_a_second(
        self, qtbot: QtBot, table_import: TableImport, long_file: Path
    ) -> None:
        shares: list[float] = []
        table_import.progressed.connect(lambda: shares.append(table_import.progress))
        begin = time.perf_counter()
        table_import.open(long_file)
        wait_until_read(qtbot, table_import)
        assert 1 < len(shares) < 2 + 20 * (time.perf_counter() - begin)
        assert shares == sorted(shares)

    def test_neither_pandas_nor_mxnet_is_imported_before_a_table_is_read(self) -> None:
        done = run_python(
            "import sys, linreg_gui.threads.table_import\n"
            "print({'pandas', 'mxnet', 'openpyxl'} & set(sys.modules))"
        )
        assert done.stdout.strip() == "set()", done.stderr


class TestCorrecting:
    def test_what_is_not_corrected_follows(self, qtbot: QtBot, read: Read) -> None:
        table_import = read("a;b\n1.5;2\n2.5;3\n3.5;4\n")
        correct(qtbot, table_import, decimal=",")
        assert table_import.dialect is not None
        assert table_import.dialect.delimiter == ";"
        assert table_import.complaint == ONLY_ONE
        correct(qtbot, table_import, decimal=".")
        assert columns_of(table_import)["a"] == [1.5, 2.5, 3.5]

    def test_corrections_add_up(self, qtbot: QtBot, read: Read) -> None:
        table_import = read("note\nx;y\n1;2\n3;4\n")
        correct(qtbot, table_import, skip=2)
        correct(qtbot, table_import, has_header=False)
        assert columns_of(table_import) == {"column 1": [1, 3], "column 2": [2, 4]}

    def test_a_mark_cannot_part_decimals_and_thousands(self, qtbot: QtBot, read: Read) -> None:
        table_import = read("a;b\n1,234;2\n2,345;3\n")
        correct(qtbot, table_import, thousands=",", decimal=".")
        assert columns_of(table_import)["a"] == [1234, 2345]
        correct(qtbot, table_import, decimal=",")
        assert columns_of(table_import)["a"] == [1.234, 2.345]

    def test_another_sheet_of_a_workbook(self, qtbot: QtBot, read: Read, tmp_path: Path) -> None:
        workbook = Workbook()
        workbook.active.title = "notes"
        sheet = workbook.create_sheet("numbers")
        for row in (["x", "y"], [1, 2.5], [2, 3.5]):
            sheet.append(row)
        workbook.save(tmp_path / "book.xlsx")
        table_import = read(tmp_path / "book.xlsx")
        assert table_import.sheets == ("notes", "numbers")
        assert columns_of(table_import) == {"x": [1, 2], "y": [2.5, 3.5]}
        correct(qtbot, table_import, sheet="notes")
        assert table_import.complaint
        correct(qtbot, table_import, sheet="numbers")
        assert not table_import.complaint

    def test_an_encoding_that_only_the_whole_file_tells_is_kept(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        content = b"x,y,z\n" + b"1,2,a\n" * 50_000 + "1,2,é\n".encode("cp1252")
        table_import = read(write(content))
        correct(qtbot, table_import, has_header=False)
        assert table_import.complaint == ""
        assert table_import.dialect is not None
        assert table_import.dialect.encoding == "cp1252"

    def test_a_correction_that_fails_can_be_corrected(
        self, qtbot: QtBot, read: Read, write: Write
    ) -> None:
        table_import = read(write("größe,y\n1,2\n2,3\n".encode("cp1252")))
        correct(qtbot, table_import, encoding="utf-8")
        assert "choose another encoding" in table_import.complaint
        assert table_import.table is None
        correct(qtbot, table_import, encoding="cp1252")
        assert list(columns_of(table_import)) == ["größe", "y"]

    def test_an_unusable_table_can_be_looked_at(self, read: Read) -> None:
        table_import = read("x;y\na;b\n")
        assert table_import.complaint
        assert table_import.table is not None
        assert table_import.table.sample == [["a", "b"]]


class TestAskingAgain:
    def test_the_newest_table_wins(
        self, qtbot: QtBot, table_import: TableImport, long_file: Path
    ) -> None:
        tables = []
        table_import.changed.connect(lambda: tables.append(table_import.table))
        table_import.open(long_file)
        table_import.open("x y\n1 2\n3 4\n")
        wait_until_read(qtbot, table_import)
        assert columns_of(table_import) == {"x": [1, 3], "y": [2, 4]}
        assert {table for table in tables if table} == {table_import.table}

    def test_a_table_that_is_canceled_midway_does_not_come(
        self, qtbot: QtBot, table_import: TableImport, read: Read, long_file: Path
    ) -> None:
        table_import.open(long_file)
        qtbot.waitUntil(lambda: table_import.progress > 0, timeout=PATIENCE)
        table_import.cancel()
        assert (table_import.is_reading, table_import.table, table_import.name) == (False, None, "")
        read("x y\n1 2\n3 4\n")  # comes after all that the thread had to do
        table_import.cancel()
        qtbot.wait(20)
        assert table_import.table is None

    def test_a_choice_from_a_table_that_is_read_again_is_dropped(
        self, qtbot: QtBot, read: Read
    ) -> None:
        table_import = read("x y\n1 2\n3 4\n")
        chosen: list[Dataset] = []
        table_import.chosen.connect(chosen.append)
        table_import.choose((0,), 1)
        correct(qtbot, table_import, has_header=False)
        table_import.choose((0,), 1)
        qtbot.waitUntil(lambda: bool(chosen), timeout=PATIENCE)
        assert [measured.feature_names for measured in chosen] == [("column 1",)]

    def test_nothing_is_chosen_while_a_table_is_read(
        self, qtbot: QtBot, table_import: TableImport, read: Read
    ) -> None:
        read("x y\n1 2\n3 4\n")
        table_import.open("a b\n5 6\n7 8\n")
        table_import.choose((0,), 1)
        wait_until_read(qtbot, table_import)
        assert list(columns_of(table_import)) == ["a", "b"]


class TestFailing:
    def test_a_file_that_is_not_there_leaves_nothing(self, read: Read, tmp_path: Path) -> None:
        table_import = read("x y\n1 2\n3 4\n")
        read(tmp_path / "gone.csv")
        assert table_import.complaint == "There is no file “gone.csv”; it may have been moved."
        assert (table_import.table, table_import.dialect) == (None, None)

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (MemoryError(), "There is not enough memory for this table; use only a part of it."),
            (OSError("odd\nnews."), "The table cannot be used: odd."),
        ],
    )
    def test_whatever_goes_wrong_is_one_sentence(
        self,
        read: Read,
        monkeypatch: pytest.MonkeyPatch,
        logged_errors: LoggedErrors,
        error: Exception,
        sentence: str,
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("linreg_gui.threads.table_import.reading", fail)
        assert read("x y\n1 2\n3 4\n").complaint == sentence
        assert logged_errors() == ([] if isinstance(error, MemoryError) else [sentence])


def test_settings_are_suggested_for_the_examples(qtbot: QtBot, read: Read) -> None:
    table_import = read("x y\n1 2\n3 4\n5 6\n")
    measured = choose(qtbot, table_import, 0, target=1)
    with qtbot.waitSignal(table_import.suggested, timeout=PATIENCE) as suggested:
        table_import.suggest(measured, standardize=True)
    assert suggested.args is not None
    settings = suggested.args[0]
    assert settings["standardize"] is True
    assert set(settings) == {"standardize", "learning_rate", "batch_size", "epochs"}


class TestShuttingDown:
    def test_midway_and_twice(
        self,
        qtbot: QtBot,
        table_import: TableImport,
        long_file: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        read: list[Dialect | float] = []

        def noting(*source: Any, **chosen: Any) -> Generator[Dialect | float, None, None]:
            for step in reading(*source, **chosen):
                read.append(step)
                yield step

        monkeypatch.setattr("linreg_gui.threads.table_import.reading", noting)
        table_import.open(long_file)
        qtbot.waitUntil(lambda: len(read) > 1, timeout=PATIENCE)
        assert table_import.shut_down()
        last = read[-1]
        assert isinstance(last, float)
        assert last < 1, "the rest of the file is not read"
        assert table_import.shut_down()

    def test_before_anything_was_read(self, table_import: TableImport) -> None:
        assert table_import.shut_down()

    def test_right_after_asking(self, table_import: TableImport, long_file: Path) -> None:
        table_import.open(long_file)
        assert table_import.shut_down()

    def test_nothing_is_read_afterwards(self, table_import: TableImport) -> None:
        table_import.shut_down()
        table_import.open("x y\n1 2\n3 4\n")
        assert not table_import.is_reading
        assert table_import.table is None
