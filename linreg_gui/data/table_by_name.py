"""Reads the columns of a table that somebody has named, with nobody there to ask."""

from collections.abc import Sequence
from pathlib import Path

from linreg_gui.data.measured import Measured
from linreg_gui.data.table import Table, read_table
from linreg_gui.data.table_errors import TableError
from linreg_gui.data.table_selection import propose, select
from linreg_gui.texts import tr


def read_columns(file: Path, features: Sequence[str], target: str) -> Measured:
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
