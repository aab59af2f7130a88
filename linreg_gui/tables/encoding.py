"""In which encoding a text is."""

import codecs
import re

from linreg_gui.texts import tr

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
_COMMON_JAPANESE = range(0x81, 0x98)
"""First bytes of kana, punctuation and the 2965 kanji of everyday use in cp932."""

_JAPANESE = re.compile("J{2,}|(?<!a)J(?!a)")
_SIDE_BY_SIDE = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2}")
_EAST_ASIAN = ("gb18030", "big5", "cp949")
_SAMPLE_BYTES = 8 * 1024
_REPLACED = "\ufffd"


def encodings() -> dict[str, str]:
    """Return the encodings that can be detected or chosen: Python's name and the name on screen."""
    return {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8 with BOM",
        "utf-16": "UTF-16 with BOM",
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "utf-32": "UTF-32 with BOM",
        "cp1252": tr("Western Europe (1252)"),
        "cp1250": tr("Central Europe (1250)"),
        "cp1251": tr("Cyrillic (1251)"),
        "cp1253": tr("Greek (1253)"),
        "cp1254": tr("Turkish (1254)"),
        "cp1257": tr("Baltic (1257)"),
        "latin-1": "Latin 1",
        "mac-roman": "Mac Roman",
        "gb18030": tr("Chinese (GB 18030)"),
        "big5": tr("Chinese (Big5)"),
        "cp932": tr("Japanese (Shift JIS)"),
        "cp949": tr("Korean (949)"),
    }


def find_encoding(head: bytes) -> str:
    """Return the encoding: by byte order mark, by zero bytes, UTF-8 if it fits, or a code page.

    UTF-8 fits even with some stray bytes. Code pages cannot be told apart for certain. Text that
    makes sense in Japanese is taken for Japanese (cp932), text that charset-normalizer takes for
    Chinese or Korean for that, other words that are mostly bytes above 127 for Greek if
    charset-normalizer does, or else for Cyrillic (cp1251), and all others for `FALLBACK`. Text with
    bytes that `FALLBACK` does not define is latin-1, which defines every byte. Numbers are the
    same in all of them.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    zeros = head.count(0)
    if zeros * 3 > len(head):
        return "utf-16-le" if head[1::2].count(0) * 2 > zeros else "utf-16-be"
    is_utf8 = _fits(head, "utf-8") or has_utf8_letters(head)
    return "utf-8" if is_utf8 else _code_page(head)


def _code_page(head: bytes) -> str:
    if _is_japanese(head):
        return "cp932"
    detected = _detected(head)
    if detected in _EAST_ASIAN:
        return detected
    words = b"".join(word for word in _WORDS.findall(head) if max(word) > 127)
    high = sum(byte >= 0xC0 for byte in words)
    page = FALLBACK
    if high * 2 > len(words):
        page = detected if detected == "cp1253" else "cp1251"
    return page if _fits(head, page) else "latin-1"


def has_utf8_letters(head: bytes) -> bool:
    """Return whether more letters beyond ASCII are valid UTF-8 than are not."""
    if head.isascii():
        return False
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    beyond = sum(letter > "\x7f" for letter in text)
    return beyond > 2 * text.count(_REPLACED)


def count_replaced(text: str) -> int:
    """Return how many places of a text could not be decoded."""
    return text.count(_REPLACED)


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
    if best is None or (best.encoding in _EAST_ASIAN and not _SIDE_BY_SIDE.search(str(best))):
        return ""
    return best.encoding if _fits(head, best.encoding) else ""


def _is_japanese(head: bytes) -> bool:
    """Return whether nearly all letters beyond ASCII are common in Japanese, some side by side.

    An accented letter or a quote of a western code page, read as Japanese, makes a kanji together
    with the letter after it. But this kanji stands alone between Latin letters.
    """
    if not _fits(head, "cp932"):
        return False
    text = codecs.getincrementaldecoder("cp932")().decode(head)
    kinds = text.translate({ord(letter): _kind(letter) for letter in set(text)})
    common = "".join(_JAPANESE.findall(kinds))
    return "JJ" in kinds and len(common) >= 0.8 * (kinds.count("J") + kinds.count("?"))


def _kind(letter: str) -> str:
    if letter.isascii():
        return "a" if letter.isalpha() else " "
    return "J" if letter.encode("cp932")[0] in _COMMON_JAPANESE else "?"
