"""What is not certain about a table is said, with the other way to read it; nothing shifts."""

import io
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import TrainingConfig
from linreg_gui.tables.reading import read_columns, read_table, select
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests import open_documents

GAPS = "t\tA\tB\n0\t1\t\n1\t\t10\n2\t3\t\n3\t\t8\n4\t5\t\n5\t\t6\n"
YEARS = "region,2023,2024\nEMEA,10,20\nAPAC,5,6\nAMER,8,15\nAFR,2,3\n"
WORDS = "x y z\n1 2 3\n2   5\n3 6 7\n4 8 9\n5 10 11\n"
POINTS = "n;rt\n5;1.234\n7;2.987\n6;1.456\n9;1.750\n"
CODES = "x,y\n20,1500\n25,-999\n30,2500\n35,-999\n40,3500\n45,4000\n"
PREAMBLE = (
    "Model,MSO2024\nFirmware,1.2\nPoints,1000\nDate,2024-01-01\nNote,abc\nTIME,CH1\n0,1\n1,3\n2,5\n"
)
CITIES = (
    "city          pop   area\n"
    "New York      8.4   783\n"
    "Boston        0.7   232\n"
    "Los Angeles   3.9  1214\n"
)
READ_AS_NAMES = "The first row (region, 2023, 2024) is read as names; it may be numbers."


def as_workbook(text: str, delimiter: str) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for line in text.splitlines():
        cells = line.split(delimiter)
        book.active.append([float(cell) if is_number(cell) else cell or None for cell in cells])
    book.save(content)
    return content.getvalue()


def is_number(text: str) -> bool:
    return text.replace(".", "").removeprefix("-").isdigit()


def fit(data: Dataset) -> tuple[float, float]:
    design = np.column_stack([data.features, np.ones(data.size)])
    weight, bias = np.linalg.lstsq(design, data.target, rcond=None)[0]
    return round(float(weight), 4), round(float(bias), 4)


def chosen(table: Table, feature: str, target: str) -> Dataset:
    names = [column.name for column in table.columns]
    return select(table, [names.index(feature)], names.index(target), "table")


@pytest.mark.parametrize(
    ("text", "delimiter", "columns", "expected", "skipped", "remarks"),
    [
        (GAPS, "\t", ("t", "A"), (1, 1), 3, ()),
        (YEARS, ",", ("2023", "2024"), (2.2041, -2.7755), 0, (READ_AS_NAMES,)),
        (PREAMBLE, ",", ("TIME", "CH1"), (2, 1), 0, ()),
        (
            CODES,
            ",",
            ("x", "y"),
            (128.56, -2594.5333),
            0,
            ("“y” has the number −999 2 times, far from all others; it may mean “missing”.",),
        ),
        ("x,y\nm,s\n1,3\n2,5\n3,7\n", ",", ("x (m)", "y (s)"), (2, 1), 0, ()),
    ],
)
@pytest.mark.parametrize("kind", ["file", "pasted", "workbook", "batch"])
def test_the_right_examples_are_read_and_doubts_are_said(
    text: str,
    delimiter: str,
    columns: tuple[str, str],
    expected: tuple[float, float],
    skipped: int,
    remarks: tuple[str, ...],
    kind: str,
    tmp_path: Path,
) -> None:
    feature, target = columns
    if kind == "batch":
        file = tmp_path / "table.csv"
        file.write_text(text)
        data = read_columns(file, (feature,), target)
    else:
        sources: dict[str, bytes | str] = {
            "file": text.encode(),
            "workbook": as_workbook(text, delimiter),
            "pasted": text,
        }
        data = chosen(read_table(sources[kind]), feature, target)
    assert fit(data) == pytest.approx(expected, abs=1e-3)
    assert (data.skipped.rows, data.remarks) == (skipped, remarks)


@pytest.mark.parametrize(
    ("text", "columns", "expected", "skipped", "remarks"),
    [
        (WORDS, ("x", "y"), (2, 0), 1, ()),
        (
            CITIES,
            ("pop", "area"),
            (60.6549, 480.162),
            0,
            ("Columns are told apart by where they stand in the line; check the first rows.",),
        ),
        (
            "city a b\nNew York 8 17\nBoston 7 5\nSan Jose 9 19\nLos Angeles 3 7\n",
            ("a", "b"),
            (2, 1),
            1,
            ("The first row has another number of cells than the others; check the names.",),
        ),
        (
            "Height (cm) Weight (kg)\n1 2\n2 4\n3 6\n",
            ("column 1", "column 2"),
            (2, 0),
            0,
            ("The names in the first row do not fit the columns and are left out.",),
        ),
        (
            POINTS,
            ("n", "rt"),
            (0.1637, 0.7515),
            0,
            ("“1.234” is read as 1.234; it may also be 1234.",),
        ),
        (
            "1,2\n2,4\n3,6\n",
            ("column 1", "column 2"),
            (2, 0),
            0,
            (
                "“1,2” is read as 2 cells; it may also be one number.",
                "No names were found: the first row (1, 2) is read as numbers.",
            ),
        ),
        *(
            (
                f"x{mark}y\n1{mark}2\n2{mark}4\n3{mark}6\n",
                ("x", "y"),
                (2, 0),
                0,
                (f"Cells are taken to be separated by “{mark}”; check the first rows.",),
            )
            for mark in ":^~"
        ),
        *((f"{mark} x y\n1 2\n2 4\n3 6\n", ("x", "y"), (2, 0), 0, ()) for mark in "#%~"),
    ],
)
def test_text_is_read_without_a_shift(
    text: str,
    columns: tuple[str, str],
    expected: tuple[float, float],
    skipped: int,
    remarks: tuple[str, ...],
) -> None:
    data = chosen(read_table(text), *columns)
    assert fit(data) == pytest.approx(expected, abs=1e-3)
    assert (data.skipped.rows, data.remarks) == (skipped, remarks)


@pytest.mark.parametrize("words", ["2 5", "2 4 6 8"])
def test_rows_with_another_number_of_words_are_left_out(words: str) -> None:
    rows = "1 2 3\n3 6 7\n14 8 9\n"
    table = read_table(f"x y z\n{rows}{words}\n")
    assert (table.row_count, table.too_short + table.too_long) == (3, 1)
    assert table.dialect.delimiter == " "


@pytest.mark.parametrize(
    ("text", "correction", "values"),
    [
        (YEARS, {"has_header": False}, [2023, 10, 5, 8, 2]),
        ("5,6,7\n1,2,3\n", {"has_header": True}, [2]),
        (POINTS, {"decimal": ",", "thousands": "."}, [1234, 2987, 1456, 1750]),
        ("n\trt\n5\t1,234\n", {"decimal": ",", "thousands": "."}, [1.234]),
        (CODES, {"missing": ("-999",)}, [1500, None, 2500, None, 3500, 4000]),
        (CITIES, {"delimiter": " "}, [8.4, 3.9]),
    ],
)
def test_the_offer_is_the_other_way_to_read_the_table(
    text: str, correction: dict[str, object], values: list[float | None]
) -> None:
    table = read_table(text)
    (remark,) = table.remarks_on(range(len(table.columns)))
    assert remark.offer
    assert remark.correction == correction
    corrected = read_table(text, **remark.correction)
    column = corrected.columns[2 if text is CITIES else 1]
    assert [None if np.isnan(each) else each for each in column.values] == values
    assert remark not in corrected.remarks_on(range(len(table.columns)))


@pytest.mark.parametrize(
    "text",
    ["0,0", "1,2\n", "1;2;3", "1,5;2,5", "1 2 3", "1\t2", "1 000,5", "2023,2024", "[[1, 2]]"],
)
@pytest.mark.parametrize("kind", ["file", "pasted", "batch"])
def test_a_single_row_of_numbers_is_refused(text: str, kind: str, tmp_path: Path) -> None:
    sentence = (
        "There is only one row of numbers, without names; write each example in a row of its own."
    )
    if kind == "batch":
        file = tmp_path / "table.csv"
        file.write_text(text)
        with pytest.raises(TableError, match=sentence):
            read_columns(file, (), "")
    else:
        assert read_table(text if kind == "pasted" else text.encode()).complaint == sentence
    assert read_table(f"{text.replace('2', '3')}\n{text}").complaint != sentence


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,5\n0,7\n", [0.5, 0.7]),
        ("1,5\n2,25\nSumme\n", [1.5, 2.25, None]),
        ("1 234\n2 345\nSource: a yearbook\n", [1234, 2345, None]),
        ("1,234,567\n2,345,678\n", [1234567, 2345678]),
    ],
)
def test_cells_that_may_be_one_number_are_named(text: str, values: list[float | None]) -> None:
    table = read_table(text)
    remark = table.remarks[0]
    written = text.split("\n", maxsplit=1)[0]
    count = len(written.replace(" ", ",").split(","))
    assert remark.sentence == (f"“{written}” is read as {count} cells; it may also be one number.")
    (column,) = read_table(text, **remark.correction).columns
    assert [None if np.isnan(each) else each for each in column.values] == values


@pytest.mark.parametrize(
    "text", ["x,y\n0,5\n0,7\n", "1,5\n2,\n3,7\n", "1,-2\n3,4\n", '"1","2"\n3,4\n']
)
def test_cells_that_cannot_be_one_number_are_not_named(text: str) -> None:
    assert not any("one number" in remark.sentence for remark in read_table(text).remarks)


@pytest.mark.parametrize("header", ["x,y", "x,y,z,w,more"])
def test_a_header_of_another_length_is_named(header: str) -> None:
    (remark,) = read_table(f"{header}\n1,2,3\n4,5,6\n").remarks
    assert remark.sentence == (
        "The first row has another number of cells than the others; check the names."
    )
    assert read_table("x,y\n1,2,\n4,5,\n").remarks == ()


def test_a_table_above_another_is_named() -> None:
    text = "x,y\n1,2\n\nz,w\n3,4\n5,6\n"
    (remark,) = read_table(text).remarks
    assert remark.sentence == "Rows of numbers above the row of names are left out."
    x = read_table(text, **remark.correction).columns[0]
    assert (x.name, x.missing, x.values[0]) == ("x", 1, 1)


def test_a_comment_above_a_marked_header_is_no_header() -> None:
    table = read_table("# a comment here\n# x y\n1 2\n2 3\n")
    assert [column.name for column in table.columns] == ["x", "y"]
    assert (table.row_count, table.too_long, table.remarks) == (2, 0, ())


OSLO = "place,x,y\nOslo,1,2\nRome,3,5\nBern,7,1\n"


@pytest.mark.parametrize(
    ("end", "read", "left_out", "offers"),
    [
        (
            "Total,11,8\n",
            "The row “Total” at the end is read as an example; it may be a sum or a mean.",
            "The row “Total” at the end is left out.",
            ("Leave it out", "Read it"),
        ),
        (
            "Mean,3.7,2.7\nMax,7,5\nSource: a yearbook,,\n",
            "The rows from “Mean” on are read as examples; they may be sums or means.",
            "The rows from “Mean” on are left out.",
            ("Leave them out", "Read them"),
        ),
        (
            "Σύνολο,11,8\n",
            "The last row with numbers is read as an example; it holds the sums of the others.",
            "The last row with numbers, which holds the sums of the others, is left out.",
            ("Leave it out", "Read it"),
        ),
    ],
)
@pytest.mark.parametrize("kind", ["file", "pasted", "workbook", "batch"])
def test_sums_at_the_end_are_named_and_left_out_by_one_click(
    end: str, read: str, left_out: str, offers: tuple[str, str], kind: str, tmp_path: Path
) -> None:
    text = f"{OSLO}{end}"
    if kind == "batch":
        file = tmp_path / "table.csv"
        file.write_text(text)
        assert read in read_columns(file, ("x",), "y").remarks
        data = read_columns(file, ("x",), "y", sums=False)
        assert (data.size, data.skipped.rows, data.remarks) == (3, 0, (left_out,))
        return
    source: bytes | str = as_workbook(text, ",") if kind == "workbook" else text
    table = read_table(source.encode() if kind == "file" and isinstance(source, str) else source)
    (remark,) = table.remarks
    assert (remark.sentence, remark.offer) == (read, offers[0])
    table = read_table(source, **remark.correction)
    (remark,) = table.remarks
    assert (remark.sentence, remark.offer) == (left_out, offers[1])
    assert table.columns[1].values.tolist() == [1, 3, 7]
    assert read_table(source, **remark.correction).remarks[0].sentence == read


def test_sums_are_named_only_if_they_may_be_sums() -> None:
    for text in (
        "place,x,y\nOslo,1,2\nTotal,3,4\nRome,4,6\n",
        "name,x,y\nAnna,1,2\nMax,2,5\n",
        "x,y\n1,2\n2,4\n3,6\n",
        "x,y\n1,2\n2,4\n3,6\n6,13\n",
        "x,y\n0,1\n0,2\n0,3\n0,5\n",
    ):
        assert read_table(text).remarks == ()


def test_sums_are_found_wherever_the_pieces_of_a_file_end() -> None:
    rows = "".join(f"Oslo,{row},{row % 7}\n" for row in range(100_000))
    total = f"Total,{sum(range(100_000))},{sum(row % 7 for row in range(100_000))}\n"
    for notes in range(0, 19, 6):
        table = read_table("place,x,y\n" + rows + total + "a note,,\n" * notes)
        assert [remark.offer for remark in table.remarks] == ["Leave it out"]
        assert table.columns[1].values[:3].tolist() == [0, 1, 2]
        assert table.row_count == 100_001 + notes


def test_sums_that_are_no_example_are_not_named() -> None:
    table = read_table("place,x,y,z\nOslo,1,2,3\nRome,3,4,5\nTotal,4,,8\n")
    (remark,) = table.remarks
    assert table.remarks_on((1, 3)) == [remark]
    assert table.remarks_on((1, 2)) == []


MANY = "5;1.234\n6;2.345\n" * 300


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"n;rt\n{MANY}7;0.5\n", 1.234),
        (f"n;rt\n{MANY}7;0,5\n", 1234),
        (f"n;rt\n{MANY}7;1.234.567\n", 1234),
        ("n;rt\n8;1.5\n" + "5;1\n6;2\n" * 300, 1.5),
        ("n;rt\n" + "5;1\n6;2\n" * 300 + "7;0.5\n", 1),
    ],
)
def test_a_number_far_below_settles_what_the_marks_mean(text: str, first: float) -> None:
    table = read_table(text)
    assert table.columns[1].values[0] == first
    assert table.columns[1].missing == 0
    assert table.remarks == ()


@pytest.mark.parametrize(
    ("chosen", "value"),
    [({"thousands": ""}, 1.234), ({"thousands": "."}, 1234), ({"decimal": ","}, 1234)],
)
def test_a_chosen_mark_leaves_no_doubt(chosen: dict[str, str], value: float) -> None:
    table = read_table("x;y\n1.234;2\n2.345;3\n", **chosen)
    assert (table.columns[0].values[0], table.remarks) == (value, ())


def test_percent_signs_in_some_cells_are_refused() -> None:
    for text in ("x,y\n12%,1\n13,2\n14%,3\n15%,4\n", "x,y\n(12%),1\n13,2\n"):
        assert read_table(text).columns[0].refusal == (
            "“x” has percent signs in some cells only; write all in one way."
        )
    assert read_table("x,y\n12%,1\n13%,2\n").columns[0].values.tolist() == [0.12, 0.13]


@pytest.mark.parametrize(
    "code", ["-999", "-99", "9999", "1e20", "-999.25", "-9999.0", "-1e30", "-888", "-32768"]
)
def test_codes_for_missing_values_are_found(code: str) -> None:
    text = f"x,y\n1,10\n2,12\n3,{code}\n4,15\n5,11\n"
    (remark,) = read_table(text).columns[1].remarks
    assert "it may mean “missing”" in remark.sentence
    y = read_table(text, **remark.correction).columns[1]
    assert (y.missing, y.low, y.high, y.remarks) == (1, 10, 15, ())


@pytest.mark.parametrize(
    "values",
    ["1 50 70 99", "-99 -50 0 50 99", "990 994 996 999", "1 2 300", "-99", "1e20 2e20 3e20"],
)
def test_numbers_near_the_others_are_no_codes(values: str) -> None:
    rows = "".join(f"{index},{value}\n" for index, value in enumerate(values.split()))
    assert read_table(f"x,y\n{rows}").columns[1].remarks == ()


def test_a_word_can_be_declared_missing() -> None:
    column = read_table("x,y\n1,2\nill,3\n4,5\n", missing=("ill",)).columns[0]
    assert (column.missing, column.notes) == (1, ("Counted as missing: “ill”.",))


def test_remarks_and_notes_on_chosen_columns_are_among_the_messages_of_a_run() -> None:
    table = read_table("a,x,y\n-999,$1,10\n5,$2,20\n6,$3,9999\n7,$4,40\n")
    data = chosen(table, "x", "y")
    run, _ = prepare_run(1, TrainingConfig(data=data, batch_size=2, epochs=1))
    assert run.messages[:2] == [
        "“y” has the number 9999, far from all others; it may mean “missing”.",
        "“x”: “$1” is read as 1.",
    ]


@pytest.mark.parametrize("row", ["A,1,", "m,2,s", "A,,3", "cm,kg?,3"])
def test_a_row_of_examples_is_no_row_of_units(row: str) -> None:
    assert read_table(f"name,x,y\n{row}\nB,2,3\nC,4,5\n").row_count == 3


def test_a_column_is_found_without_its_unit(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("x,y\ncm,[kg/m^3]\n1,2\n2,4\n")
    data = read_columns(file, ("x",), "y")
    assert (data.feature_names, data.target_name) == (("x (cm)",), "y (kg/m^3)")
    assert data.skipped.total == 2


def test_a_column_of_a_fixed_width_may_have_cells_in_its_first_rows_only() -> None:
    table = read_table(
        "place     x0  x1  x2\nAnna      1   2   3\nNew York  4   5   6\nAnna              7\n"
        "Anna\nAnna      8       9\nNew York  1       2\n"
    )
    assert [column.name for column in table.columns] == ["place", "x0", "x1", "x2"]
    assert table.columns[2].values[:2].tolist() == [2, 5]


def test_chosen_fields_reach_a_table_read_by_names(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(CODES)
    data = read_columns(file, ("x",), "y", missing=("-999",))
    assert fit(data) == pytest.approx((100, -500))
    with pytest.raises(TableError):
        read_columns(file, ("x",), "y", delimiter=";")


def test_hidden_rows_are_left_out_and_counted() -> None:
    book, content = Workbook(), io.BytesIO()
    book.active.append(("x", "y"))
    for numbers in ((1, 2), (2, 99), (3, 6), (4, 8)):
        book.active.append(numbers)
    for row in (3, 9):
        book.active.row_dimensions[row].hidden = True
    book.save(content)
    table = read_table(content.getvalue())
    (remark,) = table.remarks
    assert remark.sentence == "1 hidden row is left out."
    assert table.columns[1].values.tolist() == [2, 6, 8]
    table = read_table(content.getvalue(), **remark.correction)
    assert (table.columns[1].values.tolist(), table.remarks) == ([2, 99, 6, 8], ())


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize(
    ("last", "values", "is_sure"),
    [
        ("2.345", [1.234, 2.345], False),
        ("0.5", [1.234, 0.5], True),
        ("1.234.567", [1234, 1234567], True),
        ("0,5", [1234, 0.5], True),
    ],
)
def test_all_cells_decide_on_the_marks_in_a_workbook_too(
    kind: str, last: str, values: list[float], is_sure: bool
) -> None:
    rows = [("n", "x"), *((str(number), "1.234") for number in range(5, 505)), ("505", last)]
    if kind == "csv":
        content = "\n".join("\t".join(cells) for cells in rows).encode()
    elif kind == "ods":
        sheet = open_documents.sheet(*(open_documents.row(*cells) for cells in rows))
        content = open_documents.zipped(sheet)
    else:
        book, file = Workbook(), io.BytesIO()
        for cells in rows:
            book.active.append(cells)
        book.save(file)
        content = file.getvalue()
    table = read_table(content)
    assert table.columns[1].values[[0, -1]].tolist() == values
    assert any("may also be" in remark.sentence for remark in table.remarks) is not is_sure


def test_hidden_columns_are_left_out_and_counted() -> None:
    book, content = Workbook(), io.BytesIO()
    for cells in (("x", "old", "older", "y"), (1, 7, 8, 0.5), (2, 7, None, 0.25)):
        book.active.append(cells)
    for letter in "BCF":
        book.active.column_dimensions[letter].hidden = True
    for row in (2, 3):
        book.active.cell(row, 4).number_format = "0%"
    book.save(content)
    table = read_table(content.getvalue())
    (remark,) = table.remarks
    assert remark.sentence == "2 hidden columns are left out."
    assert [column.name for column in table.columns] == ["x", "y"]
    assert table.columns[1].values.tolist() == [0.5, 0.25]
    table = read_table(content.getvalue(), **remark.correction)
    assert [column.name for column in table.columns] == ["x", "old", "older", "y"]
    assert table.remarks == ()


@pytest.mark.parametrize(
    ("shown", "is_refused"), [(["A2", "A4"], True), (["A2", "A3", "A4"], False)]
)
@pytest.mark.parametrize("code", ["0%", "0.000%"])
def test_a_workbook_that_shows_some_cells_as_percent_is_refused_too(
    shown: list[str], is_refused: bool, code: str
) -> None:
    book, content = Workbook(), io.BytesIO()
    book.active.append(("x", "y"))
    for numbers in ((0.12, 1), (13, 2), (0.14, 3)):
        book.active.append(numbers)
    for cell in shown:
        book.active[cell].number_format = code
    book.save(content)
    refusal = read_table(content.getvalue()).columns[0].refusal
    assert bool(refusal) is is_refused
    assert "percent signs in some cells only" in refusal or not is_refused


def test_formulas_without_results_are_named() -> None:
    sentence = (
        "Formulas in this workbook have no stored results; open it in a spreadsheet and save it."
    )
    with pytest.raises(TableError, match=sentence):
        read_table(as_workbook("x,y\n1,=A2\n2,=A3\n", ","))
    (remark,) = read_table(as_workbook("x,y\n1,2\n2,=A3\n3,5\n", ",")).remarks
    assert remark.sentence == sentence


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (("12%", "13", "14%"), "“y” has percent signs in some cells only; write all in one way."),
        (("1 €", "2 $", "3 €"), "“y” mixes currencies; convert them into one."),
        (
            ("12 cm", "13 cm", "1 m"),
            "“y” holds units, e.g. “12 cm”; leave them out to use the numbers.",
        ),
    ],
)
def test_if_numbers_are_written_oddly_a_table_is_refused_for_that(
    cells: tuple[str, ...], sentence: str
) -> None:
    text = "".join(f"{row},{cell}\n" for row, cell in enumerate(cells))
    assert read_table(f"x,y\n{text}").complaint == sentence
    assert read_table(f"x,z,y\n{text.replace(',', ',5,')}").complaint == ""
