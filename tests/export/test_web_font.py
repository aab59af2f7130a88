"""A font for a file: its letters as they were, and nothing else."""

import base64
import re
import struct
import unicodedata
import zlib

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QFont, QPainter, QRawFont, QTextLayout

from linreg_gui.export.web_font import as_woff
from linreg_gui.look.theme import base_font, mono_font
from linreg_gui.resources import resource_path
from linreg_gui.widgets.exports.drawing import svg_of
from linreg_gui.widgets.exports.svg_fonts import with_fonts

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


@pytest.mark.usefixtures("theme")
def test_an_svg_has_all_glyphs_of_its_texts() -> None:
    texts = [unicodedata.normalize("NFD", "Größe"), "w\u0302\u2080 = −3.4", "a\u2028b<z>"]
    fonts = [base_font(), base_font(), mono_font()]
    fonts[1].setWeight(QFont.Weight.DemiBold)

    def draw(painter: QPainter) -> None:
        for font in fonts:
            painter.setFont(font)
            for text in texts:
                painter.drawText(0, 40, text)

    svg = with_fonts(svg_of(draw, QSize(99, 99), QSize(99, 99), "")).decode()
    faces = re.findall(r'font-family:"([^"]+)";font-weight:(\d+);src:url\([^,]+,([^)]+)\)', svg)
    embedded = {face[:2]: opened(unpacked(base64.b64decode(face[2]))) for face in faces}
    assert len(embedded) == 3
    for font in fonts:
        small = embedded[font.families()[0], str(int(font.weight()))]
        for text in texts:
            layout = QTextLayout(text, font)
            layout.beginLayout()
            while layout.createLine().isValid():
                pass
            layout.endLayout()
            for run in layout.glyphRuns():
                whole = run.rawFont()
                whole.setPixelSize(small.pixelSize())
                for glyph in run.glyphIndexes():
                    assert small.pathForGlyph(glyph) == whole.pathForGlyph(glyph), (text, glyph)


def test_the_same_letters_give_the_same_bytes() -> None:
    content = FILES[0].read_bytes()
    assert as_woff(content, [3, 1, 2]) == as_woff(content, (1, 2, 3))
    assert zlib.crc32(as_woff(content, [1])) != zlib.crc32(as_woff(content, [1, 40]))
