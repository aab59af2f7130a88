"""Tests that the rows that are left out are named by their numbers in the file."""

import io
import json
import random

import pytest
from openpyxl import Workbook

from linreg_gui.data.dataset import Skipped
from linreg_gui.tables.reading import read_table, select


def skipped(content: bytes | str, **chosen: object) -> Skipped:
    return select(read_table(content, **chosen), (0,), 1, "table").skipped


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("x,y\n1,2\n3,\n5,6\n", "(line 3)"),
        ("x,y\n1,2\n\n3,\n5,6\n,7\n", "(lines 4, 6)"),
        ("a title\n\nx,y\ncm,kg\n1,2\n3,\n5,6\n", "(line 6)"),
        ('x,y,z\n1,2,"a\nb"\n3,,c\n5,6,d\n7,,e\n', "(lines 4, 6)"),
        ("x,y\n1,2\n3,4,5\n6,\n7,8\n9,10,11\n12,13\n", "(lines 3, 4, 6)"),
        ("x y\n1 2\n3\n4 5\n6 7\n", "(line 3)"),
        ("x y z\n1 2   3\n  4 5   6\n7     8\n9 1   2\n", "(lines 3, 4)"),
        ("x;y\n" + "1;2\n3;\n" * 7, "(lines 3, 5, 7 and 4 more)"),
        ("x\ty\r\n1\t2\r\n\r\n3\tno\r\n4\t5\r\n", "(line 4)"),
        ("x,y\n1,2\n,\n3,\n5,6\n", "(line 4)"),
        ("\n\nx,y\n1,2\n \n3,inf\n5,6\n", "(line 6)"),
    ],
)
def test_lines_are_named(content: str, places: str) -> None:
    assert skipped(content.encode()).sentence.endswith(f" {places}.")


def test_lines_of_later_blocks_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_gui.tables.text.letters_in_block", lambda width: 50)
    chance = random.Random(5)
    for _ in range(30):
        lines, wrong = ["x,y"], []
        for row in range(200):
            kinds = [f"{row},{row}"] * 30 + ["", f"{row},", f"{row},{row},{row}", f'{row},"{row}"']
            lines.append(chance.choice(kinds))
            if lines[-1].endswith(",") or lines[-1].count(",") == 2:
                wrong.append(len(lines))
        found = skipped("\n".join(lines).encode())
        assert found.places == tuple(wrong[:3])
        assert found.rows == len(wrong)


def test_rows_of_a_sheet_are_named() -> None:
    book, content = Workbook(), io.BytesIO()
    for row in (("a title",), (), ("x", "y"), (1, 2), (3, None), (), (4, 5), ("n/a", 6), (7, 9)):
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    book.save(content)
    assert skipped(content.getvalue()).sentence == (
        "2 of 4 rows skipped: 2 have no number (rows 5, 8)."
    )


def test_records_of_json_are_named() -> None:
    records = [{"x": 1, "y": 2}, {"x": "a\nb", "y": 3}, {"x": 2}, {"x": 3, "y": 4}]
    assert skipped(json.dumps(records)).sentence.endswith("(records 2, 3).")
    lines = "\n".join(json.dumps(record) for record in records)
    assert skipped(lines.encode()).sentence.endswith("(records 2, 3).")
    rows = [["x", "y"], [1, 2], [3, None], [4, 5]]
    assert skipped(json.dumps(rows)).sentence.endswith("(row 3).")


def test_a_word_for_missing_at_the_end_of_a_row_does_not_make_it_short() -> None:
    rows = "".join(f"{row} {row} {'NA' if row % 3 else row}\n" for row in range(30))
    table = read_table("x y z\n" + rows)
    assert (table.row_count, table.too_short, table.columns[2].missing) == (30, 0, 20)
