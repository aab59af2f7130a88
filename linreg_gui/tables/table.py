"""A table that was read: its columns, and why some cannot be chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from linreg_gui.data.dataset import Counted
from linreg_gui.tables.bounds import MOST_CELLS, MOST_COLUMNS, too_many_cells, too_many_columns
from linreg_gui.tables.columns import Cells, Column, ColumnBuilder, Remark
from linreg_gui.tables.dialect import RARE_DELIMITERS, Dialect
from linreg_gui.tables.fixed_width import FIXED
from linreg_gui.tables.layout import (
    Record,
    is_units_row,
    unit_in,
    usual_length,
    without_mark,
)
from linreg_gui.tables.number_formats import CellReader, DataType
from linreg_gui.tables.row_numbers import MOST_NAMED, RowNumbers
from linreg_gui.tables.source import StoppedError, TableError
from linreg_gui.tables.sums import MOST_SUMS, remark_on_sums, sums_at_end
from linreg_gui.texts import in_a_row, quoted, shortened, tr, trn

CELLS_PER_CHUNK = 40_000
"""A chunk takes some 15 ms. A larger one would hold Python's lock for longer."""

_LONGEST_EXAMPLE = 20
_MAX_NAMED = 6


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read.

    Attributes
    ----------
    dialect : Dialect
        How it was read.
    columns : tuple of Column
        No two have the same name.
    row_count : int
        Rows below the header that are not blank and have a fitting number of cells.
    too_long, too_short : int
        Rows that were left out because they have more cells than the table has columns, or, where
        blanks separate the cells, fewer.
    sheets : tuple of str
        A workbook's sheets; empty for text.
    sample : list of Record
        The text of the cells in the first rows, at most 200.
    remarks : tuple of Remark
        What is not certain about the whole table.
    has_foreign_numbers : bool
        Whether a text would be a number with other marks.
    unsure_header : Record
        The row of names if it may be a row of numbers; empty if that is certain.
    places : RowNumbers
        Where in the file each row is.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    row_count: int
    too_long: int
    too_short: int
    sheets: tuple[str, ...]
    sample: list[Record]
    remarks: tuple[Remark, ...] = ()
    has_foreign_numbers: bool = False
    unsure_header: Record = field(default_factory=list)
    places: RowNumbers = field(default_factory=lambda: RowNumbers(Counted.LINES))

    def remarks_on(self, columns: Iterable[int]) -> list[Remark]:
        """Return what is not certain about the table, and about the columns with these indices."""
        chosen = [self.columns[index] for index in columns]
        used = [column.values for column in chosen if not column.refusal]
        return [
            *(
                each
                for each in self.remarks
                if each.row < 0 or not any(np.isnan(values[each.row]) for values in used)
            ),
            *(remark for column in chosen for remark in column.remarks),
        ]

    @property
    def complaint(self) -> str:
        """Return why there is nothing to learn from; empty if there is something."""
        numeric = [column for column in self.columns if column.data_type is DataType.NUMBER]
        refused = [column.refusal for column in numeric if column.refusal]
        if not self.row_count:
            return tr("There are no data rows; the table needs numbers below its header.")
        odd = [column.refusal for column in self.columns if column.has_odd_numbers]
        reasons = odd if len(numeric) < 2 else refused
        if reasons and len(numeric) - len(refused) < 2:
            return reasons[0]
        if not numeric:
            return tr("There is no numeric column; two are needed, a feature and the target.")
        if len(numeric) == 1:
            return tr("There is only one numeric column; two are needed, a feature and the target.")
        if self.row_count == 1 and not self.dialect.has_header:
            return tr(
                "There is only one row of numbers, without names; write each example in a row of "
                "its own."
            )
        return ""


class TableBuilder:
    """Takes in a table's rows, chunk by chunk.

    Parameters
    ----------
    records : sequence of Record
        The first records of the table, with the header if the dialect has one.

    Attributes
    ----------
    width : int
        The number of columns.
    chunk_rows : int
        How many rows make a chunk.

    Raises
    ------
    TableError
        If there are more than `MOST_COLUMNS`, or later more than `MOST_CELLS`.
    """

    def __init__(
        self, dialect: Dialect, records: Sequence[Record], sheets: tuple[str, ...] = ()
    ) -> None:
        self._dialect = dialect
        self._sheets = sheets
        header = records[0] if dialect.has_header and records else []
        reader = CellReader(dialect.decimal, dialect.thousands)
        self.has_units = (
            dialect.has_header
            and len(records) > 2
            and is_units_row(records[1], records[2:], reader)
        )
        self._sample = list(records[dialect.has_header + self.has_units :])
        self._is_exact = dialect.delimiter == " " and not dialect.is_workbook
        self._first = records[0] if records else []
        units = records[1] if self.has_units else []
        names, self._doubt_of_names = _column_names(
            header,
            units,
            self._sample,
            may_lack_first=not dialect.is_workbook,
            is_exact=self._is_exact,
        )
        self.width = len(names)
        self.chunk_rows = max(1, CELLS_PER_CHUNK // self.width)
        self._columns = [
            ColumnBuilder(
                name, dialect, reader, (row[index] for row in self._sample if index < len(row))
            )
            for index, name in enumerate(names)
        ]
        self._reader = reader
        self._held: tuple[Sequence[Cells], Sequence[int]] | None = None
        self._sums: Remark | None = None
        self._places = RowNumbers(Counted.ROWS if dialect.is_workbook else Counted.LINES)
        self._row_count = 0
        self._too_long = 0
        self._too_short = 0
        self._left_out_cells = 0

    @property
    def number_count(self) -> int:
        """Return how many cells hold a number."""
        return sum(column.number_count for column in self._columns)

    @property
    def missing_words(self) -> dict[int, list[str]]:
        """Return the texts that are known to mean “missing”, by the indices of the columns."""
        words = {index: column.missing_words for index, column in enumerate(self._columns)}
        if self._is_exact:  # only short rows may have no last cell
            words[self.width - 1] = [""]
        return words

    @property
    def has_long_rows(self) -> bool:
        """Return whether a row was left out that has too many cells."""
        return self._too_long > 0

    @property
    def knows_thousands(self) -> bool:
        """Return whether every column is known to have numbers with thousands separators."""
        return all(column.has_thousands for column in self._columns)

    def note_cells(self, cells: Mapping[int, str]) -> None:
        """Note how a cell is read in each of some columns, by their indices."""
        for index, cell in cells.items():
            self._columns[index].note(cell)

    def add_rows(self, rows: Iterable[tuple[int, Sequence[object]]]) -> None:
        """Take in rows of cells, each with the number of its row in the file.

        Those that are blank, too long or too short are left out.
        """
        fitting = []
        places = []
        for place, row in rows:
            if len(row) > self.width and not _is_blank(row[self.width :]):
                self.leave_out_long(place, len(row))
            elif self._is_exact and 0 < len(row) < self.width:
                self._too_short += 1
                self._places.leave_out(place)
                self._left_out_cells += len(row)
            elif not _is_blank(row):
                fitting.append(row[: self.width])
                places.append(place)
        filled = list(zip_longest(*fitting))
        empty = [(None,) * len(fitting)] * (self.width - len(filled))
        cells = [np.fromiter(column, object, len(fitting)) for column in [*filled, *empty]]
        self.add_columns(cells, places)

    def leave_out_long(self, place: int, cells: int) -> None:
        """Note that a row of the file has too many cells."""
        self._too_long += 1
        self._places.leave_out(place)
        self._left_out_cells += cells

    def add_columns(self, columns: Sequence[Cells], places: Sequence[int]) -> None:
        """Take in the cells of each column, and the numbers of the rows, which are not blank.

        The last of them wait: they may be sums, which only the end of the table tells.
        """
        if self._is_exact and len(columns[0]):
            is_short = columns[-1] != columns[-1]
            if is_short.any():
                short = np.flatnonzero(is_short)
                self._too_short += len(short)
                self._left_out_cells += len(short) * self.width
                for index in short[:MOST_NAMED]:
                    self._places.leave_out(places[index])
                columns = [cells[~is_short] for cells in columns]
                places = np.array(places)[~is_short].tolist()
        if self._held is not None:
            held, numbers = self._held
            cut = len(numbers) if len(places) >= MOST_SUMS else max(len(numbers) - MOST_SUMS, 0)
            self._take_in([cells[:cut] for cells in held], numbers[:cut])
            if cut < len(numbers):
                columns = [
                    np.concatenate([old[cut:].astype(object), new.astype(object)])
                    for old, new in zip(held, columns, strict=True)
                ]
                places = [*numbers[cut:], *places]
        self._held = columns, places

    def _take_in(self, columns: Sequence[Cells], places: Sequence[int]) -> None:
        self._places.add(places)
        for column, cells in zip(self._columns, columns, strict=True):
            column.add(cells)
        self._row_count += len(columns[0])
        if self._row_count * self.width + self._left_out_cells > MOST_CELLS:
            raise StoppedError(too_many_cells(MOST_CELLS))

    def finish(self) -> Table:
        """Return the table; the builder is used up."""
        self._take_in_end()
        columns = tuple(column.finish() for column in self._columns)
        has_unsure_header = self._dialect.has_header and "has_header" in self._dialect.doubts
        return Table(
            self._dialect,
            columns,
            self._row_count,
            self._too_long,
            self._too_short,
            self._sheets,
            self._sample,
            tuple(self._remarks()) if self._sample else (),
            any(column.has_foreign_numbers for column in self._columns),
            self._first if has_unsure_header else [],
            self._places,
        )

    def _take_in_end(self) -> None:
        """Take in the rows that wait, or leave out the sums and all below them."""
        if self._held is None:
            return
        columns, places = self._held
        first = max(len(places) - MOST_SUMS, 0)
        rows = [*zip(*(cells[first:].tolist() for cells in columns), strict=True)]
        sums = sums_at_end(rows, self._reader)
        start = first + sums.start
        self._take_in([cells[:start] for cells in columns], places[:start])
        if sums.name or (sums.rows and self._are_sums(rows[sums.start])):
            are_read = self._dialect.sums
            self._sums = remark_on_sums(sums, self._row_count, are_read=are_read)
            if not are_read:
                return
        self._take_in([cells[start:] for cells in columns], places[start:])

    def _are_sums(self, row: Sequence[object]) -> bool:
        """Return whether the numbers of a row are the sums of those above it."""
        found = False
        for column, cell in zip(self._columns, row, strict=True):
            is_sum = column.is_sum(cell)
            if is_sum is False or self._row_count < 3:
                return False
            found = found or is_sum is True
        return found

    def _remarks(self) -> Iterator[Remark]:
        """Yield what was detected without certainty."""
        doubts, has_header = self._dialect.doubts, self._dialect.has_header
        if "delimiter" in doubts:
            yield self._remark_on_delimiter()
        if "skip" in doubts:
            yield Remark(
                tr("Rows of numbers above the row of names are left out."),
                tr("Read from the first line"),
                {"skip": 0},
            )
        if self._doubt_of_names:
            yield Remark(self._doubt_of_names)
        if self._sums is not None:
            yield self._sums
        first = [cell for cell in self._first if cell.strip()]
        if "has_header" in doubts and (has_header or len(self._sample) > 1) and first:
            cells = [shortened(cell, _LONGEST_EXAMPLE) for cell in first[:_MAX_NAMED]]
            more = ["…"] if len(first) > _MAX_NAMED else []
            sentence = (
                tr("The first row ({cells}) is read as names; it may be numbers.")
                if has_header
                else tr("No names were found: the first row ({cells}) is read as numbers.")
            )
            yield Remark(
                sentence.format(cells=in_a_row([*cells, *more])),
                tr("Read it as numbers") if has_header else tr("Read it as names"),
                {"has_header": not has_header},
            )

    def _remark_on_delimiter(self) -> Remark:
        delimiter = self._dialect.delimiter
        if delimiter == FIXED:
            sentence = tr(
                "Columns are told apart by where they stand in the line; check the first rows."
            )
            return Remark(sentence, tr("Separate at blanks"), {"delimiter": " "})
        if delimiter in RARE_DELIMITERS:
            sentence = tr("Cells are taken to be separated by “{delimiter}”; check the first rows.")
            return Remark(sentence.format(delimiter=delimiter))
        first = self._sample[0]
        sentence = trn(
            "“{written}” is read as {count} cell; it may also be one number.",
            "“{written}” is read as {count} cells; it may also be one number.",
            len(first),
        )
        return Remark(
            sentence.format(
                written=shortened(delimiter.join(first), _LONGEST_EXAMPLE), count=len(first)
            ),
            tr("Read it as one number"),
            {"delimiter": "\t"},
        )


def _is_blank(row: Sequence[object]) -> bool:
    for cell in row:  # a generator would take three times as long
        if cell is not None and not (isinstance(cell, str) and not cell.strip()):
            return False
    return True


def _column_names(
    header: Record, units: Record, rows: Sequence[Record], *, may_lack_first: bool, is_exact: bool
) -> tuple[list[str], str]:
    """Return the names, no two the same, and what to say if the header does not fit the rows.

    A header that is a cell short lacks its last name or, if that is possible, its first: many
    programs write no name above row numbers. Where every row must have all its cells
    (``is_exact``), no other header says which name belongs to which column.
    """
    length = usual_length(rows)
    header = without_mark(header, length)
    doubt = ""
    if is_exact and rows and header and len(header) not in {length, length - 1}:
        doubt = tr("The names in the first row do not fit the columns and are left out.")
        header = []
    width = max(length, len(header), 1)
    if width > MOST_COLUMNS:
        raise TableError(too_many_columns(MOST_COLUMNS))
    is_short = len(header) == length - 1 and any(row[-1] for row in rows if len(row) == length)
    if header and rows and (is_short or len(header) not in {length, length - 1}):
        doubt = tr("The first row has another number of cells than the others; check the names.")
    if header and may_lack_first and is_short:
        header = ["", *header]
        units = ["", *units] if len(units) < length else units
    given_names = [
        _with_unit(quoted(name), units[index] if index < len(units) else "")
        for index, name in enumerate(header)
    ]
    reserved = set(given_names)
    names: dict[str, None] = {}
    copies: dict[str, int] = {}
    for index in range(width):
        given = given_names[index] if index < len(header) else ""
        base = given or tr("column {number}").format(number=index + 1)
        name, copy = base, copies.get(base, 1)
        while name in names or (name in reserved and name != given):
            copy += 1
            name = f"{base} ({copy})"
        names[name] = None
        copies[base] = copy
    return list(names), doubt


def _with_unit(name: str, cell: str) -> str:
    unit = unit_in(cell)
    return f"{name} ({quoted(unit)})" if name and unit else name
