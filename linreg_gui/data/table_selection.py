"""From a table to a dataset: the chosen columns, and the rows that have a number in each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import MAX_FEATURES, Dataset, DoubleArray
from linreg_gui.data.table import Table
from linreg_gui.data.table_columns import Column
from linreg_gui.data.table_errors import TableError
from linreg_gui.texts import tr

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Skipped:
    """Rows that are not trained on, each counted with the first reason that holds.

    Attributes
    ----------
    total : int
        All rows below the header.
    too_long : int
        They have more cells than the table has columns.
    missing, infinite, too_large : int
        A chosen column has no value there, an infinite one, or one beyond single precision.
    """

    total: int
    too_long: int = 0
    missing: int = 0
    infinite: int = 0
    too_large: int = 0

    @property
    def rows(self) -> int:
        """Return how many there are."""
        return self.too_long + self.missing + self.infinite + self.too_large

    @property
    def sentence(self) -> str:
        """Return how many of how many and why; empty if there are none."""
        if not self.rows:
            return ""
        reasons = (
            (self.missing, tr("1 has no value"), tr("{count:,} have no value")),
            (self.infinite, tr("1 is not finite"), tr("{count:,} are not finite")),
            (
                self.too_large,
                tr("1 is too large for single precision"),
                tr("{count:,} are too large for single precision"),
            ),
            (
                self.too_long,
                tr("1 has more cells than there are columns"),
                tr("{count:,} have more cells than there are columns"),
            ),
        )
        return tr("{rows:,} of {total:,} rows skipped: {reasons}").format(
            rows=self.rows,
            total=self.total,
            reasons=", ".join(
                (one if count == 1 else many).format(count=count)
                for count, one, many in reasons
                if count
            ),
        )


@dataclass(frozen=True, eq=False)
class Selection:
    """Chosen columns as a dataset.

    Attributes
    ----------
    dataset : Dataset
        In single precision, as MXNet trains on it.
    features : ndarray, shape (n, d), float64
    target : ndarray, shape (n,), float64
        The same rows as they were read; read-only.
    """

    dataset: Dataset
    features: DoubleArray
    target: DoubleArray
    skipped: Skipped


def select(table: Table, features: Sequence[int], target: int) -> Selection:
    """Return the dataset of the columns with these indices; rows stay in their order.

    Raises
    ------
    TableError
        With a sentence for a person, if the choice is refused or no row is left.
    """
    refuse_choice(table, features, target)
    columns = [table.columns[index] for index in (*features, target)]
    kept, skipped = _usable_rows(table, columns)
    if not kept.any():
        raise TableError(
            tr("No row has a number in each of {names}; choose other columns.").format(
                names=", ".join(f"“{column.name}”" for column in columns)
            )
        )
    X = np.column_stack([column.values[kept] for column in columns[:-1]])
    y = columns[-1].values[kept]
    for array in (X, y):
        array.setflags(write=False)
    dataset = Dataset(
        features=X.astype(np.float32),
        target=y.astype(np.float32),
        feature_names=tuple(column.name for column in columns[:-1]),
        target_name=columns[-1].name,
    )
    return Selection(dataset, X, y, skipped)


def refuse_choice(table: Table, features: Sequence[int], target: int) -> None:
    """Raise `TableError` with a sentence if these columns cannot be chosen together."""
    if not features:
        raise TableError(tr("Choose at least one feature."))
    if len(features) > MAX_FEATURES:
        raise TableError(tr("Choose at most {most} features.").format(most=MAX_FEATURES))
    for index in (*features, target):
        if refusal := table.columns[index].refusal:
            raise TableError(refusal)
    if target in features:
        sentence = tr("“{name}” cannot be both feature and target; choose another for one of them.")
        raise TableError(sentence.format(name=table.columns[target].name))
    if len(set(features)) < len(features):
        raise TableError(tr("Choose each feature only once."))


def _usable_rows(table: Table, columns: Sequence[Column]) -> tuple[npt.NDArray[np.bool_], Skipped]:
    is_missing, is_infinite, is_too_large = np.zeros((3, table.row_count), bool)
    for column in columns:
        is_missing |= np.isnan(column.values)
        is_infinite |= np.isinf(column.values)
        is_too_large |= np.abs(column.values) > _LARGEST
    is_infinite &= ~is_missing
    is_too_large &= ~(is_missing | is_infinite)
    skipped = Skipped(
        table.row_count + table.too_long,
        table.too_long,
        *(int(np.count_nonzero(each)) for each in (is_missing, is_infinite, is_too_large)),
    )
    return ~(is_missing | is_infinite | is_too_large), skipped
