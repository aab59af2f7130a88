"""Random tables with gaps, odd headers, units, codes and footers: no other numbers in silence."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from linreg_gui.tables.reading import read_table
from linreg_gui.tables.source import TableError
from linreg_gui.tables.table import Table
from tests import open_documents

FIXED, FIXED_RIGHT = "left in a fixed width", "right in a fixed width"
NAMES_DO_NOT_FIT = ("names in the first row do not fit", "has another number of cells")
WORDS = st.sampled_from(["Anna", "New York", "Ben", "Rio de Janeiro", "Cleo", "São Paulo", "Oslo"])


@dataclass(frozen=True)
class Written:
    """A table as text and as cells of a workbook, and the numbers in it, NaN for gaps.

    ``others`` are rows of numbers that are no examples: headers, sums and notes.
    """

    text: str
    cells: list[list[str | float | None]]
    numbers: list[list[float]]
    others: list[list[float]]


def numbers_of(places: int) -> st.SearchStrategy[float]:
    return st.integers(-5000, 50_000).map(lambda digits: digits / 10**places)


@st.composite
def tables(draw: st.DrawFn) -> Written:
    delimiter = draw(st.sampled_from([*",;\t| :^~", FIXED, FIXED_RIGHT]))
    decimal = draw(st.sampled_from(",.")) if delimiter != "," else "."
    width, height = draw(st.integers(2, 4)), draw(st.integers(3, 10))
    places = [draw(st.integers(0, 3)) for _ in range(width)]
    has_gaps = draw(st.booleans())
    value = [
        st.one_of(numbers_of(place), st.just(np.nan)) if has_gaps else numbers_of(place)
        for place in places
    ]
    numbers = [[draw(each) for each in value] for _ in range(height)]
    if draw(st.booleans()):
        numbers[draw(st.integers(0, height - 1))][-1] = draw(st.sampled_from([-999.0, -99.0, 1e20]))
    rows = [
        [
            "" if np.isnan(each) else f"{each:.{place}f}".replace(".", decimal)
            for each, place in zip(row, places, strict=True)
        ]
        for row in numbers
    ]
    kind = draw(st.sampled_from(["names", "names with blanks", "years", "numbers", "none"]))
    headers = {
        "names": [[f"x{index}" for index in range(width)]],
        "names with blanks": [[f"size {index} of it" for index in range(width)]],
        "years": [[str(2000 + index) for index in range(width)]],
        "numbers": [[str(7 * index + 3) for index in range(width)]],
        "none": [],
    }
    above = [list(row) for row in headers[kind]]
    others = [[float(cell) for cell in row] for row in above if kind in {"years", "numbers"}]
    if kind.startswith("names") and draw(st.booleans()):
        above.append([draw(st.sampled_from(["cm", "kg", "[m/s]", "°C"])) for _ in range(width)])
    if draw(st.booleans()):
        above = [[name, *row] for name, row in zip(["place", "-"], above, strict=False)]
        rows = [[draw(WORDS), *row] for row in rows]
    if len(rows[0]) > width and draw(st.booleans()):
        rows.append(["Total", *(str(7 * index) for index in range(width))])
        others.append([7.0 * index for index in range(width)])
    elif draw(st.booleans()):
        rows.append(["Source: a yearbook", *[""] * (len(rows[0]) - 1)])
    table = [*above, *rows]
    cells = [[_cell(text.replace(decimal, ".")) for text in row] for row in table]
    if delimiter not in {" ", FIXED, FIXED_RIGHT} and draw(st.booleans()):
        table = [[f'"{cell}"' for cell in row] for row in table]
    return Written(_join(table, delimiter), cells, numbers, others)


def _cell(text: str) -> str | float | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def _join(rows: list[list[str]], delimiter: str) -> str:
    if delimiter in {FIXED, FIXED_RIGHT}:
        align = str.ljust if delimiter == FIXED else str.rjust
        widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
        lines = [
            "".join(align(cell, width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
    else:
        lines = [delimiter.join(row) for row in rows]
    return "\n".join(lines) + "\n"


def says(table: Table, *words: str) -> bool:
    sentences = [remark.sentence for remark in table.remarks_on(range(len(table.columns)))]
    notes = [note for column in table.columns for note in column.notes]
    return any(word in sentence for word in words for sentence in (*sentences, *notes))


def has_only_rows_of(table: Table, numbers: list[list[float]]) -> bool:
    """Return whether the rows that were read are among those written, in their order."""
    read = [column.values for column in table.columns if column.values.size]
    filled = [index for index, column in enumerate(zip(*numbers, strict=True)) if is_filled(column)]
    expected = iter([[row[index] for index in filled] for row in numbers])
    return len(read) == len(filled) and all(
        any(np.array_equal(row, each, equal_nan=True) for each in expected)
        for row in np.column_stack(read).tolist()
        if is_filled(row)
    )


def is_filled(values: Sequence[float]) -> bool:
    return not np.isnan(values).all()


@settings(max_examples=250, derandomize=True, deadline=None)
@given(tables(), st.sampled_from(["text", "utf-8", "utf-16", "cp1252"]))
def test_the_same_numbers_come_back_or_the_doubt_is_said(written: Written, encoding: str) -> None:
    check(written.text if encoding == "text" else written.text.encode(encoding), written)


@settings(max_examples=60, deadline=None)
@given(tables(), st.booleans())
def test_the_same_is_true_of_a_workbook(written: Written, is_excel: bool) -> None:
    check(as_excel(written) if is_excel else as_open_document(written), written)


def as_excel(written: Written) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in written.cells:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def as_open_document(written: Written) -> bytes:
    empty = "<table:table-cell/>"
    rows = [[empty if cell is None else cell for cell in row] for row in written.cells]
    return open_documents.zipped(open_documents.sheet(*(open_documents.row(*row) for row in rows)))


def check(source: str | bytes, written: Written) -> None:
    """Demand the same numbers, a refusal, or a sentence that names this doubt and no other."""
    try:
        table = read_table(source)
    except TableError:
        return
    if table.complaint or says(table, "may also be", "is read as", *NAMES_DO_NOT_FIT):
        return
    numbers = written.numbers
    if not any(map(is_filled, numbers)):
        return
    if says(table, "first row", "at the end", "the sums of the others", "names"):
        headers, sums = written.others[:1], written.others[-1:]
        numbers = [*headers, *numbers, *sums]
    assert has_only_rows_of(table, numbers)
    total = table.row_count + table.too_long + table.too_short
    assert total >= sum(map(is_filled, written.numbers)) - says(table, "first row")
