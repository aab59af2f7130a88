"""An Excel workbook is read like any other table."""

import io
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.number_formats import DataType
from linreg_gui.tables.reading import read_table, reading
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests.table_cases import is_left_open

NUMBERS = st.integers(-(10**14), 10**14).flatmap(
    lambda digits: st.integers(-100, 100).map(lambda power: float(f"{digits}e{power}"))
)
"""With at most the 15 digits that Excel keeps."""

DAMAGED = "This Excel workbook cannot be read; save it again as .xlsx or CSV."


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # openpyxl causes it itself
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            sheet.sheet_state = "hidden" if name == "Hidden" else "visible"
            for row in rows:
                sheet.append(row)
        content = io.BytesIO()
        book.save(content)
    return content.getvalue()


def read_sheet(*rows: Sequence[Any]) -> Table:
    return read_table(workbook(Data=rows))


@settings(max_examples=20)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_every_number_is_read_back(rows: list[tuple[float, float]]) -> None:
    table = read_sheet(("x", "y"), *rows)
    assert [column.name for column in table.columns] == ["x", "y"]
    assert list(zip(*(column.values for column in table.columns), strict=True)) == rows


def test_a_sheet_without_header_is_read() -> None:
    table = read_sheet((1, 2), (3, 4))
    assert [column.name for column in table.columns] == ["column 1", "column 2"]
    assert table.dialect.has_header is False


def test_a_title_and_blank_rows_above_the_table_are_skipped() -> None:
    table = read_sheet((), ("Results",), (), ("x", "y"), (1, 2), (), (3, 4))
    assert [column.values.tolist() for column in table.columns] == [[1, 3], [2, 4]]


def test_title_rows_that_are_filled_up_with_empty_texts_are_skipped() -> None:
    table = read_sheet(("Results", "", ""), ("", "", ""), ("x", "y", "z"), (1, 2, 3), (4, 5, 6))
    assert [column.name for column in table.columns] == ["x", "y", "z"]


@pytest.mark.parametrize(("skip", "rows"), [(250, 50), (300, 0)])
def test_any_number_of_rows_can_be_skipped(skip: int, rows: int) -> None:
    content = workbook(Data=[(row, row + 1) for row in range(300)])
    table = read_table(content, skip=skip, has_header=not rows)
    assert table.row_count == rows
    assert ("There are no data rows" in table.complaint) is (not rows)


def test_an_empty_header_cell_does_not_shift_the_others() -> None:
    table = read_sheet(("x", "merged", None), (1, 2, 3), (4, 5, 6))
    assert [column.name for column in table.columns] == ["x", "merged", "column 3"]


def test_dates_texts_truth_values_and_missing_values_are_recognized() -> None:
    day = datetime(2024, 1, 31, tzinfo=UTC).replace(tzinfo=None)
    table = read_sheet(
        ("day", "name", "on", "x", "y"),
        (day, "Anna", True, 1, 2),
        (day, "Bert", False, None, "#DIV/0!"),
        (day, "Cleo", True, "n/a", 4.5),
    )
    assert [column.data_type for column in table.columns] == [
        DataType.DATE,
        DataType.TEXT,
        DataType.NUMBER,
        DataType.NUMBER,
        DataType.NUMBER,
    ]
    on, x, y = (column.values for column in table.columns[2:])
    assert on.tolist() == [1, 0, 1]
    assert (np.isnan(x).tolist(), np.isnan(y).tolist()) == (
        [False, True, True],
        [False, True, False],
    )
    assert table.sample[1] == ["2024-01-31 00:00:00", "Bert", "FALSE", "", "#DIV/0!"]


def test_numbers_stored_as_text_are_read_with_their_marks() -> None:
    table = read_sheet(("x", "y"), ("1.234,5", 1), ("2,25", 2))
    assert table.columns[0].values.tolist() == [1234.5, 2.25]


def test_rows_that_are_too_long_are_left_out_and_counted() -> None:
    table = read_sheet(("x", "y"), (1, 2), (3, 4, 5), (6, 7))
    assert (table.row_count, table.too_long) == (2, 1)


def test_any_sheet_can_be_chosen() -> None:
    content = workbook(First=[("a", "b"), (1, 2)], Numbers=[("x", "y"), (1, 2), (3, 4)])
    assert read_table(content).dialect.sheet == "First"
    table = read_table(content, sheet="Numbers")
    assert (table.dialect.sheet, table.row_count) == ("Numbers", 2)
    with pytest.raises(TableError, match="does not have this sheet"):
        read_table(content, sheet="none")


def test_without_a_choice_the_first_usable_sheet_is_read() -> None:
    content = workbook(
        Readme=[("Results of the class",), ("by Anna",)],
        Empty=[],
        Wide=[range(1001)],
        Hidden=[("a", "b"), (1, 2)],
        Numbers=[("x", "y"), (1, 2), (3, 4)],
        More=[("x", "y"), (5, 6)],
    )
    table = read_table(content)
    assert (table.dialect.sheet, table.row_count) == ("Numbers", 2)
    assert table.sheets == ("Readme", "Empty", "Wide", "Hidden", "Numbers", "More")
    readme = read_table(content, sheet="Readme")
    assert (readme.dialect.sheet, bool(readme.complaint)) == ("Readme", True)


def test_without_a_usable_sheet_the_first_is_read_with_a_complaint() -> None:
    content = workbook(Readme=[("a", "b"), ("c", "d")], Empty=[], Hidden=[(1, 2), (3, 4)])
    table = read_table(content)
    assert table.complaint.startswith("There is no numeric column")
    assert (table.dialect.sheet, table.sheets) == ("Readme", ("Readme", "Empty", "Hidden"))


def test_a_hidden_sheet_is_read_only_if_it_is_chosen() -> None:
    content = workbook(Hidden=[("a", "b"), (1, 2)], Shown=[("x", "y"), (3, 4)])
    assert read_table(content).dialect.sheet == "Shown"
    assert read_table(content, sheet="Hidden").columns[0].name == "a"


def test_every_field_of_the_dialect_can_be_chosen() -> None:
    content = workbook(Data=[("a", "b"), ("x", "y"), (1, "2,5")])
    chosen: dict[str, Any] = {
        "decimal": ",",
        "thousands": "",
        "skip": 1,
        "has_header": True,
        "sheet": "Data",
    }
    table = read_table(content, **chosen)
    assert [column.values.tolist() for column in table.columns] == [[1], [2.5]]
    assert table.dialect == Dialect(is_workbook=True, **chosen)


def test_chosen_fields_stay_and_the_others_follow() -> None:
    content = workbook(Data=[("Results",), (2001, "1,234", 5), (1, "2.500", 6)])
    dialect = read_table(content, decimal=",", has_header=True).dialect
    assert (dialect.decimal, dialect.skip, dialect.has_header) == (",", 1, True)


def test_an_empty_sheet_has_no_data_rows() -> None:
    assert read_sheet().complaint.startswith("There are no data rows")


@pytest.mark.parametrize("kept", [4, 100, 0.5, 0.99])
def test_a_sentence_says_that_a_workbook_is_damaged(kept: float) -> None:
    content = workbook(Data=[(1, 2)] * 500)
    part = content[: kept if isinstance(kept, int) else int(kept * len(content))]
    with pytest.raises(TableError) as caught:
        read_table(part)
    assert str(caught.value) == DAMAGED


@pytest.mark.parametrize("steps", range(4))
def test_a_workbook_is_closed_wherever_reading_ends_early(steps: int, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(Readme=[("a", "b"), ("c", "d")], Data=[(1, 2)] * 500))
    assert not is_left_open(path, steps)


def test_the_file_is_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    content = workbook(Data=[(1, 2), (3, 4)])
    path.write_bytes(content)
    before = path.stat().st_mtime_ns
    read_table(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, before)
    assert list(tmp_path.iterdir()) == [path]


def test_a_sentence_says_that_cells_cannot_be_unpacked() -> None:
    content = bytearray(workbook(Data=[(row, 1.37 * row) for row in range(2000)]))
    with ZipFile(io.BytesIO(content)) as archive:
        cells = archive.getinfo("xl/worksheets/sheet1.xml")
    middle = cells.header_offset + cells.compress_size // 2
    content[middle : middle + 40] = bytes(40)
    with pytest.raises(TableError) as caught:
        read_table(bytes(content))
    assert str(caught.value) == DAMAGED


def test_opening_a_workbook_can_be_canceled(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    rows = [(f"text {row} of many", row) for row in range(20_000)]
    file.write_bytes(workbook(Data=[("name", "size"), *rows]))
    asked: list[bool] = []

    def is_canceled() -> bool:
        asked.append(len(asked) > 1)  # once the beginning has been read
        return asked[-1]

    steps = reading(file, is_canceled)
    with pytest.raises(TableError):
        list(steps)
    assert asked == [False, False, True]
