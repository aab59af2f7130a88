"""Two languages that nobody speaks, made from English, which show what a translation may break.

`LONGER` has an accent on each letter that has one, is a third longer, and stands in brackets: an
English word in it was not looked up. It has a decimal comma: a number with a point in it was not
written for people. `MIRRORED` is the same, read from right to left and with a point.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from linreg_gui import languages
from linreg_gui.languages import ENGLISH, WITH_DECIMAL_COMMA, Catalogue, speak

LONGER, MIRRORED = "en_XA", "ar_XB"
"""As Unicode's collection of locales calls such languages."""

_ACCENTED = str.maketrans(
    "acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ", "áçđéğĥíĵķļñóŕšţúŵýžÁÇĐÉĞĤÍĴĶĻÑÓŔŠŢÚŴÝŽ"
)
_KEPT = re.compile(
    r"\{[^{}]*\}|<[^<>]*>|`[^`]*`|\]\([^()]*\)|--[a-z-]+|\b\w+\.\w+\(\)|\*\.\w+|\bw\d?\b"
)
"""What a translation keeps: places, markup, code, options."""

_MORE = "þ"
_WITH_POINT = re.compile(r"\d+\.\d+")

_FROM_RIGHT = "\N{RIGHT-TO-LEFT MARK}"
"""Lets Qt take a text for one of a language that is read from the right."""


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Let the program speak a language, pseudo or not, while this lasts."""
    speak(code, pseudo_catalogue(code) if code in {LONGER, MIRRORED} else None)
    try:
        with patch.object(languages, "WITH_DECIMAL_COMMA", (*WITH_DECIMAL_COMMA, LONGER)):
            yield
    finally:
        speak(ENGLISH)


@cache
def pseudo_catalogue(code: str) -> Catalogue:
    """Return the catalogue of `LONGER` or `MIRRORED`, with the texts of the .po files.

    To read one is a hundred times faster than to look for the texts in the program.
    """
    from tests.catalogues.files import codes, read

    texts, plurals = {}, {}
    mark = _FROM_RIGHT if code == MIRRORED else ""

    def made(english: str) -> str:
        text = longer(english)
        return mark + text if mark else _WITH_POINT.sub(_with_comma, text)

    for message in read(codes()[0]):
        if not message.id:
            continue
        context = f"{message.context}\x04" if message.context else ""
        if isinstance(message.id, str):
            texts[context + message.id] = made(message.id)
        else:
            plurals[context + message.id[0]] = [made(form) for form in message.id]
    return Catalogue(texts, plurals, lambda count: count != 1)


def _with_comma(number: re.Match[str]) -> str:
    return number[0].replace(".", ",")


def longer(text: str) -> str:
    """Return ``text`` with accents, a third longer and in brackets."""
    parts = _KEPT.split(text)
    kept = [*_KEPT.findall(text), ""]
    accented = "".join(
        part.translate(_ACCENTED) + same for part, same in zip(parts, kept, strict=True)
    )
    letters = sum(each.isalpha() for part in parts for each in part)
    more = " ".join(_MORE * 6 for _ in range(letters // 18)) + _MORE * (letters // 3 % 6)
    return f"[{accented} {more}]" if letters > 18 else f"[{accented}{more}]"
