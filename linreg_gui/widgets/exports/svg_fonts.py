"""Puts the letters of our fonts into SVG and HTML, so that these look the same everywhere."""

import base64
import html
import re
from collections.abc import Generator

from PySide6.QtGui import QFont, QRawFont, QTextLayout

from linreg_gui.export.web_font import as_woff
from linreg_gui.look.theme import FONT_FAMILY, MONO_FAMILY, base_font, mono_font
from linreg_gui.pieces import at_once
from linreg_gui.resources import resource_path

_ALIKE = "Inter, Helvetica Neue, Arial, sans-serif"
"""Fonts with letters as wide as ours, for programs that take no font from a file."""

_FAMILY = re.compile(rf'font-family="({re.escape(FONT_FAMILY)})"')
_ROOT = re.compile(r"<svg\b[^>]*>")
_STATE = re.compile(r'font-family="([^",]+)[^>]*?font-weight="(\d+)"')
_WORDS = re.compile(r">([^<]+)<")
_EQUAL_DIGITS = 'text{font-feature-settings:"tnum"}'
"""As `base_font` has them."""
_SEMI_BOLD = 550
"""Weights from here on are drawn with the heavier face."""


def with_fonts(svg: bytes) -> bytes:
    """Return an SVG, or a page with some, with the letters of our fonts that are in it."""
    return at_once(adding_fonts(svg))


def adding_fonts(svg: bytes) -> Generator[None, None, bytes]:
    """Do what `with_fonts` does, a font in each piece."""
    text = svg.decode()
    faces = {(family, int(weight) >= _SEMI_BOLD) for family, weight in _STATE.findall(text)}
    texts = "\n".join(sorted({html.unescape(words) for words in _WORDS.findall(text)}))
    rules = [_EQUAL_DIGITS]
    for face in sorted(faces):
        yield
        if face[0] in {FONT_FAMILY, MONO_FAMILY}:
            rules.append(_face(texts, *face))
    yield
    style = f"<defs><style>{''.join(rules)}</style></defs>"
    text = _FAMILY.sub(rf'font-family="\1, {_ALIKE}"', text)
    return _ROOT.sub(lambda root: root[0] + style, text, count=1).encode()


def _face(texts: str, family: str, is_heavy: bool) -> str:
    weight, name = (600, "SemiBold") if is_heavy else (400, "Regular")
    font = base_font() if family == FONT_FAMILY else mono_font()
    font.setWeight(QFont.Weight(weight))
    file = resource_path("fonts", f"{family.replace(' ', '')}-{name}.ttf")
    content = base64.b64encode(as_woff(file.read_bytes(), _glyphs(texts, font))).decode()
    source = f'url(data:font/woff;base64,{content}) format("woff")'
    return f'@font-face{{font-family:"{family}";font-weight:{weight};src:{source}}}'


def _glyphs(texts: str, font: QFont) -> set[int]:
    """Return the glyphs that draw ``texts``, with digits of equal width and without.

    The texts are laid out as they are: a letter and a mark after it may be one glyph.
    """
    raw = QRawFont.fromFont(font)
    layout = QTextLayout(texts, font)
    layout.beginLayout()
    while layout.createLine().isValid():
        pass
    layout.endLayout()
    glyphs = set(raw.glyphIndexesForString(texts))
    for run in layout.glyphRuns():
        if run.rawFont().familyName() == raw.familyName():
            glyphs.update(run.glyphIndexes())
    return glyphs
