"""A font for a file: its letters as they were, and nothing else."""

import struct
import zlib

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QRawFont

from linreg_gui.export.web_font import as_woff
from linreg_gui.resources import resource_path

FILES = sorted(resource_path("fonts").glob("*.ttf"))


def unpacked(woff: bytes) -> bytes:
    """Return the font that a browser makes of ``woff``."""
    signature, flavor, length, count, _, size = struct.unpack_from(">4s4sLHHL", woff)
    assert (signature, length) == (b"wOFF", len(woff))
    head, body = flavor + struct.pack(">HHHH", count, 0, 0, 0), b""
    for place in range(44, 44 + 20 * count, 20):
        tag, begin, packed, whole, checksum = struct.unpack_from(">4sLLLL", woff, place)
        table = woff[begin : begin + packed]
        table = table if packed == whole else zlib.decompress(table)
        assert (begin % 4, len(table)) == (0, whole)
        head += struct.pack(">4sLLL", tag, checksum, 12 + 16 * count + len(body), whole)
        body += table + bytes(-whole % 4)
    assert len(head + body) == size
    assert len(head) == 12 + 16 * count
    return bytes(head + body)


def opened(content: bytes) -> QRawFont:
    font = QRawFont(QByteArray(content), 100.0, QFont.HintingPreference.PreferNoHinting)
    assert font.isValid()
    return font


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.usefixtures("qapp")
def test_letters_look_as_they_did_and_others_are_empty(file: object) -> None:
    content = file.read_bytes()  # type: ignore[attr-defined]
    whole = opened(content)
    kept, parts, others = (whole.glyphIndexesForString(text) for text in ("aé1Åσ", "eA", "xZ9"))
    woff = as_woff(content, kept)
    assert len(woff) < len(content) / 2
    small = opened(unpacked(woff))
    assert small.glyphIndexesForString("aé1Åσ") == kept
    assert small.advancesForGlyphIndexes(kept) == whole.advancesForGlyphIndexes(kept)
    for glyph in kept:
        assert not small.pathForGlyph(glyph).isEmpty()
        assert small.pathForGlyph(glyph) == whole.pathForGlyph(glyph)
    for glyph in parts:  # of which é and Å consist
        assert small.pathForGlyph(glyph) == whole.pathForGlyph(glyph)
    for glyph in others:
        assert small.pathForGlyph(glyph).isEmpty()


def test_the_same_letters_give_the_same_bytes() -> None:
    content = FILES[0].read_bytes()
    assert as_woff(content, [3, 1, 2]) == as_woff(content, (1, 2, 3))
    assert zlib.crc32(as_woff(content, [1])) != zlib.crc32(as_woff(content, [1, 40]))
