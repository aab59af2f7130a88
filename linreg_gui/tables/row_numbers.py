"""Where in its file each row of a table is."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from linreg_gui.data.dataset import Counted

MOST_NAMED = 3
"""The most rows that are named, of those that are left out."""


class RowNumbers:
    """The numbers of a table's rows, and what they count.

    Attributes
    ----------
    counted : Counted
        Records follow a line of names.
    """

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self._left_out: list[int] = []
        self._pieces: list[Sequence[int]] = []
        self._starts: list[int] = [0]

    def add(self, numbers: Sequence[int]) -> None:
        """Add the numbers of the next rows, which grow; they take up little memory."""
        if len(numbers):
            span = range(numbers[0], numbers[-1] + 1)
            self._pieces.append(span if len(span) == len(numbers) else array("I", numbers))
            self._starts.append(self._starts[-1] + len(numbers))

    def leave_out(self, number: int) -> None:
        """Note that this row of the file is not in the table."""
        if len(self._left_out) < MOST_NAMED:
            self._left_out.append(number)

    def first_skipped(self, rows: Sequence[int]) -> tuple[int, ...]:
        """Return the first numbers of those left out and of these rows of the table, the first."""
        left_out = [number - self._names for number in self._left_out]
        return tuple(sorted([*left_out, *self.numbers_of(rows)])[:MOST_NAMED])

    def numbers_of(self, rows: Sequence[int]) -> list[int]:
        """Return the numbers of these rows of the table."""
        return [self._number_of(row) - self._names for row in rows]

    @property
    def _names(self) -> int:
        """Return how many lines of names records follow."""
        return int(self.counted is Counted.RECORDS)

    def _number_of(self, row: int) -> int:
        piece = bisect_right(self._starts, row) - 1
        return int(self._pieces[piece][row - self._starts[piece]])
