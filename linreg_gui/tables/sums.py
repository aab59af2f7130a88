"""Rows of sums or means below the examples of a table."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from linreg_gui.tables.columns import Remark
from linreg_gui.tables.number_formats import CellReader, DataType
from linreg_gui.texts import quoted, tr

MOST_SUMS = 20
"""The number of rows at the end that are looked at."""

_SUM = re.compile(
    "((grand|sub)?[ -]?totals?|sums?|Σ|means?|averages?|avg|medians?|summe|gesamt(summe)?|insgesamt"
    "|mittelwert|durchschnitt|somme|moyenne|suma|promedio|media|totale|totaal|totalt|i alt|razem"
    "|ogółem|celkem|spolu|skupaj|ukupno|összesen|toplam|yhteensä|итого|всего|合計|合计|总计)[.:]?",
    re.IGNORECASE,
)
"""What a cell of such a row says."""

_BELOW_SUM = re.compile(
    "(min|max)(imum)?|n|count|anzahl|s\\.?d|std|stdev|st(andar)?d[. ]*dev(iation)?|varian(ce|z)"
    "|standardabweichung|[ée]cart[- ]type[.:]?",
    re.IGNORECASE,
)
"""What it says in further rows. Alone it may as well be a name, like Max."""


class Sums(NamedTuple):
    """Rows at the end of a table that may be sums.

    Attributes
    ----------
    start : int
        The index of the first.
    rows : int
        How many have numbers. Between and below them there may be notes.
    name : str
        What the first says; empty if it does not say that it is a sum.
    """

    start: int
    rows: int
    name: str


def sums_at_end(rows: Sequence[Sequence[object]], reader: CellReader) -> Sums:
    """Return the rows that say that they are sums; if there are none, the last with numbers."""
    filled = [
        index
        for index, row in enumerate(rows)
        if any(_is_number(cell, reader) for cell in row)
    ]  # fmt: skip
    found = Sums(filled[-1] if filled else len(rows), min(len(filled), 1), "")
    for count, index in enumerate(reversed(filled), start=1):
        texts = [cell.strip() for cell in rows[index] if isinstance(cell, str)]
        if name := next(filter(_SUM.fullmatch, texts), ""):
            found = Sums(index, count, name)
        elif not any(map(_BELOW_SUM.fullmatch, texts)):
            break
    return found


def remark_on_sums(sums: Sums, row: int, *, are_read: bool) -> Remark:
    """Return what to say of sums, the first of which is this row of the table."""
    if not sums.name:
        read = tr(
            "The last row with numbers is read as an example; it holds the sums of the others."
        )
        left_out = tr("The last row with numbers, which holds the sums of the others, is left out.")
    elif sums.rows == 1:
        read = tr("The row “{name}” at the end is read as an example; it may be a sum or a mean.")
        left_out = tr("The row “{name}” at the end is left out.")
    else:
        read = tr("The rows from “{name}” on are read as examples; they may be sums or means.")
        left_out = tr("The rows from “{name}” on are left out.")
    sentence = (read if are_read else left_out).format(name=quoted(sums.name))
    is_one = sums.rows == 1
    if are_read:
        offer = tr("Leave it out") if is_one else tr("Leave them out")
        return Remark(sentence, offer, {"sums": False}, row=row)
    return Remark(sentence, tr("Read it") if is_one else tr("Read them"), {"sums": True})


def _is_number(cell: object, reader: CellReader) -> bool:
    if isinstance(cell, str):
        return reader.kind(cell) is DataType.NUMBER
    return isinstance(cell, int | float) and cell == cell  # noqa: PLR0124 - NaN
