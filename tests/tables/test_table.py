"""A table is read as it was meant, or a sentence says why not and what to do."""

import gzip
import io
import math
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest

from linreg_gui.tables.columns import Column
from linreg_gui.tables.dialect import Dialect, detect
from linreg_gui.tables.fixed_width import FIXED
from linreg_gui.tables.number_formats import DataType
from linreg_gui.tables.reading import read_table, reading
from linreg_gui.tables.source import StoppedError, TableError, TableSource, WrongEncodingError
from linreg_gui.tables.table import Table
from linreg_gui.tables.text import letters_in_block
from tests.support import run_python
from tests.table_cases import (
    BOM,
    DUPLICATE_HEADERS,
    MISSING_VALUES,
    NO_HEADER,
    SEMICOLON,
    TEXT_COLUMN,
    is_left_open,
)
from tests.written_workbooks import ROWS as SHEET_ROWS
from tests.written_workbooks import sheet, workbook

TWO_NEEDED = "two are needed, a feature and the target."
OLD_EXCEL = (
    "This workbook has a password or is in the old .xls format; save it without a password, as "
    ".xlsx or CSV."
)
ROWS = 80_000
MANY = b"x,y\n" + b"".join(b"%d,%d.5\n" % (row, row) for row in range(ROWS))
assert len(MANY) > 1.5 * letters_in_block(2)
"""More than a chunk."""


def columns_of(table: Table) -> dict[str, list[float]]:
    return {column.name: column.values.tolist() for column in table.columns}


def only(source: str | bytes, name: str = "x") -> Column:
    return next(column for column in read_table(source).columns if column.name == name)


def refused(source: str | bytes | Path) -> str:
    try:
        return read_table(source).complaint
    except TableError as error:
        return str(error)


def test_no_remark_names_a_first_row_without_words() -> None:
    table = read_table("\t,\t\n1,2\n3,4\n", skip=0)
    assert not [each for each in table.remarks_on((0, 1)) if "()" in each.sentence]


@pytest.mark.parametrize("delimiter", ["§", "\u00a0", "💡", "e"])
def test_any_letter_can_be_the_delimiter(delimiter: str) -> None:
    rows = (f"{first}{delimiter}{second}\n" for first, second in ("xy", "12", "35"))
    table = read_table(f"sep={delimiter}\n{''.join(rows)}")
    assert [column.values.tolist() for column in table.columns] == [[1, 3], [2, 5]]


def test_text_without_gaps_read_in_a_fixed_width_is_one_column() -> None:
    assert read_table("x;y\n3;4\n", delimiter=FIXED).sample == [["3;4"]]


def test_a_decimal_comma_between_semicolons_is_read() -> None:
    assert columns_of(read_table(SEMICOLON)) == {
        "temp": [10.5, 15.0, 20.25],
        "sales": [52.1, 61.4, 73.9],
    }


def test_a_byte_order_mark_is_not_part_of_a_name() -> None:
    assert [column.name for column in read_table(BOM).columns] == ["temp", "sales"]


def test_a_missing_value_is_never_0() -> None:
    table = read_table(MISSING_VALUES)
    x, y = (column.values for column in table.columns)
    assert np.isnan(x).tolist() == [False] * 4 + [True] + [False] * 2
    assert y[~np.isnan(y)].tolist() == [2, 8, 10, 14]
    assert [column.missing for column in table.columns] == [1, 3]
    assert table.columns[1].notes == ("Counted as missing: “NA”, “?”.",)


def test_columns_without_a_header_are_named() -> None:
    assert columns_of(read_table(NO_HEADER)) == {
        "column 1": [1, 2, 3],
        "column 2": [2, 4, 6],
    }


def test_columns_with_the_same_name_get_different_names() -> None:
    assert columns_of(read_table(DUPLICATE_HEADERS)) == {
        "x": [1, 2, 3],
        "x (2)": [10, 30, 20],
        "y": [2, 4, 6],
    }


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (",x,", ["column 1", "x", "column 3"]),
        ("x,x,x (2)", ["x", "x (3)", "x (2)"]),
        (" x , x,column 1", ["x", "x (2)", "column 1"]),
        (",column 1,x", ["column 1 (2)", "column 1", "x"]),
        ("x,y", ["column 1", "x", "y"]),
        ("x,y,z,more", ["x", "y", "z", "more"]),
        ("# x,y,z", ["x", "y", "z"]),
        ('"a\nb",y,z', ["a b", "y", "z"]),
        (f"{'x' * 100},y,z", [f"{'x' * 29}…{'x' * 30}", "y", "z"]),
    ],
)
def test_all_columns_have_different_names(header: str, names: list[str]) -> None:
    table = read_table(f"{header}\n1,2,3\n4,5,6\n".encode())
    assert [column.name for column in table.columns] == names
    assert table.row_count == 2


def test_text_is_refused_with_an_example() -> None:
    name = only(TEXT_COLUMN, "name")
    assert (name.data_type, name.refusal) == (DataType.TEXT, "“name” holds text, e.g. “Anna”.")
    assert name.values.size == 0


@pytest.mark.parametrize("day", ["2024-01-31", "31.01.2024", "1/31/24", "12:30", "31 Jan 2024"])
def test_dates_are_refused(day: str) -> None:
    column = only(f"x;y;z\n{day};1;2\n{day};3;4\n")
    assert (column.data_type, column.refusal) == (
        DataType.DATE,
        "“x” holds dates; only columns of numbers can be used.",
    )


def test_an_empty_column_is_refused() -> None:
    column = only("x,y,z\n,1,2\nNA,3,4\n")
    assert (column.data_type, column.refusal) == (DataType.MISSING, "“x” has no values.")


def test_units_are_refused_because_they_may_differ() -> None:
    assert only("x,y,z\n12 cm,1,2\n1 m,3,4\n").refusal == (
        "“x” holds units, e.g. “12 cm”; leave them out to use the numbers."
    )


def test_mixed_currencies_are_refused() -> None:
    column = only("x,y,z\n$12,1,2\n€12,3,4\n")
    assert column.refusal == "“x” mixes currencies; convert them into one."


@pytest.mark.parametrize(
    ("written", "value", "note"),
    [
        ("12%", 0.12, "“12%” is read as 0.12."),
        ("12.5 %", 0.125, "“12.5 %” is read as 0.125."),
        ("$1.50", 1.5, "“$1.50” is read as 1.5."),
        ("-€ 2", -2.0, "“-€ 2” is read as −2."),
        ("3.50 €", 3.5, "“3.50 €” is read as 3.5."),
        ("TRUE", 1.0, "“TRUE” is read as 1."),
        ("false", 0.0, "“false” is read as 0."),
        ("(1.50)", -1.5, "“(1.50)” is read as −1.5."),
        ("$(2)", -2.0, "“$(2)” is read as −2."),
        ("(12%)", -0.12, "“(12%)” is read as −0.12."),
        ("5.00-", -5.0, "“5.00-” is read as −5."),
    ],
)
def test_numbers_with_signs_are_read_with_a_note(written: str, value: float, note: str) -> None:
    other = "7%" if "%" in written else "7"
    column = only(f"x,y\n{written},1\n{other},2\n")
    assert column.values.tolist() == [value, 0.07 if "%" in written else 7]
    assert column.notes == (note,)


def test_truth_values_are_1_and_0() -> None:
    assert only("x,y\nTRUE,1\nFALSE,2\n").values.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5e-2", 0.05),
        ("−3", -3.0),
        ("+4", 4.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("007", 7.0),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ("-inf", -math.inf),
        ("∞", math.inf),
        ("1e999", math.inf),
        ("\u0661\u0662\u066b\u0665", 12.5),
        ("\u06f1\u06f2", 12.0),
        ("\uff11\uff12\uff0e\uff15", 12.5),
    ],
)
def test_numbers_can_be_written_in_many_ways(written: str, value: float) -> None:
    assert only(f"x,y\n{written},1\n7,2\n").values[0] == value


def test_infinite_values_are_counted_and_not_part_of_the_range() -> None:
    column = only("x,y\ninf,1\n2,2\n-inf,3\n5,4\n")
    assert (column.infinite, column.missing, column.low, column.high) == (2, 0, 2.0, 5.0)


def test_a_few_cells_of_text_count_as_missing_and_are_quoted() -> None:
    column = only("x,y\n1,1\nabc,2\n3,3\n")
    assert (column.data_type, column.missing) == (DataType.NUMBER, 1)
    assert column.notes == ("Not a number, counted as missing (1): “abc”.",)


def test_a_column_of_more_than_half_text_is_text() -> None:
    assert only("x,y,z\na,1,1\nb,2,2\n3,3,3\n").data_type is DataType.TEXT
    assert only("x,y,z\na,1,1\nb,2,2\n3,3,3\n4,4,4\n").data_type is DataType.NUMBER


def test_a_constant_column_is_recognized() -> None:
    x, y = read_table(b"x,y\n4,1\n4,2\n4,3\n").columns
    assert (x.is_constant, y.is_constant) == (True, False)


def test_a_mark_in_the_wrong_place_never_makes_a_wrong_number() -> None:
    table = read_table(b'x,y\n"1,234.5",1\n1.5,2\n2.5,3\n"1,5",2\n"12,34",3\n')
    assert np.isnan(table.columns[0].values).tolist() == [False] * 3 + [True] * 2


WRITTEN = {
    "Germany": "Größe;Preis €\r\n1.234,50;-2,5 €\r\n12.345,00;1.000,00 €\r\n".encode("cp1252"),
    "Switzerland": "x;y\r\n1'234.50;-2.5\r\n12’345.00;1'000\r\n".encode(),
    "France": "x;y\r\n1\u202f234,50;-2,5\r\n12\u202f345,00;1\u202f000\r\n".encode("utf-8-sig"),
    "France, Windows": "x;y\r\n1\xa0234,50;-2,5\r\n12\xa0345,00;1\xa0000\r\n".encode("cp1252"),
    "Sweden": "x;y\n1 234,50;−2,5\n12 345,00;1 000\n".encode(),
    "United States": b'x,y\n"1,234.50",-2.5\n"12,345.00","$1,000.00"\n',
    "accountants": b'x,y\n"$1,234.50 ",($2.50)\n"$12,345.00 "," 1,000.00 "\n',
    "India": b'x,y,z\n"1,234.50",-2.5,"1,23,456.5"\n"12,345.00","1,000","12,34,567"\n',
    "Excel's Unicode text": "x\ty\r\n1.234,5\t-2,5\r\n12.345\t1.000\r\n".encode("utf-16"),
    "a column of blanks": b"      x         y\n 1234.5      -2.5\n12345    1e3\n",
    "Japan": "体重,身長\n1234.5,-2.5\n12345,1000\n".encode("cp932"),
}
"""The same numbers as different countries write them."""


@pytest.mark.parametrize("country", WRITTEN)
def test_a_table_is_read_as_its_country_writes_it(country: str) -> None:
    x, y, *_ = read_table(WRITTEN[country]).columns
    assert (x.values.tolist(), y.values.tolist()) == ([1234.5, 12345], [-2.5, 1000])


def test_indian_thousands_are_read() -> None:
    assert only(WRITTEN["India"], "z").values.tolist() == [123456.5, 1234567]


def test_an_example_is_one_line() -> None:
    assert only('x,y,z\n"a\nb",1,2\n').refusal == "“x” holds text, e.g. “a b”."


def test_rows_that_are_too_long_are_left_out_and_counted() -> None:
    table = read_table(b"x,y\n1,2\n3,4,5\n6,7,8,9,10,11,12\n8,9\n")
    assert columns_of(table) == {"x": [1, 8], "y": [2, 9]}
    assert (table.row_count, table.too_long) == (2, 2)


def test_a_long_row_late_in_a_large_file_is_the_only_one_left_out() -> None:
    table = read_table(MANY + b"1,2,3,4,5,6,7,8,9\n1,2\n")
    assert (table.row_count, table.too_long) == (ROWS + 1, 1)
    assert table.columns[0].values[-2:].tolist() == [ROWS - 1, 1]


def test_short_rows_before_a_wide_one_are_read() -> None:
    # pandas' parser overflows: https://github.com/pandas-dev/pandas/issues/66657
    rows = ",".join("1" * 60) + "\n"
    table = read_table(rows * 210 + "1\n" * 900 + "9" * 9000 + "\n")
    assert (table.row_count, table.columns[0].infinite) == (1111, 1)


def test_a_first_row_that_is_too_long_is_left_out() -> None:
    table = read_table("1,2,3,4,5\n1,2\n3,4\n")
    assert (table.row_count, table.too_long) == (2, 1)


@pytest.mark.parametrize("long", ["1,2,3", "1,2,,4", "1,2,,,,,,8"])
@pytest.mark.parametrize("rows", range(8, 13))
def test_a_long_row_is_found_wherever_chunks_begin(
    rows: int, long: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linreg_gui.tables.text.letters_in_block", lambda width: 20)
    table = read_table("1,2\n" * rows + f"{long}\n" + "1,2\n" * 3)
    assert (table.row_count, table.too_long) == (rows + 3, 1)


@pytest.mark.parametrize("lines", [1, 4, 5, 6, 30])
def test_a_quoted_cell_of_many_lines_is_one_cell_wherever_chunks_begin(
    lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linreg_gui.tables.text.letters_in_block", lambda width: 30)
    note = "\n".join(["a line, and"] * lines)
    table = read_table("x,y,note\n" + f'1,2,"{note}"\n3,4,5" pipe\n' * 5)
    assert columns_of(table) == {"x": [1, 3] * 5, "y": [2, 4] * 5, "note": []}


def test_a_zero_byte_never_makes_a_wrong_number() -> None:
    table = read_table(MANY + b"3,4\x005\n\x006,7\n")
    assert [column.missing for column in table.columns] == [1, 1]
    assert "Not a number, counted as missing (1)" in table.columns[1].notes[0]


def test_rows_may_end_with_delimiters() -> None:
    table = read_table("x,y\n1,2\n3,4,\n5,6,,,\n7,8\n")
    assert (table.row_count, table.too_long) == (4, 0)


def test_the_cells_that_a_short_row_lacks_are_missing() -> None:
    table = read_table(b"x,y,z\n1,2,3\n4\n5,6,7\n")
    assert [column.missing for column in table.columns] == [0, 1, 1]


def test_blank_lines_and_rows_do_not_count() -> None:
    table = read_table(b"\n\nx,y\n\n1,2\n,\n3,4\n,\n\n")
    assert (table.row_count, table.columns[0].values.tolist()) == (2, [1, 3])


def test_one_row_is_a_table() -> None:
    assert columns_of(read_table(b"x,y\n1,2\n")) == {"x": [1], "y": [2]}


def test_the_preview_shows_cells_as_they_are_written() -> None:
    table = read_table("x;y\n1,50; 2\n?;3\n4;5\n")
    assert table.sample[:2] == [["1,50", "2"], ["?", "3"]]
    assert len(table.sample) == 3


def test_text_from_a_spreadsheet_is_read() -> None:
    assert columns_of(read_table("temp\tsales\r\n10,5\t52,1\r\n15\t61,4\r\n")) == {
        "temp": [10.5, 15.0],
        "sales": [52.1, 61.4],
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Nothing to read: the file is empty."),
        (b"\xef\xbb\xbf\r\n", "Nothing to read: the file is empty."),
        (b"x,y\n", "There are no data rows; the table needs numbers below its header."),
        (
            b"100\n101\n103\n",
            "There is only one numeric column; " + TWO_NEEDED,
        ),
        (
            b"a,b\nc,d\n",
            "There is no numeric column; " + TWO_NEEDED,
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "This is not a table; open a CSV or text file, or a workbook (.xlsx, .ods).",
        ),
        (
            bytes(range(256)),
            "This is not a table; open a CSV or text file, or a workbook (.xlsx, .ods).",
        ),
        (
            gzip.compress(MANY, mtime=0)[:1000],
            "The compressed file is damaged; copy it again, or unpack it first.",
        ),
        (b"\x1f\x8bxyz", "The compressed file is damaged; copy it again, or unpack it first."),
        (
            b'x,y\n1,2,3\n1,"2\n3,4\n',
            "A quote is opened and never closed; close it, or choose to read without quotes.",
        ),
        (
            b'x,y\n1,"2\n3,4\n',
            "A quote is opened and never closed; close it, or choose to read without quotes.",
        ),
        (b",".join([b"1"] * 1001), "The table has more than 1,000 columns; use only a part of it."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            OLD_EXCEL,
        ),
    ],
)
def test_a_sentence_says_why_a_table_cannot_be_used(content: bytes, sentence: str) -> None:
    assert refused(content) == sentence


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<!DOCTYPE html>\n<table><tr><td>1</td></tr></table>", "HTML"),
        (b"\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "HTML"),
        (b"<?xml version='1.0'?><office:document xmlns:office='urn:opendocument'>", "OpenDocument"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument"),
        (b"<?xml version='1.0'?><rows/>", "XML"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)
def test_other_formats_are_refused_by_name(head: bytes, name: str) -> None:
    sentence = f"This is in the format {name}; save the table as .xlsx or CSV."
    assert refused(head) == sentence


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[{"x": 1, "y": 2.5}, {"x": 2, "y": null}]', {"x": [1, 2], "y": [2.5, None]}),
        ('{"x": 1, "y": 2.5}\n{"y": 4, "x": 2}\n', {"x": [1, 2], "y": [2.5, 4]}),
        ('{"x": [1, 2], "y": [2.5, 3e3]}', {"x": [1, 2], "y": [2.5, 3000]}),
        ('[{"2023": 1, "2024": 1234.567}]', {"2023": [1], "2024": [1234.567]}),
        ('[["x", "y"], [1, 2.5], [2, true]]', {"x": [1, 2], "y": [2.5, 1]}),
    ],
)
def test_json_is_read(content: str, expected: dict[str, list[float | None]]) -> None:
    table = read_table(content.encode())
    found = {
        name: [None if math.isnan(value) else value for value in values]
        for name, values in columns_of(table).items()
    }
    assert (found, table.remarks) == (expected, ())


def test_json_that_is_no_table_is_refused() -> None:
    assert refused('{"x": 3').startswith("There are no data rows")
    assert refused("[[1, 2], 3]") == "This JSON is not a table; it has to be a list of records."


def test_a_final_ctrl_z_is_not_part_of_the_table() -> None:
    for end in ("\x1a", "\r\n\x1a"):
        table = read_table(f"x,y\r\n1,2\r\n2,3{end}".encode())
        assert columns_of(table) == {"x": [1, 2], "y": [2, 3]}


def test_a_quoted_cell_may_be_long_but_not_endless() -> None:
    table = read_table(MANY.replace(b",1.5\n", b",1.5\n") + b'1,"' + b"a" * 200_000 + b'"\n')
    assert (table.row_count, table.columns[1].missing) == (ROWS + 1, 1)
    assert refused(b'x,y\n1,2,3\n1,"' + b"a\n" * 600_000 + b'"\n').startswith(
        "A cell has more than 1,000,000 letters; if a quote is opened and never closed, close it"
    )


def test_what_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "A line has more than 1,000,000 letters; this is not a table."
    assert refused(gzip.compress(b"0" * 2_000_000, 1)) == sentence
    assert refused(b"x,y\n1,2\n" + b"9" * 2_000_000) == sentence
    assert refused(b"," * 2_000_000) == sentence
    assert refused(b"a" * 2_000_000) == sentence
    assert refused(b"x,y\n" + b'1,"a\n"\n' * 9 + b'"a\n",' * 300_000) == sentence
    monkeypatch.setattr("linreg_gui.tables.text.MOST_LINES", 100_000)
    assert refused(b"x,y\n" + (b"1,2\n" + b"\n" * 999) * 101) == (
        "The table is too large: more than 100,000 lines; use only a part of it."
    )


def test_rows_that_are_left_out_count_as_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.tables.table.MOST_CELLS", 1000)
    sentence = "The table is too large: more than 1,000 cells; use only a part of it."
    assert refused(b"x,y\n" + b"1,2\n" * 400 + b"1,2,3\n" * 100) == sentence
    assert refused(b"x y\n" + b"1 2\n" * 400 + b"1\n" * 200) == sentence


def test_cells_that_rows_lack_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.tables.table.MOST_CELLS", 3_000_000)
    names = ",".join(f"n{index}" for index in range(1000)).encode()
    tracemalloc.start()
    try:
        with pytest.raises(TableError, match="more than 3,000,000 cells"):
            read_table(names + b"\n" + b"1\n" * 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("delimiter", [",", " "])
def test_a_row_in_quotes_may_be_cut_anywhere(delimiter: str) -> None:
    rows = "".join(f'{row}{delimiter}"a\n{row}\n"{delimiter}{2 * row}\n' for row in range(60_000))
    table = read_table(f"x{delimiter}t{delimiter}y\n{rows}".encode())
    assert (table.row_count, table.too_long, table.too_short) == (60_000, 0, 0)
    assert np.array_equal(table.columns[2].values, 2 * np.arange(60_000))


@pytest.mark.parametrize(
    "content",
    [
        b"<!-- -->" * 240 + b"<x\n1,2\n3,4\n",
        b"x," * 999 + b"x\n" + b"1," * 999 + b"2\n",
        b"a   " + b"x " * 60_000 + b"\n" + b"1 2 3\n" * 20_000,
        b"x,y\n" + b"1,2\n" * 100_000 + (b"," * 999_000 + b"\n") * 2,
    ],
    ids=["comments of HTML", "the same name", "gaps", "commas"],
)
def test_what_could_be_tried_for_ever_ends(content: bytes) -> None:
    assert read_table(content).columns


def test_a_line_with_very_many_cells_takes_no_time() -> None:
    table = read_table(MANY + b"," * 900_000 + b"1\n")
    assert (table.row_count, table.too_long) == (ROWS, 1)


def test_a_stray_byte_does_not_change_the_other_letters() -> None:
    content = "größe;y\n".encode() + b"1;2\n" * 30_000 + b"3;caf\xe9\n5;6\n"
    for chosen in ({}, {"encoding": "utf-8"}):
        table = read_table(content, **chosen)
        assert table.columns[0].name == "größe"
        assert [remark.sentence for remark in table.remarks] == [
            "1 letter is not valid in UTF-8 and is shown as “\ufffd”."
        ]


def test_a_sentence_says_that_the_clipboard_is_empty() -> None:
    assert refused(" \n") == "Nothing to read: the clipboard is empty."


def test_a_sentence_says_why_a_path_cannot_be_opened(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.csv") == "There is no file “no.csv”; it may have been moved."
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path / "folder") == "“folder” is a folder; choose a file in it."
    assert refused(Path("/dev/zero")) == "“zero” is not a file; save its content as one first."


def test_a_sentence_says_that_permission_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.csv"
    path.write_bytes(MANY)
    monkeypatch.setattr(Path, "open", forbid)
    assert refused(path) == "You do not have permission to read “a.csv”. Ask its owner, or copy it."


def test_a_sentence_says_that_the_disk_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.FileIO):
        def readinto(self, _: object) -> int:
            raise OSError(5, "Input/output error")

    path = tmp_path / "a.csv"
    path.write_bytes(MANY)
    steps = reading(path)
    assert isinstance(next(steps), Dialect)
    monkeypatch.setattr(Path, "open", lambda file, *_, **__: Failing(file))
    with pytest.raises(TableError, match=r"“a\.csv” cannot be read: Input/output error\."):
        next(steps)


@pytest.mark.parametrize(("worked", "passed"), [(5, 6), (2, 21)])
def test_reading_ends_in_time_however_busy_the_processor_is(worked: int, passed: int) -> None:
    source = TableSource(b"")
    source.check()
    source._worked -= worked
    source._passed -= passed
    with pytest.raises(StoppedError, match=f"In the last {passed} seconds no number was found"):
        source.check()
    source.note_progress(1)
    source.check()


def test_a_slow_disk_ends_nothing() -> None:
    source = TableSource(b"")
    source._passed -= 1000
    source.check()


def test_reading_ends_if_the_processor_works_long_and_finds_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linreg_gui.tables.source.MOST_SECONDS", 0)
    assert refused(b"x,y\na,b\n" * 100_000) == (
        "In the last 0 seconds no number was found; use only a part of the table."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"x,y\n" + b"1,2\n" * 70_000 + b"\n" * 30_000_000,
        b"x,y\n1,2\n" + b"1,2,3\n" * 1_000_000,
        gzip.compress(b"x,y\n1,2\n" + b"1,2,3\n" * 1_000_000, 1),
        b"[" + b'{"x": 1, "y": 2},' * 300_000 + b'{"x": 1, "y": 3}]',
        workbook(sheet(SHEET_ROWS, " " * 30_000_000)),
        workbook(sheet(SHEET_ROWS), texts=["<sst>", "<si/>" * 3_000_000, "</sst>"]),
    ],
    ids=["blank lines", "long rows", "gzip", "JSON", "workbook", "texts"],
)
def test_reading_can_be_canceled_at_any_moment(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "table"
    file.write_bytes(content)
    asked: list[bool] = []

    def is_canceled() -> bool:
        asked.append(len(asked) >= 6)
        return asked[-1]

    with pytest.raises(StoppedError, match="canceled"):
        list(reading(file, is_canceled))
    assert asked == [False] * 6 + [True]


def test_a_file_of_the_system_that_says_it_is_empty_is_read() -> None:
    file = Path("/proc/self/mountinfo")
    if not file.exists():
        pytest.skip("only Linux has such files")
    assert file.stat().st_size == 0
    assert read_table(file).row_count


def test_a_sentence_says_that_the_encoding_is_wrong() -> None:
    content = "größe,y\n1,2\n".encode("cp1252")
    with pytest.raises(TableError, match="not in the encoding UTF-8; choose another"):
        read_table(content, encoding="utf-8")
    with pytest.raises(TableError, match="“klingon” is not known"):
        detect(content, encoding="klingon")


@pytest.mark.parametrize("has_header", [True, False])
def test_lines_skipped_past_the_end_leave_no_rows(has_header: bool) -> None:
    content = b"x,y\n1,2\n"
    table = read_table(content, skip=99, has_header=has_header)
    assert table.complaint.startswith("There are no data rows")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_without_its_byte_order_mark_an_encoding_is_wrong(encoding: str) -> None:
    with pytest.raises(WrongEncodingError, match=r"not in the encoding UTF-.* with BOM; choose"):
        detect(b"x,y\n1,2\n", encoding=encoding)


def test_a_letter_of_a_code_page_late_in_the_file_is_read() -> None:
    table = read_table(MANY + "1,2\nmüde,3\n".encode("cp1252"))
    assert table.dialect.encoding == "cp1252"
    assert table.row_count == ROWS + 2
    table = read_table(MANY + "1,2,3\nmüde,3\n".encode("cp1252"))
    assert (table.dialect.encoding, table.too_long) == ("cp1252", 1)


def test_a_table_that_was_read_wrongly_can_be_shown_and_corrected() -> None:
    content = b"x;y\n1.5;2\n2.5;3\n"
    assert read_table(content, delimiter=",").sample == [["1.5;2"], ["2.5;3"]]
    corrected = read_table(content, delimiter=";")
    assert columns_of(corrected) == {"x": [1.5, 2.5], "y": [2, 3]}


def test_every_field_of_the_dialect_can_be_chosen() -> None:
    dialect = Dialect(delimiter=" ", quote="", decimal="'", thousands=".", skip=1, has_header=False)
    table = read_table(b"x y\n1.000'5 2\n", **vars(dialect))
    assert columns_of(table) == {"column 1": [1000.5], "column 2": [2]}
    assert table.dialect == dialect


@pytest.mark.parametrize(
    "content", [BOM, DUPLICATE_HEADERS, SEMICOLON, gzip.compress(TEXT_COLUMN, mtime=0)]
)
def test_a_file_is_never_changed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    path.chmod(0o444)
    before = path.stat()
    read_table(path)
    after = path.stat()
    assert path.read_bytes() == content
    assert (after.st_mtime_ns, after.st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)
    assert list(tmp_path.iterdir()) == [path]


def test_the_dialect_is_yielded_before_the_rows_are_read() -> None:
    assert next(reading("x;y\n1;2\n")) == Dialect(delimiter=";", decimal=",")


def test_progress_rises_to_1() -> None:
    shares = [step for step in reading(MANY) if isinstance(step, float)]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("steps", range(4))
def test_a_file_is_closed_wherever_reading_ends_early(steps: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(MANY)
    assert not is_left_open(path, steps)


def test_memory_holds_the_numbers_and_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.tables.text.letters_in_block", lambda width: 100_000)
    rows = 5000
    source = "".join(f"{'n' * 1000}{row};{row};2\n" for row in range(rows)).encode()
    read_table(b"1,2\n")  # pandas is imported
    tracemalloc.start()
    table = read_table(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert table.row_count == rows
    assert peak < 0.6 * len(source)


def test_a_table_that_would_not_fit_into_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.tables.table.MOST_CELLS", 1000)
    assert refused(MANY) == "The table is too large: more than 1,000 cells; use only a part of it."


def test_no_warning_is_silenced() -> None:
    before = list(warnings.filters)
    read_table(b"x,y\n1,2,3\n4,5\n")
    assert warnings.filters == before


def test_libraries_are_imported_only_to_read() -> None:
    done = run_python(
        "import sys, linreg_gui.tables.reading\n"
        "print({'pandas', 'openpyxl', 'PySide6', 'mxnet'} & set(sys.modules))"
    )
    assert done.stdout == "set()\n"
