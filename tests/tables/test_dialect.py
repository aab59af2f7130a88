"""The dialect of a table is detected from its beginning; ambiguous cases are decided by rule."""

import codecs
import csv
import gzip
import io
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linreg_gui.tables.dialect import DELIMITERS, detect
from linreg_gui.tables.reading import read_table
from linreg_gui.tables.source import HEAD_BYTES, TableError
from tests.table_cases import ONLY_ONE

NAMES = {
    "utf-8": "größe μ 体重",
    "utf-8-sig": "größe μ 体重",
    "utf-16": "größe μ 体重",
    "utf-16-le": "größe",
    "utf-16-be": "größe",
    "cp1252": "größe °C µ",
    "cp1250": "żółć",
    "cp1251": "вес",
    "cp1253": "βάρος",
    "cp1254": "yaş",
    "cp1257": "ūkis",
    "latin-1": "größe",
    "mac-roman": "größe",
    "gb18030": "体重",
    "cp932": "体重",
}
"""Encodings, and a name for a column that can be written in each."""

QUOTINGS: list[Literal[0, 1]] = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]


@dataclass(frozen=True)
class Writing:
    """How to write a table."""

    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    quote: str
    quoting: Literal[0, 1]
    line_end: str
    has_header: bool
    declares: bool
    packs: bool

    def write(self, rows: list[list[str]]) -> bytes:
        text = io.StringIO()
        if self.declares:
            text.write(f"sep={self.delimiter}{self.line_end}")
        writer = csv.writer(
            text,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=self.quoting,
            lineterminator=self.line_end,
        )
        if self.has_header:
            names = [NAMES[self.encoding].split()[0] + str(index) for index in range(len(rows[0]))]
            writer.writerow(names)
        writer.writerows(rows)
        content = text.getvalue().encode(self.encoding)
        return gzip.compress(content, 1) if self.packs else content

    def number(self, plain: str) -> str:
        """Write a number that has a decimal point and may have thousands commas."""
        marks = {",": self.thousands, ".": self.decimal}
        return "".join(marks.get(letter, letter) for letter in plain)

    def fields(self) -> dict[str, Any]:
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quote": self.quote,
            "decimal": self.decimal,
            "thousands": self.thousands,
            "skip": int(self.declares),
            "has_header": self.has_header,
        }


@st.composite
def writings(draw: st.DrawFn) -> Writing:
    decimal = draw(st.sampled_from(".,"))
    marks = ["", " ", "'", "\u00a0", "\u202f", "." if decimal == "," else ","]
    writing = Writing(
        encoding=draw(st.sampled_from(list(NAMES))),
        delimiter=draw(st.sampled_from(DELIMITERS)),
        decimal=decimal,
        thousands=draw(st.sampled_from(marks)),
        quote=draw(st.sampled_from("\"'")),
        quoting=draw(st.sampled_from(QUOTINGS)),
        line_end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        has_header=draw(st.booleans()),
        declares=draw(st.booleans()),
        packs=draw(st.booleans()),
    )
    try:
        (NAMES[writing.encoding] + writing.thousands).encode(writing.encoding)
    except UnicodeEncodeError:
        assume(False)
    assume(not (writing.declares and writing.delimiter == " "))
    assume(writing.quote != writing.thousands)
    return writing


def tables(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[list[list[float]]]:
    return st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=12
        )
    )


def read_rows(source: bytes, **chosen: Any) -> list[list[float]]:
    table = read_table(source, **chosen)
    return [list(row) for row in zip(*(column.values for column in table.columns), strict=True)]


@settings(max_examples=200)
@given(writings(), tables(st.floats(allow_nan=False)))
def test_every_number_is_read_back_to_the_last_bit(
    writing: Writing, rows: list[list[float]]
) -> None:
    written = [
        [writing.number(f"{value:,}" if writing.thousands else repr(value)) for value in row]
        for row in rows
    ]
    assert read_rows(writing.write(written), **writing.fields()) == rows


@settings(max_examples=200)
@given(writings(), tables(st.integers(-(10**9), 10**9).map(lambda hundredths: hundredths / 100)))
def test_the_dialect_of_a_table_is_found(writing: Writing, rows: list[list[float]]) -> None:
    # Other code pages are not detected, and their no-break space would be decoded as a letter.
    assume(writing.thousands.isascii() or writing.encoding.startswith(("utf", "cp", "latin")))
    mark = "," if writing.thousands else ""
    written = [[writing.number(f"{value:{mark}.2f}") for value in row] for row in rows]
    assert read_rows(writing.write(written)) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251", "cp932"])
def test_names_are_decoded_with_the_encoding_that_was_found(encoding: str) -> None:
    name = NAMES[encoding]
    table = read_table(f"{name};y\n1;2\n".encode(encoding))
    assert table.columns[0].name == name


@pytest.mark.parametrize(
    ("encoding", "found", "names"),
    [
        ("cp932", "cp932", "日付;売上、円;気温℃"),
        ("cp932", "cp932", "じかん;カタカナ;x座標;pH値"),
        ("cp932", "cp932", "番号;氏名\n1;齋藤\n2;佐々木"),
        ("cp1252", "cp1252", "Größe;Länge;Höhe – Übung…;„Fläche“;°C;µ"),
        ("cp1252", "cp1252", "température;l’été;d’eau;œuvre;Élan"),
        ("cp1250", "cp1252", "wysokość;prędkość;długość;źdźbło;ŚĆ"),
        ("cp1250", "latin-1", "těžiště;ŠA;Žák;žluťoučký kůň"),
        ("cp1251", "cp1251", "длина;масса;температура;ДЛИНА;где"),
        ("mac-roman", "cp1252", "température;créée;Élan;größe"),
        ("gb18030", "gb18030", "体重;身高;温度"),
        ("gb18030", "gb18030", "城市;人口;面积;北京;上海;广州"),
        ("big5", "big5", "體重;身高;溫度"),
        ("big5", "big5", "城市;人口;面積;臺北;高雄"),
        ("cp949", "cp949", "몸무게;키;온도"),
        ("cp949", "cp949", "이름;나이;소득"),
        ("cp1253", "cp1253", "βάρος;ύψος;ηλικία"),
    ],
)
def test_code_pages_are_told_apart_by_the_letters_that_are_common_in_them(
    encoding: str, found: str, names: str
) -> None:
    assert detect(f"{names}\n1;2\n".encode(encoding)).encoding == found


def test_other_code_pages_can_be_chosen() -> None:
    content = "żółć;y\n1;2\n".encode("cp1250")
    table = read_table(content, encoding="cp1250")
    assert table.columns[0].name == "żółć"


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("1.234,5\t2\n", ",", "."),
        ("1,234.5\t2\n", ".", ","),
        ("1.234.567\t2\n", ",", "."),
        ("1,234,567\t2\n", ".", ","),
        ("1 234 567\t2\n", ".", " "),
        ("1'234\t2\n", ".", "'"),
        ("1,5\t2\n", ",", ""),
        ("0,123\t2\n", ",", ""),
        ("1234,567\t2\n", ",", ""),
        ("1,234\t2\n", ".", ","),
        ("1,234;2\n", ",", ""),
        ("1,234;2,5\n", ",", ""),
        ("1.234;2,5\n", ",", "."),
        ("1.234\t2\n", ".", ""),
        ('"1,234","2"\n', ".", ","),
        ('"1,234","2,5"\n', ",", ""),
        ("1,234\t2.5\n", ".", ","),
        ("1\t2\n", ".", ""),
        ("1;2\n", ",", ""),
    ],
)
def test_decimal_mark_and_thousands_separator_are_found(
    text: str, decimal: str, thousands: str
) -> None:
    dialect = detect(text.encode())
    assert (dialect.decimal, dialect.thousands) == (decimal, thousands)


def test_a_note_says_how_an_ambiguous_number_was_read() -> None:
    column = read_table(b"x;y\n1,234;2\n").columns[0]
    assert (column.values.tolist(), column.notes) == ([1.234], ("“1,234” is read as 1.234.",))
    column = read_table(b"x\ty\n1,234\t2\n").columns[0]
    assert (column.values.tolist(), column.notes) == ([1234.0], ("“1,234” is read as 1234.",))


def test_no_note_says_that_a_cell_is_read_as_a_number_that_is_none() -> None:
    table = read_table(b"x;y\n998.778;1\n1,5;2\n2,5;3\n", decimal=",", thousands="")
    (note,) = table.columns[0].notes
    assert note == "Not a number, counted as missing (1): “998.778”."


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Anna;B;1,5\nCleo;D;2,5\n", ";"),
        ("Smith, Anna;1,5;2\nJones, Ben;2,5;3\n", ";"),
        ('"Smith; Anna",1.5,2\n"Jones; Ben",2.5,3\n', ","),
        ("1, 2, 3\n4, 5, 6\n", ","),
        ("2024-01-31 12:00,1,2\n2024-01-31 13:00,3,4\n", ","),
        (" 1   2.5\n10  20.5\n", " "),
        ("1 200 300\n1 400 500\n", " "),
        ("a|b\n1,5|2\n", "|"),
        ("1,5 2,5\n3,5 4,5\n", " "),
        ("1,50 100,25\n2,50 120,25\n", " "),
        ("x\ty\n1 000\t2 000\n", "\t"),
        ("sep=:\nx:y\n1:2\n", ":"),
        ("x;y\n", ";"),
    ],
)
def test_the_delimiter_is_not_confused_with_text_or_number_marks(text: str, delimiter: str) -> None:
    assert detect(text.encode()).delimiter == delimiter


def test_a_column_of_decimal_commas_is_one_column() -> None:
    table = read_table(b"x\n1,5\n2,5\n3,5\n")
    assert table.columns[0].values.tolist() == [1.5, 2.5, 3.5]
    assert table.complaint == ONLY_ONE


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("Results of the class\n", 1),
        ("Results\n\n", 1),
        ("# a comment\n# another, with a comma, and one\n", 2),
        ("Device,Thermometer 3\nDate,2024-01-31\n\n", 2),
        ("sep=,\nResults\n", 2),
        ("Results,,\n", 1),
        ("Results,,\n3 May 2024,,\n,,\n", 2),
        ("Device,Thermometer 3,\n,,\nResults,,\n", 3),
        ("# a comment,,\n", 1),
        ("\n", 0),
    ],
)
def test_lines_above_the_table_are_skipped(above: str, lines: int) -> None:
    source = f"{above}x,y,z\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n".encode()
    table = read_table(source)
    assert table.dialect.skip == lines
    assert [column.name for column in table.columns] == ["x", "y", "z"]
    assert table.row_count == 4


@pytest.mark.parametrize(
    "table",
    [
        "x,y,\n1,2,\n3,4,\n",
        "x,y,note\n1,2,\n3,4,\n5,6,odd\n",
        "x,y,note\ncm,kg,\n1,2,\n3,4,\n",
        "x,y,,\n1,2,3,4\n5,6,7,8\n",
        "x,,\n1,2,\n3,4,\n",
    ],
)
def test_a_header_with_empty_cells_on_the_right_is_not_a_title(table: str) -> None:
    dialect = detect(table.encode())
    assert (dialect.skip, dialect.has_header) == (0, True)


def test_even_a_short_row_of_numbers_is_not_a_title() -> None:
    assert detect(b"5,,\n1,2,3\n4,5,6\n").skip == 0
    assert detect(b"Anna,5,,\nBert,1,2,3\nCleo,4,5,6\n").skip == 0


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("x,y\n1,2\n", True),
        ("1,2\n3,4\n", False),
        (",2\n1,4\n", False),
        ("?,2\n1,4\n", False),
        ("name,2001,2002\nAnna,1,2\n", True),
        ("name,2001,2002\nAnna,1990,1991\n", False),
        ("name,5,2002\nAnna,1,2\n", False),
        ("name,x,2002\nAnna,1,2\n", True),
        ("Anna,1,2\nBert,3,4\n", False),
        ("x,y\n", True),
        ("1,2\n", False),
        ("2024-01-31,1\n2024-02-01,2\n", False),
        ("x,y\ncm,kg\n1,2\n", True),
    ],
)
def test_a_header_has_text_above_numbers(text: str, has_header: bool) -> None:
    assert detect(text.encode()).has_header is has_header


def test_single_quotes_are_found() -> None:
    table = read_table(b"n;x;y\n'a;b';1,5;2\n'c';2,5;3\n")
    assert table.dialect.quote == "'"
    assert table.sample == [["a;b", "1,5", "2"], ["c", "2,5", "3"]]


def test_chosen_fields_stay_and_the_others_follow() -> None:
    head = b"x;y\n1,5;2,5\n"
    assert detect(head).decimal == ","
    chosen = detect(head, decimal=".", has_header=False)
    assert (chosen.delimiter, chosen.decimal, chosen.has_header) == (";", ".", False)
    assert detect(head, delimiter=",").decimal == "."


@pytest.mark.parametrize(
    ("chosen", "decimal", "thousands"),
    [
        ({"decimal": "."}, ".", ","),
        ({"decimal": ","}, ",", ""),
        ({"thousands": ","}, ".", ","),
        ({"thousands": ""}, ",", ""),
        ({"thousands": "."}, ",", "."),
        ({"decimal": ".", "thousands": ""}, ".", ""),
    ],
)
def test_one_number_mark_follows_from_the_other(
    chosen: dict[str, str], decimal: str, thousands: str
) -> None:
    dialect = detect(b"x;y\n1,500;2,000\n", **chosen)
    assert (dialect.decimal, dialect.thousands) == (decimal, thousands)


def test_a_head_cut_within_a_line_or_a_character_is_enough() -> None:
    text = "größe;y\n" + "1,25;2\n" * HEAD_BYTES
    for encoding in ("utf-8", "utf-16"):
        for cut in range(4):
            dialect = detect(text.encode(encoding)[: HEAD_BYTES - cut])
            assert (dialect.encoding, dialect.delimiter, dialect.decimal) == (encoding, ";", ",")


def test_a_compressed_table_is_unpacked() -> None:
    assert read_table(gzip.compress(b"x;y\n1,5;2\n")).sample == [["1,5", "2"]]


def test_a_workbook_is_recognized_by_its_first_bytes() -> None:
    assert detect(b"PK\x03\x04", "a.xlsx").is_workbook
    with pytest.raises(TableError, match=r"“a\.zip” is not an Excel workbook"):
        detect(b"PK\x03\x04", "a.zip")


def test_a_byte_order_mark_decides_the_encoding() -> None:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        content = mark + "x,y\n1,2\n".encode(encoding)
        assert [column.name for column in read_table(content).columns] == ["x", "y"]
