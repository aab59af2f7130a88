"""Whatever a table contains and is called, all that is said about it can be read."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from linreg_gui.tables.reading import read_columns, read_table
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests.support import needs_posix
from tests.visible_texts import complaint_of

MOST_LETTERS = 300

FOREIGN = (
    "a" * 5000, "zero\0byte", "two\nlines", "\u202eabc", f"1,234{'0' * 400}", "9" * 5000,
    f"0.{'1' * 3000}", "{0}%s", "\x1b[31mred", f"-999{'0' * 100}", f"{'1' * 400},5",
    "e\u0301" * 2000,
)  # fmt: skip


def sentences(table: Table) -> Iterator[str]:
    yield table.complaint
    yield from (remark.sentence for remark in table.remarks)
    for column in table.columns:
        yield from (column.name, column.refusal, *column.notes)
        yield from (remark.sentence for remark in column.remarks)


@needs_posix("line breaks in names of files")
@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("is_name", [True, False])
def test_all_that_is_said_can_be_read(foreign: str, is_name: bool, tmp_path: Path) -> None:
    name = foreign if is_name else "x"
    cells: list[list[object]] = [[name, "y"], [1, 2], [3, 4], [foreign, 5], [5, 6]]
    stream = io.StringIO()
    csv.writer(stream).writerows(cells)
    file = tmp_path / f"{'n' * 150}\n.csv"
    file.write_text(stream.getvalue(), encoding="utf-8", newline="")
    said: list[str] = []
    try:
        said += sentences(read_table(file))
    except TableError as error:
        said.append(str(error))
    for features, target in (((f"no {foreign}",), "y"), ((), f"no {foreign}")):
        with pytest.raises(TableError) as caught:
            read_columns(file, features, target)
        said.append(str(caught.value))
    for sentence in said:
        assert not complaint_of(sentence, foreign=[foreign])
        assert len(sentence) < MOST_LETTERS


def test_of_many_columns_only_some_are_named(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    row = ",".join(map(str, range(900)))
    file.write_text(f"{','.join(f'c{index}' for index in range(900))}\n{row}\n{row}\n", "utf-8")
    with pytest.raises(TableError, match=r"“c10”, “c11”, …\.$"):
        read_columns(file, ("q",), "")


@pytest.mark.parametrize("name", ["\x1b[31m\u202e.csv", f"{'q' * 200}\n.csv"])
def test_the_name_of_a_file_is_quoted(name: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read_columns(tmp_path / name, (), "")
    assert not complaint_of(str(caught.value))
    assert len(str(caught.value)) < 120
