"""Reads a table of any format, and takes examples from the columns that a person chooses."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.data.dataset import MAX_FEATURES, Counted, Dataset, Skipped
from linreg_gui.data.single_precision import LARGEST
from linreg_gui.number_text import exact, round_to
from linreg_gui.pieces import at_once
from linreg_gui.tables.columns import Column, Remark
from linreg_gui.tables.dialect import Dialect, detect
from linreg_gui.tables.json_records import as_csv, looks_like_json
from linreg_gui.tables.number_formats import CellReader, MarkCounts
from linreg_gui.tables.row_numbers import MOST_NAMED
from linreg_gui.tables.source import StoppedError, TableError, TableSource
from linreg_gui.tables.table import Table
from linreg_gui.tables.text import counting_marks, read_text
from linreg_gui.tables.workbook import candidate_sheets, opened_workbook, read_sheet
from linreg_gui.texts import in_a_row, in_quotes, paragraph, quoted, tr

_UNQUOTED = str.maketrans("", "", ' "')
_MOST_NAMED = 12


def reading(
    source: Path | bytes | str, is_canceled: Callable[[], bool] = lambda: False, **chosen: Any
) -> Generator[Dialect | float, None, Table]:
    """Read a file, its bytes or pasted text, chunk by chunk. Close it to stop reading.

    Between two chunks ``is_canceled`` stops it too, see `TableSource`.

    Yields the `Dialect` as soon as it is detected, and then, after each chunk, the share that has
    been read, 0 to 1. The share goes back to 0 for another sheet, and if the file turns out to have
    other number marks: if a number by itself does not tell them, all cells are asked. Returns the
    table, which has a `complaint` if there is nothing to learn from.

    May run in any thread; imports pandas. ``chosen`` holds the fields of the `Dialect` that a
    person has corrected; the others follow from them. If no sheet is chosen and there is nothing to
    learn from in the first, the next with something to learn from is read.

    Raises
    ------
    TableError
        With a sentence for a person, if there is no table.
    """
    opened = TableSource(source, is_canceled)
    head = opened.head()
    if looks_like_json(head):
        text, fields = yield from as_csv(opened)
        if text:
            known = fields | chosen | {"encoding": "utf-8"}
            table = yield from reading(text, is_canceled, **known)
            table.places.counted = Counted.RECORDS if "has_header" in fields else Counted.ROWS
            return table
    dialect = detect(head, opened.name, **chosen)
    yield dialect
    if dialect.is_workbook:
        return (yield from _read_workbook(opened, chosen))
    finds_encoding = "encoding" not in chosen
    table = yield from read_text(opened, head, dialect, finds_encoding=finds_encoding)
    if not _depends_on_marks(table, chosen):
        return table
    counts = yield from counting_marks(opened, table.dialect)
    decimal, thousands = counts.decide(dialect.delimiter)
    if (decimal, thousands) != (dialect.decimal, dialect.thousands):
        settled = detect(head, opened.name, **chosen, decimal=decimal, thousands=thousands)
        yield settled
        table = yield from read_text(opened, head, settled, finds_encoding=finds_encoding)
    return _with_doubt(table, counts)


def read_table(source: Path | bytes | str, **chosen: Any) -> Table:
    """Read a table without a break, as `reading` does. It may have a `complaint`."""
    return at_once(reading(source, **chosen))


def read_columns(file: Path, features: Sequence[str], target: str, **chosen: Any) -> Dataset:
    """Return the columns with these names; if a name is empty, the column that `propose` returns.

    ``chosen`` holds fields of the `Dialect`.

    Raises
    ------
    TableError
        With a sentence for a person.
    """
    table = read_table(file, **chosen)
    if table.complaint:
        raise TableError(table.complaint)
    named = _one_with_commas(table, features) or [_index(table, name) for name in features]
    known_target = _index(table, target) if target else None
    proposed, target_index = propose(table, known_target, named)
    data = select(table, named or proposed, target_index, file.name)
    if named and target:
        return data
    remarks = [_proposed(table, named or proposed, target_index)]
    if not target:
        remarks += [remark.sentence for remark in remarks_on_proposal(table, target_index)]
    return replace(data, remarks=(*remarks, *data.remarks))


def named_columns(table: Table, names: Sequence[str]) -> tuple[int, ...]:
    """Return the indices of the columns with these names.

    Raises
    ------
    TableError
        With a sentence for a person, if there is no such column of numbers, or no row.
    """
    indices = tuple(_index(table, name) for name in names)
    for index in indices:
        if refusal := table.columns[index].refusal:
            raise TableError(refusal)
    if not table.row_count:
        raise TableError(table.complaint)
    return indices


def propose(
    table: Table, target: int | None = None, features: Sequence[int] = ()
) -> tuple[tuple[int, ...], int]:
    """Return which columns a person will most likely want, as features and as the target.

    The target is the last column of numbers that is not one of the ``features``, unless it is
    given. The feature is the first other column of numbers. Columns that are constant or only
    number the rows are passed over if two others are left; so columns never change places. A
    column that has numbers in other rows than the target is no feature.
    """
    numeric = _numeric(table)
    varied = [index for index in numeric if not table.columns[index].is_constant]
    telling = [index for index in varied if not _numbers_rows(table.columns[index])]
    given = {*features} | ({target} - {None})
    kinds = (telling, varied, numeric)
    order = next((kind for kind in kinds if len({*kind, *given}) >= 2), numeric)
    if target is None:
        free = [index for index in (*numeric, *order) if index not in features]
        target = (free or numeric)[-1]
    others = [index for index in (*order, *numeric) if index != target]
    together = (index for index in others if _have_rows(table, index, target))
    return tuple([next(together, others[0])] if others else []), target


def _have_rows(table: Table, *columns: int) -> bool:
    """Return whether there is a row in which all of these columns have a number."""
    values = [np.isfinite(table.columns[index].values) for index in columns]
    return bool(np.logical_and.reduce(values).any())


def remarks_on_proposal(table: Table, target: int) -> list[Remark]:
    """Return what to say if the last column of numbers is not the proposed target, or may not be.

    The column that people want to predict is mostly the last.
    """
    if not table.columns or not (numeric := _numeric(table)):
        return []
    last = table.columns[numeric[-1]]
    if numeric[-1] == target:
        doubtful = _numbers_rows(last)
        sentence = tr("“{name}” has the values 1, 2, 3 …; if it only numbers the rows, choose "
                      "another target.")  # fmt: skip
    else:
        doubtful = last.is_constant or _numbers_rows(last)
        sentence = (
            tr("“{name}” is always the same, and is not proposed as the target.")
            if last.is_constant
            else tr("“{name}” seems to number the rows, and is not proposed as the target.")
        )
    return [Remark(sentence.format(name=last.name))] if doubtful else []


def _numeric(table: Table) -> list[int]:
    return [index for index, column in enumerate(table.columns) if not column.refusal]


def _proposed(table: Table, features: Sequence[int], target: int) -> str:
    """Return the sentence that names columns that nobody has named."""
    sentence = tr(
        "“{target}” is predicted from {features}; name other columns with --features and --target."
    )
    names = in_a_row(in_quotes(table.columns[index].name) for index in features)
    return sentence.format(target=table.columns[target].name, features=names)


def select(table: Table, features: Sequence[int], target: int, name: str) -> Dataset:
    """Return the columns with these indices as examples called ``name``; rows keep their order.

    Raises
    ------
    TableError
        With a sentence for a person, if the choice is refused or no row is left.
    """
    _check_choice(table, features, target)
    columns = [table.columns[index] for index in (*features, target)]
    kept, skipped = _usable_rows(table, columns)
    if not kept.any():
        raise TableError(
            tr("No row has a number in each of {names}; choose other columns.").format(
                names=in_a_row(in_quotes(column.name) for column in columns)
            )
        )
    return Dataset(
        name=name,
        features=np.column_stack([column.values[kept] for column in columns[:-1]]),
        target=columns[-1].values[kept],
        feature_names=tuple(column.name for column in columns[:-1]),
        target_name=columns[-1].name,
        skipped=skipped,
        remarks=tuple(_remarks(table, (*features, target))),
    )


def _with_doubt(table: Table, counts: MarkCounts) -> Table:
    """Return the table with a remark if no number decides what the marks mean."""
    if not counts.leaves_doubt:
        return table
    dialect = table.dialect
    other = {"decimal": "." if dialect.decimal == "," else ",", "thousands": dialect.decimal}
    values = [
        exact(round_to(CellReader(each["decimal"], each["thousands"]).plain(counts.example), 15))
        for each in ({"decimal": dialect.decimal, "thousands": dialect.thousands}, other)
    ]
    sentence = tr("“{written}” is read as {value}; it may also be {other}.").format(
        written=counts.example, value=values[0], other=values[1]
    )
    remark = Remark(sentence, tr("Read it as {other}").format(other=values[1]), other)
    return replace(table, remarks=(*table.remarks, remark))


def _read_workbook(source: TableSource, chosen: Mapping[str, Any]) -> Generator[float, None, Table]:
    with opened_workbook(source) as workbook:
        first, *others = candidate_sheets(workbook, chosen.get("sheet", ""))
        table, counts = yield from read_sheet(source, workbook, first, chosen)
        for name in others if table.complaint else []:
            try:
                other, its_counts = yield from read_sheet(source, workbook, name, chosen)
            except StoppedError:
                raise
            except TableError:
                continue
            if not other.complaint:
                table, counts = other, its_counts
                break
        if not _depends_on_marks(table, chosen):
            return table
        decimal, thousands = counts.decide(Dialect.delimiter)
        if (decimal, thousands) != (table.dialect.decimal, table.dialect.thousands):
            settled = {**chosen, "decimal": decimal, "thousands": thousands}
            table, _ = yield from read_sheet(source, workbook, table.dialect.sheet, settled)
    return _with_doubt(table, counts)


def _depends_on_marks(table: Table, chosen: Mapping[str, Any]) -> bool:
    """Return whether later cells may tell that numbers have other marks than the first ones."""
    if chosen.keys() & {"decimal", "thousands"}:
        return False
    return "decimal" in table.dialect.doubts or table.has_foreign_numbers


def _one_with_commas(table: Table, names: Sequence[str]) -> list[int]:
    """Return the column with the commas in its name at which ``names`` were split, if any."""
    if len(names) < 2:
        return []
    joined = ",".join(names).translate(_UNQUOTED)
    found = [each.name.translate(_UNQUOTED) for each in table.columns]
    return [found.index(joined)] if found.count(joined) == 1 else []


def _index(table: Table, given_name: str) -> int:
    named = [column.name for column in table.columns]
    name = quoted(given_name)
    if name != given_name and f"{name} (2)" in named:
        sentence = tr("Several columns are shown as “{name}”; give them shorter names in the file.")
        raise TableError(sentence.format(name=name))
    bare = [column.bare_name for column in table.columns]
    unquoted = [each.removeprefix('"').removesuffix('"') for each in named]  # as a shell may do
    for given in (named, bare, unquoted):
        if name in given:
            return given.index(name)
    usable = [in_quotes(column.name) for column in table.columns if not column.refusal]
    more = ["…"] if len(usable) > _MOST_NAMED else []
    names = in_a_row([*usable[:_MOST_NAMED], *more])
    raise TableError(
        tr("There is no column “{name}”; the columns with numbers are {names}.").format(
            name=name, names=names
        )
    )


def _numbers_rows(column: Column) -> bool:
    values = column.values
    may_number_rows = len(values) > 1 and values[0] in {0, 1}
    return may_number_rows and np.array_equal(values, values[0] + np.arange(len(values)))


def _check_choice(table: Table, features: Sequence[int], target: int) -> None:
    """Raise `TableError` with a sentence if these columns cannot be chosen together."""
    if not features:
        raise TableError(tr("Choose at least one feature."))
    if len(features) > MAX_FEATURES:
        raise TableError(tr("Choose at most {most} features.").format(most=MAX_FEATURES))
    for index in (*features, target):
        if refusal := table.columns[index].refusal:
            raise TableError(refusal)
    if target in features:
        sentence = tr(
            "“{name}” cannot be both feature and target; choose another column for one of them."
        )
        raise TableError(sentence.format(name=table.columns[target].name))
    if len(set(features)) < len(features):
        raise TableError(tr("Choose each feature only once."))


def _remarks(table: Table, chosen: Sequence[int]) -> Iterator[str]:
    """Yield what is not certain about the table and the chosen columns, and how they were read."""
    yield from (remark.sentence for remark in table.remarks_on(chosen))
    for column in (table.columns[index] for index in chosen):
        if column.notes:
            yield tr("“{name}”: {notes}").format(name=column.name, notes=paragraph(*column.notes))


def _usable_rows(table: Table, columns: Sequence[Column]) -> tuple[npt.NDArray[np.bool_], Skipped]:
    is_missing, is_infinite, is_too_large = np.zeros((3, table.row_count), bool)
    for column in columns:
        is_missing |= np.isnan(column.values)
        is_infinite |= np.isinf(column.values)
        is_too_large |= np.abs(column.values) > LARGEST
    is_infinite &= ~is_missing
    is_too_large &= ~(is_missing | is_infinite)
    is_kept = ~(is_missing | is_infinite | is_too_large)
    skipped = Skipped(
        total=table.row_count + table.too_long + table.too_short,
        too_long=table.too_long,
        missing=int(np.count_nonzero(is_missing)),
        infinite=int(np.count_nonzero(is_infinite)),
        too_large=int(np.count_nonzero(is_too_large)),
        too_short=table.too_short,
        places=table.places.first_skipped(np.flatnonzero(~is_kept)[:MOST_NAMED].tolist()),
        counted=table.places.counted,
    )
    return is_kept, skipped
