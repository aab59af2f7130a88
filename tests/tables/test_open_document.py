"""Tests of OpenDocument spreadsheets, zipped and flat."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from linreg_gui.tables.number_formats import DataType
from linreg_gui.tables.reading import read_table
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests.open_documents import MIME_TYPE, flat, number, row, sheet, words, zipped


def both(*sheets: str, **chosen: object) -> Table:
    """Return the table as both kinds of files give it."""
    table, same = read_table(zipped(*sheets), **chosen), read_table(flat(*sheets), **chosen)
    assert numbers(table) == numbers(same)
    assert table.remarks == same.remarks
    assert (table.dialect, table.sheets) == (same.dialect, same.sheets)
    return table


def numbers(table: Table) -> dict[str, list[float]]:
    return {column.name: column.values.tolist() for column in table.columns}


def refused(content: bytes) -> str:
    with pytest.raises(TableError) as error:
        read_table(content)
    return str(error.value)


def test_cells_of_every_kind_are_read() -> None:
    date = '<table:table-cell office:value-type="date" office:date-value="2024-01-0{}"/>'
    time = '<table:table-cell office:value-type="time" office:time-value="PT12H30M0{}S"/>'
    truth = '<table:table-cell office:value-type="boolean" office:boolean-value="{}"/>'
    table = both(
        sheet(
            row("x", "share", "day", "time", "ok", "name"),
            row(
                number("0.1"),
                number("0.5", kind="percentage"),
                date.format(1),
                time.format(1),
                truth.format("true"),
                'a<text:s text:c="2"/>b<text:tab/><text:span>c</text:span>',
            ),
            row(
                number(2, 'table:formula="of:=1+1"'),
                number("0.25", kind="percentage"),
                date.format(2),
                time.format(2),
                truth.format("false"),
                "",
            ),
        )
    )
    assert numbers(table) == {
        "x": [0.1, 2], "share": [0.5, 0.25], "day": [], "time": [], "ok": [1, 0], "name": []
    }  # fmt: skip
    assert [table.columns[index].data_type for index in (2, 3)] == [DataType.DATE] * 2
    assert table.sample[0][5] == "a  b\tc"
    assert table.remarks == ()


def test_the_first_rows_have_the_digits_that_a_spreadsheet_shows() -> None:
    value = 24.099999999999998
    table = both(sheet(row("x", "y"), row(number(value), number(1e15)), row(number(1), number(2))))
    assert table.sample == [["24.1", "1000000000000000"], ["1", "2"]]
    assert numbers(table) == {"x": [value, 1], "y": [1e15, 2]}


def test_what_repeats_is_repeated_and_what_is_empty_is_not() -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    tracemalloc.start()
    table = both(
        sheet(
            row("x", empty, more='table:number-rows-repeated="1"'),
            row(number(3, 'table:number-columns-repeated="2"')),
            row(empty, more='table:number-rows-repeated="1000000000"'),
        ).replace("x</text:p>", "x</text:p></table:table-cell>" + words("y")[:-19], 1)
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers(table) == {"x": [3], "y": [3]}
    assert peak < 20_000_000
    table = both(
        sheet(
            row("x", "y"),
            row(1, 2, more='table:number-rows-repeated="3"'),
            row(more='table:number-rows-repeated="5"'),
            row(3, 4),
        )
    )
    assert numbers(table) == {"x": [1, 1, 1, 3], "y": [2, 2, 2, 4]}


@pytest.mark.parametrize(
    "cells",
    [
        row(number(1, 'table:number-columns-repeated="1000000000"')),
        row(1, 2, more='table:number-rows-repeated="1000000000"'),
        row(more='table:number-rows-repeated="1048576"') + row(1, 2),
    ],
)
def test_a_sheet_beyond_its_limits_is_refused_at_once(cells: str) -> None:
    for content in (zipped(sheet(row("x", "y"), cells)), flat(sheet(row("x", "y"), cells))):
        assert refused(content).startswith("A sheet has at most 1,048,576 rows and 16,384 columns")


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_rows_and_columns_are_left_out_and_said(visibility: str) -> None:
    hidden = f'table:visibility="{visibility}"'
    one = sheet(
        row("x", "old", "y"),
        row(1, 7, 2),
        row(9, 7, 99, more=hidden),
        row(2, 7, 4),
        columns=f"<table:table-column/><table:table-column {hidden}/><table:table-column/>",
    )
    table = both(one)
    assert numbers(table) == {"x": [1, 2], "y": [2, 4]}
    rows, columns = table.remarks
    assert rows.sentence == "1 hidden row is left out."
    assert columns.sentence == "1 hidden column is left out."
    assert numbers(both(one, **rows.correction)) == {"x": [1, 9, 2], "y": [2, 99, 4]}
    table = both(one, **columns.correction)
    assert numbers(table) == {"x": [1, 2], "old": [7, 7], "y": [2, 4]}


def test_the_first_sheet_that_is_shown_and_has_numbers_is_read() -> None:
    sheets = (
        sheet(row("a", "b"), row(8, 9), name="Gone", more='table:style-name="gone"'),
        sheet(row("only text"), name="Notes"),
        sheet(row("x", "y"), row(1, 2), row(2, 4), name="Data"),
    )
    table = both(*sheets)
    assert (table.sheets, table.dialect.sheet) == (("Gone", "Notes", "Data"), "Data")
    assert numbers(both(*sheets, sheet="Gone")) == {"a": [8], "b": [9]}


def test_too_many_sheets_are_refused_by_their_limit() -> None:
    sheets = [sheet(row("x"), name=str(number)) for number in range(1001)]
    assert "more than 1,000 sheets" in refused(zipped(*sheets))


def test_comments_and_charts_are_no_cells() -> None:
    chart = (
        "<draw:frame><draw:object><office:document><table:table table:name='local-table'>"
        f"{row(5, 6)}</table:table></office:document></draw:object></draw:frame>"
    )
    note = "<office:annotation><text:p>wrong?</text:p></office:annotation>"
    cell = words("x").replace("<text:p>", f"{note}<text:p>")
    table = both(sheet(f"<table:shapes>{chart}</table:shapes>", row(cell, "y"), row(1, 2)))
    assert numbers(table) == {"x": [1], "y": [2]}
    table = both(sheet(row("x", "y"), row(1, number(2).replace("</text:p>", f"</text:p>{chart}"))))
    assert numbers(table) == {"x": [1], "y": [2]}


def test_percent_in_some_cells_only_is_refused() -> None:
    table = both(sheet(row("x", "y"), row(1, number(0.12, kind="percentage")), row(2, 13)))
    assert table.columns[1].refusal == (
        "“y” has percent signs in some cells only; write all in one way."
    )


def test_formulas_without_results_are_said() -> None:
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    content = zipped(sheet(row("x", "y"), row(1, formula), row(2, formula)))
    assert refused(content).startswith("Formulas in this workbook have no stored results")


def test_what_only_looks_like_a_spreadsheet_is_refused_by_name(tmp_path: Path) -> None:
    text = "application/vnd.oasis.opendocument.text"
    sentence = "This is in the format OpenDocument; save the table as .xlsx or CSV."
    assert refused(zipped(sheet(row(1, 2)), mime_type=text)) == sentence
    assert refused(flat(sheet(row(1, 2))).replace(MIME_TYPE.encode(), text.encode())) == sentence
    damaged = "This OpenDocument table cannot be read; save it again, without a password."
    assert refused(flat(sheet(row(1, 2)))[:-20]) == damaged
    file = tmp_path / "locked.ods"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("content.xml", bytes(range(256)))
    with pytest.raises(TableError, match=damaged):
        read_table(file)
