"""A table of new examples, with what a run predicts for each of its rows."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.export.csv_file import CsvDialect, CsvFile, pieces
from linreg_gui.export.example_files import predictions
from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.tables.columns import Remark
from linreg_gui.tables.reading import named_columns
from linreg_gui.tables.table import Table
from linreg_gui.texts import in_a_row, in_quotes, paragraph, tr, trn

_MOST_NAMED = 6


@dataclass(frozen=True, eq=False)
class NewExamples:
    """The rows of a table for which a run can predict the target.

    Attributes
    ----------
    table : Table
        As it was read.
    features : tuple of int
        Its columns with the names of the run's features, in their order.
    parameters : ndarray, shape (d + 1,), float64
        The weights and the bias of the run, in the units of the data.
    """

    table: Table
    features: tuple[int, ...]
    parameters: DoubleArray

    @classmethod
    def of_run(cls, table: Table, run: Run) -> Self:
        """Return them for ``run`` as it is now; raise `TableError` as `of` does."""
        parameters = run.current_parameters.astype(np.float64)
        return cls.of(table, run.dataset.feature_names, parameters)

    @classmethod
    def of(cls, table: Table, names: Sequence[str], parameters: DoubleArray) -> Self:
        """Return them for the features with these ``names``.

        Raises
        ------
        TableError
            With a sentence for a person, if one of them has no column of numbers.
        """
        return cls(table, named_columns(table, names), parameters)

    @property
    def remarks(self) -> list[Remark]:
        """Return what is not certain about how the table was read."""
        return self.table.remarks_on(self.features)

    def sentences(self) -> list[str]:
        """Say how many rows get a prediction, and what of the table is left out."""
        columns = self.table.columns
        known = np.logical_and.reduce([np.isfinite(columns[each].values) for each in self.features])
        missing = self.table.row_count - int(np.count_nonzero(known))
        said = [trn("{count} row.", "{count} rows.", len(known)).format(count=whole(len(known)))]
        if missing:
            words = tr("{count} without a number for each feature: no prediction.")
            said.append(words.format(count=whole(missing)))
        if left_out := self.table.too_long + self.table.too_short:
            words = tr("Left out for more or fewer cells than there are columns: {count}.")
            said.append(words.format(count=whole(left_out)))
        said += [
            tr("“{name}”: {notes}").format(
                name=columns[each].name, notes=paragraph(*columns[each].notes)
            )
            for each in self.features
            if columns[each].notes
        ]
        if others := [in_quotes(each.name) for each in columns if not len(each.values)]:
            words = tr("Columns without numbers are left out: {names}.")
            more = ["…"] if len(others) > _MOST_NAMED else []
            said.append(words.format(names=in_a_row([*others[:_MOST_NAMED], *more])))
        return said


def writing_new_predictions(
    file: Path, examples: NewExamples, dialect: CsvDialect
) -> Generator[float, None, str]:
    """Write the table's numbers, and a column with the predictions; yield the share done.

    The first column has the number of the row in the table's file. Returns how many rows there are.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    table = examples.table
    columns = [column for column in table.columns if len(column.values)]
    headings = ["row", *(column.name for column in columns), "prediction"]
    with CsvFile(file, headings, dialect) as written:
        for rows in pieces(table.row_count, len(headings)):
            features = np.column_stack(
                [table.columns[index].values[rows] for index in examples.features]
            )
            with np.errstate(invalid="ignore"):  # an infinite feature has no prediction
                predicted = predictions(features, examples.parameters)
            predicted[~np.isfinite(predicted)] = np.nan
            numbers = table.places.numbers_of(range(rows.start, rows.stop))
            written.write(numbers, *(column.values[rows] for column in columns), predicted)
            yield rows.stop / table.row_count
    return paragraph(*examples.sentences())
