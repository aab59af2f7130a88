"""Tests that names in every code page are read well, or that one click reads them well."""

import random

import pytest

from linreg_gui.tables.encoding import find_encoding, other_encodings
from linreg_gui.tables.reading import read_table

WORDS = {
    "gb18030": "身高 体重 年龄 温度 湿度 价格 面积 时间 距离 速度 长度 数量 收入 成绩 学号 姓名",
    "big5": "身高 體重 年齡 溫度 濕度 價格 面積 時間 距離 速度 長度 數量 收入 成績 學號 姓名",
    "cp949": "몸무게 나이 온도 습도 가격 면적 시간 거리 속도 길이 너비 높이 수량 소득 성적 학번",
    "cp932": "身長 体重 年齢 温度 湿度 価格 面積 時間 距離 速度 長さ 幅 高さ 数量 収入 成績 番号",
    "cp1251": "рост вес возраст температура влажность цена площадь время расстояние скорость",
    "cp1253": "ύψος βάρος ηλικία θερμοκρασία υγρασία τιμή εμβαδόν χρόνος απόσταση ταχύτητα μήκος",
    "cp1252": "größe gewicht länge höhe température âge durée année élève año tamaño distância",
}  # fmt: skip
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
