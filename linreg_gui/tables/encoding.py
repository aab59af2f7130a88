"""In which encoding a text is."""

import codecs
import itertools
import re

from linreg_gui.tables.western import may_be
from linreg_gui.texts import shortened, tr

FALLBACK = "cp1252"
"""The encoding of Windows in western Europe, most likely where Unicode and ASCII do not fit."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]{3,}")
_EAST_ASIAN = {
    "cp932": frozenset(range(0x81, 0x98)),
    "cp949": frozenset([*range(0xA1, 0xA4), *range(0xB0, 0xC9)]),
    "gb18030": frozenset([*range(0xA1, 0xA4), *range(0xB0, 0xD8)]),
    "euc_jp": frozenset([*range(0xA1, 0xA6), *range(0xB0, 0xD0)]),
    "big5": frozenset([*range(0xA1, 0xC7)]),
}
"""First bytes of the letters and marks of everyday use. In a tie the earlier encoding wins: every
Korean syllable lies in its range, and of most Chinese words only some letters do."""

_SECOND_BYTES = range(0xA1, 0xFF)
"""Of the letters of everyday use, except in cp932 and Big5, which use others too."""

_SURE_SHARE = 0.8
_CAPITAL_INSIDE = re.compile("[\u0430-\u044f][\u0410-\u042f]|[\u042c-\u042f][\u0430-\u044f]")
"""Nonsense in Cyrillic, but what accented Greek letters look like when they are read as it."""

_TOGETHER = re.compile("J{2,}|(?<!a)J(?!a)")
_LIKE_FALLBACK = ("cp1250", "cp1254", "cp1257")
"""Code pages with Latin letters, of which some are others in `FALLBACK`."""

_OLDER = ("cp850", "cp1250", "mac-roman")
"""Code pages with accented letters where `FALLBACK` has marks, capitals, or nothing at all."""

_SMALL = "a-z\xdf-\xff\u0153\u0161\u017e"
_ODD = re.compile(
    f"[\x80-\x9f]|(?<=[A-Z{_SMALL}])[\xa7\xa8\xac\u0152\u0160\u0178\u017d\u0192\u02c6\u02dc"
    f"\u201a-\u201e\u2020-\u2026\u2030\u2039\u203a]+(?=[{_SMALL}])"
)
"""What is not in words of `FALLBACK`: its marks and capitals inside a word."""

_MOST_OFFERED = 3
_NAME_LETTERS = 12
_SAMPLE_BYTES = 8 * 1024


def encodings() -> dict[str, str]:
    """Return the encodings that can be detected or chosen: Python's name and the name on screen."""
    with_mark = tr("{name} with BOM")
    return {
        "utf-8": "UTF-8",
        "utf-8-sig": with_mark.format(name="UTF-8"),
        "utf-16": with_mark.format(name="UTF-16"),
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "utf-32": with_mark.format(name="UTF-32"),
        "cp1252": tr("Western Europe (1252)"),
        "cp1250": tr("Central Europe (1250)"),
        "cp1251": tr("Cyrillic (1251)"),
        "cp1253": tr("Greek (1253)"),
        "cp1254": tr("Turkish (1254)"),
        "cp1257": tr("Baltic (1257)"),
        "latin-1": "Latin 1",
        "cp850": "DOS (850)",
        "mac-roman": "Mac Roman",
        "gb18030": tr("Chinese (GB 18030)"),
        "big5": tr("Chinese (Big5)"),
        "cp932": tr("Japanese (Shift JIS)"),
        "euc_jp": tr("Japanese (EUC)"),
        "cp949": tr("Korean (949)"),
    }


def find_encoding(head: bytes) -> str:
    """Return the encoding: by byte order mark, by zero bytes, UTF-8 if it fits, or a code page.

    UTF-8 fits even with some stray bytes. Code pages cannot be told apart for certain, see
    `other_encodings`. Text is taken for Japanese, Korean or Chinese if nearly all of its letters
    are in everyday use there, other words that are mostly bytes above 127 for Greek if they would
    have capitals inside in Cyrillic or charset-normalizer says so, or else for Cyrillic (cp1251),
    and all others for `FALLBACK`. Text with bytes that `FALLBACK` does not define is latin-1, which
    defines every byte. Numbers are the same in all of them.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    zeros = head.count(0)
    if zeros * 3 > len(head):
        return "utf-16-le" if head[1::2].count(0) * 2 > zeros else "utf-16-be"
    is_utf8 = _fits(head, "utf-8") or has_utf8_letters(head)
    return "utf-8" if is_utf8 else _code_page(head)


def other_encodings(head: bytes, encoding: str) -> list[str]:
    """Return which other encodings the text may be in, the most likely first; mostly none.

    It may if the letters beyond ASCII, of an encoding without any sign of its own, would be others,
    unless they are in words that only western languages have.
    """
    if head.isascii() or encoding.startswith("utf"):
        return []
    page = _code_page(head)
    shares = {each: _east_asian_share(head, each) for each in _EAST_ASIAN}
    likely = sorted((each for each in shares if shares[each]), key=shares.__getitem__, reverse=True)
    if page not in {FALLBACK, "latin-1"}:
        likely += ["cp1251", "cp1253", FALLBACK]
    elif _ODD.search(text := _decoded(head, page)):
        likely += _OLDER
    else:
        likely += [each for each in _LIKE_FALLBACK if may_be(text, _decoded(head, each))]
    texts = {_decoded(head, encoding): encoding}
    for each in (page, *likely):
        if _fits(head, each):
            texts.setdefault(_decoded(head, each), each)
    return [*texts.values()][1 : _MOST_OFFERED + 1]


def words_in(head: bytes, encoding: str) -> str:
    """Return the first words beyond ASCII, to compare how they would be read."""
    text = _decoded(head, encoding)
    words = (word for word in re.findall(r"\w+", text) if not word.isascii())
    return shortened(" ".join(dict.fromkeys(itertools.islice(words, 4))), _NAME_LETTERS)


def _decoded(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _code_page(head: bytes) -> str:
    shares = {each: _east_asian_share(head, each) for each in _EAST_ASIAN}
    best = max(shares, key=shares.__getitem__)
    if shares[best] >= _SURE_SHARE:
        return best
    words = b"".join(word for word in _WORDS.findall(head) if max(word) > 127)
    high = sum(byte >= 0xC0 for byte in words)
    page = FALLBACK
    if high * 2 > len(words):
        page = "cp1253" if _is_greek(head) else "cp1251"
    if _fits(head, page):
        return page
    return best if shares[best] else "latin-1"


def _is_greek(head: bytes) -> bool:
    if not _fits(head, "cp1253"):
        return False
    text = head.decode("cp1251", "replace")
    return _CAPITAL_INSIDE.search(text) is not None or _detected(head) == "cp1253"


def has_utf8_letters(head: bytes) -> bool:
    """Return whether more letters beyond ASCII are valid UTF-8 than are not."""
    if head.isascii():
        return False
    text = _decoded(head, "utf-8")
    beyond = sum(letter > "\x7f" for letter in text)
    return beyond > 2 * count_replaced(text)


def count_replaced(text: str) -> int:
    """Return how many places of a text could not be decoded."""
    return text.count("\ufffd")


def _fits(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _detected(head: bytes) -> str:
    """Return what charset-normalizer finds; empty if that is not likely."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only old code pages need it

    best = from_bytes(head[:_SAMPLE_BYTES]).best()
    return best.encoding if best and _fits(head, best.encoding) else ""


def _east_asian_share(head: bytes, encoding: str) -> float:
    """Return which share of the letters beyond ASCII is in everyday use; half if all stand alone.

    An accented letter or a quote of a western code page, read like that, makes a letter together
    with the one after it. But this stands alone between Latin letters.
    """
    if not _fits(head, encoding):
        return 0.0
    text = codecs.getincrementaldecoder(encoding)().decode(head)
    kinds = text.translate({ord(letter): _kind(letter, encoding) for letter in set(text)})
    common = "".join(_TOGETHER.findall(kinds))
    share = len(common) / max(kinds.count("J") + kinds.count("?"), 1)
    if "JJ" in kinds:
        return share
    return share / 2 if encoding != "big5" else 0.0  # which takes °C for one letter


def _kind(letter: str, encoding: str) -> str:
    if letter.isascii():
        return "a" if letter.isalpha() else " "
    written = letter.encode(encoding)
    is_usual = encoding in {"cp932", "big5"} or written[-1] in _SECOND_BYTES
    return "J" if is_usual and written[0] in _EAST_ASIAN[encoding] else "?"
