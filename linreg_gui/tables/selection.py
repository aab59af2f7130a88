"""From a table's columns to examples: which to propose, and taking those that are chosen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import MAX_FEATURES, Dataset, Skipped
from linreg_gui.tables.columns import Column
from linreg_gui.tables.encoding import TableError
from linreg_gui.tables.table import Table, read_table
from linreg_gui.texts import tr

_LARGE = 10.0
"""The stable rate falls with the square of a feature's size, and is about 1 where that is 1."""
_LARGEST = float(np.finfo(np.float32).max)


def select(table: Table, features: Sequence[int], target: int, name: str) -> Dataset:
    """Return the columns with these indices, as of ``name``; rows stay in their order.

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
    return Dataset(
        name=name,
        features=np.column_stack([column.values[kept] for column in columns[:-1]]),
        target=columns[-1].values[kept],
        feature_names=tuple(column.name for column in columns[:-1]),
        target_name=columns[-1].name,
        skipped=skipped,
    )


def propose(
    table: Table, target: int | None = None, features: Sequence[int] = ()
) -> tuple[tuple[int, ...], int]:
    """Return which columns a person will most likely want, as features and as the target.

    The last column of numbers is the target unless it is known, the first one the feature; what is
    known to be a feature is no target. Columns
    without spread, and those that only number the rows, are taken where there is no other.
    """
    numeric = [index for index, column in enumerate(table.columns) if not column.refusal]
    telling = [index for index in numeric if _tells_something(table.columns[index])]
    if target is None:
        free = [index for index in (*numeric, *telling) if index not in features]
        target = (free or numeric)[-1]
    others = [index for index in (*telling, *numeric) if index != target]
    return tuple(others[:1]), target


def wants_standardizing(table: Table, features: Sequence[int]) -> bool:
    """Return whether a feature is so large that only a tiny learning rate could be stable."""
    sizes = [max(abs(table.columns[each].low), abs(table.columns[each].high)) for each in features]
    return max(sizes, default=0.0) > _LARGE


def _tells_something(column: Column) -> bool:
    numbers_rows = len(column.values) > 1 and np.array_equal(
        column.values - column.values[0], np.arange(len(column.values))
    )
    return not (column.is_constant or (numbers_rows and column.values[0] in {0, 1}))


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


def read_columns(file: Path, features: Sequence[str], target: str) -> Dataset:
    """Return these columns; where none is named, those that `propose` proposes.

    Raises
    ------
    TableError
        With a sentence for a person.
    """
    table = read_table(file)
    named = [_index(table, name) for name in features]
    known_target = _index(table, target) if target else None
    proposed, target_index = propose(table, known_target, named)
    indices = named or proposed
    return select(table, indices, target_index, file.name)


def _index(table: Table, name: str) -> int:
    for index, column in enumerate(table.columns):
        if column.name == name:
            return index
    names = ", ".join(f"“{column.name}”" for column in table.columns if not column.refusal)
    raise TableError(
        tr("There is no column “{name}”; the columns with numbers are {names}.").format(
            name=name, names=names
        )
    )
