"""Tables as people bring them, most of them with faults: each is made from a number alone."""

import gzip
import io
import json
import random
from collections.abc import Callable

from openpyxl import Workbook

from linreg_gui.data.classics import samples

NAMES = (
    "x", "y", "x", "", " ", "Size (m²)", "Weight <kg>", "<b>x</b>", "<img src=a>", "A&B", "R&amp;D",
    "%s{0}{x}%n", "ŷ\u202e rtl", "a\nb", "a\x00b", "None", "nan", "inf", "Traceback", "b", "w0",
    "2024", "−1", "x" * 300, "ein langer Name mit vielen Wörtern " * 9, "💡", "מחיר",
    "价格", "=1+1",
)  # fmt: skip
"""Names of columns. Some try to be code, others to fill the screen."""

_ODD_CELLS = (
    "", "n/a", "inf", "-inf", "nan", "1e400", "1e-310", "1e308", "-", "12 kg", "#REF!", "0",
)  # fmt: skip
_DELIMITERS = ",;\t| "
_SPREADS = (1.0, 1e-10, 1e-300, 1e-38, 1e6, 1e30, 1e300, 0.0)

Rows = list[list[str]]


def table(number: int) -> tuple[str, bytes, str]:
    """Return the name of file ``number``, its content, and the words in it."""
    chance = random.Random(number)
    rows = _rows(chance)
    kind, write = chance.choice(_KINDS)
    content = write(rows, chance)
    if chance.random() < 0.2:
        content = _damaged(content, chance)
    name = chance.choice(["table", "A&B", "<b>50 % {0}", "Ünïcödé 价格", "t" * 180])
    cells = "\n".join(mark.join(row) for mark in _DELIMITERS for row in rows)
    return f"{name}.{kind}", content, cells + content.decode(errors="replace")


def text(number: int) -> str:
    """Return the pasted text ``number``."""
    chance = random.Random(number)
    return _delimited(_rows(chance), chance)


def _rows(chance: random.Random) -> Rows:
    width, height = chance.choice([1, 2, 2, 3, 3, 5, 12, 40]), chance.choice([0, 1, 2, 8, 40, 300])
    has_plain_names = chance.random() < 0.4
    head = [f"x{each}" if has_plain_names else chance.choice(NAMES) for each in range(width)]
    spreads = [chance.choice(_SPREADS) if chance.random() < 0.3 else 1.0 for _ in range(width)]
    middle = chance.choice([0.0, 0.0, 1e3, 1.6e9])
    rows = [[f"{chance.gauss(middle, spread):.6g}" for spread in spreads] for _ in range(height)]
    if chance.random() < 0.5:
        for row in rows:
            if chance.random() < 0.2:
                row[chance.randrange(width)] = chance.choice(_ODD_CELLS)
            if chance.random() < 0.02:
                row.append("1")
    return rows if chance.random() < 0.1 else [head, *rows]


def _delimited(rows: Rows, chance: random.Random) -> str:
    delimiter, end = chance.choice("," + _DELIMITERS), chance.choice(["\n", "\n", "\r\n", "\r"])
    decimal = chance.choice(".,") if delimiter != "," else "."
    return "".join(delimiter.join(row).replace(".", decimal) + end for row in rows)


def _csv(rows: Rows, chance: random.Random) -> bytes:
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "gbk"])
    return _delimited(rows, chance).encode(encoding, errors="replace")


def _gz(rows: Rows, chance: random.Random) -> bytes:
    return gzip.compress(_csv(rows, chance))


def _xlsx(rows: Rows, chance: random.Random) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for sheet in (book.active, *(book.create_sheet() for _ in range(chance.randrange(2)))):
        for row in rows:
            sheet.append([_cell(each.replace("\x00", "")) for each in row])
    book.save(content)
    return content.getvalue()


def _cell(words: str) -> float | str:
    try:
        return float(words)
    except ValueError:
        return words


def _json(rows: Rows, _chance: random.Random) -> bytes:
    head, *others = rows or [[]]
    return json.dumps([dict(zip(head, row, strict=False)) for row in others]).encode()


def _classic(_rows: Rows, chance: random.Random) -> bytes:
    return chance.choice(samples()).file.read_bytes()


def _junk(_rows: Rows, chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice([0, 1, 400]))


_KINDS: list[tuple[str, Callable[[Rows, random.Random], bytes]]] = [
    ("csv", _csv), ("csv", _csv), ("csv", _classic), ("csv.gz", _gz), ("xlsx", _xlsx),
    ("json", _json), ("csv", _junk), ("xlsx", _junk), ("gz", _csv),
]  # fmt: skip


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Return ``content`` cut short, or with some other bytes in it."""
    if chance.random() < 0.4:
        return content[: chance.randrange(len(content) + 1)]
    damaged = bytearray(content)
    for _ in range(min(len(damaged), chance.choice([1, 5, 40]))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)
