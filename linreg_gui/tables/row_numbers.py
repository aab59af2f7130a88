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
        numbers = [*self._left_out, *map(self._number_of, rows)]
        names = self.counted is Counted.RECORDS
        return tuple(number - names for number in sorted(numbers)[:MOST_NAMED])

    def _number_of(self, row: int) -> int:
        piece = bisect_right(self._starts, row) - 1
        return int(self._pieces[piece][row - self._starts[piece]])
