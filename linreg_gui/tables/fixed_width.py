"""Text whose columns stand below one another: where its columns begin."""

import re
from collections.abc import Iterable, Iterator, Sequence

from linreg_gui.tables.bounds import MOST_COLUMNS
from linreg_gui.tables.layout import Record

FIXED = "fixed"
"""Stands for a delimiter: columns of a fixed width."""

_GAP = re.compile(r"\S {2,}\S")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]{2}|^[^\W\d_]$")


def find_starts(lines: Sequence[str], *, is_sure: bool = False) -> tuple[int, ...]:
    """Return where the columns of a table begin; empty unless they stand below one another.

    Between two columns all lines are blank. Some line must have a gap of two blanks, else the
    lines may as well have lost cells, and no column may have two numbers side by side. If it is
    sure that the columns have a fixed width, these two do not matter.
    """
    filled = [line.rstrip() for line in lines if line.strip()]
    if not filled or any("\t" in line for line in filled):
        return ()
    used = {place for line in filled for place, letter in enumerate(line) if not letter.isspace()}
    starts = tuple(place for place in sorted(used) if place - 1 not in used)[: MOST_COLUMNS + 1]
    if is_sure or len(starts) > MOST_COLUMNS:
        return starts if is_sure else ()
    rows = list(split_fixed(filled, starts))
    has_gap = any(map(_GAP.search, filled))
    is_clean = all(" " not in cell or _LETTER.search(cell) for row in rows for cell in row)
    return starts if has_gap and is_clean and len(starts) > 1 else ()


def split_fixed(lines: Iterable[str], starts: Sequence[int]) -> Iterator[Record]:
    """Yield the cells of each line. If a word stands across two columns, they are one too many."""
    limits = [*starts[1:], None]
    for line in lines:
        text = line.rstrip()
        if (
            any(text[start - 1 : start].strip() for start in starts[1:])
            or text[: starts[0]].strip()
        ):
            yield [*(" " for _ in starts), text]
        else:
            yield [text[start:end].strip() for start, end in zip(starts, limits, strict=True)]


def word_counts(lines: Iterable[str]) -> set[int]:
    """Return how many words there are in the lines that are not blank."""
    return {len(_WORD.findall(line)) for line in lines if line.strip()}
