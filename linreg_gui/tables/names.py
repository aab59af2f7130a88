"""What the columns of a table are called."""

from collections.abc import Sequence

from linreg_gui.tables.bounds import MOST_COLUMNS, too_many_columns
from linreg_gui.tables.layout import Record, unit_in, usual_length, without_mark
from linreg_gui.tables.source import TableError
from linreg_gui.texts import quoted, tr


def column_names(
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
