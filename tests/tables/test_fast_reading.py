"""However fast its rows are read, a table says the same as if each cell were read by itself."""

import random
from collections.abc import Sequence

import numpy as np
import pytest

from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.reading import read_table
from linreg_gui.tables.table import Table
from linreg_gui.tables.thousands import without_thousands

PLAIN = ["1", "23", "-4.5", "1234", "1234567.25", "+7", "0.5"]
GROUPED = ["1,234", "-12,345", "1,234,567", "123,456.75"]
ODD = [
    *("1,2345", "12,34", "1.234,567", "1234,567", ",123", "1,,234", "1,234-", "(1,234)", "$1,234"),
    *("x1,234", "1 234", "", "NA", "1,234,56", "1,234e5", "12,3456", "1-2", "5."),
]


def said(table: Table) -> list[object]:
    columns = [
        (each.name, each.data_type, each.values.tolist(), each.missing, each.notes, each.refusal)
        for each in table.columns
    ]
    every = range(table.row_count)
    return [
        columns,
        table.row_count,
        (table.too_long, table.too_short),
        [remark.sentence for remark in table.remarks],
        table.places.first_skipped(list(every)[-1:]),
    ]


@pytest.fixture
def read_slowly(monkeypatch: pytest.MonkeyPatch) -> "type[Slowly]":
    class Reading(Slowly):
        patch = monkeypatch

    return Reading


class Slowly:
    patch: pytest.MonkeyPatch

    @classmethod
    def read(cls, text: str) -> Table:
        with cls.patch.context() as patch:
            patch.setattr("linreg_gui.tables.text._frame", lambda *_: None)
            return read_table(text)


def rows_of(chance: random.Random, cells: Sequence[str], quote: str) -> list[list[str]]:
    width = chance.randint(2, 4)
    return [
        [f"{quote}{chance.choice(cells)}{quote}" for _ in range(width)]
        for _ in range(chance.randint(3, 30))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_numbers_with_thousands_separators(seed: int, read_slowly: type[Slowly]) -> None:
    chance = random.Random(seed)
    is_quoted = chance.random() < 0.7
    cells = [*PLAIN, *GROUPED, *([chance.choice(ODD)] if seed % 2 else [])]
    rows = rows_of(chance, cells, '"' if is_quoted else "")
    names = [f"x{index}" for index in range(len(rows[0]))]
    delimiter = "," if is_quoted else ";"
    text = "\n".join(delimiter.join(row) for row in [names, *rows]) + "\n"
    assert repr(said(read_table(text))) == repr(said(read_slowly.read(text)))


@pytest.mark.parametrize("seed", range(40))
def test_rows_of_another_length(seed: int, read_slowly: type[Slowly]) -> None:
    chance = random.Random(seed)
    rows = rows_of(chance, [*PLAIN, "", "NA", *(["a word"] * (seed % 3 == 0))], "")
    width = len(rows[0])
    for row in rows[2:]:
        row.extend(chance.choice([[], [], [""], ["", " "], ["9"], ["", "9"], ["a note"]]))
        del row[len(row) if chance.random() < 0.7 else chance.randrange(1, width) :]
    rows.insert(chance.randrange(len(rows)), [""])
    names = [f"x{index}" for index in range(width)]
    delimiter = chance.choice(",;\t|")
    text = "\n".join(delimiter.join(row) for row in [names, *rows]) + "\n" * chance.randint(0, 2)
    assert repr(said(read_table(text))) == repr(said(read_slowly.read(text)))


def test_separators_are_taken_out_only_of_numbers() -> None:
    dialect = Dialect(thousands=",")
    plain = without_thousands('"1,234","5"\n"67","-1,234,567.5"\n', dialect, finds_columns=True)
    assert plain == ("1234,5\n67,-1234567.5\n", {0: "1,234", 1: "-1,234,567.5"})
    for odd in ("1,2345", "1.234,567", "12,34", "1234,567", "1,234x", ",123", '1,234""', " 1,234"):
        assert without_thousands(f'"1,234","{odd}"\n', dialect, finds_columns=True) is None
    for text in ('1"1,234"\n', '"1,234"1\n', '"1,234\n', '"1\n,234"\n', "1,234\n"):
        assert without_thousands(text, dialect, finds_columns=False) is None


def test_large_tables_with_separators_are_read_exactly() -> None:
    values = np.random.default_rng(4).integers(-10_000_000, 10_000_000, (30_000, 3))
    lines = [",".join(f'"{each:,}"' for each in row) for row in values.tolist()]
    table = read_table("\n".join(["x,y,z", *lines, ""]))
    assert np.array_equal(np.column_stack([each.values for each in table.columns]), values)
    assert all("is read as" in each.notes[0] for each in table.columns)
