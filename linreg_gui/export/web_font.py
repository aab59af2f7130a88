"""A font as small as a file needs it: only its letters, in the format WOFF 1.0.

https://www.w3.org/TR/WOFF/ and https://learn.microsoft.com/typography/opentype/spec/glyf
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from itertools import pairwise

_DIRECTORY, _HEADER, _ENTRY = ">4sLLL", ">4s4sLHHLHHLLLLL", ">4sLLLL"
_LONG_PLACES = 50
"""Where ``head`` says that places in ``glyf`` are whole, not halved."""

# Of a part of a glyph that is made of others.
_WORDS, _MORE = 0x01, 0x20
_SCALES = {0x08: 2, 0x40: 4, 0x80: 8}
"""How many bytes a scale has, two of them, or a matrix."""


def as_woff(font: bytes, glyphs: Iterable[int]) -> bytes:
    """Return a TrueType font in which all glyphs but these are empty. Any thread.

    The glyphs keep their numbers, so all other tables stay as they are.
    """
    tables = _tables(font)
    tables |= _with_glyphs(tables, set(glyphs))
    entries, content, size = [], bytearray(), 12 + 16 * len(tables)
    begin = struct.calcsize(_HEADER) + len(tables) * struct.calcsize(_ENTRY)
    for tag, table in sorted(tables.items()):
        packed = min(table, zlib.compress(table), key=len)  # as long as before means: not packed
        place = begin + len(content)
        entries.append(struct.pack(_ENTRY, tag, place, len(packed), len(table), _sum_of(table)))
        content += _padded(packed)
        size += len(_padded(table))
    header = struct.pack(
        _HEADER, b"wOFF", font[:4], begin + len(content), len(tables), 0, size, 1, 0, *(5 * [0])
    )
    return header + b"".join(entries) + content


def _tables(font: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", font, 4)
    places = (struct.unpack_from(_DIRECTORY, font, 12 + 16 * index) for index in range(count))
    return {tag: font[place : place + length] for tag, _, place, length in places}


def _with_glyphs(tables: Mapping[bytes, bytes], wanted: set[int]) -> dict[bytes, bytes]:
    """Return the tables ``glyf`` and ``loca`` with these glyphs, and those that they consist of."""
    is_long = tables[b"head"][_LONG_PLACES + 1] == 1
    kind, unit = ("L", 1) if is_long else ("H", 2)
    places = [unit * place for (place,) in struct.iter_unpack(f">{kind}", tables[b"loca"])]
    content = [tables[b"glyf"][begin:end] for begin, end in pairwise(places)]
    kept, left = set[int](), wanted | {0}  # 0 stands for all that the font lacks
    while left:
        kept |= left
        left = {part for glyph in left for part in _parts(content[glyph])} - kept
    shown = [_padded(each) if index in kept else b"" for index, each in enumerate(content)]
    ends = [0]
    for each in shown:
        ends.append(ends[-1] + len(each))
    loca = struct.pack(f">{len(ends)}{kind}", *(end // unit for end in ends))
    return {b"glyf": b"".join(shown), b"loca": loca}


def _parts(glyph: bytes) -> list[int]:
    """Return the glyphs of which ``glyph`` consists; none if it has outlines of its own."""
    if not glyph or struct.unpack_from(">h", glyph)[0] >= 0:
        return []
    parts, place, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", glyph, place)
        parts.append(part)
        place += 4 + (4 if flags & _WORDS else 2)
        place += next((size for kind, size in _SCALES.items() if flags & kind), 0)
    return parts


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


def _sum_of(table: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(_padded(table)) // 4}L", _padded(table))
    return sum(words) & 0xFFFFFFFF
