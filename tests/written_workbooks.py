"""Excel workbooks, written part by part."""

import io
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
NAMES = "<row><c t='inlineStr'><is><t>x</t></is></c><c t='inlineStr'><is><t>y</t></is></c></row>"
ROWS = NAMES + "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>5</v></c></row>"


def sheet(*rows: str) -> Iterable[str]:
    return HEADER, "<worksheet><sheetData>", *rows, "</sheetData></worksheet>"


def workbook(
    cells: Iterable[str], *, texts: Iterable[str] = (), styles: str = "", properties: str = ""
) -> bytes:
    """Return the smallest workbook that has these parts."""
    sheets = "<sheets><sheet name='Data' r:id='a' xmlns:r='r'/></sheets>"
    relations = (
        "<Relationships>"
        "<Relationship Id='a' Type='x/worksheet' Target='sheet.xml'/>"
        "<Relationship Id='b' Type='x/sharedStrings' Target='/xl/texts.xml'/>"
        "<Relationship Id='c' Type='x/styles' Target='styles.xml'/>"
        "</Relationships>"
    )
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        parts = {
            "xl/workbook.xml": [f"<workbook>{properties}{sheets}</workbook>"],
            "xl/_rels/workbook.xml.rels": [relations],
            "xl/sheet.xml": cells,
            "xl/texts.xml": texts or ["<sst/>"],
            "xl/styles.xml": [f"<styleSheet>{styles}</styleSheet>"],
        }
        for name, pieces in parts.items():
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
    return content.getvalue()
