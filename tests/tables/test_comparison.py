"""200 written tables: the reader, pandas' own reading, and the standard library's sniffer.

Every kind of difference is explained in ``docs/reading-tables.md``.
"""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from linreg_gui.tables.reading import read_table

DOCS = Path(__file__).parents[2] / "docs" / "reading-tables.md"

FILES = 200
KINDS = {
    "delimiter": "another delimiter than a comma",
    "decimal comma": "a decimal comma",
    "thousands": "thousands separators",
    "no header": "no header",
    "preamble": "lines above the table",
    "units": "a row of units",
    "missing words": "words for a missing value",
    "percent": "percent signs",
    "money": "currency signs",
    "encoding": "a code page or UTF-16",
    "long row": "a row with too many cells",
    "footer": "a note below the table",
}


@dataclass(frozen=True)
class Sample:
    """A written table, the kinds of differences that it can cause, and its numbers."""

    content: bytes
    encoding: str
    delimiter: str
    kinds: frozenset[str]
    numbers: list[list[float]]


def write(number: int) -> Sample:
    """Write the table with this number; each kind is in some of them."""
    rng = random.Random(number)
    kinds, delimiter = _choose(rng)
    width = rng.randint(2, 4)
    numbers = [[rng.randint(-(10**8), 10**8) / 1000 for _ in range(width)] for _ in range(9)]
    rows = _cells(kinds, numbers)
    name = "größe" if "encoding" in kinds else "size"
    header = [] if "no header" in kinds else [[f"{name}{index}" for index in range(width)]]
    if "units" in kinds:
        header.append(["cm", "kg", "s", "m"][:width])
    lines = [delimiter.join(row) for row in [*header, *rows]]
    if "preamble" in kinds:
        lines[:0] = ["Measured by class 9b", ""]
    if "long row" in kinds:
        lines.append(delimiter.join(["1"] * (width + 3)))
    if "footer" in kinds:
        lines.append("Source: our school")
    pages = ["utf-16"] if "no header" in kinds else ["cp1252", "utf-16"]
    encoding = rng.choice(pages) if "encoding" in kinds else "utf-8"
    content = ("\n".join(lines) + "\n").encode(encoding)
    return Sample(content, encoding, delimiter, frozenset(kinds), numbers)


def _choose(rng: random.Random) -> tuple[set[str], str]:
    """Return the kinds of a table, which go together, and its delimiter."""
    kinds = {kind for kind in KINDS if rng.random() < 0.15}
    delimiter = rng.choice("\t;| ") if "delimiter" in kinds else ","
    if delimiter == ",":
        kinds -= {"decimal comma"}
    if delimiter == " ":
        kinds &= {"delimiter", "decimal comma", "no header", "percent", "encoding"}
    if "units" in kinds:
        kinds -= {"no header"}
    return kinds, delimiter


def _cells(kinds: set[str], numbers: list[list[float]]) -> list[list[str]]:
    """Return the numbers as they are written; change them to what they then mean."""
    decimal = "," if "decimal comma" in kinds else "."
    group = ("." if decimal == "," else "'") if "thousands" in kinds else ""
    rows = [[_text(value, decimal, group) for value in row] for row in numbers]
    for row, values in zip(rows, numbers, strict=True):
        if "percent" in kinds:
            row[0], values[0] = f"{row[0]}%", values[0] / 100
        if "money" in kinds:
            row[-1] = f"{row[-1]} €"
    if "missing words" in kinds:
        rows[3][1], numbers[3][1] = "?", np.nan
        rows[5][1], numbers[5][1] = "k.A.", np.nan
    return rows


def _text(value: float, decimal: str, group: str) -> str:
    marks = {",": group, ".": decimal}
    return "".join(marks.get(letter, letter) for letter in f"{value:,.3f}")


def as_pandas_reads(content: bytes) -> list[list[float]]:
    """Return pandas' numbers, with its own defaults; empty if it fails."""
    try:
        frame = pd.read_csv(io.BytesIO(content))
    except (ValueError, pd.errors.ParserError):
        return []
    return [list(map(float, row)) for row in frame.select_dtypes("number").to_numpy().tolist()]


def as_read(content: bytes) -> list[list[float]]:
    columns = [column.values for column in read_table(content).columns if column.values.size]
    rows = np.column_stack(columns) if columns else np.empty((0, 0))
    return [row for row in rows.tolist() if not np.isnan(row).all()]


def sniffed(sample: Sample) -> str:
    try:
        return csv.Sniffer().sniff(sample.content.decode(sample.encoding)).delimiter
    except csv.Error:
        return ""


def are_same(found: list[list[float]], numbers: list[list[float]]) -> bool:
    shape = np.shape(numbers)
    return np.shape(found) == shape and np.allclose(found, numbers, rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize("first", range(0, FILES, 50))
def test_every_table_is_read_as_it_was_written(first: int) -> None:
    for sample in map(write, range(first, first + 50)):
        found = as_read(sample.content)
        if "long row" in sample.kinds and "footer" in sample.kinds:
            found = found[: len(sample.numbers)]
        assert are_same(found, sample.numbers), sample


def test_every_difference_from_pandas_is_of_a_kind_that_the_docs_explain() -> None:
    words = DOCS.read_text(encoding="utf-8")
    assert [kind for kind in KINDS.values() if kind not in words] == []
    alone: Counter[str] = Counter()
    for sample in map(write, range(FILES)):
        is_like_pandas = are_same(as_pandas_reads(sample.content), sample.numbers)
        assert is_like_pandas or sample.kinds, sample
        if not is_like_pandas and len(sample.kinds) == 1:
            alone.update(sample.kinds)
    assert len(alone) > len(KINDS) / 2


def test_the_sniffer_finds_no_delimiter_that_the_reader_does_not_find() -> None:
    differences = 0
    for sample in map(write, range(FILES)):
        dialect = read_table(sample.content).dialect
        assert dialect.delimiter in {sample.delimiter, "fixed"}, sample
        differences += sniffed(sample) != sample.delimiter
    assert differences
