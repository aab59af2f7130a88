"""Writes OpenDocument spreadsheets."""

import io
import zipfile

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "draw")
)
STYLES = (
    '<office:automatic-styles><style:style style:name="gone" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def number(value: object, more: str = "", kind: str = "float") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def words(text: str) -> str:
    cell = '<table:table-cell office:value-type="string">'
    return f"{cell}<text:p>{text}</text:p></table:table-cell>"


def row(*cells: object, more: str = "") -> str:
    written = (
        number(each)
        if isinstance(each, int | float)
        else str(each)
        if str(each).startswith("<")
        else words(str(each))
        for each in cells
    )
    return f"<table:table-row {more}>{''.join(written)}</table:table-row>"


def sheet(*rows: str, name: str = "One", columns: str = "", more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{columns}{"".join(rows)}</table:table>'


def flat(*sheets: str) -> bytes:
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMES} '
        f'office:mimetype="{MIME_TYPE}">{STYLES}{body}</office:document>'
    ).encode()


def zipped(*sheets: str, mime_type: str = MIME_TYPE) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), mime_type)
        package.writestr("content.xml", flat(*sheets))
    return content.getvalue()
