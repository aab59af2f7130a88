"""What damages files, and the files that it damages. A seed decides everything."""

import gzip
import io
import random
import re
from collections.abc import Callable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile

from tests.open_documents import number, row, sheet, zipped
from tests.written_workbooks import ROWS, workbook
from tests.written_workbooks import sheet as worksheet

_ODD_NUMBERS = [
    *("1e999", "-1e-999", "nan", "inf", "-0", "1" * 400, "1e", "0x10", "1_0", "1.2.3", "1,2,3"),
    *("٣", "12 %", "(5)", "$1", "1e308", "5e-324", "16777217", "2024-01-31", "", "99999999999"),
]
_RUNS = [*(bytes([each]) for each in b"0 \"',;\t\r\n\0\xff<>&#([{:~^|"), b"1,", b'"a\n', b"<a>"]
_NUMBER = re.compile(rb"-?\d+(?:[.,]\d+)?")


def damaged(seed: int) -> bytes:
    """Return the file that a seed makes."""
    chance = random.Random(seed)
    content = chance.choice(list(_samples(chance)))
    if content.startswith(b"PK") and chance.random() < 0.8:
        content = with_damaged_part(content, chance)
    else:
        content = damage(content, chance)
    if chance.random() < 0.1:
        content = gzip.compress(content, 1, mtime=0)
        content = damage(content, chance) if chance.random() < 0.5 else content
    return content


def _samples(chance: random.Random) -> Iterator[bytes]:
    rows = [[chance.randint(0, 99) / 4 for _ in range(3)] for _ in range(chance.choice([3, 40]))]

    def joined(between: str, *, quote: str = "", comma: str = ".") -> str:
        cells = [[f"{quote}{cell}{quote}".replace(".", comma) for cell in row] for row in rows]
        return "\n".join(between.join(row) for row in [["time", "a b", "y"], *cells]) + "\n"

    yield joined(",").encode()
    yield joined("\t").encode()
    yield joined(";", comma=",").encode("cp1252")
    yield joined(",", quote='"').encode("utf-8-sig")
    yield joined(";").encode("utf-16")
    yield ("größe (cm) ; y\n" + joined(" ; ")).encode()
    yield "".join(f"{'':4}".join(f"{cell:8}" for cell in row) + "\n" for row in rows).encode()
    yield b"[" + b",".join(b'{"x": %d, "y": %d.5}' % (each, each) for each in range(9)) + b"]"
    yield b'{"x": [1, 2, 3], "y": [2.5, 3.5, null]}'
    yield b"# note\nsep=;\n\nx;y\nm;s\n1;2\n3;NA\n-999;4\nTotal;6\n"
    yield gzip.compress(joined(",").encode(), 1, mtime=0)
    yield from [_excel(chance), _open_document(chance)]


def _excel(chance: random.Random) -> bytes:
    cells = "".join(
        f'<row r="{row}" spans="1:3"><c r="A{row}"><v>{row}.5</v></c>'
        f'<c r="B{row}" s="1"><v>4{row}</v></c><c r="C{row}" t="s"><v>{row % 2}</v></c></row>'
        for row in range(4, 12)
    )
    return workbook(
        worksheet(ROWS, cells),
        texts=["<sst><si><t>red</t></si><si><r><t>gr</t></r><r><t>een</t></r></si></sst>"],
        styles='<numFmts><numFmt numFmtId="164" formatCode="yyyy-mm"/></numFmts><cellXfs>'
        f'<xf numFmtId="0"/><xf numFmtId="{chance.choice([164, 9, 46])}"/></cellXfs>',
    )


def _open_document(chance: random.Random) -> bytes:
    def repeated(what: str, times: list[int]) -> str:
        return f'table:number-{what}-repeated="{chance.choice(times)}"'

    rows = [
        row(
            *(number(each, repeated("columns", [1, 1, 1, 2])) for each in (place, place * 1.5)),
            more=repeated("rows", [1, 1, 3]),
        )
        for place in range(8)
    ]
    return zipped(sheet(*rows))


def with_damaged_part(content: bytes, chance: random.Random) -> bytes:
    with ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    damaged_name = chance.choice(sorted(parts))
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            written = damage(part, chance) if name == damaged_name else part
            archive.writestr(name, written)
    return file.getvalue()


def damage(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 1, 2, 5])):
        content = chance.choice(_DAMAGES)(content, chance)
    return content


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 3, 20]) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(content: bytes, chance: random.Random) -> bytes:
    first, end = _place(content, chance)
    return content[:first] + chance.randbytes(end - first) + content[end:]


def _leave_out(content: bytes, chance: random.Random) -> bytes:
    first, end = _place(content, chance)
    return content[:first] + content[end:]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    first, end = _place(content, chance)
    times = min(chance.choice([2, 9, 1000, 100_000]), 2_000_000 // max(end - first, 1))
    return content[:first] + content[first:end] * times + content[end:]


def _insert_run(content: bytes, chance: random.Random) -> bytes:
    first = chance.randint(0, len(content))
    run = chance.choice(_RUNS) * int(10 ** chance.uniform(0, 6.2))
    return content[:first] + run + content[first:]


def _change_number(content: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(content[:100_000]))
    if not found:
        return content
    number = chance.choice(found)
    odd = chance.choice(_ODD_NUMBERS).encode()
    return content[: number.start()] + odd + content[number.end() :]


def _place(content: bytes, chance: random.Random) -> tuple[int, int]:
    first = chance.randint(0, len(content))
    return first, min(first + int(10 ** chance.uniform(0, 3)), len(content))


_DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [
    *(_cut, _flip, _overwrite, _leave_out, _repeat, _insert_run, _change_number, _change_number),
]
