import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linreg_gui.data.dataset import FloatArray
from linreg_gui.export.csv_file import (
    EXACT,
    CsvDialect,
    CsvFile,
    pieces,
    spreadsheet_dialect,
    write_table,
)

GERMAN = spreadsheet_dialect(",")
NUMBERS: dict[type[np.floating[Any]], list[float]] = {
    np.float64: [0.1, 1 / 3, -5e-324, 1.7976931348623157e308, -0.0, 123456789012345.67, 2.0],
    np.float32: [0.1, 1 / 3, -1e-45, 3.4028235e38, -0.0, 123456.79, 2.0],
}


def rows_of(file: Path, dialect: CsvDialect = EXACT) -> list[list[str]]:
    with file.open(encoding=dialect.encoding, newline="") as table:
        return [*csv.reader(table, delimiter=dialect.delimiter)]


@pytest.mark.parametrize("dialect", [EXACT, GERMAN, spreadsheet_dialect(".")])
@pytest.mark.parametrize("precision", NUMBERS)
def test_numbers_read_back_as_the_same_bits(
    tmp_path: Path, dialect: CsvDialect, precision: type[np.floating[Any]]
) -> None:
    file = tmp_path / "numbers.csv"
    column: FloatArray = np.array(NUMBERS[precision], precision)
    with CsvFile(file, ["array", "list"], dialect) as table:
        table.write(column, column.tolist())
    _, *rows = rows_of(file, dialect)
    for cells in zip(*rows, strict=True):
        read = np.array([cell.replace(dialect.decimal, ".") for cell in cells], np.float64)
        assert read.astype(precision).tobytes() == column.tobytes()


def test_the_dialect_of_a_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    write_table(file, [["name", "x"], ["a, b; c", 0.5]], GERMAN)
    assert file.read_bytes() == '\ufeffname;x\n"a, b; c";0,5\n'.encode()
    write_table(file, [["name", "x"], ["a, b; c", 0.5]])
    assert file.read_bytes() == b'name,x\n"a, b; c",0.5\n'


def test_no_cell_of_words_is_run_as_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    write_table(file, [["=1+1", "größe"], ["@SUM(A1)", "-2"], ["+1", -2.5]])
    assert rows_of(file) == [["'=1+1", "größe"], ["'@SUM(A1)", "'-2"], ["'+1", "-2.5"]]


def test_what_is_missing_has_an_empty_cell(tmp_path: Path) -> None:
    file = tmp_path / "missing.csv"
    with CsvFile(file, ["array", "list"]) as table:
        table.write(np.array([np.nan, 1.5]), [None, 7])
    assert rows_of(file)[1:] == [["", ""], ["1.5", "7"]]


def test_pieces_are_all_rows_once_and_small() -> None:
    parts = [*pieces(10_000, 20)]
    assert [row for part in parts for row in range(part.start, part.stop)] == [*range(10_000)]
    assert max(part.stop - part.start for part in parts) * 20 <= 3_000
