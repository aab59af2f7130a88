"""Tests that names in every code page are read well, or that one click reads them well."""

import random
from pathlib import Path

import pytest

from linreg_gui.tables.encoding import find_encoding, other_encodings
from linreg_gui.tables.reading import read_columns, read_table

WORDS = {
    "gb18030": "身高 体重 年龄 温度 湿度 价格 面积 时间 距离 速度 长度 数量 收入 成绩 学号 姓名",
    "big5": "身高 體重 年齡 溫度 濕度 價格 面積 時間 距離 速度 長度 數量 收入 成績 學號 姓名",
    "cp949": "몸무게 나이 온도 습도 가격 면적 시간 거리 속도 길이 너비 높이 수량 소득 성적 학번",
    "cp932": "身長 体重 年齢 温度 湿度 価格 面積 時間 距離 速度 長さ 幅 高さ 数量 収入 成績 番号",
    "cp1251": "рост вес возраст температура влажность цена площадь время расстояние скорость",
    "cp1253": "ύψος βάρος ηλικία θερμοκρασία υγρασία τιμή εμβαδόν χρόνος απόσταση ταχύτητα μήκος",
    "cp1252": "größe gewicht länge höhe température âge durée année élève año tamaño distância",
}  # fmt: skip
LATIN = {
    "cp1250": "řada příjem průměr měsíc délka výška čas ľudia hĺbka dĺžka trať długość prędkość "
    "mówił ciśnienie stężenie hőmérséklet sűrűség idő višina težina površina vârstă",
    "cp1254": "yaş değişim kişi ağaç",
    "cp1257": "ilgis plotis aukštis svoris amžius svētās garums pētījums mērķis āgenskalns",
}  # fmt: skip
"""Words whose letters are others in western Europe, with the same bytes."""

MOSTLY_RIGHT = {"gb18030": 0.75, "big5": 0.9, "cp949": 0.95, "cp932": 0.95, "cp1253": 0.7}
"""For charset-normalizer alone, on many headers: 0.16, 0.88, 0.7, 0.81 and 0.47."""


def headers(encoding: str) -> list[bytes]:
    chance = random.Random(2)
    names = [chance.sample(WORDS[encoding].split(), count) for count in (1, 2, 3, 5) * 12]
    rows = "\r\n".join(f"{row}.5,{row + 3}" for row in range(10))
    return [f"{','.join(each)}\r\n{rows}\r\n".encode(encoding) for each in names]


@pytest.mark.parametrize("encoding", WORDS)
def test_names_are_read_well_or_the_right_reading_is_offered(encoding: str) -> None:
    right = 0
    for head in headers(encoding):
        found = find_encoding(head)
        offered = other_encodings(head, found)
        readings = [head.decode(each, "replace") for each in (found, *offered)]
        assert head.decode(encoding) in readings
        assert len(offered) <= 3
        right += readings[0] == head.decode(encoding)
    assert right >= MOSTLY_RIGHT.get(encoding, 1) * len(headers(encoding))


@pytest.mark.parametrize("encoding", LATIN)
def test_words_of_other_countries_are_never_read_as_western_without_a_remark(encoding: str) -> None:
    for word in LATIN[encoding].split():
        head = f"{word},x\n1,2\n3,4\n5,6\n".encode(encoding)
        found = find_encoding(head)
        offered = other_encodings(head, found)
        assert word in {head.decode(each, "replace").split(",")[0] for each in (found, *offered)}


def test_few_western_headers_get_a_remark() -> None:
    heads = headers("cp1252")
    assert sum(bool(other_encodings(head, "cp1252")) for head in heads) <= 0.3 * len(heads)
    for name in ("m³", "£", "tamaño", "élève", "år", "størrelse", "número"):
        assert other_encodings(f"{name},x\n1,2\n".encode("cp1252"), "cp1252") == []


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_older_code_pages_are_offered(encoding: str) -> None:
    for name in ("Größe", "Länge", "Übergröße", "für", "température"):
        head = f"{name},x\n1,2\n".encode(encoding)
        assert encoding in other_encodings(head, find_encoding(head))


LONG = "x,y,note\n" + "1.5,2.5,\n" * 30_000


@pytest.mark.parametrize(
    ("last", "encoding", "sentence"),
    [
        ("größe", "cp1252", ""),
        (
            "Łódź",
            "cp1250",
            "Letters are read as Western Europe (1252): “ód\u0178”; check the names.",
        ),
        ("身長", "cp932", "Letters are read as Japanese (Shift JIS): “身長”; check the names."),
        ("größe", "utf-8", ""),
    ],
)
def test_the_first_letter_may_come_after_all_that_is_looked_at(
    last: str, encoding: str, sentence: str, tmp_path: Path
) -> None:
    content = f"{LONG}3.5,4.5,{last}\n".encode(encoding)
    table = read_table(content)
    assert table.columns[2].refusal == f"“note” holds text, e.g. “{last}”." or sentence
    assert [remark.sentence for remark in table.remarks] == [sentence] * bool(sentence)
    assert (table.row_count, table.columns[0].values[-1]) == (30_001, 3.5)
    for remark in table.remarks:
        texts = [
            read_table(content, **correction).columns[2].refusal for _, correction in remark.offers
        ]
        assert f"“note” holds text, e.g. “{last}”." in [table.columns[2].refusal, *texts]
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    assert read_columns(file, ("x",), "y").remarks == tuple([sentence] * bool(sentence))


def test_a_late_stray_byte_spoils_no_other_letter() -> None:
    table = read_table(f"{LONG}1,2,größe\n".encode() + b"1,2,\xff\n")
    assert table.columns[2].refusal == "“note” holds text, e.g. “größe”."
    assert [remark.sentence for remark in table.remarks] == [
        "1 letter is not valid in UTF-8 and is shown as “\ufffd”."
    ]


@pytest.mark.parametrize("start", ["größe,x\n", f"{LONG}1,2,größe\n"])
def test_a_byte_that_a_code_page_lacks_is_shown_and_said(start: str) -> None:
    table = read_table(start.encode("cp1252") + b"1,2\n" * 100_000 + b"1,\x81\n")
    assert table.dialect.encoding == "cp1252"
    assert [remark.sentence for remark in table.remarks] == [
        "Letters are read as Western Europe (1252): “größe”; check the names.",
        "1 letter is not valid in Western Europe (1252) and is shown as “\ufffd”.",
    ]
    assert table.columns[1].notes == ("Not a number, counted as missing (1): “\ufffd”.",)


def test_what_is_certain_brings_no_remark() -> None:
    table = "größe;T (°C)\n1;2\n2;4\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read_table(table.encode(encoding)).remarks == ()
    assert read_table(b"x,y\n1,2\n2,4\n").remarks == ()


def test_one_click_reads_the_names_in_another_way() -> None:
    content = "키,몸무게\n170,60\n180,75\n".encode("cp949")
    table = read_table(content)
    (remark,) = table.remarks
    assert remark.sentence == "Letters are read as Korean (949): “키 몸무게”; check the names."
    assert len(remark.offers) > 1
    for _, correction in remark.offers:
        table = read_table(content, **correction)
        assert (table.remarks, table.columns[0].name != "키") == ((), True)
