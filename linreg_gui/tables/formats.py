"""Formats that cannot be read, recognized by how they begin and refused by name."""

import re

from linreg_gui.tables.open_document import is_flat_document
from linreg_gui.tables.source import TableError, not_a_table
from linreg_gui.texts import quoted, tr

ZIP = b"PK\x03\x04"
"""An Excel workbook is a zip file, like several others."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_OTHERS = (
    (b"PAR1", "Parquet"),
    (b"$FL2", "SPSS"),
    (b"$FL3", "SPSS"),
    (b"<stata_dta>", "Stata"),
    (b"SQLite format 3", "SQLite"),
    (b"\x89HDF", "HDF5"),
    (b"\x93NUMPY", "NumPy"),
    (b"ARROW1", "Feather"),
    (b"RDX3", "R"),
)
_HTML = re.compile(
    rb"\s*(?><!--.*?-->\s*)*+<(!doctype html|html|head|body|meta|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<\?xml|\s*<[a-z]+:", re.IGNORECASE)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_SPREADSHEET = _OPEN_DOCUMENT + b".spreadsheet"
_NAMES = (".zip", ".numbers", ".docx")


def refuse_other_formats(head: bytes, name: str) -> None:
    """Raise `TableError` if a file begins like one that is neither text nor an Excel workbook."""
    if head.startswith(_OLD_EXCEL):
        raise TableError(
            tr(
                "This workbook has a password or is in the old .xls format; save it without a "
                "password, as .xlsx or CSV."
            )
        )
    if head.startswith(_NO_TABLES):
        raise TableError(not_a_table())
    if head.startswith(ZIP) and name.lower().endswith(_NAMES):
        sentence = tr("“{name}” is not an Excel workbook; save the table as .xlsx or CSV.")
        raise TableError(sentence.format(name=quoted(name)))
    if found := _other_format(head.removeprefix(b"\xef\xbb\xbf")):
        sentence = tr("This is in the format {format}; save the table as .xlsx or CSV.")
        raise TableError(sentence.format(format=found))


def _other_format(head: bytes) -> str:
    for start, found in _OTHERS:
        if head.startswith(start):
            return found
    start = head[:2000]
    if start.startswith(ZIP) and _OPEN_DOCUMENT in start and _SPREADSHEET not in start:
        return "OpenDocument"
    if _HTML.match(start):
        return "HTML"
    if _XML.match(start) and not is_flat_document(head):
        return "OpenDocument" if b"opendocument" in start else "XML"
    return ""
