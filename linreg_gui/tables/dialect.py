"""How a table is written, told from the beginning of its file."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linreg_gui.tables.cells import CellReader, find_marks
from linreg_gui.tables.encoding import (
    TableError,
    damaged,
    decode_head,
    find_encoding,
    not_a_table,
    refuse_binary,
)
from linreg_gui.tables.layout import (
    Record,
    count_preamble,
    find_delimiter,
    find_quote,
    is_header,
    lines_of,
    split_records,
)
from linreg_gui.texts import tr

HEAD_BYTES = 256 * 1024
"""How much of a file detection looks at."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Dialect:
    """How a table is written; a person may correct each field.

    Attributes
    ----------
    is_workbook : bool
        Whether it is an Excel workbook; if not, it is text.
    gzip : bool
        Whether the text is compressed.
    encoding : str
        In Python's names.
    delimiter : str
        One character between cells, see ``table_records.DELIMITERS``; a blank stands for any run
        of blanks and tabs.
    quote : str
        The character around cells that hold a delimiter; empty if there is none.
    decimal, thousands : str
        The marks within numbers; the latter may be empty. A blank stands for all kinds of blanks.
    skip : int
        Lines (rows of a workbook) above the table.
    has_header : bool
        Whether the first line of the table names the columns.
    sheet : str
        Name of the workbook's sheet; empty for the first that can be used and is not hidden.
    """

    is_workbook: bool = False
    gzip: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    thousands: str = ""
    skip: int = 0
    has_header: bool = True
    sheet: str = ""


def detect(head: bytes, name: str = "", **chosen: Any) -> Dialect:
    """Return the dialect of a file that begins with ``head``, its first `HEAD_BYTES`.

    ``chosen`` holds the fields that a person has corrected; the others follow from them. The
    rules are with `find_encoding`, `find_delimiter`, `find_marks`, `count_preamble` and
    `is_header`. A line ``sep=;`` at the beginning decides the delimiter. The marks, the skipped
    rows and the header of a workbook are only known once its rows are read.

    Raises
    ------
    TableError
        If this cannot be a table.
    """
    _refuse_other_kinds(head, name)
    if head.startswith(_ZIP):
        return Dialect(is_workbook=True, **chosen)
    found: dict[str, Any] = {
        "gzip": head.startswith(_GZIP),
        "encoding": find_encoding(_unpacked(head)),
        **chosen,
    }
    text = head_text(head, Dialect(**found))
    refuse_binary(text)
    lines = lines_of(text)
    declared = _declared_delimiter(lines[0])
    skip = chosen.get("skip", 1 if declared else 0)
    quote = chosen.get("quote", find_quote(text))
    delimiter = chosen.get("delimiter") or declared or find_delimiter(lines[skip:], quote)
    records: list[Record] = []
    ends = [0]
    for record, end in split_records(lines[skip:], delimiter, quote):
        records.append(record)
        ends.append(end)
    cells = [cell for record in records for cell in record]
    header, above = find_header(records, cells, delimiter, chosen)
    return Dialect(
        **{**found, **header, "quote": quote, "delimiter": delimiter, "skip": skip + ends[above]}
    )


def find_header(
    records: Sequence[Record], cells: Iterable[str], delimiter: str, chosen: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Return the marks and ``has_header``, and the number of records above the table.

    ``records`` are those below the lines that a person has chosen to skip; the marks are found
    in ``cells``. What is ``chosen`` stays, and the rest follows from it.
    """
    decimal, thousands = find_marks(
        cells, delimiter, chosen.get("decimal"), chosen.get("thousands")
    )
    reader = CellReader(decimal, thousands)
    above = 0 if "skip" in chosen else count_preamble(records, reader)
    table = [record for record in records[above:] if record]
    has_header = chosen.get("has_header", is_header(table, reader))
    return {"decimal": decimal, "thousands": thousands, "has_header": has_header}, above


def head_text(head: bytes, dialect: Dialect) -> str:
    """Return the whole lines that a file begins with."""
    content = _unpacked(head) if dialect.gzip else head
    text = decode_head(content, dialect.encoding).removeprefix("\ufeff")
    is_cut = len(content) >= HEAD_BYTES
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text if is_cut else text


def _refuse_other_kinds(head: bytes, name: str) -> None:
    if head.startswith(_OLD_EXCEL):
        raise TableError(
            tr(
                "This workbook has a password or is in the old .xls format; save it without one, "
                "as .xlsx or CSV."
            )
        )
    if head.startswith(_ZIP) and name.lower().endswith((".ods", ".zip", ".numbers", ".docx")):
        raise TableError(
            tr("“{name}” is not an Excel workbook; save the table as .xlsx or CSV.").format(
                name=name
            )
        )
    if head.startswith(_NO_TABLES):
        raise TableError(not_a_table())


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error as error:
        raise TableError(damaged()) from error


def _declared_delimiter(line: str) -> str:
    declared = line.strip('"').removesuffix("\r")
    is_declaration = declared[:4].lower() == "sep=" and len(declared) == 5
    return declared[4] if is_declaration else ""
