"""Which encoding a file is in, and what can go wrong when a table is read."""

import codecs
import logging
import re

from linreg_gui.texts import reason_of, tr

_logger = logging.getLogger(__name__)


class TableError(ValueError):
    """A table that cannot be used, with one sentence that says why and what to do."""


class WrongEncodingError(TableError):
    """Bytes that the chosen encoding does not know."""


def not_a_table() -> str:
    """Return what to say of a file that is neither text nor a workbook."""
    return tr("This is not a table; open a CSV or text file, or an Excel workbook (.xlsx).")


def damaged() -> str:
    """Return what to say of a file that cannot be unpacked."""
    return tr("The compressed file is damaged; copy it again, or unpack it first.")


def why_unusable(error: Exception) -> str:
    """Return what to say of an error that has come up while a table was read, whatever it is."""
    if isinstance(error, TableError):
        return str(error)
    _logger.debug("the table was of no use", exc_info=error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this table; take a part of it.")
    return tr("The table cannot be used: {reason}.").format(reason=reason_of(error))


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16 with a mark",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32 with a mark",
    "cp1252": "Western Europe (1252)",
    "cp1250": "Central Europe (1250)",
    "cp1251": "Cyrillic (1251)",
    "cp1253": "Greek (1253)",
    "cp1254": "Turkish (1254)",
    "cp1257": "Baltic (1257)",
    "latin-1": "Latin 1",
    "mac-roman": "Mac Roman",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "cp932": "Japanese (Shift JIS)",
    "cp949": "Korean (949)",
}
"""Those that are found or can be chosen, in Python's names and in words."""

FALLBACK = "cp1252"
"""What is neither Unicode nor plain ASCII: Windows in western Europe, and so most of such files."""

_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]{3,}")
_COMMON_JAPANESE = range(0x81, 0x98)
"""First bytes of kana, signs and the 2965 kanji of everyday use in cp932."""

_JAPANESE = re.compile("J{2,}|(?<!a)J(?!a)")


def find_encoding(head: bytes) -> str:
    """Return the encoding: by byte order mark, by zero bytes, UTF-8 where it fits, a code page.

    Code pages cannot be told apart for certain. What makes sense in Japanese is taken for that
    (cp932), other words mostly of bytes above 127 for Cyrillic (cp1251), all others for
    `FALLBACK`, and what has bytes unknown there for latin-1, which knows every byte; numbers are
    the same in any.
    """
    for mark, encoding in _MARKED:
        if head.startswith(mark):
            return encoding
    if zeros := head.count(0):
        if zeros * 3 > len(head):
            return "utf-16-le" if head[1::2].count(0) * 2 > zeros else "utf-16-be"
        return FALLBACK
    try:
        _decode_strictly(head, "utf-8")
    except UnicodeDecodeError:
        return _find_code_page(head)
    return "utf-8"


def decode_head(head: bytes, encoding: str) -> str:
    """Return the text of a beginning that may end within a character.

    Raises
    ------
    TableError
        If Python does not know the encoding. `WrongEncodingError` if the text lacks its mark.
    """
    try:
        return codecs.getincrementaldecoder(encoding)("replace").decode(head)
    except LookupError:
        raise TableError(
            tr("The encoding “{encoding}” is not known; choose another.").format(encoding=encoding)
        ) from None
    except UnicodeError as error:
        raise WrongEncodingError(wrong_encoding(encoding)) from error


def wrong_encoding(encoding: str) -> str:
    """Return what to say of bytes that are unknown in the encoding."""
    return tr("The file is not in the encoding {encoding}; choose another encoding.").format(
        encoding=tr(ENCODINGS.get(encoding, encoding))
    )


def refuse_binary(text: str) -> None:
    """Raise `TableError` if the text is none: letters and digits need no control characters."""
    if len(_CONTROLS.findall(text)) * 100 > len(text):
        raise TableError(not_a_table())


def _decode_strictly(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)().decode(head)


def _find_code_page(head: bytes) -> str:
    if _is_japanese(head):
        return "cp932"
    words = b"".join(word for word in _WORDS.findall(head) if max(word) > 127)
    high = sum(byte >= 0xC0 for byte in words)
    page = "cp1251" if high * 2 > len(words) else FALLBACK
    try:
        _decode_strictly(head, page)
    except UnicodeDecodeError:
        return "latin-1"
    return page


def _is_japanese(head: bytes) -> bool:
    """Return whether nearly all letters beyond ASCII are common Japanese ones, some side by side.

    An accented letter or a quote of a western code page makes a kanji of itself and the letter
    after it, but a single one amid Latin letters.
    """
    try:
        text = _decode_strictly(head, "cp932")
    except UnicodeDecodeError:
        return False
    kinds = text.translate({ord(letter): _kind(letter) for letter in set(text)})
    common = "".join(_JAPANESE.findall(kinds))
    return "JJ" in kinds and len(common) >= 0.8 * (kinds.count("J") + kinds.count("?"))


def _kind(letter: str) -> str:
    if letter.isascii():
        return "a" if letter.isalpha() else " "
    return "J" if letter.encode("cp932")[0] in _COMMON_JAPANESE else "?"
