"""Workbooks written by hand: odd but right ones are read, those made to hurt are refused."""

import io
import math
import tracemalloc
from zipfile import ZipFile, ZipInfo

import pytest

from linreg_gui.tables.number_formats import DataType
from linreg_gui.tables.reading import read_table
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests.written_workbooks import HEADER, ROWS, sheet, workbook

DAMAGED = "This Excel workbook cannot be read; save it again as .xlsx or CSV."
TOO_LARGE = (
    "A sheet has at most 1,048,576 rows and 16,384 columns, and this one has more; "
    "save it again as .xlsx or CSV."
)
TOO_LONG = "A cell has more than 1,000,000 letters; this is not a table."


def values(table: Table) -> list[list[float]]:
    return [column.values.tolist() for column in table.columns]


def refused(content: bytes) -> str:
    """Return the sentence; fail if reading takes more than 50 MB."""
    tracemalloc.start()
    try:
        with pytest.raises(TableError) as caught:
            read_table(content)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    return str(caught.value)


def test_the_smallest_workbook_is_read() -> None:
    assert values(read_table(workbook(sheet(ROWS)))) == [[1, 3], [2, 5]]


def test_a_number_is_what_its_style_shows() -> None:
    formats = [
        *('yyyy"-"mm', "[h]:mm", "0.0%", "[Red]0.00", '"day" 0', "[$-409]h:mm AM/PM;@"),
        *("General;[Red]-General", r"\d0", "0_d"),
    ]
    numbers = "".join(
        f"<numFmt numFmtId='{index}' formatCode='{code}'/>"
        for index, code in enumerate(formats, 164)
    )
    styles = "".join(f"<xf numFmtId='{index}'/>" for index in range(164, 164 + len(formats)))
    cells = [f"<c s='{index}'><v>61.5</v></c>" for index in range(len(formats))]
    content = workbook(
        sheet(ROWS, "<row>", *cells, "</row>", "<row>", *cells, "</row>"),
        styles=f"<numFmts>{numbers}</numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
        f"<cellXfs>{styles}</cellXfs>",
    )
    assert (
        read_table(content, skip=3, has_header=False).sample
        == [
            ["1900-03-01 12:00:00", "61 days, 12:00:00", *["61.5"] * 3, "1900-03-01 12:00:00"]
            + ["61.5"] * 3
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("style", "number", "from_1904", "shown"),
    [
        (14, "59", False, "1900-02-28 00:00:00"),
        (14, "61", False, "1900-03-01 00:00:00"),
        (14, "45292", False, "2024-01-01 00:00:00"),
        (14, "43830", True, "2024-01-01 00:00:00"),
        (20, "0.75", False, "18:00:00"),
        (46, "-0.25", False, "-1 day, 18:00:00"),
        (14, "1e300", False, "#VALUE!"),
    ],
)
def test_a_date_is_shown_as_a_spreadsheet_shows_it(
    style: int, number: str, from_1904: bool, shown: str
) -> None:
    row = f"<row><c s='0'><v>{number}</v></c><c><v>1</v></c></row>"
    content = workbook(
        sheet(row, row),
        styles=f"<cellXfs><xf numFmtId='{style}'/></cellXfs>",
        properties="<workbookPr date1904='1'/>" if from_1904 else "",
    )
    assert [record[0] for record in read_table(content, has_header=False).sample] == [shown] * 2


def test_texts_are_joined_and_their_pronunciation_is_left_out() -> None:
    text = (
        "<si><r><t>na</t></r><r><t>me</t></r><rPh><t>NAME</t></rPh></si><si><t>a_x0020_b</t></si>"
    )
    names = "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>"
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row>" * 2
    table = read_table(workbook(sheet(names, rows), texts=["<sst>", text, "</sst>"]))
    assert [column.name for column in table.columns] == ["name", "a b"]


def test_names_with_prefixes_are_understood() -> None:
    cells = "".join(sheet(ROWS)).replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    cells = cells.replace("<x:?xml", "<?xml").replace("<x:worksheet", "<x:worksheet xmlns:x='x'")
    assert values(read_table(workbook([cells]))) == [[1, 3], [2, 5]]


def test_a_row_beyond_the_last_that_a_sheet_can_have_is_refused() -> None:
    far = "<row r='{}'><c><v>7</v></c><c><v>8</v></c></row>"
    assert refused(workbook(sheet(ROWS, far.format(1_000_000_000)))) == TOO_LARGE
    table = read_table(workbook(sheet(ROWS, far.format(1_048_576))))
    assert values(table) == [[1, 3, 7], [2, 5, 8]]


def test_a_cell_beyond_the_last_column_that_a_sheet_can_have_is_refused() -> None:
    far = "<row><c r='A4'><v>7</v></c><c r='{}4'><v>8</v></c></row>"
    for letters in ("XFE", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"):
        assert refused(workbook(sheet(ROWS, far.format(letters)))) == TOO_LARGE
    assert read_table(workbook(sheet(ROWS, far.format("XFD")))).too_long == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<row r='2'><c><v>1</v></c></row>",
        "<row><c r='?4'><v>1</v></c></row>",
        "<row><c t='s'><v>7</v></c></row>",
        "<row><c t='s'><v>one</v></c></row>",
        "<row><c><v>1e</v></c></row>",
        "<row r='x'/>",
        "<a>" * 200,
    ],
)
def test_what_no_spreadsheet_writes_is_refused(hostile: str) -> None:
    assert refused(workbook(sheet(ROWS, hostile))) == DAMAGED


def test_names_without_end_are_refused() -> None:
    assert refused(workbook(sheet(ROWS, *(f"<a{index}/>" for index in range(100_000))))) == DAMAGED


def test_entities_are_refused() -> None:
    bomb = "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
    entities = f"{HEADER}<!DOCTYPE x [<!ENTITY a0 'ha'>{bomb}]>"
    cells = f"<worksheet><sheetData>{ROWS}<row><c t='str'><v>&a11;</v></c></row></sheetData>"
    assert refused(workbook([entities, cells, "</worksheet>"])) == DAMAGED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<row><c t='str'><v>", "</v></c></row>"),
        ("<row><c t='str'><v><![CDATA[", "]]></v></c></row>"),
        ("<row><c t='inlineStr'><is><t>", "</t></is></c></row>"),
        ("<row><c a='", "'/></row>"),
    ],
)
def test_a_text_without_end_is_refused(before: str, after: str) -> None:
    blanks = [" " * 1_000_000] * 100
    assert refused(workbook(sheet(ROWS, before, *blanks, after))) == TOO_LONG


def test_a_shared_text_without_end_is_refused() -> None:
    blanks = [" " * 1_000_000] * 100
    content = workbook(sheet(ROWS), texts=["<sst><si><t>", *blanks, "</t></si></sst>"])
    assert refused(content) == TOO_LONG


def test_cells_in_any_order_keep_their_places() -> None:
    cells = "<row><c r='B4'><v>7</v></c><c r='A4'><v>8</v></c></row>"
    assert values(read_table(workbook(sheet(ROWS, cells)))) == [[1, 3, 8], [2, 5, 7]]


def test_a_whole_number_may_be_too_large() -> None:
    cells = f"<row><c><v>{'9' * 400}</v></c><c><v>1234567890123456789</v></c></row>"
    table = read_table(workbook(sheet(ROWS, cells)))
    assert values(table) == [[1, 3, math.inf], [2, 5, 1234567890123456789.0]]


def test_of_a_long_text_little_is_kept() -> None:
    cell = f"<c t='inlineStr'><is><t>{'9' * 30_000}</t></is></c>"
    rows = f"<row><c><v>1</v></c><c><v>2</v></c>{cell}</row>" * 3000
    content = workbook(sheet(rows))
    tracemalloc.start()
    try:
        table = read_table(content, has_header=False)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert table.sample[0] == ["1", "2", "9" * 1000 + "…"]
    assert table.columns[2].data_type is DataType.TEXT


def test_blanks_between_cells_take_no_memory() -> None:
    content = workbook(sheet(ROWS, *[" " * 1_000_000] * 50))
    tracemalloc.start()
    try:
        assert values(read_table(content)) == [[1, 3], [2, 5]]
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_sheet_that_is_too_large_unpacked_is_refused_at_once() -> None:
    content = bytearray(workbook(sheet(ROWS)))
    entry = content.index(b"xl/sheet.xml", content.index(b"PK\x01\x02"))
    content[entry - 22 : entry - 18] = (3_000_000_000).to_bytes(4, "little")
    assert refused(bytes(content)) == (
        "The table is too large: more than 1,000 MB unpacked; use only a part of it."
    )


def test_more_files_in_the_zip_than_any_workbook_has_are_refused() -> None:
    content = io.BytesIO(workbook(sheet(ROWS)))
    with ZipFile(content, "a") as archive:
        for index in range(100):
            part = ZipInfo(f"{index}")
            part.comment = b"x" * 30_000
            archive.writestr(part, b"")
    assert refused(content.getvalue()) == DAMAGED
